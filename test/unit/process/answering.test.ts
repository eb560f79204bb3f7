/** @file What the answering role does between two questions: the window that the caret comes to next is run ahead. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CHUNK_BYTES } from '../../../model/measures/chunk';
import { Answering } from '../../../model/process/answering';
import { answer } from '../../../model/process/door';
import { Trainings } from '../../../model/process/trainings';
import type { AnswerOf, ParamsOf, RequestName } from '../../../model/protocol/requests';
import { Inference } from '../../../model/runtime/inference';
import { OnnxSession } from '../../../model/runtime/onnxSession';
import { goldenFolder } from '../inspection/goldenModel';

const signal = new AbortController().signal;
const document = { uri: 'file:///a.txt', version: 1 };
const runs = vi.spyOn(Inference.prototype, 'hidden');
let answering: Answering;
/** Chunks of the model's window. */
let context: number;

function ask<Name extends RequestName>(name: Name, params: ParamsOf<Name>): Promise<AnswerOf<Name>> {
  return answer(name, params, { answering, trainings: new Trainings(), program: '' }, signal);
}

beforeEach(async () => {
  answering = new Answering();
  const { config } = await ask('model/load', { folder: goldenFolder('chained'), device: 'cpu', threads: 1 });
  context = config.context_chunks;
  // No two windows hold the same bytes.
  answering.sync({
    ...document,
    bytes: Uint8Array.from({ length: 4 * context * CHUNK_BYTES }, (_, i) => 32 + ((i * i) % 89)),
  });
  runs.mockClear();
});
afterEach(async () => {
  await ask('model/unload', {});
});

/** The last chunk before the one whose votes come from another window. */
function lastOfWindow(): number {
  return (2 * context - 1) * CHUNK_BYTES;
}

test('a chunk at the end of its window has the next window run, once it is drawn', async () => {
  await ask('inspect/chunk', { ...document, offset: lastOfWindow(), alternatives: 0 });
  expect(runs).toHaveBeenCalledTimes(1);
  await expect.poll(() => runs.mock.calls.length).toBe(2);
  await ask('inspect/chunk', { ...document, offset: lastOfWindow() + CHUNK_BYTES, alternatives: 0 });
  expect(runs).toHaveBeenCalledTimes(2);
});

test('a caret that moves on at once is answered first, and nothing is run for where it was', async () => {
  await ask('inspect/chunk', { ...document, offset: lastOfWindow(), alternatives: 0 });
  await ask('inspect/chunk', { ...document, offset: 0, alternatives: 0 });
  expect(runs).toHaveBeenCalledTimes(2);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(runs).toHaveBeenCalledTimes(2);
});

test('a model that is gone frees the sessions that were made to see its blocks', async () => {
  const created = vi.spyOn(OnnxSession, 'create');
  const freed = vi.spyOn(OnnxSession.prototype, 'dispose');
  await ask('model/load', { folder: goldenFolder('chained'), device: 'cpu', threads: 1 });
  await ask('model/activity', { ...document, offset: 0 });
  await ask('model/unload', {});
  // Those of the model before this one, too.
  await expect.poll(() => freed.mock.calls.length).toBeGreaterThan(created.mock.calls.length);
  created.mockRestore();
  freed.mockRestore();
});

test('nothing is run for a model that is gone', async () => {
  await ask('inspect/chunk', { ...document, offset: lastOfWindow(), alternatives: 0 });
  await ask('model/unload', {});
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(runs).toHaveBeenCalledTimes(1);
});
