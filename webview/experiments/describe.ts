/** @file Results in words and numbers, and the rows of their tables. Pure. */
import { format } from 'd3-format';
import { CLAIMS, claimText } from '../../model/measures/claims';
import { byteSize, plural, roughTime } from '../../model/measures/numberText';
import { EXPERIMENT_TEXTS, QUICK_CAUTION, runsText, seedsText, verdictText } from '../../model/measures/experimentText';
import type {
  Claim,
  Estimate,
  ExperimentChart,
  ExperimentProgress,
  ExperimentResult,
  Finding,
} from '../../model/protocol/experiments';
import type { ShownExperiment, ShownModel } from '../../model/protocol/panels/experiments';
import type { ExportCell, ExportTable } from '../shared/export/panel';
import { formatNumber, formatSeconds } from '../shared/text';

export type ToldVerdict = ReturnType<typeof verdictText>;

/** What stands beside the word, so that a verdict is told without colour. */
export const VERDICT_SIGNS: Readonly<Record<ToldVerdict, string>> = {
  holds: '✓',
  fails: '✗',
  'holds only where': '◐',
  'not decided': '○',
  'not tested': '○',
};

/** A value as precise as its interval allows: two digits of the interval’s width, three digits where there is none. */
export function formatValue(value: number, interval: readonly [number, number] | null): string {
  const width = interval === null ? 0 : interval[1] - interval[0];
  const isPlain = Math.abs(value) < 1e6 && width >= 1e-4 && Number.isFinite(width);
  if (!isPlain) return formatNumber(value);
  return format(`,.${Math.max(0, 1 - Math.floor(Math.log10(width)))}f`)(value);
}

/** 95 %: 1.80 … 1.86 */
export function intervalText(interval: readonly [number, number]): string {
  return `95 %: ${formatValue(interval[0], interval)} … ${formatValue(interval[1], interval)}`;
}

/** 1.83 bits per byte; undefined: why */
export function valueText({ value, interval, unit, reason }: Estimate): string {
  if (value === null) return `undefined: ${reason ?? 'no reason is given'}`;
  return unit === '' ? formatValue(value, interval) : `${formatValue(value, interval)} ${unit}`;
}

/** The interval and N of an estimate, below its value. */
export function certaintyText({ value, interval, n, of }: Estimate): string {
  const samples = `N = ${formatNumber(n)} ${n === 1 ? of.replace(/s$/, '') : of}`;
  if (value === null) return samples;
  return `${interval === null ? 'no interval' : intervalText(interval)} · ${samples}`;
}

/** A point of a line: 4.1 (95 %: 3.8 … 4.4) */
export function pointText(y: number | null, interval: readonly [number, number] | null): string {
  if (y === null) return 'undefined';
  return interval === null ? formatValue(y, null) : `${formatValue(y, interval)} (${intervalText(interval)})`;
}

/** Label and unit of an axis. */
export function axisText({ label, unit }: { readonly label: string; readonly unit: string }): string {
  return unit === '' ? label : `${label} (${unit})`;
}

/** Arms of all charts of a result by their place: colour and mark, the same in each. */
export function armSlots(charts: readonly ExperimentChart[]): ReadonlyMap<string, number> {
  const slots = new Map<string, number>();
  for (const chart of charts) {
    const arms = chart.kind === 'lines' ? chart.series : chart.kind === 'dots' ? chart.rows : [];
    for (const { arm } of arms) if (!slots.has(arm)) slots.set(arm, slots.size);
  }
  return slots;
}

/** 3 of 48 runs · voters, M = 64, seed 2 · 12 min left */
export function progressText({ done, planned, running, secondsLeft }: ExperimentProgress): string {
  return [
    runsText({ runs: { done, planned } }),
    running,
    ...(secondsLeft === null ? [] : [`${roughTime(secondsLeft)} left`]),
  ].join(' · ');
}

