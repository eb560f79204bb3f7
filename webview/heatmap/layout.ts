/** @file Where the parts of the heatmap's picture stand, in CSS pixels, and the labels that only depend on that. */
import { svgElement } from '../shared/dom';
import type { BitRows } from '../shared/rows';
import { BITS, BYTES } from '../shared/rows';

export const LEFT = 66;
export const RIGHT = 12;
export const TOP = 10;
export const BYTE_GAP = 4;
export const STRIP_TITLE = 24;
export const STRIP = 48;
export const AXIS = 20;
const TEXT = 18;
/** All that is below the cells. */
export const BELOW = STRIP_TITLE + STRIP + AXIS + TEXT;
/** Rows from this height on have the number of their bit. */
const NUMBERED_FROM = 9.5;

/** Names of bytes and bits, titles of strip and axis; `groups` is the path of the bytes' brackets. */
export function plotLabels(rows: BitRows): { readonly labels: readonly SVGTextElement[]; readonly groups: string } {
  const { tops, bottoms, height } = rows;
  const label = (content: string, x: number, y: number, className: string, anchor = 'end'): SVGTextElement => {
    const text = svgElement('text', { class: className, x: String(x), y: String(y), 'text-anchor': anchor });
    text.textContent = content;
    return text;
  };
  const labels: SVGTextElement[] = [];
  let groups = '';
  const isNumbered = height / BITS >= NUMBERED_FROM;
  for (let byte = 0; byte < BYTES; byte++) {
    const top = TOP + tops[8 * byte]!;
    const bottom = TOP + bottoms[8 * byte + 7]!;
    groups += `M${LEFT - (isNumbered ? 20 : 4)},${top + 0.5}h-4V${bottom - 0.5}h4`;
    labels.push(label(`byte ${byte}`, LEFT - (isNumbered ? 27 : 11), (top + bottom) / 2 + 4, 'muted'));
  }
  for (let bit = 0; isNumbered && bit < BITS; bit++) {
    labels.push(label(String(bit), LEFT - 5, TOP + (tops[bit]! + bottoms[bit]!) / 2 + 3, 'bit-number'));
  }
  const strip = TOP + height + STRIP_TITLE;
  labels.push(
    label('Surprise of a chunk, −log₂ p(text), in bits', LEFT, strip - 7, 'title', 'start'),
    label('byte offset', LEFT - 8, strip + STRIP + 14, 'muted'),
  );
  return { labels, groups };
}
