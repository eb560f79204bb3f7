/** @file Experiment 6: what each part of the model brings, one change at a time, at equal steps and at equal computation. */
import { mean } from 'simple-statistics';
import { plural } from '../measures/numberText';
import { forwardFlops } from '../network/blockFlops';
import type { ModelConfig } from '../network/config';
import { temperature, votersPerBit } from '../network/config';
import { parameterCount } from '../network/parameters';
import type { DotChart, Estimate, ExperimentChart, Finding, Verdict } from '../protocol/experiments';
import type { Inference } from '../runtime/inference';
import type { Evaluation } from '../training/evaluate';
import { collectScores } from './bitScores';
import { digits, groupRows, numbers, tooFewPairs } from './charts';
import type { Experiment, ExperimentSize, Row, Run, RunRow } from './experiment';
import { bitsOverBytes, clusteredEstimate, CROSSED, fileRows } from './fileClusters';
import { powerAfter } from './power';
import { PAPER_VOTERS, voterChunks, voterConfig, voterRecipe, voterText } from './recipes';
import { holm, meanEstimate, signFlipTest, SIGNIFICANCE } from './statistics';
import { SUFFICE } from './thresholds';
import type { Arm, Recipe } from './trainArm';
import { describeRecipe, evaluateOn, planTrials, runArm } from './trainArm';
import { countVoters } from './voterCounts';

/** How long an arm is trained: as many steps as the base, or as many counted FLOPs of matrix products. */
const REGIMES = { steps: 'equal steps', computation: 'equal computation' } as const;
type Regime = keyof typeof REGIMES;
const REGIME_NAMES = Object.keys(REGIMES) as Regime[];

interface AblationRun extends Run {
  /** What its rows tell of: both where the change costs nothing, so that both are the same run. */
  readonly regime: Regime | 'both';
  readonly steps: number;
}

const BASE = 'base';
/** Whose difference to the base decides the claim. */
const SHARPER = 'τ 25.6';
const BASE_TAU = temperature(voterConfig({ quick: false }, {}));
const BITS = 'bits per byte';

function recipeOf(size: Pick<ExperimentSize, 'quick'>): Recipe {
  const recipe = voterRecipe(size);
  return size.quick ? { ...recipe, steps: 100, measuredBytes: 4 * 1024 } : recipe;
}

/** Changes of how bits are decided: they bring so much more than all others that they stand in pictures of their own. */
const DECODINGS = ['chained bits', 'byte stage', 'byte stage, n-grams'] as const;

/** The base and every change of it, a single one each. */
function armsOf(size: Pick<ExperimentSize, 'quick'>): Arm[] {
  const base = voterConfig(size, {});
  const { stages, bottleneck_layers: layers } = base;
  const kernels = size.quick ? [3, 5, 7] : [3];
  const channels = size.quick ? 32 : 48;
  const rows = size.quick ? 1024 : 4096;
  // M changes, τ does not.
  const held = temperature(base);
  const changes: Readonly<Record<string, Partial<ModelConfig>>> = {
    [BASE]: {},
    confidence: { aggregation: 'confidence' },
    mean: { aggregation: 'mean' },
    max: { aggregation: 'max' },
    dense: { aggregation: 'dense' },
    'τ 1.6': { temperature: 1.6 },
    [SHARPER]: { temperature: 25.6 },
    'τ learned per bit': { temperature_learned: true },
    'M 16': { voters_per_bit: 16, temperature: held },
    'M 512': { voters_per_bit: 512, temperature: held },
    [`stages ${stages - 1}`]: { stages: stages - 1 },
    [`stages ${stages + 1}`]: { stages: stages + 1 },
    [`bottleneck layers ${layers - 1}`]: { bottleneck_layers: layers - 1 },
    [`bottleneck layers ${layers + 1}`]: { bottleneck_layers: layers + 1 },
    [`kernels ${kernels.join(', ')}`]: { kernel_sizes: kernels },
    'dendritic bottleneck': { bottleneck: 'dendritic' },
    [DECODINGS[0]]: { bit_decoding: 'chained' },
    [DECODINGS[1]]: { byte_channels: channels },
    [DECODINGS[2]]: { byte_channels: channels, byte_ngram_rows: rows },
  };
  return Object.entries(changes).map(([name, change]) => ({ name, config: { ...base, ...change } }));
}

