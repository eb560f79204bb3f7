/** @file Where the heads of a transformer bottleneck read: for one chunk, and over a document. */
import { ATTENTION_KINDS, noAttention } from '../measures/attentionText';
import { CHUNK_BYTES } from '../measures/chunk';
import { characterStart } from '../measures/utf8';
import { visibleLabel, visibleText } from '../measures/visibleText';
import type { ChunkAttention, HeadFindings } from '../protocol/attention';
import type { BlockOutput } from '../runtime/blockSessions';
import { BlockOutputs } from '../runtime/blockSessions';
import type { Inference } from '../runtime/inference';
import type { DocumentWindow } from '../text/windows';
import { windowBytes, windowOfChunk } from '../text/windows';
import type { Span, WindowPlaces } from './attentionPlaces';
import { placeSpan, readPlaces } from './attentionPlaces';
import { HeadTally } from './headTally';
import type { InspectedDocument } from './inspector';
import { documentChunk } from './documentChunk';
import { bytesKey, LruCache } from './lruCache';
import { spreadWindows } from './spreadWindows';
import type { TurnOptions } from './turns';
import { Turns } from './turns';

/** Dozens of windows of the default model. */
const WINDOWS_CACHE_BYTES = 8 * 2 ** 20;
/** Chunks over which heads are measured at most: seconds of work. */
const MOST_CHUNKS = 65_536;

export interface HeadOptions extends TurnOptions {
  /** Told after every window: chunks seen so far and in all. */
  readonly onProgress?: (chunks: number, total: number) => void;
}

/** The weights of each block [heads, L, L], row by row of those who read. */
type WindowWeights = readonly Float32Array[];

/** One loaded model's attention; its graph is made when it is asked for first. */
export class Attention {
  #outputs: Promise<BlockOutputs> | undefined;
  /** By the bytes of their windows. */
  readonly #windows = new LruCache<WindowWeights>(WINDOWS_CACHE_BYTES);

  constructor(private readonly model: { readonly checkpoint: string; readonly inference: Inference }) {}

  /**
   * Where every head reads when the chunk that holds byte `offset` is predicted; null where the model has no attention.
   * @throws InspectionError where the document is empty, DeviceError
   */
  async at({ bytes }: InspectedDocument, offset: number): Promise<ChunkAttention | null> {
    const start = performance.now();
    const { checkpoint, inference } = this.model;
    const { context_chunks: T } = inference.config;
    if (noAttention(inference.config) !== null) return null;
    const chunk = documentChunk(bytes, offset);
    const { index } = chunk;
    const window = windowOfChunk(index, chunk.chunkCount, T);
    const places = this.#placesOf(bytes, window);
    // The last place that the chunk's own position hears.
    const position = Math.floor((index - window.firstTarget) / places.chunks);
    const weightsOf = this.#reader(await this.#weightsOf(bytes, window), position);
    const read = readPlaces(places, position);
    const tally = this.#tally();
    tally.add(weightsOf, read, position);
    const { to: end } = placeSpan(places, position);
    const { repeated } = read;
    const n = position + 1;
    const weights = new Float32Array(tally.headCount * n);
    for (let head = 0; head < tally.headCount; head++) weights.set(weightsOf(head), head * n);
    return {
      checkpoint,
      ...chunk,
      ...tally.means(),
      places: Array.from({ length: n }, (_, place) => {
        const { from, to } = placeSpan(places, place);
        const kinds = ATTENTION_KINDS.filter((kind) => read.kinds[kind].includes(place));
        return { offset: from, length: to - from, text: placeText(bytes, { from, to }, place === position), kinds };
      }),
      weights,
      unread: visibleText(bytes.subarray(end, chunk.offset)),
      repeated: repeated && {
        text: visibleLabel(bytes.subarray(characterStart(bytes, end - repeated.length), end)),
        ends: repeated.ends,
      },
      milliseconds: performance.now() - start,
    };
  }

