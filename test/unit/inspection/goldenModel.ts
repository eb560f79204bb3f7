/** @file The golden models, ready to be inspected. */
import { join } from 'node:path';
import { readModelFolder } from '../../../model/checkpoint/modelFolder';
import { readSafetensors } from '../../../model/checkpoint/safetensors';
import { VoterHead } from '../../../model/network/voterHead';
import { Inference } from '../../../model/runtime/inference';
import type { GoldenCase } from '../../golden/golden';
import { GOLDEN_FOLDER } from '../../golden/golden';

export function goldenFolder(name: GoldenCase): string {
  return join(GOLDEN_FOLDER, name);
}

export async function loadGolden(name: GoldenCase) {
  const folder = await readModelFolder(goldenFolder(name));
  const inference = await Inference.create(folder.config, folder.parameters, { device: 'cpu', threads: 1 });
  const head = new VoterHead(folder.config, folder.parameters, inference.temperatures);
  return { inference, head, config: folder.config, checkpoint: folder.checkpoint };
}

/** A golden forward pass: its bytes [B, 4(T+1)] and results. */
export async function goldenForward(name: GoldenCase) {
  const { tensors } = await readSafetensors(join(goldenFolder(name), 'forward.safetensors'));
  const floats = (key: string) => tensors.get(key)!.data as Float32Array;
  const bytes = tensors.get('bytes')!;
  return {
    bytes: bytes.data as Uint8Array,
    batch: bytes.shape[0]!,
    context: bytes.shape[1]! / 4 - 1,
    hidden: floats('hidden'),
    votes: floats('votes'),
    weights: floats('weights'),
    probabilities: floats('probabilities'),
  };
}

/** The largest absolute difference of two arrays of equal length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}
