/** @file The golden vectors through the PyTorch program's network: what a right float32 implementation is expected to reach. */
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { GOLDEN_CASES } from '../../golden/golden';
import { runPython } from './support';

interface Deviations {
  /** Relative errors by tensor. */
  readonly forward: Readonly<Record<string, number>>;
  readonly gradients: Readonly<Record<string, number>>;
  readonly training: {
    readonly losses: readonly number[];
    readonly norms: readonly number[];
    readonly weights: Readonly<Record<string, number>>;
  };
  /** How far a hidden vector moves when what comes after it changes. */
  readonly causality: number;
  /** How far the loss moves, relatively, with the processor in bfloat16. */
  readonly half: number;
}

interface Found {
  readonly cases: Readonly<Record<string, Deviations>>;
  readonly aggregation: Readonly<Record<string, number>>;
  readonly gradcheck: Readonly<Record<string, boolean>>;
}

let found: Found;
beforeAll(async () => {
  found = JSON.parse(await runPython(path.join(__dirname, 'golden.py'), ...GOLDEN_CASES)) as Found;
}, 120_000);

function expectBelow(errors: Readonly<Record<string, number>>, bound: number): void {
  expect(Object.keys(errors).length).toBeGreaterThan(0);
  for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(bound);
}

describe.each(GOLDEN_CASES)('golden case %s in PyTorch', (name) => {
  it('forward', () => {
    expectBelow(found.cases[name]!.forward, 1e-5);
  });

  it('gradients', () => {
    expectBelow(found.cases[name]!.gradients, 1e-4);
  });

  it('five training steps, and the weights after them', () => {
    const { losses, norms, weights } = found.cases[name]!.training;
    expect(losses).toHaveLength(5);
    for (const error of losses) expect(error).toBeLessThan(1e-4);
    for (const error of norms) expect(error).toBeLessThan(1e-3);
    expectBelow(weights, 1e-3);
  });

  it('the future moves nothing', () => {
    expect(found.cases[name]!.causality).toBe(0);
  });

  it('bfloat16 in the processor moves the loss a little', () => {
    expect(found.cases[name]!.half).toBeGreaterThan(0);
    expect(found.cases[name]!.half).toBeLessThan(1e-2);
  });
});

describe('the voters in PyTorch', () => {
  it('aggregation vectors, in float64', () => {
    expect(Object.keys(found.aggregation).length).toBeGreaterThan(200);
    expectBelow(found.aggregation, 1e-6);
  });

  it('gradients by scores and temperature are those of finite differences', () => {
    expect(found.gradcheck).toEqual({ softmax: true, confidence: true, mean: true, max: true });
  });
});
