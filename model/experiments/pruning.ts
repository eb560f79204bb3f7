/** @file Which voters of a trained model matter most, and the smaller model of those that are kept. */
import { CHUNK_BITS } from '../measures/chunk';
import { aggregateBit, sigmoid } from '../network/aggregation';
import type { ModelConfig } from '../network/config';
import { temperature, votersPerBit } from '../network/config';
import type { Parameters, Tensor } from '../network/parameters';
import type { Random } from '../text/random';
import type { BitScores } from './bitScores';
import { bitsPerByteOf, forEachBit, realBit } from './bitScores';

/**
 * Voters of each bit by importance, the most important first: the mean share of a voter in the probability of the real bit,
 * w·s/Σ w·s with s = v where the bit is 1 and 1 − v where it is 0.
 * @returns [32][M]
 */
export function byImportance(scores: BitScores): number[][] {
  const M = scores.voters;
  const shares = Array.from({ length: CHUNK_BITS }, () => new Float64Array(M));
  const weights = new Float64Array(M);
  const parts = new Float64Array(M);
  forEachBit(scores, (z, n, bit) => {
    aggregateBit(z, 0, M, scores.aggregation, scores.temperatures[bit]!, weights);
    const sign = realBit(scores, n, bit) === 1 ? 1 : -1;
    let sum = 0;
    for (let i = 0; i < M; i++) {
      parts[i] = weights[i]! * sigmoid(sign * z[i]!);
      sum += parts[i]!;
    }
    for (let i = 0; i < M; i++) shares[bit]![i]! += parts[i]! / sum;
  });
  return shares.map((share) => [...share.keys()].sort((a, b) => share[b]! - share[a]! || a - b));
}

/**
 * At how many chunks a voter's weight is the largest of its bit, the lower number first among equals.
 * @returns [32][M]
 */
export function countWins(scores: BitScores): number[][] {
  const M = scores.voters;
  const wins = Array.from({ length: CHUNK_BITS }, () => new Array<number>(M).fill(0));
  const weights = new Float64Array(M);
  forEachBit(scores, (z, _n, bit) => {
    aggregateBit(z, 0, M, scores.aggregation, scores.temperatures[bit]!, weights);
    let winner = 0;
    for (let i = 1; i < M; i++) if (weights[i]! > weights[winner]!) winner = i;
    wins[bit]![winner]!++;
  });
  return wins;
}

/**
 * Voters of each bit in the order in which they are kept: those that ever win by importance, then those that never do, by importance.
 * @param wins [32][M]
 * @returns [32][M]
 */
export function keepingOrder(scores: BitScores, wins: readonly (readonly number[])[]): number[][] {
  return byImportance(scores).map((voters, bit) => {
    const isWinner = (voter: number) => wins[bit]![voter]! > 0;
    return [...voters.filter(isWinner), ...voters.filter((voter) => !isWinner(voter))];
  });
}

/** Parameters with a row for each voter, [32·M, ..]. */
const OF_VOTERS: ReadonlySet<string> = new Set([
  'output_projection.weight',
  'output_projection.bias',
  'bit_chain.weight',
]);

function takeRows({ shape: [rows, ...row], data }: Tensor, taken: readonly number[]): Tensor {
  const size = data.length / rows!;
  const values = new Float32Array(taken.length * size);
  taken.forEach((from, to) => {
    values.set(data.subarray(from * size, (from + 1) * size), to * size);
  });
  return { shape: [taken.length, ...row], data: values };
}

/**
 * The model that has only the first `kept` voters of each bit. Its τ is that of the whole model, of which a rule by M would know nothing.
 * @param order [32][M]
 */
export function keepVoters(
  config: ModelConfig,
  parameters: Parameters,
  order: readonly (readonly number[])[],
  kept: number,
): { readonly config: ModelConfig; readonly parameters: Parameters } {
  const M = votersPerBit(config);
  // As they stood, so that nothing changes where all are kept.
  const rows = order.flatMap((voters, bit) =>
    voters
      .slice(0, kept)
      .toSorted((a, b) => a - b)
      .map((voter) => bit * M + voter),
  );
  return {
    config: { ...config, voters_per_bit: kept, temperature: temperature(config) },
    parameters: new Map(
      [...parameters].map(([name, tensor]) => [name, OF_VOTERS.has(name) ? takeRows(tensor, rows) : tensor]),
    ),
  };
}

/** Numbers below `count` in a random order. */
export function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Bits per byte without the first voters of each bit in an order [32][M]; null where none would be left to drop or to vote. */
export function withoutVoters(scores: BitScores, order: readonly (readonly number[])[], share: number): number | null {
  const dropped = Math.round(share * scores.voters);
  if (share > 0 && (dropped === 0 || dropped === scores.voters)) return null;
  const kept = order.map((voters) => voters.slice(dropped));
  const left = new Float64Array(scores.voters - dropped);
  return bitsPerByteOf(scores, (z, _n, bit) => {
    kept[bit]!.forEach((voter, i) => {
      left[i] = z[voter]!;
    });
    return left;
  });
}
