/** @file What a memory voter had seen of a byte's context, looked up in the text itself. */
import type { MemoryEvidence, MemoryVoter } from '../protocol/memory';
import { isWordByte, LinePosition } from './voters';

type Seen = Pick<MemoryEvidence, 'times' | 'same' | 'last' | 'length'>;

/** Occurrences of the bytes before a position, each with the byte behind it. @param follows whether an occurrence counts, by where it begins */
function seenAfter(
  text: Buffer,
  position: number,
  context: Buffer,
  follows: (begin: number) => boolean = () => true,
): Seen {
  const earlier = text.subarray(0, Math.max(0, position - 1));
  const real = text[position];
  let times = 0;
  let same = 0;
  let last: number | null = null;
  for (let at = earlier.indexOf(context); at >= 0; at = earlier.indexOf(context, at + 1)) {
    if (!follows(at)) continue;
    last = at + context.length;
    times++;
    if (text[last] === real) same++;
  }
  return { times, same, last, length: context.length };
}

/** Bytes where the line's indentation, the byte above and the byte before are the same. */
function seenInLayout(text: Buffer, position: number): Seen {
  const line = new LinePosition();
  const layout = (at: number) => {
    const above = line.previousStart + at - line.start;
    return `${line.indentation} ${above < line.start ? text[above]! : 0} ${at > 0 ? text[at - 1]! : 0}`;
  };
  for (let at = 0; at < position; at++) line.add(text[at]!, at);
  const wanted = layout(position);
  const { indentation } = line;
  line.set(new LinePosition());
  let times = 0;
  let same = 0;
  let last: number | null = null;
  for (let at = 0; at < position; at++) {
    if (line.indentation === indentation && layout(at) === wanted) {
      last = at;
      times++;
      if (text[at] === text[position]) same++;
    }
    line.add(text[at]!, at);
  }
  return { times, same, last, length: indentation };
}

/** Where words end: outside of a word the voter counts all bytes that follow none. */
function seenInWord(text: Buffer, position: number): Seen {
  let begin = position;
  while (begin > 0 && isWordByte(text[begin - 1]!)) begin--;
  if (begin < position) {
    return seenAfter(text, position, text.subarray(begin, position), (at) => at === 0 || !isWordByte(text[at - 1]!));
  }
  let times = 0;
  let same = 0;
  let last: number | null = null;
  for (let at = 0; at < position; at++) {
    if (at > 0 && isWordByte(text[at - 1]!)) continue;
    last = at;
    times++;
    if (text[at] === text[position]) same++;
  }
  return { times, same, last, length: 0 };
}

/**
 * What each memory voter had seen of the context of a byte, but for the match voter.
 * @param position the byte
 */
export function seenBefore(bytes: Uint8Array, position: number, voter: Exclude<MemoryVoter, 'match'>): Seen {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (voter === 'word') return seenInWord(text, position);
  if (voter === 'indentation') return seenInLayout(text, position);
  const order = Number(voter.slice('order '.length));
  if (position < order) return { times: 0, same: 0, last: null, length: order };
  return seenAfter(text, position, text.subarray(position - order, position));
}

/** The match voter's: the one place that it follows. @param at where that goes on; null in another file */
export function seenByMatch(bytes: Uint8Array, position: number, at: number | null): Seen {
  if (at === null) return { times: 0, same: 0, last: null, length: 0 };
  if (at < 0) return { times: 1, same: 0, last: null, length: 0 };
  let length = 0;
  while (length < at && bytes[at - 1 - length] === bytes[position - 1 - length]) length++;
  return { times: 1, same: bytes[at] === bytes[position] ? 1 : 0, last: at, length };
}
