/** @file Where the gradient is ill-conditioned: how far from it rounding may lead, by the network on TensorFlow.js in float64. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Parameters } from '../../../model/network/parameters';
import { computeGradients as ourGradients } from '../../../model/runtime/gradients';
import { loadTensorflow } from '../../../model/tensorflow/library';
import { computeGradients } from '../../../model/tensorflow/trainingSession';
import type { Tf } from '../../../model/tensorflow/weights';
import { Random } from '../../../model/text/random';
import { draw, drawInputs, norm } from './cases';
import { installTensorflow } from './installation';

let folder: string;
let tf: Tf;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tensorflow-'));
  installTensorflow(folder, 'float64');
  tf = loadTensorflow([folder]);
  await tf.ready();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What oracle.test.ts allows. */
const GRADIENT = 1e-4;
const ROUNDING = 1e-6;

const MOVES = 8;

/** x, or the float32 next to it on either side. */
function lastDigit(x: number, random: Random): number {
  return Math.fround(x * (1 + (random.integer(3) - 1) * 2 ** -23.5));
}

/** Every value v of `parameters` as f(v, tensor, index). */
function map(parameters: Parameters, f: (x: number, name: string, i: number) => number): Parameters {
  return new Map(
    [...parameters].map(([name, { shape, data }]) => [name, { shape, data: data.map((x, i) => f(x, name, i)) }]),
  );
}

/** How far each tensor is from what is expected, in units of what oracle.test.ts allows. */
function distances(found: Parameters, expected: Parameters): number[] {
  const whole = norm(expected);
  return [...expected].map(([name, { data }]) => {
    const difference = Math.hypot(...data.map((x, i) => x - found.get(name)!.data[i]!));
    return difference / (GRADIENT * Math.hypot(...data) + ROUNDING * whole);
  });
}

/*
 * Of the configurations 1 to 600 these come nearest to the bound of oracle.test.ts, and 224 exceeds it: four channels under
 * LayerNorm, and votes that saturate. Against float64, the engine is off by 0.54, 2.85, 0.73 and 0.98 of that bound, and
 * TensorFlow.js in float32, which sums its products in float64, by 0.81, 0.56, 0.21 and 0.40. Neither is wrong: to move every
 * parameter to a neighbouring float32, or leave it, moves the exact gradient by up to 1.2, 3.9, 1.5 and 0.6.
 */
describe.each([196, 224, 240, 361])('random configuration %i', (seed) => {
  const drawn = draw(seed);
  const { config, batch } = drawn;
  const { parameters, bytes } = drawInputs(drawn, seed);
  const exactly = (at: Parameters) => computeGradients(tf, config, at, bytes, batch);

  it('the gradient in float64 is the slope of the loss', async () => {
    const random = Random.fromSeed(seed);
    const direction = map(parameters, () => random.normal());
    const moved = (by: number) => map(parameters, (x, name, i) => x + by * direction.get(name)!.data[i]!);
    const [up, down] = [moved(1e-5), moved(-1e-5)];
    let expected = 0;
    for (const [name, { data }] of (await exactly(parameters)).gradients) {
      // Of the steps as a float32 has them.
      data.forEach((g, i) => (expected += g * (up.get(name)!.data[i]! - down.get(name)!.data[i]!)));
    }
    const change = (await exactly(up)).loss - (await exactly(down)).loss;
    expect(Math.abs(change / expected - 1)).toBeLessThan(1e-3);
  });

  it('the engine is no further from it than the last digit of the parameters moves it', async () => {
    const { loss, gradients } = await exactly(parameters);
    const random = Random.fromSeed(seed);
    const reach = distances(gradients, gradients);
    for (let k = 0; k < MOVES; k++) {
      const neighbour = await exactly(map(parameters, (x) => lastDigit(x, random)));
      distances(neighbour.gradients, gradients).forEach((x, i) => (reach[i] = Math.max(reach[i]!, x)));
    }
    const ours = await ourGradients(config, parameters, bytes, batch, { device: 'cpu', threads: 1 });
    expect(Math.abs(ours.loss / loss - 1)).toBeLessThan(1e-5);
    const names = [...gradients.keys()];
    distances(ours.gradients, gradients).forEach((distance, i) => {
      expect(distance, names[i]).toBeLessThanOrEqual(Math.max(1, reach[i]!));
    });
  });
});
