/** @file What a model makes of a document: the votes for one chunk, and measurements of a range of chunks. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { visibleLabel, visibleText } from '../measures/visibleText';
import type { ChunkScores, TrunkWindow } from '../network/chunkScores';
import type { VoterHead } from '../network/voterHead';
import type { DocumentRef } from '../protocol/documents';
import type { ChunkInspection, RangeInspection, Sparsity, VoterChange } from '../protocol/inspection';
import type { LesionInspection, LesionParams } from '../protocol/lesions';
import type { Inference } from '../runtime/inference';
import { chunkBits } from '../text/chunks';
import { characterStart } from '../measures/utf8';
import { documentWindows, fillWindow, nextWindow, windowBytes, windowOfChunk } from '../text/windows';
import type { DocumentWindow } from '../text/windows';
import { alternatives as listAlternatives } from './alternatives';
import { bitLogLikelihoods, chunkCode } from './chunkSearch';
import { documentChunk } from './documentChunk';
import { voterEffects } from './effects';
import type { ChangedBit } from './lesions';
import { ChangedHead } from './lesions';
import type { DecodingHead, LesionPosition } from './lesionState';
import { lesionState } from './lesionState';
import { bytesKey, LruCache } from './lruCache';
import { activeVoters, effectiveVoters } from './measures';
import { SparsityTally } from './sparsity';
import type { TurnOptions } from './turns';
import { Turns } from './turns';
import { measureWindow, measuresBytes } from './windowMeasures';
import type { WindowMeasures } from './windowMeasures';

/** A document's text in UTF-8. */
export interface InspectedDocument extends DocumentRef {
  readonly bytes: Uint8Array;
}

/** A loaded model, as far as inspection needs it. */
export interface InspectedModel {
  readonly inference: Pick<Inference, 'config' | 'hidden' | 'score' | 'vectors' | 'windows'>;
  readonly head: VoterHead;
  /** Names the checkpoint in every answer. */
  readonly checkpoint: string;
}

export interface RangeOptions extends TurnOptions {
  /** Voters silenced or held at every chunk; none unless given. */
  readonly changes?: readonly VoterChange[];
}

export interface SparsityOptions extends TurnOptions {
  /** Told after every window: chunks seen so far and in all. */
  readonly onProgress?: (chunks: number, total: number) => void;
}

/** A chunk of a document at which the model is asked. */
interface Position extends LesionPosition {
  readonly index: number;
  readonly chunkCount: number;
  /** Byte offset of the chunk. */
  readonly first: number;
  /** Bytes of it that are in the document. */
  readonly length: number;
  /** Its 4 bytes, padded with zeros. */
  readonly chunk: Uint8Array;
}

/** Bytes shown before and after a chunk. */
const NEIGHBOUR_BYTES = 16;
/** Positions in one batch of windows: as fast as larger ones, and over in 10 ms, so that a hover that came in between is answered soon. */
const BATCH_POSITIONS = 256;
/** Chunks in one answer. */
const MOST_CHUNKS = 65536;
/** Fewer windows than this run one by one instead of in a padded batch. */
const SMALL_REST = 3;
const HIDDEN_CACHE_BYTES = 8 * 2 ** 20;
/** 20 kB of text and more: what is coloured while voters are silenced one after the other. */
const VECTORS_CACHE_BYTES = 32 * 2 ** 20;
/** As much as one answer of the most chunks takes. */
const MEASURES_CACHE_BYTES = 32 * 2 ** 20;

/**
 * Inspects documents with one model. What was computed is kept by the bytes of its window, not by document and version, so that after
 * an edit only the windows that the edit touched are computed again.
 */
export class Inspector {
  readonly #hidden = new LruCache<Float32Array>(HIDDEN_CACHE_BYTES);
  readonly #vectors = new LruCache<Float32Array>(VECTORS_CACHE_BYTES);
  readonly #measures = new LruCache<WindowMeasures>(MEASURES_CACHE_BYTES);

