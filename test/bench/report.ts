/** @file What every benchmark prints: figures with their spread, and whether a bound that was set is kept. */

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly n: number;
}

export function spread(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { min: sorted[0]!, median: at(0.5), p95: at(0.95), n: sorted.length };
}

let missed = 0;

/** Prints a figure that has no bound. */
export function figure(what: string, value: string): void {
  console.log(`${what.padEnd(58)} ${value}`);
}

/** Prints a figure with its bound; a missed one makes the process fail. */
export function bounded(what: string, value: number, bound: { below: number } | { above: number }, unit: string): void {
  const kept = 'below' in bound ? value < bound.below : value > bound.above;
  const wanted = 'below' in bound ? `below ${bound.below}` : `above ${bound.above}`;
  if (!kept) missed++;
  figure(what, `${value.toPrecision(3)} ${unit}  (${wanted} ${unit}: ${kept ? 'kept' : 'MISSED'})`);
}

/** Call last: sets the exit code. */
export function finish(): void {
  if (missed > 0) {
    console.log(`${missed} bound(s) missed.`);
    process.exitCode = 1;
  }
}
