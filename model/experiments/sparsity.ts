/** @file Experiment 1: how many voters decide a bit, by every definition, over M, τ, aggregation and training. */
import { mean } from 'simple-statistics';
import type { Aggregation } from '../network/aggregations';
import { usesTemperature } from '../network/aggregations';
import { temperature, votersPerBit } from '../network/config';
import type { Estimate, ExperimentChart, Finding, LineChart } from '../protocol/experiments';
import type { BitScores } from './bitScores';
import { collectScores, scoresByFile } from './bitScores';
import { atEnd, digits, groupRows, numbers, pointsOver, seriesBy } from './charts';
import type { Experiment, ExperimentSize, Row, RunRow } from './experiment';
import { clusteredEstimate, CROSSED, fileRows } from './fileClusters';
import { PAPER_VOTERS, voterChunks, voterConfig, voterRecipe, voterText } from './recipes';
import { bootstrapInterval, fitLogarithm, fitPower, growthExponent, meanEstimate } from './statistics';
import { FEW, NEAR_MAXIMUM, TAUS_TO_MAXIMUM } from './thresholds';
import type { Arm } from './trainArm';
import { bitsPerByteOn, describeRecipe, planArms, runArm } from './trainArm';
import type { Case } from './verdicts';
import { COUNTED, verdictOf } from './verdicts';
import type { Definition } from './voterCounts';
import { countVoters, DEFINITIONS, distanceFromMaximum } from './voterCounts';

/** τ/M of the paper. */
const PAPER_RULE = 0.05;
/** τ of the presets, held while M grows. */
const HELD_TAU = 16;
/** Decides about O(log M). */
const PRIMARY: Definition = 'active';
const BIT_VALUES = [1, 0] as const;

function sizes({ quick }: Pick<ExperimentSize, 'quick'>) {
  return quick
    ? { voters: [16, 32, 64, PAPER_VOTERS], held: [], taus: [HELD_TAU], steps: [0, 15, 50, 150] }
    : {
        voters: [16, 32, 64, PAPER_VOTERS, 256, 512],
        held: [16, 32, 64, 256, 512],
        taus: [1.6, HELD_TAU, 64],
        steps: [0, 15, 50, 150],
      };
}

function armsOf(size: ExperimentSize): Arm[] {
  const { voters, held, taus } = sizes(size);
  const arm = (aggregation: Aggregation, M: number, tau: number | null): Arm => {
    const config = voterConfig(size, { aggregation, voters_per_bit: M, temperature: tau });
    const name = usesTemperature(aggregation) ? `${aggregation}, τ ${temperature(config)}, M ${M}` : aggregation;
    return { name, config };
  };
  return [
    ...voters.map((M) => arm('softmax', M, null)),
    ...taus.map((tau) => arm('softmax', PAPER_VOTERS, tau)),
    ...held.map((M) => arm('softmax', M, HELD_TAU)),
    arm('confidence', PAPER_VOTERS, null),
    arm('mean', PAPER_VOTERS, null),
    arm('dense', PAPER_VOTERS, null),
  ];
}

const isSoftmax = (row: RunRow): boolean => row['aggregation'] === 'softmax';
const hasPaperTau = ({ tau, voters }: RunRow): boolean =>
  typeof tau === 'number' && typeof voters === 'number' && Math.abs(tau - PAPER_RULE * voters) < 1e-9;
const isAtPaperVoters = (row: RunRow): boolean => row['voters'] === PAPER_VOTERS;
const ofBit = (bit: 0 | 1) => (row: RunRow) => row['bit'] === bit;

