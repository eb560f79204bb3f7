/** @file Experiment 3: how the loss falls with size and computation, voters against dense, by fits of E + A·N^−a. */
import { mean } from 'simple-statistics';
import { plural, shortCount } from '../measures/numberText';
import type { Aggregation } from '../network/aggregations';
import { forwardFlops } from '../network/blockFlops';
import { elementCount, parameterCount, parameterShapes } from '../network/parameters';
import type { ModelConfig } from '../network/config';
import type { ChartPoint, DotChart, Estimate, ExperimentChart, Finding, LineChart } from '../protocol/experiments';
import { atEnd, digits, groupRows, pointsOver, seriesBy, tooFewPairs } from './charts';
import type { Experiment, ExperimentSize, Row, RunRow } from './experiment';
import { bitsOverBytes, clusteredEstimate, fileRows, isApartFrom } from './fileClusters';
import { powerAfter } from './power';
import { PAPER_VOTERS, voterConfig, voterText, widened } from './recipes';
import type { Curve, DecayFit } from './statistics';
import { bootstrapIntervals, fitDecay, fitDecayAt, noDecay, signFlipTest } from './statistics';
import type { Arm, Recipe } from './trainArm';
import { describeRecipe, evaluateOn, planArms, runArm } from './trainArm';

/** What is compared, by its aggregation; an arm is one of a size. */
const FAMILIES = { voters: 'softmax', dense: 'dense' } as const satisfies Record<string, Aggregation>;
type Family = keyof typeof FAMILIES;
const NAMES = Object.keys(FAMILIES) as Family[];

interface SizedArm extends Arm {
  readonly family: Family;
}

/** Shares of a run after which it is measured. */
const MEASURED = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1];
/** Passes over the network that a step takes, counted in forward passes: the backward pass is two. */
const PASSES = 3;
const GIGA = 1e9;
const BITS = 'bits per byte';
/** Places of a fitted curve between those that were measured. */
const FIT_POINTS = 32;

function recipeOf({ quick }: Pick<ExperimentSize, 'quick'>): Recipe {
  return quick
    ? { steps: 300, batch: 8, rates: [1e-2, 3e-2], trialSteps: 150, measuredBytes: 8 * 1024 }
    : { steps: 400, batch: 8, rates: [6e-3, 1.2e-2, 2.4e-2], trialSteps: 200, measuredBytes: 32 * 1024 };
}

function stepsMeasured(recipe: Recipe): number[] {
  return MEASURED.map((share) => Math.round(share * recipe.steps));
}

/** The same widths of both; a dense head has few parameters, so the largest dense model is one width more that makes up for it. */
function armsOf(size: Pick<ExperimentSize, 'quick'>): SizedArm[] {
  const widths = size.quick ? [4, 8, 16, 32, 72] : [4, 8, 12, 16, 24, 32, 48, 64];
  const configs = (family: Family) =>
    widths.map((width) => voterConfig(size, { embedding_dim: width, aggregation: FAMILIES[family] }));
  const [voters, dense] = [configs('voters'), configs('dense')];
  const arm = (family: Family, config: ModelConfig): SizedArm => ({
    family,
    name: `${family}, width ${config.embedding_dim}`,
    config,
  });
  return [
    ...voters.map((config) => arm('voters', config)),
    ...[...dense, widened(dense.at(-1)!, parameterCount(voters.at(-1)!))].map((config) => arm('dense', config)),
  ];
}

function headParameters(config: ModelConfig): number {
  const head = [...parameterShapes(config)].filter(([name]) => name.startsWith('output_projection.'));
  return head.reduce((sum, [, shape]) => sum + elementCount(shape), 0);
}

/** A seed’s rows, of all arms. */
type SeedRows = readonly RunRow[];

/** Seeds that have every size of both at every step. */
function wholeSeeds(rows: readonly RunRow[]): SeedRows[] {
  const places = new Set(rows.map(({ arm, step }) => `${arm} ${String(step)}`)).size;
  return [...groupRows(rows, 'seed').values()].filter((ofSeed) => ofSeed.length === places);
}

/** Mean loss over seeds of a family’s rows at each place, ascending. @param x column of N or C */
function curveOf(sample: readonly SeedRows[], family: Family, x: string): Curve {
  const places = new Map<number, number[]>();
  for (const row of sample.flat()) {
    if (row['family'] !== family) continue;
    const place = Number(row[x]);
    const losses = places.get(place);
    if (losses === undefined) places.set(place, [Number(row['bitsPerByte'])]);
    else losses.push(Number(row['bitsPerByte']));
  }
  const ordered = [...places].sort(([a], [b]) => a - b);
  return { x: ordered.map(([place]) => place), y: ordered.map(([, losses]) => mean(losses)) };
}

