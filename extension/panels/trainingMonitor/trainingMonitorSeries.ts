/** @file A run's log as columns of numbers: curves thinned for drawing, and the figures of one step. No `vscode`. */
import { bisectRight } from 'd3-array';
import { isTrainingEnd } from '../../../model/checkpoint/trainingLog';
import type { TrainingLogEntry } from '../../../model/checkpoint/trainingLog';
import type { TrainingEndReport, TrainingProbe, TrainingReport } from '../../../model/protocol/training';
import type {
  MonitorAxis,
  MonitorCurves,
  MonitorHeldOut,
  MonitorMoment,
  MonitorMomentProbe,
  MonitorProbes,
  MonitorSample,
} from '../../../model/protocol/panels/trainingMonitor';

/** Points of a curve and probes that are sent, at most: more than a panel has pixels for. */
const MOST_POINTS = 600;
const MOST_PROBES = 240;

/** Numbers of a report that are kept. */
const COLUMNS = [
  'loss',
  'bitsPerByte',
  'learningRate',
  'gradientNorm',
  'chunksPerSecond',
  'stepMilliseconds',
] as const satisfies readonly (keyof TrainingReport)[];
type Column = (typeof COLUMNS)[number];

/** A number of a line that any program may have written. */
function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}

interface Place {
  readonly step: number;
  readonly seconds: number;
}

interface PlacedProbe extends Place {
  readonly probe: TrainingProbe;
}

/** The smallest power of two that brings a count to at most `most`: so curves keep their points while they grow. */
export function strideFor(count: number, most: number): number {
  let stride = 1;
  while (count / stride > most) stride *= 2;
  return stride;
}

/** The last index whose value is at most `at`; −1 where there is none. Values ascend. */
export function lastUpTo(values: ArrayLike<number>, at: number): number {
  return bisectRight(values, at) - 1;
}

