/** @file The aggregation vectors: p, ln p, ln(1 − p) and their derivatives for scores from −100 to 100. */
import { describe, expect, it } from 'vitest';
import { gradients } from '../../model/graph/gradients';
import { Graph } from '../../model/graph/graph';
import { reduceSum, mul } from '../../model/graph/operators';
import type { Aggregation } from '../../model/network/aggregations';
import { aggregateBit } from '../../model/network/aggregation';
import type { ModelConfig } from '../../model/network/config';
import { DEFAULT_CONFIG } from '../../model/network/config';
import type { Exactness } from '../../model/network/voters';
import { logLikelihood, votes } from '../../model/network/voters';
import { voterWeights } from '../../model/network/voterWeights';
import { floatTensor } from '../../model/runtime/onnxRuntime';
import { OnnxSession } from '../../model/runtime/onnxSession';
import { floats, tensorsOf } from './golden';

const VECTORS = tensorsOf('aggregation.safetensors');
/** Every `m{M}.tau{τ}.{aggregation}` that the file holds. */
const GROUPS = [...VECTORS.keys()].filter((name) => name.endsWith('.p')).map((name) => name.slice(0, -2));

function parse(group: string): { M: number; tau: number; aggregation: Aggregation; rows: number } {
  const match = /^m(\d+)\.tau([\d.e+]+)\.(\w+)$/.exec(group);
  if (match === null) throw new Error(`unexpected group ${group}`);
  const M = Number(match[1]);
  return { M, tau: Number(match[2]), aggregation: match[3] as Aggregation, rows: floats(VECTORS, `m${M}.scores`).length / M };
}

/** |a − b| ≤ ε·max(|b|, scale), element by element. */
function expectClose(ours: ArrayLike<number>, theirs: Float32Array, epsilon: number, scale: number, what: string): void {
  expect(ours.length).toBe(theirs.length);
  for (let i = 0; i < theirs.length; i++) {
    expect(Number.isFinite(ours[i]), `${what}[${i}] is finite`).toBe(true);
    const bound = epsilon * Math.max(Math.abs(theirs[i]!), scale);
    expect(Math.abs(ours[i]! - theirs[i]!), `${what}[${i}]: ${ours[i]} for ${theirs[i]}`).toBeLessThanOrEqual(bound);
  }
}

/** Runs the graph's head on one bit with `rows` score vectors. */
async function runHead(group: string, exactness: Exactness) {
  const { M, tau, aggregation, rows } = parse(group);
  const config: ModelConfig = { ...DEFAULT_CONFIG, voters_per_bit: M, temperature: tau, aggregation };
  const graph = new Graph();
  const z = graph.input('z', [rows, 1, M], { differentiable: true });
  const tauValue = graph.constant(Float32Array.of(tau), [1, 1]);
  const v = votes(z);
  graph.output('p', reduceSum(mul(voterWeights(aggregation, z, v, tauValue), v), [2]));
  for (const [name, sign] of [
    ['log_p', 1],
    ['log_1_minus_p', -1],
  ] as const) {
    const signs = graph.constant(new Float32Array(rows).fill(sign), [rows, 1]);
    const logQ = logLikelihood(config, z, signs, tauValue, exactness);
    graph.output(name, logQ);
    const ones = graph.constant(new Float32Array(rows).fill(1), [rows, 1]);
    graph.output(`d${name}`, gradients([{ value: logQ, gradient: ones }], [z])[0]!);
  }
  const session = await OnnxSession.create(graph, { device: 'cpu', threads: 1 });
  const results = await session.run({ z: floatTensor(floats(VECTORS, `m${M}.scores`), [rows, 1, M]) });
  await session.dispose();
  return (name: string) => results[name]!.data as Float32Array;
}

describe.each(GROUPS)('%s', (group) => {
  const { M, tau, aggregation, rows } = parse(group);

  it('plain arithmetic', () => {
    const scores = floats(VECTORS, `m${M}.scores`);
    const bits = Array.from({ length: rows }, (_, row) => aggregateBit(scores, row * M, M, aggregation, tau));
    const pick = (f: (bit: (typeof bits)[number]) => number) => bits.map(f);
    expectClose(pick((b) => b.probability), floats(VECTORS, `${group}.p`), 1e-6, 1e-7, 'p');
    expectClose(pick((b) => b.logProbability), floats(VECTORS, `${group}.log_p`), 1e-5, 1e-6, 'ln p');
    expectClose(pick((b) => b.logComplement), floats(VECTORS, `${group}.log_1_minus_p`), 1e-5, 1e-6, 'ln(1 − p)');
  });

  it('the graph, exact everywhere', async () => {
    const out = await runHead(group, 'everywhere');
    // Rounding a vote to float32 moves a weight by up to τ·6e-8.
    const epsilon = 1e-5 + tau * 2e-7;
    expectClose(out('p'), floats(VECTORS, `${group}.p`), epsilon, 1e-6, 'p');
    expectClose(out('log_p'), floats(VECTORS, `${group}.log_p`), epsilon, 1e-2, 'ln p');
    expectClose(out('log_1_minus_p'), floats(VECTORS, `${group}.log_1_minus_p`), epsilon, 1e-2, 'ln(1 − p)');
    expectClose(out('dlog_p'), floats(VECTORS, `${group}.dlog_p_dscore`), 10 * epsilon, 1e-1, '∂ln p');
    expectClose(out('dlog_1_minus_p'), floats(VECTORS, `${group}.dlog_1_minus_p_dscore`), 10 * epsilon, 1e-1, '∂ln(1 − p)');
  });

  it('the graph as in training: finite always, and the same wherever q can be a float32', async () => {
    const out = await runHead(group, 'representable');
    for (const [ours, theirs] of [
      ['log_p', 'log_p'],
      ['log_1_minus_p', 'log_1_minus_p'],
    ] as const) {
      const expected = floats(VECTORS, `${group}.${theirs}`).map((value) => Math.max(value, Math.log(1e-30)));
      expectClose(out(ours), expected, 1e-5 + tau * 2e-7, 1e-2, ours);
      for (const value of out(`d${ours}`)) expect(Number.isFinite(value)).toBe(true);
    }
  });
});
