/** @file Heads alone: one trunk that stays as it is, its hidden vectors computed once, and every head that learns the domains on them. */
import { mean } from 'simple-statistics';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { chunkCode } from '../inspection/chunkSearch';
import { Turns } from '../inspection/turns';
import { aggregateBit } from '../network/aggregation';
import type { ModelConfig } from '../network/config';
import { temperature } from '../network/config';
import type { Inference } from '../runtime/inference';
import type { CorpusFile } from '../text/corpus';
import { Random } from '../text/random';
import { isTrainingError, TrainingError } from '../training/errors';
import type { ExperimentSize, ExperimentSplit, Row, RunContext } from './experiment';
import { GatedLinearHead, matchedLayers } from './heads/gatedLinearHead';
import type { Head } from './heads/head';
import { natsOf, parametersOf } from './heads/head';
import { matchedUnits, MultilayerHead } from './heads/multilayerHead';
import { VotingHead } from './heads/votingHead';
import type { Learner } from './sequence';
import { learnInSequence, MOST_STRETCH, worstLearned } from './sequence';
import { windowsOf } from './trainArm';
import type { DomainWeights } from './voterOverlap';
import { overlapRows } from './voterOverlap';

interface HeadArm {
  /** As it stands in charts and rows; the same as the whole model's where it has the same head. */
  readonly name: string;
  /** Rates of online gradient descent that are tried. */
  readonly rates: readonly number[];
  readonly create: (config: ModelConfig, random: Random) => Head;
}

function voting(aggregation: VotingHead['aggregation'], rates: readonly number[]): HeadArm {
  return {
    name: aggregation,
    rates,
    create: (config, random) =>
      new VotingHead(aggregation, config.embedding_dim, config.voters_per_bit, temperature(config), random),
  };
}

export const MLP = 'MLP';
export const GATED_LINEAR = 'gated linear';

/** Four rates per decade. */
function rates(leastExponent: number, mostExponent: number): number[] {
  const steps = 4 * (mostExponent - leastExponent);
  return Array.from({ length: steps + 1 }, (_, i) => Number((10 ** (leastExponent + i / 4)).toPrecision(2)));
}

export const HEADS: readonly HeadArm[] = [
  voting('softmax', rates(-3.5, -2)),
  voting('mean', rates(-2.5, -0.5)),
  voting('dense', rates(-3, -1.5)),
  {
    name: MLP,
    rates: rates(-5, -3.5),
    create: ({ embedding_dim: D, voters_per_bit: M }, random) => new MultilayerHead(D, matchedUnits(D, M), random),
  },
  {
    name: GATED_LINEAR,
    rates: rates(-3, -1.5),
    create: ({ embedding_dim: D, voters_per_bit: M }, random) => new GatedLinearHead(D, matchedLayers(D, M), random),
  },
];

/** Positions that a head learns in a step, one after the other. */
const POSITIONS = 16;
/** Windows whose hidden vectors are computed together. */
const BATCH = 8;

interface HeadSize {
  /** Equal steps of each domain. */
  readonly steps: number;
  /** Chunks on which bits per byte are measured. */
  readonly measured: number;
}

function sizeOf({ quick }: Pick<ExperimentSize, 'quick'>): HeadSize {
  return quick ? { steps: 100, measured: 256 } : { steps: 150, measured: 512 };
}

/** "name: value" of all that heads have in common, for the report. */
export function describeHeads(config: ModelConfig, size: Pick<ExperimentSize, 'quick'>): string[] {
  const { steps, measured } = sizeOf(size);
  const all = HEADS.map((arm) => ({ ...arm, head: arm.create(config, Random.fromSeed(0)) }));
  return [
    `heads on one trunk: ${steps} steps of ${POSITIONS} positions for each domain, bits per byte on ${measured} chunks held out, hidden vectors brought to unit root mean square`,
    `parameters of heads: ${all.map(({ name, head }) => `${name} ${parametersOf(head)}`).join(', ')}`,
    `learning rates of heads: the best on validation text of ${all.map(({ name, rates }) => `${name} ${rates.join(', ')}`).join('; ')}`,
  ];
}

