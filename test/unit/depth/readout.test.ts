/** @file Readouts: what is affine is found again, and of what is not the ridge regression, by its own condition. */
import { expect, it } from 'vitest';
import { RidgeSums } from '../../../model/depth/readout';
import { Random } from '../../../model/text/random';

const [C, O, N] = [5, 3, 203];

/** Inputs that are alike, and not centred. */
function inputs(): Float32Array {
  const random = Random.fromSeed(4);
  const x = new Float32Array(N * C);
  for (let j = 0; j < N; j++) {
    const common = random.normal();
    for (let c = 0; c < C; c++) x[j * C + c] = 2 + c + common + (1 + c) * random.normal();
  }
  return x;
}

/** In parts of any length, as windows come. */
function solved(x: Float32Array, y: Float32Array) {
  const sums = new RidgeSums(C, O);
  for (let from = 0; from < N; from += 29) {
    sums.add(x.subarray(from * C), y.subarray(from * O), Math.min(29, N - from));
  }
  expect(sums.count).toBe(N);
  return sums.solve();
}

it('an affine map is found again but for the ridge', () => {
  const x = inputs();
  const y = new Float32Array(N * O);
  for (let j = 0; j < N; j++) {
    for (let o = 0; o < O; o++) {
      y[j * O + o] = o + x.subarray(j * C, (j + 1) * C).reduce((sum, value, c) => sum + (c - o) * value, 0);
    }
  }
  const said = solved(x, y).read({ data: x }, N);
  const variance = y.reduce((sum, value) => sum + value * value, 0);
  expect(said.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0)).toBeLessThan(1e-3 * variance);
});

it('the rest of what is not affine is uncorrelated with every input but for the ridge, which is one number', () => {
  const x = inputs();
  const random = Random.fromSeed(9);
  const y = Float32Array.from({ length: N * O }, (_, i) => random.normal() + Math.sin(x[Math.floor(i / O) * C]!));
  const map = solved(x, y);
  const said = map.read({ data: x }, N);
  const residual = y.map((value, i) => value - said[i]!);
  const ridges: number[] = [];
  for (let o = 0; o < O; o++) {
    let sum = 0;
    for (let j = 0; j < N; j++) sum += residual[j * O + o]!;
    expect(sum / N).toBeCloseTo(0, 5);
    for (let c = 0; c < C; c++) {
      const mean = Array.from({ length: N }, (_, j) => x[j * C + c]!).reduce((all, value) => all + value, 0) / N;
      let product = 0;
      for (let j = 0; j < N; j++) product += residual[j * O + o]! * (x[j * C + c]! - mean);
      ridges.push(product / map.weight[c * O + o]!);
    }
  }
  // A hundredth of the mean variance of the inputs, of all positions.
  let variance = 0;
  for (let c = 0; c < C; c++) {
    const column = Array.from({ length: N }, (_, j) => x[j * C + c]!);
    const mean = column.reduce((all, value) => all + value, 0) / N;
    variance += column.reduce((all, value) => all + (value - mean) ** 2, 0) / C;
  }
  for (const ridge of ridges) expect(ridge / (0.01 * variance)).toBeCloseTo(1, 2);
});

it('inputs that never vary are read as nothing', () => {
  const y = Float32Array.from({ length: N * O }, (_, i) => i % 7);
  const map = solved(new Float32Array(N * C).fill(3), y);
  expect([...map.weight]).toEqual(new Array(C * O).fill(0));
  expect([...map.bias]).toEqual([...map.mean]);
});
