/** @file Experiment 4: what a model forgets of earlier domains while it learns the next ones, at equal steps and at equal learning; as a whole and with heads alone. */
import { mean } from 'simple-statistics';
import { CHUNK_BYTES } from '../measures/chunk';
import type { Aggregation } from '../network/aggregations';
import { parameterCount } from '../network/parameters';
import type { ExperimentChart, Finding, MatrixChart, Verdict } from '../protocol/experiments';
import type { Inference } from '../runtime/inference';
import { Random } from '../text/random';
import type { Batch, WindowSampler } from '../text/sampler';
import { digits, groupRows, numbers, seriesBy, tooFewPairs } from './charts';
import type { Domain, Experiment, ExperimentSize, Row, Run, RunContext, RunRow } from './experiment';
import { describeHeads, GATED_LINEAR, HEADS, learnHeads, MLP, tryHeadRates } from './frozenTrunk';
import { powerAfter } from './power';
import { voterConfig, voterText } from './recipes';
import type { Learner } from './sequence';
import { CHECKS, learnInSequence, worstLearned } from './sequence';
import { meanEstimate, signFlipTest, SIGNIFICANCE } from './statistics';
import type { Arm, Recipe } from './trainArm';
import {
  ArmModel,
  bitsPerByteOn,
  describeRecipe,
  learningRateOf,
  planTrials,
  runArm,
  TRIAL_SEED,
  windowsOf,
} from './trainArm';
import type { Losses, Stability, Transfer } from './transfer';
import { stabilityOf, transferOf } from './transfer';
import type { DomainWeights } from './voterOverlap';
import { chanceOverlap, overlapRows } from './voterOverlap';

/** Arms that are compared; the paper's first, then its foils. */
const AGGREGATIONS = ['softmax', 'mean', 'dense'] as const satisfies readonly Aggregation[];
const [PAPER, , FOIL] = AGGREGATIONS;

/**
 * How long each domain is learned: for equal steps, or until its validation text is as good as the worst arm's was after them. An arm
 * that learns more in a step also forgets more in it, so only the second compares forgetting alone.
 */
type Regime = 'equal' | 'matched';
const REGIMES: Readonly<Record<Regime, string>> = { equal: 'equal steps', matched: 'matched learning' };

/** What else is trained in the order of the domains, or in no order at all: lines to compare with, of the paper's arm. */
type Reference = 'replay' | 'joint';

interface ForgettingRun extends Run {
  readonly aggregation: Aggregation;
  readonly regime: Regime;
  readonly reference: Reference | null;
}

/** Windows of each batch that replay takes from earlier domains. */
const REPLAYED = 1;
/** Windows on which the winners are found, twice. */
const OVERLAP_WINDOWS = 8;

/** What a run of heads is named by: its rows name the head. */
const HEADS_ARM = 'heads';
const HEAD_RATES: Run = { key: 'rates of heads', arm: HEADS_ARM, seed: TRIAL_SEED, triedRate: null };

function recipeOf({ quick }: Pick<ExperimentSize, 'quick'>): Recipe {
  return quick
    ? { steps: 50, batch: 8, rates: [2e-2], trialSteps: 100, measuredBytes: 3 * 1024 }
    : { steps: 150, batch: 8, rates: [6e-3, 1.2e-2, 2.4e-2], trialSteps: 300, measuredBytes: 16 * 1024 };
}

function armsOf(size: Pick<ExperimentSize, 'quick'>): Arm[] {
  return AGGREGATIONS.map((aggregation) => ({ name: aggregation, config: voterConfig(size, { aggregation }) }));
}

function runsOf(seed: number): ForgettingRun[] {
  const run = (aggregation: Aggregation, regime: Regime, reference: Reference | null): ForgettingRun => {
    const arm = reference ?? aggregation;
    return { key: `seed ${seed}: ${arm}, ${regime}`, arm, seed, triedRate: null, aggregation, regime, reference };
  };
  return [
    ...AGGREGATIONS.map((aggregation) => run(aggregation, 'equal', null)),
    run(PAPER, 'equal', 'replay'),
    run(PAPER, 'equal', 'joint'),
    // After those whose learning they match.
    ...AGGREGATIONS.map((aggregation) => run(aggregation, 'matched', null)),
  ];
}

function headRunOf(seed: number): Run {
  return { key: `seed ${seed}: heads`, arm: HEADS_ARM, seed, triedRate: null };
}

type Windows = Pick<WindowSampler, 'next'>;

