/** @file The paper's experiments: which there are, how far one is, and what it found. A result is plain JSON that one page draws. */

export type ExperimentName = 'sparsity' | 'throughput' | 'capacity' | 'forgetting' | 'robustness' | 'ablations';

/** What a measurement says of a claim. */
export type Verdict = 'holds' | 'fails' | 'holds only where' | 'not tested';

/** A number with what it is worth. */
export interface Estimate {
  /** Null where it is undefined; `reason` says why. */
  readonly value: number | null;
  /** 95 %; null where it has none. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Independent units that it is over (seeds, files), and what they are. */
  readonly n: number;
  readonly of: string;
  readonly unit: string;
  readonly reason?: string;
}

/** One sentence of the paper against one figure. */
export interface Finding {
  /** Key of the claim in the table of claims. */
  readonly claim: string;
  /** What was measured, in words. */
  readonly measure: string;
  readonly estimate: Estimate;
  readonly verdict: Verdict;
  /** Where it holds, or why the verdict is what it is. */
  readonly because: string;
}

export interface ChartAxis {
  readonly label: string;
  readonly unit: string;
  readonly scale: 'linear' | 'log';
}

export interface ChartPoint {
  readonly x: number;
  /** Null where it is undefined. */
  readonly y: number | null;
  /** 95 % interval of y; null where it has none. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** Lines with intervals; an arm has one name and one colour in every chart of a result. */
export interface LineChart {
  readonly kind: 'lines';
  /** The question that the picture answers. */
  readonly title: string;
  /** N, and what it is measured on. */
  readonly note: string;
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  readonly series: readonly LineSeries[];
}

export interface LineSeries {
  readonly arm: string;
  readonly points: readonly ChartPoint[];
  /** A curve that was fitted to what another arm measured: a line without marks, read where something was measured. */
  readonly isFitted?: true;
}

/** One figure per arm, with its interval. */
export interface DotChart {
  readonly kind: 'dots';
  readonly title: string;
  readonly note: string;
  readonly x: ChartAxis;
  readonly rows: readonly { readonly arm: string; readonly estimate: Estimate }[];
}

/** A matrix, such as R of a sequence of tasks. */
export interface MatrixChart {
  readonly kind: 'matrix';
  readonly title: string;
  readonly note: string;
  readonly rowTitle: string;
  readonly rows: readonly string[];
  readonly columnTitle: string;
  readonly columns: readonly string[];
  readonly unit: string;
  /** [rows][columns]; null where it is undefined. */
  readonly values: readonly (readonly (number | null)[])[];
}

export type ExperimentChart = LineChart | DotChart | MatrixChart;

export interface ExperimentText {
  readonly name: string;
  /** All of them: trained on, for validation, held out. */
  readonly files: number;
  /** Trained on. */
  readonly bytes: number;
  readonly heldOutBytes: number;
  /** SHA-256 of all of it. */
  readonly sha256: string;
}

/** All that a reader needs to make it again. */
export interface ExperimentSetup {
  readonly quick: boolean;
  readonly seeds: number;
  readonly texts: readonly ExperimentText[];
  /** Fixed for all arms: steps, batch, rate, … as "name: value". */
  readonly fixed: readonly string[];
  readonly version: string;
  /** Of the source that made all its runs; null where that is not one and the same, or is not known. */
  readonly commit: string | null;
  readonly environment: {
    readonly processor: string;
    readonly threads: number;
    readonly platform: string;
    readonly node: string;
    readonly onnxRuntime: string;
  };
}

/** `result.json` */
export interface ExperimentResult {
  readonly name: ExperimentName;
  readonly title: string;
  /** What is asked. */
  readonly question: string;
  /** The measure that decides, stated before the run. */
  readonly primary: string;
  readonly setup: ExperimentSetup;
  /** Runs that are done, of those planned; a result of a part says so. */
  readonly runs: { readonly done: number; readonly planned: number };
  /** Seconds that the runs took, together. */
  readonly seconds: number;
  readonly findings: readonly Finding[];
  readonly charts: readonly ExperimentChart[];
}

/** What is measured of the loaded model at once, on one text: nothing is trained, so there are no seeds and no intervals. */
export interface ModelMeasurement {
  /** Chunks that it is measured on. */
  readonly chunks: number;
  readonly findings: readonly Finding[];
  readonly charts: readonly ExperimentChart[];
}

/** How far an experiment is. */
export interface ExperimentProgress {
  readonly name: ExperimentName;
  /** The measure that decides, and what so many seeds can decide. */
  readonly primary: string;
  readonly done: number;
  readonly planned: number;
  /** What runs now, in words. */
  readonly running: string;
  /** Seconds that are left by the runs so far; null before the first. */
  readonly secondsLeft: number | null;
}

/** A claim of the paper, and what an experiment says of it. */
export interface Claim {
  readonly key: string;
  /** In the paper's words, shortened. */
  readonly claim: string;
  /** How it is measured here. */
  readonly measure: string;
  readonly experiment: ExperimentName;
}

/** What an experiment is made of; with these it is begun, and gone on with. Paths are absolute. */
export interface ExperimentParams {
  readonly experiment: ExperimentName;
  readonly quick: boolean;
  /** Of each arm; null leaves it to the experiment. */
  readonly seeds: number | null;
  /** Files and folders, a domain each; none for texts of the program's own packages. */
  readonly texts: readonly string[];
  /** Its folder. */
  readonly out: string;
  /** 0 to choose. */
  readonly threads: number;
}

export interface ExperimentOutcome {
  /** Of the runs that are done; null where none is. */
  readonly result: ExperimentResult | null;
  /** Whether it was ended before the last run. */
  readonly stopped: boolean;
}

/** An experiment's folder. */
export interface StoredExperiment {
  readonly folder: string;
  readonly experiment: ExperimentName;
  /** Runs that are done: a result may be of fewer, where the process was killed. */
  readonly runs: number;
  /** When the last of them was done, milliseconds since 1970. */
  readonly written: number;
  /** What it was begun with; null where another program began it. */
  readonly begunWith: ExperimentParams | null;
  readonly result: ExperimentResult | null;
  /** The sentence of why it cannot be read; null where it can. */
  readonly problem: string | null;
}

export interface ExperimentFolders {
  /** Absolute paths; a folder without runs is left out of the answer. */
  readonly folders: readonly string[];
}
