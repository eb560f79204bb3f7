/** @file The whole model as graphs: what is predicted, how likely the real bits are, and what the voters did. */
import type { GraphTarget, Shape, Value } from '../graph/graph';
import { Graph } from '../graph/graph';
import { asFloat, concat, greater, mul, reciprocal, reduceMean, reduceSum, reshape, slice } from '../graph/operators';
import type { ObserveBlock } from './blocks';
import { byteStage } from './byteStage';
import type { ModelConfig } from './config';
import { hiddenVectors, votersPerBit } from './config';
import type { Entry } from './entries';
import { UNCHANGED } from './entries';
import { norm } from './layers';
import type { Past } from './past';
import { outputConv, processor } from './processor';
import type { BitGroup, Exactness } from './voters';
import { bitGroups, logLikelihood, temperatures, voterInputs, voterScores, votes } from './voters';
import { voterWeights } from './voterWeights';
import { Weights } from './weights';

/** Shape and device-dependent choices of one graph. */
export interface NetworkShape {
  /** B, windows in a batch. */
  readonly batch: number;
  /** T, predicted chunks in a window. */
  readonly context: number;
  /** Bits whose voters are computed together: small groups stay in a CPU's cache, one group is best on a GPU. */
  readonly groupBits: number;
  readonly target: GraphTarget;
}

/** Groups of bits for which the scores of a window batch take about 2 MB, a CPU's cache. */
export function groupBitsForCache(config: ModelConfig, batch: number, context: number): number {
  const perBit = batch * context * votersPerBit(config);
  for (const size of [32, 16, 8, 4]) if (size * perBit <= 1 << 19) return size;
  return 4;
}

/** A network's graph while it is being built. */
export interface Network {
  readonly graph: Graph;
  readonly weights: Weights;
  /** [B·T, V·W] the hidden vectors that the voters read, `count` V of `width` W a position */
  readonly hidden: Value;
  /** [B·T, 32] the real bits of the predicted chunks as ±1. */
  readonly targets: Value;
  readonly groups: readonly BitGroup[];
}

/** Name of the input that carries the bits, [B, T+1, 32] as ±1. */
export const BITS = 'bits';

/**
 * Trunk and inputs of a graph that knows the chunks that it predicts.
 * @param input makes the bits [B, T+1, 32] as ±1; an input of that shape unless given
 * @param observe as for `processor`
 * @param entry for what enters trunk and byte stage; voters hear the real bits, and those are predicted
 */
export function buildNetwork(
  config: ModelConfig,
  shape: NetworkShape,
  input: (graph: Graph, size: Shape) => Value = (graph, size) => graph.input(BITS, size),
  observe: ObserveBlock = () => undefined,
  entry: Entry = UNCHANGED,
): Network {
  const { batch, context } = shape;
  const graph = new Graph(shape.target);
  const bits = input(graph, [batch, context + 1, 32]);
  const weights = new Weights(graph, config);
  const trunk = processor(weights, config, entry('bits', slice(bits, 1, 0, context)), observe);
  const normalized = () => {
    const hidden = norm(weights, 'output_norm', trunk);
    observe('processor.output_conv', hidden);
    return hidden;
  };
  const staged = () => {
    observe('processor.output_conv', trunk);
    return byteStage(weights, config, trunk, bits, observe, entry);
  };
  const hidden = config.byte_channels === undefined ? normalized() : staged();
  const targets = reshape(slice(bits, 1, 1, context + 1), [batch * context, 32]);
  const groups = bitGroups(Math.min(shape.groupBits, hiddenVectors(config).bits));
  return { graph, weights, hidden, targets, groups };
}

/** Name of the input of {@link buildHead} that carries the hidden vectors. */
export const HIDDEN = 'hidden';

/** The voters alone, of B·T positions whose hidden vectors [B·T, V·W] are given; `bits` is [B·T, 32] then. */
export function buildHead(config: ModelConfig, { batch, context, groupBits, target }: NetworkShape): Network {
  const graph = new Graph(target);
  const { count, width, bits } = hiddenVectors(config);
  return {
    graph,
    weights: new Weights(graph, config),
    hidden: graph.input(HIDDEN, [batch * context, count * width]),
    targets: graph.input(BITS, [batch * context, 32]),
    groups: bitGroups(Math.min(groupBits, bits)),
  };
}

