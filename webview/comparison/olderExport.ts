/** @file Comparisons that were exported before a side had voters of its own, brought to today's form. Pure. */
import type { ComparisonReady, ComparisonWithBytes, SideVoters } from '../../model/protocol/panels/comparison';

/** What was exported then. */
type OlderResult = Omit<ComparisonWithBytes, 'differenceInterval' | 'changed' | 'places'> & {
  readonly places: readonly [onlyA: Uint32Array, onlyB: Uint32Array, bothWrong: Uint32Array];
};

type OlderReady = Omit<ComparisonReady, 'voters' | 'present' | 'continued' | 'result'> & {
  readonly result: OlderResult | null;
};

const ALL_VOTE: SideVoters = { name: null, changes: [] };

/** The same comparison in which every voter votes by itself, and neither side writes on. One of today's is as it is. */
export function todaysForm(data: ComparisonReady | OlderReady): ComparisonReady {
  if ('voters' in data) return data;
  const result = data.result === null ? null : completed(data.result);
  return { ...data, voters: { a: ALL_VOTE, b: ALL_VOTE }, present: 0, continued: null, result };
}

/** Better and worse places are found again, most of a change first; the interval is not. */
function completed({ places, ...result }: OlderResult): ComparisonWithBytes {
  const gains = Array.from(result.surpriseA, (a, chunk) => a - result.surpriseB[chunk]!);
  const chunksBy = (gain: (chunk: number) => number) =>
    Uint32Array.from([...gains.keys()].filter((chunk) => gain(chunk) > 0).toSorted((i, j) => gain(j) - gain(i)));
  const better = chunksBy((chunk) => gains[chunk]!);
  const worse = chunksBy((chunk) => -gains[chunk]!);
  return {
    ...result,
    differenceInterval: null,
    changed: [better.length, worse.length],
    places: [...places, better, worse],
  };
}