/** Mixes windows of earlier domains into every batch. */
export function replaying(now: Windows, earlier: readonly Windows[], random: Random): Windows {
  if (earlier.length === 0) return now;
  return {
    next(batch): Batch {
      const parts = [now.next(batch - REPLAYED), earlier[random.integer(earlier.length)]!.next(REPLAYED)];
      return {
        bytes: Uint8Array.from(parts.flatMap(({ bytes }) => [...bytes])),
        scored: Uint8Array.from(parts.flatMap(({ scored }) => [...scored])),
      };
    },
  };
}

/** The validation bits per byte that the worst arm reached on each domain in the runs of equal steps of a seed. */
function thresholdsOf(seed: number, { finished, domains }: RunContext): number[] {
  const equal = runsOf(seed).filter(({ regime, reference }) => regime === 'equal' && reference === null);
  return worstLearned(
    domains.map(({ name }) => name),
    equal.map(({ key }) => finished.get(key)?.rows ?? []),
  );
}

/** A model of an arm before its first step, and how it learns. */
async function begin(arm: Aggregation, seed: number, context: RunContext) {
  const { quick, domains } = context;
  const recipe = recipeOf({ quick });
  const { config } = armsOf({ quick }).find(({ name }) => name === arm)!;
  const learningRate = learningRateOf({ arm, triedRate: null }, recipe, context);
  return {
    recipe,
    config,
    learningRate,
    // Constant after the warm-up: a rate that has come down would spare what was learned before.
    schedule: { peak: learningRate, warmup: 0.05, floor: 1 },
    model: await ArmModel.create(config, recipe.batch, domains[0]!.train, seed, context),
  };
}

/** Learns all domains together, in as many steps as they have one after the other. */
async function learnJointly(
  { recipe, config, schedule, model }: Awaited<ReturnType<typeof begin>>,
  seed: number,
  { domains, text, signal }: RunContext,
): Promise<void> {
  await model.train({
    steps: recipe.steps * domains.length,
    schedule,
    sampler: windowsOf(config, text.train, seed),
    signal,
    onStep: () => Promise.resolve(),
  });
  signal?.throwIfAborted();
}

/** Learns the domains in their order, or together, and measures all of them after each. */
async function learn(run: ForgettingRun, context: RunContext): Promise<Row[]> {
  const { domains, signal } = context;
  const begun = await begin(run.aggregation, run.seed, context);
  const { recipe, config, learningRate, schedule, model } = begun;
  const setting = { regime: run.regime, parameters: parameterCount(config), learningRate };
  const samplers = domains.map(({ train }) => windowsOf(config, train, run.seed));
  const random = Random.fromSeed(run.seed);
  const learner: Learner = {
    async train(i, steps, onStep) {
      const isEnough = new AbortController();
      const now = samplers[i]!;
      await model.train({
        steps,
        schedule,
        sampler: run.reference === 'replay' ? replaying(now, samplers.slice(0, i), random) : now,
        signal: signal === undefined ? isEnough.signal : AbortSignal.any([signal, isEnough.signal]),
        async onStep(step) {
          if (await onStep(step)) isEnough.abort();
        },
      });
      signal?.throwIfAborted();
    },
    bitsPerByte: async (i, part) =>
      bitsPerByteOn(await model.asItStands(), domains[i]![part], recipe.measuredBytes, signal),
  };
  const rows: Row[] = [];
  try {
    if (run.reference === 'joint') {
      await learnJointly(begun, run.seed, context);
      for (const [of, { name: domain }] of domains.entries()) {
        const bitsPerByte = await learner.bitsPerByte(of, 'heldOut');
        rows.push({ kind: 'matrix', after: domains.length, of, domain, bitsPerByte });
      }
    } else {
      const names = domains.map(({ name }) => name);
      const thresholds = run.regime === 'matched' ? thresholdsOf(run.seed, context) : null;
      rows.push(...(await learnInSequence(learner, { domains: names, steps: recipe.steps, thresholds })));
      if (run.aggregation === PAPER && run.regime === 'equal' && run.reference === null) {
        const weights = await weightsOn(domains, await model.asItStands(), run.seed);
        rows.push(...overlapRows(weights, config.voters_per_bit));
      }
    }
  } finally {
    await model.dispose();
  }
  return rows.map((row) => ({ ...setting, ...row }));
}

/** The weights of a model's voters on windows of the text held out. */
async function weightsOn(domains: readonly Domain[], inference: Inference, seed: number): Promise<DomainWeights[]> {
  const all: DomainWeights[] = [];
  for (const { name: domain, heldOut } of domains) {
    const sampler = windowsOf(inference.config, heldOut, seed);
    const part = async () => (await inference.forward(sampler.next(OVERLAP_WINDOWS).bytes, OVERLAP_WINDOWS)).weights;
    all.push({ domain, parts: [await part(), await part()] });
  }
  return all;
}

