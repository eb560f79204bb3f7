/** @file Which chunk of a text surprised the model most. */

/**
 * The index of the most surprising chunk, the earliest of equal ones.
 * @param surprise bits of each chunk, at least one
 * @param first index of the first chunk to look at, since where a text begins everything is a surprise; of a shorter text, its last
 */
export function mostSurprising(surprise: Float32Array, first: number): number {
  let most = Math.min(first, surprise.length - 1);
  for (let chunk = most; chunk < surprise.length; chunk++) if (surprise[chunk]! > surprise[most]!) most = chunk;
  return most;
}
