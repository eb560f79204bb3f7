/** @file What shuffled labels would give: how much more a voter's rank sum varies than if all chunks were independent. */
import type { Random } from '../../text/random';
import type { CodeGroups, DesignEffects } from './mutualInformation';
import { MOST_GROUPS } from './mutualInformation';

// Text and votes are correlated from chunk to chunk, so labels that are shuffled one by one would make almost every voter
// look significant. Here blocks of labels are moved as they are to random places. All shuffles use the same places for every
// voter, and only a part of the labels each, since what is asked for is a ratio of variances.

/** Shuffles where blocks are short, and where they are long, so that no concept takes too long. */
const MOST_SHUFFLES = 64;
const LEAST_SHUFFLES = 20;
/** Labels moved in one shuffle, about. */
const MOVED = 512;
const SHORTEST_BLOCK = 64;
/** Blocks that there should be at least. */
const LEAST_BLOCKS = 16;
/** Labels with a weight below this are left out: where few chunks are labelled, those that are not. */
const LEAST_WEIGHT = 0.05;

export interface ShufflePlan {
  /** Chunks in a block. */
  readonly blockLength: number;
  /** How many there are; the degrees of freedom of a design effect. */
  readonly shuffles: number;
  /** Share of labelled chunks. */
  readonly mean: number;
  /** Column of the vote that each moved label meets, shuffle by shuffle, the labels that are 1 before those that are 0. */
  readonly columns: Uint32Array;
  /** [2·shuffles + 1] where the ones and the zeros of each shuffle begin. */
  readonly starts: Uint32Array;
}

/**
 * Draws the shuffles.
 * @param labels [N] 0 or 1, some of each
 */
export function planShuffles(labels: Uint8Array, random: Random): ShufflePlan {
  const n = labels.length;
  const labelled = labels.reduce((sum, label) => sum + label, 0);
  const blockLength = chooseBlockLength(labels, labelled);
  const mean = labelled / n;
  const blocks = blocksOf(labels, blockLength, (label) => Math.abs(label - mean) >= LEAST_WEIGHT);
  const inBlocks = blocks.reduce((sum, { ones, zeros }) => sum + ones.length + zeros.length, 0);
  const perShuffle = Math.max(1, Math.min(blocks.length, Math.round((MOVED * blocks.length) / inBlocks)));
  const perBlock = inBlocks / blocks.length;
  const affordable = Math.floor((MOST_SHUFFLES * MOVED) / (perShuffle * perBlock));
  const shuffles = Math.max(LEAST_SHUFFLES, Math.min(MOST_SHUFFLES, affordable));
  const columns: number[] = [];
  const starts = new Uint32Array(2 * shuffles + 1);
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    // A partial Fisher–Yates draw: no block twice in one shuffle.
    const places = Array.from({ length: perShuffle }, (_, drawn) => {
      const other = drawn + random.integer(blocks.length - drawn);
      [blocks[drawn], blocks[other]] = [blocks[other]!, blocks[drawn]!];
      return random.integer(n - blockLength + 1);
    });
    places.forEach((place, drawn) => {
      for (const offset of blocks[drawn]!.ones) columns.push(place + offset);
    });
    starts[2 * shuffle + 1] = columns.length;
    places.forEach((place, drawn) => {
      for (const offset of blocks[drawn]!.zeros) columns.push(place + offset);
    });
    starts[2 * shuffle + 2] = columns.length;
  }
  return { blockLength, shuffles, mean, columns: Uint32Array.from(columns), starts };
}

/** Four times the mean length of a run of equal labels of the rarer kind, so that what belongs together moves together. */
function chooseBlockLength(labels: Uint8Array, labelled: number): number {
  const n = labels.length;
  const rarer = labelled <= n / 2 ? 1 : 0;
  let runs = 0;
  for (let i = 0; i < n; i++) if (labels[i] === rarer && (i === 0 || labels[i - 1] !== rarer)) runs++;
  const meanRun = (rarer === 1 ? labelled : n - labelled) / Math.max(1, runs);
  const wanted = Math.max(SHORTEST_BLOCK, Math.ceil(4 * meanRun));
  return Math.max(1, Math.min(wanted, Math.floor(n / LEAST_BLOCKS)));
}

