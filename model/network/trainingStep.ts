/** @file One training step as a graph: loss, its gradient, and what the optimizer makes of it. */
import type { Value } from '../graph/graph';
import { gradients } from '../graph/gradients';
import { mul, neg, reduceSum } from '../graph/operators';
import type { ModelConfig } from './config';
import type { EngineTensor } from './layout';
import type { Network, NetworkShape } from './network';
import { buildLogLikelihood, buildNetwork } from './network';
import type { UpdateRule } from './optimizer';
import { buildUpdates } from './optimizer';
import type { Exactness } from './voters';

/** [B·T, 1] float32: each predicted chunk's share of the mean, 1/(32·scored chunks), or 0 for padding. */
export const SHARES = 'shares';

/** The matrices inside the processor; embedding and voters are not hidden layers. */
function isHiddenMatrix({ name, shape }: EngineTensor): boolean {
  return shape.length === 2 && name.startsWith('processor.');
}

/** Who moves what: AdamW everything, or Muon the matrices inside the processor. */
export function updateRule(options: Omit<UpdateRule, 'isOrthogonalized'>): UpdateRule {
  return { ...options, isOrthogonalized: isHiddenMatrix };
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
  const shares = graph.input(SHARES, [shape.batch * shape.context, 1]);
  const loss = graph.withoutTape(() => neg(reduceSum(mul(logLikelihoods, shares), [0, 1])));
  const seed = graph.withoutTape(() => mul(neg(shares), graph.ones([32])));
  return {
    network,
    loss,
    gradients: gradients([{ value: logLikelihoods, gradient: seed }], weights.inputs),
  };
}

/** The step: reads parameters and moments, writes them anew, and says loss and gradient norm (before clipping). */
export function buildTrainingStep(config: ModelConfig, shape: NetworkShape, rule: UpdateRule): Network {
  const { network, loss, gradients: gradientsOf } = buildLossAndGradients(config, shape, 'representable');
  const { graph, weights } = network;
  graph.withoutTape(() => {
    graph.output('loss', loss);
    buildUpdates(graph, rule, weights.layout.tensors, weights.inputs, gradientsOf);
  });
  return network;
}

/** All-ones shares: the plain mean over every bit of a batch. */
export function equalShares(rows: number): Float32Array {
  return new Float32Array(rows).fill(1 / (32 * rows));
}
