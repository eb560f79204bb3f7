/** @file What panels show in place of data, which chunks they ask for, and in which order work is done. */
import { describe, expect, test } from 'vitest';
import { chunksOfBytes } from '../../../../../extension/editor/chunkSpan';
import { temperatureText } from '../../../../../extension/temperatureText';
import {
  clampViewport,
  Generation,
  MAX_TILE_CHUNKS,
  voterQuantity,
} from '../../../../../extension/panels/heatmap/heatmapTiles';
import { NewestWins } from '../../../../../extension/newestWins';
import { placeholder } from '../../../../../extension/panels/frame/placeholder';
import { provenance } from '../../../../../extension/panels/frame/provenance';
import { DEFAULT_CONFIG } from '../../../../../model/network/config';
import { model } from '../../inspection';

describe('voterQuantity', () => {
  test('takes what there is and nothing else', () => {
    expect(['vote', 'weight', 'toString', 3, undefined, null].map(voterQuantity)).toEqual([
      'vote',
      'weight',
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('clampViewport', () => {
  test.each([
    [0, 10, 100, { firstChunk: 0, count: 10 }],
    [-5, 10, 100, { firstChunk: 0, count: 5 }],
    [95, 10, 100, { firstChunk: 95, count: 5 }],
    [2.5, 4, 100, { firstChunk: 2, count: 5 }],
    [100, 10, 100, null],
    [0, 0, 100, null],
    [0, 10, 0, null],
    [NaN, 10, 100, null],
    [0, Infinity, 100, null],
  ])('first %d, count %d of %d', (first, count, chunks, expected) => {
    expect(clampViewport(first, count, chunks)).toEqual(expected);
  });

  test('never asks for more than one tile', () => {
    expect(clampViewport(10, 1e6, 2e6)).toEqual({ firstChunk: 10, count: MAX_TILE_CHUNKS });
  });
});

test('chunksOfBytes covers every chunk that the bytes touch', () => {
  expect(chunksOfBytes(0, 0, 4)).toEqual({ firstChunk: 0, count: 0 });
  expect(chunksOfBytes(0, 4, 4)).toEqual({ firstChunk: 0, count: 1 });
  expect(chunksOfBytes(3, 5, 4)).toEqual({ firstChunk: 0, count: 2 });
  expect(chunksOfBytes(6, 17, 4)).toEqual({ firstChunk: 1, count: 4 });
});

test('a generation changes with its key and only with it', () => {
  const generation = new Generation();
  const first = generation.of('a');
  expect(generation.of('a')).toBe(first);
  const second = generation.of('b');
  expect(second).not.toBe(first);
  const third = generation.of('a');
  expect(third).not.toBe(first);
  generation.end();
  expect(generation.of('a')).not.toBe(third);
});

describe('NewestWins', () => {
  function deferred(): { promise: Promise<void>; resolve: () => void } {
    let resolve: () => void = () => undefined;
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    return { promise, resolve };
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  test('runs one at a time, and of what waits only the newest', async () => {
    const queue = new NewestWins();
    const done: string[] = [];
    const first = deferred();
    queue.run(async () => {
      await first.promise;
      done.push('first');
    });
    for (const name of ['second', 'third', 'fourth']) {
      queue.run(() => {
        done.push(name);
        return Promise.resolve();
      });
    }
    await settle();
    expect(done).toEqual([]);
    first.resolve();
    await settle();
    expect(done).toEqual(['first', 'fourth']);
    queue.run(() => {
      done.push('fifth');
      return Promise.resolve();
    });
    await settle();
    expect(done.at(-1)).toBe('fifth');
  });

  test('does nothing after it was disposed', async () => {
    const queue = new NewestWins();
    const first = deferred();
    let ran = false;
    queue.run(() => first.promise);
    queue.run(() => {
      ran = true;
      return Promise.resolve();
    });
    queue.dispose();
    first.resolve();
    await settle();
    expect(ran).toBe(false);
  });
});

describe('placeholder', () => {
  const text = { byteLength: 10, tooLarge: null };
  const ready = { kind: 'ready', folder: '/m', model } as const;

  test('is null where there is something to show', () => {
    expect(placeholder(ready, text, null)).toBeNull();
  });

  test('says what is missing, with one button where a command helps', () => {
    expect(placeholder({ kind: 'none', message: null }, text, null)).toEqual({
      kind: 'empty',
      message: 'No model is loaded.',
      action: { label: 'Load Model…', command: 'smuggler.loadModel' },
    });
    expect(placeholder({ kind: 'idle', folder: '/models/tiny' }, text, null)).toEqual({
      kind: 'loading',
      message: 'Loading tiny…',
    });
    expect(placeholder({ kind: 'error', folder: '/m', message: 'It is broken.' }, text, null)).toMatchObject({
      kind: 'error',
      message: 'It is broken.',
      action: { command: 'smuggler.reload' },
    });
  });

  test('tells of a platform without a library before anything else', () => {
    expect(placeholder(ready, text, 'No library here.')).toEqual({
      kind: 'error',
      message: 'No library here.',
      action: null,
    });
  });

  test('tells of documents that cannot be shown', () => {
    expect(placeholder(ready, null, null)).toMatchObject({ kind: 'empty' });
    expect(placeholder(ready, { byteLength: 0, tooLarge: null }, null)).toMatchObject({ kind: 'empty' });
    expect(placeholder(ready, { byteLength: null, tooLarge: 'Too large.' }, null)).toMatchObject({
      kind: 'empty',
      message: 'Too large.',
    });
  });
});

describe('provenance', () => {
  test('names model, checkpoint, voters, τ and text', () => {
    const expected = {
      model: 'starter',
      checkpoint: '0123456789ab',
      votersPerBit: 4,
      temperature: '6.4',
      aggregation: 'softmax',
      bitDecoding: 'independent',
      document: 'a.ts',
    };
    expect(provenance(model, 'a.ts', undefined)).toEqual(expected);
    expect(provenance(model, 'a.ts', 'with 1 voter silenced')).toEqual({
      ...expected,
      voters: 'with 1 voter silenced',
    });
  });

  test('τ is a range where it is learned, and absent where the aggregation has none', () => {
    const temperatures = new Float32Array(32).fill(2);
    temperatures[5] = 8;
    expect(temperatureText({ ...model, temperatures })).toBe('2 to 8');
    expect(temperatureText({ ...model, config: { ...DEFAULT_CONFIG, aggregation: 'max' } })).toBeNull();
  });
});
