/** @file Gauss-Legendre quadrature on [0, 1]. Pure. */

export interface Quadrature {
  /** Places in (0, 1), ascending. */
  readonly nodes: readonly number[];
  /** Their weights; the sum is 1. */
  readonly weights: readonly number[];
}

/** Newton's steps on the zeros of a Legendre polynomial: each doubles the digits. */
const NEWTON_STEPS = 8;

/** The n nodes and weights that integrate every polynomial below degree 2n exactly. */
export function gaussLegendre(n: number): Quadrature {
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let i = n; i >= 1; i--) {
    let x = Math.cos((Math.PI * (i - 0.25)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < NEWTON_STEPS; step++) {
      let [before, value] = [1, x];
      for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
      slope = (n * (x * value - before)) / (x * x - 1);
      x -= value / slope;
    }
    nodes.push((1 + x) / 2);
    weights.push(1 / ((1 - x * x) * slope * slope));
  }
  return { nodes, weights };
}
