/** @file Looking at a run while it goes on: held-out text and voters, measured in sessions of their own that are compiled once. */
import type { ModelConfig } from '../network/config';
import type { TrainingProbe } from '../protocol/training';
import { Inference } from '../runtime/inference';
import type { InferenceOptions } from '../runtime/inference';
import type { TrainingSession } from '../runtime/trainingSession';
import type { CorpusFile, Split } from '../text/corpus';
import { completeChunks, evaluate, sampleFiles } from './evaluate';
import { Probe } from './probe';

/** Bytes of held-out text measured in between, and at the end. */
const QUICK_BYTES = 32 * 1024;
const FINAL_BYTES = 64 * 1024;

export interface RunWatchOptions {
  readonly runtime: InferenceOptions;
  /** Ends a measurement, which is then null. */
  readonly signal: AbortSignal | undefined;
  readonly onWarning: ((message: string) => void) | undefined;
}

/** Nothing here touches what the run learns: it reads the parameters, and has random numbers of its own. */
export class RunWatch {
  readonly #heldOut: readonly CorpusFile[];
  #probe: Probe | null;
  #inference: Inference | undefined;

  constructor(
    private readonly config: ModelConfig,
    private readonly session: Pick<TrainingSession, 'readParameters'>,
    { train, heldOut }: Split,
    private readonly options: RunWatchOptions,
  ) {
    this.#heldOut = heldOut;
    this.#probe = new Probe(config, heldOut, train);
  }

  /** Bits per byte on held-out text as the model stands; null where there is none, or the signal stopped it. */
  async measureHeldOut(last: boolean): Promise<number | null> {
    const { signal } = this.options;
    const sample = sampleFiles(this.#heldOut, last ? FINAL_BYTES : QUICK_BYTES);
    if (completeChunks(sample) === 0) return null;
    try {
      const inference = await this.#asItStands();
      return (await evaluate(inference, sample, signal === undefined ? {} : { signal })).bitsPerByte;
    } catch (error) {
      if (signal?.aborted === true) return null;
      throw error;
    }
  }

  /** What the voters do now, without a sample; null where that cannot be told. */
  probe(): Promise<TrainingProbe | null> {
    return this.#look((probe, inference) => probe.measure(inference));
  }

  /** What the model writes now; null where that cannot be told. */
  sample(): Promise<TrainingProbe['sample']> {
    return this.#look((probe, inference) => probe.writeSample(inference));
  }

  /** Looking at a run is no reason to lose it: what fails is told once, and left out from then on. */
  async #look<T>(work: (probe: Probe, inference: Inference) => Promise<T>): Promise<T | null> {
    if (this.#probe === null) return null;
    try {
      return await work(this.#probe, await this.#asItStands());
    } catch (error) {
      this.#probe = null;
      const cause = error instanceof Error ? error.message : String(error);
      this.options.onWarning?.(`The voters are not measured any more while this training goes on: ${cause}`);
      return null;
    }
  }

  async dispose(): Promise<void> {
    await this.#inference?.dispose();
  }

  async #asItStands(): Promise<Inference> {
    const parameters = await this.session.readParameters();
    if (this.#inference === undefined) {
      this.#inference = await Inference.create(this.config, parameters, this.options.runtime);
    } else await this.#inference.replaceParameters(parameters);
    return this.#inference;
  }
}
