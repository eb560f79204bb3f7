/** @file A panel's question: progress, cancelling, the newest wins, and failures as a sentence. */
import { describe, expect, test, vi } from 'vitest';
import { ModelRequestError, RequestCancelledError } from '../../../../../extension/modelProcess/errors';
import { PanelTask } from '../../../../../extension/panels/frame/panelTask';
import { progressWords } from '../../../../../extension/panels/frame/progressWords';

const settle = () => new Promise((resolve) => setImmediate(resolve));

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

describe('PanelTask', () => {
  test('shows work and progress, hands over the answer, and is at rest', async () => {
    const seen: (string | null)[] = [];
    const task = new PanelTask<number>('map', () => {
      seen.push(task.work === null ? null : `${task.work.words} ${task.work.share ?? '?'}`);
    });
    const answer = deferred<number>();
    const onResult = vi.fn();
    task.run(
      'Measuring',
      (_, report) => {
        report('Reading', 0.5);
        return answer.promise;
      },
      onResult,
    );
    answer.resolve(7);
    await settle();
    expect(onResult).toHaveBeenCalledExactlyOnceWith(7);
    expect(seen).toEqual(['Measuring ?', 'Reading 0.5', null]);
    expect(task.failure).toBeNull();
  });

  test('the newest question cancels the one before, whose answer is not heard', async () => {
    const task = new PanelTask<string>('search', () => undefined);
    const [first, second] = [deferred<string>(), deferred<string>()];
    const onResult = vi.fn();
    let isCancelled = (): boolean => false;
    task.run(
      'one',
      (token) => {
        isCancelled = () => token.isCancellationRequested;
        return first.promise;
      },
      onResult,
    );
    task.run('two', () => second.promise, onResult);
    expect(isCancelled()).toBe(true);
    first.resolve('late');
    await settle();
    expect(onResult).not.toHaveBeenCalled();
    expect(task.work?.words).toBe('two');
    second.resolve('right');
    await settle();
    expect(onResult).toHaveBeenCalledExactlyOnceWith('right');
  });

  test('a failure is a sentence, cancelling is said, and both are gone with the next question', async () => {
    const task = new PanelTask<number>('map', () => undefined);
    task.run('x', () => Promise.reject(new ModelRequestError('The pattern is not valid.', 11)), vi.fn());
    await settle();
    expect(task.failure).toBe('The pattern is not valid.');
    const answer = deferred<number>();
    task.run(
      'x',
      (token) => {
        token.onCancellationRequested(() => {
          answer.reject(new RequestCancelledError('cancelled'));
        });
        return answer.promise;
      },
      vi.fn(),
    );
    expect(task.failure).toBeNull();
    task.cancel();
    await settle();
    expect(task.failure).toBe('Cancelled.');
    expect(task.work).toBeNull();
  });

  test('given up, it is silent', async () => {
    const onChange = vi.fn();
    const task = new PanelTask<number>('map', onChange);
    const answer = deferred<number>();
    const onResult = vi.fn();
    task.run('x', () => answer.promise, onResult);
    task.clear();
    onChange.mockClear();
    answer.resolve(1);
    await settle();
    expect(onResult).not.toHaveBeenCalled();
    expect(onChange).not.toHaveBeenCalled();
    task.refuse('Nothing is selected.');
    expect(task.failure).toBe('Nothing is selected.');
  });
});

test('progress in words', () => {
  expect(progressWords({ phase: 'reading', done: 700, total: 0 })).toEqual(['Reading the texts', null]);
  expect(progressWords({ phase: 'votes', done: 30, total: 120 })).toEqual(['Running the model', 0.25]);
});
