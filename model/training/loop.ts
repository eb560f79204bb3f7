/** @file The training loop: steps, reports, held-out measurements and saves, until the run's end or a stop. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { shortNumber } from '../measures/numberText';
import type { TrainingProbe, TrainingReport } from '../protocol/training';
import type { TrainingSession } from '../runtime/trainingSession';
import type { WindowSampler } from '../text/sampler';
import { TrainingError } from './errors';
import { Pace } from './pace';
import type { TrainingPlan } from './plan';
import { learningRateAt } from './schedule';

/** Nats a bit above which a loss that has also grown tenfold is no fluctuation: an even guess costs 0.69. */
const ABSURD_LOSS = 10 * Math.LN2;
const GROWTH = 10;
/** Steps whose mean loss stands for the end of a run. */
const RECENT_STEPS = 20;
/** Held-out text and voters are measured, and samples written, so rarely that all of it together takes under 3 % of the time. */
const HELD_OUT_PACE = { first: 10, least: 10, share: 0.012 };
/** Measuring held-out text costs about as much as these steps; a measurement of voters is too cheap to wait for. */
const HELD_OUT_STEPS = 8;
const PROBE_PACE = { first: 0.2, least: 0.25, share: 0.01 };
/** A sample costs as much as some measurements of the voters: those make curves, of samples few are read. */
const SAMPLE_PACE = { first: 0, least: 5, share: 0.004 };

/** Bits per byte of a loss in nats a bit: loss·32/(4·ln 2). */
export function bitsPerByte(loss: number): number {
  return (loss * 8) / Math.LN2;
}

export interface LoopTimes {
  /** Least time between two reports; 0 reports every step by itself. */
  readonly reportMilliseconds: number;
  readonly saveSeconds: number;
  /** False measures nothing while training goes on, for benchmarks; what is learned is the same. */
  readonly measure: boolean;
}

/** What the loop drives and tells. */
export interface LoopParts {
  readonly plan: Pick<TrainingPlan, 'batch' | 'context' | 'steps' | 'seconds' | 'schedule' | 'trainedSeconds'>;
  readonly session: Pick<TrainingSession, 'step'>;
  readonly sampler: Pick<WindowSampler, 'next'>;
  /** Steps made before. */
  readonly firstStep: number;
  readonly times: LoopTimes;
  readonly signal: AbortSignal | undefined;
  /** Bits per byte on held-out text now, or null where there is none or the signal stopped it. */
  measureHeldOut(last: boolean): Promise<number | null>;
  /** What the voters do now, without a sample, or null where that cannot be told. */
  probe(): Promise<TrainingProbe | null>;
  /** What the model writes now, or null where that cannot be told. */
  sample(): Promise<TrainingProbe['sample']>;
  save(step: number, trainedSeconds: number): Promise<void>;
  report(report: TrainingReport): Promise<void>;
}

export interface LoopResult {
  readonly step: number;
  readonly stopped: boolean;
  /** Mean of the last steps. */
  readonly bitsPerByte: number;
  /** As measured last, or null. */
  readonly heldOutBitsPerByte: number | null;
}

/** Sums since the last report. */
class Interval {
  private steps = 0;
  private loss = 0;
  private milliseconds = 0;
  private begun = performance.now();

  add(loss: number, milliseconds: number): void {
    this.steps++;
    this.loss += loss;
    this.milliseconds += milliseconds;
  }

  get age(): number {
    return performance.now() - this.begun;
  }

  get isEmpty(): boolean {
    return this.steps === 0;
  }

  take(chunksPerStep: number): Pick<TrainingReport, 'loss' | 'bitsPerByte' | 'stepMilliseconds' | 'chunksPerSecond'> {
    const loss = this.loss / this.steps;
    const stepMilliseconds = this.milliseconds / this.steps;
    this.steps = 0;
    this.loss = 0;
    this.milliseconds = 0;
    this.begun = performance.now();
    return {
      loss,
      bitsPerByte: bitsPerByte(loss),
      stepMilliseconds,
      chunksPerSecond: (1000 * chunksPerStep) / stepMilliseconds,
    };
  }
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}

/**
 * Runs the plan to its end or until the signal, and saves. What is learned depends on the plan, the sampler and the step's
 * number alone (with a time limit also on the clock), never on reports, measurements or saves.
 * @throws TrainingError (`diverged`); the last save is then from before
 */
