/** @file An experiment of seconds on a real engine, run as a program of its own by the tests that kill it: `out` is its folder. */
import type { Experiment } from '../../../model/experiments/experiment';
import { runExperiment } from '../../../model/experiments/runExperiment';
import { meanEstimate } from '../../../model/experiments/statistics';
import type { Arm, Recipe } from '../../../model/experiments/trainArm';
import { bitsPerByteOn, planArms, runArm } from '../../../model/experiments/trainArm';
import { numbers } from '../../../model/experiments/charts';
import { DEFAULT_CONFIG } from '../../../model/network/config';

const SMALL = {
  ...DEFAULT_CONFIG,
  embedding_dim: 8,
  stages: 1,
  kernel_sizes: [3],
  bottleneck_layers: 1,
  attention_heads: 2,
  voters_per_bit: 4,
  context_chunks: 8,
};
const ARMS: readonly Arm[] = [
  { name: 'softmax', config: SMALL },
  { name: 'mean', config: { ...SMALL, aggregation: 'mean' } },
];
const RECIPE: Recipe = { steps: 12, batch: 4, rates: [1e-2, 3e-2], trialSteps: 12, measuredBytes: 512 };

const TINY: Experiment = {
  name: 'ablations',
  primary: '',
  correctedTests: null,
  version: 1,
  seeds: { quick: 2, full: 2 },
  leastDomains: 1,
  bytesPerDomain: () => 20_000,
  fixed: () => [],
  plan: (size) => planArms(ARMS, RECIPE, size),
  run: (run, context) =>
    runArm(
      run,
      ARMS.find(({ name }) => name === run.arm)!,
      RECIPE,
      context,
      {
        at: [0, 6, RECIPE.steps],
        measure: async (_step, inference) => [
          { bitsPerByte: await bitsPerByteOn(inference, context.text.heldOut, RECIPE.measuredBytes, context.signal) },
        ],
      },
    ),
  analyse: (rows) => ({
    findings: [
      {
        claim: 'tiny',
        measure: 'all of it',
        estimate: meanEstimate(numbers(rows, 'bitsPerByte'), 'bits per byte'),
        verdict: 'not tested',
        because: '',
      },
    ],
    charts: [],
  }),
};

const [out = '', text = ''] = process.argv.slice(2);
void runExperiment(TINY, {
  quick: true,
  seeds: 2,
  out,
  texts: [text],
  threads: 1,
  program: process.cwd(),
  onProgress: ({ running }) => {
    process.stdout.write(`${running}\n`);
  },
});
