/** @file What text can be coloured by: a number a chunk, the steps that it is sorted into, and their colours. */
import { meanOverBits, wrongBits } from '../../model/measures/decidedBits';
import { CHUNK_BITS, CHUNK_BYTES } from '../../model/measures/chunk';
import type { MemoryRange } from '../../model/protocol/memory';
import type { RangeInspection } from '../../model/protocol/inspection';

export type ColourMeasureName =
  'surprise' | 'effectiveVotersOnes' | 'effectiveVotersZeros' | 'mistakes' | 'surpriseWithMemory' | 'decidedByMemory';

/** Steps of the scale, and decoration types. */
export const STEPS = 7;

/** The measurements that a colour is made of; arrays as in `RangeInspection`. */
export type ColouredRange = Pick<
  RangeInspection,
  'firstChunk' | 'count' | 'bits' | 'probabilities' | 'effectiveVoters' | 'surprise'
> & {
  /** Where the measure needs it. */
  readonly memory?: Pick<MemoryRange, 'surprise' | 'share'>;
};

/** What the legend says of a measure, and where its steps begin. */
export interface ColourScale {
  /** As the quick pick and the legend name it. */
  readonly label: string;
  readonly description: string;
  readonly unit: string;
  /** Ascending; step i+1 begins at threshold i. M is known only with the model. */
  thresholds(votersPerBit: number): readonly number[];
}

export interface ColourMeasure extends ColourScale {
  /** Whether it needs what memory says. */
  readonly isOfMemory?: true;
  /**
   * The number of one chunk, or null where it has none.
   * @param local number of the chunk in the range
   * @param scored bits of it that are text: 32, or fewer at the end of the document
   */
  value(range: ColouredRange, local: number, scored: number): number | null;
}

/** Mean of 1/Σw² over a chunk's bits of one value; null where it has none (SPEC section 5: ones and zeros apart). */
function effectiveVotersOf(real: 0 | 1) {
  return ({ effectiveVoters, bits }: ColouredRange, local: number, scored: number): number | null =>
    meanOverBits(effectiveVoters, bits, real, CHUNK_BITS * local, CHUNK_BITS * local + scored);
}

function mistakes(range: ColouredRange, local: number, scored: number): number {
  return wrongBits(range, CHUNK_BITS * local, CHUNK_BITS * local + scored).length;
}

/** Equal ratios from 1 to M. */
function geometric(votersPerBit: number): readonly number[] {
  return Array.from({ length: STEPS - 1 }, (_, i) => votersPerBit ** ((i + 1) / STEPS));
}

/** Bits per chunk. */
const SURPRISES = [2, 4, 8, 12, 16, 24];
/** Equal steps from 0 to 1. */
const EQUAL_SHARES = Array.from({ length: STEPS - 1 }, (_, i) => (i + 1) / STEPS);

export const COLOUR_MEASURES: Readonly<Record<ColourMeasureName, ColourMeasure>> = {
  surprise: {
    label: 'Surprise',
    description: '−log₂ of the probability of the chunk’s real bits',
    unit: 'bits per chunk',
    thresholds: () => SURPRISES,
    value: (range, local) => range.surprise[local]!,
  },
  effectiveVotersOnes: {
    label: 'Effective Voters of 1-Bits',
    description: 'mean 1/Σw² over the chunk’s bits that are 1',
    unit: 'voters per bit',
    thresholds: geometric,
    value: effectiveVotersOf(1),
  },
  effectiveVotersZeros: {
    label: 'Effective Voters of 0-Bits',
    description: 'mean 1/Σw² over the chunk’s bits that are 0',
    unit: 'voters per bit',
    thresholds: geometric,
    value: effectiveVotersOf(0),
  },
  mistakes: {
    label: 'Mistakes',
    description: 'bits of the chunk whose p is on the wrong side of ½',
    unit: 'of 32 bits',
    thresholds: () => [1, 2, 3, 4, 6, 9],
    value: mistakes,
  },
  surpriseWithMemory: {
    label: 'Surprise with Memory',
    description: '−log₂ of the probability of the chunk’s real bits, by trained voters and memory',
    unit: 'bits per chunk',
    isOfMemory: true,
    thresholds: () => SURPRISES,
    value: ({ memory }, local) => memory?.surprise[local] ?? null,
  },
  decidedByMemory: {
    label: 'Decided by Memory',
    description: 'mean share of memory in the log-odds of the chunk’s bits; ½ is as much by either',
    unit: 'of the log-odds',
    isOfMemory: true,
    thresholds: () => EQUAL_SHARES,
    value: ({ memory }, local) => memory?.share[local] ?? null,
  },
};

