/** @file The chunks with the largest votes of every voter. */
import type { VoterExamples } from '../checkpoint/voterStatistics';

/** For every row its `count` largest votes, largest first; of equal ones the first that came. */
export class TopExamples {
  readonly examples: VoterExamples;

  constructor(
    rows: number,
    private readonly count: number,
  ) {
    this.examples = {
      chunks: new Int32Array(rows * count).fill(-1),
      votes: new Float32Array(rows * count).fill(-1),
      codes: new Int32Array(rows * count),
    };
  }

  /** Adds one chunk's votes of rows `row` … `row + M − 1`, which stand at `from` on. */
  add(votes: Float32Array, from: number, row: number, M: number, chunk: number, code: number): void {
    const { count } = this;
    const best = this.examples.votes;
    for (let i = 0, last = (row + 1) * count - 1; i < M; i++, last += count) {
      if (votes[from + i]! > best[last]!) this.#insert(votes[from + i]!, chunk, code, last);
    }
  }

  #insert(vote: number, chunk: number, code: number, last: number): void {
    const { chunks, votes, codes } = this.examples;
    const first = last - this.count + 1;
    let at = last;
    for (; at > first && votes[at - 1]! < vote; at--) {
      votes[at] = votes[at - 1]!;
      chunks[at] = chunks[at - 1]!;
      codes[at] = codes[at - 1]!;
    }
    votes[at] = vote;
    chunks[at] = chunk;
    codes[at] = code;
  }
}
