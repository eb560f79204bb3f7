/** @file The host's side of the Training Monitor: columns of a log, thinning, the figures of a step, how a run stands. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunFacts } from '../../../../../extension/panels/trainingMonitor/trainingMonitorRuns';
import { FollowedRuns, MOST_RUNS, stateOf } from '../../../../../extension/panels/trainingMonitor/trainingMonitorRuns';
import { lastUpTo, RunSeries, strideFor } from '../../../../../extension/panels/trainingMonitor/trainingMonitorSeries';
import { lockFolder } from '../../../../../model/checkpoint/lock';
import { appendReport, parseEntries } from '../../../../../model/checkpoint/trainingLog';
import type { TrainingProbe, TrainingReport } from '../../../../../model/protocol/training';

function report(step: number, change: Partial<TrainingReport> = {}): TrainingReport {
  return {
    step,
    steps: 1000,
    loss: 1 / step,
    bitsPerByte: 10 / step,
    gradientNorm: 0.1,
    learningRate: 1e-3,
    stepMilliseconds: 5,
    chunksPerSecond: 2000,
    elapsedSeconds: step / 10,
    remainingSeconds: 100 - step / 10,
    ...change,
  };
}

function probe(deadVoters: number): TrainingProbe {
  return {
    chunks: 512,
    heldOut: true,
    voters: 128,
    effectiveVotersOnes: 4,
    effectiveVotersZeros: null,
    density: 0.25,
    deadVoters,
    denseVoters: 8,
    densityHistogram: [deadVoters, 128 - deadVoters],
    sample: { prompt: 'The ', text: `tide ${deadVoters}` },
  };
}

function seriesOf(...reports: TrainingReport[]): RunSeries {
  const series = new RunSeries();
  series.add(reports);
  return series;
}

it('a log that was written after now, since the clock was set back, is not taken for one that grows', () => {
  const facts = { reports: 3, end: null, lock: 'none' } as const;
  expect(stateOf({ ...facts, age: 1_000 })).toBe('running');
  expect(stateOf({ ...facts, age: -1_000 })).toBe('running');
  expect(stateOf({ ...facts, age: 3_600_000 })).toBe('interrupted');
  expect(stateOf({ ...facts, age: -3_600_000 })).toBe('interrupted');
});

describe('RunSeries', () => {
  it('keeps every report of a short run as it is', () => {
    const curves = seriesOf(report(1), report(2), report(3)).curves();
    expect(curves).toMatchObject({ reports: 3, perPoint: 1 });
    expect(Array.from(curves.step)).toEqual([1, 2, 3]);
    expect(Array.from(curves.bitsPerByte)).toEqual([10, 5, Math.fround(10 / 3)]);
    expect(curves.bitsPerByteLow).toEqual(curves.bitsPerByteHigh);
  });

  it('thins a long one: means with least and most, none forgotten, points that stay while it grows', () => {
    const series = seriesOf(...Array.from({ length: 5000 }, (_, i) => report(i + 1, { bitsPerByte: i % 2 })));
    series.add([report(5001, { bitsPerByte: 99, gradientNorm: 7 })]);
    const curves = series.curves();
    expect(curves).toMatchObject({ reports: 5001, perPoint: 16 });
    expect(curves.step).toHaveLength(313);
    expect(curves.step[0]).toBe(16);
    expect(curves.step.at(-1)).toBe(5001);
    expect(curves.bitsPerByte[0]).toBe(0.5);
    expect([curves.bitsPerByteLow[0], curves.bitsPerByteHigh[0]]).toEqual([0, 1]);
    // A spike of one report is seen.
    expect(curves.bitsPerByteHigh.at(-1)).toBe(99);
    expect(curves.gradientNormHigh.at(-1)).toBe(7);
    const before = curves.bitsPerByte.slice(0, 300);
    series.add(Array.from({ length: 100 }, (_, i) => report(5002 + i)));
    expect(series.curves().bitsPerByte.slice(0, 300)).toEqual(before);
  });

  it('adds up the time of processes that went on with a run', () => {
    const series = seriesOf(report(1, { elapsedSeconds: 1 }), report(2, { elapsedSeconds: 2 }));
    series.add([{ step: 2, end: 'stopped', message: 'Stopped.' }]);
    expect(series.end).toMatchObject({ end: 'stopped' });
    series.add([report(3, { elapsedSeconds: 0.5 })]);
    expect(series.end).toBeNull();
    expect(Array.from(series.curves().seconds)).toEqual([1, 2, 2.5]);
  });

  it('tells what was known at a step, over steps and over time', () => {
    const series = seriesOf(
      report(10, { probe: probe(1) }),
      report(20, { heldOutBitsPerByte: 4.5 }),
      report(30, { probe: probe(2) }),
    );
    expect(series.moment('step', 9)).toBeNull();
    expect(series.moment('step', 29)).toMatchObject({
      step: 20,
      loss: 1 / 20,
      heldOut: { step: 20, bitsPerByte: 4.5 },
      probe: { step: 10, deadVoters: 1, effectiveVotersOnes: 4, effectiveVotersZeros: NaN },
      sample: { step: 10, text: 'tide 1' },
    });
    // A probe without a sample leaves the one before.
    series.add([report(40, { probe: { ...probe(3), sample: null } })]);
    expect(series.moment('step', null)).toMatchObject({ probe: { step: 40 }, sample: { step: 30, text: 'tide 2' } });
    expect(series.moment('seconds', 1.5)).toMatchObject({ step: 10, heldOut: null });
    expect(series.moment('step', 30)).toMatchObject({ step: 30, probe: { deadVoters: 2 } });
  });

  it('gives the probes as shares and histograms', () => {
    const series = seriesOf(report(10, { probe: probe(32) }), report(20, { probe: probe(64) }));
    const probes = series.probes();
    expect(Array.from(probes.deadShares)).toEqual([0.25, 0.5]);
    expect(Array.from(probes.densityHistograms)).toEqual([32, 96, 64, 64]);
    expect(probes).toMatchObject({ bins: 2, voters: 128, chunks: 512, heldOut: true });
    const many = seriesOf(...Array.from({ length: 1000 }, (_, i) => report(i + 1, { probe: probe(i % 128) })));
    expect(many.probes().step.length).toBeLessThanOrEqual(241);
    expect(many.probes().step.at(-1)).toBe(1000);
  });

  it('bears with lines of other programs: keys that are missing, null, or of another kind', () => {
    const series = new RunSeries();
    series.add(
      parseEntries(
        [
          '{"step": 1}',
          '{"step": 2, "loss": NaN, "steps": "many", "probe": {"voters": 3}, "remainingSeconds": null}',
          '{"step": 3, "loss": 0.5, "probe": 7, "heldOutBitsPerByte": null}',
        ].join('\n'),
      ),
    );
    expect(series.reports).toBe(3);
    expect(Array.from(series.curves().bitsPerByte)).toEqual([NaN, NaN, NaN]);
    expect(series.moment('step', null)).toMatchObject({ step: 3, loss: 0.5, probe: null, heldOut: null });
    expect(series.stepsInAll).toBeNull();
  });

  it('finds places and strides', () => {
    expect([0, 1, 3, 9].map((at) => lastUpTo([1, 3, 5], at))).toEqual([-1, 0, 1, 2]);
    expect([1, 600, 601, 1200, 1201].map((count) => strideFor(count, 600))).toEqual([1, 1, 2, 2, 4]);
  });
});

describe('how a run stands', () => {
  const facts: RunFacts = { reports: 5, end: null, lock: 'none', age: 60_000 };
  it.each([
    [{ lock: 'held' }, 'running'],
    [{ lock: 'held', reports: 0, age: null }, 'waiting'],
    // It was stopped before, and is gone on with.
    [{ lock: 'held', end: 'stopped' }, 'running'],
    [{ end: 'finished' }, 'finished'],
    [{ end: 'diverged' }, 'diverged'],
    [{ lock: 'stale' }, 'interrupted'],
    [{}, 'interrupted'],
    // Another program writes it and locks nothing.
    [{ age: 2000 }, 'running'],
    [{ age: null, reports: 0 }, 'missing'],
  ] as const)('%j is %s', (change, state) => {
    expect(stateOf({ ...facts, ...change })).toBe(state);
  });
});

describe('FollowedRuns', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'smuggler-monitor-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const look = { axis: 'step', at: null } as const;
  const only = (runs: FollowedRuns, own: string | null = null, isStopping = false) =>
    runs.shown(look, own === null ? null : { folder: own, isStopping }, (path) => path)[0]!;

  it('follows a run from before its first report to its end', async () => {
    const runs = new FollowedRuns();
    runs.add(folder);
    const lock = await lockFolder(folder);
    // It may be in the middle: nobody has looked.
    expect(only(runs)).toMatchObject({ state: 'reading', moment: null });
    await runs.refresh(true);
    expect(only(runs)).toMatchObject({ state: 'waiting', moment: null });
    await appendReport(folder, report(1));
    expect(await runs.refresh(false)).toBe(true);
    expect(await runs.refresh(false)).toBe(false);
    expect(only(runs, folder)).toMatchObject({ state: 'running', isOwn: true, steps: 1000, remainingSeconds: 99.9 });
    expect(only(runs, folder, true)).toMatchObject({ state: 'stopping', isOwn: true, remainingSeconds: null });
    expect(only(runs, '/models/other', true)).toMatchObject({ state: 'running', isOwn: false });
    await appendReport(folder, { step: 2, end: 'diverged', message: 'Training diverged at step 2.' });
    await lock.release();
    await runs.refresh(false);
    expect(only(runs)).toMatchObject({
      state: 'diverged',
      message: 'Training diverged at step 2.',
      remainingSeconds: null,
      canResume: false,
    });
    expect(only(runs).moment).toMatchObject({ step: 1 });
  });

  it('offers to go on with a run that was interrupted and has something to go on from', async () => {
    const runs = new FollowedRuns();
    runs.add(folder);
    await appendReport(folder, report(1));
    utimesSync(join(folder, 'training.jsonl'), 0, 0);
    await runs.refresh(true);
    expect(only(runs)).toMatchObject({ state: 'interrupted', canResume: false });
    writeFileSync(join(folder, 'optimizer.safetensors'), '');
    await runs.refresh(true);
    expect(only(runs)).toMatchObject({ state: 'interrupted', canResume: true });
  });

  it('forgets what a resumed run dropped', async () => {
    const runs = new FollowedRuns();
    runs.add(folder);
    for (let step = 1; step <= 4; step++) await appendReport(folder, report(step));
    await runs.refresh(true);
    writeFileSync(join(folder, 'training.jsonl'), `${JSON.stringify(report(1))}\n`);
    await runs.refresh(true);
    expect(Array.from(only(runs).curves.step)).toEqual([1]);
    appendFileSync(join(folder, 'training.jsonl'), `${JSON.stringify(report(2))}\n`);
    await runs.refresh(true);
    expect(Array.from(only(runs).curves.step)).toEqual([1, 2]);
  });

  it('says what is wrong with a folder that has no log, and goes on', async () => {
    const runs = new FollowedRuns();
    runs.add(join(folder, 'nowhere'));
    await runs.refresh(true);
    expect(only(runs).state).toBe('missing');
  });

  it('gives each run a look of its own, and room for a new one where one has ended', async () => {
    const runs = new FollowedRuns();
    for (let i = 0; i < MOST_RUNS; i++) expect(runs.add(join(folder, String(i)))).toBe(true);
    expect(new Set(runs.shown(look, null, (path) => path).map(({ slot }) => slot)).size).toBe(MOST_RUNS);
    // All of them may be going on, for all that is known yet.
    expect(runs.add(join(folder, 'next'))).toBe(false);
    await runs.refresh(true);
    expect(runs.add(join(folder, 'next'))).toBe(true);
    expect(runs.folders).toHaveLength(MOST_RUNS);
    expect(runs.has(join(folder, '0'))).toBe(false);
    expect(only(runs).slot).toBe(1);
    expect(runs.shown(look, null, (path) => path).at(-1)!.slot).toBe(0);
  });
});
