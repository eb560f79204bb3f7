/** @file What a memory voter keeps of the bits that it saw in one context: small counts of zeros and ones, as one byte. */

/** The most of the rarer bit's count r, by r, up to which the other one is counted: what is nearly certain is counted far, what is mixed is soon forgotten. */
const MOST_OF_OTHER = [40, 24, 11, 8, 6, 5];
/** From this count on, the other bit makes it forget half of what is above. */
const REMEMBERED = 2;
/** Added to both counts for the first estimate, before it is known how such histories go on. */
const PRIOR = 0.4;

interface BitHistory {
  readonly zeros: number;
  readonly ones: number;
  /** The last bit; 0 where there is none. */
  readonly last: number;
}

/** All histories; the first one is that of a context that was never met. */
const HISTORIES: readonly BitHistory[] = listHistories();

function listHistories(): BitHistory[] {
  const histories: BitHistory[] = [];
  const most = MOST_OF_OTHER[0]!;
  for (let total = 0; total <= most + MOST_OF_OTHER.length; total++) {
    for (let zeros = 0; zeros <= total; zeros++) {
      const ones = total - zeros;
      if (Math.max(zeros, ones) > (MOST_OF_OTHER[Math.min(zeros, ones)] ?? 0)) continue;
      if (zeros > 0 || total === 0) histories.push({ zeros, ones, last: 0 });
      if (ones > 0) histories.push({ zeros, ones, last: 1 });
    }
  }
  return histories;
}

const KEYS = new Map(HISTORIES.map(({ zeros, ones, last }, at) => [`${zeros},${ones},${last}`, at]));

function historyAfter(history: BitHistory, bit: number): number {
  let same = (bit === 1 ? history.ones : history.zeros) + 1;
  let other = bit === 1 ? history.zeros : history.ones;
  if (other > REMEMBERED) other = Math.max(REMEMBERED, Math.floor(other / 2) + 1);
  for (; ; same--) {
    const at = KEYS.get(bit === 1 ? `${other},${same},1` : `${same},${other},0`);
    if (at !== undefined) return at;
  }
}

/** The state of a context that was never met. */
export const UNSEEN = 0;

/** [512] the state that follows state s and bit y, at 2s + y. */
export const NEXT_STATE = Uint8Array.from({ length: 512 }, (_, at) => {
  const history = HISTORIES[at >> 1];
  return history === undefined ? UNSEEN : historyAfter(history, at & 1);
});

/** [256] the first estimate of a 1, by state. */
export const FIRST_ESTIMATE = Float32Array.from({ length: 256 }, (_, state) => {
  const { zeros, ones } = HISTORIES[state] ?? HISTORIES[UNSEEN]!;
  return (ones + PRIOR) / (zeros + ones + 2 * PRIOR);
});

/** The most states that a byte holds. */
const MOST_STATES = 256;
if (HISTORIES.length > MOST_STATES)
  throw new Error(`There are ${HISTORIES.length} bit histories, over ${MOST_STATES}.`);
