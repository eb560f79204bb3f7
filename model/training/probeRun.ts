/** @file Looking at a run while it goes on: held-out text and voters, measured in sessions of their own that are compiled once. */
import type { ModelConfig } from '../network/config';
import type { TrainingProbe } from '../protocol/training';
import { Inference } from '../runtime/inference';
import type { InferenceOptions } from '../runtime/inference';
import type { TrainingSession } from '../runtime/trainingSession';
import type { CorpusFile, Split } from '../text/corpus';
import { completeChunks, evaluate, sampleFiles } from './evaluate';
import { Pace } from './pace';
import { Probe } from './probe';

/** Bytes of held-out text measured in between, and at the end. */
const QUICK_BYTES = 32 * 1024;
const FINAL_BYTES = 64 * 1024;
/** A sample costs as much as some measurements of the voters: those make curves, of samples few are read. */
const SAMPLE_PACE = { first: 0, least: 5, share: 0.004 };

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
  readonly #samplePace = new Pace(SAMPLE_PACE);
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

  /** What the voters do now. Looking at a run is no reason to lose it: what fails is told once, and left out from then on. */
  async probe(last: boolean): Promise<TrainingProbe | null> {
    if (this.#probe === null) return null;
    try {
      const inference = await this.#asItStands();
      const measured = await this.#probe.measure(inference);
      if (!last && !this.#samplePace.isDue) return measured;
      const sample = await this.#samplePace.run(() => this.#probe!.writeSample(inference));
      return { ...measured, sample };
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
