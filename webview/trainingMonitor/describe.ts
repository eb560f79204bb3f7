/** @file A run and its figures in words and numbers. Pure. */
import { format } from 'd3-format';
import { roughTime } from '../../model/measures/numberText';
import { DEAD_SHARE } from '../../model/measures/voterClasses';
import type { ExportCell, ExportTable } from '../shared/export/panel';
import { formatCount, formatNumber, formatSeconds } from '../shared/text';
import type {
  MonitorAxis,
  MonitorMoment,
  MonitorRun,
  MonitorRunState,
} from '../../model/protocol/panels/trainingMonitor';
import type { Smoothing } from './series';
import { indexUpTo } from './series';

const fixed3 = format('.3f');
const fixed1 = format('.1f');
const percent = format('.1f');

export const STATE_WORDS: Readonly<Record<MonitorRunState, string>> = {
  reading: 'reading its log',
  waiting: 'about to begin',
  running: 'training',
  stopping: 'stopping at its next step',
  finished: 'finished',
  stopped: 'stopped',
  diverged: 'diverged',
  failed: 'failed',
  interrupted: 'interrupted',
  missing: 'no log',
};

const NONE = '–';

/** A number that may be unknown. */
function known(value: number | null | undefined, write: (value: number) => string): string {
  return value == null || Number.isNaN(value) ? NONE : write(value);
}

export function formatAt(axis: MonitorAxis, at: number): string {
  return axis === 'step' ? `step ${formatCount(at)}` : formatSeconds(at);
}

/** 'training · step 120 of 600 · bits per byte: 3.210 trained on, 3.451 held out · 40 s left' */
export function runSummary(run: MonitorRun): string {
  const { curves, steps, remainingSeconds, heldOut } = run;
  const parts = [STATE_WORDS[run.state]];
  const step = curves.step.at(-1);
  if (step !== undefined) parts.push(`step ${formatCount(step)}${steps === null ? '' : ` of ${formatCount(steps)}`}`);
  const measured = heldOut.bitsPerByte.at(-1);
  const trained = curves.bitsPerByte.at(-1);
  const bits = [];
  if (trained !== undefined && !Number.isNaN(trained)) bits.push(`${fixed3(trained)} trained on`);
  if (measured !== undefined) bits.push(`${fixed3(measured)} held out`);
  if (bits.length > 0) parts.push(`bits per byte: ${bits.join(', ')}`);
  if (run.state === 'running' && remainingSeconds !== null) parts.push(`${roughTime(remainingSeconds)} left`);
  return parts.join(' · ');
}

/** The figures of a moment: a name and what it reads, in the order in which they are shown. */
export const FIGURES: readonly { readonly name: string; readonly read: (moment: MonitorMoment) => string }[] = [
  { name: 'Step', read: ({ step }) => formatCount(step) },
  { name: 'Trained for', read: ({ seconds }) => known(seconds, formatSeconds) },
  { name: 'Loss (nats per bit)', read: ({ loss }) => known(loss, fixed3) },
  { name: 'Bits per byte, trained on', read: ({ bitsPerByte }) => known(bitsPerByte, fixed3) },
  {
    name: 'Bits per byte, held out',
    read: ({ heldOut }) => known(heldOut?.bitsPerByte, fixed3),
  },
  { name: 'Learning rate', read: ({ learningRate }) => known(learningRate, formatNumber) },
  { name: 'Gradient norm', read: ({ gradientNorm }) => known(gradientNorm, formatNumber) },
  { name: 'Chunks per second', read: ({ chunksPerSecond }) => known(chunksPerSecond, formatNumber) },
  { name: 'Milliseconds per step', read: ({ stepMilliseconds }) => known(stepMilliseconds, fixed1) },
  { name: 'Effective voters, 1-bits', read: ({ probe }) => known(probe?.effectiveVotersOnes, fixed1) },
  { name: 'Effective voters, 0-bits', read: ({ probe }) => known(probe?.effectiveVotersZeros, fixed1) },
  { name: 'Dead voters', read: ({ probe }) => (probe === null ? NONE : ofVoters(probe.deadVoters, probe.voters)) },
  { name: 'Dense voters', read: ({ probe }) => (probe === null ? NONE : ofVoters(probe.denseVoters, probe.voters)) },
  { name: 'Activation density', read: ({ probe }) => known(probe?.density, (share) => `${percent(100 * share)} %`) },
  {
    name: 'Voters measured on, N chunks',
    read: ({ probe }) =>
      probe === null ? NONE : `${known(probe.chunks, formatCount)} ${probe.heldOut ? 'held out' : 'trained on'}`,
  },
  { name: 'Voters measured at', read: ({ probe }) => known(probe?.step, (step) => `step ${formatCount(step)}`) },
];

