/** @file The depth lens: what the voters would say if the trunk ended behind each of its blocks, for the chunks around one. */
import { alternative, alternatives } from '../inspection/alternatives';
import { chunkCode, mostProbableChunks } from '../inspection/chunkSearch';
import type { InspectedDocument } from '../inspection/inspector';
import { documentChunk } from '../inspection/documentChunk';
import { ChangedHead } from '../inspection/lesions';
import { bytesKey, LruCache } from '../inspection/lruCache';
import { effectiveVoters } from '../inspection/measures';
import { Turns } from '../inspection/turns';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { isWrong } from '../measures/decidedBits';
import { visibleLabel } from '../measures/visibleText';
import type { ChunkScores, TrunkWindow } from '../network/chunkScores';
import type { VoterHead } from '../network/voterHead';
import type { Depth, DepthLens as DepthLensAnswer, DepthParams, DepthReading, DepthTop } from '../protocol/depth';
import { BlockOutputs } from '../runtime/blockSessions';
import type { Inference } from '../runtime/inference';
import { chunkBits } from '../text/chunks';
import { windowBytes, windowOfChunk } from '../text/windows';
import type { BlockOutputMap, FitOptions, FittedReadouts } from './fitting';
import { fitReadouts, trunkBlocks } from './fitting';

/** A few windows of the default model. */
const WINDOWS_CACHE_BYTES = 8 * 2 ** 20;
/** Some thousand cells. */
const CELLS_CACHE_BYTES = 4 * 2 ** 20;
/** Partial chunks of each length that are followed to find the most probable chunk of changed voters. */
const WIDTH = 16;

/** A loaded model, as far as the lens needs it. */
export interface DepthModel {
  readonly inference: Inference;
  readonly head: VoterHead;
  /** Names the checkpoint in every answer. */
  readonly checkpoint: string;
}

/** One chunk at one depth. */
interface Cell {
  readonly surprise: number;
  readonly effectiveVoters: number;
  readonly wrongBits: number;
  readonly top: DepthTop;
  /** [32] */
  readonly probabilities: Float32Array;
  /** [32] */
  readonly bitVoters: Float32Array;
}

const CELL_BYTES = 2 * 4 * CHUNK_BITS + 128;

/** A chunk as voters are asked about it. */
interface AskedChunk {
  readonly code: number;
  /** Bits from the first on that are text. */
  readonly scored: number;
}

/** The lens on one model. What was computed is kept by the bytes of its window; readouts are fitted at the first request. */
export class DepthLens {
  #outputs: Promise<BlockOutputs> | undefined;
  readonly #fits = new Map<string, Promise<FittedReadouts>>();
  /** [R, T, D] what the head is given at each depth. */
  readonly #windows = new LruCache<Float32Array>(WINDOWS_CACHE_BYTES);
  readonly #cells = new LruCache<Cell>(CELLS_CACHE_BYTES);

  constructor(private readonly model: DepthModel) {}

