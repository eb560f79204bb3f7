/** @file How much of the text before the caret a completion looks at, from a place on that stays the same while the user types, and how much it offers. Pure. */

/** The longest continuation that is offered. */
export const OFFERED_BYTES = 64;

/** UTF-16 units of which at least three of four are looked at. */
const STRIDE = 1024;
const STRIDES = 4;

/**
 * Where the text that a completion at an offset looks at begins. It moves once in a while and not with every character: what is known
 * of a window depends on where the text is taken to begin.
 * @param offset UTF-16 units before the caret
 * @returns 3,072 to 4,095 units before it, or 0
 */
export function caretTextStart(offset: number): number {
  return Math.max(0, STRIDE * (Math.floor(offset / STRIDE) - STRIDES + 1));
}
