/** @file What the map says in words about its cells, voters and work. Pure. */
import { formatCount, formatShare } from '../shared/text';
import type { AnalysisWork, VoterMap } from '../../model/protocol/panels/specialization';
import type { MapContext } from '../../model/protocol/voterAnalyses';
import type { VoterNote } from '../../model/protocol/voterNotes';
import { DIMENSION_NAMES, LEAST_COUNT, leftOut } from './order';

/** A cell, by voter and column of the data. */
export interface MapCell {
  readonly voter: number;
  /** Null beside the cells. */
  readonly column: number | null;
}

/** `voter 17 of bit 3`, and its name where it has one. */
export function voterTitle(bit: number, voter: number, names: readonly VoterNote[]): string {
  const name = names.find((named) => named.bit === bit && named.voter === voter)?.name ?? '';
  return `Voter ${voter} of bit ${bit}${name === '' ? '' : `: ${name}`}`;
}

export function columnTitle({ dimension, name }: MapContext): string {
  return `${DIMENSION_NAMES[dimension] ?? dimension}: ${name}`;
}

/** One line a fact; the first names the voter. */
export function describeCell(map: VoterMap, names: readonly VoterNote[], { voter, column }: MapCell): string[] {
  const lines = [voterTitle(map.bit, voter, names)];
  if (column === null) return lines;
  const context = map.columns[column]!;
  const index = voter * map.columns.length + column;
  return [
    ...lines,
    `${columnTitle(context)}, N = ${formatCount(context.count)} of ${formatCount(map.chunks)} chunks`,
    `AUROC ${formatShare(map.auroc[index]!)}`,
    `mean vote ${formatShare(map.meanVotes[index]!)}`,
  ];
}

/** How far a piece of work is. */
export function describeWork({ words, share }: AnalysisWork): string {
  return share === null ? `${words}…` : `${words}… ${Math.floor(100 * share)} %`;
}

/** N of the map, and what is not shown for want of it. */
export function describeSamples(map: VoterMap): string {
  const all = map.chunks < map.totalChunks ? ` of ${formatCount(map.totalChunks)}` : '';
  const out = leftOut(map);
  const missing =
    out === 0 ? '' : ` · ${out} ${out === 1 ? 'context' : 'contexts'} of fewer than ${LEAST_COUNT} chunks left out`;
  return `N = ${formatCount(map.chunks)}${all} chunks${missing}`;
}
