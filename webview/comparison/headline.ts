/** @file What the comparison found, in one sentence: what changing voters costs, or how much more one of the two has. Pure. */
import { changesAct } from '../../model/measures/changesText';
import { surpriseDifference } from '../../model/measures/surpriseDifference';
import type { ComparisonReady, ComparisonWithBytes } from '../../model/protocol/panels/comparison';
import { formatBits, formatEffect } from '../shared/text';
import { bitsPerByteLabel } from './describe';

/** 'Silencing 2 voters costs 0.271 bits per byte (1.66 → 1.93).', and that the text is too short to tell where it is. */
export function headline(
  { a, b, voters }: Pick<ComparisonReady, 'a' | 'b' | 'voters'>,
  { bitsPerByte: [ofA, ofB], differenceInterval }: Pick<ComparisonWithBytes, 'bitsPerByte' | 'differenceInterval'>,
): string {
  const from = `${bitsPerByteLabel(a)}${formatBits(ofA)}`;
  const to = `${bitsPerByteLabel(b)}${formatBits(ofB)}`;
  const more = surpriseDifference(ofB, ofA);
  const isOneModel = a.model === b.model && a.checkpoint === b.checkpoint && a.document === b.document;
  const act = isOneModel && voters.a.changes.length === 0 ? changesAct(voters.b.changes) : '';
  if (more === 0) {
    return act === '' ? `A and B have the same bits per byte: ${from}.` : `${act} leaves the bits per byte at ${from}.`;
  }
  const amount = `${formatEffect(Math.abs(more)).slice(1)} bits per byte`;
  const numbers = `(${from} → ${to})`;
  const found =
    act === ''
      ? `B has ${boundOf(a, b, more)}${amount} ${more > 0 ? 'more' : 'less'} than A ${numbers}.`
      : `${act} ${more > 0 ? 'costs' : 'saves'} ${amount} ${numbers}.`;
  const isUnsure = differenceInterval !== null && differenceInterval[0] <= 0 && differenceInterval[1] >= 0;
  return isUnsure ? `${found} The 95 % interval holds 0: this text is too short to tell.` : found;
}

/** Where one of the two is an upper bound, so is what it has more, and what it has less is the least. */
function boundOf(a: ComparisonReady['a'], b: ComparisonReady['b'], more: number): string {
  const [isBoundA, isBoundB] = [a, b].map((side) => bitsPerByteLabel(side) !== '');
  if (isBoundA === isBoundB) return '';
  return isBoundB === more > 0 ? 'at most ' : 'at least ';
}
