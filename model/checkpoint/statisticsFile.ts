/** @file `statistics.safetensors` of a model folder: what every voter did over a corpus, and of which checkpoint it is. */
import path from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CHUNK_BITS } from '../measures/chunk';
import { isFileSystemError } from '../files/fileSystemError';
import type { Safetensors, SafeTensor } from './safetensors';
import { readSafetensors, writeSafetensors } from './safetensors';
import type { AutomaticName, VoterContributions, VoterStatistics } from './voterStatistics';
import { EXAMPLES, PROMOTED_BYTES, VOTE_BINS } from './voterStatistics';
import { NEIGHBOUR_BYTES } from '../text/place';

const STATISTICS = 'statistics.safetensors';
/** Characters of an automatic name. */
const MOST_NAME = 80;
/**
 * Raised when the file's content changes in a way that older readers would misread. 3: a part of the corpus may have been looked at;
 * 4: histograms are packed, which leaves an eighth of them.
 */
const VERSION = 4;
/** Earlier ones that are read as well. */
const READABLE: readonly number[] = [3, VERSION];

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
  /** What users know the text by, where its files' names say less. */
  readonly title?: string;
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
  readonly rest: readonly (number | 'examples')[] | null;
  /** Stands in the file as the deflated bytes (RFC 1951) of its values, U8 [n]: most of them are zero. */
  readonly isPacked?: true;
  readonly of: (statistics: VoterStatistics, neighbours: ExampleNeighbours) => SafeTensor['data'];
}
/** A part of all contributions, which are there or not. */
type ContributionPart = Omit<Part, 'of' | 'isPacked'> & { readonly key: keyof VoterContributions };

const PARTS = {
  ones: { dtype: 'I32', rest: null, of: (s) => s.ones },
  histograms: { dtype: 'I32', rest: [2, VOTE_BINS], isPacked: true, of: (s) => s.histograms },
  means: { dtype: 'F64', rest: [2], of: (s) => s.means },
  variances: { dtype: 'F64', rest: [2], of: (s) => s.variances },
  minima: { dtype: 'F32', rest: [], of: (s) => s.minima },
  maxima: { dtype: 'F32', rest: [], of: (s) => s.maxima },
  mean_weights: { dtype: 'F64', rest: [], of: (s) => s.meanWeights },
  large_weight_counts: { dtype: 'I32', rest: [], of: (s) => s.largeWeightCounts },
  active_counts: { dtype: 'I32', rest: [], of: (s) => s.activeCounts },
  inverted_counts: { dtype: 'I32', rest: [], of: (s) => s.invertedCounts },
  top_chunks: { dtype: 'I32', rest: ['examples'], of: (s) => s.top.chunks },
  top_votes: { dtype: 'F32', rest: ['examples'], of: (s) => s.top.votes },
  top_codes: { dtype: 'I32', rest: ['examples'], of: (s) => s.top.codes },
  top_neighbours: { dtype: 'U8', rest: ['examples', 2, NEIGHBOUR_BYTES], of: (_, neighbours) => neighbours.top },
  sample_chunks: { dtype: 'I32', rest: ['examples'], of: (s) => s.sample.chunks },
  sample_votes: { dtype: 'F32', rest: ['examples'], of: (s) => s.sample.votes },
  sample_codes: { dtype: 'I32', rest: ['examples'], of: (s) => s.sample.codes },
  sample_neighbours: { dtype: 'U8', rest: ['examples', 2, NEIGHBOUR_BYTES], of: (_, neighbours) => neighbours.sample },
  nearest: { dtype: 'I32', rest: [], of: (s) => s.nearest },
  nearest_correlations: { dtype: 'F32', rest: [], of: (s) => s.nearestCorrelations },
} as const satisfies Readonly<Record<string, Part>>;

