/** @file Beside each bit's votes: real bit, p, mistake, effective voters; with voters changed, p before and after as a pair of bars. */
import { isWrong } from '../../model/measures/decidedBits';
import { CHUNK_BITS } from '../../model/measures/chunk';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { cross, diamond, rectangle } from '../shared/chart/path';
import type { BitRows } from '../shared/rows';
import type { Columns } from './layout';
import { probabilityWithMemory } from './memoryData';
import { rowHeight, rowMiddle, rowTop, TOP } from './layout';

/** Classes of the shapes, in the order in which they are drawn. */
export const BAR_CLASSES = [
  'one',
  'zero',
  'padding',
  'half',
  'right-before',
  'wrong-before',
  'right',
  'wrong',
  'no-voters',
  'real',
  'with-memory',
  'cross',
  'effective',
  'active',
] as const;

type BarClass = (typeof BAR_CLASSES)[number];

/** Of a pair of bars the first has this share of the row. */
const BEFORE = 0.4;

/** One path a class. Crosses mark mistakes, after the change where there is one. */
export function barPaths(data: VotesReady, columns: Columns, rows: BitRows): Readonly<Record<BarClass, string>> {
  const { left, matrix, probabilityLeft, probability, effectiveLeft, effective } = columns;
  const voters = data.provenance.votersPerBit;
  const after = data.lesion?.result?.after.probabilities;
  const parts = Object.fromEntries(BAR_CLASSES.map((name) => [name, ''])) as Record<BarClass, string>;
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    const top = rowTop(rows, bit);
    const height = rowHeight(rows, bit);
    const middle = rowMiddle(rows, bit);
    if (data.scored[bit] !== 1) {
      parts.padding += `M${left},${middle}h${matrix}`;
      continue;
    }
    const real = data.bits[bit]!;
    const side = Math.max(2.5, Math.min(8, height - 2));
    parts[real === 1 ? 'one' : 'zero'] += rectangle(left - 16, top + (height - side) / 2 - 0.5, 8, side);
    const bar = Math.max(1, height - (height >= 6 ? 2 : 1));
    const p = data.probabilities[bit]!;
    const isRight = !isWrong(p, real);
    const last = after === undefined ? p : after[bit]!;
    if (after === undefined) {
      parts[isRight ? 'right' : 'wrong'] += rectangle(probabilityLeft, top, probability * p, bar);
    } else {
      const first = Math.max(1, Math.floor(bar * BEFORE));
      parts[isRight ? 'right-before' : 'wrong-before'] += rectangle(probabilityLeft, top, probability * p, first);
      if (Number.isNaN(last)) parts['no-voters'] += `M${probabilityLeft},${top + (first + bar) / 2}h${probability}`;
      else {
        const name = isWrong(last, real) ? 'wrong' : 'right';
        parts[name] += rectangle(probabilityLeft, top + first, probability * last, bar - first);
      }
    }
    parts.real += `M${probabilityLeft + (real === 1 ? probability : 0)},${top}v${bar}`;
    const withMemory = probabilityWithMemory(data, bit);
    if (withMemory !== undefined) {
      const x = probabilityLeft + probability * withMemory;
      parts['with-memory'] += diamond(x, top + bar / 2, Math.min(4, height / 2));
    }
    if (isWrong(last, real)) {
      parts.cross += cross(probabilityLeft + probability + 7, middle - 0.5, Math.min(3.5, height / 2));
    }
    parts.effective += rectangle(effectiveLeft, top, (effective * data.effectiveVoters[bit]!) / voters, bar);
    parts.active += `M${effectiveLeft + (effective * data.activeVoters[bit]!) / voters},${top}v${bar}`;
  }
  parts.half = `M${probabilityLeft + probability / 2},${TOP}v${rows.height}`;
  return parts;
}
