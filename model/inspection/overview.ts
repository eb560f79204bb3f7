/** @file The model as a whole: its blocks with shapes, parameters and times, its card, and how active each block is for one chunk. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { readRegularFile } from '../files/readRegularFile';
import { networkBlocks } from '../network/blocks';
import type { ChunkScores } from '../network/chunkScores';
import type { VoterHead } from '../network/voterHead';
import type { BlockGates, ModelActivity, ModelOverview } from '../protocol/models';
import type { BlockOutput } from '../runtime/blockSessions';
import { BlockOutputs, measureBlockTimes, TIMED_RUNS } from '../runtime/blockSessions';
import type { Inference } from '../runtime/inference';
import { nextWindow, windowBytes, windowOfChunk } from '../text/windows';
import { chunkCode } from './chunkSearch';
import type { InspectedDocument } from './inspector';
import { documentChunk } from './documentChunk';
import { bytesKey, LruCache } from './lruCache';

/** A few windows of the default model. */
const WINDOWS_CACHE_BYTES = 16 * 2 ** 20;
/** Characters of a card that are read; longer ones are cut. */
const MOST_CARD = 64 * 1024;
/** Larger files are no card. */
const MOST_CARD_BYTES = 16_000_000;

/** The text of the folder's `card.md`; null where there is none that can be read. */
export async function readCard(folder: string): Promise<string | null> {
  try {
    return (await readRegularFile(join(folder, 'card.md'), MOST_CARD_BYTES)).toString('utf8').slice(0, MOST_CARD);
  } catch {
    return null;
  }
}

/** √(mean of x²). */
export function rootMeanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum / values.length);
}

type BlockOutputMap = ReadonlyMap<string, BlockOutput>;

/** One loaded model, looked at as a whole. */
export class Overview {
  #outputs: Promise<BlockOutputs> | undefined;
  /** By the bytes of their windows. */
  readonly #windows = new LruCache<BlockOutputMap>(WINDOWS_CACHE_BYTES);

  constructor(
    private readonly model: {
      readonly folder: string;
      readonly checkpoint: string;
      readonly inference: Inference;
      readonly head: VoterHead;
    },
  ) {}

  /**
   * The blocks in the order of computation, with what they hold and how long they take.
   * @param giveWay awaited before each of the runs that are timed
   * @throws DeviceError
   */
  async describe(giveWay: () => Promise<void> = setImmediate): Promise<ModelOverview> {
    const { folder, checkpoint, inference } = this.model;
    const { config, options } = inference;
    const times = await measureBlockTimes(inference, giveWay);
    return {
      checkpoint,
      context: config.context_chunks,
      blocks: networkBlocks(config).map((block) => ({
        ...block,
        positions: Math.ceil(config.context_chunks / 2 ** block.level),
        milliseconds: times?.get(block.id) ?? null,
      })),
      timedRuns: TIMED_RUNS,
      device: options.device,
      threads: options.threads,
      card: await readCard(folder),
    };
  }

  /**
   * How active every block is where the chunk that holds byte `offset` is predicted: the root mean square over its channels, of the
   * voters that of their scores (with chained bits given the real ones).
   * @throws InspectionError where the document is empty, DeviceError
   */
  async activity(document: InspectedDocument, offset: number): Promise<ModelActivity> {
    const { checkpoint, inference, head } = this.model;
    const { bytes } = document;
    const T = inference.config.context_chunks;
    const { index, chunkCount, offset: first, text } = documentChunk(bytes, offset);
    const window = windowOfChunk(index, chunkCount, T);
    const inputs = windowBytes(bytes, window, T);
    const outputs = await this.#outputsOf(inputs);
    const blocks = networkBlocks(inference.config);
    // Output j of a coarser level is the last one that has seen inputs up to 2^level·j.
    const position = index - window.firstTarget;
    // On a finer level a chunk has several outputs.
    const row = ({ shape, data }: BlockOutput, level: number): Float32Array => {
      const channels = shape[1]!;
      const at = Math.floor(position / 2 ** level) * channels;
      return data.subarray(at, at + channels * Math.max(1, 2 ** -level));
    };
    const trunk = { hidden: outputs.get('processor.output_conv')!.data, inputs };
    const scores = head.at(trunk, position);
    const code = chunkCode(inputs, CHUNK_BYTES * (position + 1));
    const rms = blocks.map(({ id, level }) => {
      const output = outputs.get(id);
      return output === undefined ? scoresActivity(head, scores, code) : rootMeanSquare(row(output, level));
    });
    const gates = blocks.flatMap(({ id, level }): BlockGates[] => {
      const output = outputs.get(`${id}.gates`);
      return output === undefined ? [] : [{ block: id, gates: row(output, level).slice() }];
    });
    return {
      checkpoint,
      index,
      chunkCount,
      offset: first,
      text,
      rms: Float32Array.from(rms),
      gates,
    };
  }

  /** Runs the window that the caret comes to next from a byte offset, so that its activity is there when it is asked for. */
  async anticipate({ bytes }: InspectedDocument, offset: number): Promise<void> {
    const chunkCount = Math.ceil(bytes.length / CHUNK_BYTES);
    const T = this.model.inference.config.context_chunks;
    const window = nextWindow(Math.floor(offset / CHUNK_BYTES), chunkCount, T);
    if (window !== null) await this.#outputsOf(windowBytes(bytes, window, T));
  }

  async dispose(): Promise<void> {
    const outputs = await this.#outputs?.catch(() => undefined);
    this.#outputs = undefined;
    await outputs?.dispose();
  }

  /** What the blocks make of a window of T+1 chunks. */
  async #outputsOf(filled: Uint8Array): Promise<BlockOutputMap> {
    const key = bytesKey(filled);
    const cached = this.#windows.get(key);
    if (cached !== undefined) return cached;
    this.#outputs ??= BlockOutputs.create(this.model.inference, (id) => !id.endsWith('.attention'));
    const outputs = await (await this.#outputs).run(filled);
    this.#windows.set(
      key,
      outputs,
      [...outputs.values()].reduce((sum, { data }) => sum + data.byteLength, 0),
    );
    return outputs;
  }
}

function scoresActivity(head: VoterHead, scores: ChunkScores, code: number): number {
  const all = Array.from({ length: CHUNK_BITS }, (_, bit) => rootMeanSquare(head.bitScores(scores, bit, code)));
  return rootMeanSquare(all);
}
