/** @file What an experiment is: the measure that decides it, its runs, and how their rows become findings and charts. */
import type { ExperimentName, ExperimentResult } from '../protocol/experiments';
import type { CorpusFile } from '../text/corpus';

/** How large an experiment is. */
export interface ExperimentSize {
  /** Tiny models and few steps: a direction, in minutes. */
  readonly quick: boolean;
  /** Seeds of each arm. */
  readonly seeds: number;
}

/** One training with what is measured of it; the unit that is done or not done. */
export interface Run {
  /** Names it in `runs.jsonl`; the same in every plan that has it. */
  readonly key: string;
  readonly arm: string;
  readonly seed: number;
  /** The learning rate that it tries on validation text; null where it is measured, at the best one of its arm. */
  readonly triedRate: number | null;
}

/** What a run measured: plain values by name, as they stand in `runs.jsonl` and in a column each of `rows.csv`. */
export type Row = Readonly<Record<string, string | number | null>>;

/** A row with the run that it is of. */
export type RunRow = Row & { readonly arm: string; readonly seed: number };

/** A run that is done. */
export interface FinishedRun {
  readonly key: string;
  readonly arm: string;
  readonly seed: number;
  readonly seconds: number;
  /** Of the source that made it; null where there is none, absent where an older log does not say. */
  readonly commit?: string | null;
  readonly rows: readonly Row[];
  /** Why it has no rows: a training that diverged. */
  readonly failure?: string;
}

/** The text of an experiment. What a model is measured on, it was neither trained nor tuned on. */
export interface ExperimentSplit {
  readonly train: readonly CorpusFile[];
  /** Chooses learning rates, and which voters are important. */
  readonly validation: readonly CorpusFile[];
  readonly heldOut: readonly CorpusFile[];
}

/** A part of the text that is of one kind. */
export interface Domain extends ExperimentSplit {
  readonly name: string;
}

/** What a run may use. */
export interface RunContext {
  readonly quick: boolean;
  readonly domains: readonly Domain[];
  /** All domains as one. */
  readonly text: ExperimentSplit;
  /** CPU threads. */
  readonly threads: number;
  readonly signal: AbortSignal | undefined;
  /** The runs before it in the plan, by key. */
  readonly finished: ReadonlyMap<string, FinishedRun>;
}

export interface Experiment {
  readonly name: ExperimentName;
  /** The measure that decides, stated before the run. */
  readonly primary: string;
  /** Exact tests of paired seeds beside that of the primary measure that are corrected together; null where pairs are not tested. */
  readonly correctedTests: ((size: ExperimentSize) => number) | null;
  /** Another one wherever plan, training or rows mean something else than before: old logs are then refused. */
  readonly version: number;
  /** Seeds unless others are asked for. */
  readonly seeds: { readonly quick: number; readonly full: number };
  /** Domains that it needs. */
  readonly leastDomains: number;
  /** Bytes taken of each domain at most. */
  bytesPerDomain(size: ExperimentSize): number;
  /** What is the same for all arms, as "name: value". */
  fixed(size: ExperimentSize): readonly string[];
  /** In the order in which they are made: a run sees those before it. */
  plan(size: ExperimentSize): readonly Run[];
  /**
   * Makes one run; the same run gives the same rows, but for times.
   * @throws TrainingError (`diverged`), which counts as a result
   * @throws the signal's reason when it is aborted
   */
  run(run: Run, context: RunContext): Promise<readonly Row[]>;
  /** What the rows say, all of them or those of a part of the plan. */
  analyse(rows: readonly RunRow[], size: ExperimentSize): Pick<ExperimentResult, 'findings' | 'charts'>;
}
