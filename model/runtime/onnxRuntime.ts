/** @file The only place that loads ONNX Runtime: after its telemetry has been switched off. */
import type * as Ort from 'onnxruntime-node';

/** This platform has no ONNX Runtime: a sentence for the user. */
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

/**
 * A float32 tensor over `data` (not copied). It must be of the very class that the loaded runtime knows: onnxruntime-common
 * exists once as CommonJS and once as ES module, and a tensor of the other one would not be written into as a fetch.
 * Call it after a session has been created.
 */
export function floatTensor(data: Float32Array, shape: readonly number[]): Ort.Tensor {
  if (loaded === undefined) throw new Error('floatTensor was called before ONNX Runtime was loaded.');
  return new loaded.Tensor('float32', data, shape);
}

/** Numbers by their names as float32 scalars. */
export function scalarFeeds(values: Readonly<Record<string, number>>): Record<string, Ort.Tensor> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, floatTensor(Float32Array.of(value), [])]),
  );
}