function runsOf(size: ExperimentSize): AblationRun[] {
  const { steps } = recipeOf(size);
  const arms = armsOf(size);
  const flops = arms.map(({ config }) => forwardFlops(config));
  // The base is the first.
  const stepsAtBase = flops.map((one) => Math.max(1, Math.round((steps * flops[0]!) / one)));
  return Array.from({ length: size.seeds }, (_, seed) => {
    const run = (i: number, regime: AblationRun['regime']): AblationRun => {
      const { name } = arms[i]!;
      const isScaled = regime === 'computation';
      const key = isScaled ? `seed ${seed}: ${name}, ${REGIMES.computation}` : `seed ${seed}: ${name}`;
      return { key, arm: name, seed, triedRate: null, regime, steps: isScaled ? stepsAtBase[i]! : steps };
    };
    return arms.flatMap((_arm, i) =>
      stepsAtBase[i] === steps ? [run(i, 'both')] : [run(i, 'steps'), run(i, 'computation')],
    );
  }).flat();
}

function ofRegime(rows: readonly RunRow[], regime: Regime): RunRow[] {
  return rows.filter((row) => row['regime'] === regime || row['regime'] === 'both');
}

function ofArm(rows: readonly RunRow[], arm: string): RunRow[] {
  return rows.filter((row) => row.arm === arm);
}

/** The row of an arm beside that of the base, by seed; seeds that lack one of them are left out. */
function pairsOf(rows: readonly RunRow[], arm: string): { readonly base: RunRow; readonly changed: RunRow }[] {
  const bases = groupRows(ofArm(rows, BASE), 'seed');
  return ofArm(rows, arm).flatMap((changed) => {
    const base = bases.get(changed.seed)?.[0];
    return base === undefined ? [] : [{ base, changed }];
  });
}

/** Of a column, change minus base; none where one of them has no number there. */
function differences(rows: readonly RunRow[], arm: string, column: string): number[] {
  return pairsOf(rows, arm).flatMap(({ base, changed }) => {
    const [before, after] = [base[column], changed[column]];
    return typeof before === 'number' && typeof after === 'number' ? [after - before] : [];
  });
}

/** All arms of a result but the base, in their order. */
function changesIn(rows: readonly RunRow[]): string[] {
  return [...groupRows(rows, 'arm').keys()].map(String).filter((arm) => arm !== BASE);
}

const ALLOWED = `They suffice where bits per byte grow by at most ${100 * SUFFICE.ofBits} %, and by at most ${100 * SUFFICE.ofLearned} % of what training has brought the base.`;

const VOTERS = { effectiveOnes: '1-bits', effectiveZeros: '0-bits' } as const;
type VoterColumn = keyof typeof VOTERS;
const VOTER_COLUMNS = Object.keys(VOTERS) as VoterColumn[];

/** What bits per byte grow by beyond what they may: a model that has learned little has little to lose. */
function excessOf(untrained: number, before: number, after: number): number {
  return after - before - Math.min(SUFFICE.ofBits * before, SUFFICE.ofLearned * (untrained - before));
}

/** The change that decides, and its excess, from rows of files; null where there are none. */
function clusteredChange(files: readonly RunRow[]): { readonly change: Estimate; readonly excess: Estimate } | null {
  const compared = ofRegime(files, 'steps').filter(({ arm }) => arm === BASE || arm === SHARPER);
  const over = (statistic: (base: readonly RunRow[], changed: readonly RunRow[]) => number) =>
    clusteredEstimate(compared, BITS, (seeds) =>
      mean(seeds.map((ofSeed) => statistic(ofArm(ofSeed, BASE), ofArm(ofSeed, SHARPER)))),
    );
  const change = over((base, changed) => bitsOverBytes(changed) - bitsOverBytes(base));
  const excess = over((base, changed) =>
    excessOf(bitsOverBytes(base, 'untrainedBits'), bitsOverBytes(base), bitsOverBytes(changed)),
  );
  return change === null || excess === null ? null : { change, excess };
}

