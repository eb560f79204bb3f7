/** @file The memories of the documents asked about last, and that of the workspace, which they begin with where it is asked for. */
import path from 'node:path';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { surpriseOfBit } from '../measures/decidedBits';
import { MOST_READ } from '../measures/memoryDocuments';
import { MEMORY_VOTERS } from '../measures/memoryVoters';
import type { InspectedDocument, Inspector } from '../inspection/inspector';
import type { DecodingHead } from '../inspection/lesionState';
import { Turns } from '../inspection/turns';
import { DocumentMemory, MOST_DOCUMENT_BYTES } from '../memory/documentMemory';
import { chunkEvidence } from '../memory/evidence';
import { learnText } from '../memory/learnText';
import { Memory, WORKSPACE_PLACE_BITS } from '../memory/memory';
import { logistic, logit, mixedWithout, silencedFlags, TRAINED_VOTE, VOTES } from '../memory/mixer';
import { MemoryHead } from '../memory/memoryHead';
import { CaretMemory } from '../memory/caretMemory';
import type { DocumentRef } from '../protocol/documents';
import type {
  CompletionMemory,
  MemoryChunk,
  MemoryChunkParams,
  MemoryPlace,
  MemoryProgress,
  MemoryRange,
  MemoryRangeParams,
  MemoryReadParams,
  MemoryScope,
  MemoryVoters,
  MemoryVotersParams,
  MemoryWorkspace,
  MemoryWorkspaceParams,
} from '../protocol/memory';
import { VoterTally } from '../memory/voterTally';
import { readCorpus } from '../text/corpus';

/** Documents whose memory is kept: those that the editor has read, and another one. About 40 MB each, and 100 bytes per byte of text. */
const MOST_KEPT = MOST_READ + 1;
/** Bytes that a question at the caret reads itself; beyond them it is for the pass in the background. */
const READ_AT_ONCE = 1024;
/** Milliseconds between two messages about progress. */
const PROGRESS_EVERY = 100;

/** Bytes of a stretch over which voters are counted, and such stretches: about a second's work. */
const STRETCH = 2048;
const MOST_STRETCHES = 32;

/** How one question is carried out. */
export interface MemoryRun {
  readonly model: { readonly inspector: Inspector; readonly checkpoint: string };
  /** The text of a document that was sent; throws where it is not there in this version. */
  readonly document: (ref: DocumentRef) => InspectedDocument;
  readonly signal: AbortSignal;
  readonly giveWay: () => Promise<unknown>;
}

/** How a pass over texts is carried out. */
export interface MemoryPass extends MemoryRun {
  readonly onProgress: (progress: MemoryProgress) => void;
}

interface ReadDocument {
  readonly memory: DocumentMemory;
  /** Which other documents it knew beforehand, in which versions. */
  readonly others: string;
}

export class Memories {
  /** By scope and document, the one asked about last at the end. */
  readonly #documents = new Map<string, ReadDocument>();
  /** At the carets of documents, by scope and document, as above. */
  readonly #carets = new Map<string, CaretMemory>();
  #workspace = new Memory();

  /** Forgets what was mixed with a model that is no longer there; the workspace's memory stays. */
  forget(): void {
    this.#documents.clear();
  }

  /** @throws RequestError, the signal's reason when it is aborted */
  async read({ others, ...params }: MemoryReadParams, run: MemoryPass): Promise<MemoryProgress> {
    const total = readBytes(run.document(params));
    await this.#beginWith(params, others, run);
    await this.#read(params, total, run);
    return { bytes: total, total };
  }

