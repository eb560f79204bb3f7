/** @file What is forgotten and transferred when domains are learned one after the other, from the losses on all of them. */
import { mean } from 'simple-statistics';

/** Bits per byte [after 0 … T domains][domain] of one run. */
export type Losses = readonly (readonly number[])[];

/** What a sequence did, in bits per byte; T domains. */
export interface Transfer {
  /** Mean over the domains at the end. */
  readonly average: number;
  /** Mean over all but the last of what is lost against the best since it was learned (Chaudhry 2018). */
  readonly forgetting: number;
  /** Mean over all but the last of what later domains gained for it; negative where they cost (Lopez-Paz & Ranzato 2017). */
  readonly backward: number;
  /** Mean over all but the first of what earlier domains gained for it before it was learned, against the untrained model. */
  readonly forward: number;
  /** Mean of each domain right after it was learned. */
  readonly learned: number;
}

/** @param losses [T + 1][T], of two domains or more */
export function transferOf(losses: Losses): Transfer {
  const T = losses.length - 1;
  const at = (after: number, domain: number) => losses[after]![domain]!;
  const domains = Array.from({ length: T }, (_, j) => j);
  const earlier = domains.slice(0, -1);
  return {
    average: mean(domains.map((j) => at(T, j))),
    forgetting: mean(earlier.map((j) => at(T, j) - Math.min(...losses.slice(j + 1, T).map((row) => row[j]!)))),
    backward: mean(earlier.map((j) => at(j + 1, j) - at(T, j))),
    forward: mean(domains.slice(1).map((j) => at(0, j) - at(j, j))),
    learned: mean(domains.map((j) => at(j + 1, j))),
  };
}

/** What happened to the first domain between the ends of domains, in bits per byte (De Lange 2023, there of accuracy). */
export interface Stability {
  /** The most that it was worse at any step than right after it was learned. */
  readonly worst: number;
  /** Mean over later domains of its worst loss while one was learned minus that at the one's end: lost at the switch, then regained. */
  readonly gap: number;
}

/** @param course losses of the first domain while each domain was learned, the last of each at its end; two domains or more */
export function stabilityOf(course: readonly (readonly number[])[]): Stability {
  const [first, ...later] = course;
  return {
    worst: Math.max(...later.flat()) - first!.at(-1)!,
    gap: mean(later.map((losses) => Math.max(...losses) - losses.at(-1)!)),
  };
}
