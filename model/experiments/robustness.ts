/** @file Experiment 5: what failing voters, flipped votes, and noise in weights and text cost, by aggregation. */
import { mean } from 'simple-statistics';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { Aggregation } from '../network/aggregations';
import type { Parameters } from '../network/parameters';
import type { Estimate, ExperimentChart, Finding, LineChart, Verdict } from '../protocol/experiments';
import type { Inference } from '../runtime/inference';
import type { CorpusFile } from '../text/corpus';
import { Random } from '../text/random';
import type { BitScores } from './bitScores';
import { bitsPerByteOf, collectScores, scoresByFile } from './bitScores';
import { digits, groupRows, listed, numbers, seriesBy, tooFewPairs } from './charts';
import type { Experiment, ExperimentSize, Row, RunRow } from './experiment';
import { bitsOverBytes, clusteredEstimate, CROSSED, fileRows, isApartFrom } from './fileClusters';
import { powerAfter } from './power';
import { byImportance, shuffled, withoutVoters } from './pruning';
import { PAPER_VOTERS, voterChunks, voterConfig, voterRecipe, voterText } from './recipes';
import { holm, meanEstimate, meanHeight, signFlipTest, SIGNIFICANCE } from './statistics';
import { HALF, OUTVOTED } from './thresholds';
import type { Arm } from './trainArm';
import { describeRecipe, planArms, runArm } from './trainArm';

/** What is done to a trained model, at levels from none to much. */
const DAMAGES = {
  dropped: {
    title: 'voters dropped at random',
    level: 'share of voters dropped',
    levels: [0, 0.1, 0.25, 0.5, 0.75, 0.9],
  },
  droppedFirst: {
    title: 'voters dropped, the most important first',
    level: 'share of voters dropped',
    levels: [0, 0.1, 0.25, 0.5, 0.75, 0.9],
  },
  flipped: { title: 'votes flipped', level: 'share of votes flipped', levels: [0, 0.001, 0.005, 0.01, 0.02, 0.05] },
  weights: {
    title: 'weights noised',
    level: 'noise, share of the root mean square of each tensor',
    levels: [0, 0.05, 0.1, 0.2, 0.4],
  },
  text: { title: 'text noised', level: 'share of bytes replaced', levels: [0, 0.01, 0.02, 0.05, 0.1] },
} as const;

type Damage = keyof typeof DAMAGES;

/** Decides. */
const PRIMARY: Damage = 'flipped';

/** The quickest first. */
const ARMS: readonly Aggregation[] = ['dense', 'mean', 'confidence', 'softmax'];
/** The claim is about the paper's rule; against this one it differs in nothing else. */
const [PAPER, FOIL] = ['softmax', 'mean'] as const;
/** Random draws that are averaged. */
const DRAWS = 3;
const DAMAGE_SEED = 1_000_000;

function armsOf(size: Pick<ExperimentSize, 'quick'>): Arm[] {
  return ARMS.map((aggregation) => ({ name: aggregation, config: voterConfig(size, { aggregation }) }));
}

/** Mean over some random draws. */
function averaged(random: Random, measure: (random: Random) => number): number {
  let sum = 0;
  for (let draw = 0; draw < DRAWS; draw++) sum += measure(random);
  return sum / DRAWS;
}

/** Flips votes of all files one after the other. @returns the mean bits of each over some random draws, and its bytes */
function flippedFiles(scores: BitScores, rate: number, random: Random) {
  const files = scoresByFile(scores);
  const draws = Array.from({ length: DRAWS }, () => files.map((file) => withFlippedVotes(file, rate, random)));
  return files.map(({ chunks }, i) => {
    const bytes = CHUNK_BYTES * chunks;
    return { bits: bytes * mean(draws.map((draw) => draw[i]!)), bytes };
  });
}

/** Bits per byte where each vote is v or, with this probability, 1 − v. */
export function withFlippedVotes(scores: BitScores, rate: number, random: Random): number {
  return bitsPerByteOf(scores, (z) => {
    if (rate > 0) for (let i = 0; i < z.length; i++) if (random.uniform() < rate) z[i] = -z[i]!;
    return z;
  });
}

