/** @file The lens as tables: the chunk that is looked at by depth, the chunks around it, and its bits. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import { depthName, ownColumn, readoutText } from '../../model/measures/depthText';
import type { DepthReady } from '../../model/protocol/panels/depthLens';
import { table } from '../shared/dom';
import { formatBits, formatCount, formatProbability, formatVoters } from '../shared/text';

export function lensTables(data: DepthReady): HTMLTableElement[] {
  const n = data.texts.length;
  const own = ownColumn(data);
  const bits = Array.from({ length: 8 * data.length }, (_, bit) => bit);
  return [
    table(
      `“${data.text}”, chunk ${formatCount(data.index + 1)} of ${formatCount(data.chunkCount)}, at each depth`,
      ['Depth', 'Read', 'Likeliest', 'p', 'Surprise (bits)', 'Wrong bits', 'Effective voters'],
      data.depths.map((depth, r) => {
        const at = r * n + own;
        const top = data.tops[at]!;
        return [
          depthName(depth),
          readoutText(depth),
          top.isReal ? `${top.text} (real)` : top.text,
          formatProbability(top.probability),
          formatBits(data.surprise[at]!),
          String(data.wrongBits[at]),
          formatVoters(data.effectiveVoters[at]!),
        ];
      }),
    ),
    table(
      'Likeliest chunk and surprise of the real one in bits, at each depth',
      ['Depth', ...data.texts.map((text, column) => `${formatCount(data.firstChunk + column + 1)}: ${text}`)],
      data.depths.map((depth, r) => [
        depthName(depth),
        ...data.texts.map((_, column) => {
          const top = data.tops[r * n + column] ?? null;
          return top === null ? 'not known yet' : `${top.text} ${formatBits(data.surprise[r * n + column]!)}`;
        }),
      ]),
    ),
    table(
      `p of a 1 of each bit of “${data.text}”, at each depth`,
      ['Depth', ...bits.map((bit) => `${bit}: ${data.bits[bit]}`)],
      data.depths.map((depth, r) => [
        depthName(depth),
        ...bits.map((bit) => formatProbability(data.probabilities[CHUNK_BITS * r + bit]!)),
      ]),
    ),
  ];
}
