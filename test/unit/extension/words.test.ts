/** @file The words of status bar, training and errors. */
import { describe, expect, test } from 'vitest';
import { ResponseError } from 'vscode-jsonrpc/node';
import {
  corpusText,
  progressIncrement,
  reportLine,
  reportText,
  resultText,
} from '../../../extension/commands/trainingText';
import { statusBarText, trainingProgress } from '../../../extension/editor/statusBarText';
import {
  byteSize,
  chance,
  percent,
  plural,
  roughTime,
  shortCount,
  shortNumber,
  signed,
} from '../../../model/measures/numberText';
import { LruMap } from '../../../extension/lru';
import { engineProblem, missingEngineSentence } from '../../../extension/modelProcess/engine';
import {
  errorSentence,
  isModelProcessExitError,
  isModelRequestError,
  isRequestCancelledError,
  requestError,
} from '../../../extension/modelProcess/errors';
import { quantile, Timings } from '../../../extension/timings';
import { ErrorCode } from '../../../model/measures/errorCodes';
import type { TrainingReport } from '../../../model/protocol/training';
import { model } from './inspection';

const QUIET = { silenced: [], busy: null };

const report: TrainingReport = {
  step: 120,
  steps: 600,
  loss: 0.3,
  bitsPerByte: 3.2149,
  gradientNorm: 0.51,
  learningRate: 0.003,
  stepMilliseconds: 12.34,
  chunksPerSecond: 40_000,
  elapsedSeconds: 10,
  remainingSeconds: 95,
};

test('numbers and times', () => {
  expect([0, 0.0004, 0.031, 0.62, 0.996, 1].map(percent)).toEqual([
    '0 %',
    'under 0.1 %',
    '3.1 %',
    '62 %',
    '99.6 %',
    '100 %',
  ]);
  expect([0, 1.2345, 12.345, 123.45, NaN].map(shortNumber)).toEqual(['0', '1.23', '12.3', '123', 'NaN']);
  expect([0, 999, 9_999, 12_345, 999_499, 999_500, 1_234_567, 2.5e9].map(shortCount)).toEqual([
    '0',
    '999',
    '9,999',
    '12.3 k',
    '999 k',
    '1 M',
    '1.23 M',
    '2.5 G',
  ]);
  expect([10, 999, 4_500, 999_499, 999_500, 3.94e8, 2.5e18].map(byteSize)).toEqual([
    '10 bytes',
    '999 bytes',
    '4.5 kB',
    '999 kB',
    '1 MB',
    '394 MB',
    '2500000 TB',
  ]);
  expect([1, 0.62, 0.01, 0.00999, 1 / 240, 2 ** -14.1, 1.1e-6, 1e-7, 0].map(chance)).toEqual([
    '100 %',
    '62 %',
    '1.0 %',
    '1 in 100',
    '1 in 240',
    '1 in 18,000',
    '1 in 910,000',
    'less than 1 in 1,000,000',
    'less than 1 in 1,000,000',
  ]);
  expect([-1, 99, 600, 11_100].map(roughTime)).toEqual(['0 s', '99 s', '10 min', '3 h 5 min']);
  expect([plural(1, 'file', 'files'), plural(0, 'file', 'files')]).toEqual(['1 file', '0 files']);
});