const CONTRIBUTION_PARTS = {
  win_counts: { dtype: 'I32', rest: [], key: 'winCounts' },
  effects: { dtype: 'F64', rest: [], key: 'effects' },
  promoted_bytes: { dtype: 'U8', rest: [PROMOTED_BYTES], key: 'promotedBytes' },
  promoted_bits: { dtype: 'F32', rest: [PROMOTED_BYTES], key: 'promotedBits' },
} as const satisfies Readonly<Record<string, ContributionPart>>;

/** @param examples of each voter and kind: 8, or 0 where they were left out */
function shapeOf({ rest }: Pick<Part, 'rest'>, M: number, examples: number): readonly number[] {
  return rest === null ? [CHUNK_BITS] : [CHUNK_BITS, M, ...rest.map((size) => (size === 'examples' ? examples : size))];
}

function packed({ buffer, byteOffset, byteLength }: SafeTensor['data']): SafeTensor {
  const data = new Uint8Array(deflateRawSync(new Uint8Array(buffer, byteOffset, byteLength), { level: 9 }));
  return { dtype: 'U8', shape: [data.length], data };
}

/** The values of a packed part; null where the bytes are not those of so many. */
function unpacked(data: SafeTensor['data'], count: number): Int32Array | null {
  const most = count * Int32Array.BYTES_PER_ELEMENT;
  try {
    // However much a hostile file unfolds to, no more than this is.
    const bytes = inflateRawSync(data, { maxOutputLength: Math.max(1, most) });
    return bytes.length === most ? new Int32Array(Uint8Array.from(bytes).buffer) : null;
  } catch {
    return null;
  }
}