/** How an experiment of the list stands. */
export function standing({ result, isRunning, progress }: ShownExperiment): string {
  if (isRunning) return progress === null ? 'running · about to begin' : `running · ${progressText(progress)}`;
  if (result === null) return 'no result yet';
  const { done, planned } = result.runs;
  const parts = [done === planned ? 'done' : 'partly done', runsText(result), seedsText(result)];
  return [...parts, ...(result.setup.quick ? ['quick'] : []), formatSeconds(result.seconds)].join(' · ');
}

/** How the loaded model of the list stands. */
export function modelStanding({ measurement, work, provenance }: ShownModel): string {
  if (work !== null) return 'measuring…';
  if (measurement === null || provenance === null) return 'not measured yet';
  return `${provenance.model} on ${provenance.document} · ${plural(measurement.chunks, 'chunk', 'chunks')}`;
}

/** What a reader has to know before the numbers; none where the result is whole. */
export function cautions({ setup, runs }: ExperimentResult): string[] {
  return [
    ...(runs.done < runs.planned
      ? [`${runs.done} of ${plural(runs.planned, 'run is', 'runs are')} done: numbers may still change.`]
      : []),
    ...(setup.quick ? [QUICK_CAUTION] : []),
  ];
}

/** What a result was made with: names and values, in the order of reading. */
export function setupRows({
  setup,
  seconds,
  runs,
}: ExperimentResult): readonly (readonly [name: string, value: string])[] {
  const { environment } = setup;
  return [
    ['Seeds', seedsText({ setup, runs })],
    ['Length', setup.quick ? 'quick' : 'full'],
    ['Time of all runs', formatSeconds(seconds)],
    ...setup.fixed.map((line): readonly [string, string] => {
      const colon = line.indexOf(': ');
      return colon < 0 ? ['Fixed', line] : [line.slice(0, colon), line.slice(colon + 2)];
    }),
    ['Version', `SMUGGLER ${setup.version}${setup.commit === null ? '' : `, commit ${setup.commit}`}`],
    ['Processor', `${environment.processor}, ${plural(environment.threads, 'thread', 'threads')}`],
    ['System', `${environment.platform}, Node.js ${environment.node}, ONNX Runtime ${environment.onnxRuntime}`],
  ];
}

/** Text by text: name, files, bytes, held out, hash. */
export function textRows({ setup }: ExperimentResult): readonly (readonly string[])[] {
  return setup.texts.map(({ name, files, bytes, heldOutBytes, sha256 }) => [
    name,
    formatNumber(files),
    byteSize(bytes),
    byteSize(heldOutBytes),
    sha256,
  ]);
}

export interface ClaimRow {
  readonly claim: Claim;
  /** The experiment that tells of it; null where none does. */
  readonly source: ShownExperiment | null;
  /** What it found; empty where it was not tested. */
  readonly findings: readonly Finding[];
  /** What was measured of the loaded model. */
  readonly ofModel: readonly Finding[];
}

/** Of several results of one experiment the one that tells most: a full one before a quick one, a whole one before a part. */
function worth({ result }: ShownExperiment): number {
  if (result === null) return 0;
  return 1 + (result.setup.quick ? 0 : 2) + (result.runs.done === result.runs.planned ? 1 : 0);
}

/** Every claim with what is known of it. */
export function claimRows(experiments: readonly ShownExperiment[], model: ShownModel | null): ClaimRow[] {
  const best = experiments.toSorted((a, b) => worth(b) - worth(a));
  return CLAIMS.map((claim) => {
    const about = (findings: readonly Finding[] = []) => findings.filter(({ claim: key }) => key === claim.key);
    const ofModel = about(model?.measurement?.findings);
    for (const source of best) {
      const findings = about(source.result?.findings);
      if (findings.length > 0) return { claim, source, findings, ofModel };
    }
    return { claim, source: null, findings: [], ofModel };
  });
}

/**
 * What the claims come to: '2 hold, 1 fails, 6 are not tested'. A claim with several findings counts by its worst; the loaded model
 * counts where no experiment tells.
 */
