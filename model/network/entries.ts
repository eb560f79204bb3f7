/** @file Where text enters the network: the values that causes are traced back to. */
import type { Value } from '../graph/graph';

/**
 * `bits` [B, T, 32] as ±1, what the trunk embeds; with a byte stage also `bytes` [B·4T, C], the rows of the byte before each predicted
 * one, and with n-grams `ngrams` [orders, B·4T, C], their rows.
 */
export type EntryName = 'bits' | 'bytes' | 'ngrams';

/** Given what enters; what it returns enters in its place. */
export type Entry = (name: EntryName, value: Value) => Value;

/** Text enters as it is. */
export const UNCHANGED: Entry = (_, value) => value;