  constructor(private readonly model: InspectedModel) {}

  /**
   * The votes that predicted the chunk at a byte offset from the chunks before it.
   * @param offset byte offset; one at or after the end means the last chunk
   * @param alternatives how many of the most probable chunks to list
   * @throws InspectionError where the document is empty
   */
  async inspectChunk(document: InspectedDocument, offset: number, alternatives: number): Promise<ChunkInspection> {
    const start = performance.now();
    const { head } = this.model;
    const { bytes } = document;
    const position = await this.#position(document, offset);
    const { index, chunkCount, first, length, chunk, scores } = position;
    const bits = chunkBits(chunk, 0);
    const scored = Uint8Array.from({ length: CHUNK_BITS }, (_, b) => (b < 8 * length ? 1 : 0));
    const tally = new SparsityTally(head.votersPerBit);
    const votes = this.#votes(scores, chunkCode(chunk), 8 * length, tally);
    const logLikelihoods = bitLogLikelihoods(head, scores, chunkCode(chunk));
    return {
      checkpoint: this.model.checkpoint,
      index,
      chunkCount,
      offset: first,
      length,
      text: visibleLabel(chunk.subarray(0, length)),
      before: visibleText(bytes.subarray(characterStart(bytes, first - NEIGHBOUR_BYTES), first)),
      after: visibleText(bytes.subarray(first + length, characterStart(bytes, first + length + NEIGHBOUR_BYTES))),
      bits,
      scored,
      ...votes,
      effects: voterEffects(head, scores, chunkCode(chunk), 8 * length).surprise,
      surprise: -logLikelihoods.reduce((sum, value, b) => sum + scored[b]! * value, 0) / Math.LN2,
      sparsity: tally.result(),
      alternatives: listAlternatives(head, scores, alternatives, position),
      milliseconds: performance.now() - start,
    };
  }

  /** Runs the window that the caret comes to next from a byte offset, so that it is there when it is asked for. */
  async anticipate({ bytes }: InspectedDocument, offset: number): Promise<void> {
    const chunkCount = Math.ceil(bytes.length / CHUNK_BYTES);
    const window = nextWindow(Math.floor(offset / CHUNK_BYTES), chunkCount, this.model.inference.config.context_chunks);
    if (window !== null) await this.#trunkOf(bytes, window);
  }

  /**
   * The chunk at a byte offset before and after some of its voters are silenced or held at a vote, and what is decoded from there on.
   * @throws InspectionError where the document is empty
   * @throws VoterChangeError where a change names no voter or no vote
   * @throws the signal's reason when it is aborted
   */
  async lesion(
    document: InspectedDocument,
    { offset, changes, continuation }: Pick<LesionParams, 'offset' | 'changes' | 'continuation'>,
    signal?: AbortSignal,
  ): Promise<LesionInspection> {
    const start = performance.now();
    const { head, inference, checkpoint } = this.model;
    const changed = new ChangedHead(head, changes);
    const position = await this.#position(document, offset);
    const prefix = document.bytes.subarray(0, position.first);
    const state = (voters: DecodingHead) =>
      lesionState({ inference, head: voters }, position, { prefix, maxBytes: continuation, signal });
    return {
      checkpoint,
      index: position.index,
      offset: position.first,
      length: position.length,
      before: await state(head),
      after: await state(changed),
      bitsWithoutVoters: changed.bitsWithoutVoters(),
      milliseconds: performance.now() - start,
    };
  }

  /**
   * What the voters say of those bits of the chunk at a byte offset of which some are silenced or held at a vote.
   * @throws InspectionError where the document is empty
   * @throws VoterChangeError where a change names no voter or no vote
   */
  async changedBits(
    document: InspectedDocument,
    offset: number,
    changes: readonly VoterChange[],
  ): Promise<ReadonlyMap<number, ChangedBit & { readonly moreSurprise: number }>> {
    const { head } = this.model;
    const changed = new ChangedHead(head, changes);
    const { scores, realCode } = await this.#position(document, offset);
    return new Map(
      changed.changedBits.map((bit) => {
        const after = changed.measure(scores, bit, realCode);
        return [bit, { ...after, moreSurprise: moreSurprise(head, scores, bit, realCode, after) }];
      }),
    );
  }