/** ln of the probability of every real bit, [B·T, 32]. */
export function buildLogLikelihood(network: Network, config: ModelConfig, exactness: Exactness): Value {
  const { weights, hidden, targets, groups } = network;
  const inputs = voterInputs(config, hidden, targets);
  return concat(
    groups.map((group) => {
      const z = voterScores(weights, config, group, inputs);
      const tau = temperatures(weights, config, group);
      return logLikelihood(config, z, slice(targets, 1, group.start, group.end), tau, exactness);
    }),
    1,
  );
}

/** What the voters of every bit did; all [B·T, 32] but votes and weights, [B·T, 32, M]. */
export interface VoterOutputs {
  readonly votes: Value;
  readonly weights: Value;
  /** p = Σ w·v */
  readonly probabilities: Value;
  readonly logLikelihoods: Value;
  /** 1/Σw² */
  readonly effectiveVoters: Value;
  /** #{w > 1/M} */
  readonly activeVoters: Value;
  /** Share of voters with v > ½. */
  readonly density: Value;
}

/** A weight counts as above 1/M only beyond rounding, so that equal weights are none above. */
const ABOVE = 1 + 1e-5;

/** Votes, weights and the measurements of SPEC section 5. */
export function buildVoterOutputs(network: Network, config: ModelConfig): VoterOutputs {
  const { graph, weights, hidden, targets, groups } = network;
  const M = votersPerBit(config);
  const inputs = voterInputs(config, hidden, targets);
  const parts = groups.map((group) => {
    const z = voterScores(weights, config, group, inputs);
    const tau = temperatures(weights, config, group);
    const v = votes(z);
    const w = voterWeights(config.aggregation, z, v, tau);
    return {
      votes: v,
      weights: w,
      probabilities: reduceSum(mul(w, v), [2]),
      logLikelihoods: logLikelihood(config, z, slice(targets, 1, group.start, group.end), tau, 'everywhere'),
      effectiveVoters: reciprocal(reduceSum(mul(w, w), [2])),
      activeVoters: reduceSum(asFloat(greater(w, graph.scalar(ABOVE / M))), [2]),
      density: reduceMean(asFloat(greater(z, graph.scalar(0))), [2]),
    } satisfies VoterOutputs;
  });
  const join = (key: keyof VoterOutputs) =>
    concat(
      parts.map((part) => part[key]),
      1,
    );
  return {
    votes: join('votes'),
    weights: join('weights'),
    probabilities: join('probabilities'),
    logLikelihoods: join('logLikelihoods'),
    effectiveVoters: join('effectiveVoters'),
    activeVoters: join('activeVoters'),
    density: join('density'),
  };
}

/**
 * A graph of what is known of the next chunk before any of it is: `bits` is [B, T, 32]. Its `hidden` is [B·T, D]: the hidden vectors,
 * or with a byte stage what that is given.
 * @param makePast for windows that are gone on with, B = 1: what the graph passes on, and in a step receives
 */
export function buildTrunk(
  config: ModelConfig,
  shape: Pick<NetworkShape, 'batch' | 'context' | 'target'>,
  makePast?: (graph: Graph) => Past,
): Omit<Network, 'targets' | 'groups'> & { readonly past: Past | undefined } {
  const graph = new Graph(shape.target);
  const bits = graph.input(BITS, [shape.batch, shape.context, 32]);
  const weights = new Weights(graph, config);
  const past = makePast?.(graph);
  const build = () => hiddenOfTrunk(weights, config, processor(weights, config, bits, undefined, past));
  // What is not recorded has fewer nodes, which is what a step consists of.
  const hidden = past?.isStep === true ? graph.withoutTape(build) : build();
  past?.finish();
  return { graph, weights, past, hidden };
}

/** What is made of the trunk's output before any byte of the next chunk is known: the hidden vectors, or with a byte stage nothing yet. */
function hiddenOfTrunk(weights: Weights, config: ModelConfig, trunk: Value): Value {
  return config.byte_channels === undefined ? norm(weights, 'output_norm', trunk) : trunk;
}

/** Name of the input of {@link buildTrunkEnd} that carries what stands before the trunk's last layer. */
export const STREAM = 'stream';

/** What `buildTrunk` does behind the last block: its `hidden` [B·T, D] of vectors [B·T, D] that stand in place of that block's output. */
export function buildTrunkEnd(
  config: ModelConfig,
  { batch, context, target }: Pick<NetworkShape, 'batch' | 'context' | 'target'>,
): Pick<Network, 'graph' | 'weights' | 'hidden'> {
  const graph = new Graph(target);
  const weights = new Weights(graph, config);
  const stream = graph.input(STREAM, [batch * context, config.embedding_dim]);
  return { graph, weights, hidden: hiddenOfTrunk(weights, config, outputConv(weights, stream)) };
}
