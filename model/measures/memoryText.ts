/** @file What memory voters saw and what they did to a chunk, in words and in order. Pure. */
import type { MemoryChunk, MemoryEvidence, MemoryReading, MemoryVoter } from '../protocol/memory';
import type { SentencePart } from './causesText';
import { LEAST_NAMED_EFFECT } from './decidingVoters';
import { MEMORY_VOTERS } from './memoryVoters';
import { percent, plural, shortCount, shortNumber } from './numberText';
import { visibleLabel } from './visibleText';

/** Said wherever memory is shown. */
export const MEMORY_ORIGIN =
  'Ours, not the paper’s: memory learns the text as it goes by. Its weights of log-odds need not sum to 1.';

/** V, and the votes that are mixed: theirs and that of the trained voters together. */
const V = MEMORY_VOTERS.length;
const VOTES = V + 1;

/** '7 times, 6 × “a”', without the place of the last. @param byte the real one, as it is shown */
export function sawText(voter: MemoryVoter, { times, same, last, length }: MemoryEvidence, byte: string): string {
  if (times === 0) return 'nothing in this document';
  if (voter === 'match') {
    if (last === null) return 'follows a copy in another file';
    return `${plural(length, 'byte', 'bytes')} alike, then ${same === 1 ? '' : 'not '}“${byte}”`;
  }
  return `${times === 1 ? 'once' : `${shortCount(times)} times`}, ${shortCount(same)} × “${byte}”`;
}

/** The bytes of a chunk, as they are shown. @param bits [8·length] */
export function byteNames(bits: Uint8Array, length: number): string[] {
  return Array.from({ length }, (_, byte) => {
    const value = bits.subarray(8 * byte, 8 * byte + 8).reduce((sum, bit) => 2 * sum + bit, 0);
    return visibleLabel(Uint8Array.of(value));
  });
}

/** Said of what stands behind the bytes that are read of a document. */
export const BEHIND_MEMORY = 'Memory reads the first megabyte of a document, and nothing behind it.';

/** Why there is nothing of a chunk yet. @param end byte where the chunk ends */
export function unreadText({ progress }: MemoryReading, end: number): string {
  if (progress === null) return 'Memory has not read this document yet.';
  const { bytes, total } = progress;
  if (end > total) return BEHIND_MEMORY;
  return `Memory reads the document: ${percent(total === 0 ? 1 : bytes / total)}.`;
}

/** What memory knew before it read the document; '' where that is nothing. */
export function knewText({ knew }: MemoryReading): string {
  if (knew == null) return '';
  const { files, bytes, open } = knew;
  const others = open === 0 ? '' : `, and ${plural(open, 'other open file', 'other open files')} as in the editor`;
  return `Before this document it learned ${plural(files, 'file', 'files')} of the workspace, ${shortCount(bytes)} bytes${others}.`;
}

/** A memory voter and what its votes on a chunk did. */
export interface DecidingMemoryVoter {
  readonly voter: MemoryVoter;
  /** Bits of surprise without it. */
  readonly effect: number;
  /** What it saw of the byte on which its votes did most, and the number of that byte. */
  readonly evidence: MemoryEvidence;
  readonly byte: number;
}

/** The memory voters with the largest effects on a chunk, whichever way. */
export function decidingMemory({ length, effects, evidence }: MemoryChunk, count: number): DecidingMemoryVoter[] {
  return MEMORY_VOTERS.map((voter, place) => {
    const ofBytes = Array.from({ length }, (_, byte) => {
      let sum = 0;
      for (let bit = 8 * byte; bit < 8 * byte + 8; bit++) sum += effects[bit * VOTES + place]!;
      return sum;
    });
    const byte = ofBytes.reduce((most, effect, at) => (Math.abs(effect) > Math.abs(ofBytes[most]!) ? at : most), 0);
    const effect = ofBytes.reduce((sum, one) => sum + one, 0);
    return { voter, effect, evidence: evidence[byte * V + place]!, byte };
  })
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, count);
}

/**
 * What the chunk took with memory, and the memory voter that did most, which leads to where it read.
 * @param bits [8·length] real bits of the chunk
 */
export function memorySentence(chunk: MemoryChunk, bits: Uint8Array): readonly SentencePart[] {
  const begin = `With memory it took ${shortNumber(chunk.surprise)} bits`;
  const [most] = decidingMemory(chunk, 1);
  if (most === undefined || Math.abs(most.effect) < LEAST_NAMED_EFFECT) return [{ text: `${begin}.` }];
  const { voter, effect, evidence, byte } = most;
  const { last, line } = evidence;
  const saw = sawText(voter, evidence, byteNames(bits, chunk.length)[byte]!);
  const without = `${shortNumber(Math.abs(effect))} bits ${effect < 0 ? 'less' : 'more'}`;
  return [
    { text: `${begin}; most was done by its ` },
    last === null || line === null
      ? { text: `${voter} voter` }
      : { text: `${voter} voter, which read line ${line + 1}`, offset: last },
    { text: ` (${saw}; without it ${without}).` },
  ];
}

/** Whether a document is read as far as memory reads. */
export function isRead({ progress }: MemoryReading): boolean {
  return progress !== null && progress.bytes >= progress.total;
}