describe('statusBarText', () => {
  const ready = { kind: 'ready', folder: '/m', model } as const;

  test('begins with SMUGGLER whatever happens', () => {
    const states = [
      { kind: 'none', message: null },
      { kind: 'idle', folder: '/m' },
      { kind: 'loading', folder: '/m' },
      { kind: 'error', folder: '/m', message: 'Broken.' },
      ready,
    ] as const;
    for (const state of states) {
      for (const locked of [true, false]) {
        for (const missing of [true, false]) {
          expect(statusBarText(state, { report, isStopping: false }, locked, [], QUIET, missing)).toMatch(/^SMUGGLER /);
        }
      }
    }
  });

  test('names model and device, the lock, and the progress of a training', () => {
    expect(statusBarText(ready, null, false, [], QUIET, false)).toBe('SMUGGLER starter (cpu)');
    expect(statusBarText(ready, null, true, [], QUIET, false)).toBe('SMUGGLER starter (cpu) · $(lock) locked');
    expect(statusBarText(ready, { report, isStopping: false }, false, [], QUIET, false)).toBe(
      'SMUGGLER starter (cpu) · $(sync~spin) training 20 %, 3.21 bits per byte',
    );
    expect(
      statusBarText({ kind: 'none', message: null }, { report: null, isStopping: false }, false, [], QUIET, false),
    ).toBe('SMUGGLER no model · $(sync~spin) training starting');
    expect(statusBarText(ready, { report, isStopping: true }, false, [], QUIET, false)).toContain(
      'stopping the training 20 %',
    );
  });

  test('tells of changed voters', () => {
    const changes = [
      { bit: 9, voter: 17, vote: null },
      { bit: 9, voter: 18, vote: 1 },
    ];
    expect(statusBarText(ready, null, false, changes, QUIET, false)).toBe(
      'SMUGGLER starter (cpu) · $(mute) 1 voter silenced, 1 held',
    );
    expect(statusBarText(ready, null, false, changes, { silenced: ['word', 'match'], busy: null }, false)).toMatch(
      /1 voter silenced, 1 held, 2 memory voters silenced$/,
    );
  });

  test('tells what the memory reads, and how far it is', () => {
    const progress = { bytes: 431, total: 1000 };
    const memory = (of: 'document' | 'workspace') => ({ silenced: [], busy: { of, progress } });
    expect(statusBarText(ready, null, false, [], memory('document'), false)).toMatch(/memory reading 43 %$/);
    expect(statusBarText(ready, null, false, [], memory('workspace'), false)).toMatch(/learning the workspace 43 %$/);
  });

  test('a run without a number of steps tells its step', () => {
    expect(trainingProgress({ ...report, steps: null })).toBe('step 120');
  });
});

describe('training', () => {
  test('a report is step, bits per byte and time left', () => {
    expect(reportText(report)).toBe('step 120 of 600 · 3.21 bits per byte · 95 s left');
    expect(reportText({ ...report, steps: null, remainingSeconds: null })).toBe('step 120 · 3.21 bits per byte');
    expect(reportLine({ ...report, heldOutBitsPerByte: 3.5 })).toContain(' · 3.5 held out · ');
  });

  test('progress adds up to the whole', () => {
    let done = 0;
    for (const step of [0, 1, 150, 600]) done += progressIncrement(done, { ...report, step });
    expect(done).toBeCloseTo(100);
    expect(progressIncrement(50, { ...report, step: 10 })).toBe(0);
    expect(progressIncrement(0, { ...report, steps: null })).toBe(0);
  });

  test('what was read and skipped', () => {
    const languages = [{ name: 'Markdown', files: 1, bytes: 2048 }];
    const corpus = { files: 1, bytes: 2048, languages, trainBytes: 2000, heldOutBytes: 48, skipped: [] };
    expect(corpusText(corpus)).toBe('1 file, 2.05 kB (Markdown 100 %)');
    const skipped = (['binary', 'too large', 'binary'] as const).map((reason, i) => ({ path: `${i}`, reason }));
    expect(corpusText({ ...corpus, files: 12, skipped })).toBe(
      '12 files, 2.05 kB (Markdown 100 %); 3 skipped (2 binary, 1 too large)',
    );
  });

  test('the end says how it ended and what was measured on what', () => {
    const result = { outcome: 'finished', folder: '/m', step: 600, bitsPerByte: 2, heldOutBitsPerByte: 2.5 } as const;
    expect(resultText(result, 'tiny')).toBe(
      'Training of tiny has finished after 600 steps: 2.5 bits per byte on text that it has not seen.',
    );
    expect(resultText({ ...result, outcome: 'stopped', heldOutBitsPerByte: null }, 'tiny')).toBe(
      'Training of tiny was stopped at step 600 and saved: 2 bits per byte on the text it learned.',
    );
  });
});

