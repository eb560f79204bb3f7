/** @file Resume under fire: trainings that are killed at random moments lose no more than one save interval, and end as if never killed. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../model/network/config';
import type { TrainingReport } from '../../../model/protocol/training';
import { Random } from '../../../model/text/random';
import { BundledCli, jsonLines, SENTENCE, SMALL_CONFIG } from '../cli/bundle';
import { loadFolder } from './folders';

/** One run: how it differs from SMALL_CONFIG, how often it saves, how often it is killed. */
interface Run {
  readonly name: string;
  readonly config: Partial<ModelConfig>;
  readonly seed: number;
  readonly saveSeconds: number;
  readonly kills: number;
  /** A kill comes after this many reports at most. */
  readonly mostReports: number;
  /** More than are made up to the last kill; the rest is made at the end, without one. */
  readonly steps: number;
}

const RUNS: readonly Run[] = [
  { name: 'saves after every step', config: {}, seed: 1, saveSeconds: 0, kills: 9, mostReports: 40, steps: 500 },
  { name: 'saves 50 times a second', config: {}, seed: 2, saveSeconds: 0.02, kills: 9, mostReports: 60, steps: 600 },
  {
    name: 'saves 7 times a second',
    config: { aggregation: 'max', stages: 0 },
    seed: 3,
    saveSeconds: 0.15,
    kills: 9,
    mostReports: 150,
    steps: 1000,
  },
  {
    name: 'learns its τ',
    config: { aggregation: 'confidence', temperature: 4, temperature_learned: true, bottleneck: 'dendritic' },
    seed: 4,
    saveSeconds: 0.08,
    kills: 9,
    mostReports: 100,
    steps: 900,
  },
];

/** A kill comes at most so much later than the report that it waits for … */
const MOST_MILLISECONDS = 15;
/** … but one of KILLS_AT_START within START_MILLISECONDS of the start, mostly before there is a report. */
const KILLS_AT_START = 4;
const START_MILLISECONDS = 400;

let cli: BundledCli;
beforeAll(async () => {
  cli = await BundledCli.create();
  writeFileSync(cli.path('text.txt'), SENTENCE.repeat(100));
});
afterAll(() => {
  cli.dispose();
});

/** The reports of a process that may have been killed while it wrote one. */
function reportsOf(stdout: string): TrainingReport[] {
  const whole = stdout.slice(0, stdout.lastIndexOf('\n') + 1);
  return whole === '' ? [] : jsonLines<TrainingReport>(whole);
}

/**
 * The time that a kill cost, and the most that it may. A save is made after the first step that ends beyond the interval:
 * so the interval, that step, and what the save from which training goes on took itself.
 */
function cost(reports: readonly TrainingReport[], saved: number, saveSeconds: number) {
  const times = reports.map(({ elapsedSeconds }) => elapsedSeconds);
  const last = times.at(-1) ?? 0;
  const at = reports.findIndex(({ step }) => step === saved);
  const savedAt = times[at] ?? 0;
  return {
    seconds: last - savedAt,
    most: saveSeconds + (last - (times.at(-2) ?? 0)) + ((times[at + 1] ?? last) - savedAt),
  };
}

function lossesIn(folder: string): [number, number][] {
  const lines = jsonLines<object>(readFileSync(join(folder, 'training.jsonl'), 'utf8'));
  // Lines of another kind say how a run ended.
  const reports = lines.filter((line): line is TrainingReport => 'loss' in line);
  return reports.map(({ step, loss }) => [step, loss]);
}

describe.each(RUNS)('a training that $name', ({ name, config, seed, saveSeconds, kills, mostReports, steps }) => {
  it(`is killed ${kills} times and loses nothing that was saved`, async () => {
    const random = Random.fromSeed(seed);
    const folder = cli.path(`killed-${seed}`);
    const whole = cli.path(`whole-${seed}`);
    const configFile = cli.path(`config-${seed}.json`);
    writeFileSync(configFile, JSON.stringify({ ...SMALL_CONFIG, ...config }));
    const fresh = (out: string) => [
      ...['train', '--text', cli.path('text.txt'), '--out', out, '--config', configFile, '--json', '--threads', '1'],
      ...['--steps', `${steps}`, '--seed', `${seed}`, '--save-seconds', `${saveSeconds}`],
    ];
    const resumed = ['train', '--out', folder, '--resume', '--json', '--threads', '1'];
    const uninterrupted = cli.run(...fresh(whole));

    const rows: string[] = [];
    let saved: number | null = null;
    for (let kill = 0; kill < kills; kill++) {
      const began: number = saved ?? 0;
      const again = saved === null ? fresh(folder) : [...resumed, '--save-seconds', `${saveSeconds}`];
      const running = cli.start(...again);
      const atStart = random.integer(KILLS_AT_START) === 0;
      const reports = random.integer(mostReports);
      if (!atStart) await Promise.race([running.sawLines(reports), running.ended]);
      await delay((atStart ? START_MILLISECONDS : MOST_MILLISECONDS) * random.uniform());
      running.signal('SIGKILL');
      const { code, stdout, stderr } = await running.ended;
      expect(code, stderr).toBeNull();

      const made = reportsOf(stdout);
      // It went on from exactly what the folder held.
      expect(made.map(({ step }) => step)).toEqual(made.map((_, i) => began + i + 1));
      saved = await loadFolder(folder);
      if (saved === null) {
        expect(made).toEqual([]);
        rows.push(`killed before the first save`);
        continue;
      }
      expect(saved).toBeGreaterThanOrEqual(began);
      // A save may be of a step whose report did not come through.
      const reached = Math.max(saved, made.at(-1)?.step ?? began);
      const { seconds, most } = cost(made, saved, saveSeconds);
      expect(seconds).toBeLessThanOrEqual(most);
      if (saveSeconds === 0) expect(reached - saved).toBeLessThanOrEqual(1);
      rows.push(
        `${began} → ${reached}, saved ${saved}: lost ${reached - saved} steps, ${(1000 * seconds).toFixed(0)} ms`,
      );
    }
    console.log(`${name}, interval ${1000 * saveSeconds} ms:\n  ${rows.join('\n  ')}`);

    const rest = await cli.run(...(saved === null ? fresh(folder) : resumed));
    expect(rest.code, rest.stderr).toBe(0);
    expect((await uninterrupted).code).toBe(0);
    const losses = lossesIn(folder);
    expect(losses).toHaveLength(steps);
    expect(losses).toEqual(lossesIn(whole));
    const weights = (of: string) => readFileSync(join(of, 'model.safetensors'));
    expect(weights(folder).equals(weights(whole))).toBe(true);
  }, 120_000);
});