  /**
   * Where every head reads on the whole: over all positions that predict complete chunks of the document, but the first of a window, which
   * reads itself alone; of a long document over as many as there is time for, in windows spread evenly. Null where the model has no
   * attention, or the document no such position.
   * @throws the signal's reason when it is aborted, DeviceError
   */
  async heads({ bytes }: InspectedDocument, options: HeadOptions = {}): Promise<HeadFindings | null> {
    const start = performance.now();
    const { checkpoint, inference } = this.model;
    const { context_chunks: T } = inference.config;
    if (noAttention(inference.config) !== null) return null;
    const turns = new Turns(options);
    const { windows, count, total } = spreadWindows([{ bytes }], T, MOST_CHUNKS);
    const tally = this.#tally();
    let done = 0;
    for (const window of windows) {
      if (turns.isDue) await turns.give();
      const places = this.#placesOf(bytes, window);
      const weights = await this.#run(windowBytes(bytes, window, T));
      const positionOf = (chunk: number): number => Math.floor((chunk - window.firstTarget) / places.chunks);
      const last = positionOf(window.scoreTo - 1);
      for (let position = Math.max(1, positionOf(window.scoreFrom)); position <= last; position++) {
        tally.add(this.#reader(weights, position), readPlaces(places, position), position);
      }
      done += window.scoreTo - window.scoreFrom;
      options.onProgress?.(done, count);
    }
    if (tally.positions === 0) return null;
    return {
      checkpoint,
      ...tally.means(),
      positions: tally.positions,
      counts: tally.counts,
      chunks: count,
      totalChunks: total,
      milliseconds: performance.now() - start,
    };
  }

  async dispose(): Promise<void> {
    const outputs = await this.#outputs?.catch(() => undefined);
    this.#outputs = undefined;
    await outputs?.dispose();
  }

  #placesOf(bytes: Uint8Array, { firstTarget }: DocumentWindow): WindowPlaces {
    return { bytes, firstTarget, chunks: 2 ** this.model.inference.config.stages };
  }

  #tally(): HeadTally {
    const { bottleneck_layers: blocks, attention_heads: heads, stages } = this.model.inference.config;
    return new HeadTally(blocks, heads, CHUNK_BYTES * 2 ** stages);
  }

  /** The weights [n] with which a head reads the places up to a position. */
  #reader(weights: WindowWeights, position: number): (head: number) => Float32Array {
    const { attention_heads: heads } = this.model.inference.config;
    return (head) => {
      const block = weights[Math.floor(head / heads)]!;
      const L = Math.sqrt(block.length / heads);
      const row = ((head % heads) * L + position) * L;
      return block.subarray(row, row + position + 1);
    };
  }

  async #weightsOf(bytes: Uint8Array, window: DocumentWindow): Promise<WindowWeights> {
    const inputs = windowBytes(bytes, window, this.model.inference.config.context_chunks);
    const key = bytesKey(inputs);
    let weights = this.#windows.get(key);
    if (weights === undefined) {
      weights = await this.#run(inputs);
      this.#windows.set(
        key,
        weights,
        weights.reduce((sum, { byteLength }) => sum + byteLength, 0),
      );
    }
    return weights;
  }

  async #run(inputs: Uint8Array): Promise<WindowWeights> {
    this.#outputs ??= BlockOutputs.create(this.model.inference, (id) => id.endsWith('.attention'));
    // In the order of the blocks, in which they were observed.
    const outputs: ReadonlyMap<string, BlockOutput> = await (await this.#outputs).run(inputs);
    return Array.from(outputs.values(), ({ data }) => data);
  }
}

/** A place's text: a character stands where its last byte does, but for one that the last place reads a part of. */
function placeText(bytes: Uint8Array, { from, to }: Span, isLast: boolean): string {
  return visibleText(bytes.subarray(characterStart(bytes, from), isLast ? to : characterStart(bytes, to)));
}