/** How counts grow with M, and whether a + b·ln M or a·M^b fits them better. */
function growth(
  rows: readonly RunRow[],
  definition: Definition,
): { exponent: Estimate; reference: number; better: string } | null {
  const Ms = [...groupRows(rows, 'voters').keys()].filter((M) => typeof M === 'number').sort((a, b) => a - b);
  if (Ms.length < 3) return null;
  // A seed counts where it has every M.
  const seeds = [...groupRows(rows, 'seed').values()]
    .map((ofSeed) =>
      Ms.map(
        (M) =>
          numbers(
            ofSeed.filter(({ voters }) => voters === M),
            definition,
          )[0],
      ),
    )
    .filter((counts): counts is number[] => counts.every((count) => count !== undefined && count > 0));
  const means = (sample: readonly (readonly number[])[]) =>
    Ms.map((_, i) => sample.reduce((sum, counts) => sum + counts[i]!, 0) / sample.length);
  if (seeds.length === 0) return null;
  const counts = means(seeds);
  const power = fitPower(Ms, counts);
  const logarithm = fitLogarithm(Ms, counts);
  const exponent = {
    value: growthExponent(Ms, counts),
    interval: bootstrapInterval(seeds, (sample) => growthExponent(Ms, means(sample))),
    n: seeds.length,
    of: 'seeds',
    unit: 'exponent of M',
  };
  const [least, most] = logarithm.residual < power.residual ? [logarithm, power] : [power, logarithm];
  const name = least === power ? 'a·M^b' : 'a + b·ln M';
  const better = `${name} fits better (squared residuals ${digits(least.residual)} against ${digits(most.residual)})`;
  // ln M is itself nearly a power law between these M; what grows no faster than it has no larger exponent.
  return { exponent, reference: growthExponent(Ms, Ms.map(Math.log)), better };
}

/** The exponent that decides with its interval over seeds and files, from rows of files; null where there are none. */
function clusteredExponent(files: readonly RunRow[]): Estimate | null {
  const rows = files.filter(hasPaperTau).filter(ofBit(1));
  const Ms = [...groupRows(rows, 'voters').keys()].map(Number).sort((a, b) => a - b);
  return clusteredEstimate(rows, 'exponent of M', (seeds) => {
    const counts = Ms.map((M) =>
      mean(
        seeds.map((ofSeed) => {
          const ofM = ofSeed.filter(({ voters }) => voters === M);
          const bits = ofM.reduce((sum, row) => sum + Number(row['bits']), 0);
          return ofM.reduce((sum, row) => sum + Number(row['bits']) * Number(row[PRIMARY]), 0) / bits;
        }),
      ),
    );
    return growthExponent(Ms, counts);
  });
}

/** @param files rows of files */
function logarithmFinding(rows: readonly RunRow[], files: readonly RunRow[]): Finding {
  const families = [
    { name: 'τ = 0.05·M', rows: rows.filter(hasPaperTau) },
    { name: `τ ${HELD_TAU}`, rows: rows.filter(({ tau }) => tau === HELD_TAU) },
  ];
  const cases: Case[] = [];
  let primary: ReturnType<typeof growth> = null;
  for (const family of families) {
    for (const { definition, bit, name } of COUNTED) {
      const grown = growth(family.rows.filter(ofBit(bit)), definition);
      if (grown === null) continue;
      let { exponent } = grown;
      if (definition === PRIMARY && bit === 1 && primary === null) {
        exponent = clusteredExponent(files) ?? exponent;
        primary = { ...grown, exponent };
      }
      const { interval } = exponent;
      const isOpen = interval === null || (interval[0] <= grown.reference && interval[1] > grown.reference);
      const holds = isOpen ? null : interval[1] <= grown.reference;
      cases.push({ name: `${name} at ${family.name}`, estimate: exponent, holds });
    }
  }
  const measure = 'growth exponent over M of voters with a weight above 1/M, of 1-bits at τ = 0.05·M';
  if (primary === null) {
    const estimate = {
      value: null,
      interval: null,
      n: 0,
      of: 'seeds',
      unit: 'exponent of M',
      reason: 'under three M are measured',
    };
    return {
      claim: 'logVoters',
      measure,
      estimate,
      verdict: 'not tested',
      because: 'Under three values of M are measured.',
    };
  }
  const { verdict, because } = verdictOf(cases, `No faster than ln M (exponent ${digits(primary.reference)})`);
  return { claim: 'logVoters', measure, estimate: primary.exponent, verdict, because: `${because} ${primary.better}.` };
}

