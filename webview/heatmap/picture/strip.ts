/** @file Under the cells: the chunks' surprise as bars, with a line at that with memory, the axis of byte offsets, and close enough the chunks' text. */
import { axisBottom, axisLeft } from 'd3-axis';
import { format } from 'd3-format';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { firstSigns } from '../../../model/measures/visibleText';
import { svgElement } from '../../shared/dom';
import { rectangle } from '../../shared/chart/path';
import { keepTicksInside } from '../../shared/chart/tickLabels';
import type { Column } from './cells';
import { chunkText } from '../measured/chunkText';
import { AXIS, LEFT, RIGHT, STRIP } from './layout';
import type { ChunkWindow } from '../moving/window';

/** CSS pixels that a chunk needs for its four characters, and one that it may need more. */
const TEXT_WIDTH = 36;
const CHARACTER = 7.3;
/** The strip reaches at least this many bits, so that small surprises look small. */
const LEAST_SURPRISE = 8;

/** CSS pixels of the line that marks a chunk's surprise with memory. */
const MEMORY_LINE = 2;

export class SurpriseStrip {
  readonly node = svgElement('g');
  readonly #bars = svgElement('path', { class: 'strip' });
  readonly #fadedBars = svgElement('path', { class: 'strip-faded' });
  readonly #withMemory = svgElement('path', { class: 'strip-memory' });
  readonly #xAxis = svgElement('g', { class: 'axis' });
  readonly #yAxis = svgElement('g', { class: 'axis' });
  readonly #texts = svgElement('g', { class: 'chunk-texts' });

  constructor() {
    this.node.append(this.#xAxis, this.#yAxis, this.#texts, this.#bars, this.#fadedBars, this.#withMemory);
  }

  /** @param top of the strip, in CSS pixels; @param width of the cells above it */
  draw(columns: readonly Column[], window: ChunkWindow, top: number, width: number): void {
    this.#drawBars(columns, top);
    this.#drawAxis(window, top + STRIP, width);
    this.#drawTexts(columns, window, top + STRIP + AXIS + 12, width);
  }

  #drawBars(columns: readonly Column[], top: number): void {
    const surprise = ({ measured }: Column): number =>
      measured === null ? 0 : measured.tile.surprise[measured.local]!;
    const finite = columns.map(surprise).filter(Number.isFinite);
    const most = finite.reduce((largest, bits) => Math.max(largest, bits), LEAST_SURPRISE);
    const scale = scaleLinear([0, most], [STRIP, 0]).nice(2);
    const parts = { known: '', faded: '', withMemory: '' };
    for (const column of columns) {
      if (column.measured === null) continue;
      const bits = surprise(column);
      const y = Number.isFinite(bits) ? scale(bits) : 0;
      const gap = column.right - column.left >= 4 ? 1 : 0;
      parts[column.faded ? 'faded' : 'known'] += rectangle(
        LEFT + column.left,
        top + y,
        column.right - column.left - gap,
        STRIP - y,
      );
      const remembered = column.measured.tile.memory?.surprise[column.measured.local];
      if (remembered === undefined) continue;
      const level = top + scale(Math.min(remembered, scale.domain()[1]!)) - MEMORY_LINE / 2;
      parts.withMemory += rectangle(LEFT + column.left, level, column.right - column.left - gap, MEMORY_LINE);
    }
    this.#bars.setAttribute('d', parts.known);
    this.#fadedBars.setAttribute('d', parts.faded);
    this.#withMemory.setAttribute('d', parts.withMemory);
    select(this.#yAxis)
      .attr('transform', `translate(${LEFT - 3},${top})`)
      .call(axisLeft(scale).tickValues(scale.domain()).tickSize(3).tickFormat(format('~r')));
  }

  #drawAxis(window: ChunkWindow, bottom: number, width: number): void {
    const scale = scaleLinear([4 * window.start, 4 * (window.start + window.span)], [0, width]);
    const ticks = scale.ticks(Math.max(2, width / 90)).filter(Number.isInteger);
    select(this.#xAxis)
      .attr('transform', `translate(${LEFT},${bottom})`)
      .call(axisBottom(scale).tickValues(ticks).tickSize(4).tickFormat(format(',d')));
    keepTicksInside(this.#xAxis, scale, width + RIGHT);
  }

  #drawTexts(columns: readonly Column[], window: ChunkWindow, y: number, width: number): void {
    if (width / window.span < TEXT_WIDTH) {
      this.#texts.replaceChildren();
      return;
    }
    this.#texts.replaceChildren(
      ...columns.flatMap(({ measured, left, right, scored }) => {
        if (measured === null || right - left < TEXT_WIDTH) return [];
        const text = svgElement('text', {
          class: 'code',
          'text-anchor': 'middle',
          x: String(LEFT + (left + right) / 2),
          y: String(y),
        });
        text.textContent = shortened(chunkText(measured, scored), Math.floor((right - left) / CHARACTER));
        return [text];
      }),
    );
  }
}

/** A text of at most so many characters: what is invisible has more than one each. */
function shortened(text: string, most: number): string {
  return Array.from(text).length <= most ? text : `${firstSigns(text, most - 1)}…`;
}
