/** @file Experiment 2: what voters cost in arithmetic, time and memory, and what is saved where they are pruned. */
import { shortCount, shortNumber } from '../measures/numberText';
import { trunkAndHeadFlops } from '../network/blockFlops';
import { votersPerBit } from '../network/config';
import { initializeParameters } from '../network/initialize';
import { parameterCount } from '../network/parameters';
import type { Estimate, ExperimentChart, Finding, Verdict } from '../protocol/experiments';
import { Inference } from '../runtime/inference';
import { Random } from '../text/random';
import { bitRates } from '../text/sampler';
import { collectScores } from './bitScores';
import { digits, groupRows, listed, numbers, seriesBy } from './charts';
import type { Experiment, ExperimentSize, Row, Run, RunContext, RunRow } from './experiment';
import { countWins, keepingOrder, keepVoters } from './pruning';
import { PAPER_VOTERS, voterChunks, voterConfig, voterRecipe, voterText, widened } from './recipes';
import { CALLS, fastest, timeInTurns } from './speeds';
import { COUNTED_NETWORK, stageCharts, stageFinding, stageRows } from './stageCost';
import { meanEstimate } from './statistics';
import type { Arm } from './trainArm';
import { bitsPerByteOn, describeRecipe, planArms, runArm, windowsOf } from './trainArm';
import { countVoters } from './voterCounts';

/** The arm whose voters are pruned, and the one of the same trunk without voters. */
const [PAPER, FOIL] = ['softmax', 'dense'] as const;
const COUNTED: Run = { key: 'stages: counted', arm: 'stages', seed: 0, triedRate: null };
/** Growth of bits per byte up to which voters may be pruned. */
const TOLERANCE = 0.01;
/** So many times faster or smaller is a saving. */
const LEAST_SAVING = 1.05;

function sizes({ quick }: Pick<ExperimentSize, 'quick'>) {
  return quick ? { orderChunks: 1024, rounds: 15 } : { orderChunks: 4096, rounds: 40 };
}

/** The paper's voters, its foil of one unit per bit, and that foil with as many parameters as the voters have. */
function armsOf(size: Pick<ExperimentSize, 'quick'>): Arm[] {
  const voters = voterConfig(size, { aggregation: PAPER });
  const dense = voterConfig(size, { aggregation: FOIL });
  const wide = widened(dense, parameterCount(voters));
  return [
    { name: PAPER, config: voters },
    { name: FOIL, config: dense },
    { name: 'dense, wide', config: wide },
  ];
}

/** "softmax 92.1 k, dense 22.7 k, …" */
function parametersText(size: Pick<ExperimentSize, 'quick'>): string {
  return armsOf(size)
    .map(({ name, config }) => `${name} ${shortCount(parameterCount(config))}`)
    .join('; ');
}

/** Voters that are kept of each bit: all, half of them, … one. */
export function keptCounts(voters: number): number[] {
  const counts = [];
  for (let kept = voters; kept >= 1; kept = Math.floor(kept / 2)) counts.push(kept);
  return counts;
}

/** What can be told of a model without a clock. */
async function modelRow(arm: string, inference: Inference, { quick, text, signal }: RunContext): Promise<Row> {
  const { config } = inference;
  const { trunk, head } = trunkAndHeadFlops(config);
  const { measuredBytes } = voterRecipe({ quick });
  return {
    kind: 'model',
    model: arm,
    kept: votersPerBit(config),
    parameters: parameterCount(config),
    trunkFlops: trunk,
    headFlops: head,
    validation: await bitsPerByteOn(inference, text.validation, measuredBytes, signal),
    bitsPerByte: await bitsPerByteOn(inference, text.heldOut, measuredBytes, signal),
  };
}

