/** @file Experiment 4: what a model forgets of earlier domains while it learns the next ones, at equal steps and at equal learning. */
import { mean } from 'simple-statistics';
import { CHUNK_BYTES } from '../measures/chunk';
import type { Aggregation } from '../network/aggregations';
import { parameterCount } from '../network/parameters';
import type { Estimate, ExperimentChart, Finding, MatrixChart, Verdict } from '../protocol/experiments';
import { Random } from '../text/random';
import type { Batch, WindowSampler } from '../text/sampler';
import { TrainingError } from '../training/errors';
import { digits, groupRows, numbers, seriesBy, tooFewPairs } from './charts';
import type { Domain, Experiment, ExperimentSize, Row, Run, RunContext, RunRow } from './experiment';
import { voterConfig, voterText } from './recipes';
import { meanEstimate, signFlipTest, SIGNIFICANCE } from './statistics';
import type { Arm, Recipe } from './trainArm';
import { ArmModel, bitsPerByteOn, describeRecipe, learningRateOf, planTrials, runArm, windowsOf } from './trainArm';

/** Arms that are compared; the paper's first, then its foils. */
const AGGREGATIONS = ['softmax', 'mean', 'dense'] as const satisfies readonly Aggregation[];
const [PAPER, , FOIL] = AGGREGATIONS;

/**
 * How long each domain is learned: for equal steps, or until its validation text is as good as the worst arm's was after them. An arm
 * that learns more in a step also forgets more in it, so only the second compares forgetting alone.
 */
type Regime = 'equal' | 'matched';

/** What else is trained in the order of the domains, or in no order at all: lines to compare with, of the paper's arm. */
type Reference = 'replay' | 'joint';

interface ForgettingRun extends Run {
  readonly aggregation: Aggregation;
  readonly regime: Regime;
  readonly reference: Reference | null;
}

/** Windows of each batch that replay takes from earlier domains. */
const REPLAYED = 1;
/** A domain is learned for at most this many times the equal steps. */
const MOST_STRETCH = 2;
const CHECKS = 10;
/** Of a domain's steps: when the first domain is measured while another one is learned. */
const COURSE = [0.05, 0.2, 0.5];

function recipeOf({ quick }: Pick<ExperimentSize, 'quick'>): Recipe {
  return quick
    ? { steps: 50, batch: 8, rates: [2e-2], measuredBytes: 3 * 1024 }
    : { steps: 600, batch: 8, rates: [6e-3, 1.2e-2, 2.4e-2], measuredBytes: 32 * 1024 };
}

function armsOf(size: Pick<ExperimentSize, 'quick'>): Arm[] {
  return AGGREGATIONS.map((aggregation) => ({ name: aggregation, config: voterConfig(size, { aggregation }) }));
}