export class RunSeries {
  readonly #steps: number[] = [];
  readonly #seconds: number[] = [];
  readonly #columns: Readonly<Record<Column, number[]>> = {
    loss: [],
    bitsPerByte: [],
    learningRate: [],
    gradientNorm: [],
    chunksPerSecond: [],
    stepMilliseconds: [],
  };
  readonly #heldOut: (Place & { readonly bitsPerByte: number })[] = [];
  readonly #probes: PlacedProbe[] = [];
  readonly #samples: MonitorSample[] = [];
  /** Seconds trained before the process that reports now. */
  #secondsBefore = 0;
  #elapsed = 0;
  #end: TrainingEndReport | null = null;
  #stepsInAll: number | null = null;
  #remaining: number | null = null;

  /** Steps reported in all. */
  get reports(): number {
    return this.#steps.length;
  }

  /** The last line where that is an end. */
  get end(): TrainingEndReport | null {
    return this.#end;
  }

  /** Steps that the run is to make in all, as told last. */
  get stepsInAll(): number | null {
    return this.#stepsInAll;
  }

  get remainingSeconds(): number | null {
    return this.#remaining;
  }

  add(entries: readonly TrainingLogEntry[]): void {
    for (const entry of entries) {
      if (isTrainingEnd(entry)) this.#end = entry;
      else this.#report(entry);
    }
  }

  #report(report: TrainingReport): void {
    this.#end = null;
    const elapsed = numberOr(report.elapsedSeconds, this.#elapsed);
    // A process that went on with the run counts from zero again.
    if (elapsed < this.#elapsed) this.#secondsBefore += this.#elapsed;
    this.#elapsed = elapsed;
    const place = { step: report.step, seconds: this.#secondsBefore + elapsed };
    this.#steps.push(place.step);
    this.#seconds.push(place.seconds);
    for (const column of COLUMNS) this.#columns[column].push(numberOr(report[column], NaN));
    const heldOut = numberOr(report.heldOutBitsPerByte, NaN);
    if (!Number.isNaN(heldOut)) this.#heldOut.push({ ...place, bitsPerByte: heldOut });
    if (isProbe(report.probe)) {
      this.#probes.push({ ...place, probe: report.probe });
      const { sample } = report.probe;
      if (isSample(sample)) this.#samples.push({ ...place, prompt: sample.prompt, text: sample.text });
    }
    const steps = numberOr(report.steps, NaN);
    this.#stepsInAll = Number.isNaN(steps) ? null : steps;
    const remaining = numberOr(report.remainingSeconds, NaN);
    this.#remaining = Number.isNaN(remaining) ? null : remaining;
  }

  curves(): MonitorCurves {
    const count = this.#steps.length;
    const stride = strideFor(count, MOST_POINTS);
    const points = Math.ceil(count / stride);
    const lastOf = (values: readonly number[]) =>
      Float64Array.from({ length: points }, (_, i) => values[Math.min(count, (i + 1) * stride) - 1]!);
    const bitsPerByte = thinned(this.#columns.bitsPerByte, stride);
    const gradientNorm = thinned(this.#columns.gradientNorm, stride);
    return {
      reports: count,
      perPoint: stride,
      step: lastOf(this.#steps),
      seconds: lastOf(this.#seconds),
      bitsPerByte: bitsPerByte.mean,
      bitsPerByteLow: bitsPerByte.least,
      bitsPerByteHigh: bitsPerByte.most,
      learningRate: thinned(this.#columns.learningRate, stride).mean,
      gradientNorm: gradientNorm.mean,
      gradientNormLow: gradientNorm.least,
      gradientNormHigh: gradientNorm.most,
      chunksPerSecond: thinned(this.#columns.chunksPerSecond, stride).mean,
    };
  }

  heldOut(): MonitorHeldOut {
    const stride = strideFor(this.#heldOut.length, MOST_POINTS);
    const kept = this.#heldOut.filter((_, i) => (this.#heldOut.length - 1 - i) % stride === 0);
    return {
      step: Float64Array.from(kept, ({ step }) => step),
      seconds: Float64Array.from(kept, ({ seconds }) => seconds),
      bitsPerByte: Float32Array.from(kept, ({ bitsPerByte }) => bitsPerByte),
    };
  }

  probes(): MonitorProbes {
    const stride = strideFor(this.#probes.length, MOST_PROBES);
    const last = this.#probes.at(-1)?.probe;
    const bins = last?.densityHistogram.length ?? 0;
    // The newest is always among them, and only those of one form can be drawn beside each other.
    const kept = this.#probes.filter(
      ({ probe }, i) => (i % stride === 0 || i === this.#probes.length - 1) && probe.densityHistogram.length === bins,
    );
    const column = (value: (probe: TrainingProbe) => number | null) =>
      Float32Array.from(kept, ({ probe }) => numberOr(value(probe), NaN));
    return {
      step: Float64Array.from(kept, ({ step }) => step),
      seconds: Float64Array.from(kept, ({ seconds }) => seconds),
      effectiveVotersOnes: column((probe) => probe.effectiveVotersOnes),
      effectiveVotersZeros: column((probe) => probe.effectiveVotersZeros),
      deadShares: column(({ deadVoters, voters }) => deadVoters / voters),
      denseShares: column(({ denseVoters, voters }) => denseVoters / voters),
      densityHistograms: Uint32Array.from(kept.flatMap(({ probe }) => probe.densityHistogram)),
      bins,
      voters: last?.voters ?? 0,
      chunks: last?.chunks ?? 0,
      heldOut: last?.heldOut === true,
    };
  }

  /** The newest report at or before a place, null `at`: the newest of all. Null where there is none. */
  moment(axis: MonitorAxis, at: number | null): MonitorMoment | null {
    const index = at === null ? this.#steps.length - 1 : lastUpTo(axis === 'step' ? this.#steps : this.#seconds, at);
    if (index < 0) return null;
    const step = this.#steps[index]!;
    const upTo = <T extends Place>(places: readonly T[]): T | undefined =>
      places[
        lastUpTo(
          places.map((place) => place.step),
          step,
        )
      ];
    const heldOut = upTo(this.#heldOut);
    const probe = upTo(this.#probes);
    const sample = upTo(this.#samples);
    const value = (column: Column): number => this.#columns[column][index]!;
    return {
      step,
      seconds: this.#seconds[index]!,
      loss: value('loss'),
      bitsPerByte: value('bitsPerByte'),
      learningRate: value('learningRate'),
      gradientNorm: value('gradientNorm'),
      chunksPerSecond: value('chunksPerSecond'),
      stepMilliseconds: value('stepMilliseconds'),
      heldOut: heldOut === undefined ? null : { step: heldOut.step, bitsPerByte: heldOut.bitsPerByte },
      probe: probe === undefined ? null : momentProbe(probe),
      sample: sample ?? null,
    };
  }
}

/** Mean, least and most of every `stride` values in a row, NaN left out; NaN where there is no other. */
function thinned(values: readonly number[], stride: number) {
  const points = Math.ceil(values.length / stride);
  const mean = new Float32Array(points).fill(NaN);
  const least = mean.slice();
  const most = mean.slice();
  for (let point = 0; point < points; point++) {
    let sum = 0;
    let known = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let i = point * stride; i < Math.min(values.length, (point + 1) * stride); i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      known++;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (known === 0) continue;
    mean[point] = sum / known;
    least[point] = low;
    most[point] = high;
  }
  return { mean, least, most };
}

function momentProbe({ step, probe }: PlacedProbe): MonitorMomentProbe {
  return {
    step,
    chunks: numberOr(probe.chunks, NaN),
    heldOut: probe.heldOut,
    voters: numberOr(probe.voters, NaN),
    effectiveVotersOnes: numberOr(probe.effectiveVotersOnes, NaN),
    effectiveVotersZeros: numberOr(probe.effectiveVotersZeros, NaN),
    density: numberOr(probe.density, NaN),
    deadVoters: numberOr(probe.deadVoters, NaN),
    denseVoters: numberOr(probe.denseVoters, NaN),
  };
}

function isProbe(value: unknown): value is TrainingProbe {
  if (typeof value !== 'object' || value === null) return false;
  const { densityHistogram, voters } = value as Partial<TrainingProbe>;
  return (
    typeof voters === 'number' &&
    Array.isArray(densityHistogram) &&
    densityHistogram.every((count) => typeof count === 'number')
  );
}

function isSample(value: unknown): value is { readonly prompt: string; readonly text: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { prompt, text } = value as Record<string, unknown>;
  return typeof prompt === 'string' && typeof text === 'string';
}
