/** @file What the comparison says in words: sides, chunks, columns, bits, counts. Pure. */
import { verdictOf } from '../../model/measures/decidedBits';
import { percent } from '../../model/measures/numberText';
import { CHUNK_BITS } from '../../model/measures/chunk';
import { surpriseDifference } from '../../model/measures/surpriseDifference';
import { visibleLabel, visibleText } from '../../model/measures/visibleText';
import { characterStart } from '../../model/measures/utf8';
import type { ComparisonReady, ComparisonWithBytes } from '../../model/protocol/panels/comparison';
import type { ComparedChunk } from '../../model/protocol/comparison';
import type { Provenance } from '../../model/protocol/panels/messages';
import { provenanceText } from '../shared/page/page';
import { formatBits, formatChange, formatCount, formatEffect, formatProbability, formatVoters } from '../shared/text';
import type { SpanColumns } from './span';

export const OUTCOME_NAMES = ['both right', 'only A right', 'only B right', 'both wrong'] as const;

/** Bytes shown around a chunk in a list. */
const NEIGHBOURS = 14;

/** The chunk's text and what stands around it, from the compared bytes. */
export function chunkTexts(bytes: Uint8Array, chunk: number): { before: string; text: string; after: string } {
  const first = 4 * chunk;
  const end = Math.min(bytes.length, first + 4);
  return {
    before: visibleText(bytes.subarray(characterStart(bytes, first - NEIGHBOURS), first)),
    text: visibleLabel(bytes.subarray(first, end)),
    after: visibleText(bytes.subarray(end, characterStart(bytes, end + NEIGHBOURS))),
  };
}

/** `2.31 − 4.02 = −1.71 bits`. */
export function differenceText(a: number, b: number): string {
  return `${formatBits(a)} − ${formatBits(b)} = ${formatChange(surpriseDifference(a, b))} bits`;
}

/** One chunk: its text, who is right, the surprises. */
export function describeChunk(result: ComparisonWithBytes, chunk: number): string[] {
  const { bytesA, bytesB, surpriseA, surpriseB, outcomes } = result;
  const text = chunkTexts(bytesA, chunk).text;
  const other = bytesB === null ? text : chunkTexts(bytesB, chunk).text;
  const title = text === other ? `“${text}”` : `A “${text}”, B “${other}”`;
  return [
    title,
    `chunk ${formatCount(chunk + 1)} of ${formatCount(result.chunkCount)}, byte ${formatCount(4 * chunk)}`,
    `surprise A − B: ${differenceText(surpriseA[chunk]!, surpriseB[chunk]!)}`,
    OUTCOME_NAMES[outcomes[chunk]!]!,
  ];
}

/** A column of several chunks: their means. */
export function describeColumn(columns: SpanColumns, column: number): string[] {
  const from = columns.starts[column]!;
  const end = columns.starts[column + 1]!;
  const shares = OUTCOME_NAMES.map((name, code) => `${name} ${percent(columns.outcomes[4 * column + code]!)}`);
  return [
    `chunks ${formatCount(from + 1)} to ${formatCount(end)}`,
    `mean surprise A − B: ${differenceText(columns.a[column]!, columns.b[column]!)}`,
    shares.join(', '),
  ];
}

export function describeBit(pair: ComparedChunk, bit: number): string[] {
  const { a, b, scored } = pair;
  const place = `bit ${bit} (byte ${bit >> 3}, value ${2 ** (7 - (bit & 7))})`;
  if (scored[bit] !== 1) return [place, 'padding: not scored'];
  const real = a.bits[bit] === b.bits[bit] ? `real ${a.bits[bit]!}` : `real A ${a.bits[bit]!}, B ${b.bits[bit]!}`;
  const [pA, pB] = [a.probabilities[bit]!, b.probabilities[bit]!];
  return [
    `${place}: ${real}`,
    `p(1) A ${formatProbability(pA)}, B ${formatProbability(pB)}, A−B ${differenceOfP(pA, pB)}`,
    `effective voters A ${formatVoters(a.effectiveVoters[bit]!)}, B ${formatVoters(b.effectiveVoters[bit]!)}`,
    OUTCOME_NAMES[(isRight(a, bit) ? 0 : 2) + (isRight(b, bit) ? 0 : 1)]!,
  ];
}

/** A−B of p; there is none where one side has no voters. */
function differenceOfP(a: number, b: number): string {
  return Number.isNaN(a - b) ? '–' : formatEffect(a - b);
}

/** Whether the bit of a side is decided right; without voters it is not decided. */
export function isRight({ probabilities, bits }: ComparedChunk['a'], bit: number): boolean {
  return verdictOf(probabilities[bit]!, bits[bit]!) === 'right';
}

/** A side in short: its letter, model and checkpoint; its text and its voters where there are two. */
export function sideTitle(
  letter: 'A' | 'B',
  side: Provenance,
  other: Provenance,
  voters: string | null = null,
): string {
  const text = side.document === other.document ? '' : ` on ${side.document}`;
  const checkpoint = side.checkpoint === other.checkpoint ? '' : ` ${side.checkpoint}`;
  return `${letter}: ${side.model}${checkpoint}${text}${voters === null ? '' : `, ${voters}`}`;
}

/** Bits per byte are exact only along a chain, and a bound without one. */
const BITS_PER_BYTE_SIGNS: Readonly<Record<Provenance['bitDecoding'], string>> = { chained: '', independent: '≤ ' };

/** What stands before a number of bits per byte. */
export function bitsPerByteLabel({ bitDecoding }: Provenance): string {
  return BITS_PER_BYTE_SIGNS[bitDecoding];
}

/** Where both sides' numbers come from. */
export function provenanceLines(data: ComparisonReady, result: ComparisonWithBytes | null): [string, string] {
  const chunks = result?.chunkCount ?? 0;
  const samples = `N = ${formatCount(chunks)} chunks, ${formatCount(8 * (result?.byteLength ?? 0))} bits`;
  return [`A: ${provenanceText(data.a, samples)}`, `B: ${provenanceText(data.b, samples)}`];
}

/** The line over the votes. */
export function pairTitle({ a, b, index }: ComparedChunk): string {
  const texts = a.text === b.text ? `“${a.text}”` : `A “${a.text}”, B “${b.text}”`;
  return `Chunk ${formatCount(index + 1)} ${texts}: surprise A − B: ${differenceText(a.surprise, b.surprise)}`;
}

export const BIT_COLUMNS = ['Bit', 'Real A', 'Real B', 'p(1) A', 'p(1) B', 'A−B', 'Voters A', 'Voters B', 'Right'];

/** The selected chunk as a table, one row a bit; padding has no numbers. */
export function bitRowsOf({ a, b, scored }: ComparedChunk): string[][] {
  return Array.from({ length: CHUNK_BITS }, (_, bit) => {
    if (scored[bit] !== 1) return [String(bit), ...Array<string>(BIT_COLUMNS.length - 1).fill('–')];
    return [
      String(bit),
      String(a.bits[bit]!),
      String(b.bits[bit]!),
      formatProbability(a.probabilities[bit]!),
      formatProbability(b.probabilities[bit]!),
      differenceOfP(a.probabilities[bit]!, b.probabilities[bit]!),
      formatVoters(a.effectiveVoters[bit]!),
      formatVoters(b.effectiveVoters[bit]!),
      OUTCOME_NAMES[(isRight(a, bit) ? 0 : 2) + (isRight(b, bit) ? 0 : 1)]!,
    ];
  });
}