/** Trains the trunk of a seed on all domains together, and lets every head learn on it, or try its rates. */
async function runHeads(run: Run, context: RunContext): Promise<Row[]> {
  const begun = await begin(PAPER, run.seed, context);
  try {
    await learnJointly(begun, run.seed, context);
    const trunk = await begun.model.asItStands();
    if (run.key === HEAD_RATES.key) return await tryHeadRates(trunk, run.seed, context);
    return await learnHeads(trunk, run.seed, context.finished.get(HEAD_RATES.key)?.rows ?? [], context);
  } finally {
    await begun.model.dispose();
  }
}

/** Rows of whole models, and those of heads on one trunk, whose arm is the head. */
function placesOf(rows: readonly RunRow[]): { readonly whole: RunRow[]; readonly heads: RunRow[] } {
  return {
    whole: rows.filter((row) => row.arm !== HEADS_ARM),
    heads: rows.filter((row) => row.arm === HEADS_ARM).map((row) => ({ ...row, arm: String(row['head']) })),
  };
}

/** The losses of each seed of an arm that has gone through all domains. */
function sequences(rows: readonly RunRow[], arm: string, regime: Regime): Map<number, Losses> {
  const found = new Map<number, Losses>();
  const matrix = rows.filter((row) => row['kind'] === 'matrix' && row.arm === arm && row['regime'] === regime);
  for (const [seed, ofSeed] of groupRows(matrix, 'seed')) {
    const losses = [...groupRows(ofSeed, 'after').values()].map((row) => numbers(row, 'bitsPerByte'));
    // The untrained model comes first, and as many domains follow as each row has.
    if (losses.length === losses[0]!.length + 1) found.set(Number(seed), losses);
  }
  return found;
}

/** Forgetting of two arms, paired by seed. */
function differences(rows: readonly RunRow[], regime: Regime, arm: string, foil: string): number[] {
  const others = sequences(rows, foil, regime);
  return [...sequences(rows, arm, regime)].flatMap(([seed, losses]) => {
    const other = others.get(seed);
    return other === undefined ? [] : [transferOf(losses).forgetting - transferOf(other).forgetting];
  });
}

function finding(rows: readonly RunRow[]): Finding {
  const { whole, heads } = placesOf(rows);
  const compare = (regime: Regime, foil: string, of = whole) => {
    const pairs = differences(of, regime, PAPER, foil);
    const estimate = meanEstimate(pairs, 'bits per byte');
    const test = signFlipTest(pairs);
    const { p } = test;
    const isTested = pairs.length > 0;
    return {
      estimate,
      pairs,
      text: `${isTested ? digits(estimate.value!) : 'not measured'} against ${foil} at ${REGIMES[regime]}${isTested ? ` (p ${digits(p)})` : ''}`,
      tooFew: tooFewPairs(test, estimate.n),
      isLess: p < SIGNIFICANCE && estimate.value! < 0,
      isMore: p < SIGNIFICANCE && estimate.value! > 0,
    };
  };
  const primary = compare('matched', FOIL);
  const claim = {
    claim: 'lessForgetting',
    measure: `forgetting of earlier domains, ${PAPER} minus ${FOIL}, at matched learning, paired by seed`,
    estimate: primary.estimate,
  } as const;
  if (primary.tooFew !== null) return { ...claim, verdict: 'not tested', because: primary.tooFew };
  const others = [compare('equal', FOIL), compare('matched', 'mean'), compare('equal', 'mean')];
  let verdict: Verdict = 'not tested';
  if (primary.isLess) verdict = others.some(({ isMore }) => isMore) ? 'holds only where' : 'holds';
  else if (primary.isMore) verdict = 'fails';
  const open = primary.isLess || primary.isMore ? '' : 'No difference is decided. ';
  const told = (some: readonly { readonly text: string }[]) => some.map(({ text }) => text).join('; ');
  const rivals = [FOIL, MLP, GATED_LINEAR].map((foil) => compare('matched', foil, heads));
  const because = `${open}${told([primary, ...others])}. Heads alone on one trunk, each p by itself: ${told(rivals)}. Below 0, ${PAPER} forgets less. ${powerAfter(primary.pairs, 'bits per byte').join('')}`;
  return { ...claim, verdict, because };
}

