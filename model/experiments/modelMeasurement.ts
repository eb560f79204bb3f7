/** @file How sparse a trained model really is: what can be measured of it at once, on one text, without any training. */
import { mean } from 'simple-statistics';
import type { InspectedDocument } from '../inspection/inspector';
import type { TurnOptions } from '../inspection/turns';
import { Turns } from '../inspection/turns';
import { CHUNK_BYTES } from '../measures/chunk';
import { votersPerBit } from '../network/config';
import type { Estimate, ExperimentChart, Finding, ModelMeasurement } from '../protocol/experiments';
import type { AnalysisProgress } from '../protocol/voterAnalyses';
import type { Inference } from '../runtime/inference';
import { Random } from '../text/random';
import type { BitScores } from './bitScores';
import { collectScores } from './bitScores';
import { digits } from './charts';
import { byImportance, shuffled, withoutVoters } from './pruning';
import { FEW, FEW_OF, HALF, NEAR_MAXIMUM, OUTVOTED, TAUS_TO_MAXIMUM } from './thresholds';
import type { Case } from './verdicts';
import { COUNTED, verdictOf } from './verdicts';
import type { CountsByBit, Definition } from './voterCounts';
import { countWithLosses, DEFINITIONS, distanceFromMaximum } from './voterCounts';

/** Chunks of each half of the text that are looked at, at most. */
const MOST_CHUNKS = 256;
/** Random draws that are averaged. */
const DRAWS = 3;

/** What was measured on the text's second half. */
interface Measured {
  readonly scores: BitScores;
  readonly counts: CountsByBit;
  /** Numbers of voters that are kept, ascending; the last is M. */
  readonly kept: readonly number[];
  /** Bits per byte with as many voters as `kept` says. */
  readonly costs: Readonly<Record<keyof typeof KEPT, readonly number[]>>;
  /** Distance of p from the largest vote at each of TAUS_TO_MAXIMUM, and at the model's own τ; null unless it is a softmax of votes. */
  readonly distances: { readonly at: readonly number[]; readonly own: number } | null;
}

/** Which voters are kept. */
const KEPT = {
  largest: 'those of the largest weights at each bit',
  important: 'the most important of the first half',
  random: 'drawn at random',
} as const;

/**
 * Counts voters by every definition and keeps fewer and fewer of them; voters are chosen on the first half of the text, and all is
 * measured on the second. Voters that are silenced count as the model has them.
 * @returns null where a half has no whole chunk, or the model has one voter per bit
 * @throws the signal's reason when it is aborted
 */
export async function measureModel(
  inference: Inference,
  { uri, bytes }: Pick<InspectedDocument, 'uri' | 'bytes'>,
  { onProgress, ...turnOptions }: TurnOptions & { readonly onProgress?: (progress: AnalysisProgress) => void },
): Promise<ModelMeasurement | null> {
  const middle = CHUNK_BYTES * Math.floor(bytes.length / (2 * CHUNK_BYTES));
  if (middle === 0 || votersPerBit(inference.config) < 2) return null;
  const collect = (half: Uint8Array, before: 0 | 1) =>
    collectScores(inference, [{ path: uri, bytes: half }], MOST_CHUNKS, {
      ...turnOptions,
      onProgress: (done, total) => onProgress?.({ phase: 'votes', done: before * total + done, total: 2 * total }),
    });
  const important = byImportance(await collect(bytes.subarray(0, middle), 0));
  const scores = await collect(bytes.subarray(middle), 1);
  const measured = await measure(scores, important, new Turns(turnOptions), (done, total) =>
    onProgress?.({ phase: 'comparing', done, total }),
  );
  return { chunks: scores.chunks, findings: findingsOf(measured), charts: chartsOf(measured) };
}

/** @param onProgress told before every step: as many as numbers of voters and τ are compared */
async function measure(
  scores: BitScores,
  important: readonly (readonly number[])[],
  turns: Turns,
  onProgress: (done: number, total: number) => void,
): Promise<Measured> {
  const M = scores.voters;
  const { counts, losses } = countWithLosses(scores);
  const kept = Array.from({ length: Math.ceil(Math.log2(M)) }, (_, i) => 2 ** i);
  kept.push(M);
  const steps = kept.length + (scores.aggregation === 'softmax' ? TAUS_TO_MAXIMUM.length : 0);
  let step = 0;
  const next = async () => {
    onProgress(step++, steps);
    await turns.give();
  };
  const random = Random.fromSeed(0);
  const costs = { largest: [], important: [], random: [] } as Record<keyof typeof KEPT, number[]>;
  for (const k of kept) {
    await next();
    const cost = (order: readonly (readonly number[])[]) => withoutVoters(scores, order, (M - k) / M)!;
    costs.largest.push(losses[k - 1]! / (CHUNK_BYTES * scores.chunks));
    // What is dropped comes first.
    costs.important.push(cost(important.map((order) => order.toReversed())));
    const draws = Array.from({ length: DRAWS }, () => cost(important.map(() => shuffled(M, random))));
    costs.random.push(mean(draws));
  }
  if (scores.aggregation !== 'softmax') return { scores, counts, kept, costs, distances: null };
  const at: number[] = [];
  for (const tau of TAUS_TO_MAXIMUM) {
    await next();
    at.push(distanceFromMaximum(scores, tau));
  }
  // Bits may have learned τ of their own.
  const own = distanceFromMaximum(scores, null);
  return { scores, counts, kept, costs, distances: { at, own } };
}