/** Prunes the trained voters step by step, and times the models that are left in turns with the dense ones. */
async function measurePruned(inference: Inference, seed: number, context: RunContext): Promise<Row[]> {
  const { quick, text, signal } = context;
  const { orderChunks, rounds } = sizes({ quick });
  const { config, parameters, options } = inference;
  const scores = await collectScores(inference, text.validation, orderChunks, { signal });
  const wins = countWins(scores);
  const order = keepingOrder(scores, wins);
  const neverWinning = wins.flat().filter((count) => count === 0).length / wins.length;
  const [zeros, ones] = countVoters(await collectScores(inference, text.heldOut, voterChunks({ quick }), { signal }));
  const { operational } = (ones ?? zeros)!;
  const { trunk, head } = trunkAndHeadFlops(config);
  const idealHead = (head * operational) / votersPerBit(config);
  const rows: Row[] = [
    { kind: 'order', chunks: scores.chunks, neverWinning },
    { kind: 'ideal', operational, headFlops: idealHead, saving: (trunk + head) / (trunk + idealHead) },
  ];
  const timedModels: { readonly model: string; readonly inference: Inference }[] = [];
  try {
    for (const kept of keptCounts(votersPerBit(config))) {
      const smaller = keepVoters(config, parameters, order, kept);
      const model = await Inference.create(smaller.config, smaller.parameters, options);
      timedModels.push({ model: PAPER, inference: model });
      rows.push(await modelRow(PAPER, model, context));
    }
    for (const { name, config: dense } of armsOf({ quick }).filter((arm) => arm.name !== PAPER)) {
      // Time is of the shapes: what these weights have learned makes no difference.
      const drawn = initializeParameters(dense, bitRates(text.train), Random.fromSeed(seed));
      timedModels.push({ model: name, inference: await Inference.create(dense, drawn, options) });
    }
    const { batch } = voterRecipe({ quick });
    const { bytes } = windowsOf(config, text.heldOut, seed).next(batch);
    const speeds = await timeInTurns(
      timedModels.map((one) => one.inference),
      bytes,
      batch,
      rounds,
      signal,
    );
    const ofRound = speeds.flatMap((ofModels, round) =>
      ofModels.map((speed, i): Row => {
        const { model, inference: one } = timedModels[i]!;
        return { kind: 'speed', model, kept: votersPerBit(one.config), round, ...speed };
      }),
    );
    return [...rows, ...ofRound];
  } finally {
    for (const one of timedModels) await one.inference.dispose();
  }
}

/** A model of one seed with its fastest round. */
type Measured = RunRow & Readonly<Record<'kept' | 'parameters' | 'validation' | 'bitsPerByte', number>>;

function modelsOf(rows: readonly RunRow[]): Measured[] {
  const key = (row: RunRow) => `${row.seed} ${String(row['model'])} ${String(row['kept'])}`;
  const speeds = new Map<string, RunRow[]>();
  for (const row of rows) {
    if (row['kind'] === 'speed') speeds.set(key(row), [...(speeds.get(key(row)) ?? []), row]);
  }
  return rows
    .filter((row): row is Measured => row['kind'] === 'model')
    .map((row) => {
      const rounds = (speeds.get(key(row)) ?? []).map((speed) => ({
        chunksPerSecond: Number(speed['chunksPerSecond']),
        p50: Number(speed['p50']),
        p95: Number(speed['p95']),
      }));
      return { ...row, ...fastest(rounds) };
    });
}

/** What pruning brought in one seed, as factors. */
interface Saving {
  readonly kept: number;
  readonly throughput: number;
  readonly latency: number;
  readonly memory: number;
  /** Of bits per byte held out, in per cent. */
  readonly rise: number;
}

/** The fewest voters whose bits per byte on validation text are within the tolerance, against all of them, seed by seed. */
function savings(models: readonly Measured[]): Saving[] {
  const ofPaper = models.filter((row) => row.arm === PAPER && typeof row['chunksPerSecond'] === 'number');
  return [...groupRows(ofPaper, 'seed').values()].map((ofSeed) => {
    const descending = ofSeed.toSorted((a, b) => b.kept - a.kept);
    const whole = descending[0]!;
    const chosen = descending.findLast(({ validation }) => validation <= (1 + TOLERANCE) * whole.validation)!;
    return {
      kept: chosen.kept,
      throughput: Number(chosen['chunksPerSecond']) / Number(whole['chunksPerSecond']),
      latency: Number(whole['p50']) / Number(chosen['p50']),
      memory: whole.parameters / chosen.parameters,
      rise: 100 * (chosen.bitsPerByte / whole.bitsPerByte - 1),
    };
  });
}

/** Geometric mean of factors, with Student's interval of their logarithms. */
function factorEstimate(factors: readonly number[]): Estimate {
  const { value, interval, ...rest } = meanEstimate(factors.map(Math.log), 'times');
  return {
    ...rest,
    value: value === null ? null : Math.exp(value),
    interval: interval === null ? null : [Math.exp(interval[0]), Math.exp(interval[1])],
  };
}

/** Of each arm the model with all its voters: a row for each seed. */
function wholesOf(models: readonly Measured[]): Map<string, Measured[]> {
  return new Map(
    [...groupRows(models, 'arm')].map(([arm, ofArm]) => {
      const most = Math.max(...ofArm.map(({ kept }) => kept));
      return [String(arm), ofArm.filter(({ kept }) => kept === most)];
    }),
  );
}

