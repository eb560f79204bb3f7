/** @file Made-up but realistic experiments: every kind of chart, findings with every verdict, a run in progress. */
import type {
  ChartPoint,
  Estimate,
  ExperimentName,
  ExperimentResult,
  ExperimentSetup,
  Finding,
  MatrixChart,
} from '../../../model/protocol/experiments';
import type { ExperimentsReady, ShownExperiment, ShownModel } from '../../../model/protocol/panels/experiments';

function estimate(value: number | null, half: number, unit: string, change: Partial<Estimate> = {}): Estimate {
  const interval = value === null ? null : ([value - half, value + half] as const);
  return { value, interval, n: 6, of: 'seeds', unit, ...change };
}

export function experimentSetup(change: Partial<ExperimentSetup> = {}): ExperimentSetup {
  const hash = (seed: number): string =>
    Array.from({ length: 64 }, (_, i) => ((i * 7 + seed * 5 + ((i * seed) % 11)) % 16).toString(16)).join('');
  return {
    quick: false,
    seeds: 6,
    texts: [
      { name: 'Python', files: 412, bytes: 1_048_576, heldOutBytes: 104_857, sha256: hash(3) },
      { name: 'German', files: 38, bytes: 1_048_576, heldOutBytes: 104_857, sha256: hash(8) },
    ],
    fixed: ['steps: 2000', 'batch: 16', 'rate: 0.004, tuned per arm on validation'],
    version: '0.1.0',
    commit: '25fa8a8c11d2e3f4a5b697886950413a2b3c4d5e',
    environment: {
      processor: 'AMD EPYC 7B13',
      threads: 2,
      platform: 'linux x64',
      node: '22.11.0',
      onnxRuntime: '1.20.1',
    },
    ...change,
  };
}

function curve(xs: readonly number[], y: (x: number) => number, share: number): ChartPoint[] {
  return xs.map((x) => {
    const value = y(x);
    return { x, y: value, interval: [value * (1 - share), value * (1 + share)] };
  });
}

/** R of four domains that are learned one after another. */
function transfer(): MatrixChart {
  const domains = ['English', 'German', 'TypeScript', 'Python'];
  return {
    kind: 'matrix',
    title: 'What is known of each domain after each one was learned?',
    note: 'bits per byte of held-out text · N = 6 seeds, mean',
    rowTitle: 'after learning',
    rows: domains,
    columnTitle: 'held-out text of',
    columns: domains,
    unit: 'bits per byte',
    values: domains.map((_, row) =>
      domains.map((_domain, column) => (column > row + 1 ? null : 2.1 + 0.4 * Math.abs(row - column))),
    ),
  };
}

/** Sparsity: lines on logarithmic axes, dots of which one has no value, a matrix, and a finding of every verdict. */
export function experimentResult(change: Partial<ExperimentResult> = {}): ExperimentResult {
  const voters = [16, 32, 64, 128, 256, 512];
  return {
    name: 'sparsity',
    title: 'Sparsity',
    question: 'How many of the M voters of a bit decide it, and does that grow like log M?',
    primary: 'effective voters 1/Σw² of 1-bits at M = 128, mean over held-out chunks',
    setup: experimentSetup(),
    runs: { done: 48, planned: 48 },
    seconds: 9_412,
    findings: [
      {
        claim: 'maximum',
        measure: 'distance of p from the largest vote, τ from 0 to 102',
        estimate: estimate(0.0031, 0.0004, ''),
        verdict: 'holds',
        because: 'From τ = 25.6 on, p is within 0.01 of the largest vote.',
      },
      {
        claim: 'fewDominate',
        measure: 'effective voters 1/Σw² of 1-bits at M = 128',
        estimate: estimate(91.3, 3.2, 'voters'),
        verdict: 'fails',
        because: 'At τ = 6.4, which the paper uses, most voters have about the same weight.',
      },
      {
        claim: 'logVoters',
        measure: 'exponent of voters above 1/M over M',
        estimate: estimate(0.94, 0.06, ''),
        verdict: 'holds only where',
        because: 'Only where votes are spread out and p is between 0.2 and 0.8.',
      },
      {
        claim: 'sparserAsGood',
        measure: 'fewest voters within 1 % of the loss at M = 512',
        estimate: estimate(null, 0, 'voters', { n: 0, reason: 'no run with M = 512 is done' }),
        verdict: 'not tested',
        because: '',
      },
    ],
    charts: [
      {
        kind: 'lines',
        title: 'How many voters decide, over τ?',
        note: 'N = 6 seeds, 8,192 held-out chunks each · bands: 95 % over seeds',
        x: { label: 'τ', unit: '', scale: 'log' },
        y: { label: 'effective voters', unit: '1/Σw²', scale: 'linear' },
        series: [
          {
            arm: '1-bits',
            points: curve([0, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2], (tau) => 6 + 122 * Math.exp(-tau / 9), 0.06),
          },
          {
            arm: '0-bits',
            points: curve([0, 1.6, 3.2, 6.4, 12.8, 25.6, 51.2], (tau) => 30 + 98 * Math.exp(-tau / 30), 0.04),
          },
        ],
      },
      {
        kind: 'lines',
        title: 'Does it grow like log M?',
        note: 'N = 6 seeds · bands: 95 % over seeds',
        x: { label: 'voters per bit M', unit: '', scale: 'log' },
        y: { label: 'voters above 1/M', unit: 'voters', scale: 'log' },
        series: [
          { arm: '1-bits', points: curve(voters, (m) => 0.6 * m ** 0.94, 0.09) },
          { arm: 'log M', points: voters.map((m) => ({ x: m, y: Math.log2(m), interval: null })) },
          {
            arm: 'mean of votes',
            points: voters.map((m) => ({ x: m, y: m === 64 ? null : m / 2, interval: null })),
          },
        ],
      },
      {
        kind: 'dots',
        title: 'What does the text cost under each aggregation?',
        note: 'N = 6 seeds · whiskers: 95 % over seeds',
        x: { label: 'bits per byte', unit: 'held out', scale: 'linear' },
        rows: [
          { arm: '1-bits', estimate: estimate(2.31, 0.02, 'bits per byte') },
          { arm: 'mean of votes', estimate: estimate(2.38, 0.03, 'bits per byte') },
          { arm: 'confidence, learned τ', estimate: estimate(2.27, 0.05, 'bits per byte') },
          {
            arm: 'dense, equal parameters',
            estimate: estimate(2.34, 0, 'bits per byte', { interval: null, n: 1 }),
          },
          {
            arm: 'product',
            estimate: estimate(null, 0, 'bits per byte', { reason: 'its training diverged with every rate' }),
          },
        ],
      },
      transfer(),
    ],
    ...change,
  };
}

