/** @file The presets of Train Model… and of `smuggler train --preset`: a configuration with a recipe that suits it. */
import type { ModelConfig } from '../network/config';
import { DEFAULT_CONFIG } from '../network/config';
import { parameterCount } from '../network/parameters';
import type { PresetSummary } from '../protocol/training';
import { TrainingError } from './errors';

export interface Preset extends PresetSummary {
  /** The peak of the schedule. */
  readonly learningRate: number;
}

function preset(
  name: string,
  description: string,
  recipe: { readonly steps: number; readonly batch: number; readonly learningRate: number },
  config: Partial<ModelConfig>,
): Preset {
  const whole = { ...DEFAULT_CONFIG, ...config };
  return { name, description, ...recipe, parameters: parameterCount(whole), config: whole };
}

export const DEFAULT_PRESET = 'default';

/**
 * From the smallest to the largest. README.md says how the default one was found. The learning rates of the others are the best of
 * those tried on TypeScript declarations (of `typescript`, `@types/node`, `@types/vscode`), one seed each, by held-out bits per byte:
 * tiny, 2000 steps: 0.005 4.16, 0.01 4.02, 0.02 3.93, 0.03 3.91, 0.05 3.94 (the last three are as far apart as seeds are); small,
 * 3000 steps: 0.008 3.39, 0.012 3.33, and 1500 steps: 0.004 3.83, 0.008 3.64, 0.012 3.57, 0.02 3.58; paper, 300 steps only: 0.0025
 * 5.18, 0.005 5.10, 0.01 5.16. `large` was not tried: it takes less than the default model, being wider. These rates were found without
 * the byte stage; with it they are still to be measured.
 */
export const PRESETS: readonly Preset[] = [
  preset(
    'tiny',
    'The smallest: to see the pieces work.',
    { steps: 2000, batch: 8, learningRate: 2e-2 },
    {
      embedding_dim: 16,
      stages: 1,
      bottleneck_layers: 1,
      attention_heads: 2,
      voters_per_bit: 16,
      temperature: 16,
      bit_decoding: 'chained',
      context_chunks: 32,
      byte_channels: 32,
      byte_ngram_rows: 1024,
    },
  ),
  preset(
    'small',
    'Learns the words of a small text.',
    { steps: 3000, batch: 16, learningRate: 1.2e-2 },
    {
      embedding_dim: 32,
      voters_per_bit: 64,
      temperature: 16,
      bit_decoding: 'chained',
      byte_channels: 48,
      byte_ngram_rows: 4096,
    },
  ),
  preset(
    'default',
    'The balanced model: the encoder and decoder of the paper with one stage, chained bits, a byte stage.',
    { steps: 6000, batch: 16, learningRate: 1e-2 },
    {
      embedding_dim: 96,
      stages: 1,
      kernel_sizes: [3],
      bottleneck_layers: 4,
      bit_decoding: 'chained',
      temperature: 16,
      byte_channels: 96,
      byte_ngram_rows: 8192,
    },
  ),
  preset(
    'paper',
    'The model of the paper: twice as wide, every bit by itself.',
    { steps: 6000, batch: 16, learningRate: 5e-3 },
    { embedding_dim: 128 },
  ),
  preset(
    'large',
    'The default model, twice as wide and twice as deep, for as long as it goes on learning.',
    { steps: 40_000, batch: 16, learningRate: 5e-3 },
    {
      embedding_dim: 192,
      stages: 1,
      kernel_sizes: [3],
      bottleneck_layers: 8,
      bit_decoding: 'chained',
      temperature: 16,
      byte_channels: 192,
      byte_ngram_rows: 16_384,
    },
  ),
];

/** @throws TrainingError (`settings`) that lists the names there are */
export function presetNamed(name: string): Preset {
  const found = PRESETS.find((candidate) => candidate.name === name);
  if (found === undefined) {
    const names = PRESETS.map((candidate) => candidate.name).join(', ');
    throw new TrainingError('settings', `There is no preset "${name}", only ${names}.`);
  }
  return found;
}