function matrixChart(rows: readonly RunRow[], arm: string, note: string): MatrixChart | null {
  const all = [...sequences(rows, arm, 'matched').values()];
  if (all.length === 0) return null;
  const ofArm = rows.filter((row) => row['kind'] === 'matrix' && row.arm === arm);
  const domains = [...groupRows(ofArm, 'domain').keys()].map(String);
  return {
    kind: 'matrix',
    title: `What does ${arm} know of each domain after each?`,
    note: `${note}; mean over ${all.length} seeds, matched learning`,
    rowTitle: 'after learning',
    rows: ['nothing', ...domains],
    columnTitle: 'measured on',
    columns: domains,
    unit: 'bits per byte',
    values: all[0]!.map((row, after) => row.map((_, domain) => mean(all.map((losses) => losses[after]![domain]!)))),
  };
}

/** The first domain's losses while each domain was learned, of each seed of an arm. */
function coursesOf(rows: readonly RunRow[], arm: string): number[][][] {
  const course = rows.filter((row) => row['kind'] === 'course' && row.arm === arm);
  return [...groupRows(course, 'seed').values()].map((ofSeed) =>
    [...groupRows(ofSeed, 'learning').values()].map((rowsOfDomain) => numbers(rowsOfDomain, 'bitsPerByte')),
  );
}

/** Pictures of what whole models did, or of what heads did; each question is asked of both. */
function transferCharts(rows: readonly RunRow[], note: string, place: 'whole' | 'heads'): ExperimentChart[] {
  const ask = (question: string) => (place === 'whole' ? question : `Heads alone, on the same trunk: ${question}`);
  const armsOfPlace = place === 'whole' ? AGGREGATIONS : HEADS.map(({ name }) => name);
  const arms = (regime: Regime) =>
    place === 'whole' && regime === 'equal' ? [...armsOfPlace, 'replay' as const] : armsOfPlace;
  const dots = (
    question: string,
    label: string,
    regime: Regime,
    valuesOf: (arm: string) => number[],
    more: readonly (readonly [arm: string, values: number[]])[] = [],
  ): ExperimentChart => ({
    kind: 'dots',
    title: ask(question),
    note: `${note}; ${regime === 'equal' ? 'equal steps for each domain' : 'each domain learned equally well'}`,
    x: { label, unit: 'bits per byte', scale: 'linear' },
    rows: [...arms(regime).map((arm) => [arm, valuesOf(arm)] as const), ...more].map(([arm, values]) => ({
      arm,
      estimate: meanEstimate(values, 'bits per byte'),
    })),
  });
  const transfer = (regime: Regime, measure: keyof Transfer) => (arm: string) =>
    [...sequences(rows, arm, regime).values()].map((losses) => transferOf(losses)[measure]);
  const stability = (measure: keyof Stability) => (arm: string) =>
    coursesOf(rows, arm).map((course) => stabilityOf(course)[measure]);
  const jointRows = rows.filter((row) => row['kind'] === 'matrix' && row.arm === 'joint');
  const joint = [...groupRows(jointRows, 'seed').values()].map((ofSeed) => mean(numbers(ofSeed, 'bitsPerByte')));
  return [
    dots(
      'How much is forgotten where all learned equally well?',
      'forgetting',
      'matched',
      transfer('matched', 'forgetting'),
    ),
    {
      kind: 'dots',
      title: ask(`How much more does ${PAPER} forget than each other, seed by seed?`),
      note: `${note}; ${REGIMES.matched}; each seed by itself, so that what is common to a seed is left out; above 0, ${PAPER} forgets more`,
      x: { label: `forgetting of ${PAPER} minus that of the other`, unit: 'bits per byte', scale: 'linear' },
      rows: armsOfPlace
        .filter((arm) => arm !== PAPER)
        .map((arm) => ({ arm, estimate: meanEstimate(differences(rows, 'matched', PAPER, arm), 'bits per byte') })),
    },
    dots('How much is forgotten after equal steps?', 'forgetting', 'equal', transfer('equal', 'forgetting')),
    dots(
      'How much is learned of each domain in equal steps?',
      'right after learning it',
      'equal',
      transfer('equal', 'learned'),
    ),
    dots(
      'How good is it on all domains at the end?',
      'average at the end',
      'equal',
      transfer('equal', 'average'),
      place === 'whole' ? [['joint', joint]] : [],
    ),
    dots(
      'What do later domains do for earlier ones?',
      'backward transfer, below 0 they cost',
      'equal',
      transfer('equal', 'backward'),
    ),
    dots(
      'What do earlier domains do for later ones?',
      'forward transfer, above 0 they help',
      'equal',
      transfer('equal', 'forward'),
    ),
    dots(
      'How bad does the first domain get at its worst?',
      'worst at any step minus right after learning it',
      'equal',
      stability('worst'),
    ),
    dots(
      'How much is lost at a switch and regained (stability gap)?',
      'worst while a domain is learned minus at its end',
      'equal',
      stability('gap'),
    ),
    {
      kind: 'lines',
      title: ask('What happens to the first domain while the others are learned?'),
      note: `${note}; equal steps for each domain`,
      x: { label: 'step', unit: '', scale: 'linear' },
      y: { label: 'first domain, held out', unit: 'bits per byte', scale: 'linear' },
      series: seriesBy(
        rows.filter((row) => row['kind'] === 'course'),
        'arm',
        'steps',
        'bitsPerByte',
      ),
    },
    ...overlapChart(rows, note, ask('Do domains use the same voters?')),
  ];
}

