/** @file The golden cases on the CPU: forward, gradients and five training steps against an independent implementation. */
import { describe, it } from 'vitest';
import { expectBelow, expectTraining } from './bounds';
import { GOLDEN_CASES } from './golden';
import { BOUNDS, forwardErrors, gradientErrors, trainingErrors } from './measure';

const CPU = { device: 'cpu', threads: 1 } as const;

describe.each(GOLDEN_CASES)('golden case %s', (name) => {
  it('forward', async () => {
    expectBelow(await forwardErrors(name, CPU), BOUNDS.forward);
  });

  it('gradients', async () => {
    expectBelow(await gradientErrors(name, CPU), BOUNDS.gradient);
  });

  it('five training steps', async () => {
    expectTraining(await trainingErrors(name, CPU));
  });
});
