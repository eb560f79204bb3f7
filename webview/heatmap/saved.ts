/** @file What a reload of the heatmap restores. Pure. */
import { isRowKind } from './picture/bands';
import type { HeatmapChoice } from './controls';
import { isMeasureName } from './measured/measures';
import { isVoterMeasureName } from './measured/voterMeasures';
import type { ChunkWindow } from './moving/window';

export interface HeatmapSaved extends HeatmapChoice {
  /** The bit whose voters are shown where the rows are those. */
  readonly bit: number;
  /** Where the user was, and in which document. */
  readonly window: ChunkWindow | null;
  readonly document: string;
}

export const DEFAULTS: HeatmapSaved = {
  rows: 'bits',
  measure: 'surprise',
  voterMeasure: 'vote',
  table: false,
  bit: 0,
  window: null,
  document: '',
};

/** What was saved, with the defaults in place of what is not known here. */
export function validSaved(saved: HeatmapSaved): HeatmapSaved {
  return {
    ...saved,
    rows: isRowKind(saved.rows) ? saved.rows : DEFAULTS.rows,
    measure: isMeasureName(saved.measure) ? saved.measure : DEFAULTS.measure,
    voterMeasure: isVoterMeasureName(saved.voterMeasure) ? saved.voterMeasure : DEFAULTS.voterMeasure,
  };
}
