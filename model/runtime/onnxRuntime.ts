/** @file The only place that loads ONNX Runtime: after its telemetry has been switched off. */
import { Tensor } from 'onnxruntime-common';
import type * as Ort from 'onnxruntime-node';

/** This platform has no ONNX Runtime: a sentence for the person. */
export class RuntimeMissingError extends Error {
  override readonly name = 'RuntimeMissingError';
}

export function isRuntimeMissingError(error: unknown): error is RuntimeMissingError {
  return error instanceof RuntimeMissingError;
}

let loaded: typeof Ort | undefined;

/**
 * ONNX Runtime. From release 1.29 on it reports to its vendor unless this variable stands in the environment of the
 * process before its library is loaded.
 * @throws RuntimeMissingError where there is no binary for this platform
 */
export async function loadOnnxRuntime(): Promise<typeof Ort> {
  if (loaded !== undefined) return loaded;
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  try {
    loaded = await import('onnxruntime-node');
    return loaded;
  } catch (error) {
    throw new RuntimeMissingError(
      `ONNX Runtime has no binary that loads on ${process.platform}-${process.arch} (${error instanceof Error ? error.message.split('\n')[0] : String(error)}); the model cannot run here, but everything that needs no model still works.`,
      { cause: error },
    );
  }
}

/** A float32 tensor for ONNX Runtime over `data` (not copied). */
export function floatTensor(data: Float32Array, shape: readonly number[]): Tensor {
  return new Tensor('float32', data, shape);
}
