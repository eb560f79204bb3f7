/** @file The chunk's bits at every depth: p of a 1 as colours, what is really there above, and what is decided wrong. */
import { select } from 'd3-selection';
import { CHUNK_BITS } from '../../model/measures/chunk';
import { isWrong } from '../../model/measures/decidedBits';
import { depthName } from '../../model/measures/depthText';
import type { DepthReady } from '../../model/protocol/panels/depthLens';
import { ChartFrame } from '../shared/chart/frame';
import { cross, rectangle } from '../shared/chart/path';
import { element, svgElement } from '../shared/dom';
import { byteLabels, packBits } from '../shared/text';
import { LABELS } from './layout';
import { cellPaint } from './paint';

const SHAPES = ['real-one', 'real-zero', 'unknown', 'wrong-outer', 'wrong', 'mark-outer', 'mark'] as const;
const HEAD = 30;
const ROW = 15;
/** Pixels between bytes. */
const GAP = 5;
const MOST_CELL = 22;
/** Side of the sign of a real bit. */
const SIGN = 6;

export interface BitPlace {
  readonly depth: number;
  readonly bit: number;
}

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly fill: string;
}

export class BitsGrid {
  readonly node = element('div', { class: 'plot bits' });
  readonly #frame = new ChartFrame(this.node, SHAPES);
  readonly #cells = svgElement('g');
  readonly #labels = svgElement('g');
  #cell = 1;
  #depths = 0;

  /** @param onHover told of the place under the pointer */
  constructor(onHover: (place: BitPlace | null, event: PointerEvent) => void, onClick: (place: BitPlace) => void) {
    this.#frame.svg.append(this.#cells, this.#labels, ...this.#frame.shapes);
    this.node.append(this.#frame.svg);
    this.#frame.listen((x, y) => this.#placeAt(x, y), { onHover, onClick, onKey: () => undefined });
  }

  /**
   * @param available pixels
   * @param pixels the diverging scale
   */
  draw(data: DepthReady, available: number, pixels: Uint32Array): void {
    this.#depths = data.depths.length;
    this.#cell = Math.max(6, Math.min(MOST_CELL, Math.floor((available - LABELS - 3 * GAP) / CHUNK_BITS)));
    const width = LABELS + CHUNK_BITS * this.#cell + 3 * GAP;
    const height = HEAD + ROW * this.#depths;
    this.#frame.resize(width, height);
    this.node.style.height = `${height}px`;
    const cells: Cell[] = [];
    const paths = { 'real-one': '', 'real-zero': '', unknown: '', wrong: '' };
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const x = this.#left(bit);
      const middle = x + this.#cell / 2;
      if (data.scored[bit] === 1) {
        const kind = data.bits[bit] === 1 ? 'real-one' : 'real-zero';
        paths[kind] += rectangle(middle - SIGN / 2, HEAD - 10, SIGN, SIGN);
      }
      for (let depth = 0; depth < this.#depths; depth++) {
        const y = HEAD + depth * ROW;
        const p = data.probabilities[CHUNK_BITS * depth + bit]!;
        if (data.scored[bit] !== 1 || Number.isNaN(p)) {
          paths.unknown += rectangle(x + 1, y + 1, this.#cell - 2, ROW - 2);
          continue;
        }
        cells.push({ x, y, fill: cellPaint(pixels, p).fill });
        if (isWrong(p, data.bits[bit]!)) paths.wrong += cross(middle - 0.5, y + ROW / 2 - 0.5, 2.5);
      }
    }
    select(this.#cells)
      .selectAll<SVGRectElement, Cell>('rect')
      .data(cells)
      .join('rect')
      .attr('x', (cell) => cell.x)
      .attr('y', (cell) => cell.y)
      .attr('width', this.#cell - 1)
      .attr('height', ROW - 1)
      .attr('fill', ({ fill }) => fill);
    this.#frame.draw({ ...paths, 'wrong-outer': paths.wrong });
    this.#drawLabels(data);
  }

  /** Marks the chosen depth. */
  mark(depth: number): void {
    const outline = rectangle(1, HEAD + depth * ROW, this.#left(CHUNK_BITS - 1) + this.#cell - 2, ROW - 1);
    this.#frame.draw({ mark: outline, 'mark-outer': outline });
  }

  #drawLabels(data: DepthReady): void {
    const label = (text: string, x: number, y: number, className: string, anchor: string): SVGTextElement => {
      const node = svgElement('text', { x: String(x), y: String(y), class: className, 'text-anchor': anchor });
      node.textContent = text;
      return node;
    };
    const bytes = byteLabels(packBits(data.bits).subarray(0, data.length));
    this.#labels.replaceChildren(
      label('real bits', 6, HEAD - 4, 'muted', 'start'),
      ...bytes.map((text, byte) => label(text, this.#left(8 * byte) + 4 * this.#cell, 12, 'code', 'middle')),
      ...data.depths.map((depth, r) => label(depthName(depth), 6, HEAD + r * ROW + 11, 'row-name', 'start')),
    );
  }

  #left(bit: number): number {
    return LABELS + bit * this.#cell + GAP * (bit >> 3);
  }

  #placeAt(x: number, y: number): BitPlace | null {
    const depth = Math.floor((y - HEAD) / ROW);
    if (depth < 0 || depth >= this.#depths) return null;
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      if (x >= this.#left(bit) && x < this.#left(bit) + this.#cell) return { depth, bit };
    }
    return null;
  }
}
