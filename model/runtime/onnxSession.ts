/** @file An ONNX Runtime session made from one of our graphs, with typed feeds and fetches. */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-common';
import type { Graph } from '../graph/graph';
import { serializeGraph } from '../graph/serialize';
import type { Device } from './device';
import { loadOnnxRuntime } from './onnxRuntime';

/** A device that cannot run a graph; the message is one sentence that says why. */
export class DeviceError extends Error {
  override readonly name = 'DeviceError';
}

export function isDeviceError(error: unknown): error is DeviceError {
  return error instanceof DeviceError;
}

/** A device that failed while a graph ran on it: it was lost, or its memory is full. */
export class DeviceLostError extends DeviceError {}

export function isDeviceLostError(error: unknown): error is DeviceLostError {
  return error instanceof DeviceLostError;
}

export interface SessionOptions {
  readonly device: Device;
  /** Threads of one run; 0 lets ONNX Runtime choose. */
  readonly threads: number;
  /** Whether to optimise the graph: worth it only where its parameters stand in it. */
  readonly optimized?: boolean;
  /** Names of outputs that stay on the device (ignored on the CPU, where there is one memory). */
  readonly resident?: readonly string[];
  /** Folder and prefix for a profile of every node, written when the session ends. */
  readonly profilePrefix?: string;
}

/** Float32 inputs and outputs by name. */
export type Tensors = Readonly<Record<string, OrtTensor>>;

/** ONNX Runtime's message without the source positions and conditions of its build. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message
    .replace(/\S*\/onnxruntime_src\/\S*(?::\d+)?\s*/g, '')
    .split('\n', 1)[0]!
    .replace(/^.* was false\. /, '')
    .replace(/\.?\s*$/, '');
}

/** One compiled graph. */
export class OnnxSession {
  private constructor(
    private readonly session: InferenceSession,
    readonly device: Device,
    /** Names of the inputs that the graph still has after unused ones were left out. */
    readonly inputNames: readonly string[],
  ) {}

  /** @throws DeviceError where the device is missing or refuses the graph */
  static async create(graph: Graph, options: SessionOptions): Promise<OnnxSession> {
    const ort = await loadOnnxRuntime();
    const bytes = serializeGraph(graph);
    const onDevice = options.device !== 'cpu' && options.resident !== undefined;
    try {
      const session = await ort.InferenceSession.create(bytes, {
        executionProviders: [options.device],
        // Our graphs are lean already: optimising them changed no step time and made creation four times slower.
        graphOptimizationLevel: options.optimized === true ? 'all' : 'disabled',
        executionMode: 'sequential',
        logSeverityLevel: 3,
        ...(options.threads > 0 ? { intraOpNumThreads: options.threads } : {}),
        interOpNumThreads: 1,
        // Waiting threads that spin take the core from whoever shares it; ENGINE measurements in test/bench.
        extra: { session: { intra_op: { allow_spinning: options.threads === 1 ? '1' : '0' } } },
        ...(onDevice
          ? {
              preferredOutputLocation: Object.fromEntries(
                options.resident.map((name) => [name, 'gpu-buffer' as const]),
              ),
            }
          : {}),
        ...(options.profilePrefix === undefined
          ? {}
          : { enableProfiling: true, profileFilePrefix: options.profilePrefix }),
      });
      return new OnnxSession(session, options.device, session.inputNames);
    } catch (error) {
      throw new DeviceError(`The device "${options.device}" cannot run the model: ${reasonOf(error)}.`, {
        cause: error,
      });
    }
  }

  /**
   * Runs the graph. `fetches` may name tensors to write into.
   * @throws DeviceLostError where another device than the CPU fails
   */
  async run(feeds: Tensors, fetches?: Readonly<Record<string, OrtTensor | null>>): Promise<Tensors> {
    try {
      return await (fetches === undefined ? this.session.run(feeds) : this.session.run(feeds, fetches));
    } catch (error) {
      if (this.device === 'cpu') throw error;
      throw new DeviceLostError(`The device "${this.device}" failed: ${reasonOf(error)}.`, { cause: error });
    }
  }

  /** Ends profiling; the file stands beside the prefix. */
  endProfiling(): void {
    this.session.endProfiling();
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}
