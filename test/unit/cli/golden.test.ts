/** @file The golden vectors through the command line, as another implementation would be compared. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../../model/checkpoint/safetensors';
import type { BatchReport } from '../../../model/training/batches';
import { BundledCli, jsonLines } from './bundle';

const GOLDEN = resolve(__dirname, '../../golden');

let cli: BundledCli;
beforeAll(async () => {
  cli = await BundledCli.create();
});
afterAll(() => {
  cli.dispose();
});

function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (found[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(difference / Math.max(norm, 1e-30));
}

async function tensors(file: string): Promise<Map<string, { shape: readonly number[]; data: Float32Array }>> {
  const { tensors: all } = await readSafetensors(file);
  return new Map(
    [...all].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data as Float32Array) }]),
  );
}

describe('train --batches', () => {
  for (const name of ['chained', 'confidence', 'dendritic', 'bytes'] as const) {
    it(`takes the golden steps of "${name}"`, async () => {
      const golden = join(GOLDEN, name);
      const out = cli.path(`golden-${name}`);
      const { code, stdout } = await cli.run(
        ...['train', '--init', golden, '--batches', join(golden, 'training.safetensors')],
        ...['--constant-learning-rate', '0.003', '--clip-norm', '0.12', '--threads', '1', '--out', out, '--json'],
      );
      expect(code).toBe(0);
      const steps = await tensors(join(golden, 'training.safetensors'));
      const reports = jsonLines<BatchReport>(stdout);
      expect(reports).toHaveLength(5);
      reports.forEach(({ loss, gradientNorm }, i) => {
        expect(Math.abs(loss - steps.get('losses')!.data[i]!)).toBeLessThan(1e-4);
        expect(Math.abs(gradientNorm / steps.get('gradient_norms')!.data[i]! - 1)).toBeLessThan(1e-3);
      });
      const trained = await tensors(join(out, 'model.safetensors'));
      for (const [tensor, expected] of await tensors(join(golden, 'trained.safetensors'))) {
        expect(relativeError(trained.get(tensor)!.data, expected.data), tensor).toBeLessThan(1e-3);
      }
    });
  }
});

describe('forward', () => {
  for (const name of ['paper', 'chained', 'bytes', 'bytes-independent', 'bytes-ngrams'] as const) {
    it(`gives the golden votes and gradients of "${name}"`, async () => {
      const golden = join(GOLDEN, name);
      const out = cli.path(`forward-${name}.safetensors`);
      const bytes = join(golden, 'forward.safetensors');
      const { code } = await cli.run('forward', '--model', golden, '--bytes', bytes, '--out', out, '--gradients');
      expect(code).toBe(0);
      const found = await tensors(out);
      const forward = await tensors(bytes);
      for (const tensor of ['hidden', 'votes', 'weights', 'probabilities', 'loss']) {
        expect(found.get(tensor)!.shape).toEqual(forward.get(tensor)!.shape);
        expect(relativeError(found.get(tensor)!.data, forward.get(tensor)!.data), tensor).toBeLessThan(1e-5);
      }
      const gradients = await tensors(join(golden, 'gradients.safetensors'));
      expect([...found.keys()].filter((key) => key.startsWith('gradient.')).sort()).toEqual(
        [...gradients.keys()].map((key) => `gradient.${key}`).sort(),
      );
      for (const [tensor, { shape, data }] of gradients) {
        expect(found.get(`gradient.${tensor}`)!.shape).toEqual(shape);
        expect(relativeError(found.get(`gradient.${tensor}`)!.data, data), tensor).toBeLessThan(1e-4);
      }
    });
  }
});

describe('export', () => {
  it.each(['chained', 'bytes'])(
    'writes an ONNX file of "%s" that gives the golden votes in a runtime of its own',
    async (name) => {
      const golden = join(GOLDEN, name);
      const { code } = await cli.run('export', '--model', golden, '--onnx', cli.path('model.onnx'));
      expect(code).toBe(0);
      const { tensors: file } = await readSafetensors(join(golden, 'forward.safetensors'));
      const [batch, length] = file.get('bytes')!.shape;
      const session = await InferenceSession.create(readFileSync(cli.path('model.onnx')));
      const results = await session.run({
        bytes: new Tensor('uint8', (file.get('bytes')!.data as Uint8Array).slice(0, length), [1, length!]),
      });
      for (const output of ['hidden', 'votes', 'weights', 'probabilities']) {
        const expected = file.get(output)!.data as Float32Array;
        const first = expected.subarray(0, expected.length / batch!);
        expect(relativeError(results[output]!.data as Float32Array, first), output).toBeLessThan(1e-5);
      }
      await session.release();
    },
  );
});
