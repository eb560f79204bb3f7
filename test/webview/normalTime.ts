/** @file Milliseconds as they would be on the machine where bounds were set, from work that was timed beside a reference. */
import { spread } from '../bench/report';
import type { Timing } from './page/timing';

/** Median of the reference, in ms, on the machine where bounds were set. */
const REFERENCE = 5;

/** The median of the work; a slower machine is taken out, a faster one is not put in. */
export function normalTime({ work, reference }: Timing): number {
  return spread(work).median / Math.max(1, spread(reference).median / REFERENCE);
}