function fewFinding(rows: readonly RunRow[]): Finding {
  const at = rows.filter((row) => isAtPaperVoters(row));
  const cases: Case[] = [];
  for (const [tau, ofTau] of groupRows(at, 'tau')) {
    for (const { definition, bit, name } of COUNTED) {
      const estimate = meanEstimate(numbers(ofTau.filter(ofBit(bit)), definition), 'voters');
      if (estimate.value === null) continue;
      const { interval } = estimate;
      const isOpen = interval === null || (interval[0] <= FEW && interval[1] > FEW);
      cases.push({ name: `${name} at τ ${String(tau)}`, estimate, holds: isOpen ? null : interval[1] <= FEW });
    }
  }
  const estimate = meanEstimate(numbers(at.filter(hasPaperTau).filter(ofBit(1)), 'effective'), 'voters');
  return {
    claim: 'fewDominate',
    measure: `effective voters 1/Σw² of 1-bits, M ${PAPER_VOTERS}, τ ${PAPER_RULE * PAPER_VOTERS}, held out`,
    estimate,
    ...verdictOf(cases, `At most ${FEW}`),
  };
}

function maximumFinding(rows: readonly RunRow[]): Finding {
  const byTau = [...groupRows(rows, 'atTau')].map(([tau, group]) => ({
    tau: Number(tau),
    estimate: meanEstimate(numbers(group, 'distance'), 'probability'),
  }));
  byTau.sort((a, b) => a.tau - b.tau);
  const measure = `distance of p from the largest vote of its bit, mean over bits held out, τ ${PAPER_RULE * PAPER_VOTERS}`;
  const paper = byTau.find(({ tau }) => tau === PAPER_RULE * PAPER_VOTERS)?.estimate ?? meanEstimate([], 'probability');
  const last = byTau.at(-1)?.estimate;
  const high = last?.interval?.[1] ?? null;
  if (high === null) {
    return {
      claim: 'maximum',
      measure,
      estimate: paper,
      verdict: 'not tested',
      because: 'It needs two seeds or more.',
    };
  }
  const verdict = high <= NEAR_MAXIMUM ? 'holds' : 'fails';
  const course = byTau.map(({ tau, estimate }) => `${digits(estimate.value!)} at τ ${tau}`).join(', ');
  return { claim: 'maximum', measure, estimate: paper, verdict, because: `${course}.` };
}

function chartsOf(
  voterRows: readonly RunRow[],
  end: readonly RunRow[],
  nearness: readonly RunRow[],
  note: string,
): ExperimentChart[] {
  const count = { label: 'voters', unit: 'count', scale: 'log' } as const;
  const steps = { label: 'step', unit: '', scale: 'linear' } as const;
  const definitions = Object.keys(DEFINITIONS) as Definition[];
  const perDefinition = (rows: readonly RunRow[], x: string): LineChart['series'] =>
    definitions.map((definition) => ({ arm: DEFINITIONS[definition], points: pointsOver(rows, x, definition) }));
  const atPaperVoters = end.filter((row) => isAtPaperVoters(row) && isSoftmax(row));
  const perBit = (bit: 0 | 1): ExperimentChart[] => [
    {
      kind: 'lines',
      title: `How many voters decide a ${bit}-bit as M grows?`,
      note: `${note}; softmax, τ = ${PAPER_RULE}·M`,
      x: { label: 'M, voters per bit', unit: '', scale: 'log' },
      y: count,
      series: perDefinition(end.filter(hasPaperTau).filter(isSoftmax).filter(ofBit(bit)), 'voters'),
    },
    {
      kind: 'lines',
      title: `How many of ${PAPER_VOTERS} voters decide a ${bit}-bit as τ grows?`,
      note: `${note}; softmax, M ${PAPER_VOTERS}, each τ trained by itself`,
      x: { label: 'τ', unit: '', scale: 'log' },
      y: count,
      series: perDefinition(atPaperVoters.filter(ofBit(bit)), 'tau'),
    },
    {
      kind: 'lines',
      title: `How many voters decide a ${bit}-bit while a model learns?`,
      note: `${note}; effective voters 1/Σw²`,
      x: steps,
      y: count,
      series: seriesBy(voterRows.filter(isAtPaperVoters).filter(ofBit(bit)), 'arm', 'step', 'effective'),
    },
  ];
  return [
    ...BIT_VALUES.flatMap(perBit),
    {
      kind: 'lines',
      title: 'How near is p to the largest vote as τ grows?',
      note: `${note}; one model of τ ${PAPER_RULE * PAPER_VOTERS}, its votes weighted with other τ`,
      x: { label: 'τ', unit: '', scale: 'log' },
      y: { label: 'largest vote − p', unit: 'probability', scale: 'linear' },
      series: seriesBy(nearness, 'arm', 'atTau', 'distance'),
    },
    {
      kind: 'dots',
      title: 'What does each way of deciding cost in bits per byte?',
      note,
      x: { label: 'held out', unit: 'bits per byte', scale: 'linear' },
      // Both rows of a run, of 0-bits and 1-bits, tell it.
      rows: [...groupRows(end.filter(ofBit(1)), 'arm')].map(([arm, group]) => ({
        arm: String(arm),
        estimate: meanEstimate(numbers(group, 'bitsPerByte'), 'bits per byte'),
      })),
    },
  ];
}

