/** @file What a memory says of a document: one pass that scores each bit and then learns it, and again from an edit on. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { TurnOptions } from '../inspection/turns';
import { Turns } from '../inspection/turns';
import { Memory } from './memory';
import type { MixedBit } from './mixer';
import { logit, VOTES } from './mixer';
import type { Weighing } from './weighing';
import { EVIDENCE } from './weighing';

/** p of a 1 under the trained model, of consecutive chunks. @returns [32·count] */
export type TrainedProbabilities = (firstChunk: number, count: number) => Promise<Float32Array>;

/** Bytes whose evidence stands together, behind what the memory trusted before them. */
const BLOCK = 2048;
/** Bytes that are scored between two turns of others. */
const PIECE = 512;
/** Bytes that must be scored before it is known how far voters are to be trusted. */
const LEAST_WEIGHED = 2048;
/** Log-odds of the trained model are mixed in steps of 1/2048, as they are kept. */
const LOGIT_STEPS = 2048;
/** Bytes of a document that are read; about 100 bytes are kept of each. */
export const MOST_DOCUMENT_BYTES = 2 ** 20;

interface Block {
  readonly weighing: Weighing;
  /** [BLOCK·8·EVIDENCE] */
  readonly evidence: Uint8Array;
  /** [BLOCK·8] of the trained model, in steps. */
  readonly logits: Int16Array;
  /** [BLOCK] where the match of each byte goes on; 0 where there is none. */
  readonly matches: Int32Array;
  /** [BLOCK] −log2 of the probability of each byte under the trained model, whose log-odds above are rounded. */
  readonly trainedSurprise: Float32Array;
}

/** Log-odds as they are mixed, in steps. */
function keptLogit(probability: number): number {
  return Math.round(logit(probability) * LOGIT_STEPS);
}

export class DocumentMemory {
  #text: Uint8Array = new Uint8Array();
  /** Bytes of it that are scored; whole chunks, but for the document's end. */
  #scored = 0;
  #blocks: Block[] = [];
  #memory: Memory;
  /** Where the block begins in which the text was changed last. */
  #checkpoint: Memory | null = null;

  /** @param base what it knows beforehand, from other texts */
  constructor(readonly base: Memory = new Memory()) {
    this.#memory = base.copy();
  }

  /** Bytes of a text that are scored, from its beginning on. */
  scoredOf(bytes: Uint8Array): number {
    this.#follow(bytes);
    return this.#scored;
  }

  /**
   * Scores the document up to a byte; what was scored before and has not changed stays.
   * @throws the signal's reason when it is aborted
   */
  async score(bytes: Uint8Array, until: number, trained: TrainedProbabilities, options: TurnOptions): Promise<void> {
    this.#follow(bytes);
    const text = this.#text;
    const end = Math.min(until, text.length);
    const turns = new Turns(options);
    while (this.#text === text && this.#scored < end) {
      if (turns.isDue) await turns.give();
      const at = this.#scored;
      const firstChunk = at / CHUNK_BYTES;
      const size = Math.min(PIECE, text.length - at);
      const probabilities = await trained(firstChunk, Math.ceil(size / CHUNK_BYTES));
      // Another question may have scored it meanwhile, or the text have changed.
      if (this.#text !== text || this.#scored !== at) continue;
      this.#scorePiece(size, probabilities);
    }
  }

  /** How far its voters are trusted behind what is scored; null where that is too little to tell. */
  get weighing(): Weighing | null {
    return this.#scored < LEAST_WEIGHED ? null : this.#memory.weighing;
  }

  /** −log2 of the probability of a scored chunk's bytes under the trained model alone. */
  trainedSurprise(index: number): number {
    const from = index * CHUNK_BYTES;
    let sum = 0;
    for (let byte = from; byte < Math.min(this.#text.length, from + CHUNK_BYTES); byte++) {
      sum += this.#blocks[Math.floor(byte / BLOCK)]!.trainedSurprise[byte % BLOCK]!;
    }
    return sum;
  }

  /** Where the match of a scored byte goes on, as a byte of the document; negative in what was known beforehand, null where there is none. */
  matchOf(byte: number): number | null {
    const position = this.#blocks[Math.floor(byte / BLOCK)]!.matches[byte % BLOCK]!;
    return position === 0 ? null : position - this.base.length;
  }

  /**
   * Votes and weights of the bits of scored chunks, as they were when they were scored. The text must not change meanwhile.
   * @returns per chunk [32], fewer at the document's end
   */
  *mixed(firstChunk: number, count: number): Generator<MixedBit[], void> {
    const from = firstChunk * CHUNK_BYTES;
    const to = Math.min(this.#scored, from + count * CHUNK_BYTES);
    let weighing: Weighing | undefined;
    let bits: MixedBit[] = [];
    for (let byte = from - (from % BLOCK); byte < to; byte++) {
      const block = this.#blocks[Math.floor(byte / BLOCK)]!;
      if (weighing === undefined || byte % BLOCK === 0) weighing = block.weighing.copy();
      const trusted = weighing;
      this.#eachBit(byte, (bit, at, context) => {
        const probability = trusted.weigh(block.evidence, at * EVIDENCE, block.logits[at]! / LOGIT_STEPS, context);
        if (byte >= from) {
          const weights = new Float32Array(VOTES);
          trusted.weights(weights);
          bits.push({ probability, votes: trusted.votes.slice(), weights });
        }
        trusted.learn(block.evidence, at * EVIDENCE, bit);
      });
      if (byte < from || ((byte + 1) % CHUNK_BYTES !== 0 && byte + 1 < to)) continue;
      yield bits;
      bits = [];
    }
  }

  /** Bits of a byte of the text, with their places in its block. */
  #eachBit(
    byte: number,
    visit: (bit: number, at: number, context: { partial: number; previous: number }) => void,
  ): void {
    const value = this.#text[byte]!;
    const context = { partial: 1, previous: this.#previous(byte) };
    for (let i = 0; i < 8; i++) {
      const bit = (value >> (7 - i)) & 1;
      visit(bit, 8 * (byte % BLOCK) + i, context);
      context.partial = (context.partial << 1) | bit;
    }
  }

  #previous(byte: number): number {
    return byte > 0 ? this.#text[byte - 1]! : this.base.byteAt(this.base.length - 1);
  }

