/** @file Reads the golden cases: vectors that an independent implementation made (SPEC section 8). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeSafetensors } from '../../model/checkpoint/safetensors';
import type { SafeTensor } from '../../model/checkpoint/safetensors';
import { parseConfig } from '../../model/network/config';
import type { ModelConfig } from '../../model/network/config';
import type { Parameters, Tensor } from '../../model/network/parameters';

export const GOLDEN_FOLDER = import.meta.dirname;
export const GOLDEN_CASES = [
  'paper',
  'chained',
  'dendritic',
  'dense',
  'mean',
  'confidence',
  'bytes',
  'bytes-independent',
  'bytes-ngrams',
] as const;
export type GoldenCase = (typeof GOLDEN_CASES)[number];

export function tensorsOf(file: string): Map<string, SafeTensor> {
  return decodeSafetensors(readFileSync(path.join(GOLDEN_FOLDER, file)), file).tensors;
}

export function floats(tensors: ReadonlyMap<string, SafeTensor>, name: string): Float32Array {
  const data = tensors.get(name)?.data;
  if (!(data instanceof Float32Array)) throw new Error(`golden tensor ${name} is missing or not float32`);
  return data;
}

export function bytesOf(tensors: ReadonlyMap<string, SafeTensor>): { data: Uint8Array; shape: readonly number[] } {
  const tensor = tensors.get('bytes');
  if (!(tensor?.data instanceof Uint8Array)) throw new Error('golden tensor bytes is missing');
  return { data: tensor.data, shape: tensor.shape };
}

export function parametersOf(file: string): Parameters {
  return new Map(
    [...tensorsOf(file)].map(([name, { shape, data }]): [string, Tensor] => [
      name,
      { shape, data: data as Float32Array },
    ]),
  );
}

export function configOf(name: string): ModelConfig {
  const file = path.join(GOLDEN_FOLDER, name, 'config.json');
  return parseConfig(JSON.parse(readFileSync(file, 'utf8')), file);
}

/** ‖a − b‖ / ‖b‖ */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < b.length; i++) {
    difference += (a[i]! - b[i]!) ** 2;
    norm += b[i]! ** 2;
  }
  return Math.sqrt(difference) / Math.max(Math.sqrt(norm), 1e-30);
}
