/** @file Hashed n-grams of bytes: which row of its table each run of bytes before a predicted one has. Pure. */

/** How many bytes before the predicted one an n-gram holds; each order has a table of its own. */
export const NGRAM_ORDERS = [2, 3, 4, 6] as const;

/** The parameter that holds all tables, one after the other. */
export const NGRAM_TABLES = 'byte_stage.ngrams.weight';

/** Bytes of the longest; those before the window's first count as 0. */
export const LONGEST_NGRAM = Math.max(...NGRAM_ORDERS);

/** Most rows of a table: hashes of that many stay exact in float32, which holds whole numbers up to 2²⁴. */
export const MOST_NGRAM_ROWS = 1 << 15;

/** Of the hash h₁ = b₁, hₙ = (429·hₙ₋₁ + bₙ) mod R with bₙ the byte n before; odd, so that R, a power of two, loses nothing of it. */
export const NGRAM_MULTIPLIER = 429;

/** One hash for each order, as numbers or as tensors: `next` makes hₙ of hₙ₋₁ and bₙ. */
export function ngramHashes<T>(before: (n: number) => T, next: (hash: T, byte: T) => T): T[] {
  const hashes: T[] = [];
  let hash = before(1);
  for (let n = 2; n <= LONGEST_NGRAM; n++) {
    hash = next(hash, before(n));
    if ((NGRAM_ORDERS as readonly number[]).includes(n)) hashes.push(hash);
  }
  return hashes;
}

/**
 * The rows of the joined table for the bytes before a predicted one.
 * @param before the nearest first
 * @param rows R, a power of two
 */
export function ngramRows(before: ArrayLike<number>, rows: number): number[] {
  const hashes = ngramHashes(
    (n) => before[n - 1]!,
    (hash, byte) => (hash * NGRAM_MULTIPLIER + byte) & (rows - 1),
  );
  return hashes.map((hash, table) => table * rows + hash);
}
