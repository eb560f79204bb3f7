/** @file The blocks of the network as a table. Pure. */
import { blockName } from '../../model/measures/blockName';
import type { ExportTable } from '../shared/export/panel';
import type { OverviewReady } from '../../model/protocol/panels/overview';
import { activityOf } from './describe';

/** A row a block, in the order of computation; null where something was not measured. */
export function overviewTable(data: OverviewReady): ExportTable {
  return {
    columns: ['block', 'id', 'kind', 'positions', 'channels', 'parameters', 'milliseconds', 'activity (RMS)'],
    rows: data.blocks.map((block, index) => [
      blockName(block),
      block.id,
      block.kind,
      block.positions,
      block.kind === 'voters' ? 32 * data.provenance.votersPerBit : block.channels,
      block.parameters,
      block.milliseconds,
      activityOf(data, index),
    ]),
  };
}
