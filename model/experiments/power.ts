/** @file What a number of paired seeds can decide: said before a run, and beside what it found. */
import { sampleStandardDeviation } from 'simple-statistics';
import { plural } from '../measures/numberText';
import { digits } from './charts';
import type { Experiment, ExperimentSize } from './experiment';
import { leastEffect, POWER, SIGNIFICANCE } from './statistics';

const AT_POWER = `${100 * POWER} % power at p < ${SIGNIFICANCE}`;

/** Pairs with which the exact test can reach the level, were it corrected for so many tests. */
function pairsNeeded(tests: number): number {
  let pairs = 1;
  while (tests * 2 ** (1 - pairs) >= SIGNIFICANCE) pairs++;
  return pairs;
}

/** What can be decided by so many seeds, whatever the runs find; null where pairs are not tested. */
export function powerBefore(
  { correctedTests }: Pick<Experiment, 'correctedTests'>,
  size: ExperimentSize,
): string | null {
  if (correctedTests === null) return null;
  const { seeds } = size;
  const effect = leastEffect(seeds);
  const pairs = plural(seeds, 'paired seed', 'paired seeds');
  if (effect === null) {
    return `With ${pairs} the exact test cannot reach p < ${SIGNIFICANCE}, whatever is found: ${pairsNeeded(1)} can.`;
  }
  const others = correctedTests(size);
  const needed = pairsNeeded(others);
  const beside =
    others === 0 || seeds >= needed
      ? ''
      : ` None of the ${others} other tests can reach it once corrected (Holm), whatever is found: ${needed} seeds could.`;
  return `With ${pairs} the exact test finds differences from ${digits(effect)} standard deviations on with ${AT_POWER} (simulated, normal differences).${beside}`;
}

/** The least difference that so many pairs of this spread would have shown, in one sentence; none where they can show none. */
export function powerAfter(differences: readonly number[], unit: string): string[] {
  const effect = leastEffect(differences.length);
  if (effect === null) return [];
  const least = effect * sampleStandardDeviation([...differences]);
  return [
    `${differences.length} pairs of this spread show differences from ${digits(least)} ${unit} on with ${AT_POWER}.`,
  ];
}
