/** @file Training and measuring the byte-level transformer: the same windows, the same bytes to predict, the same schedule. */
import type { Tensor as OrtTensor } from 'onnxruntime-common';
import { CHUNK_BYTES } from '../../model/measures/chunk';
import type { EngineTensor } from '../../model/network/layout';
import type { OptimizerOptions } from '../../model/network/optimizer';
import { optimizerInputs, stateNames } from '../../model/network/optimizer';
import { elementCount } from '../../model/network/parameters';
import { floatTensor, scalarFeeds } from '../../model/runtime/onnxRuntime';
import { OnnxSession } from '../../model/runtime/onnxSession';
import { inspectionGrid } from '../../model/text/chunks';
import type { CorpusFile } from '../../model/text/corpus';
import type { Random } from '../../model/text/random';
import { documentWindows, fillWindow } from '../../model/text/windows';
import type { ByteTransformerConfig } from './byteTransformer';
import {
  BYTE_SHARES,
  byteTransformerLikelihood,
  byteTransformerStep,
  initializeByteTransformer,
  INPUT,
  keepsSquares,
  TARGET,
} from './byteTransformer';

const BYTES = 256;
const EVALUATION_BATCH = 16;

/** Rows [B·T, 256] with a one for each byte that is read and each that is predicted. */
class OneHotWindows {
  private readonly input: Float32Array;
  private readonly target: Float32Array;

  constructor(
    private readonly batch: number,
    private readonly context: number,
  ) {
    this.input = new Float32Array(batch * context * BYTES);
    this.target = new Float32Array(batch * context * BYTES);
  }

  /** @param bytes [B, T + 4]: the chunk model's windows, of whose first chunk only the last byte is read here */
  feeds(bytes: Uint8Array): Record<string, OrtTensor> {
    this.input.fill(0);
    this.target.fill(0);
    const stride = this.context + CHUNK_BYTES;
    for (let b = 0; b < this.batch; b++) {
      for (let t = 0; t < this.context; t++) {
        const row = (b * this.context + t) * BYTES;
        const at = b * stride + CHUNK_BYTES + t;
        this.input[row + bytes[at - 1]!] = 1;
        this.target[row + bytes[at]!] = 1;
      }
    }
    const shape = [this.batch * this.context, BYTES];
    return { [INPUT]: floatTensor(this.input, shape), [TARGET]: floatTensor(this.target, shape) };
  }
}

/** One run of training. */
export class ByteTransformerTraining {
  private steps = 0;
  private readonly windows: OneHotWindows;
  private readonly shares: Float32Array;

  private constructor(
    private readonly session: OnnxSession,
    private readonly config: ByteTransformerConfig,
    batch: number,
    private readonly optimizer: OptimizerOptions,
    private readonly tensors: readonly EngineTensor[],
    private readonly state: Record<string, OrtTensor>,
  ) {
    this.windows = new OneHotWindows(batch, config.context);
    this.shares = new Float32Array(batch * config.context);
  }

  static async create(
    config: ByteTransformerConfig,
    batch: number,
    optimizer: OptimizerOptions,
    random: Random,
  ): Promise<ByteTransformerTraining> {
    const { graph, tensors } = byteTransformerStep(config, batch, optimizer);
    const session = await OnnxSession.create(graph, { device: 'cpu', threads: 1 });
    const values = initializeByteTransformer(config, random);
    const state: Record<string, OrtTensor> = {};
    for (const tensor of tensors) {
      const zeros = () => floatTensor(new Float32Array(elementCount(tensor.shape)), tensor.shape);
      const names = stateNames(tensor.name);
      state[tensor.name] = floatTensor(values.get(tensor.name)!, tensor.shape);
      state[names.firstMoment] = zeros();
      if (keepsSquares(optimizer, tensor)) state[names.secondMoment] = zeros();
    }
    return new ByteTransformerTraining(session, config, batch, optimizer, tensors, state);
  }

  /**
   * @param bytes [B, T + 4]
   * @param scored [B, T/4], 0 where a predicted chunk is padding
   * @returns nats a byte before the update
   */
  async step(bytes: Uint8Array, rate: number, scored: Uint8Array): Promise<number> {
    const { optimizer, tensors, state } = this;
    const t = ++this.steps;
    const count = CHUNK_BYTES * scored.reduce((sum, one) => sum + one, 0);
    for (let i = 0; i < this.shares.length; i++)
      this.shares[i] = scored[Math.floor(i / CHUNK_BYTES)]! / Math.max(1, count);
    const fetches: Record<string, OrtTensor | null> = { loss: null, gradientNorm: null };
    for (const tensor of tensors) {
      const names = stateNames(tensor.name);
      fetches[names.next] = state[tensor.name]!;
      fetches[names.nextFirstMoment] = state[names.firstMoment]!;
      if (keepsSquares(optimizer, tensor)) fetches[names.nextSecondMoment] = state[names.secondMoment]!;
    }
    const results = await this.session.run(
      {
        ...state,
        ...this.windows.feeds(bytes),
        [BYTE_SHARES]: floatTensor(this.shares, [this.shares.length, 1]),
        ...scalarFeeds(optimizerInputs(optimizer, rate, t)),
      },
      fetches,
    );
    return (results['loss']!.data as Float32Array)[0]!;
  }

  /** Bits per byte over every whole chunk of the files, in the windows in which the chunk model is measured. */
  async evaluate(files: readonly CorpusFile[]): Promise<number> {
    const { config, tensors, state } = this;
    const graph = byteTransformerLikelihood(config, EVALUATION_BATCH);
    const session = await OnnxSession.create(graph, { device: 'cpu', threads: 1 });
    const parameters = Object.fromEntries(tensors.map(({ name }) => [name, state[name]!]));
    const windows = new OneHotWindows(EVALUATION_BATCH, config.context);
    const context = config.context / CHUNK_BYTES;
    const stride = config.context + CHUNK_BYTES;
    const bytes = new Uint8Array(EVALUATION_BATCH * stride);
    let pending: { from: number; to: number }[] = [];
    let nats = 0;
    let scored = 0;
    const flush = async () => {
      const results = await session.run({ ...parameters, ...windows.feeds(bytes) });
      const likelihoods = results['logLikelihood']!.data as Float32Array;
      pending.forEach(({ from, to }, row) => {
        for (let i = from; i < to; i++) nats -= likelihoods[row * config.context + i]!;
        scored += to - from;
      });
      pending = [];
    };
    for (const { bytes: text } of files) {
      const chunks = Math.floor(text.length / CHUNK_BYTES);
      const grid = inspectionGrid(text);
      for (const window of documentWindows(0, chunks, chunks, context)) {
        fillWindow(grid, window, context, bytes, pending.length * stride);
        const { firstTarget, scoreFrom, scoreTo } = window;
        pending.push({ from: CHUNK_BYTES * (scoreFrom - firstTarget), to: CHUNK_BYTES * (scoreTo - firstTarget) });
        if (pending.length === EVALUATION_BATCH) await flush();
      }
    }
    if (pending.length > 0) await flush();
    await session.dispose();
    return nats / Math.LN2 / scored;
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}
