/** @file The picture of one chunk's votes: 32 bits × M voters as cells, and beside each bit its p, real bit and effective voters. */
import { axisBottom } from 'd3-axis';
import { format } from 'd3-format';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { CellCanvas } from '../shared/canvas';
import { element, svgElement } from '../shared/dom';
import type { VotesReady } from '../shared/messages';
import { cross, pointer, rectangle } from '../shared/path';
import type { BitRows } from '../shared/rows';
import { BITS, bitAt, bitRows, BYTES } from '../shared/rows';
import type { CellColor } from './cells';
import { fillVoterRow } from './cells';
import type { Columns } from './layout';
import { BOTTOM, BYTE_GAP, columnsOf, matrixTitle, TOP } from './layout';
import type { VoterOrder } from './order';
import { chunkByteLabels, countMistakes, isMistake } from './votesData';

/** A bit, and one of its voters where the pointer or the keyboard is on one. */
export interface VoteCell {
  readonly bit: number;
  readonly voter: number | null;
}

export interface MatrixHandlers {
  onHover(cell: VoteCell | null, event: PointerEvent): void;
  onClick(cell: VoteCell): void;
  onKey(event: KeyboardEvent): void;
}

export class VoteMatrix {
  readonly node: HTMLDivElement;
  readonly #cells = new CellCanvas();
  readonly #svg = svgElement('svg', { 'aria-hidden': 'true' });
  readonly #paths: Readonly<Record<string, SVGPathElement>>;
  readonly #titles: readonly SVGTextElement[];
  readonly #axes: readonly SVGGElement[];
  readonly #labels: SVGGElement;
  #rows: BitRows = bitRows(BITS, 0);
  #columns: Columns = columnsOf(0, 0);
  #data: VotesReady | null = null;
  #places: Uint16Array | null = null;
  #axesKey = '';
  #labelsKey = '';

  constructor(handlers: MatrixHandlers) {
    this.node = element('div', {
      class: 'plot matrix',
      tabindex: '0',
      role: 'application',
      'aria-roledescription': 'vote matrix',
      'aria-label':
        'Votes of the chunk: arrow keys move between bits and voters, Enter locks, Escape unlocks. The Table button shows the same numbers as a table.',
    });
    const names = [
      'group',
      'one',
      'zero',
      'padding',
      'half',
      'right',
      'wrong',
      'real',
      'cross',
      'effective',
      'active',
      'flip',
      'row-mark',
      'mark-outer',
      'mark',
      'mark-hover',
    ];
    this.#paths = Object.fromEntries(names.map((name) => [name, svgElement('path', { class: name })]));
    this.#titles = [0, 1, 2].map(() => svgElement('text', { y: '11' }));
    this.#axes = [0, 1, 2].map(() => svgElement('g', { class: 'axis' }));
    this.#labels = svgElement('g');
    this.#svg.append(...this.#axes, ...this.#titles, this.#labels, ...Object.values(this.#paths));
    this.node.append(this.#cells.node, this.#svg);

    this.node.addEventListener('pointermove', (event) => {
      handlers.onHover(this.#cellAt(event), event);
    });
    this.node.addEventListener('pointerleave', (event) => {
      handlers.onHover(null, event);
    });
    this.node.addEventListener('click', (event) => {
      const cell = this.#cellAt(event);
      if (cell !== null) handlers.onClick(cell);
    });
    this.node.addEventListener('keydown', (event) => {
      handlers.onKey(event);
    });
  }

  /** Fits the picture into its element. */
  resize(): void {
    const { clientWidth, clientHeight } = this.node;
    const height = Math.max(2 * BITS, clientHeight - TOP - BOTTOM);
    this.#rows = bitRows(height, BYTE_GAP);
    this.#columns = columnsOf(clientWidth, height / BITS);
    this.#cells.resize(this.#columns.matrix, height, BYTE_GAP);
    this.#cells.node.style.left = `${this.#columns.left}px`;
    this.#cells.node.style.top = `${TOP}px`;
    this.#svg.setAttribute('width', String(clientWidth));
    this.#svg.setAttribute('height', String(height + TOP + BOTTOM));
    this.#axesKey = '';
    this.#labelsKey = '';
  }

  /** Draws a chunk; `places` [32·M] is the voters' order. */
  draw(data: VotesReady, places: Uint16Array, order: VoterOrder, color: CellColor, pixels: Uint32Array): void {
    this.#data = data;
    this.#places = places;
    const voters = data.provenance.votersPerBit;
    const values = color === 'vote' ? data.votes : data.weights;
    this.#cells.paint((bit, line) => {
      if (data.scored[bit] === 1) fillVoterRow(line, values, places, bit * voters, voters, color, pixels);
    });
    this.#drawAxes(voters, order);
    const { scored, mistakes } = countMistakes(data);
    const { narrow } = this.#columns;
    this.#titles[0]!.textContent = matrixTitle(voters, order, color, this.#columns);
    this.#titles[1]!.textContent = narrow ? `p, ${mistakes}× ✕` : `p(1) and real bit: ${mistakes} of ${scored} wrong`;
    this.#titles[2]!.textContent = narrow ? '1/Σw²' : 'Effective voters 1/Σw²';
    this.#drawLabels(data);
    this.#drawBars(data, voters);
  }

