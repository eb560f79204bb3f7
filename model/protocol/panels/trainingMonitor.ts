/** @file What the extension host and the Training Monitor say to each other: runs with their curves, and the figures of one moment. */
import type { TrainingEnd, TrainingProbe, TrainingReport } from '../training';
import type { EmptyState, ErrorState, LoadingState } from './messages';

/**
 * How a run stands: of `reading` the log was not read yet, `waiting` has no report yet, `interrupted` ended without saying so (its process was killed), `missing` has no log
 * and nobody who trains it; `stopping` was asked of this window's run, which ends at its next step.
 */
export type MonitorRunState = TrainingEnd | 'reading' | 'waiting' | 'running' | 'stopping' | 'interrupted' | 'missing';

/** What runs can be laid over each other by: steps made, or seconds trained (across stops). */
export type MonitorAxis = 'step' | 'seconds';

/** Reports of a run; where there are many, each point stands for `perPoint` of them in a row. NaN where a report lacks the number. */
export interface MonitorCurves {
  /** N reports in the log. */
  readonly reports: number;
  readonly perPoint: number;
  /** [n] of the last report of each point. */
  readonly step: Float64Array;
  readonly seconds: Float64Array;
  /** [n] means over each point's reports, and for what has spikes the least and the most of them. */
  readonly bitsPerByte: Float32Array;
  readonly bitsPerByteLow: Float32Array;
  readonly bitsPerByteHigh: Float32Array;
  readonly learningRate: Float32Array;
  readonly gradientNorm: Float32Array;
  readonly gradientNormLow: Float32Array;
  readonly gradientNormHigh: Float32Array;
  readonly chunksPerSecond: Float32Array;
}

/** Measurements on held-out text. */
export interface MonitorHeldOut {
  readonly step: Float64Array;
  readonly seconds: Float64Array;
  readonly bitsPerByte: Float32Array;
}

/** [n] of each probe. */
type ProbeColumns = Readonly<
  Record<keyof Pick<TrainingProbe, 'effectiveVotersOnes' | 'effectiveVotersZeros'>, Float32Array>
>;

/** Probes of the voters; of very many, evenly spread ones. Voters, chunks and whether those were held out are the last one's. */
export interface MonitorProbes extends ProbeColumns, Pick<TrainingProbe, 'voters' | 'chunks' | 'heldOut'> {
  readonly step: Float64Array;
  readonly seconds: Float64Array;
  /** [n] shares of all voters, 0 … 1. */
  readonly deadShares: Float32Array;
  readonly denseShares: Float32Array;
  /** [n·bins] */
  readonly densityHistograms: Uint32Array;
  readonly bins: number;
}

/** A run at one step: the newest report up to it, and what was measured last by then. NaN where a report lacks the number. */
export interface MonitorMoment extends Pick<
  TrainingReport,
  'step' | 'loss' | 'bitsPerByte' | 'learningRate' | 'gradientNorm' | 'chunksPerSecond' | 'stepMilliseconds'
> {
  readonly seconds: number;
  readonly heldOut: { readonly step: number; readonly bitsPerByte: number } | null;
  readonly probe: MonitorMomentProbe | null;
  readonly sample: MonitorSample | null;
}

export interface MonitorMomentProbe extends Omit<TrainingProbe, 'densityHistogram' | 'sample'> {
  readonly step: number;
}

/** What the model wrote on from a prompt. */
export interface MonitorSample extends NonNullable<TrainingProbe['sample']> {
  readonly step: number;
  readonly seconds: number;
}

export interface MonitorRun {
  /** Its folder: what requests name it by. */
  readonly id: string;
  readonly name: string;
  /** The folder, for users. */
  readonly place: string;
  /** Colour and dashes, from 0 on. */
  readonly slot: number;
  readonly state: MonitorRunState;
  /** The sentence of its end or of a log that cannot be read; null where there is none. */
  readonly message: string | null;
  /** It is trained by this window, which can stop it. */
  readonly isOwn: boolean;
  readonly canResume: boolean;
  /** Steps in all; null where a time was asked for. */
  readonly steps: number | null;
  /** Null where that is not known. */
  readonly remainingSeconds: number | null;
  readonly curves: MonitorCurves;
  readonly heldOut: MonitorHeldOut;
  readonly probes: MonitorProbes;
  /** Where the user looks; null before the run's first report, or where it had not begun. */
  readonly moment: MonitorMoment | null;
}

/** Where the user looks; `at` null is the newest of each run. */
export interface MonitorLook {
  readonly axis: MonitorAxis;
  readonly at: number | null;
}

export interface MonitorReady {
  readonly kind: 'ready';
  /** In the order in which they were added; never empty. */
  readonly runs: readonly MonitorRun[];
  /** What the moments belong to. */
  readonly look: MonitorLook;
}

export type MonitorState = EmptyState | LoadingState | ErrorState | MonitorReady;

/** What the monitor asks of the host. */
export type MonitorAsk =
  | { readonly kind: 'look'; readonly look: MonitorLook }
  | { readonly kind: 'add' }
  | { readonly kind: 'remove'; readonly run: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'resume'; readonly run: string };
