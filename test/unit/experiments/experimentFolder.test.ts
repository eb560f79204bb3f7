/** @file An experiment's folder as it is read for the panel: whole, cut, broken, of another program, of none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EXPERIMENT_NAMES } from '../../../model/measures/experimentText';
import { readExperiment, rememberBeginning } from '../../../model/experiments/experimentFolder';
import type { ExperimentParams } from '../../../model/protocol/experiments';
import { experimentResult } from '../../webview/page/experiments';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smuggler-experiment-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): void => {
  writeFileSync(join(folder, name), text);
};
const SETUP = JSON.stringify({ experiment: 'sparsity', version: 1, quick: true, texts: [] });
const run = (key: string): string => JSON.stringify({ key, arm: 'a', seed: 1, seconds: 1, rows: [] });

it('tells what it was begun with, how many runs are done, and what they found', async () => {
  const params: ExperimentParams = {
    experiment: 'sparsity',
    quick: true,
    seeds: null,
    texts: ['/text'],
    out: folder,
    threads: 1,
  };
  await rememberBeginning(params);
  write('runs.jsonl', `${SETUP}\n${run('a')}\n${run('b')}\n{"key":"c`);
  write('result.json', JSON.stringify(experimentResult()));
  // What goes on is what was begun.
  await rememberBeginning({ ...params, texts: ['/other'] });
  expect(await readExperiment(folder)).toEqual({
    folder,
    experiment: 'sparsity',
    runs: 2,
    written: expect.any(Number) as number,
    begunWith: params,
    result: experimentResult(),
    problem: null,
  });
});

it('has no result before there is one, and none that is broken', async () => {
  write('runs.jsonl', `${SETUP}\n`);
  write('experiment.json', '{"experiment":"sparsity"}');
  expect(await readExperiment(folder)).toMatchObject({ runs: 0, result: null, problem: null, begunWith: null });
  const result = experimentResult();
  for (const broken of [
    '{',
    '[]',
    JSON.stringify({ ...result, charts: [{ kind: 'lines' }] }),
    JSON.stringify({ ...result, name: 'x' }),
  ]) {
    write('result.json', broken);
    const stored = await readExperiment(folder);
    expect(stored).toMatchObject({ result: null });
    expect(stored!.problem).toContain('is no result of an experiment. Resume makes it anew');
  }
});

it('is a result alone where its runs were not published with it', async () => {
  write('result.json', JSON.stringify(experimentResult()));
  const { name, runs } = experimentResult();
  expect(await readExperiment(folder)).toMatchObject({
    experiment: name,
    runs: runs.done,
    begunWith: null,
    result: experimentResult(),
    problem: null,
  });
  write('result.json', '{');
  expect(await readExperiment(folder)).toBeNull();
});

it.each(EXPERIMENT_NAMES)('%s came with the extension, as a full run that is done', async (name) => {
  const stored = await readExperiment(join(import.meta.dirname, '../../../media/experiments', name));
  const { setup, runs, findings } = stored!.result!;
  expect(stored!.experiment).toBe(name);
  expect(setup.quick).toBe(false);
  expect(runs.done).toBe(runs.planned);
  expect(findings.length).toBeGreaterThan(0);
});

it('is none without runs of an experiment', async () => {
  expect(await readExperiment(folder)).toBeNull();
  expect(await readExperiment(join(folder, 'missing'))).toBeNull();
  for (const log of ['', 'text\n', '{"experiment":"other"}\n', '[]\n']) {
    write('runs.jsonl', log);
    expect(await readExperiment(folder)).toBeNull();
  }
});
