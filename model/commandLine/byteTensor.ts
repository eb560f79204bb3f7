/** @file The tensor of bytes that `forward` and `train --batches` read. */
import type { SafeTensor } from '../checkpoint/safetensors';
import { UsageError } from './terminal';

/**
 * @param source names the file in the error
 * @throws UsageError where the file has no u8 tensor "bytes"
 */
export function byteTensor(
  file: { readonly tensors: ReadonlyMap<string, SafeTensor> },
  source: string,
): { readonly shape: readonly number[]; readonly data: Uint8Array } {
  const tensor = file.tensors.get('bytes');
  if (tensor === undefined) {
    const names = [...file.tensors.keys()].join(', ');
    throw new UsageError(
      `${source}: found the tensors ${names === '' ? '(none)' : names}, expected one named "bytes".`,
    );
  }
  if (!(tensor.data instanceof Uint8Array)) {
    throw new UsageError(`${source}: "bytes" is of type ${tensor.dtype}, expected U8.`);
  }
  return { shape: tensor.shape, data: tensor.data };
}