/** @param files rows of files */
function finding(all: readonly RunRow[], files: readonly RunRow[]): Finding {
  const rows = ofRegime(all, 'steps');
  const clustered = clusteredChange(files);
  const changes = differences(rows, SHARPER, 'bitsPerByte');
  const estimate = clustered?.change ?? meanEstimate(changes, BITS);
  const told = {
    claim: 'sparserAsGood',
    measure: `change of bits per byte from τ ${BASE_TAU} to ${SHARPER} at M ${PAPER_VOTERS}, with that of effective voters 1/Σw², paired by seed`,
    estimate,
  } as const;
  const losses = pairsOf(rows, SHARPER).map(({ base, changed }) => {
    const before = Number(base['bitsPerByte']);
    const untrained = Number(base['untrainedBitsPerByte']);
    const after = Number(changed['bitsPerByte']);
    const excess = excessOf(untrained, before, after);
    return { learned: untrained - before, percent: (100 * (after - before)) / before, excess };
  });
  const voters = VOTER_COLUMNS.map((column) => {
    const change = differences(rows, SHARPER, column);
    const { p } = signFlipTest(change);
    const isDecided = p < SIGNIFICANCE;
    const sum = change.reduce((total, one) => total + one, 0);
    const [from, to] = [BASE, SHARPER].map((arm) => meanEstimate(numbers(ofArm(rows, arm), column), '').value ?? NaN);
    return {
      isFewer: isDecided && sum < 0,
      isMore: isDecided && sum > 0,
      text: `${VOTERS[column]} ${digits(from!)} → ${digits(to!)} voters (p ${digits(p)})`,
    };
  });
  if (estimate.value === null) return { ...told, verdict: 'not tested', because: 'No seed has both τ yet.' };
  const [learned, percent] = [mean(losses.map((one) => one.learned)), mean(losses.map((one) => one.percent))];
  const facts = `${voters.map(({ text }) => text).join(', ')}; bits per byte change by ${digits(percent)} %, where training has brought ${digits(learned)}. ${[ALLOWED, ...powerAfter(changes, BITS)].join(' ')}`;
  const tooFew = tooFewPairs(signFlipTest(changes), estimate.n);
  if (tooFew !== null) return { ...told, verdict: 'not tested', because: `${tooFew} ${facts}` };
  if (learned <= 0) return { ...told, verdict: 'not tested', because: `The base has learned nothing. ${facts}` };
  const excess =
    clustered?.excess ??
    meanEstimate(
      losses.map((one) => one.excess),
      BITS,
    );
  const [low, high] = excess.interval!;
  const fewer = voters.filter(({ isFewer }) => isFewer).length;
  const more = voters.filter(({ isMore }) => isMore).length;
  let verdict: Verdict = 'not tested';
  let said = 'Not decided.';
  if (low > 0) [verdict, said] = ['fails', 'Those that decide do not suffice.'];
  else if (more === voters.length) [verdict, said] = ['fails', 'More voters decide.'];
  else if (high <= 0 && fewer === voters.length) [verdict, said] = ['holds', 'Fewer voters decide, and suffice.'];
  else if (high <= 0 && fewer > 0) [verdict, said] = ['holds only where', 'Fewer decide bits of one value only.'];
  return { ...told, verdict, because: `${said} ${facts}` };
}

