/** @file What a memory of the open text says beside the trained voters. */
import type { DocumentRef } from './documents';
import type { VoterChange } from './inspection';

export type MemoryVoter =
  'order 1' | 'order 2' | 'order 3' | 'order 4' | 'order 5' | 'order 6' | 'order 8' | 'word' | 'indentation' | 'match';

/** What a memory knows before it reads a document: nothing, or the workspace's other files, those that are open as they are now. */
export type MemoryScope = 'document' | 'workspace';

/** A document's memory. */
export interface MemoryPlace extends DocumentRef {
  readonly scope: MemoryScope;
}

export interface MemoryReadParams extends MemoryPlace {
  /** Other open documents whose texts are known beforehand as well, the nearest last. What was read with others is read anew. */
  readonly others: readonly DocumentRef[];
}

/** How far a document is read; of a document over 1 MB its first megabyte is. */
export interface MemoryProgress {
  readonly bytes: number;
  readonly total: number;
}

/** What is known of a document's memory; the progress is null before the first of it is told. */
export interface MemoryReading {
  readonly scope: MemoryScope;
  readonly progress: MemoryProgress | null;
  /** What it knew beforehand; null where that is nothing, absent in panels that were exported before it was told. */
  readonly knew?: KnownBeforehand | null;
}

/** Texts that a document's memory knew before it read the document. */
export interface KnownBeforehand extends MemoryWorkspace {
  /** Other open files, as they were in the editor. */
  readonly open: number;
}

export interface MemoryQuestion extends MemoryPlace {
  /** Trained voters silenced or held; the memory has learned without these changes. */
  readonly changes: readonly VoterChange[];
  /** Memory voters without whose votes the bits are mixed. */
  readonly silenced: readonly MemoryVoter[];
}

export interface MemoryRangeParams extends MemoryQuestion {
  readonly firstChunk: number;
  readonly count: number;
}

/** Consecutive chunks; n = number of chunks answered, which ends where the memory stops reading. */
export interface MemoryRange {
  readonly checkpoint: string;
  readonly firstChunk: number;
  readonly count: number;
  /** [n] −log2 of the probability of the real bits, with memory. */
  readonly surprise: Float32Array;
  /** [n] the same of the trained voters alone. */
  readonly trainedSurprise: Float32Array;
  /** [n] mean over the bits of `bitShare`. */
  readonly share: Float32Array;
  /** [n·32] p of a 1, with memory; NaN where the bit is padding. */
  readonly probabilities: Float32Array;
  /** [n·32] share of the memory voters in the log-odds of a bit, 0..1: theirs by its size, over theirs and the trained voters'. */
  readonly bitShare: Float32Array;
}

export interface MemoryChunkParams extends MemoryQuestion {
  /** Any byte offset in the document. */
  readonly offset: number;
}

/** What is in memory while a text is completed: a document, with its caret. */
export interface CompletionMemory extends MemoryPlace {
  /** Byte offset of the caret. */
  readonly offset: number;
  readonly silenced: readonly MemoryVoter[];
}

/** What a memory voter had seen when it was asked about a byte. */
export interface MemoryEvidence {
  /** How often its context stood in the document before, with a byte behind it. */
  readonly times: number;
  /** How often that byte was the real one. */
  readonly same: number;
  /** Byte offset of the last such byte in the document; null where it is in another file, or there is none. */
  readonly last: number | null;
  /** Line of that byte, from 0. */
  readonly line: number | null;
  /** Bytes that agree: the order, or the length of the word, of the indentation, of the match. */
  readonly length: number;
}

/** Memory voters behind one chunk. V = memory voters. */
export interface MemoryChunk {
  readonly checkpoint: string;
  readonly index: number;
  /** Byte offset of the chunk, and its bytes that are in the document. */
  readonly offset: number;
  readonly length: number;
  /** [8·length] p of a 1, with memory, and of the trained voters alone. */
  readonly probabilities: Float32Array;
  readonly trainedProbabilities: Float32Array;
  /** [8·length·V] p of a 1 of each memory voter by itself; NaN where it has seen nothing. */
  readonly votes: Float32Array;
  /** [8·length·(V + 1)] weight of each vote's log-odds, the trained voters' together last. */
  readonly weights: Float32Array;
  /** [8·length·(V + 1)] change of the chunk's surprise, in bits, if that vote alone were left out: above 0 where it helped. */
  readonly effects: Float32Array;
  /** [length·V] */
  readonly evidence: readonly MemoryEvidence[];
  /** −log2 of the probability of the real bits, with memory, and of the trained voters alone. */
  readonly surprise: number;
  readonly trainedSurprise: number;
  /** With memory where every voter votes by itself; absent in panels that were exported before it was told. */
  readonly unchangedSurprise?: number;
  readonly milliseconds: number;
}

export interface MemoryVotersParams extends MemoryPlace {
  readonly silenced: readonly MemoryVoter[];
}

/** What each vote did over a document, as far as it is read. V = memory voters; the trained voters, unchanged, are together last. */
export interface MemoryVoters {
  readonly checkpoint: string;
  /** Bytes that were counted: all that are read, or stretches that are evenly spaced in them. */
  readonly bytes: number;
  readonly read: number;
  /** Of the bytes that were counted, with memory and under the trained voters alone. */
  readonly bitsPerByte: number;
  readonly trainedBitsPerByte: number;
  /** [V + 1] share of bits on which it said something, 0..1. */
  readonly voted: Float32Array;
  /** [V + 1] share of these where it leant to the real value; NaN where it never voted. */
  readonly right: Float32Array;
  /** [V + 1] mean weight on these. */
  readonly weights: Float32Array;
  /** [V + 1] bits per byte of surprise more if that vote alone were left out: above 0 where it helped; 0 of a silenced one. */
  readonly effects: Float32Array;
}

export interface MemoryWorkspaceParams {
  readonly paths: readonly string[];
  readonly exclude: readonly string[];
  /** Files that are left out, as absolute paths: a text that was learned beforehand surprises nobody. */
  readonly without: readonly string[];
  readonly maxFileBytes: number;
  /** Read at most, together. */
  readonly maxBytes: number;
}

/** What of a workspace is in memory. */
export interface MemoryWorkspace {
  readonly files: number;
  readonly bytes: number;
}
