/** @file The user's TensorFlow.js: found where it is said to be, and one sentence where it is missing or does not load. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isDeviceError } from '../../../model/runtime/onnxSession';
import { loadTensorflow } from '../../../model/tensorflow/library';
import { installPackage } from './installation';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'tensorflow-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function failure(folders: readonly string[]): string {
  try {
    loadTensorflow(folders);
  } catch (error) {
    expect(isDeviceError(error)).toBe(true);
    return (error as Error).message;
  }
  throw new Error('expected a failure');
}

it('is taken from the first folder that has it', () => {
  const folders = ['none', 'first', 'second'].map((name) => path.join(root, name));
  for (const folder of folders.slice(1)) installPackage(folder, `exports.place = ${JSON.stringify(folder)};`);
  expect(loadTensorflow(folders)).toEqual({ place: folders[1] });
});

it('says how to install it where it is missing', () => {
  expect(failure([root, path.join(root, 'nowhere')])).toBe(
    'The device "tensorflow" needs @tensorflow/tfjs-node-gpu, which is not installed: run "npm install --prefix ~/.smuggler @tensorflow/tfjs-node-gpu", then try again.',
  );
});

it('says in one sentence why it does not load', () => {
  const file = installPackage(
    root,
    "throw new Error('libcudart.so.11.0: cannot open shared object file\\n    at somewhere');",
  );
  expect(failure([root])).toBe(
    `The device "tensorflow" cannot be used, since ${file} does not load: libcudart.so.11.0: cannot open shared object file.`,
  );
});
