/** @file The loop's own promises, with a session that answers at once: reports, saves, stops, divergence. */
import { describe, expect, it } from 'vitest';
import { isTrainingError } from '../../../model/training/errors';
import type { LoopParts, LoopResult } from '../../../model/training/loop';
import { runLoop } from '../../../model/training/loop';
import type { TrainingPlan } from '../../../model/training/plan';
import { DEFAULT_OPTIMIZER } from '../../../model/training/plan';
import { createSchedule, learningRateAt } from '../../../model/training/schedule';
import type { TrainingProbe, TrainingReport } from '../../../model/protocol/training';

function plan(changes: Partial<TrainingPlan>): TrainingPlan {
  return {
    text: [],
    exclude: [],
    maxFileBytes: 1,
    heldOutShare: 0.05,
    corpus: '',
    seed: 0,
    batch: 2,
    context: 4,
    steps: 10,
    seconds: null,
    schedule: createSchedule(1e-2, 10),
    optimizer: DEFAULT_OPTIMIZER,
    trainedSeconds: 0,
    ...changes,
  };
}

function probe(deadVoters: number): TrainingProbe {
  return {
    chunks: 512,
    heldOut: true,
    voters: 128,
    effectiveVotersOnes: 2,
    effectiveVotersZeros: 3,
    density: 0.2,
    deadVoters,
    denseVoters: 0,
    densityHistogram: [128],
    sample: null,
  };
}

interface Trace {
  readonly reports: TrainingReport[];
  readonly saves: number[];
  readonly rates: number[];
  result?: LoopResult;
  error?: unknown;
}

async function run(changes: Partial<LoopParts>, lossAt: (step: number) => number = () => 0.5): Promise<Trace> {
  const trace: Trace = { reports: [], saves: [], rates: [] };
  const firstStep = changes.firstStep ?? 0;
  try {
    trace.result = await runLoop({
      plan: plan({}),
      session: {
        step: (_bytes, rate) => {
          trace.rates.push(rate);
          return Promise.resolve({ loss: lossAt(firstStep + trace.rates.length), gradientNorm: 2 });
        },
      },
      sampler: { next: () => ({ bytes: new Uint8Array(40), scored: new Uint8Array(8) }) },
      firstStep,
      times: { reportMilliseconds: 0, saveSeconds: 1000, measure: true },
      signal: undefined,
      measureHeldOut: () => Promise.resolve(3),
      probe: () => Promise.resolve(null),
      sample: () => Promise.resolve(null),
      save: (step) => {
        trace.saves.push(step);
        return Promise.resolve();
      },
      report: (report) => {
        trace.reports.push(report);
        return Promise.resolve();
      },
      ...changes,
    });
  } catch (error) {
    trace.error = error;
  }
  return trace;
}

