/** @file Hashed n-grams of bytes: which row of its table each of the 2, 3 and 4 bytes before a predicted one has. Pure. */

/** How many bytes before the predicted one an n-gram holds; each order has a table of its own. */
export const NGRAM_ORDERS = [2, 3, 4] as const;

/** Most rows of a table: hashes of that many stay exact in float32, which holds whole numbers up to 2²⁴. */
export const MOST_NGRAM_ROWS = 1 << 15;

/** Of the hash h₁ = b₁, hₙ = (h₍ₙ₋₁₎·429 + bₙ) mod R with bₙ the byte n before; odd, so that R, a power of two, loses nothing of it. */
export const NGRAM_MULTIPLIER = 429;

/**
 * The rows of the joined table [3·R, C] for the bytes before a predicted one.
 * @param before at least four bytes, the nearest first
 * @param rows R, a power of two
 */
export function ngramRows(before: ArrayLike<number>, rows: number): number[] {
  let hash = before[0]!;
  return NGRAM_ORDERS.map((order, table) => {
    hash = (hash * NGRAM_MULTIPLIER + before[order - 1]!) & (rows - 1);
    return table * rows + hash;
  });
}
