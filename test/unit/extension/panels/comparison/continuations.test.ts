/** @file What both sides write on: asked once the caret rests, cancelled when it moves on, and asked again where the process has ended. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CancellationToken } from 'vscode-jsonrpc/node';
import { Continuations } from '../../../../../extension/panels/comparison/continuations';
import { ModelProcessExitError, ModelRequestError } from '../../../../../extension/modelProcess/errors';
import { ErrorCode } from '../../../../../model/measures/errorCodes';
import type { ComparedContinuations } from '../../../../../model/protocol/comparison';

const side = { offset: 0, bytes: new Uint8Array(), surprise: 0, real: new Uint8Array(), realSurprise: 0 };
const RESULT: ComparedContinuations = { checkpoints: ['a', 'b'], a: side, b: side };
const NOTHING = { result: null, failure: null };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Question {
  readonly token: CancellationToken;
  readonly resolve: (result: ComparedContinuations) => void;
  readonly reject: (error: Error) => void;
}

/** Questions, each with its token, answered by hand. */
function questions() {
  const asked: Question[] = [];
  const ask = (token: CancellationToken) =>
    new Promise<ComparedContinuations>((resolve, reject) => {
      asked.push({ token, resolve, reject });
    });
  return { asked, ask };
}

test('a caret that moves asks nothing; one that rests asks once, and is answered', async () => {
  const { asked, ask } = questions();
  const onAnswer = vi.fn();
  const continuations = new Continuations(onAnswer);
  for (const key of ['1', '2', '3']) {
    expect(continuations.of(key, ask)).toEqual(NOTHING);
    await vi.advanceTimersByTimeAsync(50);
  }
  expect(asked).toHaveLength(0);
  await vi.advanceTimersByTimeAsync(200);
  expect(continuations.of('3', ask)).toEqual(NOTHING);
  expect(asked).toHaveLength(1);
  asked[0]!.resolve(RESULT);
  await vi.advanceTimersByTimeAsync(0);
  expect(onAnswer).toHaveBeenCalledTimes(1);
  expect(continuations.of('3', ask)).toEqual({ result: RESULT, failure: null });
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toHaveLength(1);
});

test('what is decoded is cancelled when the caret moves on, and its answer is nobody’s', async () => {
  const { asked, ask } = questions();
  const onAnswer = vi.fn();
  const continuations = new Continuations(onAnswer);
  continuations.of('1', ask);
  await vi.advanceTimersByTimeAsync(200);
  continuations.of('2', ask);
  expect(asked[0]!.token.isCancellationRequested).toBe(true);
  asked[0]!.resolve(RESULT);
  await vi.advanceTimersByTimeAsync(200);
  expect(onAnswer).not.toHaveBeenCalled();
  expect(continuations.of('2', ask)).toEqual(NOTHING);
  continuations.leave();
  expect(asked[1]!.token.isCancellationRequested).toBe(true);
});

test('a failure is told; a process that has ended is asked again', async () => {
  const { asked, ask } = questions();
  const continuations = new Continuations(() => undefined);
  continuations.of('1', ask);
  await vi.advanceTimersByTimeAsync(200);
  asked[0]!.reject(new ModelRequestError('The device failed.', ErrorCode.internal));
  await vi.advanceTimersByTimeAsync(0);
  expect(continuations.of('1', ask)).toEqual({ result: null, failure: 'The device failed.' });
  continuations.of('2', ask);
  await vi.advanceTimersByTimeAsync(200);
  asked[1]!.reject(new ModelProcessExitError('It ended.'));
  await vi.advanceTimersByTimeAsync(0);
  expect(continuations.of('2', ask)).toEqual(NOTHING);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toHaveLength(3);
});
