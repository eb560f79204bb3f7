/** @file The axis over training. Pure. */
import type { MonitorAxis } from '../../model/protocol/panels/trainingMonitor';

/** Time on the axis in the unit that fits. */
export function axisTitle(axis: MonitorAxis, most: number): { readonly title: string; readonly divisor: number } {
  if (axis === 'step') return { title: 'step', divisor: 1 };
  if (most < 300) return { title: 'seconds trained', divisor: 1 };
  return most < 3 * 3600 ? { title: 'minutes trained', divisor: 60 } : { title: 'hours trained', divisor: 3600 };
}
