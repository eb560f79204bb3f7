/** @file The model's configuration (SPEC section 2): `config.json` as it stands on disk, checked value by value. */
import type { Aggregation } from './aggregations';
import { AGGREGATIONS, usesTemperature } from './aggregations';
import type { BitDecoding } from './bitDecoding';
import { BIT_DECODINGS } from './bitDecoding';
import { MOST_NGRAM_ROWS } from './byteNgrams';

export type Bottleneck = 'transformer' | 'dendritic';

/** A SMUGGLER configuration; the keys are those of `config.json`. */
export interface ModelConfig {
  readonly architecture: 'smuggler';
  readonly chunk_bytes: 4;
  /** D, the width at full resolution. */
  readonly embedding_dim: number;
  /** S, the number of down- and upsampling stages. */
  readonly stages: number;
  readonly kernel_sizes: readonly number[];
  readonly bottleneck: Bottleneck;
  readonly bottleneck_layers: number;
  readonly attention_heads: number;
  /** K, branches of the dendritic bottleneck. */
  readonly dendrite_branches: number;
  /** k, how many of them are kept. */
  readonly dendrite_active: number;
  /** M, voters a bit. */
  readonly voters_per_bit: number;
  /** τ, an inverse temperature; null means 0.05·M. */
  readonly temperature: number | null;
  readonly temperature_learned: boolean;
  readonly aggregation: Aggregation;
  readonly bit_decoding: BitDecoding;
  /** T, the longest window in chunks. */
  readonly context_chunks: number;
  /** C, channels of the byte stage; absent where there is none, as in the paper. */
  readonly byte_channels?: number;
  /** R, rows of each table of hashed byte n-grams that the byte stage hears; absent where it hears the byte before alone. */
  readonly byte_ngram_rows?: number;
}

export const DEFAULT_CONFIG: ModelConfig = {
  architecture: 'smuggler',
  chunk_bytes: 4,
  embedding_dim: 64,
  stages: 2,
  kernel_sizes: [3, 5, 7],
  bottleneck: 'transformer',
  bottleneck_layers: 2,
  attention_heads: 4,
  dendrite_branches: 8,
  dendrite_active: 2,
  voters_per_bit: 128,
  temperature: null,
  temperature_learned: false,
  aggregation: 'softmax',
  bit_decoding: 'independent',
  context_chunks: 64,
};

/** A configuration that cannot be used; the message names the source, the key, what was found and what was expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export function isConfigError(error: unknown): error is ConfigError {
  return error instanceof ConfigError;
}

function isInteger(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least;
}

type Check = { readonly expected: string; readonly test: (value: unknown) => boolean };

/** Bounds are far above what a machine could hold, and far below what no machine could even count. */
function integer(least: number, most: number): Check {
  return {
    expected: `an integer of at least ${least} and at most ${most}`,
    test: (value) => isInteger(value, least) && value <= most,
  };
}

/** Fewer would not tell n-grams apart. */
const LEAST_NGRAM_ROWS = 16;
const MOST_KERNELS = 16;
const MOST_KERNEL_SIZE = 255;
/** Of the channels at any resolution. */
const MOST_WIDTH = 65536;

function oneOf(...choices: readonly unknown[]): Check {
  const expected = choices.map((choice) => JSON.stringify(choice)).join(' or ');
  return { expected, test: (value) => choices.includes(value) };
}

const CHECKS: { readonly [K in keyof ModelConfig]-?: Check } = {
  architecture: oneOf('smuggler'),
  chunk_bytes: oneOf(4),
  embedding_dim: integer(1, MOST_WIDTH),
  stages: integer(0, 16),
  kernel_sizes: {
    expected: `a list of at most ${MOST_KERNELS} odd, ascending, positive integers of at most ${MOST_KERNEL_SIZE}`,
    test: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= MOST_KERNELS &&
      value.every(
        (k: unknown, i) =>
          isInteger(k, 1) && k <= MOST_KERNEL_SIZE && k % 2 === 1 && (i === 0 || k > (value[i - 1] as number)),
      ),
  },
  bottleneck: oneOf('transformer', 'dendritic'),
  bottleneck_layers: integer(0, 1024),
  attention_heads: integer(1, MOST_WIDTH),
  dendrite_branches: integer(1, 4096),
  dendrite_active: integer(1, 4096),
  voters_per_bit: integer(1, 65536),
  temperature: {
    expected: 'null or a finite number of at least 0',
    test: (value) => value === null || (typeof value === 'number' && Number.isFinite(value) && value >= 0),
  },
  temperature_learned: oneOf(true, false),
  aggregation: oneOf(...Object.keys(AGGREGATIONS)),
  bit_decoding: oneOf(...Object.keys(BIT_DECODINGS)),
  context_chunks: integer(1, 65536),
  byte_channels: integer(0, MOST_WIDTH),
  byte_ngram_rows: {
    expected: `0 or a power of two from ${LEAST_NGRAM_ROWS} to ${MOST_NGRAM_ROWS}`,
    test: (value) =>
      value === 0 ||
      (isInteger(value, LEAST_NGRAM_ROWS) && value <= MOST_NGRAM_ROWS && Number.isInteger(Math.log2(value))),
  },
};