/** Where in a block its labels of each kind stand. */
interface Block {
  readonly ones: readonly number[];
  readonly zeros: readonly number[];
}

/** The labels worth moving, by block; blocks without any are left out. */
function blocksOf(labels: Uint8Array, length: number, isKept: (label: number) => boolean): Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start < labels.length; start += length) {
    const offsets = Array.from({ length: Math.min(length, labels.length - start) }, (_, offset) => offset);
    const of = (label: number) => (isKept(label) ? offsets.filter((offset) => labels[start + offset] === label) : []);
    const block = { ones: of(1), zeros: of(0) };
    if (block.ones.length + block.zeros.length > 0) blocks.push(block);
  }
  return blocks;
}

/** A place to count in, for {@link designEffects} to use again and again. */
export function groupCounters(): Uint32Array {
  return new Uint32Array(2 * MOST_GROUPS);
}

/**
 * The design effects of one voter. With c the moved labels less their mean, r the standardized ranks they meet, D_g the sum of c
 * over the labels that meet a vote of group g, and π_g the share of chunks in it, each is a mean over the shuffles:
 * δ = (Σ c_k·r_k)²/Σ c_k², and δ' = Σ_g D_g²/π_g / ((R − 1)·Σ c_k²). Under the null hypothesis Σ_all c·r/√(δ·Σ_all c²) follows
 * Student's t with as many degrees of freedom as there are shuffles.
 * @param codes [N] the voter's
 * @param ranks [256] from `standardRanks`
 */
export function designEffects(
  plan: ShufflePlan,
  codes: Uint8Array,
  ranks: Float64Array,
  { groupOf, shares }: CodeGroups,
  counters: Uint32Array,
): DesignEffects {
  const { columns, mean, shuffles, starts } = plan;
  const ones = counters.subarray(0, MOST_GROUPS);
  const zeros = counters.subarray(MOST_GROUPS);
  let rankEffect = 0;
  let groupEffect = 0;
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    const start = starts[2 * shuffle]!;
    const middle = starts[2 * shuffle + 1]!;
    const end = starts[2 * shuffle + 2]!;
    counters.fill(0);
    const sum =
      (1 - mean) * sumRanks(columns, start, middle, codes, ranks, groupOf, ones) -
      mean * sumRanks(columns, middle, end, codes, ranks, groupOf, zeros);
    const squares = (middle - start) * (1 - mean) ** 2 + (end - middle) * mean ** 2;
    rankEffect += (sum * sum) / squares;
    // Labels that were left out as negligible would have met every group in its share.
    const moved = (1 - mean) * (middle - start) - mean * (end - middle);
    let groupSum = 0;
    for (let group = 0; group < shares.length; group++) {
      const difference = (1 - mean) * ones[group]! - mean * zeros[group]! - moved * shares[group]!;
      groupSum += (difference * difference) / shares[group]!;
    }
    groupEffect += groupSum / squares;
  }
  return { ranks: rankEffect / shuffles, groups: groupEffect / shuffles / Math.max(1, shares.length - 1) };
}

/** Sums the ranks that some labels meet, and counts the groups of the votes. */
function sumRanks(
  columns: Uint32Array,
  from: number,
  to: number,
  codes: Uint8Array,
  ranks: Float64Array,
  groupOf: Uint8Array,
  counts: Uint32Array,
): number {
  let sum = 0;
  for (let k = from; k < to; k++) {
    const code = codes[columns[k]!]!;
    sum += ranks[code]!;
    counts[groupOf[code]!]!++;
  }
  return sum;
}
