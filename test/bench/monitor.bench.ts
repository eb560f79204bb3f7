/**
 * @file What watching a training costs it: reports, log, held-out text, voters and samples, against the same steps with nothing
 * of that. Both run in turn in one process; processor time a step is compared, since other work on the machine does not count there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { appendReport } from '../../model/checkpoint/trainingLog';
import { initializeParameters } from '../../model/network/initialize';
import { TrainingSession } from '../../model/runtime/trainingSession';
import { readCorpus, splitCorpus } from '../../model/text/corpus';
import { Random } from '../../model/text/random';
import { bitRates, WindowSampler } from '../../model/text/sampler';
import { runLoop } from '../../model/training/loop';
import { planTraining } from '../../model/training/plan';
import type { TrainingPlan } from '../../model/training/plan';
import { presetNamed } from '../../model/training/presets';
import { RunWatch } from '../../model/training/probeRun';
import type { TrainingReport } from '../../model/protocol/training';
import { bounded, figure, finish, spread } from './report';

const ROUNDS = 3;
/** Seconds a round: the default model's held-out text is measured after half a minute first. */
const SECONDS = 45;

interface Round {
  readonly cpuMilliseconds: number;
  readonly wallMilliseconds: number;
  readonly reports: readonly TrainingReport[];
}

async function measurePreset(name: string, text: string): Promise<void> {
  const { config } = presetNamed(name);
  const corpus = await readCorpus([text], { exclude: ['**/node_modules'], maxFileBytes: 1e6 });
  const split = splitCorpus(corpus, 0.05, 1);
  const folder = mkdtempSync(path.join(tmpdir(), 'smuggler-monitor-'));
  const plan: TrainingPlan = planTraining({
    text: [text],
    out: folder,
    preset: name,
    resume: false,
    steps: null,
    seconds: SECONDS,
    seed: 1,
    device: 'cpu',
    threads: 1,
    exclude: [],
    maxFileBytes: 1e6,
  });
  const random = Random.fromSeed(1);
  const runtime = { device: 'cpu', threads: 1 } as const;
  const session = await TrainingSession.create(config, initializeParameters(config, bitRates(split.train), random), {
    batch: plan.batch,
    context: plan.context,
    optimizer: plan.optimizer,
    ...runtime,
  });
  const sampler = new WindowSampler(split.train, plan.context, random);

  /** Watched as `train` does it, or with nothing but its steps. */
  const round = async (watched: boolean): Promise<Round> => {
    const watch = new RunWatch(config, session, split, { runtime, signal: undefined, onWarning: undefined });
    const reports: TrainingReport[] = [];
    let steps = 0;
    const stopping = new AbortController();
    const cpu = process.cpuUsage();
    const start = performance.now();
    await runLoop({
      plan: { ...plan, seconds: 10 * SECONDS },
      session: {
        step: (bytes, rate, scored) => {
          // A loop that is stopped does not end with a measurement.
          if (performance.now() - start > 1000 * SECONDS) stopping.abort();
          steps++;
          return session.step(bytes, rate, scored);
        },
      },
      sampler,
      firstStep: 0,
      times: { reportMilliseconds: watched ? 250 : 1e9, saveSeconds: 1e9, measure: watched },
      signal: stopping.signal,
      measureHeldOut: (last) => watch.measureHeldOut(last),
      probe: () => watch.probe(),
      sample: () => watch.sample(),
      save: () => Promise.resolve(),
      report: async (report) => {
        reports.push(report);
        await appendReport(folder, report);
      },
    });
    const wall = performance.now() - start;
    const { user, system } = process.cpuUsage(cpu);
    await watch.dispose();
    return {
      cpuMilliseconds: (user + system) / 1000 / steps,
      wallMilliseconds: wall / steps,
      reports,
    };
  };

  const cpuRatios: number[] = [];
  const wallRatios: number[] = [];
  const watchedRounds: Round[] = [];
  await session.step(sampler.next(plan.batch).bytes, 0);
  for (let i = 0; i < ROUNDS; i++) {
    // Which of the two goes first changes, so that a machine that grows slower favours neither.
    const first = await round(i % 2 === 0);
    const second = await round(i % 2 !== 0);
    const [watched, alone] = i % 2 === 0 ? [first, second] : [second, first];
    watchedRounds.push(watched);
    cpuRatios.push(watched.cpuMilliseconds / alone.cpuMilliseconds - 1);
    wallRatios.push(watched.wallMilliseconds / alone.wallMilliseconds - 1);
  }
  await session.dispose();
  rmSync(folder, { recursive: true });

  const reports = watchedRounds.flatMap((one) => one.reports);
  const count = (test: (report: TrainingReport) => boolean) => reports.filter(test).length;
  const seconds = ROUNDS * SECONDS;
  figure(
    `${name}: ${ROUNDS} rounds of ${SECONDS} s, 1 thread`,
    `${watchedRounds[0]!.wallMilliseconds.toFixed(1)} ms a step`,
  );
  figure(
    'reports, held-out measurements, probes',
    `${reports.length}, ${count((report) => report.heldOutBitsPerByte !== undefined)}, ${count((report) => report.probe !== undefined)}`,
  );
  bounded(`${name}: reports a second`, reports.length / seconds, { above: 2 }, '');
  const percent = (shares: readonly number[]) => 100 * spread(shares).median;
  bounded(`${name}: slower by (processor time a step)`, percent(cpuRatios), { below: 3 }, '%');
  figure(`${name}: slower by (wall clock, where nothing else runs)`, `${percent(wallRatios).toFixed(2)} %`);
}

async function main(): Promise<void> {
  const root = path.join(__dirname, '../..');
  for (const name of ['tiny', 'default']) await measurePreset(name, path.join(root, 'model'));
  finish();
}

void main();