describe('errors', () => {
  test('an answer of the process keeps its sentence', () => {
    const error = requestError(new ResponseError(ErrorCode.badModel, 'The file is truncated.'));
    expect(isModelRequestError(error) && error.code).toBe(ErrorCode.badModel);
    expect(errorSentence(error)).toBe('The file is truncated.');
  });

  test('a cancelled request and a process that ended are told apart', () => {
    expect(isRequestCancelledError(requestError(new ResponseError(ErrorCode.cancelled, 'Cancelled.')))).toBe(true);
    expect(isModelProcessExitError(requestError(new Error('Connection is disposed.')))).toBe(true);
    expect(isModelProcessExitError(requestError(new ResponseError(-32097, 'Pending response rejected.')))).toBe(true);
  });

  test('an error that is none of ours is still one sentence', () => {
    expect(errorSentence(requestError(new ResponseError(-32601, 'Unhandled method x')))).toBe(
      'The model process could not answer (Unhandled method x); the log says more.',
    );
    expect(errorSentence('text')).toBe('text');
  });
});

describe('engine', () => {
  test('a platform without a library is named, with what to do', () => {
    expect(missingEngineSentence('linux', 'x64')).toMatch(
      /linux-x64.*install the package that is made for linux-x64\.$/,
    );
    expect(missingEngineSentence('sunos', 'sparc')).toMatch(/sunos-sparc.*use SMUGGLER Inspector on .*linux-x64/);
  });

  test('finds the library of this checkout, and misses it elsewhere', async () => {
    expect(await engineProblem(process.cwd(), process.platform, process.arch)).toBeNull();
    expect(await engineProblem('/nowhere', 'linux', 'x64')).toContain('linux-x64');
  });
});

test('LruMap forgets what was not used for longest', () => {
  const evicted: string[] = [];
  const map = new LruMap<string, number>(2, (key) => evicted.push(key));
  map.set('a', 1);
  map.set('b', 2);
  expect(map.get('a')).toBe(1);
  map.set('c', 3);
  expect(evicted).toEqual(['b']);
  expect(map.get('b')).toBeUndefined();
  map.set('a', 4);
  map.set('d', 5);
  expect(evicted).toEqual(['b', 'c']);
  expect(map.delete('a')).toBe(true);
  map.clear();
  expect(map.get('d')).toBeUndefined();
});

describe('Timings', () => {
  test('quantile is the nearest rank', () => {
    const samples = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(quantile(samples, 0.5)).toBe(10);
    expect(quantile(samples, 0.95)).toBe(19);
    expect(quantile([7], 0.95)).toBe(7);
    expect(quantile([], 0.5)).toBe(0);
  });

  test('counts what succeeded, by name', async () => {
    const timings = new Timings();
    timings.record('hover', 10);
    timings.record('hover', 30);
    await timings.measure('load', () => Promise.resolve(1));
    await expect(timings.measure('load', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(timings.summary().hover).toEqual({ count: 2, p50: 10, p95: 30, max: 30, last: 30 });
    expect(timings.summary().load?.count).toBe(1);
    expect(timings.summary().complete).toBeUndefined();
  });

  test('goes on counting where the oldest samples are forgotten', () => {
    const timings = new Timings();
    for (let i = 0; i < 600; i++) timings.record('hover', i < 100 ? 1_000 : 1);
    expect(timings.summary().hover).toEqual({ count: 600, p50: 1, p95: 1, max: 1, last: 1 });
  });
});

test('a change has its sign, and is ±0 where it rounds to nothing', () => {
  expect([1.234, -0.0312, 0.0005, 0.00049, -1.63e-7, 0].map(signed)).toEqual([
    '+1.23',
    '−0.0312',
    '+0.0005',
    '±0',
    '±0',
    '±0',
  ]);
});