  /** @throws RequestError, VoterChangeError, the signal's reason when it is aborted */
  async range(params: MemoryRangeParams, run: MemoryPass): Promise<MemoryRange> {
    const { firstChunk, count, changes, silenced } = params;
    const document = run.document(params);
    const end = Math.min(readBytes(document), CHUNK_BYTES * (firstChunk + count));
    const memory = await this.#read(params, end, run);
    const n = Math.max(0, Math.ceil(end / CHUNK_BYTES) - firstChunk);
    const { inspector } = run.model;
    const changed =
      changes.length === 0 ? null : await inspector.inspectRange(document, firstChunk, n, { ...run, changes });
    const answer = {
      checkpoint: run.model.checkpoint,
      firstChunk,
      count: n,
      surprise: new Float32Array(n),
      trainedSurprise:
        changed?.surprise ?? Float32Array.from({ length: n }, (_, i) => memory.trainedSurprise(firstChunk + i)),
      share: new Float32Array(n),
      probabilities: new Float32Array(CHUNK_BITS * n).fill(NaN),
      bitShare: new Float32Array(CHUNK_BITS * n).fill(NaN),
    };
    const isAsScored = changed === null && silenced.length === 0;
    const silencedVotes = silencedFlags(silenced);
    const turns = new Turns(run);
    let chunk = 0;
    for (const bits of memory.mixed(firstChunk, n)) {
      if (turns.isDue) {
        await turns.give();
        // Where the text has changed meanwhile, what was scored of it is no longer there: this throws.
        run.document(params);
      }
      const first = CHUNK_BITS * chunk;
      bits.forEach((mixed, bit) => {
        const trained = changed?.probabilities[first + bit];
        const without = mixedWithout(mixed, silencedVotes, trained === undefined ? undefined : logit(trained));
        answer.probabilities[first + bit] = isAsScored ? mixed.probability : without.probability;
        answer.bitShare[first + bit] = without.memoryShare;
        answer.share[chunk]! += without.memoryShare / bits.length;
      });
      const real = answer.probabilities.subarray(first, first + bits.length);
      answer.surprise[chunk] = surpriseOf(real, document.bytes, CHUNK_BYTES * (firstChunk + chunk));
      chunk++;
    }
    return answer;
  }

