/** @file The assertions that hold for the golden cases on every device. */
import { expect } from 'vitest';
import type { Errors, TrainingErrors } from './measure';
import { BOUNDS } from './measure';

/** Every error is a number below the bound. */
export function expectBelow(errors: Errors, bound: number): void {
  expect(Object.keys(errors).length).toBeGreaterThan(0);
  for (const [what, error] of Object.entries(errors)) expect(error, what).toBeLessThan(bound);
}

export function expectTraining({ losses, gradientNorms, trained }: TrainingErrors): void {
  expect(losses).toHaveLength(5);
  losses.forEach((error, s) => {
    expect(error, `loss of step ${s}`).toBeLessThan(BOUNDS.loss);
    expect(gradientNorms[s], `gradient norm of step ${s}`).toBeLessThan(BOUNDS.gradientNorm);
  });
  expectBelow(trained, BOUNDS.trained);
}