  /** Takes another text; what both begin with stays scored. */
  #follow(bytes: Uint8Array): void {
    const text = bytes.subarray(0, MOST_DOCUMENT_BYTES);
    const old = this.#text;
    if (text === old || Buffer.compare(text, old) === 0) return;
    let same = 0;
    const shorter = Math.min(text.length, old.length);
    while (same < shorter && text[same] === old[same]) same++;
    const kept = Math.min(this.#scored, same - (same % CHUNK_BYTES));
    this.#text = text;
    if (kept === this.#scored && this.#memory.length - this.base.length === kept) return;
    this.#scored = kept;
    this.#blocks.length = Math.ceil(kept / BLOCK);
    this.#learnAgain(kept);
  }

  /** Brings the memory to where it stood before a byte. */
  #learnAgain(byte: number): void {
    const from =
      this.#checkpoint !== null && this.#checkpoint.length - this.base.length <= byte ? this.#checkpoint : this.base;
    if (from === this.base) this.#checkpoint = null;
    this.#memory = from.copy();
    const evidence = new Uint8Array(EVIDENCE);
    const blockStart = byte - (byte % BLOCK);
    for (let at = this.#memory.length - this.base.length; at < byte; at++) {
      if (at === blockStart) this.#checkpoint = this.#memory.copy();
      const block = this.#blocks[Math.floor(at / BLOCK)]!;
      this.#eachBit(at, (bit, place) => {
        this.#memory.scoreBit(bit, block.logits[place]! / LOGIT_STEPS, evidence, 0);
      });
    }
  }

  #scorePiece(size: number, probabilities: Float32Array): void {
    const first = this.#scored;
    for (let byte = first; byte < first + size; byte++) {
      if (byte % BLOCK === 0) this.#blocks.push(makeBlock(this.#memory.weighing.copy()));
      const block = this.#blocks[Math.floor(byte / BLOCK)]!;
      const place = byte % BLOCK;
      block.matches[place] = this.#memory.matchPosition;
      let trainedSurprise = 0;
      this.#eachBit(byte, (bit, at) => {
        const trained =
          probabilities[CHUNK_BITS * Math.floor((byte - first) / CHUNK_BYTES) + 8 * (byte % CHUNK_BYTES) + (at % 8)]!;
        const kept = keptLogit(trained);
        block.logits[at] = kept;
        this.#memory.scoreBit(bit, kept / LOGIT_STEPS, block.evidence, at * EVIDENCE);
        trainedSurprise -= Math.log2(bit === 1 ? trained : 1 - trained);
      });
      block.trainedSurprise[place] = trainedSurprise;
    }
    this.#scored = first + size;
  }
}

function makeBlock(weighing: Weighing): Block {
  return {
    weighing,
    evidence: new Uint8Array(BLOCK * 8 * EVIDENCE),
    logits: new Int16Array(BLOCK * 8),
    matches: new Int32Array(BLOCK),
    trainedSurprise: new Float32Array(BLOCK),
  };
}