  /** Marks the selected cell, the cell under the pointer, and the bits that an alternative would flip. */
  mark(selected: VoteCell | null, hovered: VoteCell | null, flips: readonly number[]): void {
    const { left, effectiveLeft, effective } = this.#columns;
    const row =
      selected === null
        ? ''
        : rectangle(
            left - 2,
            this.#top(selected.bit) - 1,
            effectiveLeft + effective - left + 4,
            this.#height(selected.bit) + 2,
          );
    const cell = this.#outline(selected);
    this.#set('row-mark', row);
    this.#set('mark-outer', cell);
    this.#set('mark', cell);
    this.#set('mark-hover', this.#outline(hovered));
    this.#set(
      'flip',
      flips.map((bit) => pointer(left - 2, this.#middle(bit), Math.min(4, this.#height(bit) / 2))).join(''),
    );
  }

  /** The place of a voter in its row. */
  placeOf(bit: number, voter: number): number {
    const voters = this.#data?.provenance.votersPerBit ?? 0;
    return this.#places?.subarray(bit * voters, (bit + 1) * voters).indexOf(voter) ?? 0;
  }

  /** The voter at a place of a row. */
  voterAt(bit: number, place: number): number {
    return this.#places?.[bit * (this.#data?.provenance.votersPerBit ?? 0) + place] ?? 0;
  }

  /** Centre of a cell in client coordinates, for the tooltip of the keyboard. */
  clientPoint(cell: VoteCell): { x: number; y: number } {
    const box = this.node.getBoundingClientRect();
    const voters = this.#data?.provenance.votersPerBit ?? 1;
    const place = cell.voter === null ? 0 : this.placeOf(cell.bit, cell.voter);
    return {
      x: box.left + this.#columns.left + ((place + 0.5) * this.#columns.matrix) / voters,
      y: box.top + this.#middle(cell.bit),
    };
  }

  #top(bit: number): number {
    return TOP + this.#rows.tops[bit]!;
  }