/** The foil in one sentence; none where it was not measured. */
function denseText(models: readonly Measured[]): string[] {
  const wholes = wholesOf(models);
  const mean = (arm: string, column: string) => meanEstimate(numbers(wholes.get(arm) ?? [], column), '').value;
  const of = (arm: string) => ({ bits: mean(arm, 'bitsPerByte'), speed: mean(arm, 'chunksPerSecond') });
  const voters = of(PAPER);
  const dense = of(FOIL);
  if (voters.bits === null || voters.speed === null || dense.bits === null || dense.speed === null) return [];
  return [
    `Dense, one unit per bit: ${shortNumber(dense.bits)} bits per byte where all voters have ${shortNumber(voters.bits)}, at ${digits(dense.speed / voters.speed)} times their chunks per second.`,
  ];
}

/** Null where the interval does not tell, or there is none. */
function isSaving({ interval }: Estimate): boolean | null {
  if (interval === null || (interval[0] <= LEAST_SAVING && interval[1] > LEAST_SAVING)) return null;
  return interval[0] > LEAST_SAVING;
}

function savingFinding(rows: readonly RunRow[], models: readonly Measured[]): Finding {
  const all = savings(models);
  const estimate = (measure: 'throughput' | 'latency' | 'memory') =>
    factorEstimate(all.map((saving) => saving[measure]));
  const rise = meanEstimate(
    all.map((saving) => saving.rise),
    '%',
  ).value;
  const cases = [
    { name: 'chunks per second', estimate: estimate('throughput') },
    { name: 'time of one next chunk', estimate: estimate('latency') },
    { name: 'parameters', estimate: estimate('memory') },
  ].map((one) => ({ ...one, saves: isSaving(one.estimate) }));
  const [primary, ...others] = cases as [(typeof cases)[number], ...typeof cases];
  let verdict: Verdict = 'not tested';
  if (primary.saves === true) verdict = others.every(({ saves }) => saves === true) ? 'holds' : 'holds only where';
  else if (primary.saves === false) verdict = others.some(({ saves }) => saves === true) ? 'holds only where' : 'fails';
  const told = (some: typeof cases) => some.map((one) => `${one.name} (${digits(one.estimate.value!)} times)`);
  const measured = all.length === 0 ? [] : cases;
  const sentences = [
    ['Saved', measured.filter(({ saves }) => saves === true)],
    ['Not saved', measured.filter(({ saves }) => saves === false)],
    ['Not decided', measured.filter(({ saves }) => saves === null)],
  ] as const;
  const never = meanEstimate(numbers(rows, 'neverWinning'), '').value;
  const ideal = meanEstimate(numbers(rows, 'saving'), '').value;
  const parts = [
    ...(rise === null
      ? ['No model was pruned.']
      : [
          `Kept of ${PAPER_VOTERS} voters, seed by seed: ${all.map(({ kept }) => kept).join(', ')}, for ${digits(rise)} % more bits per byte held out.`,
        ]),
    ...sentences.flatMap(([word, some]) => (some.length === 0 ? [] : [`${word}: ${listed(told(some))}.`])),
    ...(never === null
      ? []
      : [
          `Never winning on ${numbers(rows, 'chunks')[0]!} chunks of validation text: ${digits(never)} voters per bit.`,
        ]),
    ...(ideal === null
      ? []
      : [
          `Ideal, were only those computed that decide: ${digits(ideal)} times fewer operations, never a measured speed.`,
        ]),
    ...denseText(models),
    `A saving is more than ${LEAST_SAVING} times.`,
  ];
  return {
    claim: 'sparseSaves',
    measure: `chunks per second with the fewest voters whose bits per byte on validation text rise by at most ${100 * TOLERANCE} %, over those with all, paired by seed`,
    estimate: primary.estimate,
    verdict,
    because: parts.join(' '),
  };
}

function flopsChart(rows: readonly RunRow[], models: readonly Measured[], note: string): ExperimentChart {
  const unit = 'operations per chunk';
  // Counted: the same for every seed.
  const exact = (value: number): Estimate => ({ value, interval: null, n: 1, of: 'networks', unit });
  const ideal = rows.filter((row) => row['kind'] === 'ideal');
  const chosen = meanEstimate(numbers(ideal, 'operational'), '').value;
  return {
    kind: 'dots',
    title: 'Where is the arithmetic, in the trunk or in the output?',
    note: `${note}; counted from the graph, a multiplication and an addition each${
      chosen === null
        ? ''
        : `; ideal: only the ${digits(chosen)} voters per bit that decide (operational k), which are known only when all have voted: never a measured speed`
    }`,
    x: { label: 'operations per chunk', unit: '', scale: 'log' },
    rows: [
      ...[...wholesOf(models).values()].flatMap(([row]) => [
        { arm: `${row!.arm}: trunk`, estimate: exact(Number(row!['trunkFlops'])) },
        { arm: `${row!.arm}: output`, estimate: exact(Number(row!['headFlops'])) },
      ]),
      { arm: `${PAPER}: output, ideal`, estimate: meanEstimate(numbers(ideal, 'headFlops'), unit) },
    ],
  };
}

