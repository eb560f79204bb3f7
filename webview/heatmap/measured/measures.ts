/** @file What a cell of the heatmap can show: a number a bit, its range, its name and unit. */
import type { RangeInspection } from '../../../model/protocol/inspection';
import { BITS } from '../../shared/rows';
import { formatBits, formatShare, formatVoters } from '../../shared/text';

export type MeasureName = 'effectiveVoters' | 'density' | 'surprise' | 'mistakes';

export interface Measure {
  readonly label: string;
  /** Full name with its definition, for the legend. */
  readonly title: string;
  readonly scale: 'sequential' | 'diverging';
  readonly low: string;
  /** M is known only with the model. */
  high(voters: number): string;
  readonly middle: string | null;
  /** Place in the colour scale, 0 to 1, of a value. */
  position(value: number, voters: number): number;
  /** The value of one cell; `cell` is 32·chunk + bit. */
  value(tile: RangeInspection, cell: number): number;
  format(value: number): string;
  /** Name of what the overview shows of a chunk. */
  readonly overview: string;
}

/** Surprises of one bit above this have the last colour. */
const MOST_BITS = 4;

/** The probability of the real bit. */
function likelihood(tile: RangeInspection, cell: number): number {
  const probability = tile.probabilities[cell]!;
  return tile.bits[cell] === 1 ? probability : 1 - probability;
}

export const MEASURES: Readonly<Record<MeasureName, Measure>> = {
  effectiveVoters: {
    label: 'effective voters',
    title: 'Effective voters 1/Σw² of a bit',
    scale: 'sequential',
    low: '1',
    high: (voters) => `M = ${voters}`,
    middle: null,
    position: (value, voters) => (voters > 1 ? (value - 1) / (voters - 1) : 1),
    value: (tile, cell) => tile.effectiveVoters[cell]!,
    format: (value) => `${formatVoters(value)} effective voters`,
    overview: 'mean effective voters',
  },
  density: {
    label: 'activation density',
    title: 'Activation density of a bit: share of voters with v > ½',
    scale: 'sequential',
    low: '0',
    high: () => '1',
    middle: null,
    position: (value) => value,
    value: (tile, cell) => tile.density[cell]!,
    format: (value) => `density ${formatShare(value)}`,
    overview: 'mean activation density',
  },
  surprise: {
    label: 'surprise',
    title: 'Surprise −log₂ p(real bit), in bits',
    scale: 'sequential',
    low: '0',
    high: () => `≥ ${MOST_BITS}`,
    middle: null,
    position: (value) => value / MOST_BITS,
    value: (tile, cell) => -Math.log2(likelihood(tile, cell)),
    format: (value) => `surprise ${formatBits(value)} bits`,
    overview: 'surprise in bits per chunk',
  },
  mistakes: {
    label: 'mistakes',
    title: '|p − real bit|: a mistake is above ½',
    scale: 'diverging',
    low: '0 right',
    high: () => '1 mistake',
    middle: 'middle: p = ½',
    position: (value) => value,
    value: (tile, cell) => 1 - likelihood(tile, cell),
    format: (value) => `|p − real bit| ${formatShare(value)}`,
    overview: 'mistakes per chunk',
  },
};

export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];

/** True for a name that a reload restored. */
export function isMeasureName(name: string): name is MeasureName {
  return Object.hasOwn(MEASURES, name);
}

/** Bits of the chunk that are text: fewer than 32 only at the end of the document. */
export function scoredBits(chunk: number, byteLength: number): number {
  return Math.max(0, Math.min(BITS, 8 * (byteLength - 4 * chunk)));
}

/** True where p is on the wrong side of ½. */
export function isMistake(tile: RangeInspection, cell: number): boolean {
  return tile.probabilities[cell]! >= 0.5 !== (tile.bits[cell] === 1);
}

/** Bits of a chunk that p had on the wrong side of ½. */
export function mistakesOf(tile: RangeInspection, local: number, scored: number): number[] {
  const bits: number[] = [];
  for (let bit = 0; bit < scored; bit++) if (isMistake(tile, BITS * local + bit)) bits.push(bit);
  return bits;
}

/** A chunk's number in the overview. */
export function summaryOf(name: MeasureName, tile: RangeInspection, local: number, scored: number): number {
  if (name === 'surprise') return tile.surprise[local]!;
  if (name === 'mistakes') return mistakesOf(tile, local, scored).length;
  const measure = MEASURES[name];
  let sum = 0;
  for (let bit = 0; bit < scored; bit++) sum += measure.value(tile, BITS * local + bit);
  return sum / scored;
}

/** Mean effective voters over a chunk's bits of one value; null where it has none. */
export function effectiveVotersOf(tile: RangeInspection, local: number, scored: number, real: 0 | 1): number | null {
  let sum = 0;
  let count = 0;
  for (let bit = 0; bit < scored; bit++) {
    if (tile.bits[BITS * local + bit] !== real) continue;
    sum += tile.effectiveVoters[BITS * local + bit]!;
    count += 1;
  }
  return count === 0 ? null : sum / count;
}
