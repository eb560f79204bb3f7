/** @file The likelihood of a bit at the ends of what scores and τ can be: the plain arithmetic and the graph. */
import { describe, expect, it } from 'vitest';
import { gradients } from '../../../model/graph/gradients';
import { Graph } from '../../../model/graph/graph';
import { aggregateBit, sigmoid, softplus } from '../../../model/network/aggregation';
import type { Aggregation } from '../../../model/network/aggregations';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import type { Exactness } from '../../../model/network/voters';
import { logLikelihood } from '../../../model/network/voters';
import { floatTensor } from '../../../model/runtime/onnxRuntime';
import { OnnxSession } from '../../../model/runtime/onnxSession';
import { Random } from '../../../model/text/random';

const M = 8;
const TAUS = [0, 0.5, 6.4, 64, 1000];

/** Rows of M scores: one bit each, as float32. */
function drawScores(): Float32Array {
  const random = Random.fromSeed(11);
  const rows: number[][] = [
    // Largest and smallest far apart, and everything in between that an exponential has an opinion on.
    [1e4, -1e4, 1e4, -1e4, 1e4, -1e4, 1e4, -1e4],
    [0.1, 200, 0.1, 200, 0.1, 0.1, 0.1, 0.1],
    [-0.1, -200, -0.1, -0.1, -0.1, -0.1, -0.1, -0.1],
    [1e4, 88, 87, 80, 36, 17, 16, 1],
    [-1e4, -88, -87, -80, -36, -17, -16, -1],
    [0, 0, 0, 0, 0, 0, 0, 0],
    [5e3, 5e3, 5e3, 5e3, 5e3, 5e3, 5e3, 5e3],
    [-5e3, -5e3, -5e3, -5e3, -5e3, -5e3, -5e3, -5e3],
  ];
  for (const scale of [1, 10, 30, 100, 300, 1e3, 1e4]) {
    for (let k = 0; k < 8; k++) {
      const centre = (2 * random.uniform() - 1) * scale;
      const spread = k % 2 === 0 ? scale : 5;
      rows.push(Array.from({ length: M }, () => Math.min(1e4, Math.max(-1e4, centre + spread * random.normal()))));
    }
  }
  return Float32Array.from(rows.flat());
}

const SCORES = drawScores();
const ROWS = SCORES.length / M;

function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  return largest === -Infinity
    ? -Infinity
    : largest + Math.log(values.reduce((sum, x) => sum + Math.exp(x - largest), 0));
}

interface Likelihood {
  readonly value: number;
  /** By each score. */
  readonly slopes: readonly number[];
}

/** SPEC section 4 to the letter, in float64: ln q = LSE(ln w − softplus(−s·z)) and its derivative. */
function likelihood(z: readonly number[], aggregation: Aggregation, tau: number, sign: 1 | -1): Likelihood {
  const v = z.map(sigmoid);
  // Equal votes, as the README of model/ has it.
  const strength = z.map((score) => Math.min(score, 53 * Math.LN2));
  const largest = Math.max(...strength);
  const a = v.map((vote, i) => {
    if (aggregation === 'softmax') return tau * vote;
    if (aggregation === 'confidence') return tau * Math.max(vote, 1 - vote);
    return aggregation === 'max' && strength[i]! < largest ? -Infinity : 0;
  });
  const total = logSumExp(a);
  const joint = a.map((x, i) => x - total - softplus(-sign * z[i]!));
  const value = logSumExp(joint);
  const slopes = z.map((score, i) => {
    const share = Math.exp(joint[i]! - value);
    const weight = Math.exp(a[i]! - total);
    const vote = v[i]!;
    const direction = aggregation === 'softmax' ? 1 : aggregation === 'confidence' ? Math.sign(vote - 0.5) : 0;
    const spread = vote * sigmoid(-score);
    return sign * share * sigmoid(-sign * score) + (share - weight) * tau * direction * spread;
  });
  return { value, slopes };
}

/** Rows of the graph's ln q and its derivatives. */
async function runGraph(aggregation: Aggregation, tau: number, sign: 1 | -1, exactness: Exactness) {
  const config: ModelConfig = { ...DEFAULT_CONFIG, voters_per_bit: M, temperature: tau, aggregation };
  const graph = new Graph();
  const z = graph.input('z', [ROWS, 1, M], { differentiable: true });
  const signs = graph.constant(new Float32Array(ROWS).fill(sign), [ROWS, 1]);
  const logQ = logLikelihood(config, z, signs, graph.scalar(tau), exactness);
  const ones = graph.constant(new Float32Array(ROWS).fill(1), [ROWS, 1]);
  graph.output('value', logQ);
  graph.output('slopes', gradients([{ value: logQ, gradient: ones }], [z])[0]!);
  const session = await OnnxSession.create(graph, { device: 'cpu', threads: 1 });
  const results = await session.run({ z: floatTensor(SCORES, [ROWS, 1, M]) });
  await session.dispose();
  return { values: results['value']!.data as Float32Array, slopes: results['slopes']!.data as Float32Array };
}

const rowOf = (row: number) => [...SCORES.subarray(row * M, (row + 1) * M)];

describe.each(['softmax', 'confidence', 'mean', 'max'] as const)('%s', (aggregation) => {
  describe.each(TAUS)('τ = %f', (tau) => {
    // A score of float32 says its vote to 6e-8, which τ multiplies.
    const epsilon = 1e-5 + tau * 2e-7;

    it('plain arithmetic', () => {
      for (let row = 0; row < ROWS; row++) {
        const z = rowOf(row);
        const bit = aggregateBit(SCORES, row * M, M, aggregation, tau);
        const one = likelihood(z, aggregation, tau, 1).value;
        const zero = likelihood(z, aggregation, tau, -1).value;
        expect(Math.abs(bit.logProbability - one), `ln p of ${z.join()}`).toBeLessThanOrEqual(
          1e-12 * Math.max(1, tau, -one),
        );
        expect(Math.abs(bit.logComplement - zero), `ln(1 − p) of ${z.join()}`).toBeLessThanOrEqual(
          1e-12 * Math.max(1, tau, -zero),
        );
      }
    });

    it.each([1, -1] as const)('the graph, exact everywhere, for a bit of %i', async (sign) => {
      const { values, slopes } = await runGraph(aggregation, tau, sign, 'everywhere');
      for (let row = 0; row < ROWS; row++) {
        const z = rowOf(row);
        const expected = likelihood(z, aggregation, tau, sign);
        const what = `${z.join()}: ${values[row]} for ${expected.value}`;
        expect(Math.abs(values[row]! - expected.value), what).toBeLessThanOrEqual(
          epsilon * Math.max(2e-2, Math.abs(expected.value)),
        );
        expected.slopes.forEach((slope, i) => {
          const found = slopes[row * M + i]!;
          expect(Math.abs(found - slope), `∂/∂z ${i} of ${what}: ${found} for ${slope}`).toBeLessThanOrEqual(
            10 * epsilon * Math.max(0.1, Math.abs(slope)),
          );
        });
      }
    });

    it.each([1, -1] as const)('the graph as in training, for a bit of %i: finite', async (sign) => {
      const { values, slopes } = await runGraph(aggregation, tau, sign, 'representable');
      expect([...values, ...slopes].filter((x) => !Number.isFinite(x))).toEqual([]);
    });
  });
});
