/** @file The latencies that a user feels, kept for the status bar, for Show Timings and for the end-to-end tests. */

/** What each is called where a user reads it, in the order in which it is listed. */
export const TIMING_LABELS = {
  activation: 'Activation',
  activationProcessor: 'Activation: processor time',
  load: 'Load',
  hover: 'Hover',
  inspectChunk: 'Votes of a chunk',
  lesion: 'Chunk with changed voters',
  memoryChunk: 'Chunk with memory',
  memoryRead: 'Memory reads a document',
  causes: 'Causes of a chunk',
  inspectRange: 'Heatmap tile',
  inspectVoters: 'Heatmap tile of voters',
  analysis: 'Question about voters',
  compare: 'Comparison of two models',
  complete: 'Completion, from the key on',
  completeWait: 'Completion: wait for another key',
  completeQueue: 'Completion: queue and messages',
  completeModel: 'Completion: model',
  completePost: 'Completion: choice of what is offered',
  colourText: 'Colours of the text in view',
  caretToDrawn: 'Caret to drawn votes',
  caretToHeatmap: 'Caret to heatmap',
  caretToSpecialization: 'Caret to specialization map',
  caretToOverview: 'Caret to model overview',
  caretToAttention: 'Caret to attention',
  caretToDepthLens: 'Caret to depth lens',
  caretToComparison: 'Caret to comparison',
} as const;

export type TimingName = keyof typeof TIMING_LABELS;

/** Scheme of the document that shows them: the extension's own words, which it does not look into. */
export const TIMINGS_SCHEME = 'smuggler-timings';

/** Milliseconds, of the latest samples. */
export interface TimingSummary {
  /** Samples there have been in all: it goes on where what is kept does not. */
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
  readonly last: number;
}

/** Samples kept a name: enough for a percentile, small enough to sort at any time. */
export const KEPT_SAMPLES = 500;

/** The `share` quantile of sorted samples, by the nearest rank. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export class Timings {
  readonly #samples = new Map<TimingName, number[]>();
  readonly #counts = new Map<TimingName, number>();

  record(name: TimingName, milliseconds: number): void {
    const samples = this.#samples.get(name) ?? [];
    this.#samples.set(name, samples);
    samples.push(milliseconds);
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (samples.length > KEPT_SAMPLES) samples.shift();
  }

  /** Measures `work` from now until it is fulfilled; failures are not counted. */
  async measure<T>(name: TimingName, work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    const result = await work();
    this.record(name, performance.now() - start);
    return result;
  }

  summary(): Partial<Record<TimingName, TimingSummary>> {
    const summary: Partial<Record<TimingName, TimingSummary>> = {};
    for (const [name, samples] of this.#samples) {
      const sorted = samples.toSorted((a, b) => a - b);
      summary[name] = {
        count: this.#counts.get(name)!,
        p50: quantile(sorted, 0.5),
        p95: quantile(sorted, 0.95),
        max: sorted.at(-1)!,
        last: samples.at(-1)!,
      };
    }
    return summary;
  }
}

/** What has been measured so far, under its label, in the order of the labels. */
export function labelledTimings(
  summary: Partial<Record<TimingName, TimingSummary>>,
): (TimingSummary & { readonly label: string })[] {
  return Object.entries(TIMING_LABELS).flatMap(([name, label]) => {
    const timing = summary[name as TimingName];
    return timing === undefined ? [] : [{ label, ...timing }];
  });
}
