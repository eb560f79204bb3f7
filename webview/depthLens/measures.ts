/** @file What the colour of a cell can show: a number per chunk and depth, with its scale. Pure. */
import type { DepthReady } from '../../model/protocol/panels/depthLens';

export type LensMeasureName = 'surprise' | 'effectiveVoters' | 'wrongBits';

export interface LensMeasure {
  readonly label: string;
  /** Full name with its unit, for the legend. */
  readonly title: string;
  readonly values: (data: DepthReady) => Float32Array | Uint8Array;
}

export const LENS_MEASURES: Readonly<Record<LensMeasureName, LensMeasure>> = {
  surprise: {
    label: 'surprise',
    title: 'Surprise of the real text, bits per chunk',
    values: ({ surprise }) => surprise,
  },
  effectiveVoters: {
    label: 'effective voters',
    title: 'Effective voters 1/Σw², mean over the chunk’s bits',
    values: ({ effectiveVoters }) => effectiveVoters,
  },
  wrongBits: {
    label: 'wrong bits',
    title: 'Bits decided wrong, per chunk',
    values: ({ wrongBits }) => wrongBits,
  },
};

export const LENS_MEASURE_OPTIONS = (Object.keys(LENS_MEASURES) as LensMeasureName[]).map((value) => ({
  value,
  label: LENS_MEASURES[value].label,
}));

/** The end of a scale from 0: the largest of the numbers that are known and finite, rounded up to half of its power of ten. */
export function scaleEnd(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) if (Number.isFinite(value)) most = Math.max(most, value);
  if (most === 0) return 1;
  const step = 10 ** Math.floor(Math.log10(most)) / 2;
  return step * Math.ceil(most / step);
}
