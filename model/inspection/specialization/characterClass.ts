/** @file Which kind of character a byte of UTF-8 text belongs to. */

/** The classes, in the order of the codes that `byteClass` gives. */
export const CHARACTER_CLASSES = [
  'lower case',
  'upper case',
  'digit',
  'space or tab',
  'line break',
  'bracket',
  'quote',
  'operator',
  'punctuation',
  'non-ASCII',
  'control',
  'start of text',
] as const;

export type CharacterClass = (typeof CHARACTER_CLASSES)[number];

/** The class of the place before a text's first byte. */
export const START_OF_TEXT = CHARACTER_CLASSES.indexOf('start of text');

const CLASSES = Uint8Array.from({ length: 256 }, (_, byte) => CHARACTER_CLASSES.indexOf(classify(byte)));

function classify(byte: number): CharacterClass {
  if (byte >= 0x80) return 'non-ASCII';
  const character = String.fromCharCode(byte);
  if (/[a-z]/.test(character)) return 'lower case';
  if (/[A-Z]/.test(character)) return 'upper case';
  if (/[0-9]/.test(character)) return 'digit';
  if (/[ \t]/.test(character)) return 'space or tab';
  if (/[\n\r]/.test(character)) return 'line break';
  if (/[()[\]{}]/.test(character)) return 'bracket';
  if (/["'`]/.test(character)) return 'quote';
  if (/[-+*/%=<>!&|^~?]/.test(character)) return 'operator';
  if (/[.,;:_#@$\\]/.test(character)) return 'punctuation';
  return 'control';
}

/** Index into {@link CHARACTER_CLASSES}; every byte of a character beyond ASCII, its first as well as the others, is `non-ASCII`. */
export function byteClass(byte: number): number {
  return CLASSES[byte]!;
}