  /**
   * @throws InspectionError where the document is empty
   * @throws VoterChangeError where a change names no voter or no vote
   * @throws CorpusError where the sample is no text
   * @throws the signal's reason when it is aborted
   */
  async inspect(
    { bytes }: InspectedDocument,
    { offset, before, after, fill, reading, changes, sample }: Omit<DepthParams, 'uri' | 'version'>,
    options: FitOptions = {},
  ): Promise<DepthLensAnswer> {
    const start = performance.now();
    const { head, inference, checkpoint } = this.model;
    const changed = new ChangedHead(head, changes);
    const { context_chunks: T, embedding_dim: D } = inference.config;
    const looked = documentChunk(bytes, offset);
    const { index, chunkCount } = looked;
    const firstChunk = Math.max(0, index - before);
    const n = Math.min(chunkCount, index + after + 1) - firstChunk;
    const fitted = await this.#fitted(sample, options);
    const depths = this.#depths(fitted, reading);
    const R = depths.length;
    const turns = new Turns(options);

    const cells: (Cell | null)[] = [];
    for (let column = 0; column < n; column++) {
      const chunk = firstChunk + column;
      const window = windowOfChunk(chunk, chunkCount, T);
      const inputs = windowBytes(bytes, window, T);
      const position = chunk - window.firstTarget;
      const asked: AskedChunk = {
        code: chunkCode(inputs, CHUNK_BYTES * (position + 1)),
        scored: Math.min(CHUNK_BITS, 8 * (bytes.length - CHUNK_BYTES * chunk)),
      };
      const subject = `${position} ${asked.scored} ${reading} ${JSON.stringify(changes)} ${sample} ${bytesKey(inputs)}`;
      for (let r = 0; r < R; r++) {
        const key = `${r} ${subject}`;
        let cell = this.#cells.get(key);
        if (cell === undefined && (fill || chunk === index)) {
          if (turns.isDue) await turns.give();
          const hidden = await this.#hiddenOf(inputs, depths, fitted, `${reading} ${sample}`);
          cell = this.#cell(changed, { hidden: hidden.subarray(r * T * D, (r + 1) * T * D), inputs }, position, asked);
          this.#cells.set(key, cell, CELL_BYTES);
        }
        cells[r * n + column] = cell ?? null;
      }
    }

    const textOf = (chunk: number) => bytes.subarray(CHUNK_BYTES * chunk, CHUNK_BYTES * (chunk + 1));
    const own = depths.map((_, r) => cells[r * n + index - firstChunk]!);
    const text = textOf(index);
    const padded = new Uint8Array(CHUNK_BYTES);
    padded.set(text);
    return {
      checkpoint,
      ...looked,
      reading,
      depths,
      fit: fitted.fit,
      firstChunk,
      texts: Array.from({ length: n }, (_, column) => visibleLabel(textOf(firstChunk + column))),
      surprise: Float32Array.from(cells, (cell) => cell?.surprise ?? NaN),
      effectiveVoters: Float32Array.from(cells, (cell) => cell?.effectiveVoters ?? NaN),
      wrongBits: Uint8Array.from(cells, (cell) => cell?.wrongBits ?? 0),
      tops: cells.map((cell) => cell?.top ?? null),
      isWhole: !cells.includes(null),
      bits: chunkBits(padded, 0),
      scored: Uint8Array.from({ length: CHUNK_BITS }, (_, bit) => (bit < 8 * text.length ? 1 : 0)),
      probabilities: joined(own.map(({ probabilities }) => probabilities)),
      bitVoters: joined(own.map(({ bitVoters }) => bitVoters)),
      milliseconds: performance.now() - start,
    };
  }

  async dispose(): Promise<void> {
    const outputs = await this.#outputs?.catch(() => undefined);
    this.#outputs = undefined;
    await outputs?.dispose();
  }

  /** What the trunk's blocks make of a window of T+1 chunks; compiled when it is asked for first. */
  async #run(window: Uint8Array): Promise<BlockOutputMap> {
    const { inference } = this.model;
    const ids = new Set(trunkBlocks(inference.config).map(({ id }) => id));
    this.#outputs ??= BlockOutputs.create(inference, (id) => ids.has(id));
    return (await this.#outputs).run(window);
  }