/** Counts of every file by itself. */
function countedFiles(scores: BitScores, setting: Row): Row[] {
  const files = scoresByFile(scores).map(countVoters);
  return BIT_VALUES.flatMap((bit) =>
    fileRows(
      { ...setting, bit },
      files.map((counts) => {
        const { bits, active, effective } = counts[bit] ?? { bits: 0, active: 0, effective: 0 };
        return { bits, active, effective };
      }),
    ),
  );
}

export const SPARSITY: Experiment = {
  name: 'sparsity',
  primary:
    'Growth exponent over M (slope of ln count over ln M) of voters of 1-bits with a weight above 1/M, τ = 0.05·M. ' +
    CROSSED,
  correctedTests: null,
  version: 3,
  seeds: { quick: 3, full: 6 },
  leastDomains: 1,
  bytesPerDomain: voterText,
  fixed: (size) => [
    ...describeRecipe(voterRecipe(size)),
    `network: the paper's, width ${voterConfig(size, {}).embedding_dim}, independent bits`,
    `voters: counted at ${voterChunks(size)} chunks held out`,
  ],
  plan: (size) => planArms(armsOf(size), voterRecipe(size), size),
  async run(run, context) {
    const { quick, text, signal } = context;
    const arm = armsOf({ quick, seeds: 1 }).find(({ name }) => name === run.arm)!;
    const { config } = arm;
    const recipe = voterRecipe({ quick });
    const hasTau = usesTemperature(config.aggregation);
    const setting = {
      aggregation: config.aggregation,
      voters: votersPerBit(config),
      tau: hasTau ? temperature(config) : null,
    };
    const isPaper = config.aggregation === 'softmax' && setting.voters === PAPER_VOTERS && config.temperature === null;
    // How counts change while a model learns is asked of the paper's M alone.
    const before = setting.voters === PAPER_VOTERS ? sizes({ quick }).steps : [];
    return runArm(run, arm, recipe, context, {
      at: [...before, recipe.steps],
      async measure(step, inference) {
        const scores = await collectScores(inference, text.heldOut, voterChunks({ quick }), { signal });
        const bitsPerByte = await bitsPerByteOn(inference, text.heldOut, recipe.measuredBytes, signal);
        const rows: Row[] = countVoters(scores).flatMap((counts, bit) =>
          counts === null ? [] : [{ kind: 'voters', ...setting, bit, ...counts, bitsPerByte }],
        );
        if (step === recipe.steps && config.aggregation === 'softmax') rows.push(...countedFiles(scores, setting));
        if (!isPaper || step < recipe.steps) return rows;
        const nearness = TAUS_TO_MAXIMUM.map((atTau) => ({
          kind: 'maximum',
          ...setting,
          atTau,
          distance: distanceFromMaximum(scores, atTau),
        }));
        return [...rows, ...nearness];
      },
    });
  },
  analyse(rows) {
    const voterRows = rows.filter(({ kind }) => kind === 'voters');
    const nearness = rows.filter(({ kind }) => kind === 'maximum');
    const files = rows.filter(({ kind }) => kind === 'file');
    const end = atEnd(voterRows);
    const seeds = groupRows(end, 'seed').size;
    const softmax = end.filter(isSoftmax);
    const note = `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, text held out`;
    return {
      findings: [logarithmFinding(softmax, files), fewFinding(softmax), maximumFinding(nearness)],
      charts: chartsOf(voterRows, end, nearness, note),
    };
  },
};
