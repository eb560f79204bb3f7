/** @file What memory says of the shown chunk: asked once, and again as more of the document is read; nothing where memory is off. */
import { expect, test, vi } from 'vitest';
import type { Services } from '../../../../../extension/editor/services';
import { ModelRequestError } from '../../../../../extension/modelProcess/errors';
import { ChunkMemory } from '../../../../../extension/panels/votes/chunkMemory';
import type { LesionSubject } from '../../../../../extension/panels/votes/chunkLesions';
import type { MemoryReading } from '../../../../../model/protocol/memory';

const subject = {
  key: 'a.ts 1 model 12',
  document: { uri: 'a.ts', version: 1 },
  offset: 12,
} as unknown as LesionSubject;
const CHUNK = { surprise: 0.42 };

function chunkMemory(answers: readonly unknown[]) {
  const given = [...answers];
  const askAbout = vi.fn<(documents: unknown, name: string, params: (ref: object) => unknown) => Promise<unknown>>(
    () => {
      const answer = given.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  );
  const state: { reading: MemoryReading | null; revision: number } = {
    reading: { scope: 'document', progress: { bytes: 8, total: 100 } },
    revision: 0,
  };
  const [onAnswer, onFailure] = [vi.fn(), vi.fn()];
  const voters = {
    changes: [],
    memory: ['word'],
    get revision() {
      return state.revision;
    },
  };
  const services = { client: { askAbout }, voters, documentMemory: { of: () => state.reading } };
  const memory = new ChunkMemory(services as unknown as Services, onAnswer, onFailure);
  return { memory, askAbout, state, onAnswer, onFailure };
}

test('is asked once, and known from then on', async () => {
  const { memory, askAbout, onAnswer } = chunkMemory([CHUNK]);
  expect(memory.of(subject, true)).toMatchObject({ silenced: ['word'], chunk: null });
  await vi.waitFor(() => {
    expect(onAnswer).toHaveBeenCalledOnce();
  });
  expect(memory.of(subject, true)!.chunk).toBe(CHUNK);
  expect(askAbout).toHaveBeenCalledOnce();
  expect(askAbout.mock.calls[0]![2]({})).toEqual({ offset: 12, scope: 'document', changes: [], silenced: ['word'] });
});

test('is asked again where it was not read that far, once more is, and where other voters are silenced', async () => {
  const { memory, askAbout, state } = chunkMemory([null, CHUNK, CHUNK]);
  memory.of(subject, true);
  await vi.waitFor(() => {
    expect(memory.of(subject, true)!.chunk).toBeNull();
  });
  expect(askAbout).toHaveBeenCalledOnce();
  state.reading = { scope: 'document', progress: { bytes: 16, total: 100 } };
  memory.of(subject, true);
  await vi.waitFor(() => {
    expect(memory.of(subject, true)!.chunk).toBe(CHUNK);
  });
  state.revision++;
  expect(memory.of(subject, true)!.chunk).toBeNull();
  expect(askAbout).toHaveBeenCalledTimes(3);
});

test('is not asked while the caret moves, nor where memory is off', () => {
  const { memory, askAbout, state } = chunkMemory([]);
  expect(memory.of(subject, false)!.chunk).toBeNull();
  state.reading = null;
  expect(memory.of(subject, true)).toBeNull();
  expect(askAbout).not.toHaveBeenCalled();
});

test('that fails says so', async () => {
  const error = new ModelRequestError('The memory is broken.', 1);
  const { memory, onFailure } = chunkMemory([error]);
  memory.of(subject, true);
  await vi.waitFor(() => {
    expect(onFailure).toHaveBeenCalledWith(error);
  });
});

test('tells what the voters did over the document where that is wanted, once all of it is read', async () => {
  const VOTERS = { bitsPerByte: 1 };
  const { memory, askAbout, state } = chunkMemory([CHUNK, VOTERS]);
  memory.of(subject, true);
  await vi.waitFor(() => {
    expect(memory.of(subject, true)!.chunk).toBe(CHUNK);
  });
  memory.show(true);
  expect(memory.of(subject, true)).toMatchObject({ isOverDocument: true, voters: null });
  expect(askAbout).toHaveBeenCalledOnce();
  state.reading = { scope: 'document', progress: { bytes: 100, total: 100 } };
  memory.of(subject, true);
  await vi.waitFor(() => {
    expect(memory.of(subject, true)!.voters).toBe(VOTERS);
  });
  const [, name, params] = askAbout.mock.calls[1]!;
  expect([name, params({})]).toEqual(['memory/voters', { scope: 'document', silenced: ['word'] }]);
  memory.show(false);
  expect(memory.of(subject, true)).toMatchObject({ isOverDocument: false, voters: null });
  expect(askAbout).toHaveBeenCalledTimes(2);
});
