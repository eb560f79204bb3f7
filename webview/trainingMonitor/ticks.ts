/** @file Numbers and units on the axes of charts over training. Pure. */
import { format } from 'd3-format';
import type { MonitorAxis } from '../../model/protocol/panels/trainingMonitor';

const formatTick = format('.3~r');
const formatSmall = format('.1~e');
const formatShort = format('.3~s');

export function tickText(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return formatSmall(value);
  return Math.abs(value) >= 10_000 ? formatShort(value) : formatTick(value);
}

/** Time on the axis in the unit that fits. */
export function axisTitle(axis: MonitorAxis, most: number): { readonly title: string; readonly divisor: number } {
  if (axis === 'step') return { title: 'step', divisor: 1 };
  if (most < 300) return { title: 'seconds trained', divisor: 1 };
  return most < 3 * 3600 ? { title: 'minutes trained', divisor: 60 } : { title: 'hours trained', divisor: 3600 };
}