export function claimsSummary(rows: readonly ClaimRow[]): string {
  const order: readonly ToldVerdict[] = ['fails', 'holds only where', 'holds', 'not decided', 'not tested'];
  const verdicts = rows.map(({ findings, ofModel }) => {
    const told = (findings.length > 0 ? findings : ofModel).map(verdictText);
    return order.find((verdict) => told.includes(verdict)) ?? 'not tested';
  });
  const words: Readonly<Record<ToldVerdict, readonly [one: string, many: string]>> = {
    holds: ['holds', 'hold'],
    'holds only where': ['holds only where told', 'hold only where told'],
    fails: ['fails', 'fail'],
    'not decided': ['is not decided', 'are not decided'],
    'not tested': ['is not tested', 'are not tested'],
  };
  const counts = (['holds', 'holds only where', 'fails', 'not decided', 'not tested'] as const).map((verdict) => {
    const count = verdicts.filter((other) => other === verdict).length;
    return count === 0 ? [] : [plural(count, ...words[verdict])];
  });
  return counts.flat().join(', ');
}

/** The same as a sentence, with how claims of several rows are counted. */
export function claimsSentence(rows: readonly ClaimRow[]): string {
  const counted = `Of ${rows.length} claims ${claimsSummary(rows)}.`;
  return rows.some(({ findings }) => findings.length > 1)
    ? `${counted} A claim with several measures has a row for each, and counts by the worst.`
    : counted;
}

const COLUMNS: readonly string[] = [
  'Part',
  'Row',
  'x',
  'Value',
  'Low (95 %)',
  'High (95 %)',
  'N',
  'Of',
  'Unit',
  'Verdict',
  'Because',
];

function estimateCells({ value, interval, n, of, unit }: Estimate): ExportCell[] {
  return [null, value, interval?.[0] ?? null, interval?.[1] ?? null, n, of, unit];
}

function findingCells(finding: Finding): ExportCell[] {
  const { claim, measure, estimate, because } = finding;
  return [claimText(claim), measure, ...estimateCells(estimate), verdictText(finding), because];
}

function chartCells(chart: ExperimentChart): ExportCell[][] {
  switch (chart.kind) {
    case 'lines':
      return chart.series.flatMap(({ arm, points }) =>
        points.map(({ x, y, interval }) => [
          chart.title,
          arm,
          x,
          y,
          interval?.[0] ?? null,
          interval?.[1] ?? null,
          null,
          null,
          chart.y.unit,
          null,
          null,
        ]),
      );
    case 'dots':
      return chart.rows.map(({ arm, estimate }) => [
        chart.title,
        arm,
        ...estimateCells(estimate),
        null,
        estimate.reason ?? null,
      ]);
    case 'matrix':
      return chart.rows.flatMap((row, r) =>
        chart.columns.map((column, c) => [
          chart.title,
          `${row}, ${column}`,
          null,
          chart.values[r]?.[c] ?? null,
          null,
          null,
          null,
          null,
          chart.unit,
          null,
          null,
        ]),
      );
  }
}

/** Findings and every number of the charts, not rounded. */
export function resultTable({ findings, charts }: Pick<ExperimentResult, 'findings' | 'charts'>): ExportTable {
  return { columns: COLUMNS, rows: [...findings.map(findingCells), ...charts.flatMap(chartCells)] };
}

/** Claims with what was found, or that they are not tested. */
export function claimsTable(rows: readonly ClaimRow[]): ExportTable {
  const empty = [null, null, null, null, null, null, null];
  return {
    columns: COLUMNS,
    rows: rows.flatMap(({ claim, findings, ofModel }) =>
      findings.length + ofModel.length > 0
        ? [...findings, ...ofModel].map(findingCells)
        : [
            [
              claim.claim,
              claim.measure,
              ...empty,
              'not tested',
              `no result of the experiment ${EXPERIMENT_TEXTS[claim.experiment].title}`,
            ],
          ],
    ),
  };
}
