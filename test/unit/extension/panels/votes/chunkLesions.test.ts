/** @file The model is asked for one lesion at a time, the newest last, and not for a chunk that is no longer shown. */
import { beforeEach, describe, expect, test } from 'vitest';
import type * as vscode from 'vscode';
import {
  ModelProcessExitError,
  ModelRequestError,
  RequestCancelledError,
} from '../../../../../extension/modelProcess/errors';
import type { ModelClient } from '../../../../../extension/modelProcess/modelClient';
import type { DocumentRef } from '../../../../../model/protocol/documents';
import { ChunkLesions } from '../../../../../extension/panels/votes/chunkLesions';
import { ErrorCode } from '../../../../../model/measures/errorCodes';
import type { VoterChange } from '../../../../../model/protocol/inspection';
import type { LesionParams, LesionState } from '../../../../../model/protocol/lesions';

interface Asked {
  readonly offset: number;
  readonly changes: readonly VoterChange[];
  readonly token: vscode.CancellationToken;
  answer(surprise: number): void;
  fail(error: Error): void;
}

const document = {} as vscode.TextDocument;
const subject = (offset: number) => ({ key: `chunk ${offset}`, document, offset });
const silenced = (voter: number): readonly VoterChange[] => [{ bit: 3, voter, vote: null }];
const settle = () => new Promise((resolve) => setImmediate(resolve));

let asked: Asked[];
let answers: number;
let lesions: ChunkLesions;

function state(surprise: number): LesionState {
  const mostProbable = {
    bytes: new Uint8Array(4),
    text: 'abcd',
    validUtf8: true,
    probability: 0.5,
    flippedBits: new Uint8Array(0),
  };
  return { probabilities: new Float32Array(32), surprise, mostProbable, continuation: 'abcdef' };
}

beforeEach(() => {
  asked = [];
  answers = 0;
  const askAbout = (
    _: unknown,
    __: 'inspect/lesion',
    params: (ref: DocumentRef) => LesionParams,
    { token }: { token: vscode.CancellationToken },
  ) =>
    new Promise((resolve, reject) => {
      const { offset, changes } = params({ uri: 'file:///a.ts', version: 1 });
      token.onCancellationRequested(() => {
        reject(new RequestCancelledError('Cancelled.'));
      });
      const answer = (surprise: number) => {
        const inspection = { before: state(1), after: state(surprise), bitsWithoutVoters: [3] };
        resolve(inspection);
      };
      asked.push({ offset, changes, token, answer, fail: reject });
    });
  lesions = new ChunkLesions({ askAbout } as unknown as ModelClient, () => {
    answers++;
  });
});

describe('ChunkLesions', () => {
  test('asks nothing where nothing is changed', () => {
    expect(lesions.of(subject(4), [])).toBeNull();
    expect(asked).toEqual([]);
  });

  test('says what is changed at once, and what that does once it is known', async () => {
    const changes = silenced(1);
    expect(lesions.of(subject(4), changes)).toEqual({ changes, result: null, bitsWithoutVoters: [], failure: null });
    expect(lesions.of(subject(4), changes)!.result).toBeNull();
    asked[0]!.answer(5);
    await settle();
    expect([asked.length, answers]).toEqual([1, 1]);
    const lesion = lesions.of(subject(4), changes)!;
    expect(lesion.result!.after).toMatchObject({
      surprise: 5,
      mostProbable: { text: 'abcd', validUtf8: true, probability: 0.5 },
      continuation: 'abcdef',
    });
    expect(lesion.bitsWithoutVoters).toEqual([3]);
    expect(asked.length).toBe(1);
  });

  test('of several changes asks for the first and the newest', async () => {
    const all = [1, 2, 3, 4].map(silenced);
    for (const changes of all) lesions.of(subject(4), changes);
    expect(asked.map(({ changes }) => changes)).toEqual([all[0]]);
    asked[0]!.answer(5);
    await settle();
    expect(asked.map(({ changes }) => changes)).toEqual([all[0], all[3]]);
    expect(lesions.of(subject(4), all[3]!)!.result).toBeNull();
    asked[1]!.answer(6);
    await settle();
    expect(lesions.of(subject(4), all[3]!)!.result!.after.surprise).toBe(6);
    expect(answers).toBe(2);
  });

  test('an answer for another chunk is not shown', async () => {
    const changes = silenced(1);
    lesions.of(subject(4), changes);
    asked[0]!.answer(5);
    await settle();
    expect(lesions.of(subject(8), changes)!.result).toBeNull();
    expect(asked.map(({ offset }) => offset)).toEqual([4, 8]);
  });

  test('stops what is asked for a chunk that is left, asks again when it is back, and calls that no answer', async () => {
    const changes = silenced(1);
    lesions.of(subject(4), changes);
    lesions.leave('chunk 4');
    expect(asked[0]!.token.isCancellationRequested).toBe(false);
    lesions.leave('chunk 8');
    expect(asked[0]!.token.isCancellationRequested).toBe(true);
    await settle();
    expect(answers).toBe(0);
    lesions.of(subject(4), changes);
    expect(asked.length).toBe(2);
  });

  test('a refusal is a sentence, the end of a process is none', async () => {
    const changes = silenced(1);
    lesions.of(subject(4), changes);
    asked[0]!.fail(new ModelRequestError('Voter 1 cannot be changed.', ErrorCode.badRequest));
    await settle();
    expect(lesions.of(subject(4), changes)).toEqual({
      changes,
      result: null,
      bitsWithoutVoters: [],
      failure: 'Voter 1 cannot be changed.',
    });
    expect(answers).toBe(1);
    const others = silenced(2);
    lesions.of(subject(4), others);
    asked[1]!.fail(new ModelProcessExitError('Ended.'));
    await settle();
    expect(answers).toBe(1);
    expect(lesions.of(subject(4), others)!.failure).toBeNull();
    expect(asked.length).toBe(3);
  });

  test('stops when it is disposed', () => {
    lesions.of(subject(4), silenced(1));
    lesions.dispose();
    expect(asked[0]!.token.isCancellationRequested).toBe(true);
  });
});
