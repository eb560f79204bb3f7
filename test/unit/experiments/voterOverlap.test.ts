/** @file Winners of bits and their overlap between texts, by hand and by chance. */
import { expect, it } from 'vitest';
import { chanceOverlap, jaccard, overlapRows, winners } from '../../../model/experiments/voterOverlap';
import { Random } from '../../../model/text/random';

/** Of 32 voters two win; at chunk n of a text voter 0 has most weight at every bit, then the one that `second` names. */
function weights(chunks: number, second: (bit: number) => number): Float32Array {
  const all = new Float32Array(chunks * 32 * 32);
  for (let n = 0; n < chunks; n++) {
    for (let bit = 0; bit < 32; bit++) {
      all[(n * 32 + bit) * 32] = 0.6;
      all[(n * 32 + bit) * 32 + second(bit)] = 0.4;
    }
  }
  return all;
}

it('finds the voters of the largest mean weights, one of 16', () => {
  const found = winners(
    weights(3, (bit) => 1 + (bit % 7)),
    32,
  );
  expect(found.map((set) => [...set])).toEqual(Array.from({ length: 32 }, (_, bit) => [0, 1 + (bit % 7)]));
});

it('tells how far texts share winners, and with the diagonal how far parts of one text do', () => {
  const same = weights(2, () => 1);
  const half = weights(2, (bit) => (bit < 16 ? 1 : 2));
  const rows = overlapRows(
    [
      { domain: 'a', parts: [same, same] },
      { domain: 'b', parts: [same, half] },
    ],
    32,
  );
  const at = (domain: string, other: string) =>
    rows.find((row) => row['domain'] === domain && row['other'] === other)!['jaccard'];
  // Where the second differs one of three is shared.
  const partly = (1 + 1 / 3) / 2;
  expect(at('a', 'a')).toBe(1);
  expect(at('a', 'b')).toBeCloseTo((1 + partly) / 2, 12);
  expect(at('b', 'a')).toBe(at('a', 'b'));
  expect(at('b', 'b')).toBeCloseTo(partly, 12);
});

it('knows what chance gives, to a tenth of it', () => {
  const random = Random.fromSeed(1);
  const draw = () => {
    const set = new Set<number>();
    while (set.size < 8) set.add(random.integer(128));
    return set;
  };
  let sum = 0;
  for (let n = 0; n < 20_000; n++) sum += jaccard(draw(), draw());
  expect(sum / 20_000 / chanceOverlap(128)).toBeGreaterThan(0.9);
  expect(sum / 20_000 / chanceOverlap(128)).toBeLessThan(1.1);
});
