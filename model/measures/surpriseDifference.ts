/** @file How much more surprising one side is than another, also where a surprise is infinite. Pure. */

/** A − B in bits; two infinite surprises differ in nothing. */
export function surpriseDifference(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
