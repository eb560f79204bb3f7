/** @file Milliseconds as they would be on a quiet machine, from work that was timed beside a reference. */
import { spread } from '../bench/report';
import type { Timing } from './page/timing';

/** Milliseconds of the reference on a quiet machine: the least of several runs here took 4.5. */
const REFERENCE = 5;

/** The median of the work; a slower machine is taken out, a faster one is not put in. */
export function normalTime({ work, reference }: Timing): number {
  return spread(work).median / Math.max(1, spread(reference).median / REFERENCE);
}
