/** @file `statistics.safetensors` of a model folder: what every voter did over a corpus, and of which checkpoint it is. */
import path from 'node:path';
import { isFileSystemError } from '../files/fileSystemError';
import type { Safetensors, SafeTensor } from './safetensors';
import { readSafetensors, writeSafetensors } from './safetensors';
import type { VoterStatistics } from './voterStatistics';
import { EXAMPLES, VOTE_BINS } from './voterStatistics';
import { NEIGHBOUR_BYTES } from '../text/place';

const STATISTICS = 'statistics.safetensors';
const BITS = 32;
/** Raised when the file's content changes in a way that older readers would misread. 2: offsets count in documents' texts. */
const VERSION = '2';

/** A file of statistics that cannot be used; the message says why and what to do. */
export class StatisticsError extends Error {
  override readonly name = 'StatisticsError';
}

export function isStatisticsError(error: unknown): error is StatisticsError {
  return error instanceof StatisticsError;
}

/** The text that statistics were gathered over. */
export interface StatisticsCorpus {
  /** In the order in which their chunks are numbered. */
  readonly files: readonly { readonly path: string; readonly chunks: number }[];
  readonly bytes: number;
  /** Files that were met and not read. */
  readonly skipped: number;
}

export interface StoredStatistics {
  /** First 12 hex digits of the SHA-256 of the model's `model.safetensors`. */
  readonly checkpoint: string;
  readonly corpus: StatisticsCorpus;
  /** Of the random examples. */
  readonly seed: number;
  readonly statistics: VoterStatistics;
  readonly neighbours: ExampleNeighbours;
}

/**
 * [32·M·8·2·8] what stands before and after each example, to find it again where its file was edited since. Zeros on the far
 * side stand for no bytes: a text holds none.
 */
export interface ExampleNeighbours {
  readonly top: Uint8Array;
  readonly sample: Uint8Array;
}

type Dtype = 'I32' | 'F32' | 'F64' | 'U8';
interface Part {
  readonly dtype: Dtype;
  /** Sizes after [32, M]; null for a tensor of [32]. */
  readonly rest: readonly number[] | null;
  readonly of: (statistics: VoterStatistics, neighbours: ExampleNeighbours) => SafeTensor['data'];
}

const PARTS = {
  ones: { dtype: 'I32', rest: null, of: (s) => s.ones },
  histograms: { dtype: 'I32', rest: [2, VOTE_BINS], of: (s) => s.histograms },
  means: { dtype: 'F64', rest: [2], of: (s) => s.means },
  variances: { dtype: 'F64', rest: [2], of: (s) => s.variances },
  minima: { dtype: 'F32', rest: [], of: (s) => s.minima },
  maxima: { dtype: 'F32', rest: [], of: (s) => s.maxima },
  mean_weights: { dtype: 'F64', rest: [], of: (s) => s.meanWeights },
  large_weight_counts: { dtype: 'I32', rest: [], of: (s) => s.largeWeightCounts },
  active_counts: { dtype: 'I32', rest: [], of: (s) => s.activeCounts },
  inverted_counts: { dtype: 'I32', rest: [], of: (s) => s.invertedCounts },
  top_chunks: { dtype: 'I32', rest: [EXAMPLES], of: (s) => s.top.chunks },
  top_votes: { dtype: 'F32', rest: [EXAMPLES], of: (s) => s.top.votes },
  top_codes: { dtype: 'I32', rest: [EXAMPLES], of: (s) => s.top.codes },
  top_neighbours: { dtype: 'U8', rest: [EXAMPLES, 2, NEIGHBOUR_BYTES], of: (_, neighbours) => neighbours.top },
  sample_chunks: { dtype: 'I32', rest: [EXAMPLES], of: (s) => s.sample.chunks },
  sample_votes: { dtype: 'F32', rest: [EXAMPLES], of: (s) => s.sample.votes },
  sample_codes: { dtype: 'I32', rest: [EXAMPLES], of: (s) => s.sample.codes },
  sample_neighbours: { dtype: 'U8', rest: [EXAMPLES, 2, NEIGHBOUR_BYTES], of: (_, neighbours) => neighbours.sample },
  nearest: { dtype: 'I32', rest: [], of: (s) => s.nearest },
  nearest_correlations: { dtype: 'F32', rest: [], of: (s) => s.nearestCorrelations },
} as const satisfies Readonly<Record<string, Part>>;

function shapeOf(part: Part, M: number): readonly number[] {
  return part.rest === null ? [BITS] : [BITS, M, ...part.rest];
}

export function statisticsPath(folder: string): string {
  return path.join(folder, STATISTICS);
}

/**
 * Stores statistics in their model's folder, whole or not at all.
 * @throws FileSystemError where it cannot be written
 */
