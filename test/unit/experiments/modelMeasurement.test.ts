/** @file How sparse a model is on a text: the numbers are those of its votes on the text's second half, and both verdicts are told. */
import { describe, expect, it } from 'vitest';
import { bitsPerByteOf, collectScores } from '../../../model/experiments/bitScores';
import { measureModel } from '../../../model/experiments/modelMeasurement';
import { countVoters, distanceFromMaximum } from '../../../model/experiments/voterCounts';
import type { Finding, LineChart, MatrixChart } from '../../../model/protocol/experiments';
import type { RandomModelOptions } from '../inspection/randomModel';
import { BIT_MODELS, randomModel } from '../inspection/randomModel';

const BYTES = new TextEncoder().encode(
  'export function add(a: number, b: number): number {\n  return a + b;\n}\n'.repeat(4),
);
const TEXT = { uri: 'file:///add.ts', bytes: BYTES };
const MIDDLE = 4 * Math.floor(BYTES.length / 8);
const HALF = [{ path: TEXT.uri, bytes: BYTES.subarray(MIDDLE) }];

async function fewDominate(options: RandomModelOptions): Promise<Finding> {
  return (await measured(options)).result.findings.find(({ claim }) => claim === 'fewDominate')!;
}

async function measured(options: RandomModelOptions = {}) {
  const { inference } = await randomModel(options);
  const scores = await collectScores(inference, HALF, 1000);
  return { inference, scores, result: (await measureModel(inference, TEXT, {}))! };
}

describe.each(BIT_MODELS)('%o', (bits) => {
  it('counts by every definition, and costs with all voters what the model costs', async () => {
    const { scores, result } = await measured({ ...bits });
    expect(result.chunks).toBe(Math.floor((BYTES.length - MIDDLE) / 4));
    const [zeros, ones] = countVoters(scores);
    const [matrix, cost, maximum] = result.charts as [MatrixChart, LineChart, LineChart];
    const row = (name: string) => matrix.values[matrix.rows.indexOf(name)];
    expect(row('effective voters 1/Σw²')).toEqual([ones!.effective, zeros!.effective, null]);
    expect(row('voters that keep the loss of all bits within 1 %')).toEqual([null, null, ones!.operational]);
    expect(row('votes above ½')).toEqual([24 * ones!.density, 24 * zeros!.density, null]);
    const whole = bitsPerByteOf(scores);
    for (const { points } of cost.series) {
      expect(points.map(({ x }) => x)).toEqual([1, 2, 4, 8, 16, 24]);
      expect(points.at(-1)!.y).toBeCloseTo(whole, 5);
    }
    expect(maximum.series[0]!.points[1]!.y).toBe(distanceFromMaximum(scores, 6.4));
    expect(result.findings.find(({ claim }) => claim === 'maximum')!.estimate.value).toBe(
      distanceFromMaximum(scores, 6),
    );
  });
});

it('the voters of the largest weights at each bit cost what they say alone', async () => {
  const { scores, result } = await measured();
  const { series } = result.charts[1] as LineChart;
  const largest = series.find(({ arm }) => arm.includes('largest'))!;
  const byHand = (k: number) => bitsPerByteOf(scores, (z) => z.toSorted((a, b) => b - a).slice(0, k));
  // With one τ the largest weights are those of the largest votes.
  for (const { x, y } of largest.points) expect(y).toBeCloseTo(byHand(x), 4);
});

it('tells both verdicts: few voters decide where τ is high, and not where all weigh the same', async () => {
  const verdictAt = async (temperature: number) => (await fewDominate({ temperature, voters_per_bit: 128 })).verdict;
  expect(await verdictAt(1000)).toBe('holds');
  expect(await verdictAt(0.01)).toBe('fails');
});

it('does not judge a claim about 128 voters by a model that has fewer', async () => {
  const { verdict, because, estimate } = await fewDominate({ temperature: 1000 });
  expect(verdict).toBe('not tested');
  expect(because).toMatch(/^The claim is about 128 voters per bit, and this model has 24\. At most 5 by /);
  expect(estimate.value).toBeLessThan(5);
});

it('has no distance from a maximum where votes are averaged', async () => {
  const { result } = await measured({ aggregation: 'mean', temperature: null });
  expect(result.findings.map(({ claim }) => claim)).toEqual(['fewDominate', 'outvoted']);
  expect(result.charts).toHaveLength(2);
});

it('is nothing of one voter per bit, or of a text that has no two chunks; the signal ends it', async () => {
  const { inference } = await randomModel();
  expect(await measureModel(inference, { uri: 'a', bytes: BYTES.subarray(0, 7) }, {})).toBeNull();
  expect((await measureModel(inference, { uri: 'a', bytes: BYTES.subarray(0, 8) }, {}))!.chunks).toBe(1);
  const dense = await randomModel({ aggregation: 'dense', temperature: null });
  expect(await measureModel(dense.inference, TEXT, {})).toBeNull();
  const told: number[] = [];
  await measureModel(inference, TEXT, {
    onProgress: ({ phase, done, total }) => {
      told.push((phase === 'votes' ? 0 : 1) + done / total);
    },
  });
  expect(told.length).toBeGreaterThan(10);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)!).toBeLessThan(2);
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(measureModel(inference, TEXT, { signal })).rejects.toThrow('enough');
});