  #height(bit: number): number {
    return this.#rows.bottoms[bit]! - this.#rows.tops[bit]!;
  }

  #middle(bit: number): number {
    return this.#top(bit) + this.#height(bit) / 2;
  }

  #set(name: string, path: string): void {
    this.#paths[name]!.setAttribute('d', path);
  }

  #outline(cell: VoteCell | null): string {
    if (cell?.voter == null || this.#data === null) return '';
    const size = this.#columns.matrix / this.#data.provenance.votersPerBit;
    const width = Math.max(size, 3);
    const x = this.#columns.left + (this.placeOf(cell.bit, cell.voter) + 0.5) * size - width / 2;
    return rectangle(x - 1.5, this.#top(cell.bit) - 1.5, width + 3, this.#height(cell.bit) + 3);
  }

  #cellAt(event: MouseEvent): VoteCell | null {
    if (this.#data === null || this.#places === null) return null;
    const box = this.node.getBoundingClientRect();
    const x = event.clientX - box.left - this.#columns.left;
    const y = event.clientY - box.top - TOP;
    if (y < -1 || y > this.#rows.height || x < -this.#columns.left) return null;
    const bit = bitAt(this.#rows, y);
    if (x < 0 || x >= this.#columns.matrix) return { bit, voter: null };
    const voters = this.#data.provenance.votersPerBit;
    return { bit, voter: this.voterAt(bit, Math.floor((x * voters) / this.#columns.matrix)) };
  }

  #drawAxes(voters: number, order: VoterOrder): void {
    const key = `${voters} ${order}`;
    if (key === this.#axesKey) return;
    this.#axesKey = key;
    const { narrow, left, matrix, probabilityLeft, probability, effectiveLeft, effective } = this.#columns;
    const first = order === 'index' ? 0 : 1;
    const half = matrix / voters / 2;
    const voterScale = scaleLinear([first, first + Math.max(1, voters - 1)], [half, matrix - half]);
    const steps = voters === 1 ? 0 : Math.min(voters - 1, narrow ? 2 : 8);
    const ticks = Array.from(
      { length: steps + 1 },
      (_, step) => first + Math.round((step * (voters - 1)) / Math.max(1, steps)),
    );
    const scales = [
      axisBottom(voterScale).tickValues(ticks).tickFormat(format('d')),
      axisBottom(scaleLinear([0, 1], [0, probability]))
        .tickValues([0, 0.5, 1])
        .tickFormat(format('~r')),
      axisBottom(scaleLinear([0, voters], [0, effective]))
        .tickValues(narrow ? [0, voters] : [0, voters / 4, voters / 2, (3 * voters) / 4, voters])
        .tickFormat(format('~r')),
    ];
    [left, probabilityLeft, effectiveLeft].forEach((x, part) => {
      select(this.#axes[part]!)
        .attr('transform', `translate(${x},${TOP + this.#rows.height})`)
        .call(scales[part]!.tickSize(3).tickPadding(2))
        .selectAll('.tick text')
        .attr('text-anchor', (_, tick, ticks) =>
          ticks.length === 1 ? 'middle' : tick === 0 ? 'start' : tick === ticks.length - 1 ? 'end' : 'middle',
        );
      this.#titles[part]!.setAttribute('x', String(x));
    });
  }

  #drawLabels(data: VotesReady): void {
    const labels = chunkByteLabels(data);
    const key = labels.join('\u0000');
    if (key === this.#labelsKey) return;
    this.#labelsKey = key;
    const middle = (byte: number): number =>
      (this.#top(8 * byte) + this.#top(8 * byte + 7) + this.#height(8 * byte + 7)) / 2;
    const characters = labels.map((label, byte) => {
      const text = svgElement('text', { class: 'code', x: '19', y: String(middle(byte) + 4), 'text-anchor': 'end' });
      text.textContent = label;
      return text;
    });
    const numbers = !this.#columns.tall
      ? []
      : Array.from({ length: BITS }, (_, bit) => {
          const text = svgElement('text', {
            class: 'bit-number',
            x: String(this.#columns.left - 20),
            y: String(this.#middle(bit) + 3),
            'text-anchor': 'end',
          });
          text.textContent = String(bit);
          return text;
        });
    this.#labels.replaceChildren(...characters, ...numbers);
    let group = '';
    for (let byte = 0; byte < BYTES; byte++) {
      const top = this.#top(8 * byte) + 0.5;
      group += `M27,${top}h-4V${this.#top(8 * byte + 7) + this.#height(8 * byte + 7) - 0.5}h4`;
    }
    this.#set('group', group);
  }

  #drawBars(data: VotesReady, voters: number): void {
    const { left, matrix, probabilityLeft, probability, effectiveLeft, effective } = this.#columns;
    const parts = {
      one: '',
      zero: '',
      padding: '',
      right: '',
      wrong: '',
      real: '',
      cross: '',
      effective: '',
      active: '',
    };
    for (let bit = 0; bit < BITS; bit++) {
      const top = this.#top(bit);
      const height = this.#height(bit);
      if (data.scored[bit] !== 1) {
        parts.padding += `M${left},${this.#middle(bit)}h${matrix}`;
        continue;
      }
      const side = Math.max(2.5, Math.min(8, height - 2));
      const square = rectangle(left - 16, top + (height - side) / 2 - 0.5, 8, side);
      const bar = Math.max(1, height - (height >= 6 ? 2 : 1));
      const wrong = isMistake(data, bit);
      parts[data.bits[bit] === 1 ? 'one' : 'zero'] += square;
      parts[wrong ? 'wrong' : 'right'] += rectangle(probabilityLeft, top, probability * data.probabilities[bit]!, bar);
      parts.real += `M${probabilityLeft + (data.bits[bit] === 1 ? probability : 0)},${top}v${bar}`;
      if (wrong)
        parts.cross += cross(probabilityLeft + probability + 7, this.#middle(bit) - 0.5, Math.min(3.5, height / 2));
      parts.effective += rectangle(effectiveLeft, top, (effective * data.effectiveVoters[bit]!) / voters, bar);
      parts.active += `M${effectiveLeft + (effective * data.activeVoters[bit]!) / voters},${top}v${bar}`;
    }
    for (const [name, path] of Object.entries(parts)) this.#set(name, path);
    this.#set('half', `M${probabilityLeft + probability / 2},${TOP}v${this.#rows.height}`);
  }
}
