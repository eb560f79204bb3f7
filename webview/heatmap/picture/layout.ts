/** @file Where the parts of the heatmap's picture stand, in CSS pixels, and the labels that only depend on that. */
import { CHUNK_BYTES } from '../../../model/measures/chunk';
import { svgElement } from '../../shared/dom';
import type { RowBands } from './bands';
import { rowEdges } from './bands';

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
/** Rows from this height on have a number. */
const NUMBERED_FROM = 9.5;

export interface PlotLabels {
  readonly labels: readonly SVGTextElement[];
  /** Path of the brackets. */
  readonly groups: string;
}

function label(content: string, x: number, y: number, className: string, anchor = 'end'): SVGTextElement {
  const text = svgElement('text', { class: className, x: String(x), y: String(y), 'text-anchor': anchor });
  text.textContent = content;
  return text;
}

/** Names of bytes and bits. */
function byteLabels({ bits, tops, bottoms, height }: RowBands): PlotLabels {
  const labels: SVGTextElement[] = [];
  let groups = '';
  const isNumbered = height / bits.length >= NUMBERED_FROM;
  for (let byte = 0; byte < CHUNK_BYTES; byte++) {
    const top = TOP + tops[8 * byte]!;
    const bottom = TOP + bottoms[8 * byte + 7]!;
    groups += `M${LEFT - (isNumbered ? 20 : 4)},${top + 0.5}h-4V${bottom - 0.5}h4`;
    labels.push(label(`byte ${byte}`, LEFT - (isNumbered ? 27 : 11), (top + bottom) / 2 + 4, 'muted'));
  }
  for (const bit of isNumbered ? bits : []) {
    labels.push(label(String(bit), LEFT - 5, TOP + (tops[bit]! + bottoms[bit]!) / 2 + 3, 'bit-number'));
  }
  return { labels, groups };
}

/** Numbers of voters, as many as there is room for. */
function voterLabels(bands: RowBands, voters: number): PlotLabels {
  const bit = bands.bits[0]!;
  const steps = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
  const step = steps.find((size) => (size * bands.height) / voters >= NUMBERED_FROM) ?? voters;
  const labels: SVGTextElement[] = [];
  for (let voter = 0; voter < voters; voter += step) {
    const [top, bottom] = rowEdges(bands, bit, voter, voters)!;
    labels.push(label(String(voter), LEFT - 5, TOP + (top + bottom) / 2 + 3, 'bit-number'));
  }
  const middle = TOP + bands.height / 2;
  const title = label(`voters of bit ${bit}`, 0, 0, 'muted', 'middle');
  title.setAttribute('transform', `translate(${LEFT - 40},${middle}) rotate(-90)`);
  return { labels: [...labels, title], groups: '' };
}

/** Labels of the rows, titles of strip and axis. */
export function plotLabels(bands: RowBands, votersPerBit: number): PlotLabels {
  const { labels, groups } = bands.bits.length === 1 ? voterLabels(bands, votersPerBit) : byteLabels(bands);
  const strip = TOP + bands.height + STRIP_TITLE;
  return {
    labels: [
      ...labels,
      label('Surprise of a chunk, −log₂ p(text), in bits', LEFT, strip - 7, 'title', 'start'),
      label('byte offset', LEFT - 6, strip + STRIP + 14, 'muted small'),
    ],
    groups,
  };
}
