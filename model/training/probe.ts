/** @file What the voters do while they are trained: measured on a fixed batch of text, with a sample of what the model writes. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { DEAD_SHARE, DENSE_SHARE } from '../measures/voterClasses';
import { effectiveVoters } from '../inspection/measures';
import { votersPerBit } from '../network/config';
import type { ModelConfig } from '../network/config';
import { VoterHead } from '../network/voterHead';
import type { TrainingProbe } from '../protocol/training';
import type { Forward, Inference } from '../runtime/inference';
import type { CorpusFile } from '../text/corpus';
import { Random } from '../text/random';
import type { Batch } from '../text/sampler';
import { WindowSampler } from '../text/sampler';
import { completeChunks } from './evaluate';
import { promptOf, writeSample } from './probeSample';

/** Chunks measured on, about: enough for the densities, little enough to be quick. */
const CHUNKS = 256;
/** Bins of the density histogram. */
export const DENSITY_BINS = 32;
/** Of the windows and of the sample; the training's own random numbers are not touched. */
const SEED = 20_260_101;

/** Measures one run; the same text every time, so that what changes is the model. */
export class Probe {
  readonly #batch: Batch;
  readonly #windows: number;
  readonly #prompt: Uint8Array;

  /**
   * @param heldOut text that is not trained on; where it has no complete chunk, `trained` stands in for it
   */
  constructor(
    private readonly config: ModelConfig,
    private readonly heldOut: readonly CorpusFile[],
    trained: readonly CorpusFile[],
  ) {
    const files = this.#isHeldOut ? heldOut : trained;
    const random = Random.fromSeed(SEED);
    this.#windows = Math.max(1, Math.round(CHUNKS / config.context_chunks));
    this.#batch = new WindowSampler(files, config.context_chunks, random).next(this.#windows);
    this.#prompt = promptOf(files);
  }

  get #isHeldOut(): boolean {
    return completeChunks(this.heldOut) > 1;
  }

  /**
   * Measures the voters, without a sample.
   * @param inference with the parameters as they stand
   */
  async measure(inference: Inference): Promise<TrainingProbe> {
    const { config } = this;
    const { bytes, scored } = this.#batch;
    const measured = measureVoters(await inference.forward(bytes, this.#windows), bytes, scored, config);
    return { heldOut: this.#isHeldOut, ...measured, sample: null };
  }

  /** What the model writes now, from the same prompt with the same random numbers every time. */
  writeSample(inference: Inference): Promise<{ readonly prompt: string; readonly text: string }> {
    const head = new VoterHead(this.config, inference.parameters, inference.temperatures);
    return writeSample({ inference, head }, this.#prompt, Random.fromSeed(SEED));
  }
}

/**
 * Effective voters, densities and their histogram over the scored chunks of a batch.
 * @param bytes [B, 4(T+1)]
 * @param scored [B, T]
 */
export function measureVoters(
  { votes, weights }: Pick<Forward, 'votes' | 'weights'>,
  bytes: Uint8Array,
  scored: Uint8Array,
  config: ModelConfig,
): Omit<TrainingProbe, 'heldOut' | 'sample'> {
  const M = votersPerBit(config);
  const T = config.context_chunks;
  const voters = CHUNK_BITS * M;
  const active = new Int32Array(voters);
  const sums = [0, 0];
  const samples = [0, 0];
  let chunks = 0;
  scored.forEach((isScored, position) => {
    if (isScored !== 1) return;
    chunks++;
    const first = position * voters;
    for (let voter = 0; voter < voters; voter++) if (votes[first + voter]! > 0.5) active[voter]!++;
    const window = Math.floor(position / T);
    const target = CHUNK_BYTES * (window * (T + 1) + (position % T) + 1);
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const real = (bytes[target + (bit >> 3)]! >> (7 - (bit & 7))) & 1;
      sums[real]! += effectiveVoters(weights, first + bit * M, M);
      samples[real]!++;
    }
  });
  const histogram = new Array<number>(DENSITY_BINS).fill(0);
  for (const count of active) histogram[Math.min(DENSITY_BINS - 1, Math.floor((count / chunks) * DENSITY_BINS))]!++;
  const mean = (real: 0 | 1) => (samples[real] === 0 ? null : sums[real]! / samples[real]!);
  return {
    chunks,
    voters,
    effectiveVotersOnes: mean(1),
    effectiveVotersZeros: mean(0),
    density: active.reduce((sum, count) => sum + count, 0) / (chunks * voters),
    deadVoters: active.filter((count) => count < DEAD_SHARE * chunks).length,
    denseVoters: active.filter((count) => count > DENSE_SHARE * chunks).length,
    densityHistogram: histogram,
  };
}
