/** @file What the blocks of a network cost, counted from its graph: the operations of their matrix products per chunk. */
import type { Graph } from '../graph/graph';
import { matrixFlops } from '../graph/flops';
import { isBlockOutput } from './blocks';
import type { ModelConfig } from './config';
import { buildNetwork, buildVoterOutputs } from './network';

/** Floating-point operations per predicted chunk of a whole window, a multiplication and an addition each. */
export interface BlockFlops {
  /** Of products with weights. */
  readonly weights: number;
  /** Of attention's own products, positions with positions. */
  readonly attention: number;
}

/** Of each of `networkBlocks`, by its id. */
export function blockFlops(config: ModelConfig): ReadonlyMap<string, BlockFlops> {
  const T = config.context_chunks;
  const found = new Map<string, BlockFlops>();
  let [weights, attention] = [0, 0];
  // What has come into the graph since the block before.
  const note = (id: string, graph: Graph) => {
    const [gemm, matmul] = [matrixFlops(graph, ['Gemm']), matrixFlops(graph, ['MatMul'])];
    found.set(id, { weights: (gemm - weights) / T, attention: (matmul - attention) / T });
    [weights, attention] = [gemm, matmul];
  };
  const shape = { batch: 1, context: T, groupBits: 32, target: 'cpu' } as const;
  const network = buildNetwork(config, shape, undefined, (id, { graph }) => {
    // What a block has inside is a part of it.
    if (isBlockOutput(id)) note(id, graph);
  });
  buildVoterOutputs(network, config);
  note('output_projection', network.graph);
  return found;
}

/** The same of trunk and voters, attention included. */
export function trunkAndHeadFlops(config: ModelConfig): { readonly trunk: number; readonly head: number } {
  const sums = { trunk: 0, head: 0 };
  for (const [id, { weights, attention }] of blockFlops(config)) {
    sums[id === 'output_projection' ? 'head' : 'trunk'] += weights + attention;
  }
  return sums;
}

/** The same of a whole forward pass. */
export function forwardFlops(config: ModelConfig): number {
  const { trunk, head } = trunkAndHeadFlops(config);
  return trunk + head;
}
