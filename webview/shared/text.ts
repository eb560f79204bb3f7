/** @file Labels of bytes, and numbers as text. */
import { format } from 'd3-format';
import { isUnchanged } from '../../model/measures/numberText';
import { charactersOf, escapedByte, signOf, SPACE_SIGN } from '../../model/measures/visibleText';

const encoder = new TextEncoder();

/**
 * One label a byte: its character, `␣` for a space, `↳` for a continuation of the character before, `\xE2` where it is no
 * text or none that can be seen.
 */
export function byteLabels(bytes: Uint8Array): string[] {
  const labels: string[] = [];
  for (const character of charactersOf(bytes)) {
    const sign = typeof character === 'number' ? null : character === ' ' ? SPACE_SIGN : signOf(character);
    const length = typeof character === 'number' ? 1 : encoder.encode(character).length;
    for (let byte = 0; byte < length; byte++) {
      if (sign === null) labels.push(escapedByte(bytes[labels.length]!));
      else labels.push(byte === 0 ? sign : '↳');
    }
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
const signedShort = format('+.2r');
const signedShortSmall = format('+.0e');
const grouped = format(',d');
const plain = format('.3~r');
const scientific = format('.2~e');

/** A number in [0, 1]: three digits, scientific below a thousandth. */
export function formatShare(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  if (value === 0) return '0';
  if (value < 0.001) return small(value);
  return value < 0.1 ? significant(value) : fixed3(value);
}

/** p(1) of a bit; one without voters has none. */
export function formatProbability(probability: number): string {
  return Number.isNaN(probability) ? 'no voters' : formatShare(probability);
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

/** What a change made of a chunk's surprise: as `formatEffect`, but ±0 where it rounds to nothing. */
export function formatChange(value: number): string {
  return isUnchanged(value) ? '±0' : formatEffect(value);
}

/** The effect in little room: two digits, one below a thousandth. */
export function formatShortEffect(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return formatEffect(value);
  return Math.abs(value) < 0.001 ? signedShortSmall(value) : signedShort(value);
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

/** Three digits, scientific where that is shorter. */
export function formatNumber(value: number): string {
  if (value !== 0 && (Math.abs(value) < 0.001 || Math.abs(value) >= 1e6)) return scientific(value);
  return Math.abs(value) >= 1000 ? formatCount(Math.round(value)) : plain(value);
}

/** How many times as many as by chance, in two digits that are written out: 2.4, 6, 140. */
export function formatLift(value: number): string {
  return formatNumber(Number(value.toPrecision(2)));
}

/** What a column says that stands for so many chunks on average, above 1. */
export function meanOfChunks(perColumn: number): string {
  return `mean of ${perColumn < 10 ? perColumn.toFixed(1) : Math.round(perColumn)} chunks`;
}

/** 45 s, 12 min 5 s, 3 h 20 min. */
export function formatSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 100) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