function chartsOf(rows: readonly RunRow[], models: readonly Measured[], note: string, parameters: string) {
  const kept = { label: 'voters kept of each bit', unit: '', scale: 'log' } as const;
  const lines = (
    title: string,
    x: LineAxis,
    y: LineAxis,
    columns: readonly [x: string, y: string],
    more: string,
  ): ExperimentChart => ({
    kind: 'lines',
    title,
    note: `${note}; ${more}`,
    x,
    y,
    series: seriesBy(models, 'arm', ...columns),
  });
  const bits = { label: 'held out', unit: 'bits per byte', scale: 'linear' } as const;
  const dense = `dense has one unit per bit; parameters: ${parameters}`;
  const quietest = 'fastest round of each';
  const perWindow = 'every chunk of whole windows predicted';
  const next = 'the trunk of a whole window for one chunk, nothing kept from the chunk before';
  const slow = [...wholesOf(models)].flatMap(([arm, ofArm]) => {
    const { value } = meanEstimate(numbers(ofArm, 'p95'), 'ms');
    return value === null ? [] : [`${arm} ${shortNumber(value)} ms`];
  });
  const tail = slow.length === 0 ? '' : `; 95th percentile: ${slow.join('; ')}`;
  return [
    lines('How many bits per byte does pruning cost?', kept, bits, ['kept', 'bitsPerByte'], dense),
    lines(
      'How much faster is a pruned model?',
      kept,
      { label: 'chunks per second', unit: '', scale: 'linear' },
      ['kept', 'chunksPerSecond'],
      `${perWindow}, ${quietest}; ${dense}`,
    ),
    lines(
      'How long does one next chunk take?',
      kept,
      { label: 'median', unit: 'ms', scale: 'linear' },
      ['kept', 'p50'],
      `${next}; ${quietest}${tail}`,
    ),
    lines(
      'Is a pruned model better than a dense one of its size?',
      { label: 'parameters', unit: '', scale: 'log' },
      bits,
      ['parameters', 'bitsPerByte'],
      `the voters pruned from ${PAPER_VOTERS} to 1 of each bit, each dense model trained by itself`,
    ),
    flopsChart(rows, models, note),
  ];
}

type LineAxis = Extract<ExperimentChart, { kind: 'lines' }>['x'];

export const THROUGHPUT: Experiment = {
  name: 'throughput',
  primary: `Chunks per second of softmax voters pruned to the fewest whose bits per byte on validation text rise by at most ${100 * TOLERANCE} %, over those of all ${PAPER_VOTERS}, paired by seed.`,
  correctedTests: null,
  version: 2,
  seeds: { quick: 6, full: 6 },
  leastDomains: 1,
  bytesPerDomain: voterText,
  fixed: (size) => [
    ...describeRecipe(voterRecipe(size)),
    `network: the paper's, independent bits, M ${PAPER_VOTERS}, width ${armsOf(size)
      .map(({ name, config }) => `${config.embedding_dim} (${name})`)
      .join(', ')}`,
    `parameters: ${parametersText(size)}`,
    `pruning: by ${sizes(size).orderChunks} chunks of validation text; voters that never have the largest weight go first, then those that add least to the probability of the real bit; τ stays`,
    `speed: fastest of ${sizes(size).rounds} rounds in which all models take turns; ${voterRecipe(size).batch} windows at once, then ${CALLS} next chunks one by one; dense models with weights as drawn, which take as long`,
    'memory: parameters as float32; what sessions of one process take beside them cannot be told apart',
    `stages: counted with ${COUNTED_NETWORK}`,
  ],
  plan: (size) => [COUNTED, ...planArms(armsOf(size), voterRecipe(size), size)],
  async run(run, context) {
    if (run.key === COUNTED.key) return stageRows();
    const { quick } = context;
    const arm = armsOf({ quick }).find(({ name }) => name === run.arm)!;
    const recipe = voterRecipe({ quick });
    return runArm(run, arm, recipe, context, {
      at: [recipe.steps],
      measure: async (_step, inference) =>
        arm.name === PAPER
          ? measurePruned(inference, run.seed, context)
          : [await modelRow(arm.name, inference, context)],
    });
  },
  analyse(rows, size) {
    const models = modelsOf(rows);
    const seeds = groupRows(models, 'seed').size;
    const note = `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, text held out`;
    return {
      findings: [savingFinding(rows, models), stageFinding(rows)],
      charts: [...chartsOf(rows, models, note, parametersText(size)), ...stageCharts(rows)],
    };
  },
};