export async function runLoop(parts: LoopParts): Promise<LoopResult> {
  const { plan, times, signal } = parts;
  const begun = performance.now();
  const interval = new Interval();
  const recent: number[] = [];
  let step = parts.firstStep;
  let lowest = Infinity;
  let lastSave = begun;
  const heldOutPace = new Pace(HELD_OUT_PACE);
  const probePace = new Pace(PROBE_PACE);
  const samplePace = new Pace(SAMPLE_PACE);
  let heldOut: number | null = null;
  let pending: Pick<TrainingReport, 'gradientNorm' | 'learningRate'> = { gradientNorm: 0, learningRate: 0 };

  const trained = () => plan.trainedSeconds + seconds(begun);
  const isOver = () =>
    (plan.steps !== null && step >= plan.steps) || (plan.seconds !== null && trained() >= plan.seconds);
  const remaining = (): number | null => {
    const made = step - parts.firstStep;
    const bySteps = plan.steps === null || made === 0 ? Infinity : ((plan.steps - step) * seconds(begun)) / made;
    const least = Math.min(bySteps, plan.seconds === null ? Infinity : Math.max(0, plan.seconds - trained()));
    return Number.isFinite(least) ? least : null;
  };
  const flushReport = async (measured: number | null = null, probe: TrainingProbe | null = null) => {
    if (interval.isEmpty) return;
    await parts.report({
      step,
      steps: plan.steps,
      ...interval.take(plan.batch * plan.context),
      ...pending,
      elapsedSeconds: seconds(begun),
      remainingSeconds: remaining(),
      ...(measured === null ? {} : { heldOutBitsPerByte: measured }),
      ...(probe === null ? {} : { probe }),
    });
  };
  const measure = async (last: boolean): Promise<number | null> => {
    const measured = await heldOutPace.run(() => parts.measureHeldOut(last));
    if (measured !== null) heldOut = measured;
    return measured;
  };

  const probe = async (last: boolean): Promise<TrainingProbe | null> => {
    const measured = await probePace.run(() => parts.probe());
    if (measured === null || !(last || samplePace.isDue)) return measured;
    return { ...measured, sample: await samplePace.run(() => parts.sample()) };
  };

  while (!isOver() && signal?.aborted !== true) {
    const batch = parts.sampler.next(plan.batch);
    const progress = Math.max(
      plan.steps === null ? 0 : (step + 1) / plan.steps,
      plan.seconds === null ? 0 : trained() / plan.seconds,
    );
    const rate = learningRateAt(plan.schedule, progress);
    const start = performance.now();
    const { loss, gradientNorm } = await parts.session.step(batch.bytes, rate, batch.scored);
    const milliseconds = performance.now() - start;
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm) || (loss > ABSURD_LOSS && loss > GROWTH * lowest)) {
      // The steps before it were good ones.
      await flushReport();
      throw diverged(step + 1, loss, gradientNorm, rate);
    }
    step++;
    lowest = Math.min(lowest, loss);
    recent.push(loss);
    if (recent.length > RECENT_STEPS) recent.shift();
    interval.add(loss, milliseconds);
    heldOutPace.expect(HELD_OUT_STEPS * milliseconds);
    pending = { gradientNorm, learningRate: rate };
    if (isOver()) break;
    const measured = times.measure && heldOutPace.isDue ? await measure(false) : null;
    const voters = times.measure && probePace.isDue ? await probe(false) : null;
    const isToldNow = measured !== null || voters !== null || interval.age >= times.reportMilliseconds;
    if (isToldNow) await flushReport(measured, voters);
    if (seconds(lastSave) >= times.saveSeconds) {
      await parts.save(step, trained());
      lastSave = performance.now();
    }
    // Lets signals and cancellations in: a step holds the event loop.
    await nextTurn();
  }

  // Saved before it is measured: a measurement may take a while, and what was learned must not depend on its end.
  await parts.save(step, trained());
  if (signal?.aborted === true) await flushReport();
  else await flushReport(await measure(true), await probe(true));
  const stopped = signal?.aborted === true;
  const mean = recent.reduce((sum, loss) => sum + loss, 0) / Math.max(1, recent.length);
  return { step, stopped, bitsPerByte: bitsPerByte(mean), heldOutBitsPerByte: heldOut };
}

function diverged(step: number, loss: number, gradientNorm: number, rate: number): TrainingError {
  let found = `the loss rose to ${shortNumber(loss)} nats a bit`;
  if (!Number.isFinite(gradientNorm)) found = `the gradient norm is ${gradientNorm}`;
  if (!Number.isFinite(loss)) found = `the loss is ${loss}`;
  return new TrainingError(
    'diverged',
    `Training diverged at step ${step}: ${found} at a learning rate of ${shortNumber(rate)}; the last save is kept, try a lower learning rate.`,
    step,
  );
}
