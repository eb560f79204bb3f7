/** @file What a memory voter had seen of a byte's context, looked up in the text itself. */
import type { MemoryEvidence, MemoryVoter } from '../protocol/memory';
import { MEMORY_VOTERS } from '../measures/memoryVoters';
import { isWordByte } from '../measures/words';

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

/** Occurrences of a context before a position. @param follows whether an occurrence counts, by where it begins */
function seenAfter(
  text: Buffer,
  position: number,
  context: Buffer,
  follows: (begin: number) => boolean = () => true,
): Seen {
  const tally = new Tally(text[position]);
  const earlier = text.subarray(0, Math.max(0, position - 1));
  for (let at = earlier.indexOf(context); at >= 0; at = earlier.indexOf(context, at + 1)) {
    if (follows(at)) tally.add(text[at + context.length]!, at + context.length);
  }
  return tally.seen(context.length);
}

/** The same of one or two bytes, which are so frequent that to look at each is quicker. */
function seenAfterFew(text: Buffer, position: number, order: 1 | 2): Seen {
  const tally = new Tally(text[position]);
  const [first, second] = [text[position - order]!, text[position - 1]!];
  for (let at = order; at < position; at++) {
    if (text[at - 1] === second && (order === 1 || text[at - 2] === first)) tally.add(text[at]!, at);
  }
  return tally.seen(order);
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
  let begin = position;
  while (begin > 0 && IS_WORD[text[begin - 1]!] === 1) begin--;
  if (begin < position) {
    const word = text.subarray(begin, position);
    return seenAfter(text, position, word, (at) => at === 0 || IS_WORD[text[at - 1]!] === 0);
  }
  const tally = new Tally(text[position]);
  for (let at = 0; at < position; at++) {
    if (at === 0 || IS_WORD[text[at - 1]!] === 0) tally.add(text[at]!, at);
  }
  return tally.seen(0);
}

/**
 * What a memory voter had seen of the contexts of bytes, but for the match voter.
 * @param positions of the bytes
 */
export function seenBefore(
  bytes: Uint8Array,
  positions: readonly number[],
  voter: Exclude<MemoryVoter, 'match'>,
): Seen[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (voter === 'indentation') return seenInLayouts(text, positions);
  if (voter === 'word') return positions.map((position) => seenInWord(text, position));
  const order = Number(voter.slice('order '.length));
  return positions.map((position) => {
    if (position < order) return { times: 0, same: 0, last: null, length: order };
    if (order === 1 || order === 2) return seenAfterFew(text, position, order);
    return seenAfter(text, position, text.subarray(position - order, position));
  });
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
  const byVoter = MEMORY_VOTERS.map((voter) =>
    voter === 'match'
      ? positions.map((position) => seenByMatch(bytes, position, matchOf(position)))
      : seenBefore(bytes, positions, voter),
  );
  const seen = positions.flatMap((_, i) => byVoter.map((ofVoter) => ofVoter[i]!));
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
