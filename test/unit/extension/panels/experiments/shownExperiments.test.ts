/** @file What the Experiments panel shows of folders and of the experiment that runs. */
import { describe, expect, it } from 'vitest';
import { shownExperiments } from '../../../../../extension/panels/experiments/shownExperiments';
import type { ExperimentParams, StoredExperiment } from '../../../../../model/protocol/experiments';
import { experimentResult } from '../../../../webview/page/experiments';

function params(change: Partial<ExperimentParams> = {}): ExperimentParams {
  return { experiment: 'sparsity', quick: true, seeds: null, texts: ['/text'], out: '/e/a', threads: 0, ...change };
}

function stored(change: Partial<StoredExperiment> = {}): StoredExperiment {
  return {
    folder: '/e/a',
    experiment: 'sparsity',
    runs: 48,
    written: 1,
    begunWith: params(),
    result: experimentResult(),
    problem: null,
    ...change,
  };
}

const shown = (change: Partial<Parameters<typeof shownExperiments>[0]>) =>
  shownExperiments({
    ...{ stored: [], run: null, ends: new Map(), placeOf: (folder) => folder.slice(1), published: [] },
    ...change,
  });

describe('experiments', () => {
  it('that are done stand there, the newest first', () => {
    const list = shown({ stored: [stored(), stored({ folder: '/e/b', written: 2 })] });
    expect(list.map(({ id }) => id)).toEqual(['/e/b', '/e/a']);
    expect(list[0]).toMatchObject({ place: 'e/b', message: null, isRunning: false, canResume: false });
  });

  it('that came with the extension stand behind those of the user, however new', () => {
    const came = stored({ folder: '/e/came', written: 9, begunWith: null });
    const list = shown({ stored: [came, stored()], published: ['/e/came'] });
    expect(list.map(({ id, isPublished }) => [id, isPublished])).toEqual([
      ['/e/a', undefined],
      ['/e/came', true],
    ]);
  });

  it('that are partly done can be resumed, unless it is not known how they were begun', () => {
    const part = experimentResult({ runs: { done: 3, planned: 48 } });
    expect(shown({ stored: [stored({ runs: 3, result: part })] })[0]).toMatchObject({ canResume: true, message: null });
    const killed = shown({ stored: [stored({ runs: 5, result: part })] });
    expect(killed[0]!.message).toBe('5 runs are done, of which the result has 3: Resume goes on from there.');
    const foreign = shown({ stored: [stored({ runs: 1, result: null, begunWith: null })] });
    expect(foreign[0]).toMatchObject({
      canResume: false,
      message: '1 run is done, of which the result has 0: the command that began it goes on from there.',
    });
  });

  it('say why they ended badly, or cannot be read', () => {
    const ends = new Map([['/e/a', 'The process ended.']]);
    expect(shown({ stored: [stored({ problem: 'broken', result: null })] })[0]!.message).toBe('broken');
    expect(shown({ stored: [stored({ problem: 'broken', result: null })], ends })[0]!.message).toBe(
      'The process ended.',
    );
  });

  it('that run stand first, from their first moment on, and nothing else is resumed meanwhile', () => {
    const run = { params: params({ out: '/e/new' }), progress: null };
    const part = stored({ result: experimentResult({ runs: { done: 3, planned: 48 } }) });
    const list = shown({ stored: [part], run });
    expect(list.map(({ id, isRunning, canResume }) => [id, isRunning, canResume])).toEqual([
      ['/e/new', true, false],
      ['/e/a', false, false],
    ]);
    const again = shown({ stored: [part], run: { params: params(), progress: null } });
    expect(again).toHaveLength(1);
    expect(again[0]!.result).not.toBeNull();
  });
});
