/** @file What a memory voter had seen of a byte's context, looked up in the text itself. */
import type { MemoryEvidence } from '../protocol/memory';
import { isWordByte } from '../measures/words';
import { MOST_ORDER, ORDERS } from './voters';

const LINE_FEED = 0x0a;

type Seen = Pick<MemoryEvidence, 'times' | 'same' | 'last' | 'length'>;

/** Words are looked up for each byte of a text: by a table. */
const IS_WORD = Uint8Array.from({ length: 256 }, (_, byte) => (isWordByte(byte) ? 1 : 0));

/** Counts the bytes that stood behind a context. */
class Tally {
  times = 0;
  same = 0;
  last: number | null = null;

  constructor(private readonly real: number | undefined) {}

  add(byte: number, at: number): void {
    this.times++;
    this.last = at;
    if (byte === this.real) this.same++;
  }

  seen(length: number): Seen {
    return { times: this.times, same: this.same, last: this.last, length };
  }
}

/** How often the bytes before each position stood earlier in the text, by order, in one pass: a longer context stands where a shorter one does. */
function seenInOrders(text: Buffer, positions: readonly number[]): Seen[][] {
  const wanted = positions.map((position) => ({ position, tallies: ORDERS.map(() => new Tally(text[position])) }));
  const byLast = Array.from({ length: 256 }, (_, byte) =>
    wanted.filter(({ position }) => position > 0 && text[position - 1] === byte),
  );
  const end = Math.max(...positions);
  for (let at = 1; at < end; at++) {
    for (const { position, tallies } of byLast[text[at - 1]!]!) {
      if (at >= position) continue;
      let length = 1;
      while (length < at && length < MOST_ORDER && text[at - 1 - length] === text[position - 1 - length]) length++;
      for (let i = 0; i < ORDERS.length && ORDERS[i]! <= length; i++) tallies[i]!.add(text[at]!, at);
    }
  }
  return wanted.map(({ tallies }) => tallies.map((tally, i) => tally.seen(ORDERS[i]!)));
}

/** Where a line stands at a byte: its indentation so far, the byte above and the byte before. */
interface Layout {
  readonly indentation: number;
  readonly above: number;
  readonly before: number;
}

function layoutAt(text: Buffer, position: number): Layout {
  const start = text.subarray(0, position).lastIndexOf(LINE_FEED) + 1;
  const previous = start === 0 ? 0 : text.subarray(0, start - 1).lastIndexOf(LINE_FEED) + 1;
  let indentation = 0;
  while (start + indentation < position && isBlank(text[start + indentation]!)) indentation++;
  const above = previous + position - start;
  return {
    indentation,
    above: above < start ? text[above]! : 0,
    before: position > 0 ? text[position - 1]! : 0,
  };
}

const NONE = [] as const;

/** Bytes where the layout is the same, of several positions in one pass. */
function seenInLayouts(text: Buffer, positions: readonly number[]): Seen[] {
  const wanted = positions.map((position) => ({
    ...layoutAt(text, position),
    position,
    tally: new Tally(text[position]),
  }));
  const end = Math.max(...positions);
  const isBefore = new Uint8Array(256);
  for (const one of wanted) isBefore[one.before] = 1;
  let [start, previous, indentation, before] = [0, 0, 0, 0];
  let isIndenting = true;
  for (let at = 0; at < end; at++) {
    const byte = text[at]!;
    // Few bytes stand behind one that is looked for.
    for (const one of isBefore[before] === 1 ? wanted : NONE) {
      if (one.before !== before || one.indentation !== indentation || at >= one.position) continue;
      const above = previous + at - start;
      if ((above < start ? text[above]! : 0) === one.above) one.tally.add(byte, at);
    }
    if (byte === LINE_FEED) {
      previous = start;
      start = at + 1;
      indentation = 0;
      isIndenting = true;
    } else if (isIndenting && isBlank(byte)) indentation++;
    else isIndenting = false;
    before = byte;
  }
  return wanted.map(({ tally, indentation: length }) => tally.seen(length));
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}

/** Where words end: outside of a word the voter counts all bytes that follow none. */
function seenInWord(text: Buffer, position: number): Seen {
  const tally = new Tally(text[position]);
  let begin = position;
  while (begin > 0 && IS_WORD[text[begin - 1]!] === 1) begin--;
  if (begin < position) {
    const word = text.subarray(begin, position);
    const earlier = text.subarray(0, Math.max(0, position - 1));
    for (let at = earlier.indexOf(word); at >= 0; at = earlier.indexOf(word, at + 1)) {
      const end = at + word.length;
      if (at === 0 || IS_WORD[text[at - 1]!] === 0) tally.add(text[end]!, end);
    }
    return tally.seen(word.length);
  }
  for (let at = 0; at < position; at++) {
    if (at === 0 || IS_WORD[text[at - 1]!] === 0) tally.add(text[at]!, at);
  }
  return tally.seen(0);
}

/**
 * What the voters had seen of the contexts of bytes.
 * @param positions of the bytes
 * @returns [positions, voters but for the match voter]
 */
export function contextsSeen(bytes: Uint8Array, positions: readonly number[]): Seen[][] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const inOrders = seenInOrders(text, positions);
  const inLayouts = seenInLayouts(text, positions);
  return positions.map((position, i) => [...inOrders[i]!, seenInWord(text, position), inLayouts[i]!]);
}

/** The match voter's: the one place that it follows. @param at where that goes on; null in another file */
export function seenByMatch(bytes: Uint8Array, position: number, at: number | null): Seen {
  if (at === null) return { times: 0, same: 0, last: null, length: 0 };
  if (at < 0) return { times: 1, same: 0, last: null, length: 0 };
  let length = 0;
  while (length < at && bytes[at - 1 - length] === bytes[position - 1 - length]) length++;
  return { times: 1, same: bytes[at] === bytes[position] ? 1 : 0, last: at, length };
}

/**
 * What each voter had seen of each byte of a chunk, with its line.
 * @param matchOf where the match of a byte goes on
 * @returns [end − offset, voters]
 */
export function chunkEvidence(
  bytes: Uint8Array,
  offset: number,
  end: number,
  matchOf: (byte: number) => number | null,
): MemoryEvidence[] {
  const positions = Array.from({ length: end - offset }, (_, i) => offset + i);
  const inContexts = contextsSeen(bytes, positions);
  const seen = positions.flatMap((position, i) => [...inContexts[i]!, seenByMatch(bytes, position, matchOf(position))]);
  const lines = linesOf(
    bytes,
    seen.flatMap(({ last }) => last ?? []),
  );
  return seen.map((one) => ({ ...one, line: one.last === null ? null : lines.get(one.last)! }));
}

/** The lines of several offsets, found in one pass. */
function linesOf(bytes: Uint8Array, offsets: readonly number[]): ReadonlyMap<number, number> {
  const lines = new Map<number, number>();
  let line = 0;
  let end = bytes.indexOf(LINE_FEED);
  for (const offset of offsets.toSorted((a, b) => a - b)) {
    for (; end >= 0 && end < offset; end = bytes.indexOf(LINE_FEED, end + 1)) line++;
    lines.set(offset, line);
  }
  return lines;
}
