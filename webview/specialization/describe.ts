/** @file What the map says in words about its cells, voters and work. Pure. */
import { percent } from '../../model/measures/numberText';
import { MORE_BITS } from '../../model/measures/decidingVoters';
import { voterName } from '../../model/measures/voterName';
import { formatBits, formatCount, formatLift, formatShare } from '../shared/text';
import type { AnalysisWork, MostWrongBit, VoterClassCount, VoterMap } from '../../model/protocol/panels/specialization';
import type { VoterContext } from '../../model/protocol/statistics';
import type { ClusterTree, MapContext } from '../../model/protocol/voterAnalyses';
import type { VoterNames } from '../../model/protocol/voterNotes';
import { treeHeight } from './dendrogram';
import type { VoterFilter } from './order';
import { DIMENSION_NAMES, LEAST_COUNT, leftOut, votersShown } from './order';

/** A cell, by voter and column of the data. */
export interface MapCell {
  readonly voter: number;
  /** Null beside the cells. */
  readonly column: number | null;
}

/** `voter 17 of bit 3`, and its name where it has one. */
export function voterTitle(bit: number, voter: number, names: VoterNames): string {
  const name = voterName(names, bit, voter);
  return `Voter ${voter} of bit ${bit}${name === '' ? '' : `: ${name}`}`;
}

export function columnTitle({ dimension, name }: MapContext): string {
  return `${DIMENSION_NAMES[dimension] ?? dimension}: ${name}`;
}

/** The scale of the tree of the voters. */
export function describeTree(tree: ClusterTree): string {
  return `Tree of voters: 1 − r from 0 at its leaves to ${treeHeight(tree).toFixed(2)} at its root`;
}

/** One line a fact; the first names the voter. */
export function describeCell(map: VoterMap, names: VoterNames, { voter, column }: MapCell): string[] {
  const lines = [voterTitle(map.bit, voter, names)];
  if (column === null) return lines;
  const context = map.contexts[column]!;
  const index = voter * map.contexts.length + column;
  return [
    ...lines,
    `${columnTitle(context)}, N = ${formatCount(context.count)} of ${formatCount(map.chunks)} chunks`,
    `AUROC ${formatShare(map.auroc[index]!)}`,
    `mean vote ${formatShare(map.meanVotes[index]!)}, largest anywhere ${formatShare(map.maxVotes[voter]!)}`,
  ];
}

/** Why no voter is shown; null where some are. */
export function describeNone(map: VoterMap, filter: VoterFilter): string | null {
  if (votersShown(map, filter) > 0) return null;
  const bound = filter === 'tenth' ? '0.1' : '½';
  return `None of the ${map.maxVotes.length} voters of bit ${map.bit} votes above ${bound} here: the bit is hardly ever 1. Choose another bit, or show all voters.`;
}

/** Why the map opened on its bit; '' where another one is shown. */
export function describeMostWrong(mostWrong: MostWrongBit | null, bit: number): string {
  if (mostWrong?.bit !== bit) return '';
  const bits = Number.isFinite(mostWrong.surprise) ? formatBits(mostWrong.surprise) : MORE_BITS;
  return `Bit ${bit}: the most wrong at byte ${formatCount(mostWrong.offset)}, ${bits} bits of surprise.`;
}

/** A class that a voter is of, with its N: `narrow, like 940 of the model’s 1,393 voters that vote`. */
export function classText({ name, voters, of }: VoterClassCount): string {
  const whole = name === 'dead' ? 'voters' : 'voters that vote';
  return `${name}, like ${formatCount(voters)} of the model’s ${formatCount(of)} ${whole}`;
}

/** Why a voter has its automatic name. */
export function describeContext({ name, votes, there, chunks }: VoterContext, samples: number): string {
  const lift = there / votes / (chunks / samples);
  return (
    `Automatic name: ${name}. ${formatCount(there)} of its ${formatCount(votes)} votes above ½ ` +
    `(${percent(there / votes)}) are there, where ${percent(chunks / samples)} of the ${formatCount(samples)} chunks are: ` +
    `${formatLift(lift)} times as many as by chance. It votes in ${percent(there / chunks)} of the chunks there.`
  );
}

/** How far a piece of work is. */
export function describeWork({ words, share }: AnalysisWork): string {
  return share === null ? `${words}…` : `${words}… ${Math.floor(100 * share)} %`;
}

/** N, and of how many. */
export function describeChunks({ chunks, totalChunks }: Pick<VoterMap, 'chunks' | 'totalChunks'>): string {
  return `N = ${formatCount(chunks)}${chunks < totalChunks ? ` of ${formatCount(totalChunks)}` : ''} chunks`;
}

/** N of the map, and what is not shown for want of it or because it does not vote. */
export function describeSamples(map: VoterMap, filter: VoterFilter): string {
  const out = leftOut(map);
  const missing =
    out === 0 ? '' : ` · ${out} ${out === 1 ? 'context' : 'contexts'} of fewer than ${LEAST_COUNT} chunks left out`;
  return `${describeChunks(map)} · ${votersShown(map, filter)} of ${map.maxVotes.length} voters shown${missing}`;
}
