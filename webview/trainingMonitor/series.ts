/** @file Which numbers of a run stand in which chart, and where on the axis. Pure. */
import { bisectRight } from 'd3-array';
import type { MonitorAxis, MonitorRun } from '../../model/protocol/panels/trainingMonitor';

/** The smallest part of the axis that can be looked at is this many times smaller than all of it. */
const MOST_ZOOM = 1000;

export type ChartName = 'bitsPerByte' | 'gradientNorm' | 'learningRate' | 'chunksPerSecond' | 'effective' | 'classes';

/** How a line is told apart from the others of its run: the marks on it. */
export type Mark = 'none' | 'circle' | 'square';

/** A line of one run; `low` and `high` are the least and most of what each point stands for. */
export interface Line {
  readonly x: Float64Array;
  readonly y: Float32Array;
  readonly low: Float32Array | null;
  readonly high: Float32Array | null;
}

/** How much of a smoothed value is of the points before, by name; `none` shows what was measured. */
export const SMOOTHINGS = ['none', '0.6', '0.9', '0.98'] as const;
export type Smoothing = (typeof SMOOTHINGS)[number];

/** How values stand on their axis: `usual` is what the chart is made for. */
export type ValueScale = 'usual' | 'logarithmic' | 'linear';

export interface LineKind {
  /** In the chart's key; '' where the chart has one line a run. */
  readonly label: string;
  readonly mark: Mark;
  readonly of: (run: MonitorRun, axis: MonitorAxis) => Line;
}

export interface ChartKind {
  readonly name: ChartName;
  readonly title: string;
  readonly unit: string;
  readonly logarithmic: boolean;
  /** Shares are written in percent. */
  readonly isShare: boolean;
  readonly lines: readonly LineKind[];
}

function curve(
  value: (curves: MonitorRun['curves']) => Float32Array,
  band?: (curves: MonitorRun['curves']) => readonly [Float32Array, Float32Array],
): LineKind['of'] {
  return ({ curves }, axis) => {
    const [low, high] = band?.(curves) ?? [null, null];
    return { x: curves[axis], y: value(curves), low, high };
  };
}

function probe(value: (probes: MonitorRun['probes']) => Float32Array): LineKind['of'] {
  return ({ probes }, axis) => ({ x: probes[axis], y: value(probes), low: null, high: null });
}

export const CHARTS: readonly ChartKind[] = [
  {
    name: 'bitsPerByte',
    title: 'Loss',
    unit: 'bits per byte',
    logarithmic: false,
    isShare: false,
    lines: [
      {
        label: 'trained on',
        mark: 'none',
        of: curve(
          ({ bitsPerByte }) => bitsPerByte,
          ({ bitsPerByteLow, bitsPerByteHigh }) => [bitsPerByteLow, bitsPerByteHigh],
        ),
      },
      {
        label: 'held out',
        mark: 'circle',
        of: ({ heldOut }, axis) => ({ x: heldOut[axis], y: heldOut.bitsPerByte, low: null, high: null }),
      },
    ],
  },
  {
    name: 'effective',
    title: 'Effective voters',
    unit: '1/Σw², mean per bit',
    logarithmic: false,
    isShare: false,
    lines: [
      { label: '1-bits', mark: 'circle', of: probe(({ effectiveVotersOnes }) => effectiveVotersOnes) },
      { label: '0-bits', mark: 'square', of: probe(({ effectiveVotersZeros }) => effectiveVotersZeros) },
    ],
  },
  {
    name: 'classes',
    title: 'Dead and dense voters',
    unit: '% of all voters',
    logarithmic: false,
    isShare: true,
    lines: [
      { label: 'dead', mark: 'circle', of: probe(({ deadShares }) => deadShares) },
      { label: 'dense', mark: 'square', of: probe(({ denseShares }) => denseShares) },
    ],
  },
  {
    name: 'gradientNorm',
    title: 'Gradient norm',
    unit: 'before clipping',
    logarithmic: true,
    isShare: false,
    lines: [
      {
        label: '',
        mark: 'none',
        of: curve(
          ({ gradientNorm }) => gradientNorm,
          ({ gradientNormLow, gradientNormHigh }) => [gradientNormLow, gradientNormHigh],
        ),
      },
    ],
  },
  {
    name: 'learningRate',
    title: 'Learning rate',
    unit: '',
    logarithmic: false,
    isShare: false,
    lines: [{ label: '', mark: 'none', of: curve(({ learningRate }) => learningRate) }],
  },
  {
    name: 'chunksPerSecond',
    title: 'Speed',
    unit: 'chunks per second',
    logarithmic: false,
    isShare: false,
    lines: [{ label: '', mark: 'none', of: curve(({ chunksPerSecond }) => chunksPerSecond) }],
  },
];

/** The least and the most of what runs are laid over; [0, 1] where there is nothing. */
export function axisExtent(runs: readonly MonitorRun[], axis: MonitorAxis): [number, number] {
  const ends = runs.flatMap(({ curves }) => [curves[axis][0], curves[axis].at(-1)]).filter((end) => end !== undefined);
  const least = Math.min(...ends);
  const most = Math.max(...ends);
  if (!Number.isFinite(least)) return [0, 1];
  // One point alone still has an axis.
  return [least, most > least ? most : least + 1];
}

/** Least and most of the lines' finite values, above 0 where the axis is logarithmic; null where there are none. */
export function valueExtent(lines: readonly Line[], logarithmic: boolean): [number, number] | null {
  let least = Infinity;
  let most = -Infinity;
  const take = (value: number): void => {
    if (!Number.isFinite(value) || (logarithmic && value <= 0)) return;
    least = Math.min(least, value);
    most = Math.max(most, value);
  };
  for (const { y, low, high } of lines) {
    y.forEach(take);
    low?.forEach(take);
    high?.forEach(take);
  }
  return least <= most ? [least, most] : null;
}

/**
 * The exponential mean of a line's points, which begins at the first; NaN stays NaN and is passed over.
 * @param share of what was before, 0 … 1
 */
export function smoothed(y: Float32Array, share: number): Float32Array {
  let mean = 0;
  let weight = 0;
  return y.map((value) => {
    if (!Number.isFinite(value)) return value;
    mean = share * mean + (1 - share) * value;
    weight = share * weight + (1 - share);
    return mean / weight;
  });
}

/** The least and the most of a line's values within a part of the axis, as a line of its own: what its value axis is made for. */
export function within({ x, y, low, high }: Line, [from, to]: readonly [number, number]): Line {
  const first = x.findIndex((place) => place >= from);
  const end = x.findLastIndex((place) => place <= to) + 1;
  const cut = <T extends { slice(start: number, end: number): T }>(values: T): T =>
    values.slice(Math.max(0, first), first < 0 ? 0 : end);
  return { x: cut(x), y: cut(y), low: low === null ? null : cut(low), high: high === null ? null : cut(high) };
}

/** A part of the axis, nearer to `at` or farther from it by `factor`, and within all of it; null where that is all of it. */
export function zoomed(
  [from, to]: readonly [number, number],
  [least, most]: readonly [number, number],
  at: number,
  factor: number,
): readonly [number, number] | null {
  const span = Math.min(most - least, Math.max((to - from) * factor, (most - least) / MOST_ZOOM));
  const share = (at - from) / (to - from);
  const start = Math.min(most - span, Math.max(least, at - share * span));
  return span >= most - least ? null : [start, start + span];
}

/** The last index whose value is at most `at`, or 0: values ascend. */
export function indexUpTo(values: ArrayLike<number>, at: number): number {
  return Math.max(0, bisectRight(values, at) - 1);
}
