/** @file The memory voters by name: those that look at the bytes before, at the word and the line, and the one that follows an earlier copy. */
import type { MemoryVoter } from '../protocol/memory';

/** In the order of their votes. */
export const MEMORY_VOTERS = [
  'order 1',
  'order 2',
  'order 3',
  'order 4',
  'order 5',
  'order 6',
  'order 8',
  'word',
  'indentation',
  'match',
] as const satisfies readonly MemoryVoter[];
