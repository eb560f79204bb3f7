/** @file The specialization map: for every voter and context, the mean vote in it and how well the vote tells it from the rest. */
import type { MapContext, SpecializationMap } from '../../protocol/voterAnalyses';
import { Turns } from '../turns';
import type { TurnOptions } from '../turns';
import { auroc, countCodesByClass } from './auroc';
import type { ClusteredRows } from './clustering';
import { clusterRows } from './clustering';
import type { ContextLabels } from './contexts';
import { DECODED_VOTES, VOTE_CODES } from './voteCodes';
import type { VoteMatrix } from './voteMatrix';
import { voterCodes, voterHistogram } from './voteMatrix';

export interface MapOptions extends TurnOptions {
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Compares voters over contexts and clusters both (average linkage on the correlation of their AUROCs).
 * @param bit the bit whose voters are mapped, or null for all 32
 * @throws the signal's reason when it is aborted
 */
export async function specializationMap(
  matrix: VoteMatrix,
  dimensions: readonly ContextLabels[],
  bit: number | null,
  options: MapOptions = {},
): Promise<SpecializationMap> {
  const M = matrix.votersPerBit;
  const n = matrix.chunks.count;
  const first = bit === null ? 0 : bit * M;
  const voters = Uint32Array.from({ length: bit === null ? matrix.voters : M }, (_, i) => first + i);
  const columns = dimensions.map(({ dimension, classes, counts }) =>
    classes.flatMap((name, index) => {
      const count = counts[index]!;
      return count === 0 || count === n ? [] : [{ index, context: { dimension, name, count } }];
    }),
  );
  const contexts: readonly MapContext[] = columns.flatMap((column) => column.map(({ context }) => context));
  const width = contexts.length;
  const meanVotes = new Float32Array(voters.length * width);
  const aurocs = new Float32Array(voters.length * width);
  const maxVotes = new Float32Array(voters.length);
  const histograms = dimensions.map(({ classes }) => new Uint32Array(classes.length * VOTE_CODES));
  const turns = new Turns(options);
  for (const [row, voter] of voters.entries()) {
    if (turns.isDue) {
      options.onProgress?.(row, voters.length);
      await turns.give();
    }
    const all = voterHistogram(matrix, voter);
    const codes = voterCodes(matrix, voter);
    maxVotes[row] = DECODED_VOTES[all.findLastIndex((count) => count > 0)]!;
    let at = row * width;
    dimensions.forEach(({ labels }, d) => {
      if (columns[d]!.length === 0) return;
      countCodesByClass(codes, labels, histograms[d]!);
      for (const { index, context } of columns[d]!) {
        meanVotes[at] = sumOfVotes(histograms[d]!, index * VOTE_CODES) / context.count;
        aurocs[at++] = auroc(histograms[d]!, all, index * VOTE_CODES);
      }
    });
  }
  options.onProgress?.(voters.length, voters.length);
  const clusters = await clustersByBit(aurocs, voters.length, width, M, options);
  const ofContexts = await clusterRows(transposed(aurocs, voters.length, width), width, voters.length, options);
  return {
    contexts,
    voters,
    meanVotes,
    auroc: aurocs,
    maxVotes,
    voterOrder: Uint32Array.from(clusters.flatMap(({ order }, i) => Array.from(order, (row) => i * M + row))),
    voterTree: bit === null ? null : clusters[0]!.tree,
    contextOrder: ofContexts.order,
    contextTree: ofContexts.tree,
  };
}

function sumOfVotes(histograms: Uint32Array, start: number): number {
  let sum = 0;
  for (let code = 0; code < VOTE_CODES; code++) sum += histograms[start + code]! * DECODED_VOTES[code]!;
  return sum;
}

/** Clusters the voters of each bit among themselves. */
async function clustersByBit(
  matrix: Float32Array,
  rows: number,
  width: number,
  votersPerBit: number,
  options: TurnOptions,
): Promise<ClusteredRows[]> {
  const clusters: ClusteredRows[] = [];
  for (let first = 0; first < rows; first += votersPerBit) {
    const part = matrix.subarray(first * width, (first + votersPerBit) * width);
    clusters.push(await clusterRows(part, votersPerBit, width, options));
  }
  return clusters;
}

function transposed(matrix: Float32Array, rows: number, width: number): Float32Array {
  const out = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < width; column++) out[column * rows + row] = matrix[row * width + column]!;
  }
  return out;
}
