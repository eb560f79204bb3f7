/** @file What the Experiments panel shows of folders and of the experiment that runs. Pure. */
import { plural } from '../../../model/measures/numberText';
import type { StoredExperiment } from '../../../model/protocol/experiments';
import type { ShownExperiment } from '../../../model/protocol/panels/experiments';
import type { ExperimentRun } from '../../modelProcess/experimentService';

export interface ShownFrom {
  readonly stored: readonly StoredExperiment[];
  readonly run: ExperimentRun | null;
  /** Folder → why its last run in this window ended badly. */
  readonly ends: ReadonlyMap<string, string | null>;
  /** A folder, for users. */
  readonly placeOf: (folder: string) => string;
  /** Folders that came with the extension. */
  readonly published: readonly string[];
}

/** The one that runs first, then the newest, and those that came with the extension last: the user's own come before them. */
export function shownExperiments({ stored, run, ends, placeOf, published }: ShownFrom): ShownExperiment[] {
  const running = run?.params.out;
  const isPublished = ({ folder }: StoredExperiment) => published.includes(folder);
  const others = stored
    .filter(({ folder }) => folder !== running)
    .toSorted((a, b) => Number(isPublished(a)) - Number(isPublished(b)) || b.written - a.written)
    .map((one): ShownExperiment => {
      const { folder, experiment, result, begunWith } = one;
      const isPart = result === null || result.runs.done < result.runs.planned;
      return {
        id: folder,
        place: placeOf(folder),
        experiment,
        result,
        message: messageOf(one, ends.get(folder) ?? null),
        isRunning: false,
        progress: null,
        canResume: isPart && begunWith !== null && run === null,
        ...(isPublished(one) ? { isPublished: true } : {}),
      };
    });
  if (run === null) return others;
  const { params, progress } = run;
  const own: ShownExperiment = {
    id: params.out,
    place: placeOf(params.out),
    experiment: params.experiment,
    result: stored.find(({ folder }) => folder === params.out)?.result ?? null,
    message: null,
    isRunning: true,
    progress,
    canResume: false,
  };
  return [own, ...others];
}

function messageOf({ problem, result, runs, begunWith }: StoredExperiment, end: string | null): string | null {
  if (end !== null) return end;
  if (problem !== null) return problem;
  const told = result?.runs.done ?? 0;
  const onward = begunWith === null ? 'the command that began it goes on from there' : 'Resume goes on from there';
  if (runs > told) return `${plural(runs, 'run is', 'runs are')} done, of which the result has ${told}: ${onward}.`;
  return null;
}
