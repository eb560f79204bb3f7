/** @file A cell of the lens, and what the picture shows, in words. Pure. */
import { depthName, fitText, readoutSentence, readoutText } from '../../model/measures/depthText';
import type { DepthReady } from '../../model/protocol/panels/depthLens';
import { formatBits, formatCount, formatProbability, formatProbabilityOfSurprise, formatVoters } from '../shared/text';

export interface LensPlace {
  readonly depth: number;
  /** Of the chunks that were answered. */
  readonly column: number;
}

/** What is said of a cell; the first line is its title. */
export function describeCell(data: DepthReady, { depth, column }: LensPlace): string[] {
  const at = depth * data.texts.length + column;
  const top = data.tops[at] ?? null;
  const chunk = data.firstChunk + column;
  const title = `${depthName(data.depths[depth]!)}, “${data.texts[column]}” (chunk ${formatCount(chunk + 1)})`;
  if (top === null) return [title, 'not known yet'];
  const likeliest = top.isReal ? `likeliest: the real text` : `likeliest: “${top.text}”`;
  const surprise = data.surprise[at]!;
  return [
    title,
    `${likeliest}, p ${formatProbability(top.probability)}`,
    `surprise of the real text ${formatBits(surprise)} bits, p ${formatProbabilityOfSurprise(surprise)}`,
    `wrong bits ${data.wrongBits[at]}, effective voters per bit ${formatVoters(data.effectiveVoters[at]!)}`,
    readoutText(data.depths[depth]!),
  ];
}

/** What is said of a bit of the chunk at a depth. */
export function describeBit(data: DepthReady, depth: number, bit: number): string[] {
  const at = 32 * depth + bit;
  return [
    `${depthName(data.depths[depth]!)}, bit ${bit}`,
    data.scored[bit] === 1 ? `really ${data.bits[bit]}` : 'padding behind the document’s end',
    `p of a 1: ${formatProbability(data.probabilities[at]!)}`,
    `effective voters ${formatVoters(data.bitVoters[at]!)}`,
  ];
}

/** How the chosen depth is read. */
export function describeDepth(data: DepthReady, depth: number): string {
  const { block } = data.depths[depth]!;
  const ends = block === null || block.level <= 0 ? '' : ` It has one output for ${2 ** block.level} chunks.`;
  return `${depthName(data.depths[depth]!)}: ${readoutSentence(data.depths[depth]!)}${ends}`;
}

/** What the panel reads, for a user who meets it. */
export const DEPTH_EXPLANATION =
  'Trunk: what the model computes of the text, block by block, before its voters; without it they hear at most the bytes and bits just before theirs. Fitted map: an affine function, fitted on the sample texts, that makes of a block’s output what the last block gives.';

/** What marks mean, and what the maps were fitted on. */
export function lensKey(data: DepthReady): string {
  return [
    '◤ the likeliest chunk is the real text',
    '■ real 1  □ real 0  ✕ decided wrong',
    fitText(data.fit),
    'Memory is no part of the trunk: its voters are not heard here',
  ].join('  ·  ');
}
