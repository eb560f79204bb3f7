/** @file Bytes and numbers as text for people. */
import { format } from 'd3-format';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Bytes of the UTF-8 sequence that begins with `lead`, or 0 where none can. */
function sequenceLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  if (lead >= 0xf0 && lead <= 0xf4) return 4;
  return 0;
}

/** The character of the sequence at `start`, or null where it is invalid or cut off. */
function characterAt(bytes: Uint8Array, start: number): { text: string; length: number } | null {
  const length = sequenceLength(bytes[start]!);
  if (length === 0 || start + length > bytes.length) return null;
  try {
    return { text: decoder.decode(bytes.subarray(start, start + length)), length };
  } catch {
    return null;
  }
}

/** Arrows for line ends and tabs, which more fonts have than the control pictures, and are read faster. */
const ARROWS: ReadonlyMap<string, string> = new Map([
  ['␊', '↵'],
  ['␍', '↤'],
  ['␉', '⇥'],
]);

/** Text whose control characters are pictures already, with arrows for the frequent ones. */
export function legibleText(text: string): string {
  return text.replace(/[␊␍␉]/g, (picture) => ARROWS.get(picture) ?? picture);
}

/** Control characters as arrows or Unicode control pictures; everything else as it is. */
function visibleCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return legibleText(String.fromCodePoint(0x2400 + code));
  if (code === 0x7f) return '␡';
  return character;
}

function hexByte(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

/** Bytes as text: control characters as arrows or pictures, invalid or incomplete UTF-8 as `\xE2`. */
export function visibleText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at);
    if (character === null) {
      text += `\\x${hexByte(bytes[at]!)}`;
      at += 1;
    } else {
      text += visibleCharacter(character.text);
      at += character.length;
    }
  }
  return text;
}

/** One label a byte: its character, `␣` for a space, `↳` for a continuation of the character before, hexadecimal where it is no text. */
export function byteLabels(bytes: Uint8Array): string[] {
  const labels: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at);
    if (character === null) {
      labels.push(`x${hexByte(bytes[at]!)}`);
      at += 1;
      continue;
    }
    labels.push(character.text === ' ' ? '␣' : visibleCharacter(character.text));
    for (let rest = 1; rest < character.length; rest++) labels.push('↳');
    at += character.length;
  }
  return labels;
}

/** [n] bytes of [8n] bits, most significant bit first. */
export function packBits(bits: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(bits.length >> 3);
  for (let bit = 0; bit < bits.length; bit++) bytes[bit >> 3]! |= bits[bit]! << (7 - (bit & 7));
  return bytes;
}

/** Numbers of the bits in which two equally long byte strings differ. */
export function differingBits(a: Uint8Array, b: Uint8Array): number[] {
  const differing: number[] = [];
  for (let bit = 0; bit < a.length * 8; bit++) {
    const mask = 0x80 >> (bit & 7);
    if (((a[bit >> 3]! ^ (b[bit >> 3] ?? 0)) & mask) !== 0) differing.push(bit);
  }
  return differing;
}

const fixed3 = format('.3f');
const significant = format('.3r');
const fixed2 = format('.2f');
const fixed1 = format('.1f');
const small = format('.2e');
const signed = format('+.3r');
const signedSmall = format('+.2e');
const grouped = format(',d');

/** A number in [0, 1]: three digits, scientific below a thousandth. */
export function formatShare(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  if (value === 0) return '0';
  if (value < 0.001) return small(value);
  return value < 0.1 ? significant(value) : fixed3(value);
}

/** How many times something, in three digits. */
export function formatFactor(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  return value < 0.01 ? small(value) : significant(value);
}

/** A change in bits, always with its sign. */
export function formatEffect(value: number): string {
  if (value === 0) return '0';
  if (!Number.isFinite(value)) return value > 0 ? '+∞' : value < 0 ? '−∞' : 'not a number';
  return Math.abs(value) < 0.001 ? signedSmall(value) : signed(value);
}

/** 2^−surprise, also where that is below the smallest double. */
export function formatProbabilityOfSurprise(surprise: number): string {
  const probability = 2 ** -surprise;
  return probability > 0 || surprise === Infinity ? formatShare(probability) : `2^−${fixed1(surprise)}`;
}

/** A number of voters, which need not be whole. */
export function formatVoters(value: number | null): string {
  return value === null ? 'none' : fixed1(value);
}

/** Bits of information. */
export function formatBits(value: number): string {
  return Number.isFinite(value) ? fixed2(value) : '∞';
}

export function formatCount(value: number): string {
  return grouped(value);
}
