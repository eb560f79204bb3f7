/** @file Text and bytes as they are shown, on every surface alike: nothing in them is invisible or moves what stands beside it. */
import { utf8Prefix } from './utf8';

/** Signs of the controls that are frequent: more fonts have them than the control pictures, and they are read faster. */
const ARROWS: ReadonlyMap<string, string> = new Map([
  ['\n', '↵'],
  ['\r', '↤'],
  ['\t', '⇥'],
]);

/** Sign of a space that would not be seen as one. */
export const SPACE_SIGN = '␣';

// Controls, formats (zero width, bidirectional, soft hyphen, byte order mark, tags), half surrogate pairs, line and paragraph
// separators, what fonts leave out (fillers, variation selectors), the blank Braille pattern, and spaces other than U+0020.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|[^\P{Zs} ]/u;

/** What `visibleText` makes of one character or byte. */
const SIGNS = /\\x[\dA-F]{2}|\\u[\dA-F]{4}|\\u\{[\dA-F]+\}|./gsu;

// A byte order mark is a character like others here.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The characters of bytes in UTF-8; a byte that belongs to no whole character as its number. */
export function* charactersOf(bytes: Uint8Array): Generator<string | number> {
  for (let at = 0; at < bytes.length; at++) {
    const { length } = utf8Prefix(bytes.subarray(at));
    yield* decoder.decode(bytes.subarray(at, at + length));
    at += length;
    if (at < bytes.length) yield bytes[at]!;
  }
}

/** A character as it is shown where that is one sign: itself, an arrow or a control picture; null for one that has none. */
export function signOf(character: string): string | null {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return ARROWS.get(character) ?? String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  return INVISIBLE.test(character) ? null : character;
}

/** Two digits of a byte. */
export function hexByte(byte: number): string {
  return hexadecimal(byte, 2);
}

/** A byte that is no whole character, or has no sign, as it is shown: `\xE2`. */
export function escapedByte(byte: number): string {
  return `\\x${hexByte(byte)}`;
}

/**
 * Text within other text: line feed, carriage return and tab as ↵ ↤ ⇥, the other ASCII controls as control pictures (␀ ␡), what is
 * invisible, reorders text or only looks like a space as `\u200B` or `\u{E0041}`, bytes that are no whole UTF-8 character as
 * `\xE2`, the rest as it is.
 * @param text UTF-8, or a string
 * @param kept characters that stay as they are, such as line ends where the text is shown in lines
 */
export function visibleText(text: Uint8Array | string, kept = ''): string {
  let visible = '';
  for (const character of typeof text === 'string' ? text : charactersOf(text)) {
    if (typeof character === 'number') visible += escapedByte(character);
    else visible += kept.includes(character) ? character : (signOf(character) ?? escaped(character));
  }
  return visible;
}

/**
 * Text that stands by itself, such as a chunk or an alternative: `visibleText` with the spaces at its edges and in runs as ␣, and
 * a combining mark at its beginning on a dotted circle.
 * @param text UTF-8, or a string
 */
export function visibleLabel(text: Uint8Array | string): string {
  return visibleText(text)
    .replace(/^ +| +$| {2,}/g, (spaces) => SPACE_SIGN.repeat(spaces.length))
    .replace(/^\p{M}/u, '◌$&');
}

/** The signs of a text that `visibleText` shows: its characters, and each escape whole. */
export function signsOf(visible: string): string[] {
  return visible.match(SIGNS) ?? [];
}

/** As many whole signs from the beginning of a shown text as have at most so many characters. */
export function firstSigns(visible: string, most: number): string {
  return longest(signsOf(visible), most).join('');
}

/** As many whole signs from the end of a shown text as have at most so many characters. */
export function lastSigns(visible: string, most: number): string {
  return longest(signsOf(visible).reverse(), most).reverse().join('');
}

/** The first signs that have at most so many characters together. */
function longest(signs: readonly string[], most: number): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const sign of signs) {
    length += Array.from(sign).length;
    if (length > most) break;
    kept.push(sign);
  }
  return kept;
}

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  return code > 0xffff ? `\\u{${hexadecimal(code, 1)}}` : `\\u${hexadecimal(code, 4)}`;
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
