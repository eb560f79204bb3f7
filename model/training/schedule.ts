/** @file The learning rate over a run: linear warm-up, then half a cosine down to a floor. */

export interface LearningRateSchedule {
  /** The rate at the end of the warm-up. */
  readonly peak: number;
  /** Share of the run spent warming up, 0 … 1. */
  readonly warmup: number;
  /** The last rate as a share of the peak. */
  readonly floor: number;
}

/** Steps of warm-up that are enough for any run. */
const WARMUP_STEPS = 100;
const WARMUP_SHARE = 0.05;
/** The first rate as a share of the peak, so that no step is without effect. */
const FIRST_SHARE = 0.01;

/**
 * The schedule of a run: warm-up for 5 % of it and at most 100 steps, then down to a tenth.
 * @param peak the highest learning rate
 * @param steps steps in all, or null where a time was asked for
 */
export function createSchedule(peak: number, steps: number | null): LearningRateSchedule {
  return { peak, warmup: steps === null ? WARMUP_SHARE : Math.min(WARMUP_SHARE, WARMUP_STEPS / steps), floor: 0.1 };
}

/**
 * The learning rate at a point of the run; a pure function, so that a resumed run has the rates of one that never stopped.
 * @param progress share of the run that is done once the step about to be made is made; clipped to 0 … 1
 */
export function learningRateAt(schedule: LearningRateSchedule, progress: number): number {
  const done = Math.min(1, Math.max(0, progress));
  if (done < schedule.warmup) return schedule.peak * Math.max(FIRST_SHARE, done / schedule.warmup);
  const decay = schedule.warmup < 1 ? (done - schedule.warmup) / (1 - schedule.warmup) : 1;
  return schedule.peak * (schedule.floor + (1 - schedule.floor) * 0.5 * (1 + Math.cos(Math.PI * decay)));
}