export function shownExperiment(change: Partial<ShownExperiment> = {}): ShownExperiment {
  const experiment: ExperimentName = change.experiment ?? 'sparsity';
  return {
    id: `/texts/.smuggler/experiments/${experiment}`,
    place: `.smuggler/experiments/${experiment}`,
    experiment,
    result: experimentResult({ name: experiment }),
    message: null,
    isRunning: false,
    progress: null,
    canResume: false,
    ...change,
  };
}

export function experiments(
  shown: readonly ShownExperiment[] = [shownExperiment()],
  model: ShownModel | null = null,
): ExperimentsReady {
  return { kind: 'ready', experiments: shown, model };
}

/** A model of few voters, and what the text costs with fewer of them. */
export function measuredModel(change: Partial<ShownModel> = {}): ShownModel {
  const kept = [1, 2, 4, 8, 16, 32, 64, 128];
  const found = (claim: string, value: number, unit: string, verdict: Finding['verdict']): Finding => ({
    claim,
    measure: `${claim}, measured`,
    estimate: estimate(value, 0, unit, { interval: null, n: 4096, of: 'bits' }),
    verdict,
    because: 'One model and one text: it has no interval.',
  });
  return {
    provenance: {
      model: 'starter',
      checkpoint: '0123456789ab',
      votersPerBit: 128,
      temperature: '16',
      aggregation: 'softmax',
      bitDecoding: 'chained',
      document: 'src/tides.ts',
    },
    measurement: {
      chunks: 256,
      findings: [
        found('maximum', 0.061, 'probability', 'holds'),
        found('fewDominate', 3.1, 'voters', 'holds only where'),
        found('outvoted', 4.2, '%', 'fails'),
      ],
      charts: [
        {
          kind: 'matrix',
          title: 'How many of 128 voters count, by each definition?',
          note: '256 chunks of the second half of the text',
          rowTitle: 'definition',
          rows: ['effective voters 1/Σw²', 'voters that keep the loss of all bits within 1 %', 'votes above ½'],
          columnTitle: 'mean over',
          columns: ['1-bits', '0-bits', 'all bits'],
          unit: 'voters',
          values: [
            [3.1, 79.6, null],
            [null, null, 21],
            [2.4, 0.2, null],
          ],
        },
        {
          kind: 'lines',
          title: 'What does the text cost where fewer voters are kept?',
          note: '256 chunks of the second half of the text; importance from the first half',
          x: { label: 'voters kept per bit', unit: '', scale: 'log' },
          y: { label: 'second half of the text', unit: 'bits per byte', scale: 'log' },
          series: [
            { arm: 'those of the largest weights at each bit', points: curve(kept, (k) => 1.6 + 2 / k, 0) },
            { arm: 'the most important of the first half', points: curve(kept, (k) => 1.6 + 4 / k, 0) },
            { arm: 'drawn at random', points: curve(kept, (k) => 1.6 + (3 * (128 - k)) / 128, 0) },
          ],
        },
      ],
    },
    work: null,
    message: null,
    ...change,
  };
}

/** One that runs, one that is done, and one whose process was killed before its first run was done. */
export function threeExperiments(): ShownExperiment[] {
  const part = experimentResult({
    name: 'forgetting',
    title: 'Forgetting',
    question: 'What is lost of one domain while others are learned?',
    primary: 'forgetting in bits per byte at matched plasticity, voters against dense',
    setup: experimentSetup({ quick: true, seeds: 2 }),
    runs: { done: 12, planned: 48 },
    seconds: 512,
    findings: [
      {
        claim: 'lessForgetting',
        measure: 'forgetting, voters − dense, matched plasticity',
        estimate: estimate(0.1, 0.19, 'bits per byte', { n: 2 }),
        verdict: 'not tested',
        because: 'With 2 seeds no verdict is told.',
      },
    ],
    charts: [transfer()],
  });
  return [
    shownExperiment({
      experiment: 'forgetting',
      result: part,
      isRunning: true,
      progress: {
        name: 'forgetting',
        primary: 'forgetting in bits per byte at matched plasticity, voters against dense',
        done: 12,
        planned: 48,
        running: 'voters, seed 2, German',
        secondsLeft: 1_536,
      },
    }),
    shownExperiment(),
    shownExperiment({
      experiment: 'robustness',
      result: null,
      message: 'Its process ended before the first run was done; Resume begins it again.',
      canResume: true,
    }),
  ];
}
