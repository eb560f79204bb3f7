/** @file What a voter's cell can show: its vote, its weight, or how far its vote is from the real bit. Pure. */
import type { VoterQuantity } from '../../../model/protocol/inspection';
import { formatShare } from '../../shared/text';
import type { MeasureName } from './measures';

export type VoterMeasureName = 'vote' | 'weight' | 'mistake';

export interface VoterMeasure {
  readonly label: string;
  /** Full name with its definition, for the legend. */
  readonly title: string;
  readonly scale: 'sequential' | 'diverging';
  readonly low: string;
  readonly high: string;
  /** M is known only with the model. */
  middle(voters: number): string;
  /** What is asked of the model. */
  readonly quantity: VoterQuantity;
  /** Codes count from the real bit, not from 0. */
  readonly fromReal: boolean;
  /** The value of a code, as far as its 8 bits tell. */
  value(code: number, voters: number): number;
  /** The value of a code in words. */
  format(code: number, voters: number): string;
  /** What the minimap shows meanwhile. */
  readonly minimap: MeasureName;
}

/** Octaves of weight on either side of 1/M, as in `VoterTile`. */
const WEIGHT_OCTAVES = 5;

function weightOf(code: number, voters: number): number {
  return 2 ** ((code / 255 - 0.5) * 2 * WEIGHT_OCTAVES) / voters;
}

/** The weight of a code; the ends stand for all beyond them. */
function weightText(code: number, voters: number): string {
  const weight = weightOf(code, voters);
  const sign = code === 0 ? '≤' : code === 255 ? '≥' : '≈';
  return `w ${sign} ${formatShare(weight)}`;
}

/** Where voters share a pixel, the largest is shown. */
const SHARED = 'the largest of those that share a pixel';

export const VOTER_MEASURES: Readonly<Record<VoterMeasureName, VoterMeasure>> = {
  vote: {
    label: 'vote',
    title: 'Vote v of a voter',
    scale: 'sequential',
    low: '0',
    high: '1',
    middle: () => SHARED,
    quantity: 'vote',
    fromReal: false,
    value: (code) => code / 255,
    format: (code) => `v ≈ ${formatShare(code / 255)}`,
    minimap: 'density',
  },
  weight: {
    label: 'weight',
    title: 'Weight w of a voter',
    scale: 'diverging',
    low: '≤ 1/(32M)',
    high: '≥ 32/M',
    middle: (voters) => `log scale, middle 1/M = ${formatShare(1 / voters)}; ${SHARED}`,
    quantity: 'weight',
    fromReal: false,
    value: weightOf,
    format: weightText,
    minimap: 'effectiveVoters',
  },
  mistake: {
    label: 'mistakes',
    title: '|v − real bit| of a voter',
    scale: 'diverging',
    low: '0 right',
    high: '1 wrong',
    middle: () => `middle: v = ½; ${SHARED}`,
    quantity: 'vote',
    fromReal: true,
    value: (code) => code / 255,
    format: (code) => `|v − real bit| ≈ ${formatShare(code / 255)}`,
    minimap: 'mistakes',
  },
};

export const VOTER_MEASURE_NAMES = Object.keys(VOTER_MEASURES) as readonly VoterMeasureName[];

/** True for a name that a reload restored. */
export function isVoterMeasureName(name: string): name is VoterMeasureName {
  return Object.hasOwn(VOTER_MEASURES, name);
}
