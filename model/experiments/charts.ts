/** @file Points of charts from rows: means over seeds with their intervals, and lists in sentences. */
import { withMinus } from '../measures/numberText';
import type { ChartPoint, LineChart } from '../protocol/experiments';
import type { RunRow } from './experiment';
import type { PairedTest } from './statistics';
import { meanEstimate, SIGNIFICANCE } from './statistics';

/** The numbers of a column; rows where it has none are left out. */
export function numbers(rows: readonly RunRow[], column: string): number[] {
  return rows.flatMap((row) => {
    const value = row[column];
    return typeof value === 'number' ? [value] : [];
  });
}

/** Rows by the value of a column, in the order in which the values come. */
export function groupRows<R extends RunRow>(rows: readonly R[], column: string): Map<R[string], R[]> {
  const groups = new Map<R[string], R[]>();
  for (const row of rows) {
    const key = row[column] as R[string];
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** Rows of the last step of each arm. */
export function atEnd(rows: readonly RunRow[]): RunRow[] {
  return [...groupRows(rows, 'arm').values()].flatMap((ofArm) => {
    const last = Math.max(...numbers(ofArm, 'step'));
    return ofArm.filter(({ step }) => step === last);
  });
}

/** The mean of `y` over seeds at every value of `x`, ascending. Rows of the same x are of different seeds. */
export function pointsOver(rows: readonly RunRow[], x: string, y: string): ChartPoint[] {
  return [...groupRows(rows, x)]
    .flatMap(([value, group]) => (typeof value === 'number' ? [{ value, group }] : []))
    .sort((a, b) => a.value - b.value)
    .map(({ value, group }) => {
      const estimate = meanEstimate(numbers(group, y), '');
      return { x: value, y: estimate.value, interval: estimate.interval };
    });
}

/** A line for each value of a column. */
export function seriesBy(rows: readonly RunRow[], column: string, x: string, y: string): LineChart['series'] {
  return [...groupRows(rows, column)].map(([name, group]) => ({ arm: String(name), points: pointsOver(group, x, y) }));
}

/** Two digits, as a sentence tells a number. */
export function digits(value: number): string {
  return withMinus(String(Number(value.toPrecision(2))));
}

/** Items in one sentence: the first few, and how many more there are. */
export function listed(items: readonly string[], most = 3): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join('; ')}; and ${rest} more` : items.join('; ');
}

/** Why a test of so few pairs decides nothing, whatever they are; null where it can. */
export function tooFewPairs({ leastP }: PairedTest, pairs: number): string | null {
  if (leastP < SIGNIFICANCE) return null;
  const enough = Math.ceil(Math.log2(2 / SIGNIFICANCE));
  return `With ${pairs} paired seeds an exact test cannot reach p < ${SIGNIFICANCE} (least p ${digits(leastP)}); ${enough} seeds can.`;
}
