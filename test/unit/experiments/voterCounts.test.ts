/** @file Counts of voters by every definition, on votes whose counts are known. */
import { expect, it } from 'vitest';
import type { BitScores } from '../../../model/experiments/bitScores';
import { countVoters, distanceFromMaximum } from '../../../model/experiments/voterCounts';

/** One chunk whose first half is ones; of four voters one says the truth, the others 0. */
function scores(tau: number): BitScores {
  const z = Float32Array.from({ length: 32 * 4 }, (_, i) => (i % 4 === 0 && i < 64 ? 40 : -40));
  const temperatures = new Float32Array(32).fill(tau);
  return {
    chunks: 1,
    voters: 4,
    aggregation: 'softmax',
    temperatures,
    z,
    codes: Uint32Array.of(0xffff0000),
    files: [1],
  };
}

it('tells 1-bits, where one voter has nearly all weight, from 0-bits, where all weigh the same', () => {
  const [zeros, ones] = countVoters(scores(10));
  expect(zeros).toMatchObject({ bits: 16, active: 0, tenth: 4, density: 0 });
  expect(zeros!.effective).toBeCloseTo(4, 6);
  expect(ones).toMatchObject({ bits: 16, active: 1, tenth: 1, density: 0.25 });
  expect(ones!.effective).toBeCloseTo(1, 3);
  expect(ones!.contributing).toBeCloseTo(1, 6);
});

it('takes the operational count of both values together: one voter alone always keeps 1-bits', () => {
  // Three voters say 1 by half, one 0.1, all bits are 0: heard alone, the loudest cost more than all four.
  const z = Float32Array.from({ length: 32 * 4 }, (_, i) => (i % 4 === 3 ? -2 : 0));
  const mixed: BitScores = { ...scores(1), z, codes: Uint32Array.of(0xf) };
  const [zeros, ones] = countVoters(mixed);
  expect(ones!.operationalAlone).toBe(1);
  expect(zeros!.operationalAlone).toBe(4);
  expect(ones!.operational).toBe(zeros!.operational);
  expect(ones!.operational).toBe(4);
});

it('measures how far p is from the largest vote', () => {
  // 16 bits have votes of 0 alone; in the others the weight of the one is e^τ/(e^τ + 3).
  expect(distanceFromMaximum(scores(10), 2)).toBeCloseTo(0.5 * (1 - Math.exp(2) / (Math.exp(2) + 3)), 6);
  expect(distanceFromMaximum(scores(10), 1000)).toBeCloseTo(0, 12);
});