/** Nothing where no run has measured it. */
function overlapChart(rows: readonly RunRow[], note: string, title: string): MatrixChart[] {
  const overlaps = rows.filter((row) => row['kind'] === 'overlap');
  if (overlaps.length === 0) return [];
  const byDomain = [...groupRows(overlaps, 'domain')];
  const domains = byDomain.map(([domain]) => String(domain));
  const chance = chanceOverlap(Number(overlaps[0]!['voters']));
  return [
    {
      kind: 'matrix',
      title,
      note: `${note}; ${PAPER} after the last domain: voters of the largest mean weights of each bit, mean over bits and seeds; by chance ${digits(chance)}; on the diagonal two parts of one text`,
      rowTitle: 'winners on',
      rows: domains,
      columnTitle: 'winners on',
      columns: domains,
      unit: 'Jaccard overlap',
      values: byDomain.map(([, ofDomain]) =>
        [...groupRows(ofDomain, 'other').values()].map((pair) => mean(numbers(pair, 'jaccard'))),
      ),
    },
  ];
}

export const FORGETTING: Experiment = {
  name: 'forgetting',
  primary:
    'Forgetting (bits per byte lost against the best since a domain was learned), softmax minus dense, at matched learning, paired by seed; its interval is over seeds alone, because a domain has too few files.',
  correctedTests: () => 0,
  version: 3,
  seeds: { quick: 6, full: 6 },
  leastDomains: 4,
  bytesPerDomain: voterText,
  fixed: (size) => {
    const { embedding_dim: width } = voterConfig(size, {});
    const sizes = armsOf(size).map(({ name, config }) => `${name} ${parameterCount(config)}`);
    return [
      ...describeRecipe(recipeOf(size)),
      'steps and learning rate: for each domain, constant after a warm-up; moments are kept from domain to domain',
      `matched learning: until validation text is as good as the worst arm's after equal steps, checked ${CHECKS} times in them, and 3 times before the first`,
      `replay: ${REPLAYED} window of each batch from earlier domains; joint: all domains at once, as many steps together`,
      `network: the paper's, width ${width}, windows of ${CHUNK_BYTES * voterConfig(size, {}).context_chunks} bytes`,
      `parameters: ${sizes.join(', ')}`,
      `trunk of heads: trained with the ${PAPER} head, which is then dropped, on all domains together, in as many steps; then it stays`,
      ...describeHeads(voterConfig(size, {}), size),
    ];
  },
  plan: (size) => [
    ...planTrials(armsOf(size), recipeOf(size)),
    HEAD_RATES,
    ...Array.from({ length: size.seeds }, (_, seed) => [...runsOf(seed), headRunOf(seed)]).flat(),
  ],
  async run(run, context) {
    const { quick } = context;
    if (run.triedRate !== null) {
      const arm = armsOf({ quick }).find(({ name }) => name === run.arm)!;
      return runArm(run, arm, recipeOf({ quick }), context, { at: [], measure: () => Promise.resolve([]) });
    }
    if (run.arm === HEADS_ARM) return runHeads(run, context);
    return learn(
      runsOf(run.seed).find(({ key }) => key === run.key)!,
      context,
    );
  },
  analyse(rows) {
    const { whole, heads } = placesOf(rows);
    const noteOf = (some: readonly RunRow[]) => {
      const matrix = some.filter((row) => row['kind'] === 'matrix');
      const seeds = groupRows(matrix, 'seed').size;
      const domains = groupRows(matrix, 'domain').size;
      return `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, ${domains} domains in sequence, text held out`;
    };
    const matrices = AGGREGATIONS.flatMap((arm) => matrixChart(whole, arm, noteOf(whole)) ?? []);
    const charts = [
      ...transferCharts(whole, noteOf(whole), 'whole'),
      ...matrices,
      ...(heads.length === 0 ? [] : transferCharts(heads, noteOf(heads), 'heads')),
    ];
    return { findings: [finding(rows)], charts };
  },
};
