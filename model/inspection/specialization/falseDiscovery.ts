/** @file The false discovery rate over many tests (Benjamini and Hochberg 1995). */

/**
 * Adjusted p values: rejecting every test whose q is at most α keeps the expected share of false rejections at or below α,
 * where the tests are independent or positively dependent. q_(k) = min over j ≥ k of p_(j)·m/j.
 * @param p [m] p values
 * @returns [m] q, in the order of `p`
 */
export function benjaminiHochberg(p: ArrayLike<number>): Float64Array {
  const m = p.length;
  const order = Uint32Array.from({ length: m }, (_, i) => i).sort((a, b) => p[a]! - p[b]!);
  const q = new Float64Array(m);
  let least = 1;
  for (let rank = m; rank >= 1; rank--) {
    const test = order[rank - 1]!;
    least = Math.min(least, (p[test]! * m) / rank);
    q[test] = least;
  }
  return q;
}