/** What no less computation has reached: the points of a curve that are below all before them. @param curve ascending in x */
export function lowerEnvelope({ x, y }: Curve): Curve {
  let least = Infinity;
  const kept = [...x.keys()].filter((i) => {
    const isLower = y[i]! < least;
    least = Math.min(least, y[i]!);
    return isLower;
  });
  return { x: kept.map((i) => x[i]!), y: kept.map((i) => y[i]!) };
}

/** What the loss falls with. */
interface Law {
  readonly variable: 'N' | 'C';
  /** In words, for titles. */
  readonly name: string;
  readonly without: string;
  /** A value at which families are compared, and its words. */
  readonly reference: readonly [value: number, text: string];
  /** Of a sample of seeds. */
  readonly curve: (sample: readonly SeedRows[], family: Family) => Curve;
}

const OVER_SIZE: Law = {
  variable: 'N',
  name: 'parameters',
  without: 'however large it is',
  reference: [1e5, '100,000 parameters'],
  curve: (sample, family) => curveOf(sample.map(atEnd), family, 'parameters'),
};
const OVER_COMPUTATION: Law = {
  variable: 'C',
  name: 'computation',
  without: 'however long it is trained',
  reference: [1000, '1,000 GFLOP'],
  curve: (sample, family) => lowerEnvelope(curveOf(sample, family, 'gigaflops')),
};

/** A law fitted to one family by itself. */
interface OwnFit {
  readonly curve: Curve;
  readonly fit: DecayFit;
  readonly E: Estimate;
  readonly a: Estimate;
}

/** A law fitted to both with the exponent that is best for them together. */
interface CommonFit {
  readonly fit: DecayFit;
  /** Why there is none. */
  readonly reason: string | null;
  readonly a: Estimate;
  /** A of each at that exponent, which stays while seeds are drawn. */
  readonly A: Readonly<Record<Family, Estimate>>;
  /** A of voters over A of dense. */
  readonly ratio: Estimate;
  /** That ratio less 1, of each seed by itself. */
  readonly differences: readonly number[];
}

interface FittedLaw {
  readonly law: Law;
  readonly own: Readonly<Record<Family, OwnFit>>;
  readonly common: CommonFit;
}

/** Gives numbers of a fit their intervals over seeds. */
function estimates<K extends string>(
  seeds: readonly SeedRows[],
  reason: string | null,
  units: Readonly<Record<K, string>>,
  numbersOf: (sample: readonly SeedRows[]) => Readonly<Record<K, number>>,
): Readonly<Record<K, Estimate>> {
  const keys = Object.keys(units) as K[];
  const values = (sample: readonly SeedRows[]) => {
    const found = numbersOf(sample);
    return keys.map((key) => found[key]);
  };
  const intervals = reason === null ? bootstrapIntervals(seeds, values) : [];
  const all = values(seeds).map((value, i): [K, Estimate] => {
    const about = { n: seeds.length, of: 'seeds', unit: units[keys[i]!] };
    if (reason !== null) return [keys[i]!, { value: null, interval: null, ...about, reason }];
    return [keys[i]!, { value, interval: intervals[i] ?? null, ...about }];
  });
  return Object.fromEntries(all) as Record<K, Estimate>;
}

function ownFit(seeds: readonly SeedRows[], { curve, variable }: Law, family: Family): OwnFit {
  const whole = curve(seeds, family);
  const fit = fitDecay([whole]);
  const units = { E: BITS, a: `exponent of ${variable}` };
  const found = estimates(seeds, noDecay([whole], fit), units, (sample) => {
    const { a, curves } = fitDecay([curve(sample, family)]);
    return { E: curves[0]!.E, a };
  });
  return { curve: whole, fit, ...found };
}