function runsOf(seeds: number): ForgettingRun[] {
  return Array.from({ length: seeds }, (_, seed) => {
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
  }).flat();
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

/** The validation bits per byte that every arm reached on each domain in the run of equal steps of a seed. */
function thresholdsOf(seed: number, { finished, domains }: RunContext): number[] {
  const equal = runsOf(seed + 1).filter((run) => run.seed === seed && run.regime === 'equal' && run.reference === null);
  return domains.map(({ name }) => {
    const reached = equal.map(({ key }) => {
      const rows = finished.get(key)?.rows ?? [];
      return rows.find((row) => row['kind'] === 'learned' && row['domain'] === name)?.['validation'];
    });
    if (!reached.every((value) => typeof value === 'number')) {
      throw new TrainingError('diverged', `An arm of seed ${seed} diverged, so there is no learning to be matched.`);
    }
    return Math.max(...reached);
  });
}

/** Learns the domains in their order, or together, and measures all of them after each. */
async function learn(run: ForgettingRun, context: RunContext): Promise<Row[]> {
  const { quick, domains, text, signal } = context;
  const recipe = recipeOf({ quick });
  const { config } = armsOf({ quick }).find(({ name }) => name === run.aggregation)!;
  const learningRate = learningRateOf({ ...run, arm: run.aggregation }, recipe, context);
  // Constant after the warm-up: a rate that has come down would spare what was learned before.
  const schedule = { peak: learningRate, warmup: 0.05, floor: 1 };
  const setting = { regime: run.regime, parameters: parameterCount(config), learningRate };
  const rows: Row[] = [];
  const model = await ArmModel.create(config, recipe.batch, domains[0]!.train, run.seed, context);
  const bitsOn = async (files: Domain['heldOut']) =>
    bitsPerByteOn(await model.asItStands(), files, recipe.measuredBytes, signal);
  const measureAll = async (after: number) => {
    for (const [of, { name, heldOut }] of domains.entries()) {
      rows.push({ kind: 'matrix', ...setting, after, of, domain: name, bitsPerByte: await bitsOn(heldOut) });
    }
  };
  const measureFirst = async (steps: number) => {
    rows.push({ kind: 'course', ...setting, steps, bitsPerByte: await bitsOn(domains[0]!.heldOut) });
  };
  try {
    if (run.reference === 'joint') {
      await model.train({
        steps: recipe.steps * domains.length,
        schedule,
        sampler: windowsOf(config, text.train, run.seed),
        signal,
        onStep: () => Promise.resolve(),
      });
      signal?.throwIfAborted();
      await measureAll(domains.length);
      return rows;
    }
    const thresholds = run.regime === 'matched' ? thresholdsOf(run.seed, context) : null;
    const samplers = domains.map(({ train }) => windowsOf(config, train, run.seed));
    const random = Random.fromSeed(run.seed);
    const course = COURSE.map((share) => Math.ceil(share * recipe.steps));
    let total = 0;
    await measureAll(0);
    for (const [i, { name, validation }] of domains.entries()) {
      const isLearned = new AbortController();
      let steps = 0;
      const now = samplers[i]!;
      await model.train({
        steps: thresholds === null ? recipe.steps : MOST_STRETCH * recipe.steps,
        schedule,
        sampler: run.reference === 'replay' ? replaying(now, samplers.slice(0, i), random) : now,
        signal: signal === undefined ? isLearned.signal : AbortSignal.any([signal, isLearned.signal]),
        async onStep(step) {
          steps = step;
          if (course.includes(step)) await measureFirst(total + step);
          if (thresholds === null || step % Math.ceil(recipe.steps / CHECKS) !== 0) return;
          if ((await bitsOn(validation)) <= thresholds[i]!) isLearned.abort();
        },
      });
      signal?.throwIfAborted();
      total += steps;
      rows.push({
        kind: 'learned',
        ...setting,
        after: i + 1,
        domain: name,
        steps,
        validation: await bitsOn(validation),
      });
      await measureFirst(total);
      await measureAll(i + 1);
    }
    return rows;
  } finally {
    await model.dispose();
  }
}

/** Bits per byte [after 0 … T domains][domain] of one run. */
type Losses = readonly (readonly number[])[];

/** What a sequence did, in bits per byte; T domains. */
interface Transfer {
  /** Mean over the domains at the end. */
  readonly average: number;
  /** Mean over all but the last of what is lost against the best since it was learned (Chaudhry 2018). */
  readonly forgetting: number;
  /** Mean over all but the last of what later domains gained for it; negative where they cost (Lopez-Paz & Ranzato 2017). */
  readonly backward: number;
  /** Mean over all but the first of what earlier domains gained for it before it was learned, against the untrained model. */
  readonly forward: number;
  /** Mean of each domain right after it was learned. */
  readonly learned: number;
}

/** @param losses [T + 1][T], of two domains or more */
export function transferOf(losses: Losses): Transfer {
  const T = losses.length - 1;
  const at = (after: number, domain: number) => losses[after]![domain]!;
  const domains = Array.from({ length: T }, (_, j) => j);
  const earlier = domains.slice(0, -1);
  return {
    average: mean(domains.map((j) => at(T, j))),
    forgetting: mean(earlier.map((j) => at(T, j) - Math.min(...losses.slice(j + 1, T).map((row) => row[j]!)))),
    backward: mean(earlier.map((j) => at(j + 1, j) - at(T, j))),
    forward: mean(domains.slice(1).map((j) => at(0, j) - at(j, j))),
    learned: mean(domains.map((j) => at(j + 1, j))),
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
  const compare = (regime: Regime, foil: string) => {
    const pairs = differences(rows, regime, PAPER, foil);
    const estimate = meanEstimate(pairs, 'bits per byte');
    const test = signFlipTest(pairs);
    const { p } = test;
    const where = regime === 'equal' ? 'equal steps' : 'matched learning';
    const text = `${digits(estimate.value ?? 0)} against ${foil} at ${where} (p ${digits(p)})`;
    return {
      estimate,
      text,
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
  const because = `${open}${[primary, ...others].map(({ text }) => text).join('; ')}. Below 0, ${PAPER} forgets less.`;
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

function chartsOf(rows: readonly RunRow[], note: string): ExperimentChart[] {
  const estimates = (regime: Regime, measure: keyof Transfer) =>
    [...AGGREGATIONS, ...(regime === 'equal' ? ['replay'] : [])].map((arm) => ({
      arm,
      estimate: meanEstimate(
        [...sequences(rows, arm, regime).values()].map((losses) => transferOf(losses)[measure]),
        'bits per byte',
      ),
    }));
  const joint = [
    ...groupRows(
      rows.filter((row) => row['kind'] === 'matrix' && row.arm === 'joint'),
      'seed',
    ).values(),
  ];
  const jointRow: { arm: string; estimate: Estimate } = {
    arm: 'joint',
    estimate: meanEstimate(
      joint.map((ofSeed) => mean(numbers(ofSeed, 'bitsPerByte'))),
      'bits per byte',
    ),
  };
  const dots = (title: string, label: string, regime: Regime, measure: keyof Transfer): ExperimentChart => ({
    kind: 'dots',
    title,
    note: `${note}; ${regime === 'equal' ? 'equal steps for each domain' : 'each domain learned equally well'}`,
    x: { label, unit: 'bits per byte', scale: 'linear' },
    rows: [...estimates(regime, measure), ...(measure === 'average' ? [jointRow] : [])],
  });
  const matrices = AGGREGATIONS.flatMap((arm) => matrixChart(rows, arm, note) ?? []);
  const course = rows.filter((row) => row['kind'] === 'course' && row['regime'] === 'equal');
  return [
    dots('How much is forgotten where all learned equally well?', 'forgetting', 'matched', 'forgetting'),
    dots('How much is forgotten after equal steps?', 'forgetting', 'equal', 'forgetting'),
    dots('How much is learned of each domain in equal steps?', 'right after learning it', 'equal', 'learned'),
    dots('How good is the model on all domains at the end?', 'average at the end', 'equal', 'average'),
    dots('What do later domains do for earlier ones?', 'backward transfer, below 0 they cost', 'equal', 'backward'),
    dots('What do earlier domains do for later ones?', 'forward transfer, above 0 they help', 'equal', 'forward'),
    {
      kind: 'lines',
      title: 'What happens to the first domain while the others are learned?',
      note: `${note}; equal steps for each domain`,
      x: { label: 'step', unit: '', scale: 'linear' },
      y: { label: 'first domain, held out', unit: 'bits per byte', scale: 'linear' },
      series: seriesBy(course, 'arm', 'steps', 'bitsPerByte'),
    },
    ...matrices,
  ];
}

export const FORGETTING: Experiment = {
  name: 'forgetting',
  primary:
    'Forgetting (bits per byte lost against the best since a domain was learned), softmax minus dense, at matched learning, paired by seed.',
  version: 1,
  seeds: { quick: 6, full: 6 },
  leastDomains: 4,
  bytesPerDomain: voterText,
  fixed: (size) => {
    const { embedding_dim: width } = voterConfig(size, {});
    const sizes = armsOf(size).map(({ name, config }) => `${name} ${parameterCount(config)}`);
    return [
      ...describeRecipe(recipeOf(size)),
      'steps and learning rate: for each domain, constant after a warm-up; moments are kept from domain to domain',
      `matched learning: until validation text is as good as the worst arm's after equal steps, checked ${CHECKS} times`,
      `replay: ${REPLAYED} window of each batch from earlier domains; joint: all domains at once, as many steps together`,
      `network: the paper's, width ${width}, windows of ${CHUNK_BYTES * voterConfig(size, {}).context_chunks} bytes`,
      `parameters: ${sizes.join(', ')}`,
    ];
  },
  plan: (size) => [...planTrials(armsOf(size), recipeOf(size)), ...runsOf(size.seeds)],
  async run(run, context) {
    const { quick } = context;
    if (run.triedRate !== null) {
      const arm = armsOf({ quick }).find(({ name }) => name === run.arm)!;
      return runArm(run, arm, recipeOf({ quick }), context, { at: [], measure: () => Promise.resolve([]) });
    }
    return learn(
      runsOf(run.seed + 1).find(({ key }) => key === run.key)!,
      context,
    );
  },
  analyse(rows) {
    const seeds = sequences(rows, PAPER, 'equal').size;
    const domains = groupRows(
      rows.filter((row) => row['kind'] === 'matrix'),
      'domain',
    ).size;
    const note = `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, ${domains} domains in sequence, text held out`;
    return { findings: [finding(rows)], charts: chartsOf(rows, note) };
  },
};