  /** The fit of a sample, made once; whoever asked first may leave, and others are glad of it. Only the first one is told how far it is. */
  #fitted(sample: string, { giveWay, onProgress }: FitOptions): Promise<FittedReadouts> {
    let fitted = this.#fits.get(sample);
    if (fitted === undefined) {
      fitted = fitReadouts(this.model.inference.config, (window) => this.#run(window), sample, {
        giveWay,
        onProgress,
      });
      this.#fits.set(sample, fitted);
      fitted.catch(() => this.#fits.delete(sample));
    }
    return fitted;
  }

  #depths({ byBlock }: FittedReadouts, reading: DepthReading): Depth[] {
    const { config } = this.model.inference;
    const blocks = trunkBlocks(config);
    return [
      { block: null, readout: 'mean', explained: null },
      ...blocks.map(({ id, kind, level, channels }, i): Depth => {
        const block = { id, kind, level, channels };
        if (i === blocks.length - 1) return { block, readout: 'model', explained: null };
        const isAsWide = level === 0 && channels === config.embedding_dim;
        if (isAsWide && reading === 'direct') return { block, readout: 'direct', explained: null };
        return { block, readout: 'fitted', explained: byBlock.get(id)!.explained };
      }),
    ];
  }

  /** What the head is given at every depth of a window of T+1 chunks: [R, T, D]. */
  async #hiddenOf(
    inputs: Uint8Array,
    depths: readonly Depth[],
    fitted: FittedReadouts,
    how: string,
  ): Promise<Float32Array> {
    const { inference } = this.model;
    const { context_chunks: T, embedding_dim: D } = inference.config;
    const key = `${how} ${bytesKey(inputs)}`;
    const cached = this.#windows.get(key);
    if (cached !== undefined) return cached;
    const outputs = await this.#run(inputs);
    const stream = new Float32Array(depths.length * T * D);
    depths.forEach(({ block, readout }, r) => {
      const rows = stream.subarray(r * T * D, (r + 1) * T * D);
      if (block === null) for (let t = 0; t < T; t++) rows.set(fitted.mean, t * D);
      else if (readout === 'fitted') {
        const count = Math.ceil(T / 2 ** block.level);
        rows.set(
          fitted.byBlock
            .get(block.id)!
            .readout.read(outputs.get(block.id)!, count)
            .subarray(0, T * D),
        );
      } else rows.set(outputs.get(block.id)!.data.subarray(0, T * D));
    });
    const hidden = await inference.trunkEnd(stream, depths.length);
    this.#windows.set(key, hidden, hidden.byteLength);
    return hidden;
  }

  #cell(changed: ChangedHead, window: TrunkWindow, position: number, { code, scored }: AskedChunk): Cell {
    const { head } = this.model;
    const scores = changed.at(window, position);
    const changedBits = new Set(changed.changedBits);
    const probabilities = new Float32Array(CHUNK_BITS);
    const bitVoters = new Float32Array(CHUNK_BITS);
    const weights = new Float32Array(head.votersPerBit);
    let surprise = 0;
    let voters = 0;
    let wrongBits = 0;
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      let said;
      if (changedBits.has(bit)) {
        said = changed.measure(scores, bit, code);
        bitVoters[bit] = said.effectiveVoters;
      } else {
        said = head.aggregate(scores, bit, code, weights);
        bitVoters[bit] = effectiveVoters(weights, 0, weights.length);
      }
      probabilities[bit] = said.probability;
      if (bit >= scored) continue;
      const real = (code >>> (31 - bit)) & 1;
      surprise -= (real === 1 ? said.logProbability : said.logComplement) / Math.LN2;
      voters += bitVoters[bit]!;
      if (isWrong(said.probability, real)) wrongBits++;
    }
    const top = this.#top(changed, scores, { code, scored });
    return { surprise, effectiveVoters: voters / scored, wrongBits, top, probabilities, bitVoters };
  }

  #top(changed: ChangedHead, scores: ChunkScores, { code, scored }: AskedChunk): DepthTop {
    const context = { before: new Uint8Array(), realCode: code, scoredBits: scored };
    // Only where no score is a number is there no most probable chunk.
    const best =
      changed.changedBits.length === 0
        ? alternatives(this.model.head, scores, 1, context)[0]
        : mostProbableChunks(changed, scores, 1, { width: WIDTH }).map((found) => alternative(found, context))[0];
    if (best === undefined) return { text: '', probability: NaN, isReal: false };
    return { text: best.text, probability: best.probability, isReal: best.flippedBits.length === 0 };
  }
}

/** Rows of one length, one after the other. */
function joined(rows: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(rows.length * CHUNK_BITS);
  rows.forEach((row, r) => {
    all.set(row, r * CHUNK_BITS);
  });
  return all;
}
