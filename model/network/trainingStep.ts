/** @file One training step as a graph: loss, its gradient, and what the optimizer makes of it. */
import type { Value } from '../graph/graph';
import { gradients } from '../graph/gradients';
import { mul, neg, reduceSum } from '../graph/operators';
import { NGRAM_TABLES } from './byteNgrams';
import type { ModelConfig } from './config';
import type { EngineTensor } from './layout';
import type { Network, NetworkShape } from './network';
import { buildLogLikelihood, buildNetwork } from './network';
import type { OptimizerConstants, UpdateRule } from './optimizer';
import { buildUpdates, OPTIMIZER_INPUTS } from './optimizer';
import type { Exactness } from './voters';

/** Names of the inputs that change with every step, all float32. */
export const STEP_INPUTS = {
  /** [B·T, 1]: each predicted chunk's share of the mean, 1/(32·scored chunks), or 0 for padding. */
  shares: 'shares',
  ...OPTIMIZER_INPUTS,
} as const;

/** The matrices inside processor and byte stage; embeddings and voters are not hidden layers. */
function isHiddenMatrix({ name, shape }: EngineTensor): boolean {
  return shape.length === 2 && /^(processor|byte_stage\.(upsample|blocks))\./.test(name);
}

/** Whether the optimizer keeps a mean of squared gradients of a tensor: AdamW does, Muon does not. */
export function keepsSquares({ muon }: Pick<OptimizerConstants, 'muon'>, tensor: EngineTensor): boolean {
  return muon === undefined || !isHiddenMatrix(tensor);
}

/** What the step of AdamW is multiplied with. */
function stepScale({ ngramRate = 1 }: Pick<OptimizerConstants, 'ngramRate'>, { name }: EngineTensor): number {
  return name === NGRAM_TABLES ? ngramRate : 1;
}

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
export function buildTrainingStep(config: ModelConfig, shape: NetworkShape, constants: OptimizerConstants): Network {
  const { network, loss, gradients: gradientsOf } = buildLossAndGradients(config, shape, 'representable');
  const { graph, weights } = network;
  graph.withoutTape(() => {
    graph.output('loss', loss);
    const rule: UpdateRule = {
      ...constants,
      keepsSquares: (tensor) => keepsSquares(constants, tensor),
      stepScale: (tensor) => stepScale(constants, tensor),
    };
    buildUpdates(graph, rule, weights.layout.tensors, weights.inputs, gradientsOf);
  });
  return network;
}

/** All-ones shares: the plain mean over every bit of a batch. */
export function equalShares(rows: number): Float32Array {
  return new Float32Array(rows).fill(1 / (32 * rows));
}
