/** @file Running an experiment in a folder: the runs that are not done yet, one after the other, then its result. */
import path from 'node:path';
import { atomicWrite, removeLeftovers } from '../checkpoint/atomicWrite';
import { lockFolder } from '../checkpoint/lock';
import type { ExperimentOutcome, ExperimentProgress, ExperimentResult } from '../protocol/experiments';
import { experimentReport, readReportPage } from '../report/experimentReport';
import { CorpusError } from '../text/corpus';
import { isTrainingError } from '../training/errors';
import { chooseThreads } from '../training/plan';
import { describeProgram } from './environment';
import type { Experiment, ExperimentSize, FinishedRun, Row, Run, RunContext, RunRow } from './experiment';
import { powerBefore } from './power';
import { RunLog } from './runLog';
import { describeDomain, joined, readDomains } from './texts';
import { EXPERIMENT_TEXTS } from '../measures/experimentText';
import { byteSize } from '../measures/numberText';

/** Files of an experiment's folder. */
export const FILES = { log: 'runs.jsonl', result: 'result.json', rows: 'rows.csv', report: 'report.html' } as const;

export interface RunExperimentOptions {
  readonly quick: boolean;
  /** Of each arm; null leaves it to the experiment. */
  readonly seeds: number | null;
  /** Made where it is missing; one that holds runs of the same setup is gone on with. */
  readonly out: string;
  /** Files and folders, a domain each; none for texts of the program's own packages. */
  readonly texts: readonly string[];
  /** 0 to choose. */
  readonly threads: number;
  /** The folder that the program is in. */
  readonly program: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ExperimentProgress) => void;
}

/** The measure that decides, and what so many seeds can decide: said before the first run. */
export function statedBefore(experiment: Experiment, size: ExperimentSize): string {
  return [experiment.primary, powerBefore(experiment, size) ?? []].flat().join(' ');
}

/** Seeds unless others are asked for. */
export function seedsOf(
  experiment: Experiment,
  { quick, seeds }: Pick<RunExperimentOptions, 'quick' | 'seeds'>,
): number {
  return seeds ?? experiment.seeds[quick ? 'quick' : 'full'];
}

/**
 * Makes the runs that are missing and writes the result; after an abort that of the runs that are done. Whatever ends the process, at
 * most the run that was under way is lost.
 * @throws RunLogError where the folder has runs of another setup
 * @throws FolderLockedError, FileSystemError, CorpusError, DeviceError, RuntimeMissingError
 */
export async function runExperiment(experiment: Experiment, options: RunExperimentOptions): Promise<ExperimentOutcome> {
  const { quick, out, signal } = options;
  const size = { quick, seeds: seedsOf(experiment, options) };
  const primary = statedBefore(experiment, size);
  const bytesPerDomain = experiment.bytesPerDomain(size);
  const domains = await readDomains({
    paths: options.texts,
    packages: path.join(options.program, 'node_modules'),
    bytesPerDomain,
    signal,
  });
  if (domains.length < experiment.leastDomains) {
    const found = domains.map((domain) => domain.name).join(', ');
    throw new CorpusError(
      `${EXPERIMENT_TEXTS[experiment.name].title} needs ${experiment.leastDomains} domains and found ${found}: choose as many files or folders, a domain each (--text).`,
    );
  }
  const texts = domains.map(describeDomain);
  const threads = chooseThreads(options.threads);
  const lock = await lockFolder(out);
  try {
    await removeLeftovers(out);
    const log = await RunLog.open(path.join(out, FILES.log), {
      experiment: experiment.name,
      version: experiment.version,
      quick,
      fixed: experiment.fixed(size),
      texts: texts.map(({ name, sha256 }) => ({ name, sha256 })),
    });
    const plan = experiment.plan(size);
    const described = await describeProgram(options.program, threads);
    const context = { quick, domains, text: joined(domains), threads, signal, finished: log.finished };
    await makeRuns(experiment, plan, { ...context, primary, commit: described.commit }, log, options.onProgress);
    const done = plan.flatMap(({ key }) => log.finished.get(key) ?? []);
    const stopped = done.length < plan.length;
    if (done.length === 0) return { result: null, stopped };
    const rows = done.flatMap((run) => run.rows.map((row): RunRow => ({ ...row, arm: run.arm, seed: run.seed })));
    const { name } = experiment;
    const result: ExperimentResult = {
      name,
      ...EXPERIMENT_TEXTS[name],
      primary,
      setup: {
        ...size,
        texts,
        fixed: [`text: at most ${byteSize(bytesPerDomain)} of each domain`, ...experiment.fixed(size)],
        ...described,
        commit: commitOfAll(done),
      },
      runs: { done: done.length, planned: plan.length },
      seconds: done.reduce((sum, run) => sum + run.seconds, 0),
      ...experiment.analyse(rows, size),
    };
    await atomicWrite(path.join(out, FILES.rows), csv(rows));
    await atomicWrite(path.join(out, FILES.result), `${JSON.stringify(result, null, 2)}\n`);
    const page = await readReportPage(path.join(options.program, 'out'));
    // A checkout that was not built has no page.
    if (page !== null) {
      await atomicWrite(path.join(out, FILES.report), experimentReport([result], page, new Date().toISOString()));
    }
    return { result, stopped };
  } finally {
    await lock.release();
  }
}

/** The source that made all of the runs; null where it was not one and the same, or is not known. */
function commitOfAll(runs: readonly FinishedRun[]): string | null {
  const commits = new Set(runs.map(({ commit = null }) => commit));
  const [only = null] = commits;
  return commits.size === 1 ? only : null;
}

/** Ends early, without an error, when the signal is aborted. */
async function makeRuns(
  experiment: Experiment,
  plan: readonly Run[],
  { primary, commit, ...context }: RunContext & { readonly primary: string; readonly commit: string | null },
  log: RunLog,
  onProgress: RunExperimentOptions['onProgress'],
): Promise<void> {
  const isStopped = () => context.signal?.aborted === true;
  for (const run of plan) {
    if (log.finished.has(run.key)) continue;
    if (isStopped()) return;
    const done = plan.flatMap(({ key }) => log.finished.get(key) ?? []);
    const seconds = done.reduce((sum, one) => sum + one.seconds, 0);
    onProgress?.({
      name: experiment.name,
      primary,
      done: done.length,
      planned: plan.length,
      running: run.key,
      secondsLeft: done.length === 0 ? null : (seconds / done.length) * (plan.length - done.length),
    });
    const begun = performance.now();
    const finish = (outcome: Pick<FinishedRun, 'rows' | 'failure'>) => {
      const { key, arm, seed } = run;
      return log.append({ key, arm, seed, seconds: (performance.now() - begun) / 1000, commit, ...outcome });
    };
    try {
      await finish({ rows: await experiment.run(run, context) });
    } catch (error) {
      if (isStopped()) return;
      if (!isTrainingError(error) || error.reason !== 'diverged') throw error;
      await finish({ rows: [], failure: error.message });
    }
  }
}

/** A column for each name that any row has, arm and seed first. */
function csv(rows: readonly RunRow[]): string {
  const columns = [...new Set(['arm', 'seed', ...rows.flatMap((row) => Object.keys(row))])];
  const cell = (value: Row[string] | undefined) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}
