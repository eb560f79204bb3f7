/** @file Synthetic votes and labels with the autocorrelation of text. */
import { encodeVote } from '../../../model/inspection/specialization/voteCodes';
import type { EvaluatedChunks, VoteMatrix } from '../../../model/inspection/specialization/voteMatrix';
import { codeHistograms } from '../../../model/inspection/specialization/voteMatrix';
import type { Random } from '../../../model/text/random';

/** A matrix of votes given as a function, over one text of `count` chunks without content. */
export function matrixOf(voters: number, count: number, vote: (voter: number, column: number) => number): VoteMatrix {
  const codes = new Uint8Array(voters * count);
  for (let voter = 0; voter < voters; voter++) {
    for (let column = 0; column < count; column++) codes[voter * count + column] = encodeVote(vote(voter, column));
  }
  const chunks: EvaluatedChunks = {
    texts: [{ name: 'text.ts', bytes: new Uint8Array(4 * count) }],
    runs: [{ text: 0, firstChunk: 0, column: 0, count }],
    count,
    totalChunks: count,
  };
  return { voters, votersPerBit: voters / 32, chunks, codes, histograms: codeHistograms(codes, voters) };
}

/** Votes of voters that know nothing: each an autoregression of its own (coefficient `memory`), squashed to (0, 1). */
export function independentVotes(voters: number, count: number, memory: number, random: Random): VoteMatrix {
  const scale = Math.sqrt(1 - memory * memory);
  const states = new Float64Array(voters);
  const scores = new Float64Array(voters * count);
  for (let column = 0; column < count; column++) {
    for (let voter = 0; voter < voters; voter++) {
      states[voter] = memory * states[voter]! + scale * random.normal();
      scores[voter * count + column] = states[voter]!;
    }
  }
  return matrixOf(voters, count, (voter, column) => 1 / (1 + Math.exp(-3 * scores[voter * count + column]! + 3)));
}

/** Labels in runs of random lengths around `run`, a share of about `share` of them 1; never all alike. */
export function runLabels(count: number, share: number, run: number, random: Random): Uint8Array {
  const labels = new Uint8Array(count);
  for (let i = 0; i < count;) {
    const length = 1 + random.integer(2 * run - 1);
    labels.fill(random.uniform() < share ? 1 : 0, i, i + length);
    i += length;
  }
  labels[0] = 1;
  labels[count - 1] = 0;
  return labels;
}