function commonFit(seeds: readonly SeedRows[], { curve, variable }: Law): CommonFit {
  const curves = (sample: readonly SeedRows[]) => NAMES.map((family) => curve(sample, family));
  const fit = fitDecay(curves(seeds));
  const reason = noDecay(curves(seeds), fit);
  const constantsOf = (sample: readonly SeedRows[]) => {
    const [voters, dense] = fitDecayAt(curves(sample), fit.a).curves.map(({ A }) => A);
    return { voters: voters!, dense: dense!, ratio: voters! / dense! };
  };
  const { ratio, ...A } = estimates(seeds, reason, { voters: BITS, dense: BITS, ratio: 'times' }, constantsOf);
  const { a } = estimates(seeds, reason, { a: `exponent of ${variable}` }, (sample) => ({
    a: fitDecay(curves(sample)).a,
  }));
  const differences = reason === null ? seeds.map((seed) => constantsOf([seed]).ratio - 1) : [];
  return { fit, reason, a, A, ratio, differences };
}

/** The ratio of A over parameters at an exponent that stays, with its interval over seeds and files; null without rows of files. */
function clusteredRatio(files: readonly RunRow[], a: number): Estimate | null {
  return clusteredEstimate(files, 'times', (seeds) => {
    const sample = seeds.map((ofSeed) =>
      [...groupRows(ofSeed, 'arm').values()].map((ofArm) => ({ ...ofArm[0]!, bitsPerByte: bitsOverBytes(ofArm) })),
    );
    const [voters, dense] = fitDecayAt(
      NAMES.map((family) => curveOf(sample, family, 'parameters')),
      a,
    ).curves;
    return voters!.A / dense!.A;
  });
}

function fitLaw(seeds: readonly SeedRows[], law: Law): FittedLaw {
  const own = { voters: ownFit(seeds, law, 'voters'), dense: ownFit(seeds, law, 'dense') };
  return { law, own, common: commonFit(seeds, law) };
}

/** An estimate times a number that is known. */
function scaled(estimate: Estimate, factor: number): Estimate {
  const { value, interval } = estimate;
  if (value === null) return estimate;
  return { ...estimate, value: value * factor, interval: interval && [interval[0] * factor, interval[1] * factor] };
}

function areApart(a: Estimate, b: Estimate): boolean {
  if (a.interval === null || b.interval === null) return false;
  return a.interval[1] < b.interval[0] || b.interval[1] < a.interval[0];
}

/** Which family’s fit is lower where both are measured. */
function comparison({ common: { fit }, own }: FittedLaw): { readonly isVotersLower: boolean; readonly text: string } {
  const { a, curves } = fit;
  const [voters, dense] = [curves[0]!, curves[1]!];
  const places = [own.voters.curve.x, own.dense.curve.x];
  const ends = [Math.max(...places.map((x) => x[0]!)), Math.min(...places.map((x) => x.at(-1)!))];
  const [atLow, atHigh] = ends.map((N) => voters.E - dense.E + (voters.A - dense.A) * N ** -a < 0);
  if (atLow === atHigh) {
    const lower = atLow === true ? 'voters' : 'dense';
    return { isVotersLower: atLow === true, text: `With equal parameters ${lower} has the lower loss` };
  }
  const crossing = ((dense.E - voters.E) / (voters.A - dense.A)) ** (-1 / a);
  const where = `${atLow === true ? 'below' : 'above'} ${shortCount(Number(crossing.toPrecision(2)))}`;
  return { isVotersLower: false, text: `With equal parameters voters has the lower loss only ${where} of them` };
}

/** @param files rows of files at the end of training */
function finding(overSize: FittedLaw, overComputation: FittedLaw, files: readonly RunRow[]): Finding {
  const { common, own } = overSize;
  const { reason, A, fit } = common;
  const clustered = reason === null ? clusteredRatio(files, fit.a) : null;
  const ratio = clustered ?? common.ratio;
  const told = {
    claim: 'scaling',
    measure: 'A of voters over A of dense, E + A·N^−a with one exponent for both, N all parameters, paired by seed',
    estimate: ratio,
  } as const;
  if (reason !== null) return { ...told, verdict: 'not tested', because: `There is no such fit: ${reason}.` };
  const of = (tell: (family: Family, index: number) => number | null) =>
    NAMES.map((family, i) => {
      const value = tell(family, i);
      return `${value === null ? 'none' : digits(value)} of ${family}`;
    }).join(' and ');
  const compared = comparison(overSize);
  const over = overComputation.common.ratio.value;
  const facts = [
    `Common exponent ${digits(fit.a)}, E ${of((_, i) => fit.curves[i]!.E)}`,
    `own exponents ${of((family) => own[family].a.value)}${areApart(own.voters.a, own.dense.a) ? ', which differ' : ''}`,
    `over computation A is ${over === null ? 'undefined' : `${digits(over)} times that of dense`}`,
  ];
  const power = powerAfter(common.differences, 'of that ratio');
  const because = (said: string) => [`${said} ${compared.text}. ${facts.join('; ')}.`, ...power].join(' ');
  const tooFew = tooFewPairs(signFlipTest(common.differences), ratio.n);
  if (tooFew !== null) return { ...told, verdict: 'not tested', because: because(tooFew) };
  if (!areApart(A.voters, A.dense)) {
    return {
      ...told,
      verdict: 'not tested',
      because: because('The intervals of A overlap: no difference is decided.'),
    };
  }
  if (!isApartFrom(1, clustered)) {
    const reaching = because('Over seeds and files the interval of the ratio reaches 1: other files could differ.');
    return { ...told, verdict: 'not tested', because: reaching };
  }
  if (ratio.value! > 1) return { ...told, verdict: 'fails', because: because('A of voters is the larger one.') };
  const verdict = compared.isVotersLower ? 'holds' : 'holds only where';
  return { ...told, verdict, because: because('A of voters is the smaller one.') };
}