/** p of every change but the one that decides, by regime, corrected over the changes of a regime. */
function decided(rows: readonly RunRow[], note: string): ExperimentChart {
  const changes = changesIn(rows).filter((arm) => arm !== SHARPER);
  const columns = REGIME_NAMES.map((regime) =>
    holm(changes.map((arm) => signFlipTest(differences(ofRegime(rows, regime), arm, 'bitsPerByte')).p)),
  );
  const pairs = groupRows(ofArm(rows, BASE), 'seed').size;
  const least = Math.min(1, changes.length * signFlipTest(new Array<number>(pairs).fill(1)).leastP);
  const needed = Math.ceil(Math.log2((2 * changes.length) / SIGNIFICANCE));
  const power =
    least < SIGNIFICANCE
      ? ''
      : `; with ${plural(pairs, 'seed', 'seeds')} none can be below ${digits(least)}, ${needed} seeds could decide`;
  return {
    kind: 'matrix',
    title: 'Which differences are decided?',
    note: `${note}; exact test of paired seeds, corrected for ${plural(changes.length, 'change', 'changes')} (Holm)${power}; ${SHARPER} decides the claim and stands in the findings`,
    rowTitle: 'change',
    rows: changes,
    columnTitle: 'p of the difference to the base at',
    columns: REGIME_NAMES.map((regime) => REGIMES[regime]),
    unit: '',
    values: changes.map((_, i) => columns.map((column) => column[i]!)),
  };
}

function chartsOf(rows: readonly RunRow[], note: string): ExperimentChart[] {
  const bound = 'an upper bound, as bits are independent, but for chained bits';
  const arms = [...groupRows(rows, 'arm').keys()].map(String);
  const dots = (
    title: string,
    axis: DotChart['x'],
    more: string,
    names: readonly string[],
    estimate: (arm: string) => Estimate,
  ): ExperimentChart => ({
    kind: 'dots',
    title,
    note: `${note}${more}`,
    x: axis,
    rows: names.map((arm) => ({ arm, estimate: estimate(arm) })),
  });
  const linear = (label: string, unit: string) => ({ label, unit, scale: 'linear' }) as const;
  const isDecoding = (arm: string) => DECODINGS.some((name) => name === arm);
  const differenceTo = (regime: Regime, isOfDecoding: boolean) =>
    dots(
      `What ${isOfDecoding ? 'do other ways of deciding bits' : 'does each change'} bring at ${REGIMES[regime]}?`,
      linear('change minus base, below 0 is better', BITS),
      `; ${isOfDecoding ? bound : 'an upper bound, as bits are independent'}; sizes differ, see parameters and FLOPs`,
      changesIn(rows).filter((arm) => isDecoding(arm) === isOfDecoding),
      (arm) => meanEstimate(differences(ofRegime(rows, regime), arm, 'bitsPerByte'), BITS),
    );
  const bitsAt = (regime: Regime) =>
    dots(`How good is each at ${REGIMES[regime]}?`, linear('held out', BITS), `; ${bound}`, arms, (arm) =>
      meanEstimate(numbers(ofArm(ofRegime(rows, regime), arm), 'bitsPerByte'), BITS),
    );
  const equalSteps = ofRegime(rows, 'steps');
  const withVoters = arms.filter((arm) => numbers(ofArm(rows, arm), VOTER_COLUMNS[0]!).length > 0);
  const votersOf = (column: VoterColumn) =>
    dots(
      `How many voters decide ${VOTERS[column]}?`,
      { label: 'effective voters 1/Σw²', unit: 'count', scale: 'log' },
      '; after equal steps; dense has no voters',
      withVoters,
      (arm) => meanEstimate(numbers(ofArm(equalSteps, arm), column), 'voters'),
    );
  /** A number that is the same in every run of an arm. */
  const counted = (title: string, label: string, column: string, unit: string, from: readonly RunRow[]) =>
    dots(title, { label, unit, scale: 'log' }, '', arms, (arm) => {
      const [value] = numbers(ofArm(from, arm), column);
      const about = { interval: null, n: 1, of: 'networks', unit };
      return value === undefined ? { value: null, ...about, reason: 'no run is done' } : { value, ...about };
    });
  return [
    ...[false, true].flatMap((isOfDecoding) => REGIME_NAMES.map((regime) => differenceTo(regime, isOfDecoding))),
    decided(rows, note),
    ...REGIME_NAMES.map(bitsAt),
    ...VOTER_COLUMNS.map(votersOf),
    counted('How large is each?', 'parameters', 'parameters', '', rows),
    counted('What does each compute?', 'forward pass, counted', 'flopsPerChunk', 'FLOP per chunk', rows),
    counted('How many steps have equal computation?', 'steps', 'step', '', ofRegime(rows, 'computation')),
    dots(
      'How much processor time did equal steps take?',
      linear('training, all threads', 's'),
      '; measured, so not the same in every run of the experiment, and decides nothing',
      arms,
      (arm) => meanEstimate(numbers(ofArm(equalSteps, arm), 'trainingSeconds'), 's'),
    ),
  ];
}

