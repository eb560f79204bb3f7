/** @file Stored statistics as they are shown: all voters in summary, one voter with its examples in their text. */
import { open } from 'node:fs/promises';
import type { StatisticsCorpus, StoredStatistics } from '../checkpoint/statisticsFile';
import type { StatisticsSummary, VoterDashboard, VoterExample } from '../protocol/statistics';
import type { VoterPlace } from '../protocol/inspection';
import { CHUNK_BYTES, visibleText } from '../text/chunks';
import { characterStart, utf8Prefix } from '../text/utf8';
import { chunkCode } from './chunkSearch';
import { classesOf, VOTER_CLASSES, voteAuroc, voterClasses } from './voterClasses';
import type { VoterExamples, VoterStatistics } from '../checkpoint/voterStatistics';
import { EXAMPLES, VOTE_BINS } from '../checkpoint/voterStatistics';

const BITS = 32;
/** Bytes shown before and after an example. */
const NEIGHBOUR_BYTES = 24;
/** At most so many bytes of a character follow its first. */
const CONTINUATION_BYTES = 3;

/** All voters of a model. */
export function statisticsSummary(
  folder: string,
  { checkpoint, corpus, statistics }: StoredStatistics,
): StatisticsSummary {
  const { votersPerBit, chunks, ones, means, variances, meanWeights } = statistics;
  const classMasks = voterClasses(statistics);
  const share = (counts: Int32Array) => Float32Array.from(counts, (count) => count / chunks);
  return {
    folder,
    checkpoint,
    votersPerBit,
    chunks,
    bytes: corpus.bytes,
    files: corpus.files.map(({ path }) => path),
    skipped: corpus.skipped,
    ones,
    means,
    variances,
    meanWeights,
    largeWeightShares: share(statistics.largeWeightCounts),
    densities: share(statistics.activeCounts),
    aurocs: Float32Array.from({ length: BITS * votersPerBit }, (_, row) => voteAuroc(statistics, row)),
    classMasks,
    classes: VOTER_CLASSES.map((name, k) => ({
      name,
      voters: classMasks.reduce((sum, mask) => sum + ((mask >> k) & 1), 0),
    })),
  };
}

/**
 * One voter.
 * @throws RangeError where the model has no such voter
 */
export async function voterDashboard(stored: StoredStatistics, { bit, voter }: VoterPlace): Promise<VoterDashboard> {
  const { statistics, checkpoint } = stored;
  const { votersPerBit: M, chunks } = statistics;
  const row = rowOf(statistics, bit, voter);
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
    largeWeightShare: statistics.largeWeightCounts[row]! / chunks,
    density: statistics.activeCounts[row]! / chunks,
    invertedShare: statistics.invertedCounts[row]! / ones,
    auroc: voteAuroc(statistics, row),
    classes: classesOf(voterClasses(statistics)[bit * M + voter]!),
    nearest:
      nearest < 0
        ? null
        : {
            voter: nearest,
            correlation: statistics.nearestCorrelations[row]!,
            chunks: statistics.correlationChunks,
          },
    top: await examplesOf(stored, statistics.top, row),
    sample: await examplesOf(stored, statistics.sample, row),
  };
}

function rowOf({ votersPerBit }: VoterStatistics, bit: number, voter: number): number {
  const isIndex = (value: number, bound: number) => Number.isInteger(value) && value >= 0 && value < bound;
  if (!isIndex(bit, BITS) || !isIndex(voter, votersPerBit)) {
    throw new RangeError(
      `There is no voter ${voter} of bit ${bit}: expected 0 to ${votersPerBit - 1} of bits 0 to 31.`,
    );
  }
  return bit * votersPerBit + voter;
}

async function examplesOf(
  { corpus }: StoredStatistics,
  { chunks, votes, codes }: VoterExamples,
  row: number,
): Promise<VoterExample[]> {
  const slots = Array.from({ length: EXAMPLES }, (_, i) => row * EXAMPLES + i).filter((slot) => chunks[slot]! >= 0);
  return Promise.all(
    slots.map(async (slot) => {
      const { path, offset } = placeOf(corpus, chunks[slot]!);
      return { path, offset, vote: votes[slot]!, text: await textAround(path, offset, codes[slot]! >>> 0) };
    }),
  );
}

/** The file and byte offset of a chunk by its number in the corpus. */
function placeOf(corpus: StatisticsCorpus, chunk: number): { path: string; offset: number } {
  let left = chunk;
  for (const { path, chunks } of corpus.files) {
    if (left < chunks) return { path, offset: CHUNK_BYTES * left };
    left -= chunks;
  }
  return { path: '', offset: 0 };
}

/** The text around a chunk; null where the file cannot be read or another chunk stands there. */
async function textAround(path: string, offset: number, code: number): Promise<VoterExample['text']> {
  const from = Math.max(0, offset - NEIGHBOUR_BYTES);
  const at = offset - from;
  const bytes = await readPart(path, from, at + CHUNK_BYTES + NEIGHBOUR_BYTES).catch(() => null);
  if (bytes === null || bytes.length < at + CHUNK_BYTES || chunkCode(bytes, at) !== code) return null;
  const end = at + CHUNK_BYTES;
  const start = Math.min(at, characterStart(bytes, from === 0 ? 0 : CONTINUATION_BYTES));
  return {
    before: visibleText(bytes.subarray(start, at)),
    chunk: visibleText(bytes.subarray(at, end)),
    after: visibleText(bytes.subarray(end, Math.max(end, wholeCharacters(bytes)))),
  };
}

/** Where the last whole character ends. */
function wholeCharacters(bytes: Uint8Array): number {
  const last = characterStart(bytes, bytes.length - 1);
  return utf8Prefix(bytes.subarray(last)).rest === 'incomplete' ? last : bytes.length;
}

async function readPart(path: string, from: number, length: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const buffer = new Uint8Array(length);
    const { bytesRead } = await handle.read(buffer, 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