/** Positions of a text: what a head hears there and the chunk that comes next. */
interface Examples {
  /** [N][D] */
  readonly hidden: readonly Float64Array[];
  /** [N] */
  readonly codes: Uint32Array;
}

async function examplesOf(
  trunk: Inference,
  files: readonly CorpusFile[],
  count: number,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Examples> {
  const { context_chunks: T, embedding_dim: D } = trunk.config;
  const sampler = windowsOf(trunk.config, files, seed);
  const hidden: Float64Array[] = [];
  const codes: number[] = [];
  while (hidden.length < count) {
    signal?.throwIfAborted();
    const { bytes, scored } = sampler.next(BATCH);
    const vectors = await trunk.vectors(bytes, BATCH);
    for (let i = 0; i < BATCH * T && hidden.length < count; i++) {
      if (scored[i] === 0) continue;
      hidden.push(Float64Array.from(vectors.subarray(i * D, (i + 1) * D)));
      // Window i / T has one chunk more than it predicts, its first.
      codes.push(chunkCode(bytes, CHUNK_BYTES * (i + Math.floor(i / T) + 1)));
    }
  }
  return { hidden, codes: Uint32Array.from(codes) };
}

/** The positions in a random order: those of a window resemble each other. */
function shuffled({ hidden, codes }: Examples, random: Random): Examples {
  const order = Array.from(codes, (_, i) => ({ i, draw: random.uniform() })).sort((a, b) => a.draw - b.draw);
  return { hidden: order.map(({ i }) => hidden[i]!), codes: Uint32Array.from(order, ({ i }) => codes[i]!) };
}

type DomainExamples = Readonly<Record<keyof ExperimentSplit, Examples>>;

/** Brings the hidden vectors of a trunk, all by one factor, to the unit root mean square that heads begin with: its norm has a gain. */
function normalize(domains: readonly DomainExamples[]): void {
  const square = (h: Float64Array) => mean([...h].map((value) => value * value));
  const scale = 1 / Math.sqrt(mean(domains.flatMap(({ train }) => train.hidden.map(square))));
  for (const domain of domains) {
    for (const { hidden } of Object.values(domain)) {
      for (const h of hidden) for (let d = 0; d < h.length; d++) h[d]! *= scale;
    }
  }
}

async function examplesOfText(
  trunk: Inference,
  text: ExperimentSplit,
  { steps, measured }: HeadSize,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<DomainExamples> {
  const train = await examplesOf(trunk, text.train, MOST_STRETCH * steps * POSITIONS, seed, signal);
  return {
    train: shuffled(train, Random.fromSeed(seed)),
    validation: await examplesOf(trunk, text.validation, measured, seed, signal),
    heldOut: await examplesOf(trunk, text.heldOut, measured, seed, signal),
  };
}

/** @throws the signal's reason when it is aborted */
function learnerOf(
  head: Head,
  rate: number,
  domains: readonly DomainExamples[],
  signal: AbortSignal | undefined,
): Learner {
  const turns = new Turns({ signal });
  const logits = new Float64Array(CHUNK_BITS);
  return {
    async train(domain, steps, onStep) {
      const { hidden, codes } = domains[domain]!.train;
      for (let step = 1; step <= steps; step++) {
        for (let i = (step - 1) * POSITIONS; i < step * POSITIONS; i++) head.learn(hidden[i]!, codes[i]!, rate);
        if (turns.isDue) await turns.give();
        if (await onStep(step)) return;
      }
    },
    async bitsPerByte(domain, part) {
      const { hidden, codes } = domains[domain]![part];
      let nats = 0;
      for (const [i, h] of hidden.entries()) {
        head.logits(h, logits);
        nats += natsOf(logits, codes[i]!);
        if (turns.isDue) await turns.give();
      }
      const bits = nats / Math.LN2 / (CHUNK_BYTES * codes.length);
      if (!Number.isFinite(bits)) throw new TrainingError('diverged', `The loss of a head is ${bits} at rate ${rate}.`);
      return bits;
    },
  };
}

/** What a head starts from: the same numbers in the runs of a seed. */
function headOf(arm: HeadArm, config: ModelConfig, seed: number): Head {
  return arm.create(config, Random.fromSeed(seed));
}

/** Every head at each of its rates for the equal steps of one domain on all domains together: validation bits per byte. */
export async function tryHeadRates(
  trunk: Inference,
  seed: number,
  { quick, text, signal }: RunContext,
): Promise<Row[]> {
  const size = sizeOf({ quick });
  const examples = await examplesOfText(trunk, text, size, seed, signal);
  normalize([examples]);
  const rows: Row[] = [];
  for (const arm of HEADS) {
    for (const learningRate of arm.rates) {
      const learner = learnerOf(headOf(arm, trunk.config, seed), learningRate, [examples], signal);
      let bitsPerByte: number | null = null;
      try {
        await learner.train(0, size.steps, () => Promise.resolve(false));
        bitsPerByte = await learner.bitsPerByte(0, 'validation');
      } catch (error) {
        if (!isTrainingError(error)) throw error;
      }
      rows.push({ kind: 'rate', head: arm.name, learningRate, bitsPerByte });
    }
  }
  return rows;
}

/** @param tried rows of {@link tryHeadRates} @throws TrainingError (`diverged`) where a head diverged at all of its rates */
function bestRate(head: string, tried: readonly Row[]): number {
  let best: { readonly rate: number; readonly bits: number } | null = null;
  for (const { head: of, learningRate: rate, bitsPerByte: bits } of tried) {
    if (of !== head || typeof rate !== 'number' || typeof bits !== 'number') continue;
    if (best === null || bits < best.bits) best = { rate, bits };
  }
  if (best === null) throw new TrainingError('diverged', `${head} diverged at every learning rate that was tried.`);
  return best.rate;
}

/**
 * Every head learns the domains at equal steps, then each until it has learned them as well as the worst of them.
 * @param tried rows of {@link tryHeadRates}
 * @returns rows with `head` in place of an arm
 */
export async function learnHeads(
  trunk: Inference,
  seed: number,
  tried: readonly Row[],
  { quick, domains, signal }: RunContext,
): Promise<Row[]> {
  const rates = new Map(HEADS.map(({ name }) => [name, bestRate(name, tried)]));
  const size = sizeOf({ quick });
  const names = domains.map(({ name }) => name);
  const examples: DomainExamples[] = [];
  for (const domain of domains) examples.push(await examplesOfText(trunk, domain, size, seed, signal));
  normalize(examples);
  const rows: Row[] = [];
  const learn = async (regime: 'equal' | 'matched', thresholds: readonly number[] | null) => {
    const all: Row[][] = [];
    for (const arm of HEADS) {
      const head = headOf(arm, trunk.config, seed);
      const learningRate = rates.get(arm.name)!;
      const setting = { head: arm.name, regime, parameters: parametersOf(head), learningRate };
      const learner = learnerOf(head, learningRate, examples, signal);
      const learned = await learnInSequence(learner, { domains: names, steps: size.steps, thresholds });
      if (thresholds === null && head instanceof VotingHead && head.aggregation === 'softmax') {
        const weights = examples.map(({ heldOut: { hidden } }, i): DomainWeights => {
          const half = hidden.length / 2;
          return {
            domain: names[i]!,
            parts: [weightsOf(head, hidden.slice(0, half)), weightsOf(head, hidden.slice(half))],
          };
        });
        learned.push(...overlapRows(weights, head.voters));
      }
      all.push(learned);
      rows.push(...learned.map((row) => ({ ...setting, ...row })));
    }
    return all;
  };
  const equal = await learn('equal', null);
  await learn('matched', worstLearned(names, equal));
  return rows;
}

/** The weights of a head's voters. @returns [N, 32, M] */
function weightsOf(head: VotingHead, hidden: readonly Float64Array[]): Float32Array {
  const { voters, aggregation, temperature: tau } = head;
  const weights = new Float32Array(hidden.length * CHUNK_BITS * voters);
  for (const [n, h] of hidden.entries()) {
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const at = (n * CHUNK_BITS + bit) * voters;
      aggregateBit(head.scores(h, bit), 0, voters, aggregation, tau, weights.subarray(at, at + voters));
    }
  }
  return weights;
}
