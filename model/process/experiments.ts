/** @file The role that trains, asked for an experiment: in a process of its own, which the editor starts and ends. */
import { makeFolder } from '../checkpoint/atomicWrite';
import { rememberBeginning } from '../experiments/experimentFolder';
import { EXPERIMENTS } from '../experiments/experiments';
import { runExperiment } from '../experiments/runExperiment';
import type { ExperimentOutcome, ExperimentParams, ExperimentProgress } from '../protocol/experiments';

/**
 * Makes an experiment, or goes on with it. Aborting ends it with the result of the runs that are done.
 * @param program the folder that this program is in
 * @throws RunLogError, FolderLockedError, FileSystemError, CorpusError, DeviceError, RuntimeMissingError
 */
export async function makeExperiment(
  params: ExperimentParams,
  program: string,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: ExperimentProgress) => void },
): Promise<ExperimentOutcome> {
  const { experiment: name, quick, seeds, texts, out, threads } = params;
  const experiment = await EXPERIMENTS[name]();
  await makeFolder(out);
  await rememberBeginning(params);
  return runExperiment(experiment, {
    quick,
    seeds,
    out,
    texts,
    threads,
    program,
    signal,
    onProgress,
  });
}
