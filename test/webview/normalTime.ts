/** @file Milliseconds as they would be on a quiet machine, from work that was timed beside a reference. */
import { spread } from '../bench/report';
import type { Timing } from './page/timing';

/** Median of the reference on a quiet machine, in ms: 6.4, 7.1 and 7.7 in three pages, 9.5 in a fourth. */
const REFERENCE = 7;

/** The median of the work; a slower machine is taken out, a faster one is not put in. */
export function normalTime({ work, reference }: Timing): number {
  return spread(work).median / Math.max(1, spread(reference).median / REFERENCE);
}
