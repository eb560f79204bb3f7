/** @file Stored statistics as they are shown: all voters in summary, one voter with its examples in their text. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { StoredStatistics } from '../checkpoint/statisticsFile';
import type {
  MeanContributions,
  StatisticsSummary,
  VoterContext,
  VoterDashboard,
  VoterExample,
} from '../protocol/statistics';
import type { VoterPlace } from '../protocol/inspection';
import { readText } from '../text/corpus';
import { findAgain } from '../text/place';
import type { PlacedExample } from './examplePlaces';
import { placedExamples } from './examplePlaces';
import { textAround } from './textAround';
import { VOTER_CLASSES } from '../measures/voterClasses';
import { classesOf, voteAuroc, voterClasses } from './voterClasses';
import type { VoterStatistics } from '../checkpoint/voterStatistics';
import { VOTE_BINS } from '../checkpoint/voterStatistics';

/** Larger files are not read for the sake of an example. */
const MOST_FILE_BYTES = 64_000_000;

/** All voters of a model. */
export function statisticsSummary({ checkpoint, corpus, statistics }: StoredStatistics): StatisticsSummary {
  const { votersPerBit, chunks, ones, means, variances, meanWeights } = statistics;
  const classMasks = voterClasses(statistics);
  const share = (counts: Int32Array) => Float32Array.from(counts, (count) => count / chunks);
  return {
    checkpoint,
    votersPerBit,
    chunks,
    totalChunks: statistics.totalChunks,
    bytes: corpus.bytes,
    files: corpus.files.map(({ path }) => path),
    ...(corpus.title === undefined ? {} : { title: corpus.title }),
    skipped: corpus.skipped,
    ones,
    means,
    variances,
    meanWeights,
    largeWeightShares: Float32Array.from(statistics.largeWeightCounts, (count) => count / statistics.weightChunks),
    densities: share(statistics.activeCounts),
    aurocs: Float32Array.from({ length: CHUNK_BITS * votersPerBit }, (_, row) => voteAuroc(statistics, row)),
    nearest: statistics.nearest,
    nearestCorrelations: statistics.nearestCorrelations,
    contributions: meanContributions(statistics),
    automaticNames: statistics.names,
    classMasks,
    classes: VOTER_CLASSES.map((name, k) => ({
      name,
      voters: classMasks.reduce((sum, mask) => sum + ((mask >> k) & 1), 0),
    })),
  };
}

function meanContributions({ contributions, weightChunks }: VoterStatistics): MeanContributions | null {
  if (contributions === null) return null;
  const { winCounts, effects, promotedBytes, promotedBits } = contributions;
  const mean = (sums: Iterable<number>) => Float32Array.from(sums, (sum) => sum / weightChunks);
  return {
    chunks: weightChunks,
    winShares: mean(winCounts),
    effects: mean(effects),
    promotedBytes,
    promotedBits: mean(promotedBits),
  };
}

/**
 * One voter.
 * @param open texts that are looked for here before they are read from the disk, by the paths of the corpus
 * @throws RangeError where the model has no such voter
 */
export async function voterDashboard(
  stored: StoredStatistics,
  { bit, voter }: VoterPlace,
  open: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<VoterDashboard> {
  const { statistics, checkpoint } = stored;
  const { votersPerBit: M, chunks } = statistics;
  const row = rowOf(statistics, bit, voter);
  const textOf = textReader(open);
  const ones = statistics.ones[bit]!;
  const nearest = statistics.nearest[row]!;
  const byBit = (values: Float64Array) => [values[2 * row]!, values[2 * row + 1]!] as const;
  const histogram = (real: number) =>
    statistics.histograms.slice((2 * row + real) * VOTE_BINS, (2 * row + real + 1) * VOTE_BINS);
  return {
    bit,
    voter,
    checkpoint,
    samples: [chunks - ones, ones],
    zeros: histogram(0),
    ones: histogram(1),
    means: byBit(statistics.means),
    variances: byBit(statistics.variances),
    minimum: statistics.minima[row]!,
    maximum: statistics.maxima[row]!,
    meanWeight: statistics.meanWeights[row]!,
    largeWeightShare: statistics.largeWeightCounts[row]! / statistics.weightChunks,
    density: statistics.activeCounts[row]! / chunks,
    invertedShare: statistics.invertedCounts[row]! / ones,
    auroc: voteAuroc(statistics, row),
    classes: classesOf(voterClasses(statistics)[bit * M + voter]!),
    automaticName: contextOf(statistics, row),
    nearest:
      nearest < 0
        ? null
        : {
            voter: nearest,
            correlation: statistics.nearestCorrelations[row]!,
            chunks: statistics.correlationChunks,
          },
    top: await shownExamples(placedExamples(stored, 'top', row), textOf),
    sample: await shownExamples(placedExamples(stored, 'sample', row), textOf),
  };
}

function rowOf({ votersPerBit }: VoterStatistics, bit: number, voter: number): number {
  const isIndex = (value: number, bound: number) => Number.isInteger(value) && value >= 0 && value < bound;
  if (!isIndex(bit, CHUNK_BITS) || !isIndex(voter, votersPerBit)) {
    throw new RangeError(
      `There is no voter ${voter} of bit ${bit}: expected 0 to ${votersPerBit - 1} of bits 0 to 31.`,
    );
  }
  return bit * votersPerBit + voter;
}

function contextOf({ names }: VoterStatistics, row: number): VoterContext | null {
  const found = names.find((name) => name.row === row);
  if (found === undefined) return null;
  const { name, votes, there, chunks } = found;
  return { name, votes, there, chunks };
}

/** Examples as they are in their files now. */
function shownExamples(
  examples: readonly PlacedExample[],
  textOf: (path: string) => Promise<Uint8Array | null>,
): Promise<VoterExample[]> {
  return Promise.all(
    examples.map(async ({ path, place, vote }) => {
      const text = await textOf(path);
      const offset = text === null ? null : findAgain(text, place);
      const around = text === null || offset === null ? null : textAround(text, offset, CHUNK_BYTES);
      return {
        path,
        offset: offset ?? place.offset,
        place,
        vote,
        text: around === null ? null : { before: around.before, chunk: around.text, after: around.after },
      };
    }),
  );
}

/** Reads the text of each file once; null where it cannot be read. */
function textReader(open: ReadonlyMap<string, Uint8Array>): (path: string) => Promise<Uint8Array | null> {
  const texts = new Map<string, Promise<Uint8Array | null>>(
    Array.from(open, ([path, text]) => [path, Promise.resolve(text)]),
  );
  return (path) => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    const text = readText(path, MOST_FILE_BYTES).then((found) => (typeof found === 'string' ? null : found));
    texts.set(path, text);
    return text;
  };
}