function noised(parameters: Parameters, share: number, random: Random): Parameters {
  return new Map(
    [...parameters].map(([name, { shape, data }]) => {
      const deviation = share * Math.sqrt(data.reduce((sum, value) => sum + value * value, 0) / data.length);
      return [name, { shape, data: data.map((value) => value + deviation * random.normal()) }];
    }),
  );
}

/** Measures all damages; those of votes from one pass over the text. */
async function damage(
  inference: Inference,
  text: { readonly heldOut: readonly CorpusFile[]; readonly validation: readonly CorpusFile[] },
  chunks: number,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<Row[]> {
  // Each damage draws by itself, so that text and votes are damaged alike in all arms of a seed.
  const randomOf = (name: Damage) => Random.fromSeed(DAMAGE_SEED + 100 * seed + Object.keys(DAMAGES).indexOf(name));
  const scores = await collectScores(inference, text.heldOut, chunks, { signal });
  const important = byImportance(await collectScores(inference, text.validation, chunks, { signal }));
  const rows: Row[] = [];
  const add = (name: Damage, level: number, bitsPerByte: number | null) => {
    rows.push({ kind: 'damage', damage: name, level, bitsPerByte });
  };
  for (const level of DAMAGES.dropped.levels) {
    const isDefined = withoutVoters(scores, important, level) !== null;
    const drop = (random: Random) => {
      const order = Array.from({ length: CHUNK_BITS }, () => shuffled(scores.voters, random));
      return withoutVoters(scores, order, level)!;
    };
    add('dropped', level, isDefined ? averaged(randomOf('dropped'), drop) : null);
  }
  for (const level of DAMAGES.droppedFirst.levels) add('droppedFirst', level, withoutVoters(scores, important, level));
  for (const level of DAMAGES.flipped.levels) {
    const files = flippedFiles(scores, level, randomOf('flipped'));
    add('flipped', level, files.reduce((sum, { bits }) => sum + bits, 0) / (CHUNK_BYTES * scores.chunks));
    rows.push(...fileRows({ damage: 'flipped', level }, files));
  }
  for (const level of DAMAGES.text.levels) {
    const random = randomOf('text');
    const corrupt = (bytes: Uint8Array) => bytes.map((byte) => (random.uniform() < level ? random.integer(256) : byte));
    add('text', level, bitsPerByteOf(await collectScores(inference, text.heldOut, chunks, { signal, corrupt })));
  }
  const { parameters } = inference;
  for (const level of DAMAGES.weights.levels) {
    await inference.replaceParameters(noised(parameters, level, randomOf('weights')));
    add('weights', level, bitsPerByteOf(await collectScores(inference, text.heldOut, chunks, { signal })));
  }
  await inference.replaceParameters(parameters);
  return rows;
}

/** Mean rise of bits per byte over the levels of a damage above none, seed by seed; seeds without every level are left out. */
function rises(rows: readonly RunRow[], damageName: Damage, arm: string): Map<number, number> {
  const { levels } = DAMAGES[damageName];
  const ofArm = rows.filter((row) => row['damage'] === damageName && row.arm === arm);
  const found = new Map<number, number>();
  for (const [seed, ofSeed] of groupRows(ofArm, 'seed')) {
    const curve = levels.map(
      (level) =>
        numbers(
          ofSeed.filter((row) => row['level'] === level),
          'bitsPerByte',
        )[0],
    );
    if (!curve.every((value) => value !== undefined)) continue;
    found.set(
      Number(seed),
      meanHeight(
        levels,
        curve.map((value) => value - curve[0]!),
      ),
    );
  }
  return found;
}

/** Rises of two arms, paired by seed. */
function differences(rows: readonly RunRow[], damageName: Damage): number[] {
  const foil = rises(rows, damageName, FOIL);
  return [...rises(rows, damageName, PAPER)].flatMap(([seed, rise]) => {
    const other = foil.get(seed);
    return other === undefined ? [] : [rise - other];
  });
}

/** The difference that decides, from rows of files; null where there are none. */
function clusteredDifference(rows: readonly RunRow[]): Estimate | null {
  const { levels } = DAMAGES[PRIMARY];
  const compared = rows.filter(({ arm }) => arm === PAPER || arm === FOIL);
  return clusteredEstimate(compared, 'bits per byte', (seeds) =>
    mean(
      seeds.map((ofSeed) => {
        const difference = levels.map((level) => {
          const bits = (of: string) => bitsOverBytes(ofSeed.filter((row) => row['level'] === level && row.arm === of));
          return bits(PAPER) - bits(FOIL);
        });
        return meanHeight(
          levels,
          difference.map((value) => value - difference[0]!),
        );
      }),
    ),
  );
}

/** @param files rows of files */
function comparisonFinding(rows: readonly RunRow[], files: readonly RunRow[]): Finding {
  const clustered = clusteredDifference(files);
  const estimate = clustered ?? meanEstimate(differences(rows, PRIMARY), 'bits per byte');
  const measure = `rise of bits per byte, mean over 0 to 5 % of votes flipped: ${PAPER} minus ${FOIL}, paired by seed`;
  const claim = { claim: 'outvoted', measure, estimate } as const;
  const test = signFlipTest(differences(rows, PRIMARY));
  const tooFew = tooFewPairs(test, estimate.n);
  if (tooFew !== null) return { ...claim, verdict: 'not tested', because: tooFew };
  // What decides was stated before the run; all else is corrected for being many.
  const others = (Object.keys(DAMAGES) as Damage[]).filter((name) => name !== PRIMARY);
  const corrected = holm(others.map((name) => signFlipTest(differences(rows, name)).p));
  const told = [PRIMARY, ...others].map((name, i) => {
    const p = i === 0 ? test.p : corrected[i - 1]!;
    const rise = meanEstimate(differences(rows, name), '').value ?? 0;
    const text = `${DAMAGES[name].title} (${digits(rise)}, p ${digits(p)})`;
    const isDecided = p < SIGNIFICANCE && (name !== PRIMARY || isApartFrom(0, clustered));
    return { name, text, isBetter: isDecided && rise < 0, isWorse: isDecided && rise > 0 };
  });
  const better = told.filter(({ isBetter }) => isBetter);
  const worse = told.filter(({ isWorse }) => isWorse);
  const open = told.filter(({ isBetter, isWorse }) => !isBetter && !isWorse);
  const texts = (some: typeof told) =>
    listed(
      some.map(({ text }) => text),
      5,
    );
  const parts = [
    ...(better.length > 0 ? [`${PAPER} loses less than ${FOIL} with ${texts(better)}.`] : []),
    ...(worse.length > 0 ? [`It loses more with ${texts(worse)}.`] : []),
    ...(open.length > 0 ? [`Not decided: ${texts(open)}.`] : []),
    ...(isApartFrom(0, clustered) ? [] : ['Over seeds and files the interval reaches 0: other files could differ.']),
    ...powerAfter(differences(rows, PRIMARY), 'bits per byte'),
  ];
  const [primary] = told;
  let verdict: Verdict = 'not tested';
  if (better.length > 0) verdict = primary!.isBetter && worse.length === 0 ? 'holds' : 'holds only where';
  else if (primary!.isWorse) verdict = 'fails';
  return { ...claim, verdict, because: parts.join(' ') };
}

function droppedFinding(rows: readonly RunRow[]): Finding {
  const shares = (name: Damage) => {
    const ofArm = rows.filter((row) => row.arm === PAPER && row['damage'] === name);
    return [...groupRows(ofArm, 'seed').values()].flatMap((ofSeed) => {
      const at = (level: number) =>
        numbers(
          ofSeed.filter((row) => row['level'] === level),
          'bitsPerByte',
        )[0];
      const [whole, half] = [at(0), at(HALF)];
      return whole === undefined || half === undefined ? [] : [(100 * (half - whole)) / whole];
    });
  };
  const random = meanEstimate(shares('dropped'), '% of bits per byte');
  const first = meanEstimate(shares('droppedFirst'), '% of bits per byte');
  const most = 100 * OUTVOTED;
  const isOutvoted = ({ interval }: typeof random): boolean | null => {
    if (interval === null || (interval[0] <= most && interval[1] > most)) return null;
    return interval[1] <= most;
  };
  const [byChance, byImportanceToo] = [isOutvoted(random), isOutvoted(first)];
  let verdict: Verdict = 'not tested';
  if (byChance === true) verdict = byImportanceToo === true ? 'holds' : 'holds only where';
  else if (byChance === false) verdict = 'fails';
  const told = [random, first].map(({ value }) => (value === null ? 'unknown' : `${digits(value)} %`));
  return {
    claim: 'outvoted',
    measure: `rise of bits per byte with half of the ${PAPER_VOTERS} voters of each bit dropped at random, ${PAPER}`,
    estimate: random,
    verdict,
    because: `${told[0]} at random, ${told[1]} where the most important go first; outvoted is up to ${most} %.`,
  };
}

export const ROBUSTNESS: Experiment = {
  name: 'robustness',
  primary: `Rise of bits per byte, mean over 0 to 5 % of votes flipped, softmax minus mean of votes, paired by seed. ${CROSSED} A difference counts where the test of seeds decides it and that interval leaves 0 out.`,
  // The damages beside the one that decides.
  correctedTests: () => Object.keys(DAMAGES).length - 1,
  version: 2,
  // With 8 pairs an exact test of one of the four other damages can still reach p < 0.05 after correction.
  seeds: { quick: 8, full: 8 },
  leastDomains: 1,
  bytesPerDomain: voterText,
  fixed: (size) => [
    ...describeRecipe(voterRecipe(size)),
    `network: the paper's, width ${voterConfig(size, {}).embedding_dim}, independent bits, M ${PAPER_VOTERS}`,
    `damage: measured at ${voterChunks(size)} chunks held out, mean of ${DRAWS} draws`,
  ],
  plan: (size) => planArms(armsOf(size), voterRecipe(size), size),
  async run(run, context) {
    const { quick, text, signal } = context;
    const arm = armsOf({ quick }).find(({ name }) => name === run.arm)!;
    const recipe = voterRecipe({ quick });
    return runArm(run, arm, recipe, context, {
      at: [recipe.steps],
      measure: (_step, inference) => damage(inference, text, voterChunks({ quick }), run.seed, signal),
    });
  },
  analyse(all) {
    const rows = all.filter(({ kind }) => kind === 'damage');
    const files = all.filter(({ kind }) => kind === 'file');
    const seeds = groupRows(rows, 'seed').size;
    const note = `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, M ${PAPER_VOTERS}, text held out`;
    const names = Object.keys(DAMAGES) as Damage[];
    const lines = names.map((name): LineChart => {
      const { title, level } = DAMAGES[name];
      return {
        kind: 'lines',
        title: `What do ${title} cost?`,
        note: rows.some((row) => row['damage'] === name && row['bitsPerByte'] === null)
          ? `${note}; dense has one voter per bit, so none can be dropped`
          : note,
        x: { label: level, unit: '', scale: 'linear' },
        y: { label: 'held out', unit: 'bits per byte', scale: 'linear' },
        series: seriesBy(
          rows.filter((row) => row['damage'] === name),
          'arm',
          'level',
          'bitsPerByte',
        ),
      };
    });
    const areas = names.map((name): ExperimentChart => ({
      kind: 'dots',
      title: `How much do ${DAMAGES[name].title} cost on average?`,
      note: `${note}; area under the rise of bits per byte, over the range of levels`,
      x: { label: 'mean rise', unit: 'bits per byte', scale: 'linear' },
      rows: [...groupRows(rows, 'arm').keys()].map((arm) => {
        const estimate = meanEstimate([...rises(rows, name, String(arm)).values()], 'bits per byte');
        const reason = 'dense has one voter per bit, so none can be dropped';
        return { arm: String(arm), estimate: estimate.value === null ? { ...estimate, reason } : estimate };
      }),
    }));
    return { findings: [comparisonFinding(rows, files), droppedFinding(rows)], charts: [...lines, ...areas] };
  },
};
