/** @file In which order voters and contexts stand in the map, and where each column is. Pure. */
import type { VoterMap } from '../../model/protocol/panels/specialization';
import type { MapContext } from '../../model/protocol/voterAnalyses';

export type MapOrder = 'grouped' | 'clustered' | 'number';
export type MapValue = 'auroc' | 'meanVote';

export const MAP_ORDERS: readonly { readonly value: MapOrder; readonly label: string }[] = [
  { value: 'grouped', label: 'clustered voters' },
  { value: 'clustered', label: 'clustered voters and contexts' },
  { value: 'number', label: 'voter number' },
];

export const MAP_VALUES: readonly { readonly value: MapValue; readonly label: string }[] = [
  { value: 'auroc', label: 'AUROC' },
  { value: 'meanVote', label: 'mean vote' },
];

/** Which voters are shown: those whose largest vote on the texts is above a bound, or all. */
export type VoterFilter = 'half' | 'tenth' | 'all';

export const VOTER_FILTERS: Readonly<Record<VoterFilter, { readonly above: number; readonly words: string }>> = {
  half: { above: 0.5, words: 'that vote (above ½ somewhere)' },
  tenth: { above: 0.1, words: 'above 0.1 somewhere' },
  all: { above: -1, words: 'all' },
};

/** How many of the map's voters a filter shows. */
export function votersShown({ maxVotes }: VoterMap, filter: VoterFilter): number {
  return maxVotes.filter((vote) => vote > VOTER_FILTERS[filter].above).length;
}

/** For users; a dimension that is new to this view is shown by its own name. */
export const DIMENSION_NAMES: Readonly<Record<string, string>> = {
  character: 'first character',
  characterBefore: 'character before',
  linePosition: 'position in line',
  indentation: 'indent',
  syntax: 'syntax',
  language: 'language',
};

/** A row or column of the picture → its voter or column in the data. */
export interface Places {
  readonly voters: Uint32Array;
  readonly columns: Uint32Array;
}

function ascending(length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, index) => index);
}

/** Chunks that have to be in a context, and outside it, for its column to be shown: of fewer, chance decides. */
export const LEAST_COUNT = 10;

/** Whether a context is met often enough, and missed often enough. */
function isTelling({ count }: MapContext, chunks: number): boolean {
  return count >= LEAST_COUNT && chunks - count >= LEAST_COUNT;
}

/** Columns that are left out because of their N; none where nothing would be left. */
export function leftOut({ contexts, chunks }: VoterMap): number {
  const telling = contexts.filter((context) => isTelling(context, chunks)).length;
  return telling === 0 ? 0 : contexts.length - telling;
}

export function placesOf(map: VoterMap, order: MapOrder, filter: VoterFilter): Places {
  const columns = order === 'clustered' ? map.contextOrder : ascending(map.contexts.length);
  const all = leftOut(map) === 0;
  const voters = order === 'number' ? ascending(map.voterOrder.length) : map.voterOrder;
  return {
    voters: voters.filter((voter) => map.maxVotes[voter]! > VOTER_FILTERS[filter].above),
    columns: all ? columns : columns.filter((column) => isTelling(map.contexts[column]!, map.chunks)),
  };
}

/** Values [M·C] of the map. */
export function valuesOf(map: VoterMap, value: MapValue): Float32Array {
  return value === 'auroc' ? map.auroc : map.meanVotes;
}

export interface Edges {
  /** First pixel, and pixel after the last, of each place. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** Places of one size in `length` pixels; where `breaks` is set before a place, `gap` pixels are left free. */
export function edgesOf(count: number, length: number, gap: number, breaks: (place: number) => boolean): Edges {
  const isBreak = Array.from({ length: count }, (_, place) => place > 0 && breaks(place));
  const size = (length - gap * isBreak.filter(Boolean).length) / Math.max(1, count);
  const starts = new Float64Array(count);
  const ends = new Float64Array(count);
  let at = 0;
  for (let place = 0; place < count; place++) {
    if (isBreak[place] === true) at += gap;
    starts[place] = at;
    at += size;
    ends[place] = at;
  }
  return { starts, ends };
}

/** The place at or nearest to a pixel; −1 where there is none at all. */
export function placeAt({ starts, ends }: Edges, pixel: number): number {
  let nearest = -1;
  let distance = Infinity;
  for (let place = 0; place < starts.length; place++) {
    const away = Math.max(starts[place]! - pixel, pixel - ends[place]!, 0);
    if (away < distance) {
      distance = away;
      nearest = place;
    }
  }
  return nearest;
}

/** Runs of neighbouring columns of one dimension. */
export function dimensionRuns(
  columns: readonly MapContext[],
  places: Uint32Array,
): readonly { readonly dimension: string; readonly first: number; readonly last: number }[] {
  const runs: { dimension: string; first: number; last: number }[] = [];
  places.forEach((column, place) => {
    const { dimension } = columns[column]!;
    const run = runs.at(-1);
    if (run?.dimension === dimension) run.last = place;
    else runs.push({ dimension, first: place, last: place });
  });
  return runs;
}