/** A fitted curve, at the places that were measured and between them; none where there is no fit. */
function fittedSeries({ own }: FittedLaw, family: Family): LineChart['series'] {
  const { curve, fit, a } = own[family];
  if (a.value === null) return [];
  const [first, last] = [curve.x[0]!, curve.x.at(-1)!];
  const { E, A } = fit.curves[0]!;
  const between = Array.from({ length: FIT_POINTS }, (_, i) => first * (last / first) ** ((i + 1) / (FIT_POINTS + 1)));
  const points = [...curve.x, ...between]
    .sort((one, other) => one - other)
    .map((x): ChartPoint => ({ x, y: E + A * x ** -fit.a, interval: null }));
  return [{ arm: `${family}, fitted`, points, isFitted: true }];
}

function chartsOf(
  seeds: readonly SeedRows[],
  overSize: FittedLaw,
  overComputation: FittedLaw,
  note: string,
): ExperimentChart[] {
  const rows = seeds.flat();
  const end = seeds.flatMap(atEnd);
  const loss = { label: 'held out', unit: BITS, scale: 'linear' } as const;
  const parameters = { label: 'N, all parameters', unit: '', scale: 'log' } as const;
  const computation = { label: 'C, training', unit: 'GFLOP', scale: 'log' } as const;
  const fits = (fitted: FittedLaw) => NAMES.flatMap((family) => fittedSeries(fitted, family));
  const early = 'before the last measurement of a run its learning rate has not come down';
  const envelope = (family: Family) => {
    const { x } = overComputation.own[family].curve;
    const kept = rows.filter((row) => row['family'] === family && x.includes(Number(row['gigaflops'])));
    return { arm: family, points: pointsOver(kept, 'gigaflops', 'bitsPerByte') };
  };
  const dots = (
    title: string,
    label: string,
    unit: string,
    more: string,
    ofFit: DotChart['rows'],
  ): ExperimentChart => ({
    kind: 'dots',
    title,
    note: `${note}${more}`,
    x: { label, unit, scale: 'linear' },
    rows: ofFit,
  });
  const fittedDots = ({ law, own, common }: FittedLaw): ExperimentChart[] => {
    const { variable, name, without, reference } = law;
    const scale = reference[0] ** -common.fit.a;
    return [
      dots(`How steeply does the loss fall with ${name}?`, `a of ${variable}^−a`, '', '', [
        ...NAMES.map((family) => ({ arm: family, estimate: own[family].a })),
        { arm: 'both', estimate: common.a },
      ]),
      dots(
        `What loss is left of a model, ${without}?`,
        'E',
        BITS,
        '; an extrapolation',
        NAMES.map((family) => ({ arm: family, estimate: own[family].E })),
      ),
      dots(
        `How far above its E is each at ${reference[1]}?`,
        `A·${variable}^−a`,
        BITS,
        common.reason === null ? `; with one exponent for both, ${digits(common.fit.a)}` : '',
        NAMES.map((family) => ({ arm: family, estimate: scaled(common.A[family], scale) })),
      ),
    ];
  };
  return [
    {
      kind: 'lines',
      title: 'How does the loss fall with parameters?',
      note: `${note}; at the end of training, all sizes after the same text`,
      x: parameters,
      y: loss,
      series: [...seriesBy(end, 'family', 'parameters', 'bitsPerByte'), ...fits(overSize)],
    },
    {
      kind: 'lines',
      title: 'How does it fall with parameters other than the head’s?',
      note: `${note}; the same losses: models of the same width stand above each other`,
      x: { ...parameters, label: 'parameters without the head' },
      y: loss,
      series: seriesBy(end, 'family', 'trunkParameters', 'bitsPerByte'),
    },
    {
      kind: 'lines',
      title: 'How does the loss fall with computation?',
      note: `${note}; the lower envelope over sizes and steps; ${early}`,
      x: computation,
      y: loss,
      series: [...NAMES.map(envelope), ...fits(overComputation)],
    },
    ...NAMES.map((family): ExperimentChart => ({
      kind: 'lines',
      title: `How does each size of ${family} learn?`,
      note: `${note}; ${early}`,
      x: computation,
      y: loss,
      series: seriesBy(
        rows.filter((row) => row['family'] === family),
        'arm',
        'gigaflops',
        'bitsPerByte',
      ),
    })),
    ...fittedDots(overSize),
    ...fittedDots(overComputation),
    {
      kind: 'lines',
      title: 'Which learning rate was best for each size?',
      note: 'on validation text, of those that were tried with one seed',
      x: parameters,
      y: { label: 'learning rate', unit: '', scale: 'log' },
      series: seriesBy(end, 'family', 'parameters', 'learningRate'),
    },
  ];
}

