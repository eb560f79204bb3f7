/** @file Where the examples of voters stand: their files and places, kept with what stands around them, and found again. */
import { bisectRight } from 'd3-array';
import { CHUNK_BYTES } from '../measures/chunk';
import type { ExampleNeighbours, StoredStatistics } from '../checkpoint/statisticsFile';
import type { VoterExamples } from '../checkpoint/voterStatistics';
import { EXAMPLES } from '../checkpoint/voterStatistics';
import type { FindablePlace } from '../protocol/documents';
import type { CorpusFile } from '../text/corpus';
import { NEIGHBOUR_BYTES, placeIn } from '../text/place';
import { codeBytes } from './chunkSearch';
import { chunksOfFile } from './corpusStatistics';
import type { TurnOptions } from './turns';
import { Turns } from './turns';

/** Bytes kept for one example: those before it, which end at it, and those after it. */
const KEPT_BYTES = 2 * NEIGHBOUR_BYTES;

/**
 * What stands around each example.
 * @param files the corpus that the examples' chunks are numbered through
 * @returns [32·M·8·2·8]
 * @throws the signal's reason when it is aborted
 */
export async function exampleNeighbours(
  files: readonly CorpusFile[],
  { chunks }: VoterExamples,
  options: TurnOptions = {},
): Promise<Uint8Array> {
  const find = chunkFinder(files.map((file) => ({ bytes: file.bytes, chunks: chunksOfFile(file) })));
  const neighbours = new Uint8Array(chunks.length * KEPT_BYTES);
  const turns = new Turns(options);
  for (const [slot, chunk] of chunks.entries()) {
    if (turns.isDue) await turns.give();
    const found = find(chunk);
    if (found === null) continue;
    const { before, after } = placeIn(found.file.bytes, found.offset, CHUNK_BYTES);
    neighbours.set(before, slot * KEPT_BYTES + NEIGHBOUR_BYTES - before.length);
    neighbours.set(after, slot * KEPT_BYTES + NEIGHBOUR_BYTES);
  }
  return neighbours;
}

/** An example of a voter: in which file, where in its text, and its vote there. */
export interface PlacedExample {
  readonly path: string;
  readonly place: FindablePlace;
  readonly vote: number;
}

/** The examples of the voter in `row`, as many as there are. */
export function placedExamples(
  { corpus, statistics, neighbours }: StoredStatistics,
  kind: keyof ExampleNeighbours,
  row: number,
): PlacedExample[] {
  const { chunks, votes, codes } = statistics[kind];
  if (chunks.length === 0) return [];
  const find = chunkFinder(corpus.files);
  return Array.from({ length: EXAMPLES }, (_, i) => row * EXAMPLES + i).flatMap((slot) => {
    const found = find(chunks[slot]!);
    if (found === null) return [];
    const around = neighbours[kind].subarray(slot * KEPT_BYTES, (slot + 1) * KEPT_BYTES);
    const place: FindablePlace = {
      offset: found.offset,
      bytes: codeBytes(codes[slot]! >>> 0),
      before: around.slice(0, NEIGHBOUR_BYTES).filter((byte) => byte !== 0),
      after: around.slice(NEIGHBOUR_BYTES).filter((byte) => byte !== 0),
    };
    return [{ path: found.file.path, place, vote: votes[slot]! }];
  });
}

/** Finds the file that holds a chunk by its number in the corpus, and the chunk's offset in it; null where there is none. */
function chunkFinder<File extends { readonly chunks: number }>(
  files: readonly File[],
): (chunk: number) => { readonly file: File; readonly offset: number } | null {
  /** Number of the first chunk of each file, and of all chunks. */
  const starts = [0];
  for (const { chunks } of files) starts.push(starts.at(-1)! + chunks);
  return (chunk) => {
    if (chunk < 0 || chunk >= starts.at(-1)!) return null;
    // The last file that begins at or before the chunk: an empty one before it begins there too.
    const at = bisectRight(starts, chunk) - 1;
    return { file: files[at]!, offset: CHUNK_BYTES * (chunk - starts[at]!) };
  };
}