/** Of so many chunks a dead voter is active in fewer than one. */
const DEAD_CHUNKS = Math.round(1 / DEAD_SHARE);

function ofVoters(count: number, voters: number): string {
  return known(count, (value) => `${formatCount(value)} (${known((100 * value) / voters, percent)} %)`);
}

/** Where the voters' figures come from, for the line below the charts. */
export function provenanceOf(runs: readonly MonitorRun[], chosen: MonitorRun, smoothing: Smoothing): string {
  const { curves, probes } = chosen;
  const points =
    curves.perPoint === 1
      ? `N = ${formatCount(curves.reports)} reports`
      : `N = ${formatCount(curves.reports)} reports, ${curves.perPoint} per point (line: mean, band: least to most)`;
  const voters =
    probes.voters === 0
      ? 'voters not measured'
      : `${formatCount(probes.voters)} voters on N = ${formatCount(probes.chunks)} chunks of text that is ${probes.heldOut ? 'held out' : 'trained on'}; active: vote above ½; dead: active in ${probes.chunks < DEAD_CHUNKS ? 'none of them' : `fewer than 1 of ${formatCount(DEAD_CHUNKS)}`}; dense: in more than 9 of 10`;
  const smoothed =
    smoothing === 'none'
      ? ''
      : ` · lines smoothed: exponential mean, ${smoothing} of what was before; raw values behind them`;
  const others = runs.length > 1 ? ` · one of ${runs.length} runs` : '';
  return `${chosen.name}${others} · ${points}${smoothed} · ${voters} · training.jsonl in ${chosen.place}`;
}

const COLUMNS: readonly string[] = [
  'Step',
  'Seconds',
  'Bits per byte, trained on',
  'Bits per byte, held out',
  'Learning rate',
  'Gradient norm',
  'Chunks per second',
  'Effective voters, 1-bits',
  'Effective voters, 0-bits',
  'Dead, share',
  'Dense, share',
];

/** Columns of what is measured only now and then: held-out text, and the voters. */
export const MEASURED: readonly number[] = [3, 7];

/** What was measured last within the reports of each point; NaN where nothing was. */
function within(points: Float64Array, steps: Float64Array, values: Float32Array): number[] {
  return Array.from(points, (step, i) => {
    const at = indexUpTo(steps, step);
    const measured = steps[at];
    const isHere = measured !== undefined && measured <= step && measured > (points[i - 1] ?? -Infinity);
    return isHere ? values[at]! : NaN;
  });
}

/** Every point of a run; numbers not rounded, null where there is none. */
export function runTable({ curves, heldOut, probes }: MonitorRun): ExportTable {
  const columns: readonly ArrayLike<number>[] = [
    curves.step,
    curves.seconds,
    curves.bitsPerByte,
    within(curves.step, heldOut.step, heldOut.bitsPerByte),
    curves.learningRate,
    curves.gradientNorm,
    curves.chunksPerSecond,
    within(curves.step, probes.step, probes.effectiveVotersOnes),
    within(curves.step, probes.step, probes.effectiveVotersZeros),
    within(curves.step, probes.step, probes.deadShares),
    within(curves.step, probes.step, probes.denseShares),
  ];
  const cell = (value: number): ExportCell => (Number.isNaN(value) ? null : value);
  return {
    columns: COLUMNS,
    rows: Array.from(curves.step, (_, row) => columns.map((column) => cell(column[row]!))),
  };
}

/** A cell of the table for users. */
export function cellText(cell: ExportCell, column: number): string {
  if (cell === null) return NONE;
  if (typeof cell === 'string') return cell;
  if (column === 0) return formatCount(cell);
  if (column === 1) return fixed1(cell);
  return column === 2 || column === 3 ? fixed3(cell) : formatNumber(cell);
}
