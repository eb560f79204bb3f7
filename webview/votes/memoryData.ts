/** @file Numbers of a chunk's memory voters by row, their scale, and what is said of them. Pure. */
import { MEMORY_VOTERS } from '../../model/measures/memoryVoters';
import type { MemoryChunk } from '../../model/protocol/memory';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { roundedUp } from '../shared/chart/scale';
import { formatBits, formatFactor } from '../shared/text';
import type { CellColor } from './cells';

/** A row per memory voter, then one of the trained voters together; a number per bit of text. */
export interface MemoryCells {
  /** p of a 1; NaN where it has seen nothing. */
  readonly votes: readonly Float32Array[];
  readonly weights: readonly Float32Array[];
  /** Bits of surprise without it. */
  readonly effects: readonly Float32Array[];
}

export function memoryCells({ votes, trainedProbabilities, weights, effects }: MemoryChunk): MemoryCells {
  const V = MEMORY_VOTERS.length;
  const bits = trainedProbabilities.length;
  const rowOf = (values: Float32Array, width: number, row: number): Float32Array =>
    Float32Array.from({ length: bits }, (_, bit) => values[bit * width + row]!);
  const all = [...MEMORY_VOTERS.keys(), V];
  return {
    votes: all.map((row) => (row === V ? trainedProbabilities : rowOf(votes, V, row))),
    weights: all.map((row) => rowOf(weights, V + 1, row)),
    effects: all.map((row) => rowOf(effects, V + 1, row)),
  };
}

export interface MemoryScale {
  readonly title: string;
  readonly low: string;
  readonly high: string;
  /** Place in the colours, 0 to 1. */
  readonly position: (value: number) => number;
}

/** Votes from 0 to 1; weights and effects on both sides of 0, as far as the largest goes. */
export function memoryPosition(color: CellColor, { weights, effects }: MemoryCells): MemoryScale {
  if (color === 'vote') return { title: 'Vote v', low: '0', high: '1', position: (vote) => vote };
  let most = 0;
  for (const row of color === 'weight' ? weights : effects) {
    for (const value of row) if (Number.isFinite(value)) most = Math.max(most, Math.abs(value));
  }
  const end = most > 0 ? roundedUp(most) : 1;
  const position = (value: number): number => 0.5 + value / (2 * end);
  const title = color === 'weight' ? 'Weight of the log-odds' : 'Effect: bits of surprise without the voter';
  return { title, low: `−${formatFactor(end)}`, high: `+${formatFactor(end)}`, position };
}

/** @param names bytes of the chunk as they are shown; @param bit null: all of them */
export function memoryTitle(names: readonly string[], bit: number | null): string {
  return bit === null ? 'Memory: all bits' : `Memory: bit ${bit} of “${names[bit >> 3]!}”`;
}

/** Name of the column of what each voter saw, which is of one byte of the chunk: others were seen more or less often. */
export function sawTitle(names: readonly string[], byte: number): string {
  const place = names.length === 1 ? '' : ` byte ${byte + 1} of ${names.length},`;
  return `Saw before${place} “${names[byte]!}”`;
}

/** The surprise with memory, behind what it is without changed voters where there are some; '…' until it is known, null where memory is off. */
export function surpriseWithMemory({ memory, lesion }: Pick<VotesReady, 'memory' | 'lesion'>): string | null {
  if (memory == null) return null;
  if (memory.chunk === null) return '…';
  const { surprise, unchangedSurprise } = memory.chunk;
  const isChanged = lesion !== null || memory.silenced.length > 0;
  const surprises = isChanged && unchangedSurprise !== undefined ? [unchangedSurprise, surprise] : [surprise];
  return `${surprises.map(formatBits).join(' → ')} bits`;
}

/** p(1) of a bit with memory; undefined where that is not known, or the bit is padding. */
export function probabilityWithMemory({ memory }: Pick<VotesReady, 'memory'>, bit: number): number | undefined {
  return memory?.chunk?.probabilities[bit];
}

/** What a change of silenced memory voters did, in words; null where there was none, or its answer is not there. */
export function memoryChange(before: Pick<VotesReady, 'memory'>, after: Pick<VotesReady, 'memory'>): string | null {
  const [old, now] = [before.memory, after.memory];
  if (old?.chunk == null || now?.chunk == null || old.chunk.surprise === now.chunk.surprise) return null;
  const silenced = now.silenced.length === 0 ? 'all memory voters vote' : `silenced: ${now.silenced.join(', ')}`;
  return `Memory, ${silenced}. Surprise with memory ${formatBits(now.chunk.surprise)} bits.`;
}
