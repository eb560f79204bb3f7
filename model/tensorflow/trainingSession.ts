/** @file Training with TensorFlow.js behind the interface of `runtime/trainingSession.ts`: gradients by the library, the optimizer here. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../network/config';
import type { Parameters } from '../network/parameters';
import type { TrainingEngine } from '../runtime/trainingEngine';
import type { OptimizerState, StepResult, TrainingOptions } from '../runtime/trainingSession';
import { NGRAM_TABLES } from '../network/byteNgrams';
import { Muon } from './muon';
import { bitSigns, forward } from './network';
import type { Tf } from './weights';
import { parameterNames, toParameters, toTensors, weightsOf } from './weights';

/** What a session needs to know; device and threads are the library's business. */
export type TensorflowOptions = Pick<TrainingOptions, 'batch' | 'context' | 'optimizer' | 'state'>;

/**
 * Loss of a batch, nats a bit, with its gradient by every parameter.
 * @param shares [B·T, 1]: each predicted chunk's share of the mean
 */
function lossAndGradients(
  tf: Tf,
  config: ModelConfig,
  names: readonly string[],
  values: readonly Tensor[],
  bits: ReturnType<typeof bitSigns>,
  shares: Tensor,
): { loss: Tensor; gradients: Tensor[] } {
  const { value, grads } = tf.valueAndGrads((...parameters: Tensor[]) => {
    const { logLikelihoods } = forward(weightsOf(tf, config, names, parameters), bits);
    return tf.neg<Scalar>(tf.sum(tf.mul(logLikelihoods, shares)));
  })([...values]);
  return { loss: value, gradients: grads };
}

/**
 * Loss (nats a bit, mean over every bit) and its gradient by every parameter.
 * @param bytes [B, 4(T+1)]
 */
export async function computeGradients(
  tf: Tf,
  config: ModelConfig,
  parameters: Parameters,
  bytes: Uint8Array,
  batch: number,
): Promise<{ loss: number; gradients: Parameters }> {
  const names = parameterNames(config);
  const { loss, gradients } = tf.tidy(() => {
    const bits = bitSigns(tf, bytes, batch);
    const rows = batch * (bits.shape[1] - 1);
    const shares = tf.fill([rows, 1], 1 / (32 * rows));
    return lossAndGradients(tf, config, names, toTensors(tf, names, parameters), bits, shares);
  });
  try {
    return { loss: (await loss.data())[0]!, gradients: await toParameters(names, gradients) };
  } finally {
    tf.dispose([loss, gradients]);
  }
}

/** Value and moments of every parameter, in the order of the names. An alias, because the library's containers need one. */
type State = Record<'values' | 'firstMoments' | 'secondMoments', Tensor[]>;

/** One run of training. */
export class TensorflowSession implements TrainingEngine {
  private constructor(
    private readonly tf: Tf,
    private readonly config: ModelConfig,
    private readonly names: readonly string[],
    private readonly options: TensorflowOptions,
    private readonly muon: Muon | null,
    private state: State,
    private stepCount: number,
  ) {}

  static async create(
    tf: Tf,
    config: ModelConfig,
    parameters: Parameters,
    options: TensorflowOptions,
  ): Promise<TensorflowSession> {
    await tf.ready();
    const names = parameterNames(config);
    const zeros = () => names.map((name) => tf.zeros([...parameters.get(name)!.shape]));
    const { state, optimizer } = options;
    return new TensorflowSession(
      tf,
      config,
      names,
      options,
      optimizer.muon === undefined ? null : Muon.create(tf, config, names, optimizer.muon),
      {
        values: toTensors(tf, names, parameters),
        firstMoments: state === undefined ? zeros() : toTensors(tf, names, state.firstMoments),
        secondMoments: state === undefined ? zeros() : toTensors(tf, names, state.secondMoments),
      },
      state?.step ?? 0,
    );
  }

  /** Steps taken since training began, resumed ones included. */
  get steps(): number {
    return this.stepCount;
  }

