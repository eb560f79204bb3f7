/** @file `smuggler experiment`: one of the paper's experiments, made or gone on with in a folder. */
import { EXPERIMENTS } from '../experiments/experiments';
import { FILES, runExperiment, seedsOf, statedBefore } from '../experiments/runExperiment';
import { EXPERIMENT_TEXTS } from '../measures/experimentText';
import { plural } from '../measures/numberText';
import type { Estimate, ExperimentName, ExperimentProgress, ExperimentResult } from '../protocol/experiments';
import { formatDuration, formatNumber } from './format';
import { hasBar, startBar } from './progressBar';
import type { Terminal } from './terminal';
import { ExitCode } from './terminal';

export interface ExperimentFlags {
  readonly quick?: true;
  readonly seeds?: number;
  readonly out?: string;
  readonly text?: readonly string[];
  readonly threads: number;
  readonly json?: true;
}

function progressText({ running, done, planned, secondsLeft }: ExperimentProgress): string {
  const left = secondsLeft === null ? '' : `, ${formatDuration(secondsLeft)} left`;
  return `run ${done + 1} of ${planned}: ${running}${left}`;
}

function estimateText({ value, interval, n, of, unit, reason }: Estimate): string {
  if (value === null) return `undefined (${reason ?? 'no value'})`;
  const range = interval === null ? '' : ` [${interval.map(formatNumber).join(', ')}]`;
  return `${formatNumber(value)}${range} ${unit} (${n} ${of})`;
}

function tellResult({ title, setup, findings }: ExperimentResult, terminal: Terminal): void {
  const size = setup.quick ? ', quick: tiny models and few steps, a direction and no result' : '';
  terminal.line(`${title}, ${plural(setup.seeds, 'seed', 'seeds')}${size}`);
  for (const { claim, measure, estimate, verdict, because } of findings) {
    terminal.line(`${claim}: ${verdict}. ${measure}: ${estimateText(estimate)}. ${because}`);
  }
}

/**
 * @param program the folder that the program is in
 * @returns the exit code
 */
export async function runNamedExperiment(
  name: ExperimentName,
  flags: ExperimentFlags,
  program: string,
  terminal: Terminal,
): Promise<number> {
  const experiment = await EXPERIMENTS[name]();
  const isJson = flags.json === true;
  const quick = flags.quick === true;
  const out = flags.out ?? `experiment-${name}${quick ? '-quick' : ''}`;
  terminal.finishWhenInterrupted();
  const bar = startBar(isJson, '{bar} {percentage}% {text}');
  const seeds = flags.seeds ?? null;
  const stated = statedBefore(experiment, { quick, seeds: seedsOf(experiment, { quick, seeds }) });
  if (!isJson) terminal.note(`${EXPERIMENT_TEXTS[name].question} Decided by: ${stated}`);
  try {
    const { result, stopped } = await runExperiment(experiment, {
      quick,
      seeds,
      out,
      texts: flags.text ?? [],
      threads: flags.threads,
      program,
      signal: terminal.signal,
      onProgress: (progress) => {
        if (isJson) terminal.json(progress);
        else if (hasBar(isJson)) bar.update(progress.done, progress.planned, { text: progressText(progress) });
        else terminal.note(progressText(progress));
      },
    });
    bar.stop();
    if (result !== null) {
      if (isJson) terminal.json(result);
      else tellResult(result, terminal);
    }
    const { done, planned } = result?.runs ?? { done: 0, planned: null };
    if (stopped) {
      const of = planned === null ? 'before the first run was done' : `after ${done} of ${planned} runs`;
      terminal.note(`Stopped ${of}. The same command goes on from there; the runs are in ${out}/${FILES.log}.`);
      return ExitCode.interrupted;
    }
    terminal.note(`Finished ${done} runs. ${out} holds ${Object.values(FILES).join(', ')}.`);
    return ExitCode.done;
  } finally {
    bar.stop();
  }
}
