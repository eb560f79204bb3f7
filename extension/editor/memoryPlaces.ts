/** @file Where in the text the memory voters that decided a chunk had seen what they said, without VS Code. */
import { LEAST_NAMED_EFFECT } from '../../model/measures/decidingVoters';
import { decidingMemory, sawText } from '../../model/measures/memoryText';
import { signed } from '../../model/measures/numberText';
import { visibleLabel } from '../../model/measures/visibleText';
import type { MemoryChunk } from '../../model/protocol/memory';

/** So many voters are looked at. */
const VOTERS = 3;
/** Bytes of a long context that are shown: those next to what followed. */
const MOST_BYTES = 32;

/** A place in the text before: a context, and the byte that followed. */
export interface MemoryPlace {
  /** Byte offset. */
  readonly offset: number;
  /** Byte offset of what stands behind it. */
  readonly end: number;
  /** What each voter that read here saw, and what it did. */
  readonly sentences: readonly string[];
}

/** @param bytes of the whole document */
export function memoryPlaces(chunk: MemoryChunk, bytes: Uint8Array): MemoryPlace[] {
  const places = new Map<number, MemoryPlace>();
  for (const { voter, effect, evidence, byte } of decidingMemory(chunk, VOTERS)) {
    const { last, length } = evidence;
    if (last === null || Math.abs(effect) < LEAST_NAMED_EFFECT) continue;
    // The indentation that it looks at stands at the line's beginning.
    const read = voter === 'indentation' ? 0 : Math.min(length, MOST_BYTES);
    const saw = sawText(voter, evidence, visibleLabel(bytes.subarray(chunk.offset + byte, chunk.offset + byte + 1)));
    const sentence = `Memory’s ${voter} read here (${saw}): ${signed(effect)} bits of surprise without it.`;
    // Contexts that end at the same byte lie within each other: the longest shows them all.
    const known = places.get(last);
    places.set(last, {
      offset: Math.max(0, Math.min(last - read, known?.offset ?? Infinity)),
      end: last + 1,
      sentences: [...(known?.sentences ?? []), sentence],
    });
  }
  return [...places.values()];
}
