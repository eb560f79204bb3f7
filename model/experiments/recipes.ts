/** @file The models and recipes on which experiments about voters run: the paper's network, small enough for many seeds. */
import type { ModelConfig } from '../network/config';
import { bottleneckWidth, DEFAULT_CONFIG } from '../network/config';
import { parameterCount } from '../network/parameters';
import type { ExperimentSize } from './experiment';
import type { Recipe } from './trainArm';

/** M of the paper, at which its claims about 128 voters are measured in either size. */
export const PAPER_VOTERS = DEFAULT_CONFIG.voters_per_bit;

/** The paper's network (independent bits, no byte stage), narrower. */
export function voterConfig({ quick }: Pick<ExperimentSize, 'quick'>, changes: Partial<ModelConfig>): ModelConfig {
  const small: Partial<ModelConfig> = quick
    ? { embedding_dim: 16, stages: 1, kernel_sizes: [3], bottleneck_layers: 1, attention_heads: 2, context_chunks: 32 }
    : { embedding_dim: 32 };
  return { ...DEFAULT_CONFIG, ...small, ...changes };
}

export function voterRecipe({ quick }: Pick<ExperimentSize, 'quick'>): Recipe {
  return quick
    ? { steps: 400, batch: 8, rates: [2e-2], trialSteps: 200, measuredBytes: 8 * 1024 }
    : { steps: 400, batch: 8, rates: [6e-3, 1.2e-2, 2.4e-2], trialSteps: 200, measuredBytes: 32 * 1024 };
}

/** Bytes taken of each domain. */
export function voterText({ quick }: Pick<ExperimentSize, 'quick'>): number {
  return quick ? 256 * 1024 : 2 * 1024 * 1024;
}

/** Chunks of held-out text at which every voter is looked at: a window each of 6 files, or of 12. */
export function voterChunks({ quick }: Pick<ExperimentSize, 'quick'>): number {
  return quick ? 192 : 768;
}

/** The same network with the width at which it has as nearly as can be so many parameters. @param config of fewer */
export function widened(config: ModelConfig, parameters: number): ModelConfig {
  const distance = (one: ModelConfig) => Math.abs(parameterCount(one) - parameters);
  let nearest = config;
  for (let width = config.embedding_dim + 1; ; width++) {
    const wider = { ...config, embedding_dim: width };
    if (bottleneckWidth(wider) % config.attention_heads !== 0) continue;
    if (distance(wider) >= distance(nearest)) return nearest;
    nearest = wider;
  }
}
