/** @file The learning rate over a run. */
import { describe, expect, it } from 'vitest';
import { createSchedule, learningRateAt } from '../../../model/training/schedule';

describe('learningRateAt', () => {
  const schedule = createSchedule(4e-3, 1000);

  it('warms up in a straight line for 5 % of a short run', () => {
    expect(schedule.warmup).toBe(0.05);
    expect(learningRateAt(schedule, 0.025)).toBeCloseTo(2e-3, 12);
    expect(learningRateAt(schedule, 0.05)).toBeCloseTo(4e-3, 12);
  });

  it('warms up for at most 100 steps', () => {
    expect(createSchedule(1, 100_000).warmup).toBeCloseTo(0.001, 12);
  });

  it('is never 0, not even at the very start', () => {
    expect(learningRateAt(schedule, 0)).toBeCloseTo(4e-5, 12);
  });

  it('falls along half a cosine to a tenth of the peak', () => {
    expect(learningRateAt(schedule, 0.525)).toBeCloseTo(4e-3 * 0.55, 12);
    expect(learningRateAt(schedule, 1)).toBeCloseTo(4e-4, 12);
    let last = Infinity;
    for (let progress = 0.05; progress <= 1; progress += 0.01) {
      const rate = learningRateAt(schedule, progress);
      expect(rate).toBeLessThan(last);
      last = rate;
    }
  });

  it('stays at the floor after the end', () => {
    expect(learningRateAt(schedule, 1.5)).toBe(learningRateAt(schedule, 1));
  });

  it('takes 5 % of a run that is given a time', () => {
    expect(createSchedule(1, null).warmup).toBe(0.05);
  });

  it('has a rate for a run of one step', () => {
    expect(learningRateAt(createSchedule(1, 1), 1)).toBeGreaterThan(0);
  });
});