  /** Null where the document is not read that far yet. @throws RequestError, VoterChangeError */
  async chunk(params: MemoryChunkParams, run: MemoryRun): Promise<MemoryChunk | null> {
    const start = performance.now();
    const document = run.document(params);
    const { bytes } = document;
    const last = Math.ceil(readBytes(document) / CHUNK_BYTES) - 1;
    const index = Math.floor(params.offset / CHUNK_BYTES);
    if (index > last) return null;
    const offset = CHUNK_BYTES * index;
    const end = Math.min(bytes.length, offset + CHUNK_BYTES);
    const memory = this.#memoryOf(params);
    if (memory.scoredOf(bytes) < end - READ_AT_ONCE) return null;
    const range = await run.model.inspector.inspectRange(document, index, 1, { ...run, changes: params.changes });
    await memory.score(bytes, end, this.#trained(document, run), run);
    // Nothing is awaited from here on, in which the text could change.
    run.document(params);
    if (memory.scoredOf(bytes) < end) return null;
    const isChanged = params.changes.length > 0;
    const [mixed = []] = memory.mixed(index, 1);
    const silencedVotes = silencedFlags(params.silenced);
    const trainedLogits = mixed.map(({ votes }, bit) =>
      isChanged ? logit(range.probabilities[bit]!) : votes[TRAINED_VOTE]!,
    );
    const without = (bit: number, flags: Uint8Array) =>
      mixedWithout(mixed[bit]!, flags, trainedLogits[bit]).probability;
    const probabilities = Float32Array.from(mixed, (one, bit) =>
      isChanged || params.silenced.length > 0 ? without(bit, silencedVotes) : one.probability,
    );
    const V = MEMORY_VOTERS.length;
    const cost = (p: number, bit: number) => surpriseOfBit(p, realBit(bytes, offset, bit));
    return {
      checkpoint: run.model.checkpoint,
      index,
      offset,
      length: end - offset,
      probabilities,
      trainedProbabilities: range.probabilities.slice(0, mixed.length),
      votes: Float32Array.from({ length: mixed.length * V }, (_, i) => {
        const vote = mixed[Math.floor(i / V)]!.votes[i % V]!;
        return vote === 0 ? NaN : logistic(vote);
      }),
      weights: Float32Array.from(
        { length: mixed.length * VOTES },
        (_, i) => mixed[Math.floor(i / VOTES)]!.weights[i % VOTES]!,
      ),
      effects: Float32Array.from({ length: mixed.length * VOTES }, (_, i) => {
        const bit = Math.floor(i / VOTES);
        const flags = Uint8Array.from(silencedVotes);
        flags[i % VOTES] = 1;
        return cost(without(bit, flags), bit) - cost(without(bit, silencedVotes), bit);
      }),
      evidence: chunkEvidence(bytes, offset, end, (byte) => memory.matchOf(byte)),
      surprise: surpriseOf(probabilities, bytes, offset),
      trainedSurprise: range.surprise[0]!,
      unchangedSurprise: surpriseOf(
        Float32Array.from(mixed, ({ probability }) => probability),
        bytes,
        offset,
      ),
      milliseconds: performance.now() - start,
    };
  }

  /** What each voter did over what is read; null where nothing is. @throws RequestError, the signal's reason when it is aborted */
  async voters({ silenced, ...place }: MemoryVotersParams, run: MemoryRun): Promise<MemoryVoters | null> {
    const { bytes } = run.document(place);
    const memory = this.#memoryOf(place);
    const read = memory.scoredOf(bytes);
    if (read === 0) return null;
    const tally = new VoterTally(silenced);
    const turns = new Turns(run);
    let trainedSurprise = 0;
    for (const begin of stretches(read)) {
      let at = begin;
      for (const bits of memory.mixed(begin / CHUNK_BYTES, STRETCH / CHUNK_BYTES)) {
        bits.forEach((mixed, bit) => {
          tally.add(mixed, realBit(bytes, at, bit));
        });
        trainedSurprise += memory.trainedSurprise(at / CHUNK_BYTES);
        at += CHUNK_BYTES;
        if (!turns.isDue) continue;
        await turns.give();
        // Where the text has changed meanwhile, what was scored of it is no longer there: this throws.
        run.document(place);
      }
    }
    const { voters } = tally;
    return {
      checkpoint: run.model.checkpoint,
      read,
      trainedBitsPerByte: trainedSurprise / voters.bytes,
      ...voters,
    };
  }

  /**
   * The votes at a caret, where the document and what is known beforehand are in memory.
   * @throws RequestError, the signal's reason when it is aborted
   */
  async headAt(
    head: DecodingHead,
    place: CompletionMemory,
    run: Pick<MemoryRun, 'document' | 'signal' | 'giveWay'>,
  ): Promise<MemoryHead> {
    const { bytes } = run.document(place);
    const key = keyOf(place);
    const read = this.#documents.get(key)?.memory;
    const caret = recent(this.#carets, key, () => new CaretMemory(read?.base ?? this.#base(place.scope)));
    await caret.follow(bytes, place.offset, run);
    const weighing = read?.weighing ?? undefined;
    return new MemoryHead(head, caret.reader(bytes.subarray(0, place.offset), weighing), place.silenced);
  }

  /** @throws CorpusError, FileSystemError, the signal's reason when it is aborted; what was learned before then stays */
  async learnWorkspace(
    { paths, exclude, without, maxFileBytes, maxBytes }: MemoryWorkspaceParams,
    run: Pick<MemoryPass, 'signal' | 'giveWay' | 'onProgress'>,
  ): Promise<MemoryWorkspace> {
    const { files } = await readCorpus(paths, { exclude, maxFileBytes, signal: run.signal });
    const leftOut = new Set(without);
    const taken: (typeof files)[number][] = [];
    let total = 0;
    for (const file of files) {
      if (leftOut.has(path.resolve(file.path)) || total + file.bytes.length > maxBytes) continue;
      taken.push(file);
      total += file.bytes.length;
    }
    const memory = new Memory(WORKSPACE_PLACE_BITS);
    const tell = everySoOften(() => {
      run.onProgress({ bytes: memory.length, total });
    });
    const giveWay = async () => {
      tell();
      await run.giveWay();
    };
    const turns = new Turns({ signal: run.signal, giveWay });
    for (const { bytes } of taken) await learnText(memory, bytes, turns);
    this.#workspace = memory;
    for (const kept of [this.#documents, this.#carets]) {
      for (const key of kept.keys()) if (key.startsWith('workspace ')) kept.delete(key);
    }
    return { files: taken.length, bytes: total };
  }

  /** Gives a document's memory the texts of others beforehand, unless it has them. */
  async #beginWith(place: MemoryPlace, others: readonly DocumentRef[], run: MemoryRun): Promise<void> {
    const key = keyOf(place);
    const names = others.map(({ uri, version }) => `${uri} ${version}`).join('\n');
    if (names === (this.#documents.get(key)?.others ?? '')) return;
    const base = this.#base(place.scope).copy();
    const texts = others.map((ref) => run.document(ref).bytes);
    const turns = new Turns(run);
    for (const bytes of texts) await learnText(base, bytes, turns);
    this.#documents.delete(key);
    this.#carets.delete(key);
    recent(this.#documents, key, () => ({ memory: new DocumentMemory(base), others: names }));
  }

  async #read(params: MemoryPlace, until: number, run: MemoryPass): Promise<DocumentMemory> {
    const document = run.document(params);
    const memory = this.#memoryOf(params);
    const total = readBytes(document);
    const tell = everySoOften(() => {
      run.onProgress({ bytes: memory.scoredOf(document.bytes), total });
    });
    const giveWay = async () => {
      tell();
      await run.giveWay();
    };
    await memory.score(document.bytes, until, this.#trained(document, run), { signal: run.signal, giveWay });
    return memory;
  }

  #memoryOf(place: MemoryPlace): DocumentMemory {
    const make = () => ({ memory: new DocumentMemory(this.#base(place.scope)), others: '' });
    return recent(this.#documents, keyOf(place), make).memory;
  }

  #base(scope: MemoryScope): Memory {
    return scope === 'workspace' ? this.#workspace : new Memory();
  }

  #trained(document: InspectedDocument, run: MemoryRun) {
    return async (firstChunk: number, count: number) =>
      (await run.model.inspector.inspectRange(document, firstChunk, count, run)).probabilities;
  }
}

/** Does it where the last time, or the beginning, is long enough ago. */
function everySoOften(tell: () => void): () => void {
  let told = performance.now();
  return () => {
    if (performance.now() - told < PROGRESS_EVERY) return;
    told = performance.now();
    tell();
  };
}

function keyOf({ uri, scope }: MemoryPlace): string {
  return `${scope} ${uri}`;
}

/** The value of a key, made where there is none; those asked for least lately are given up. */
function recent<Value>(kept: Map<string, Value>, key: string, make: () => Value): Value {
  const value = kept.get(key) ?? make();
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(oldest);
  }
  return value;
}

function readBytes({ bytes }: InspectedDocument): number {
  return Math.min(bytes.length, MOST_DOCUMENT_BYTES);
}

/** −log2 of the probability of a chunk's real bits. @param probabilities p of a 1, of as many bits as are real */
function surpriseOf(probabilities: Float32Array, bytes: Uint8Array, offset: number): number {
  return probabilities.reduce((sum, p, bit) => sum + surpriseOfBit(p, realBit(bytes, offset, bit)), 0);
}

function realBit(bytes: Uint8Array, offset: number, bit: number): number {
  return (bytes[offset + (bit >> 3)]! >> (7 - (bit & 7))) & 1;
}

/** Where the stretches of a text begin over which voters are counted: all, or as many as are counted, evenly spaced. */
function stretches(length: number): number[] {
  const all = Math.ceil(length / STRETCH);
  const counted = Math.min(all, MOST_STRETCHES);
  return Array.from({ length: counted }, (_, i) => STRETCH * Math.floor((i * all) / counted));
}
