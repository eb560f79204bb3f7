/** @file What the extension host and the Experiments panel say to each other: experiments with what they found, and how far they are. */
import type { ExperimentName, ExperimentProgress, ExperimentResult, ModelMeasurement } from '../experiments';
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

export interface ShownExperiment {
  /** Its folder: what requests name it by. */
  readonly id: string;
  /** The folder, for users. */
  readonly place: string;
  readonly experiment: ExperimentName;
  /** Null before its first run is done, and where it cannot be read. */
  readonly result: ExperimentResult | null;
  /** The sentence of why it ended or cannot be read; null where there is none. */
  readonly message: string | null;
  /** It is run by this window, which can cancel it. */
  readonly isRunning: boolean;
  /** Null where it does not run, or has not said so yet. */
  readonly progress: ExperimentProgress | null;
  readonly canResume: boolean;
  /** It came with the extension. */
  readonly isPublished?: true;
}

/** The loaded model, and what was measured of it on the text that is looked at. */
export interface ShownModel {
  /** Of what was measured, or is; null before the first time. */
  readonly provenance: Provenance | null;
  readonly measurement: ModelMeasurement | null;
  /** How far it is measured now, in words and as a share of 0 to 1; null where it is not. */
  readonly work: { readonly words: string; readonly share: number | null } | null;
  /** Why the last time has no measurement; null where there is none to tell. */
  readonly message: string | null;
}

export interface ExperimentsReady {
  readonly kind: 'ready';
  /** The newest first, those that came with the extension last; none is no error: the claims are shown as not tested. */
  readonly experiments: readonly ShownExperiment[];
  /** Null in a report, which has no model. */
  readonly model: ShownModel | null;
}

export type ExperimentsState = EmptyState | LoadingState | ErrorState | ExperimentsReady;

/** What the panel asks of the host. */
export type ExperimentsAsk =
  | { readonly kind: 'run' }
  /** Measures the loaded model on the text that is looked at. */
  | { readonly kind: 'measure' }
  | { readonly kind: 'cancelMeasuring' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'resume'; readonly experiment: string };