/**
 * Checks a parsed `config.json`. Keys that are missing take their default.
 * @param value what the JSON text held
 * @param source the file's name, for the error
 * @throws ConfigError naming source, key, found and expected
 */
export function parseConfig(value: unknown, source: string): ModelConfig {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ConfigError(`${source}: found ${JSON.stringify(value)}, expected an object of configuration keys.`);
  }
  const fail = (key: string, found: unknown, expected: string): never => {
    throw new ConfigError(`${source}: "${key}" is ${JSON.stringify(found)}, expected ${expected}.`);
  };
  for (const [key, found] of Object.entries(value)) {
    const check = Object.hasOwn(CHECKS, key) ? CHECKS[key as keyof ModelConfig] : undefined;
    if (check === undefined) {
      throw new ConfigError(`${source}: unknown key "${key}", expected only ${Object.keys(CHECKS).join(', ')}.`);
    }
    if (!check.test(found)) fail(key, found, check.expected);
  }
  const { byte_channels: channels = 0, byte_ngram_rows: rows = 0, ...given } = value as Partial<ModelConfig>;
  const config: ModelConfig = {
    ...DEFAULT_CONFIG,
    ...given,
    ...(channels === 0 ? {} : { byte_channels: channels }),
    ...(rows === 0 ? {} : { byte_ngram_rows: rows }),
  };
  const bottleneck = bottleneckWidth(config);
  if (bottleneck > MOST_WIDTH) {
    fail('stages', config.stages, `a bottleneck's width 2^stages·embedding_dim of at most ${MOST_WIDTH}`);
  }
  if (config.bottleneck === 'transformer' && bottleneck % config.attention_heads !== 0) {
    fail('attention_heads', config.attention_heads, `a divisor of the bottleneck's width ${bottleneck}`);
  }
  if (config.dendrite_active > config.dendrite_branches) {
    fail('dendrite_active', config.dendrite_active, `at most dendrite_branches, ${config.dendrite_branches}`);
  }
  for (const key of ['embedding_dim', 'byte_channels'] as const) {
    const width = config[key];
    if (width !== undefined && config.kernel_sizes.length > width) {
      fail('kernel_sizes', config.kernel_sizes, `at most ${key}, ${width}, kernels`);
    }
  }
  if (rows > 0 && channels === 0) fail('byte_ngram_rows', rows, '0 where there is no byte stage (byte_channels)');
  if (config.temperature_learned && temperature(config) <= 0) {
    fail('temperature', config.temperature, 'a number above 0, since it is learned as its logarithm');
  }
  return config;
}

/** M as the head computes it. */
export function votersPerBit(config: ModelConfig): number {
  return AGGREGATIONS[config.aggregation].voters(config.voters_per_bit);
}

/** τ at the start of training (and always, unless it is learned). */
export function temperature(config: ModelConfig): number {
  return config.temperature ?? 0.05 * config.voters_per_bit;
}

/** Whether the aggregation has a temperature at all. */
export function hasTemperature(config: ModelConfig): boolean {
  return usesTemperature(config.aggregation);
}

/** The hidden vectors that the voters read. */
export interface HiddenVectors {
  /** How many a chunk: one, or with a byte stage one for each byte. */
  readonly count: number;
  /** Channels of each. */
  readonly width: number;
  /** Consecutive bits whose voters read the same one. */
  readonly bits: number;
}

export function hiddenVectors({ embedding_dim: D, byte_channels: C }: ModelConfig): HiddenVectors {
  return C === undefined ? { count: 1, width: D, bits: 32 } : { count: 4, width: C, bits: 8 };
}

/** Sizes of what the voters of one chunk read: [D], or with a byte stage [4, C]. */
export function hiddenSize(config: ModelConfig): readonly number[] {
  const { count, width } = hiddenVectors(config);
  return count === 1 ? [width] : [count, width];
}

/** Columns of `bit_chain`: how many bits before its own a voter may hear beside its hidden vector; 0 where it hears none. */
export function chainColumns(config: ModelConfig): number {
  return BIT_DECODINGS[config.bit_decoding].hearsEarlierBits ? hiddenVectors(config).bits : 0;
}

/** 2^S·D, the bottleneck's channels. */
export function bottleneckWidth(config: ModelConfig): number {
  return config.embedding_dim * 2 ** config.stages;
}
