/** @file What a word is, in prose and in programs, by its characters and by its bytes, and how little of it is no offer. Pure. */

/** A character of a word, as the source of a regular expression with the flag u. */
export const WORD_CHARACTER = String.raw`[\p{L}\p{M}\p{N}_$]`;
/** The part of a word that a text ends with. */
export const WORD_BEFORE = new RegExp(`${WORD_CHARACTER}+$`, 'u');
/** The part of a word that a text begins with. */
export const WORD_AFTER = new RegExp(`^${WORD_CHARACTER}+`, 'u');

/** Whether between `before` and `after` a word would go on. */
export function isInsideWord(before: string, after: string): boolean {
  return WORD_BEFORE.test(before) && WORD_AFTER.test(after);
}

/** Whether there are two characters to be seen: one is typed as fast as an offer of it is taken. */
export function isWorthTaking(text: string): boolean {
  return text.trim().length >= 2;
}

/** Of a text as bytes: letters, digits, `_`, `$`, and whatever is not ASCII. */
export function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte === 0x24 ||
    byte >= 0x80
  );
}