/** The same without examples: what may be passed on of texts that may not. */
export function withoutExamples(stored: StoredStatistics): StoredStatistics {
  const none = { chunks: new Int32Array(0), votes: new Float32Array(0), codes: new Int32Array(0) };
  return {
    ...stored,
    statistics: { ...stored.statistics, top: none, sample: none },
    neighbours: { top: new Uint8Array(0), sample: new Uint8Array(0) },
  };
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
  const { votersPerBit, chunks, totalChunks, weightChunks, correlationChunks, names } = statistics;
  const examples = statistics.top.chunks.length / (CHUNK_BITS * votersPerBit);
  const tensors = new Map<string, SafeTensor>(
    Object.entries<Part>(PARTS).map(([name, part]) => [
      name,
      part.isPacked === true
        ? packed(part.of(statistics, neighbours))
        : { dtype: part.dtype, shape: shapeOf(part, votersPerBit, examples), data: part.of(statistics, neighbours) },
    ]),
  );
  const counts: Counts = { votersPerBit, chunks, totalChunks, weightChunks, correlationChunks, examples, seed };
  const { contributions } = statistics;
  if (contributions !== null) {
    for (const [name, { key, ...part }] of Object.entries<ContributionPart>(CONTRIBUTION_PARTS)) {
      tensors.set(name, { dtype: part.dtype, shape: shapeOf(part, votersPerBit, examples), data: contributions[key] });
    }
  }
  const metadata = new Map([
    ['statistics', String(VERSION)],
    ['checkpoint', checkpoint],
    ['corpus', JSON.stringify(corpus)],
    ['counts', JSON.stringify(counts)],
    ['names', JSON.stringify(names)],
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
    // The path stands last: where the sentence is too long, its own name stays.
    throw new StatisticsError(
      `The statistics of voters ${what}: choose Gather Statistics in the Specialization Map to make anew ${file}.`,
    );
  };
  const unreadable = (what: string): never => fail(`cannot be read, since ${what}`);
  const version = metadata.get('statistics');
  if (!READABLE.map(String).includes(version ?? '')) return fail(ageOf(version));
  const found = metadata.get('checkpoint');
  if (found !== checkpoint)
    return fail(`are of checkpoint ${found ?? 'unknown'}, but the model is checkpoint ${checkpoint}`);
  const counts = parse(metadata.get('counts'));
  const corpus = parse(metadata.get('corpus'));
  const names = parse(metadata.get('names'));
  if (!isCounts(counts)) return unreadable('metadata "counts" is not as expected');
  if (!isCorpus(corpus)) return unreadable('metadata "corpus" is not as expected');
  if (!areNames(names, counts.votersPerBit)) return unreadable('metadata "names" is not as expected');
  const take = (name: keyof typeof PARTS | keyof typeof CONTRIBUTION_PARTS): SafeTensor['data'] => {
    const part: Pick<Part, 'dtype' | 'rest' | 'isPacked'> = { ...PARTS, ...CONTRIBUTION_PARTS }[name];
    const tensor = tensors.get(name);
    const shape = shapeOf(part, counts.votersPerBit, counts.examples);
    if (part.isPacked === true && tensor?.dtype === 'U8') {
      const count = shape.reduce((product, size) => product * size, 1);
      return unpacked(tensor.data, count) ?? unreadable(`tensor "${name}" does not unpack to ${count} values`);
    }
    if (tensor?.dtype !== part.dtype || tensor.shape.join() !== shape.join()) {
      return unreadable(
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
  const contributions = (): VoterContributions => ({
    winCounts: take('win_counts') as Int32Array,
    effects: take('effects') as Float64Array,
    promotedBytes: take('promoted_bytes') as Uint8Array,
    promotedBits: take('promoted_bits') as Float32Array,
  });
  return {
    checkpoint,
    corpus,
    seed: counts.seed,
    neighbours: { top: bytes('top_neighbours'), sample: bytes('sample_neighbours') },
    statistics: {
      votersPerBit: counts.votersPerBit,
      chunks: counts.chunks,
      totalChunks: counts.totalChunks,
      weightChunks: counts.weightChunks,
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
      contributions: tensors.has('win_counts') ? contributions() : null,
      names,
    },
  };
}

/** What is said of a file of another version than this program's. */
function ageOf(version = ''): string {
  if (!/^\d{1,9}$/.test(version)) return 'are of no known version';
  const age = Number(version) < VERSION ? 'an earlier version of this program' : 'a later version of this program';
  return `were gathered by ${age} (${version}, where ${VERSION} is expected)`;
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
  readonly totalChunks: number;
  readonly weightChunks: number;
  readonly correlationChunks: number;
  readonly examples: number;
  readonly seed: number;
}

function isCounts(value: unknown): value is Counts {
  if (typeof value !== 'object' || value === null) return false;
  const counts = value as Readonly<Record<keyof Counts, unknown>>;
  const isCount = (key: keyof Counts, least: number): boolean =>
    Number.isSafeInteger(counts[key]) && Number(counts[key]) >= least;
  const leasts = { votersPerBit: 1, chunks: 1, weightChunks: 1, correlationChunks: 0, examples: 0, seed: -Infinity };
  return (
    Object.entries(leasts).every(([key, least]) => isCount(key as keyof Counts, least)) &&
    isCount('totalChunks', Number(counts.chunks)) &&
    (counts.examples === EXAMPLES || counts.examples === 0)
  );
}

function areNames(value: unknown, votersPerBit: number): value is AutomaticName[] {
  return (
    Array.isArray(value) &&
    value.every((each: unknown) => {
      const { row, name, votes, there, chunks } = (each ?? {}) as Partial<AutomaticName>;
      return (
        [row, votes, there, chunks].every((count) => Number.isSafeInteger(count) && count! >= 0) &&
        row! < CHUNK_BITS * votersPerBit &&
        typeof name === 'string' &&
        name.length <= MOST_NAME
      );
    })
  );
}

function isCorpus(value: unknown): value is StatisticsCorpus {
  if (typeof value !== 'object' || value === null) return false;
  const { files, bytes, skipped, title } = value as Partial<StatisticsCorpus>;
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
    Number.isSafeInteger(skipped) &&
    (title === undefined || typeof title === 'string')
  );
}