export async function writeStatistics(folder: string, stored: StoredStatistics): Promise<void> {
  const { statistics, neighbours, checkpoint, corpus, seed } = stored;
  const { votersPerBit, chunks, correlationChunks } = statistics;
  const tensors = new Map<string, SafeTensor>(
    Object.entries<Part>(PARTS).map(([name, part]) => [
      name,
      { dtype: part.dtype, shape: shapeOf(part, votersPerBit), data: part.of(statistics, neighbours) },
    ]),
  );
  const counts = { votersPerBit, chunks, correlationChunks, seed };
  const metadata = new Map([
    ['statistics', VERSION],
    ['checkpoint', checkpoint],
    ['corpus', JSON.stringify(corpus)],
    ['counts', JSON.stringify(counts)],
  ]);
  await writeSafetensors(statisticsPath(folder), tensors, metadata);
}

/**
 * The statistics that a model folder holds.
 * @param checkpoint the model's; statistics of another are refused
 * @returns null where there are none
 * @throws StatisticsError where they are of another checkpoint, or not what this program writes
 * @throws SafetensorsError, FileSystemError where the file cannot be read
 */
export async function readStatistics(folder: string, checkpoint: string): Promise<StoredStatistics | null> {
  const file = statisticsPath(folder);
  let content: Safetensors;
  try {
    content = await readSafetensors(file);
  } catch (error) {
    if (isFileSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
  const { tensors, metadata } = content;
  const fail = (what: string): never => {
    throw new StatisticsError(`${file}: ${what}; gather the statistics again.`);
  };
  if (metadata.get('statistics') !== VERSION) {
    return fail(
      `metadata "statistics" is ${JSON.stringify(metadata.get('statistics') ?? null)}, expected "${VERSION}"`,
    );
  }
  const found = metadata.get('checkpoint');
  if (found !== checkpoint) {
    return fail(`the statistics are of checkpoint ${found ?? 'unknown'}, but the model is checkpoint ${checkpoint}`);
  }
  const counts = parse(metadata.get('counts'));
  const corpus = parse(metadata.get('corpus'));
  if (!isCounts(counts)) return fail('metadata "counts" is not as expected');
  if (!isCorpus(corpus)) return fail('metadata "corpus" is not as expected');
  const take = (name: keyof typeof PARTS): SafeTensor['data'] => {
    const part: Part = PARTS[name];
    const tensor = tensors.get(name);
    const shape = shapeOf(part, counts.votersPerBit);
    if (tensor?.dtype !== part.dtype || tensor.shape.join() !== shape.join()) {
      return fail(
        `tensor "${name}" is ${tensor === undefined ? 'missing' : `${tensor.dtype} [${tensor.shape.join(', ')}]`}, expected ${part.dtype} [${shape.join(', ')}]`,
      );
    }
    return tensor.data;
  };
  // `take` has checked the dtype.
  const ints = (name: keyof typeof PARTS) => take(name) as Int32Array;
  const floats = (name: keyof typeof PARTS) => take(name) as Float32Array;
  const doubles = (name: keyof typeof PARTS) => take(name) as Float64Array;
  const bytes = (name: keyof typeof PARTS) => take(name) as Uint8Array;
  return {
    checkpoint,
    corpus,
    seed: counts.seed,
    neighbours: { top: bytes('top_neighbours'), sample: bytes('sample_neighbours') },
    statistics: {
      votersPerBit: counts.votersPerBit,
      chunks: counts.chunks,
      correlationChunks: counts.correlationChunks,
      ones: ints('ones'),
      histograms: ints('histograms'),
      means: doubles('means'),
      variances: doubles('variances'),
      minima: floats('minima'),
      maxima: floats('maxima'),
      meanWeights: doubles('mean_weights'),
      largeWeightCounts: ints('large_weight_counts'),
      activeCounts: ints('active_counts'),
      invertedCounts: ints('inverted_counts'),
      top: { chunks: ints('top_chunks'), votes: floats('top_votes'), codes: ints('top_codes') },
      sample: { chunks: ints('sample_chunks'), votes: floats('sample_votes'), codes: ints('sample_codes') },
      nearest: ints('nearest'),
      nearestCorrelations: floats('nearest_correlations'),
    },
  };
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Counts {
  readonly votersPerBit: number;
  readonly chunks: number;
  readonly correlationChunks: number;
  readonly seed: number;
}

function isCounts(value: unknown): value is Counts {
  if (typeof value !== 'object' || value === null) return false;
  const { votersPerBit, chunks, correlationChunks, seed } = value as Partial<Counts>;
  return (
    [votersPerBit, chunks, correlationChunks, seed].every(Number.isSafeInteger) && votersPerBit! > 0 && chunks! > 0
  );
}

function isCorpus(value: unknown): value is StatisticsCorpus {
  if (typeof value !== 'object' || value === null) return false;
  const { files, bytes, skipped } = value as Partial<StatisticsCorpus>;
  return (
    Array.isArray(files) &&
    files.every(
      (file: unknown) =>
        typeof file === 'object' &&
        file !== null &&
        typeof (file as { path?: unknown }).path === 'string' &&
        Number.isSafeInteger((file as { chunks?: unknown }).chunks),
    ) &&
    Number.isSafeInteger(bytes) &&
    Number.isSafeInteger(skipped)
  );
}
