/** @file What each stage of the trunk costs, counted from the graph of the paper's network at several depths; nothing is trained. */
import { blockFlops } from '../network/blockFlops';
import { networkBlocks } from '../network/blocks';
import { DEFAULT_CONFIG } from '../network/config';
import type { ChartAxis, ExperimentChart, Finding, Verdict } from '../protocol/experiments';
import { digits, listed, pointsOver } from './charts';
import type { Row, RunRow } from './experiment';

/** S, stages of the trunk. */
const DEPTHS = [1, 2, 3, 4] as const;
const DEEPEST = DEPTHS.at(-1)!;
/** A stage of so many times the cost of another costs about as much. */
const ABOUT_AS_MUCH = [0.8, 1.25] as const;

/** What is counted, for the report. */
export const COUNTED_NETWORK = `width ${DEFAULT_CONFIG.embedding_dim}, kernels ${DEFAULT_CONFIG.kernel_sizes.join(', ')}, ${DEFAULT_CONFIG.bottleneck_layers} blocks of the bottleneck, ${DEFAULT_CONFIG.context_chunks} chunks`;

/** What the paper's sentence would make of the charts. */
const CLAIMED = 'as claimed: all alike';

/** Parts of the trunk, a column each. */
const PARTS = {
  stages: 'all stages',
  bottleneck: 'bottleneck without attention',
  attention: 'attention',
  ends: 'embedding, first and last convolution',
} as const;
type Part = keyof typeof PARTS;

/** Multiplications per chunk of a window: a row for each stage of each depth, encoder and decoder, and one for each depth. */
export function stageRows(): Row[] {
  return DEPTHS.flatMap((depth): Row[] => {
    const config = { ...DEFAULT_CONFIG, stages: depth };
    const counted = blockFlops(config);
    const multiplications = (ids: readonly string[]) => ids.reduce((sum, id) => sum + counted.get(id)!.weights / 2, 0);
    const stages = Array.from({ length: depth }, (_, i) => {
      const encoder = multiplications([
        `processor.encoder.stages.${i}.blocks`,
        `processor.encoder.stages.${i}.downsample`,
      ]);
      const mirrored = `processor.decoder.stages.${depth - 1 - i}`;
      const decoder = multiplications([`${mirrored}.upsample`, `${mirrored}.blocks`]);
      return { kind: 'stage', depth, stage: i + 1, encoder, decoder, multiplications: encoder + decoder };
    });
    const bottleneck = networkBlocks(config).flatMap(({ id, kind }) => (kind === 'transformer' ? [id] : []));
    const parts: Record<Part, number> = {
      stages: stages.reduce((sum, stage) => sum + stage.multiplications, 0),
      bottleneck: multiplications(bottleneck),
      attention: bottleneck.reduce((sum, id) => sum + counted.get(id)!.attention / 2, 0),
      ends: multiplications(['input_embedding', 'processor.input_conv', 'processor.output_conv']),
    };
    return [...stages, { kind: 'depth', depth, ...parts }];
  });
}

interface Step {
  readonly name: string;
  /** The stage's cost over that of the stage before. */
  readonly ratio: number;
}

/** From stage to stage of the deepest trunk. */
function steps(rows: readonly RunRow[]): Step[] {
  const costs = pointsOver(stagesOf(rows), 'stage', 'multiplications');
  return costs.slice(1).map(({ x, y }, i) => ({ name: `stage ${x} to stage ${x - 1}`, ratio: y! / costs[i]!.y! }));
}

function stagesOf(rows: readonly RunRow[]): RunRow[] {
  return rows.filter((row) => row['kind'] === 'stage' && row['depth'] === DEEPEST);
}

export function stageFinding(rows: readonly RunRow[]): Finding {
  const all = steps(rows);
  const product = all.reduce((result, { ratio }) => result * ratio, 1);
  const value = all.length === 0 ? null : product ** (1 / all.length);
  const [least, most] = ABOUT_AS_MUCH;
  const equal = all.filter(({ ratio }) => ratio >= least && ratio <= most);
  const other = all.filter((step) => !equal.includes(step));
  let verdict: Verdict = 'holds only where';
  if (all.length === 0) verdict = 'not tested';
  else if (equal.length === 0) verdict = 'fails';
  else if (other.length === 0) verdict = 'holds';
  const told = (some: readonly Step[]) => listed(some.map(({ name, ratio }) => `${name}: ${digits(ratio)}`));
  const total = pointsOver(
    rows.filter((row) => row['kind'] === 'depth'),
    'depth',
    'stages',
  );
  const parts = [
    'Counted exactly from the graph, so without an interval.',
    ...(equal.length > 0 ? [`About as much (${least} to ${most} times): ${told(equal)}.`] : []),
    ...(other.length > 0 ? [`Not about as much: ${told(other)}.`] : []),
    ...(total.length > 1
      ? [
          `All stages: ${digits(total.at(-1)!.y! / total[0]!.y!)} times from ${total[0]!.x} to ${total.at(-1)!.x} of them.`,
        ]
      : []),
  ];
  return {
    claim: 'stageCost',
    measure: `multiplications of a stage, encoder and decoder, over those of the stage before, mean over ${DEEPEST} stages`,
    estimate: {
      value,
      interval: null,
      n: all.length,
      of: 'pairs of stages',
      unit: 'times',
      ...(value === null ? { reason: 'no stage was counted' } : {}),
    },
    verdict,
    because: all.length === 0 ? 'No stage was counted.' : parts.join(' '),
  };
}

export function stageCharts(rows: readonly RunRow[]): ExperimentChart[] {
  const note = `counted from the graph: ${COUNTED_NETWORK}`;
  const y: ChartAxis = { label: 'multiplications per chunk', unit: '', scale: 'log' };
  const points = (column: string) => pointsOver(stagesOf(rows), 'stage', column);
  const counted = points('multiplications');
  const ofDepth = rows.filter((row) => row['kind'] === 'depth');
  return [
    {
      kind: 'lines',
      title: 'What does each stage cost?',
      note: `${note}, ${DEEPEST} stages`,
      x: { label: 'stage, from full resolution down', unit: '', scale: 'linear' },
      y,
      series: [
        { arm: 'encoder and decoder', points: counted },
        { arm: 'encoder', points: points('encoder') },
        { arm: 'decoder', points: points('decoder') },
        { arm: CLAIMED, points: counted.map(({ x }) => ({ ...counted[0]!, x })) },
      ],
    },
    {
      kind: 'dots',
      title: 'How much more does a stage cost than the one before?',
      note,
      x: { label: 'cost of the stage over that of the one before', unit: 'times', scale: 'linear' },
      rows: [...steps(rows), { name: CLAIMED, ratio: 1 }].map(({ name, ratio }) => ({
        arm: name,
        estimate: { value: ratio, interval: null, n: 1, of: 'networks', unit: 'times' },
      })),
    },
    {
      kind: 'lines',
      title: 'What does the trunk cost as it gets deeper?',
      note,
      x: { label: 'S, stages', unit: '', scale: 'linear' },
      y,
      series: (Object.keys(PARTS) as Part[]).map((part) => ({
        arm: PARTS[part],
        points: pointsOver(ofDepth, 'depth', part),
      })),
    },
  ];
}
