/** @file A pruned model against the votes of those voters alone. */
import { describe, expect, it } from 'vitest';
import type { BitScores } from '../../../model/experiments/bitScores';
import { countWins, keepingOrder, keepVoters } from '../../../model/experiments/pruning';
import { aggregateBit } from '../../../model/network/aggregation';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG, parseConfig, temperature } from '../../../model/network/config';
import { initializeParameters } from '../../../model/network/initialize';
import { elementCount, parameterShapes } from '../../../model/network/parameters';
import { VoterHead } from '../../../model/network/voterHead';
import { Random } from '../../../model/text/random';

const M = 8;
const CONFIG: ModelConfig = { ...DEFAULT_CONFIG, embedding_dim: 8, stages: 0, voters_per_bit: M };
const CODE = 0x5a17c3e9;

/** Its own order for each bit. */
function orders(): number[][] {
  return Array.from({ length: 32 }, (_, bit) => Array.from({ length: M }, (_, i) => (3 * i + bit) % M));
}

function setting(change: Partial<ModelConfig>) {
  const config = { ...CONFIG, ...change };
  const parameters = initializeParameters(config, new Float32Array(32).fill(0.4), Random.fromSeed(3));
  if (config.temperature_learned) parameters.get('log_temperature')!.data.forEach((_, b, all) => (all[b] = b / 16));
  return { config, parameters };
}

/** Of a model, τ as inference has it. */
function headOf({ config, parameters }: ReturnType<typeof keepVoters>): VoterHead {
  const learned = parameters.get('log_temperature')?.data.map(Math.exp);
  return new VoterHead(config, parameters, learned ?? new Float32Array(32).fill(temperature(config)));
}

function window() {
  const random = Random.fromSeed(5);
  return {
    hidden: Float32Array.from({ length: CONFIG.embedding_dim }, () => random.normal()),
    inputs: new Uint8Array(8),
  };
}

const KINDS: readonly Partial<ModelConfig>[] = [
  {},
  { bit_decoding: 'chained' },
  { temperature_learned: true },
  { aggregation: 'mean' },
];

describe('a pruned model', () => {
  it.each(KINDS)('says what the voters that are kept say alone: %j', (kind) => {
    const whole = setting(kind);
    const order = orders();
    const wholeHead = headOf(whole);
    const scores = wholeHead.at(window(), 0);
    for (const kept of [1, 3, 7]) {
      const pruned = keepVoters(whole.config, whole.parameters, order, kept);
      expect(parseConfig(pruned.config, 'pruned')).toEqual(pruned.config);
      for (const [name, shape] of parameterShapes(pruned.config)) {
        expect(pruned.parameters.get(name)).toMatchObject({ shape });
        expect(pruned.parameters.get(name)!.data).toHaveLength(elementCount(shape));
      }
      const head = headOf(pruned);
      const prunedScores = head.at(window(), 0);
      for (let bit = 0; bit < 32; bit++) {
        const z = wholeHead.bitScores(scores, bit, CODE).slice();
        const alone = Float64Array.from(order[bit]!.slice(0, kept), (voter) => z[voter]!);
        const { probability } = aggregateBit(alone, 0, kept, whole.config.aggregation, wholeHead.temperatures[bit]!);
        expect(head.aggregate(prunedScores, bit, CODE).probability).toBeCloseTo(probability, 6);
      }
    }
  });

  it('is the same model where all are kept, but that its τ is told', () => {
    const { config, parameters } = setting({ bit_decoding: 'chained' });
    const all = keepVoters(config, parameters, orders(), M);
    expect(all.parameters).toEqual(parameters);
    expect(all.config).toEqual({ ...config, temperature: 0.05 * M });
  });
});

describe('the order of pruning', () => {
  // Voter 1 wins the first of two chunks, 0 the second; 2 is as high as 0 but comes later, 3 votes least.
  const row = [0, 2, 0, -3];
  const SCORES: BitScores = {
    chunks: 2,
    voters: 4,
    aggregation: 'softmax',
    temperatures: new Float32Array(32).fill(6.4),
    z: Float32Array.from({ length: 2 * 32 * 4 }, (_, i) => row[i % 4]! * (i < 32 * 4 || i % 4 !== 1 ? 1 : -1)),
    codes: Uint32Array.of(0, 0xffffffff),
    files: [1, 1],
  };

  it('counts wins, the lower number first among equals', () => {
    expect(countWins(SCORES)).toEqual(Array.from({ length: 32 }, () => [1, 1, 0, 0]));
  });

  it('keeps those that win, and then those that matter', () => {
    const wins = Array.from({ length: 32 }, () => [0, 0, 0, 5]);
    const order = keepingOrder(SCORES, wins);
    for (const voters of order) {
      expect(voters[0]).toBe(3);
      expect(voters.slice(1)).toEqual(
        keepingOrder(
          SCORES,
          wins.map((of) => of.map(() => 0)),
        )[0]!.filter((i) => i !== 3),
      );
    }
    expect(keepingOrder(SCORES, countWins(SCORES))[0]!.slice(0, 2).toSorted()).toEqual([0, 1]);
  });
});