  /**
   * One step of the optimizer.
   * @param bytes [B, 4(T+1)]
   * @param scored [B, T], 0 where the predicted chunk is padding; without it every chunk counts
   */
  async step(bytes: Uint8Array, learningRate: number, scored?: Uint8Array): Promise<StepResult> {
    const { tf, config, names, options, state } = this;
    const rows = options.batch * options.context;
    const counted = scored ?? new Uint8Array(rows).fill(1);
    const count = counted.reduce((sum, one) => sum + one, 0);
    const step = this.stepCount + 1;
    const { told, next } = tf.tidy(() => {
      const shares = tf.tensor(
        Float32Array.from(counted, (one) => (count === 0 ? 0 : one / (32 * count))),
        [rows, 1],
      );
      const bits = bitSigns(tf, bytes, options.batch);
      const { loss, gradients } = lossAndGradients(tf, config, names, state.values, bits, shares);
      const norm = tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum(tf.square(gradient)))));
      return { told: tf.stack([loss, norm]), next: this.update(gradients, norm, learningRate, step) };
    });
    tf.dispose(state);
    this.state = next;
    this.stepCount = step;
    const [loss, gradientNorm] = await told.data();
    told.dispose();
    return { loss: loss!, gradientNorm: gradientNorm! };
  }

  /** The parameters alone, as they stand. */
  readParameters(): Promise<Parameters> {
    return toParameters(this.names, this.state.values);
  }

  /** Parameters and optimizer state as they stand, in the layout on disk. */
  async read(): Promise<{ parameters: Parameters; state: OptimizerState }> {
    const { names, state, stepCount } = this;
    const [parameters, firstMoments, secondMoments] = await Promise.all(
      [state.values, state.firstMoments, state.secondMoments].map((tensors) => toParameters(names, tensors)),
    );
    return {
      parameters: parameters!,
      state: { step: stepCount, firstMoments: firstMoments!, secondMoments: secondMoments! },
    };
  }

  dispose(): Promise<void> {
    this.tf.dispose(this.state);
    return Promise.resolve();
  }

  /**
   * Clips by the global norm with min(1, c/(norm + 1e-6)), then AdamW: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
   * θ ← θ(1 − αλ) − α·m/(1−β₁ᵗ)/(√(v/(1−β₂ᵗ)) + ε); tensors of one dimension do not decay. Where there is Muon, it moves
   * the matrices inside the processor instead.
   */
  private update(gradients: readonly Tensor[], norm: Tensor, learningRate: number, step: number): State {
    const { tf, state, muon } = this;
    const { beta1, beta2, epsilon, weightDecay, clipNorm, ngramRate = 1 } = this.options.optimizer;
    const clip = Number.isFinite(clipNorm) ? tf.minimum(1, tf.div(clipNorm, tf.add(norm, 1e-6))) : tf.scalar(1);
    const clipped = gradients.map((gradient) => tf.mul(gradient, clip));
    const blend = (old: Tensor, value: Tensor, beta: number) => tf.add(tf.mul(old, beta), tf.mul(value, 1 - beta));
    const isMuons = (i: number) => muon?.moves(i) === true;
    const firstMoments = state.firstMoments.map((m, i) =>
      isMuons(i) ? muon!.blend(m, clipped[i]!) : blend(m, clipped[i]!, beta1),
    );
    const secondMoments = state.secondMoments.map((v, i) =>
      isMuons(i) ? tf.zerosLike(v) : blend(v, tf.square(clipped[i]!), beta2),
    );
    const byMuon = muon?.steps(firstMoments, clipped);
    const values = state.values.map((value, i) => {
      const mean = tf.div(firstMoments[i]!, 1 - beta1 ** step);
      const deviation = tf.sqrt(tf.div(secondMoments[i]!, 1 - beta2 ** step));
      const move = byMuon?.get(i) ?? tf.div(mean, tf.add(deviation, epsilon));
      const decayed = value.shape.length > 1 ? tf.mul(value, 1 - learningRate * weightDecay) : value;
      const rate = this.names[i] === NGRAM_TABLES ? learningRate * ngramRate : learningRate;
      return tf.sub(decayed, tf.mul(move, rate));
    });
    return { values, firstMoments, secondMoments };
  }
}
