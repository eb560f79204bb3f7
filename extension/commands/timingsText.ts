/** @file What Show Timings says: how long a user waited for what, as a table of plain text that can be copied into a report. */
import type { TimingName, TimingSummary } from '../timings';
import { KEPT_SAMPLES, labelledTimings } from '../timings';

const COLUMNS = ['milliseconds', 'median', '95 %', 'longest', 'last', 'N'] as const;

/**
 * @param about where it was measured, a line each: versions, model, machine
 * @returns lines of text, the figures in milliseconds, right-aligned
 */
export function timingsText(summary: Partial<Record<TimingName, TimingSummary>>, about: readonly string[]): string {
  const rows = labelledTimings(summary).map(({ label, p50, p95, max, last, count }) => [
    label,
    ...[p50, p95, max, last].map((value) => value.toFixed(1)),
    String(count),
  ]);
  const table = [[...COLUMNS], ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
  );
  return [
    'SMUGGLER: how long things took',
    '',
    ...about,
    `Of the latest ${KEPT_SAMPLES} samples each; N counts all since the window was opened.`,
    'Nothing of this leaves your machine.',
    '',
    ...(rows.length > 0 ? lines : ['Nothing has been measured yet: hover over text, or open the Voter Votes view.']),
    '',
  ].join('\n');
}