export const ABLATIONS: Experiment = {
  name: 'ablations',
  primary: `Change of bits per byte from τ ${BASE_TAU} to ${SHARPER} at M ${PAPER_VOTERS} and equal steps, paired by seed, with the change of effective voters 1/Σw² of 1-bits and of 0-bits: fewer are to decide. ${ALLOWED} ${CROSSED} So does that of the growth beyond what is allowed, which decides.`,
  // All changes but the one that decides, at equal steps or at equal computation.
  correctedTests: (size) => armsOf(size).length - 2,
  version: 2,
  // With 10 pairs an exact test of one of the other 17 changes can still reach p < 0.05 after correction.
  seeds: { quick: 6, full: 10 },
  leastDomains: 1,
  bytesPerDomain: voterText,
  fixed: (size) => [
    ...describeRecipe(recipeOf(size)),
    `base: the paper's network, width ${voterConfig(size, {}).embedding_dim}, independent bits, softmax, M ${PAPER_VOTERS}, τ ${BASE_TAU}; every other arm has one change`,
    'equal computation: steps in inverse proportion to the counted FLOPs of the matrix products; learning rate that of equal steps',
    `voters: counted at ${voterChunks(size)} chunks held out`,
  ],
  plan: (size) => [...planTrials(armsOf(size), recipeOf(size)), ...runsOf(size)],
  async run(run, context) {
    const { quick, text, signal } = context;
    const { config } = armsOf({ quick }).find(({ name }) => name === run.arm)!;
    const arm = { name: run.arm, config };
    const recipe = recipeOf({ quick });
    if (run.triedRate !== null) {
      return runArm(run, arm, recipe, context, { at: [], measure: () => Promise.resolve([]) });
    }
    const { regime, steps } = runsOf({ quick, seeds: run.seed + 1 }).find(({ key }) => key === run.key)!;
    const setting = {
      kind: 'ablation',
      regime,
      parameters: parameterCount(config),
      flopsPerChunk: forwardFlops(config),
    };
    const evaluated = (inference: Inference) => evaluateOn(inference, text.heldOut, recipe.measuredBytes, signal);
    let untrained: Evaluation | null = null;
    let begun = process.cpuUsage();
    return runArm(run, arm, { ...recipe, steps }, context, {
      at: [0, steps],
      async measure(step, inference): Promise<Row[]> {
        if (step === 0) {
          untrained = await evaluated(inference);
          begun = process.cpuUsage();
          return [];
        }
        const { user, system } = process.cpuUsage(begun);
        const trainingSeconds = (user + system) / 1e6;
        const hasVoters = votersPerBit(config) > 1;
        const [zeros, ones] = hasVoters
          ? countVoters(await collectScores(inference, text.heldOut, voterChunks({ quick }), { signal }))
          : [null, null];
        const effective = { effectiveOnes: ones?.effective ?? null, effectiveZeros: zeros?.effective ?? null };
        const { bitsPerByte, byFile } = await evaluated(inference);
        const untrainedBitsPerByte = untrained!.bitsPerByte;
        const files = byFile.map((file, i) => ({ untrainedBits: untrained!.byFile[i]!.bits, ...file }));
        return [
          { ...setting, trainingSeconds, untrainedBitsPerByte, bitsPerByte, ...effective },
          ...fileRows({ regime }, files),
        ];
      },
    });
  },
  analyse(all) {
    const rows = all.filter(({ kind }) => kind === 'ablation');
    const seeds = groupRows(rows, 'seed').size;
    const note = `${plural(seeds, 'seed', 'seeds')}, text held out`;
    const files = all.filter(({ kind }) => kind === 'file');
    return { findings: [finding(rows, files)], charts: chartsOf(rows, note) };
  },
};