const NO_INTERVAL = 'One model and one text: it has no interval.';

function estimateOf(value: number, unit: string, n: number, of: string): Estimate {
  return { value, interval: null, n, of, unit };
}

function findingsOf({ scores, counts, kept, costs, distances }: Measured): Finding[] {
  const M = scores.voters;
  const [, ones] = counts;
  const cases = COUNTED.flatMap(({ definition, bit, name }): Case[] => {
    const counted = counts[bit];
    if (counted === null) return [];
    const value = counted[definition];
    return [{ name, estimate: estimateOf(value, 'voters', counted.bits, 'bits'), holds: value <= FEW }];
  });
  const judged = verdictOf(cases, `At most ${FEW}`);
  const few: Finding = {
    claim: 'fewDominate',
    measure: `effective voters 1/Σw² of 1-bits, M ${M}`,
    estimate:
      ones === null
        ? { value: null, interval: null, n: 0, of: 'bits', unit: 'voters', reason: 'the text has no 1-bits' }
        : estimateOf(ones.effective, 'voters', ones.bits, 'bits'),
    // Of fewer voters, as few are no finding.
    ...(M === FEW_OF
      ? judged
      : {
          verdict: 'not tested',
          because: `The claim is about ${FEW_OF} voters per bit, and this model has ${M}. ${judged.because}`,
        }),
  };
  const whole = costs.important.at(-1)!;
  const half = kept.findLastIndex((k) => k <= HALF * M);
  const rise = (cost: number) => (cost - whole) / whole;
  const [byChance, leastFirst] = [rise(costs.random[half]!), rise(costs.important[half]!)];
  // As precise as the figure beside it.
  const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;
  const outvoted: Finding = {
    claim: 'outvoted',
    measure: `rise of bits per byte with ${kept[half]!} of ${M} voters of each bit, drawn at random`,
    estimate: estimateOf(100 * byChance, '%', scores.chunks, 'chunks'),
    verdict: byChance <= OUTVOTED ? 'holds' : leastFirst <= OUTVOTED ? 'holds only where' : 'fails',
    because: `${percent(byChance)} with voters drawn at random, ${percent(leastFirst)} where the most important stay; outvoted is up to ${percent(OUTVOTED)}. ${NO_INTERVAL}`,
  };
  const findings = [{ ...few, because: `${few.because} ${NO_INTERVAL}` }, outvoted];
  if (distances === null) return findings;
  const last = distances.at.at(-1)!;
  const course = distances.at.map((distance, i) => `${digits(distance)} at τ ${TAUS_TO_MAXIMUM[i]!}`).join(', ');
  const maximum: Finding = {
    claim: 'maximum',
    measure: 'distance of p from the largest vote of its bit, mean over bits, with the τ of the model',
    estimate: estimateOf(distances.own, 'probability', 32 * scores.chunks, 'bits'),
    verdict: last <= NEAR_MAXIMUM ? 'holds' : 'fails',
    because: `${course}. ${NO_INTERVAL}`,
  };
  return [maximum, ...findings];
}

function chartsOf({ scores, counts, kept, costs, distances }: Measured): ExperimentChart[] {
  const M = scores.voters;
  const note = `${scores.chunks} chunks of the second half of the text`;
  const [zeros, ones] = counts;
  const definitions = Object.keys(DEFINITIONS) as Definition[];
  const rows = definitions.map((definition) => {
    // The operational count is of all bits together.
    const isOfAll = definition === 'operational';
    const counted = isOfAll ? null : counts;
    return [
      counted?.[1]?.[definition] ?? null,
      counted?.[0]?.[definition] ?? null,
      isOfAll ? (ones ?? zeros)![definition] : null,
    ];
  });
  const above = [ones, zeros].map((counted) => (counted === null ? null : counted.density * M));
  const line = (arm: string, x: readonly number[], y: readonly number[]) => ({
    arm,
    points: x.map((at, i) => ({ x: at, y: y[i]!, interval: null })),
  });
  const which = Object.keys(KEPT) as (keyof typeof KEPT)[];
  const charts: ExperimentChart[] = [
    {
      kind: 'matrix',
      title: `How many of ${M} voters count, by each definition?`,
      note,
      rowTitle: 'definition',
      rows: [...definitions.map((definition) => DEFINITIONS[definition]), 'votes above ½'],
      columnTitle: 'mean over',
      columns: ['1-bits', '0-bits', 'all bits'],
      unit: 'voters',
      values: [...rows, [...above, null]],
    },
    {
      kind: 'lines',
      title: 'What does the text cost where fewer voters are kept?',
      note: `${note}; importance from the first half; the largest weights are known only once all votes are`,
      x: { label: 'voters kept per bit', unit: '', scale: 'log' },
      y: { label: 'second half of the text', unit: 'bits per byte', scale: 'log' },
      series: which.map((key) => line(KEPT[key], kept, costs[key])),
    },
  ];
  if (distances === null) return charts;
  return [
    ...charts,
    {
      kind: 'lines',
      title: 'How near is p to the largest vote as τ grows?',
      note: `${note}; the votes of the model, weighted with other τ`,
      x: { label: 'τ', unit: '', scale: 'log' },
      y: { label: 'largest vote − p', unit: 'probability', scale: 'linear' },
      series: [line(scores.aggregation, TAUS_TO_MAXIMUM, distances.at)],
    },
  ];
}
