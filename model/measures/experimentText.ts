/** @file Experiments in words, the same in the palette, in the panel and in a report. Pure. */
import type { ExperimentName, ExperimentResult, Finding, Verdict } from '../protocol/experiments';
import { plural } from './numberText';

/** Of each experiment its name and its question for users, in the order of the paper. */
export const EXPERIMENT_TEXTS: Readonly<Record<ExperimentName, { readonly title: string; readonly question: string }>> =
  {
    sparsity: { title: 'Sparsity', question: 'How many voters decide, over τ, M and training?' },
    throughput: { title: 'Throughput', question: 'What do voters cost, and what is saved by pruning them?' },
    capacity: { title: 'Capacity', question: 'How does the loss fall with size and compute?' },
    forgetting: { title: 'Forgetting', question: 'What is lost of one domain while others are learned?' },
    robustness: { title: 'Robustness', question: 'What do dropped voters, flipped votes and noise cost?' },
    ablations: { title: 'Ablations', question: 'What does each part of the model bring?' },
  };

/** All of them. */
export const EXPERIMENT_NAMES = Object.keys(EXPERIMENT_TEXTS) as readonly ExperimentName[];

/** What is read of a finding: what was measured without a decision was tested. */
export function verdictText({ verdict, estimate }: Pick<Finding, 'verdict' | 'estimate'>): Verdict | 'not decided' {
  return verdict === 'not tested' && estimate.value !== null ? 'not decided' : verdict;
}

/** What a reader has to know of a quick run. */
export const QUICK_CAUTION = 'A quick run, with less training and fewer arms: a direction, not a result.';

/** 12 of 48 runs; 48 runs. */
export function runsText({ runs: { done, planned } }: Pick<ExperimentResult, 'runs'>): string {
  return done === planned ? plural(done, 'run', 'runs') : `${done} of ${plural(planned, 'run', 'runs')}`;
}

/** 6 seeds; 6 seeds planned where runs are left. */
export function seedsText({ setup, runs }: Pick<ExperimentResult, 'setup' | 'runs'>): string {
  return `${plural(setup.seeds, 'seed', 'seeds')}${runs.done < runs.planned ? ' planned' : ''}`;
}

/** Where the numbers come from: '48 runs · 6 paired seeds · … · measured on python (41 files, 2f9c…)'. */
export function experimentSource(result: ExperimentResult): string {
  const { setup } = result;
  const texts = setup.texts.map(
    ({ name, files, sha256 }) => `${name} (${plural(files, 'file', 'files')}, SHA-256 ${sha256.slice(0, 12)})`,
  );
  const parts = [
    result.title,
    ...(setup.quick ? ['quick'] : []),
    runsText(result),
    `N = ${seedsText(result)}`,
    `SMUGGLER ${setup.version}`,
    ...(setup.commit === null ? [] : [`commit ${setup.commit.slice(0, 12)}`]),
  ];
  return `${parts.join(' · ')} · measured on ${texts.join(', ')}`;
}

/** Said of a result that no run of the user found. */
export const CAME_WITH_EXTENSION = 'came with the extension';