describe('runLoop', () => {
  it('reports every step by itself where no interval is given, and measures at the end', async () => {
    const { reports, saves, rates, result } = await run({}, (step) => step / 100);
    expect(reports.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(reports.map(({ loss }) => loss)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) => n / 100));
    expect(reports.map(({ learningRate }) => learningRate)).toEqual(rates);
    expect(reports[4]!.bitsPerByte).toBeCloseTo((0.05 * 32) / (4 * Math.LN2), 12);
    expect(reports.at(-1)!.heldOutBitsPerByte).toBe(3);
    expect(reports.slice(0, -1).every((report) => report.heldOutBitsPerByte === undefined)).toBe(true);
    expect(saves).toEqual([10]);
    expect(result).toMatchObject({ step: 10, stopped: false, heldOutBitsPerByte: 3 });
  });

  it('means the loss of the steps since the last report', async () => {
    const { reports } = await run(
      { times: { reportMilliseconds: 1e6, saveSeconds: 1000, measure: true } },
      (step) => step,
    );
    expect(reports.map(({ step, loss }) => [step, loss])).toEqual([[10, 5.5]]);
  });

  it('goes on with the rates of a run that was never stopped', async () => {
    const whole = await run({});
    const rest = await run({ firstStep: 6 });
    expect(rest.rates).toEqual(whole.rates.slice(6));
    expect(whole.rates[5]).toBe(learningRateAt(createSchedule(1e-2, 10), 0.6));
  });

  it('stops at the next step when it is told to, saves, and measures nothing', async () => {
    const controller = new AbortController();
    let measured = 0;
    const { saves, result, reports } = await run(
      {
        signal: controller.signal,
        measureHeldOut: () => {
          measured++;
          return Promise.resolve(3);
        },
      },
      (step) => {
        if (step === 4)
          setImmediate(() => {
            controller.abort();
          });
        return 0.5;
      },
    );
    expect(result).toMatchObject({ stopped: true, heldOutBitsPerByte: null });
    expect(result!.step).toBeGreaterThanOrEqual(4);
    expect(result!.step).toBeLessThanOrEqual(5);
    expect(saves).toEqual([result!.step]);
    expect(reports.at(-1)!.step).toBe(result!.step);
    expect(measured).toBe(0);
  });

  it('saves every so often', async () => {
    const { saves } = await run({ times: { reportMilliseconds: 0, saveSeconds: 0, measure: true } });
    expect(saves).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  for (const [what, words, lossAt] of [
    ['NaN', 'the loss is NaN', (step: number) => (step === 5 ? NaN : 0.5)],
    ['infinite', 'the loss is Infinity', (step: number) => (step === 5 ? Infinity : 0.5)],
    ['absurdly high', 'the loss rose to 1000 nats a bit', (step: number) => (step === 5 ? 1000 : 0.5)],
  ] as const) {
    it(`ends with a sentence and without a save when the loss is ${what}`, async () => {
      const { saves, error, reports } = await run({}, lossAt);
      expect(isTrainingError(error) && error.reason).toBe('diverged');
      expect((error as Error).message).toMatch(/^Training diverged at step 5: .*lower learning rate\.$/);
      expect((error as Error).message).toContain(`: ${words} at a learning rate of `);
      expect(saves).toEqual([]);
      expect(reports).toHaveLength(4);
    });
  }

  it('tells the good steps before one that diverged, whatever the interval of reports', async () => {
    const times = { reportMilliseconds: 1e6, saveSeconds: 1000, measure: true };
    const { reports, error } = await run({ times }, (step) => (step === 5 ? NaN : step / 10));
    expect(reports.map(({ step, loss }) => [step, loss])).toEqual([[4, 0.25]]);
    expect(isTrainingError(error) && error.step).toBe(5);
  });

  it('tells what the voters do at the end, and every so often before it', async () => {
    const wait = () => new Promise((resolve) => setTimeout(resolve, 200));
    let probes = 0;
    const parts = {
      plan: plan({}),
      session: { step: () => wait().then(() => ({ loss: 0.5, gradientNorm: 1 })) },
      probe: () => Promise.resolve(probe(++probes)),
      // As slow as a step: samples are fewer for that, measurements of the voters are not.
      sample: () => wait().then(() => ({ prompt: 'tide', text: ' and harbour' })),
    };
    const { reports } = await run(parts);
    const told = reports.filter((report) => report.probe !== undefined);
    // Soon after the start, then at most four times a second, and at the end.
    expect(told.length).toBeGreaterThanOrEqual(4);
    expect(told.at(-1)!.step).toBe(10);
    expect(new Set(told.map(({ step }) => step)).size).toBe(told.length);
    expect(told.map((report) => report.probe!.deadVoters)).toEqual(told.map((_, i) => i + 1));
    expect(told.filter((report) => report.probe!.sample !== null)).toEqual([told[0], told.at(-1)]);
    const unwatched = await run({ ...parts, times: { reportMilliseconds: 0, saveSeconds: 1000, measure: false } });
    expect(unwatched.reports.filter((report) => report.probe !== undefined).map(({ step }) => step)).toEqual([10]);
  });

  it('bears a loss that is high from the start', async () => {
    const { error } = await run({}, () => 20);
    expect(error).toBeUndefined();
  });

  it('ends after the seconds it was given, counting those of before', async () => {
    const begun = performance.now();
    const { result, reports } = await run({ plan: plan({ steps: null, seconds: 5, trainedSeconds: 4.9 }) });
    expect(result!.stopped).toBe(false);
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(reports.length).toBeGreaterThan(0);
    expect(reports[0]!.steps).toBeNull();
    // 98 % of the run is over: the rate is near the floor.
    expect(reports[0]!.learningRate).toBeLessThan(0.12 * 1e-2);
  });
});