export const CAPACITY: Experiment = {
  name: 'capacity',
  primary:
    'A of voters over A of dense in E + A·N^−a with one exponent for both, N all parameters, paired by seed: better where it is below 1 and the 95 % intervals of A do not overlap, and that of the ratio over seeds and held-out files, which are crossed, leaves out 1.',
  correctedTests: () => 0,
  version: 2,
  seeds: { quick: 3, full: 6 },
  leastDomains: 1,
  bytesPerDomain: voterText,
  fixed: (size) => {
    const sizes = (family: Family) =>
      armsOf(size)
        .filter((arm) => arm.family === family)
        .map(({ config }) => `${parameterCount(config)} (${headParameters(config)} in the head)`);
    const recipe = recipeOf(size);
    return [
      ...describeRecipe(recipe),
      `measured: after ${stepsMeasured(recipe).join(', ')} steps`,
      `network: the paper's, independent bits, voters with M ${PAPER_VOTERS}; only the width differs`,
      ...NAMES.map((family) => `parameters of ${family}: ${sizes(family).join(', ')}`),
      `computation: ${PASSES} × FLOPs of the matrix products of a forward pass × chunks trained on`,
    ];
  },
  plan: (size) => planArms(armsOf(size), recipeOf(size), size),
  async run(run, context) {
    const { quick, text, signal } = context;
    const arm = armsOf({ quick }).find(({ name }) => name === run.arm)!;
    const recipe = recipeOf({ quick });
    const { config, family } = arm;
    const parameters = parameterCount(config);
    const head = headParameters(config);
    const flops = forwardFlops(config);
    const setting = { kind: 'loss', family, width: config.embedding_dim, parameters, headParameters: head };
    return runArm(run, arm, recipe, context, {
      at: stepsMeasured(recipe),
      async measure(step, inference) {
        const { bitsPerByte, byFile } = await evaluateOn(inference, text.heldOut, recipe.measuredBytes, signal);
        const loss: Row = {
          ...setting,
          trunkParameters: parameters - head,
          flopsPerChunk: flops,
          gigaflops: (PASSES * flops * step * recipe.batch * config.context_chunks) / GIGA,
          bitsPerByte,
        };
        const files = byFile.map(({ bits, bytes }) => ({ bits, bytes }));
        return step < recipe.steps ? [loss] : [loss, ...fileRows({ family, parameters }, files)];
      },
    });
  },
  analyse(all) {
    const seeds = wholeSeeds(all.filter(({ kind }) => kind === 'loss'));
    const whole = new Set(seeds.map(([row]) => row!.seed));
    const files = all.filter(({ kind, seed }) => kind === 'file' && whole.has(seed));
    const [overSize, overComputation] = [fitLaw(seeds, OVER_SIZE), fitLaw(seeds, OVER_COMPUTATION)];
    const note = `${plural(seeds.length, 'seed', 'seeds')}, text held out, independent bits: an upper bound`;
    return {
      findings: [finding(overSize, overComputation, files)],
      charts: chartsOf(seeds, overSize, overComputation, note),
    };
  },
};
