/** @file How few voters decide: by hand on a few voters, by trying every k on the golden models, the same for chunk and text. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Inspector } from '../../../model/inspection/inspector';
import { operationalVoters, SparsityTally } from '../../../model/inspection/sparsity';
import type { ChunkInspection, Sparsity } from '../../../model/protocol/inspection';
import { GOLDEN_CASES } from '../../golden/golden';
import { loadGolden } from './goldenModel';

const score = (vote: number) => Math.log(vote / (1 - vote));

describe('the tally', () => {
  it('keeps 1-bits and 0-bits apart, and nulls what does not occur', () => {
    const tally = new SparsityTally(3);
    const votes = Float32Array.from([0.9, 0.8, 0.1]);
    // One voter has half of the weight; in any order they would be 1, 2 and 3.
    const weights = Float32Array.from([0.25, 0.25, 0.5]);
    tally.add(Float64Array.from(votes, score), votes, weights, 0, 1);
    const { ones, zeros, operationalVoters: all } = tally.result();
    expect(zeros).toBeNull();
    expect(ones).toMatchObject({ bits: 1, votesAboveHalf: 2 });
    expect(ones!.effectiveVoters).toBeCloseTo(1 / (2 * 0.0625 + 0.25), 6);
    // p of one, two and three voters: 0.1, (0.05 + 0.225)/0.75 = 0.367, 0.475.
    expect(ones!.operationalVoters).toBe(3);
    expect(all).toBe(3);
  });

  it('needs one voter for a 1 that the heaviest votes for, and more for a 0', () => {
    const votes = Float32Array.from([0.2, 0.6, 0.1]);
    const weights = Float32Array.from([0.2, 0.7, 0.1]);
    const tally = new SparsityTally(3);
    tally.add(Float64Array.from(votes, score), votes, weights, 0, 1);
    tally.add(Float64Array.from(votes, score), votes, weights, 0, 0);
    expect(tally.result().ones!.operationalVoters).toBe(1);
    expect(tally.result().zeros!.operationalVoters).toBe(3);
  });

  it('takes a loss that is 1 % above for kept, and none beyond', () => {
    expect(operationalVoters(Float64Array.from([2, 1.0099, 0.9, 1]))).toBe(2);
    expect(operationalVoters(Float64Array.from([2, 1.0101, 1.02, 1]))).toBe(4);
    expect(operationalVoters(Float64Array.from([0, 0]))).toBe(1);
  });
});

/** The figures from the votes and weights that inspections answer, every k tried. */
class BruteForce {
  readonly #bits = [0, 0];
  readonly #above = [0, 0];
  readonly #effective = [0, 0];
  /** [2][M] loss by real bit and k. */
  readonly #losses: readonly Float64Array[];

  constructor(private readonly M: number) {
    this.#losses = [new Float64Array(M), new Float64Array(M)];
  }

  add(chunk: ChunkInspection): void {
    const { M } = this;
    for (let b = 0; b < 8 * chunk.length; b++) {
      const real = chunk.bits[b]!;
      const votes = chunk.votes.subarray(b * M, (b + 1) * M);
      const weights = chunk.weights.subarray(b * M, (b + 1) * M);
      this.#bits[real]!++;
      this.#above[real]! += votes.filter((vote) => vote > 0.5).length;
      this.#effective[real]! += chunk.effectiveVoters[b]!;
      const order = [...weights.keys()].sort((i, j) => weights[j]! - weights[i]!);
      for (let k = 1; k <= M; k++) {
        const kept = order.slice(0, k);
        const mass = kept.reduce((sum, i) => sum + weights[i]!, 0);
        const right = kept.reduce((sum, i) => sum + weights[i]! * (real === 1 ? votes[i]! : 1 - votes[i]!), 0);
        this.#losses[real]![k - 1]! -= Math.log2(right / mass);
      }
    }
  }

  expectOf({ ones, zeros, operationalVoters: together }: Sparsity): void {
    for (const [real, of] of [zeros, ones].entries()) {
      const bits = this.#bits[real]!;
      if (bits === 0) {
        expect(of).toBeNull();
        continue;
      }
      expect(of!.bits).toBe(bits);
      expect(of!.votesAboveHalf).toBeCloseTo(this.#above[real]! / bits, 6);
      expect(of!.effectiveVoters).toBeCloseTo(this.#effective[real]! / bits, 4);
      expect(of!.operationalVoters).toBe(this.#smallest(this.#losses[real]!));
    }
    expect(together).toBe(this.#smallest(this.#losses[0]!.map((loss, k) => loss + this.#losses[1]![k]!)));
  }

  #smallest(losses: Float64Array): number {
    return losses.findIndex((loss) => loss <= 1.01 * losses[this.M - 1]!) + 1;
  }
}

describe.each(GOLDEN_CASES)('%s', (name) => {
  let model: Awaited<ReturnType<typeof loadGolden>>;
  let inspector: Inspector;
  const bytes = new TextEncoder().encode('export const größe = [1, 2];\n'.repeat(3) + 'a');
  const document = { uri: 'a', version: 1, bytes };
  beforeAll(async () => {
    model = await loadGolden(name);
    inspector = new Inspector(model);
  });
  afterAll(() => model.inference.dispose());

  it('tells of a chunk and of a text what trying every k tells, its padding left out', async () => {
    const M = model.head.votersPerBit;
    const chunks = Math.ceil(bytes.length / 4);
    const text = new BruteForce(M);
    for (let index = 0; index < chunks; index++) {
      const chunk = await inspector.inspectChunk(document, 4 * index, 0);
      const alone = new BruteForce(M);
      alone.add(chunk);
      alone.expectOf(chunk.sparsity);
      text.add(chunk);
    }
    const seen: [number, number][] = [];
    text.expectOf(await inspector.sparsity(document, { onProgress: (done, total) => seen.push([done, total]) }));
    expect(seen.at(-1)).toEqual([chunks, chunks]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((i, j) => i - j));
  });

  it('ends when it is cancelled', async () => {
    await expect(inspector.sparsity(document, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