  /** The chunk that holds a byte offset, and the scores that predicted it. */
  async #position({ bytes }: InspectedDocument, offset: number): Promise<Position> {
    const { head, inference } = this.model;
    const { index, chunkCount, offset: first, length } = documentChunk(bytes, offset);
    const window = windowOfChunk(index, chunkCount, inference.config.context_chunks);
    const trunk = await this.#trunkOf(bytes, window);
    const chunk = new Uint8Array(CHUNK_BYTES);
    chunk.set(bytes.subarray(first, first + length));
    return {
      index,
      chunkCount,
      first,
      length,
      chunk,
      scores: head.at(trunk, index - window.firstTarget),
      before: bytes.subarray(characterStart(bytes, first), first),
      realCode: chunkCode(chunk),
      scoredBits: 8 * length,
    };
  }

  /**
   * Measurements of consecutive chunks; the range is cut to the document, and to 65536 chunks (about 30 MB of answer). Padding at the document's end counts for no surprise.
   * @throws VoterChangeError where a change names no voter or no vote
   * @throws the signal's reason when it is aborted
   */
  async inspectRange(
    document: InspectedDocument,
    firstChunk: number,
    count: number,
    options: RangeOptions = {},
  ): Promise<RangeInspection> {
    const { bytes } = document;
    const { head, inference, checkpoint } = this.model;
    const changed = new ChangedHead(head, options.changes ?? []);
    const T = inference.config.context_chunks;
    const chunkCount = Math.ceil(bytes.length / CHUNK_BYTES);
    const from = Math.min(chunkCount, Math.max(0, firstChunk));
    const to = Math.min(chunkCount, from + MOST_CHUNKS, Math.max(from, firstChunk + count));
    const n = to - from;
    const parts = documentWindows(from, to, chunkCount, T);
    const measured = await this.#measure(
      bytes,
      parts.map((part) => windowOfChunk(part.scoreFrom, chunkCount, T)),
      options,
    );

    const result = {
      bytes: new Uint8Array(n * CHUNK_BYTES),
      bits: new Uint8Array(n * CHUNK_BITS),
      probabilities: new Float32Array(n * CHUNK_BITS),
      effectiveVoters: new Float32Array(n * CHUNK_BITS),
      density: new Float32Array(n * CHUNK_BITS),
      activeVoters: new Uint16Array(n * CHUNK_BITS),
      surprise: new Float32Array(n),
    };
    result.bytes.set(bytes.subarray(from * CHUNK_BYTES, to * CHUNK_BYTES));
    for (let chunk = 0; chunk < n; chunk++) {
      chunkBits(result.bytes, chunk, result.bits.subarray(chunk * CHUNK_BITS, (chunk + 1) * CHUNK_BITS));
    }
    parts.forEach((part, i) => {
      const measures = measured[i]!;
      // A part may begin or end inside what its window scores.
      const skipped = part.scoreFrom - measures.firstChunk;
      const chunks = part.scoreTo - part.scoreFrom;
      const at = part.scoreFrom - from;
      for (const key of ['probabilities', 'effectiveVoters', 'density', 'activeVoters'] as const) {
        result[key].set(measures[key].subarray(skipped * CHUNK_BITS, (skipped + chunks) * CHUNK_BITS), at * CHUNK_BITS);
      }
      result.surprise.set(measures.surprise.subarray(skipped, skipped + chunks), at);
    });
    const range = { checkpoint, firstChunk: from, count: n, chunkCount, ...result };
    if (changed.changedBits.length > 0) await this.#applyChanges(range, bytes, changed, options);
    return range;
  }

  /** Writes what changed voters say over the measurements of their bits: no other bit's differ. */
  async #applyChanges(
    range: RangeInspection,
    bytes: Uint8Array,
    changed: ChangedHead,
    options: TurnOptions,
  ): Promise<void> {
    const { head, inference } = this.model;
    const { firstChunk, count, chunkCount, surprise } = range;
    const bits = changed.changedBits;
    const turns = new Turns(options);
    for (const part of documentWindows(firstChunk, firstChunk + count, chunkCount, inference.config.context_chunks)) {
      const vectors = await this.#vectorsOf(bytes, part);
      for (let chunk = part.scoreFrom; chunk < part.scoreTo; chunk++) {
        if (turns.isDue) await turns.give();
        const local = chunk - firstChunk;
        const code = chunkCode(range.bytes, CHUNK_BYTES * local);
        const scores = head.ofVectors(vectors, chunk - part.firstTarget, bits);
        const scored = 8 * (bytes.length - CHUNK_BYTES * chunk);
        for (const bit of bits) {
          const after = changed.measure(scores, bit, code);
          const cell = CHUNK_BITS * local + bit;
          range.probabilities[cell] = after.probability;
          range.effectiveVoters[cell] = after.effectiveVoters;
          range.activeVoters[cell] = after.activeVoters;
          range.density[cell] = after.density;
          if (bit < scored) surprise[local]! += moreSurprise(head, scores, bit, code, after);
        }
      }
    }
  }

  /**
   * How few voters decide a whole document.
   * @throws the signal's reason when it is aborted
   */
  async sparsity({ bytes }: InspectedDocument, options: SparsityOptions = {}): Promise<Sparsity> {
    const { head, inference } = this.model;
    const { context_chunks: T } = inference.config;
    const chunkCount = Math.ceil(bytes.length / CHUNK_BYTES);
    const tally = new SparsityTally(head.votersPerBit);
    const turns = new Turns(options);
    const inputs = new Uint8Array(CHUNK_BYTES * (T + 1));
    for (const window of documentWindows(0, chunkCount, chunkCount, T)) {
      fillWindow(bytes, window, T, inputs, 0);
      const trunk = { hidden: await inference.hidden(inputs.subarray(0, -CHUNK_BYTES), 1), inputs };
      for (let chunk = window.scoreFrom; chunk < window.scoreTo; chunk++) {
        if (turns.isDue) await turns.give();
        const position = chunk - window.firstTarget;
        const scored = 8 * Math.min(CHUNK_BYTES, bytes.length - CHUNK_BYTES * chunk);
        this.#votes(head.at(trunk, position), chunkCode(inputs, CHUNK_BYTES * (position + 1)), scored, tally);
      }
      options.onProgress?.(window.scoreTo, chunkCount);
    }
    return tally.result();
  }

  /**
   * v, w, p and the counts of voters of all 32 bits, along the chain of the chunk's real bits.
   * @param scored bits from the first on that are real, which the tally counts
   */
  #votes(
    scores: ChunkScores,
    code: number,
    scored: number,
    tally: SparsityTally,
  ): Pick<ChunkInspection, 'probabilities' | 'votes' | 'weights' | 'effectiveVoters' | 'activeVoters'> {
    const { head } = this.model;
    const M = head.votersPerBit;
    const probabilities = new Float32Array(CHUNK_BITS);
    const votes = new Float32Array(CHUNK_BITS * M);
    const weights = new Float32Array(CHUNK_BITS * M);
    for (let b = 0; b < CHUNK_BITS; b++) {
      probabilities[b] = head.aggregate(scores, b, code, weights.subarray(b * M, (b + 1) * M)).probability;
      const z = head.bitScores(scores, b, code);
      for (let i = 0; i < M; i++) votes[b * M + i] = 1 / (1 + Math.exp(-z[i]!));
      if (b < scored) tally.add(z, votes, weights, b * M, (code >>> (31 - b)) & 1 ? 1 : 0);
    }
    const perBit = (measure: (values: Float32Array, start: number, count: number) => number) =>
      Array.from({ length: CHUNK_BITS }, (_, b) => measure(weights, b * M, M));
    return {
      probabilities,
      votes,
      weights,
      effectiveVoters: Float32Array.from(perBit(effectiveVoters)),
      activeVoters: Uint16Array.from(perBit(activeVoters)),
    };
  }

  /** The hidden vectors of a window whose chunks are known. */
  async #vectorsOf(bytes: Uint8Array, window: DocumentWindow): Promise<Float32Array> {
    const T = this.model.inference.config.context_chunks;
    const inputs = windowBytes(bytes, window, T);
    const key = bytesKey(inputs);
    let vectors = this.#vectors.get(key);
    if (vectors === undefined) {
      vectors = await this.model.inference.vectors(inputs, 1);
      this.#vectors.set(key, vectors, vectors.byteLength);
    }
    return vectors;
  }

  /** What is known at every position of a window of the chunk after it. */
  async #trunkOf(bytes: Uint8Array, window: DocumentWindow): Promise<TrunkWindow> {
    const T = this.model.inference.config.context_chunks;
    const inputs = windowBytes(bytes, window, T).subarray(0, CHUNK_BYTES * T);
    const key = bytesKey(inputs);
    const cached = this.#hidden.get(key);
    if (cached !== undefined) return { hidden: cached, inputs };
    const hidden = await this.model.inference.hidden(inputs, 1);
    this.#hidden.set(key, hidden, hidden.byteLength);
    return { hidden, inputs };
  }

  /** The measures of each window, computed in batches where they are not known yet. */
  async #measure(
    bytes: Uint8Array,
    windows: readonly DocumentWindow[],
    options: TurnOptions,
  ): Promise<WindowMeasures[]> {
    const { inference } = this.model;
    const T = inference.config.context_chunks;
    const stride = CHUNK_BYTES * (T + 1);
    const results: (WindowMeasures | undefined)[] = [];
    const pending: { readonly at: number; readonly key: string; readonly inputs: Uint8Array }[] = [];
    windows.forEach((window, at) => {
      const inputs = windowBytes(bytes, window, T);
      const padding = Math.max(0, window.scoreTo * CHUNK_BYTES - bytes.length);
      const key = `${window.scoreFrom - window.firstTarget}:${window.scoreTo - window.firstTarget}:${padding}:${bytesKey(inputs)}`;
      const cached = this.#measures.get(key);
      results[at] = cached === undefined ? undefined : { ...cached, firstChunk: window.scoreFrom };
      if (cached === undefined) pending.push({ at, key, inputs });
    });
    const turns = new Turns(options);
    const most = Math.max(1, Math.floor(BATCH_POSITIONS / T));
    for (let done = 0; done < pending.length;) {
      await turns.give();
      const batch = pending.length - done < SMALL_REST ? 1 : most;
      const taken = pending.slice(done, done + batch);
      const inputs = new Uint8Array(batch * stride);
      taken.forEach((entry, row) => {
        inputs.set(entry.inputs, row * stride);
      });
      const scores = await inference.score(inputs, batch);
      taken.forEach(({ at, key }, row) => {
        const measures = measureWindow(scores, row * T, windows[at]!, bytes.length);
        results[at] = measures;
        this.#measures.set(key, measures, measuresBytes(measures));
      });
      done += taken.length;
    }
    return results.map((measures) => measures!);
  }
}

/** By how many bits a bit of the chunk `code` is more surprising after its voters are changed. */
function moreSurprise(head: VoterHead, scores: ChunkScores, bit: number, code: number, after: ChangedBit): number {
  const key = ((code >>> (31 - bit)) & 1) === 1 ? 'logProbability' : 'logComplement';
  return (head.aggregate(scores, bit, code)[key] - after[key]) / Math.LN2;
}
