/** @file What a cell of the heatmap can show: a number a bit, its range, its name and unit. */
import { meanOverBits, surpriseOfBit, wrongBits } from '../../../model/measures/decidedBits';
import { CHUNK_BITS } from '../../../model/measures/chunk';
import type { HeatmapTile } from '../../../model/protocol/panels/heatmap';
import { roundedUp } from '../../shared/chart/scale';
import { formatBits, formatShare, formatVoters } from '../../shared/text';
import type { MeasuredChunk } from './tiles';

export type MeasureName =
  'effectiveVoters' | 'density' | 'surprise' | 'mistakes' | 'surpriseWithMemory' | 'decidedByMemory';

/** What the ends of scales depend on. */
export interface MeasureRange {
  /** M, which is known only with the model. */
  readonly voters: number;
  /** The largest value in view, rounded up; 1 where the scale does not fit the view, or nothing is known. */
  readonly most: number;
}

export interface Measure {
  readonly label: string;
  /** Full name with its definition, for the legend. */
  readonly title: string;
  readonly scale: 'sequential' | 'diverging';
  readonly low: string;
  high(range: MeasureRange): string;
  readonly middle: string | null;
  /** Whether the scale ends with what is in view: where most values are far from what could be. */
  readonly fitsView: boolean;
  /** Whether it needs what memory says. */
  readonly isOfMemory: boolean;
  /** Place in the colour scale, 0 to 1, of a value. */
  position(value: number, range: MeasureRange): number;
  /** The value of one cell; `cell` is 32·chunk + bit. */
  value(tile: HeatmapTile, cell: number): number;
  format(value: number): string;
  /** Name of what the minimap shows of a chunk. */
  readonly minimap: string;
}

/** Surprises of one bit above this have the last colour. */
const MOST_BITS = 4;

/** The probability of the real bit; that of a coin where the bit has no voters. */
function likelihood(tile: HeatmapTile, cell: number): number {
  const probability = tile.probabilities[cell]!;
  if (Number.isNaN(probability)) return 0.5;
  return tile.bits[cell] === 1 ? probability : 1 - probability;
}

export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  effectiveVoters: {
    label: 'effective voters',
    title: 'Effective voters 1/Σw² of a bit',
    scale: 'sequential',
    low: '1',
    high: ({ voters }) => `M = ${voters}`,
    middle: null,
    fitsView: false,
    isOfMemory: false,
    position: (value, { voters }) => (voters > 1 ? (value - 1) / (voters - 1) : 1),
    value: (tile, cell) => tile.effectiveVoters[cell]!,
    format: (value) => `${formatVoters(value)} effective voters`,
    minimap: 'mean effective voters',
  },
  density: {
    label: 'activation density',
    title: 'Activation density of a bit: share of voters with v > ½',
    scale: 'sequential',
    low: '0',
    high: ({ most }) => formatShare(most),
    middle: 'ends with the largest in view',
    fitsView: true,
    isOfMemory: false,
    position: (value, { most }) => value / most,
    value: (tile, cell) => tile.density[cell]!,
    format: (value) => `density ${formatShare(value)}`,
    minimap: 'mean activation density',
  },
  surprise: {
    label: 'surprise',
    title: 'Surprise −log₂ p(real bit), in bits',
    scale: 'sequential',
    low: '0',
    high: () => `≥ ${MOST_BITS}`,
    middle: null,
    fitsView: false,
    isOfMemory: false,
    position: (value) => value / MOST_BITS,
    value: (tile, cell) => -Math.log2(likelihood(tile, cell)),
    format: (value) => `surprise ${formatBits(value)} bits`,
    minimap: 'surprise in bits per chunk',
  },
  mistakes: {
    label: 'mistakes',
    title: '|p − real bit|: a mistake is above ½',
    scale: 'diverging',
    low: '0 right',
    high: () => '1 mistake',
    middle: 'middle: p = ½',
    fitsView: false,
    isOfMemory: false,
    position: (value) => value,
    value: (tile, cell) => 1 - likelihood(tile, cell),
    format: (value) => `|p − real bit| ${formatShare(value)}`,
    minimap: 'mistakes per chunk',
  },
  surpriseWithMemory: {
    label: 'surprise with memory',
    title: 'Surprise with memory −log₂ p(real bit), in bits',
    scale: 'sequential',
    low: '0',
    high: () => `≥ ${MOST_BITS}`,
    middle: null,
    fitsView: false,
    isOfMemory: true,
    position: (value) => value / MOST_BITS,
    value: ({ bits, memory }, cell) => {
      const p = memory?.probabilities[cell] ?? NaN;
      return surpriseOfBit(p, bits[cell]!);
    },
    format: (value) => `surprise with memory ${formatBits(value)} bits`,
    minimap: 'surprise with memory in bits per chunk',
  },
  decidedByMemory: {
    label: 'decided by memory',
    title: 'Decided by memory: its share of the log-odds of a bit',
    scale: 'sequential',
    low: '0 trained voters',
    high: () => '1 memory',
    middle: '½ is as much by either',
    fitsView: false,
    isOfMemory: true,
    position: (value) => value,
    value: ({ memory }, cell) => memory?.bitShare[cell] ?? NaN,
    format: (value) => `decided by memory: ${formatShare(value)}`,
    minimap: 'mean share decided by memory',
  },
};

export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];

export const MEMORY_MEASURES = MEASURE_NAMES.filter((name) => MEASURES[name].isOfMemory);

/** True for a name that a reload restored. */
export function isMeasureName(name: string): name is MeasureName {
  return Object.hasOwn(MEASURES, name);
}

/** Bits of the chunk that are text: fewer than 32 only at the end of the document. */
export function scoredBits(chunk: number, byteLength: number): number {
  return Math.max(0, Math.min(CHUNK_BITS, 8 * (byteLength - 4 * chunk)));
}

/** What the scale of a measure depends on where these chunks are in view. */
export function rangeOf(
  measure: Measure,
  voters: number,
  chunks: Iterable<{ readonly measured: MeasuredChunk | null; readonly scored: number }>,
): MeasureRange {
  let most = 0;
  if (measure.fitsView) {
    for (const { measured, scored } of chunks) {
      if (measured === null) continue;
      const first = CHUNK_BITS * measured.local;
      for (let cell = first; cell < first + scored; cell++) most = Math.max(most, measure.value(measured.tile, cell));
    }
  }
  return { voters, most: most > 0 ? roundedUp(most) : 1 };
}

/** Bits of a chunk that p had on the wrong side of ½. */
export function mistakesOf(tile: HeatmapTile, local: number, scored: number): number[] {
  const first = CHUNK_BITS * local;
  return wrongBits(tile, first, first + scored).map((cell) => cell - first);
}

/** A chunk's number in the minimap. */
export function summaryOf(name: MeasureName, tile: HeatmapTile, local: number, scored: number): number {
  if (name === 'surprise') return tile.surprise[local]!;
  if (name === 'surpriseWithMemory') return tile.memory?.surprise[local] ?? NaN;
  if (name === 'mistakes') return mistakesOf(tile, local, scored).length;
  const measure = MEASURES[name];
  let sum = 0;
  for (let bit = 0; bit < scored; bit++) sum += measure.value(tile, CHUNK_BITS * local + bit);
  return sum / scored;
}

/** Mean effective voters over a chunk's bits of one value; null where it has none. */
export function effectiveVotersOf(tile: HeatmapTile, local: number, scored: number, real: 0 | 1): number | null {
  const first = CHUNK_BITS * local;
  return meanOverBits(tile.effectiveVoters, tile.bits, real, first, first + scored);
}
