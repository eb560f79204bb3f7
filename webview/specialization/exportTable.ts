/** @file The map as a table, a row a voter. Pure. */
import { voterName } from '../../model/measures/voterName';
import type { ExportTable } from '../shared/export/panel';
import type { SpecializationReady } from '../../model/protocol/panels/specialization';
import { columnTitle } from './describe';
import type { MapOrder, MapValue, VoterFilter } from './order';
import { placesOf, valuesOf } from './order';

/** Voters and contexts in the order in which they are shown; no rows while nothing has been measured. */
export function specializationTable(
  { map, names }: Pick<SpecializationReady, 'map' | 'names'>,
  order: MapOrder,
  value: MapValue,
  filter: VoterFilter,
): ExportTable {
  if (map === null) return { columns: ['bit', 'voter', 'name'], rows: [] };
  const { voters, columns } = placesOf(map, order, filter);
  const values = valuesOf(map, value);
  const what = value === 'auroc' ? 'AUROC' : 'mean vote';
  const contexts = Array.from(columns, (column) => {
    const context = map.contexts[column]!;
    return `${what}, ${columnTitle(context)} (N = ${context.count})`;
  });
  return {
    columns: ['bit', 'voter', 'name', ...contexts],
    rows: Array.from(voters, (voter) => [
      map.bit,
      voter,
      voterName(names, map.bit, voter),
      ...Array.from(columns, (column) => values[voter * map.contexts.length + column]!),
    ]),
  };
}
