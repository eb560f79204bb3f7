/** @file One training step as a graph: loss, its gradient, clipping by the global norm, AdamW (SPEC section 7). */
import type { Value } from '../graph/graph';
import { gradients } from '../graph/gradients';
import { add, div, max, mul, neg, reduceSum, sqrt, sub, sumOfSquares } from '../graph/operators';
import type { ModelConfig } from './config';
import type { EngineTensor } from './layout';
import type { Network, NetworkShape } from './network';
import { buildLogLikelihood, buildNetwork } from './network';
import type { Exactness } from './voters';

/** Constants of AdamW that stand in the graph. */
export interface Betas {
  readonly beta1: number;
  readonly beta2: number;
}

/** Names of the inputs that change with every step, all float32. */
export const STEP_INPUTS = {
  /** [B·T, 1]: each predicted chunk's share of the mean, 1/(32·scored chunks), or 0 for padding. */
  shares: 'shares',
  /** []: α·√(1−β₂ᵗ)/(1−β₁ᵗ), α the learning rate */
  stepSize: 'stepSize',
  /** []: 1 − α·weight decay */
  decay: 'decay',
  /** []: ε·√(1−β₂ᵗ) */
  epsilon: 'epsilon',
  /** []: largest global gradient norm */
  clipNorm: 'clipNorm',
} as const;

/** Names of the tensors of one parameter in the step graph. */
export const stateNames = (name: string) => ({
  firstMoment: `${name}.firstMoment`,
  secondMoment: `${name}.secondMoment`,
  next: `${name}.next`,
  nextFirstMoment: `${name}.firstMoment.next`,
  nextSecondMoment: `${name}.secondMoment.next`,
});

export interface LossAndGradients {
  readonly network: Network;
  /** [] binary cross-entropy, nats a bit, mean over what is scored */
  readonly loss: Value;
  /** One an engine tensor, in the layout's order. */
  readonly gradients: readonly Value[];
}

/** Loss and gradients of a batch. */
export function buildLossAndGradients(
  config: ModelConfig,
  shape: NetworkShape,
  exactness: Exactness,
): LossAndGradients {
  const network = buildNetwork(config, shape);
  const { graph, weights } = network;
  const logLikelihoods = buildLogLikelihood(network, config, exactness);
  const shares = graph.input(STEP_INPUTS.shares, [shape.batch * shape.context, 1]);
  const loss = graph.withoutTape(() => neg(reduceSum(mul(logLikelihoods, shares), [0, 1])));
  const seed = graph.withoutTape(() => mul(neg(shares), graph.ones([32])));
  return {
    network,
    loss,
    gradients: gradients([{ value: logLikelihoods, gradient: seed }], weights.inputs),
  };
}

/** The step: reads parameters and moments, writes them anew, and says loss and gradient norm (before clipping). */
export function buildTrainingStep(config: ModelConfig, shape: NetworkShape, betas: Betas): Network {
  const { network, loss, gradients: gradientsOf } = buildLossAndGradients(config, shape, 'representable');
  const { graph, weights } = network;
  graph.withoutTape(() => {
    const scalar = (name: string) => graph.input(name, []);
    const norm = sqrt(gradientsOf.map(sumOfSquares).reduce((sum, square) => add(sum, square)));
    const ratio = div(scalar(STEP_INPUTS.clipNorm), add(norm, graph.scalar(1e-6)));
    const clip = neg(max(neg(ratio), graph.scalar(-1)));
    const update = adamW(betas, clip, {
      stepSize: scalar(STEP_INPUTS.stepSize),
      decay: scalar(STEP_INPUTS.decay),
      epsilon: scalar(STEP_INPUTS.epsilon),
    });
    graph.output('loss', loss);
    graph.output('gradientNorm', norm);
    weights.layout.tensors.forEach((tensor, i) => {
      update(tensor, weights.inputs[i]!, gradientsOf[i]!);
    });
  });
  return network;
}

/**
 * AdamW with decoupled weight decay: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ(1 − αλ) − α̂·m/(√v + ε̂), with the
 * bias corrections in α̂ and ε̂.
 */
function adamW(
  { beta1, beta2 }: Betas,
  clip: Value,
  { stepSize, decay, epsilon }: { stepSize: Value; decay: Value; epsilon: Value },
): (tensor: EngineTensor, parameter: Value, gradient: Value) => void {
  const { graph } = clip;
  const firstScale = mul(clip, graph.scalar(1 - beta1));
  const secondScale = mul(clip, graph.scalar(Math.sqrt(1 - beta2)));
  return (tensor, parameter, gradient) => {
    const names = stateNames(tensor.name);
    const firstMoment = graph.input(names.firstMoment, tensor.shape);
    const secondMoment = graph.input(names.secondMoment, tensor.shape);
    const m = add(mul(firstMoment, graph.scalar(beta1)), mul(gradient, firstScale));
    const scaled = mul(gradient, secondScale);
    const v = add(mul(secondMoment, graph.scalar(beta2)), mul(scaled, scaled));
    const step = mul(div(m, add(sqrt(v), epsilon)), stepSize);
    graph.output(names.next, sub(tensor.decay ? mul(parameter, decay) : parameter, step));
    graph.output(names.nextFirstMoment, m);
    graph.output(names.nextSecondMoment, v);
  };
}

/** All-ones shares: the plain mean over every bit of a batch. */
export function equalShares(rows: number): Float32Array {
  return new Float32Array(rows).fill(1 / (32 * rows));
}