/** What text is coloured by: a measurement of chunks, or the votes of one voter. */
export type ColourChoice =
  { readonly name: ColourMeasureName } | { readonly name: 'vote'; readonly bit: number; readonly voter: number };

/** The votes of one voter, in equal steps from 0 to 1. */
function voteScale(bit: number, voter: number): ColourScale {
  return {
    label: `Vote of Voter ${voter} of Bit ${bit}`,
    description: 'its vote v at each chunk',
    unit: 'v from 0 to 1',
    thresholds: () => EQUAL_SHARES,
  };
}

/** Whether the colours show what memory says. */
export function isOfMemory(choice: ColourChoice | null): boolean {
  return choice !== null && choice.name !== 'vote' && COLOUR_MEASURES[choice.name].isOfMemory === true;
}

export function scaleOf(choice: ColourChoice): ColourScale {
  return choice.name === 'vote' ? voteScale(choice.bit, choice.voter) : COLOUR_MEASURES[choice.name];
}

/** A choice from elsewhere (what was remembered, or typed), or null where it is none. */
export function readColourChoice(value: unknown): ColourChoice | null {
  if (typeof value !== 'object' || value === null || !('name' in value)) return null;
  if (isColourMeasureName(value.name)) return { name: value.name };
  if (value.name !== 'vote' || !('bit' in value) || !('voter' in value)) return null;
  const { bit, voter } = value;
  const isNumber = (number: unknown): number is number => Number.isInteger(number) && (number as number) >= 0;
  return isNumber(bit) && bit < CHUNK_BITS && isNumber(voter) ? { name: 'vote', bit, voter } : null;
}

export function isColourChoice(value: unknown): value is ColourChoice {
  return readColourChoice(value) !== null;
}

/** '9 17' or 'bit 9, voter 17' as bit and voter; null where it is not two numbers. */
export function parseVoter(text: string): { readonly bit: number; readonly voter: number } | null {
  const numbers = /^\D*(\d+)\D+(\d+)\D*$/.exec(text);
  return numbers === null ? null : { bit: Number(numbers[1]), voter: Number(numbers[2]) };
}

export const COLOUR_MEASURE_NAMES = Object.keys(COLOUR_MEASURES) as readonly ColourMeasureName[];

export function isColourMeasureName(name: unknown): name is ColourMeasureName {
  return typeof name === 'string' && Object.hasOwn(COLOUR_MEASURES, name);
}

/** Number of the step that a value is in: how many thresholds it has reached. */
export function stepOf(value: number, thresholds: readonly number[]): number {
  let step = 0;
  while (step < thresholds.length && value >= thresholds[step]!) step++;
  return step;
}

/** The step of every chunk of a range; −1 where it has no number. */
export function stepsOfRange(
  measure: ColourMeasure,
  range: ColouredRange,
  votersPerBit: number,
  byteLength: number,
): Int8Array {
  const thresholds = measure.thresholds(votersPerBit);
  return Int8Array.from({ length: range.count }, (_, local) => {
    const scored = Math.min(CHUNK_BITS, 8 * (byteLength - CHUNK_BYTES * (range.firstChunk + local)));
    const value = measure.value(range, local, scored);
    return value === null || Number.isNaN(value) ? -1 : stepOf(value, thresholds);
  });
}

/** The step of every vote; −1 where the bit is padding. */
export function stepsOfVotes(votes: Float32Array): Int8Array {
  const thresholds = voteScale(0, 0).thresholds(0);
  return Int8Array.from(votes, (vote) => (Number.isNaN(vote) ? -1 : stepOf(vote, thresholds)));
}

/** Opacity of each step. One hue that grows stronger can be told apart without seeing hues, on any background. */
const OPACITIES = [0.04, 0.11, 0.18, 0.26, 0.34, 0.42, 0.5] as const;

/** Violet, because VS Code marks selections in blue and matches in orange; dark enough to read light text on, and the other way round. */
const HUES = { dark: '#9650c8', light: '#8c46be' } as const;

/** A step's background as #rrggbbaa. */
export function stepColour(step: number, theme: 'light' | 'dark'): string {
  const alpha = Math.round(255 * OPACITIES[step]!);
  return HUES[theme] + alpha.toString(16).padStart(2, '0');
}
