/** @file Training: what is asked for, what it reports while it runs. */
import type { ModelConfig } from '../network/config';

/** The text that is read; paths are absolute. */
export interface CorpusParams {
  readonly text: readonly string[];
  /** Patterns of `files.exclude` that are on, beside `.gitignore`. */
  readonly exclude: readonly string[];
  /** Files above this many bytes are skipped and reported. */
  readonly maxFileBytes: number;
}

/** What Train Model… asks for; paths are absolute. */
export interface TrainParams extends CorpusParams {
  readonly out: string;
  /** Name of a preset, or a configuration. Ignored with `resume`. */
  readonly preset: string;
  readonly resume: boolean;
  readonly steps: number | null;
  readonly seconds: number | null;
  readonly seed: number;
  readonly device: string;
  readonly threads: number;
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: 'binary' | 'UTF-16' | 'not UTF-8' | 'too large' | 'ignored' | 'unreadable' | 'empty';
}

/** How much of a corpus is in one language. */
export interface LanguageShare {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
}

/** What is read of the text that is asked for. */
export interface CorpusContents {
  readonly files: number;
  readonly bytes: number;
  /** Of what is read, the largest first. */
  readonly languages: readonly LanguageShare[];
  readonly skipped: readonly SkippedFile[];
}

export interface CorpusSummary extends CorpusContents {
  readonly trainBytes: number;
  readonly heldOutBytes: number;
}

/** What the voters do on a fixed batch of text while they are trained. Means over the scored bits of N chunks. */
export interface TrainingProbe {
  /** N, chunks measured on. */
  readonly chunks: number;
  /** Whether that text is held out; where there is none, it is text that is trained on. */
  readonly heldOut: boolean;
  /** 32·M */
  readonly voters: number;
  /** Mean 1/Σw² where the real bit is 1, and where it is 0; null where there is no such bit. */
  readonly effectiveVotersOnes: number | null;
  readonly effectiveVotersZeros: number | null;
  /** Share of (chunk, voter) with v > ½. */
  readonly density: number;
  /** Voters with v > ½ in fewer than 1 of 10,000 chunks (class dead): in none, where N is below 10,000. */
  readonly deadVoters: number;
  /** Voters with v > ½ in more than 9 of 10 chunks (class dense). */
  readonly denseVoters: number;
  /** Voters by their activation density, in equal bins over [0, 1]; a density of 1 falls in the last. */
  readonly densityHistogram: readonly number[];
  /** Text as the model writes it after a prompt, drawn from its probabilities with the same random numbers every time. */
  readonly sample: { readonly prompt: string; readonly text: string } | null;
}

/** One line of `training.jsonl` and of `train --json`, and one progress message. */
export interface TrainingReport {
  readonly step: number;
  /** Steps in all, or null when a time was asked for. */
  readonly steps: number | null;
  /** Mean loss in nats a bit since the last report. */
  readonly loss: number;
  readonly bitsPerByte: number;
  /** Global gradient norm before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly stepMilliseconds: number;
  readonly chunksPerSecond: number;
  /** Seconds since this run of the process began. */
  readonly elapsedSeconds: number;
  readonly remainingSeconds: number | null;
  /** Only where it was measured at this step. */
  readonly heldOutBitsPerByte?: number;
  /** Only where it was measured at this step. */
  readonly probe?: TrainingProbe;
}

/** How a run of the process ended; `failed` is every error but divergence. */
export type TrainingEnd = 'finished' | 'stopped' | 'diverged' | 'failed';

/** The line of `training.jsonl` for the end of a run. A run that goes on later writes reports behind it. */
export interface TrainingEndReport {
  /** Last step made; for `diverged` the step that diverged. */
  readonly step: number;
  readonly end: TrainingEnd;
  /** One sentence. */
  readonly message: string;
}

/** What a run tells while it goes on. */
export type TrainingProgress =
  /** The text has been read. */
  | { readonly kind: 'corpus'; readonly corpus: CorpusSummary }
  | { readonly kind: 'report'; readonly report: TrainingReport }
  /** The model folder has been saved at this step and can be loaded. */
  | { readonly kind: 'saved'; readonly step: number }
  /** One sentence that a user should read although training goes on. */
  | { readonly kind: 'warning'; readonly message: string };

export type TrainingOutcome = 'finished' | 'stopped';

export interface TrainResult {
  readonly outcome: TrainingOutcome;
  readonly folder: string;
  readonly step: number;
  readonly bitsPerByte: number;
  readonly heldOutBitsPerByte: number | null;
}

/** A preset as the palette shows it. */
export interface PresetSummary {
  readonly name: string;
  readonly description: string;
  readonly parameters: number;
  readonly steps: number;
  /** B, windows a step. */
  readonly batch: number;
  readonly config: ModelConfig;
}
