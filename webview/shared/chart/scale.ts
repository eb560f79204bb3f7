/** @file Ends of scales that fit what is shown. Pure. */

/** The least of 1, 2 and 5 times a power of ten that is not below a value above 0, so that an end stays the same while the numbers move a little. */
export function roundedUp(value: number): number {
  // Float32 numbers lie beside the decimal ones.
  const least = value * (1 - 1e-6);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5].map((factor) => factor * power).find((end) => end >= least) ?? 10 * power;
}
