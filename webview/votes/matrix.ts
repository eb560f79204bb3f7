/** @file The picture of one chunk's votes: 32 bits × M voters as cells, and beside each bit its p, real bit and effective voters. */
import { axisBottom } from 'd3-axis';
import { format } from 'd3-format';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { CHUNK_BITS, CHUNK_BYTES } from '../../model/measures/chunk';
import { CellCanvas } from '../shared/chart/canvas';
import type { ChartHandlers } from '../shared/chart/frame';
import { ChartFrame } from '../shared/chart/frame';
import { element, svgElement } from '../shared/dom';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { setFirstFitting } from '../shared/chart/fitText';
import { pointer, rectangle } from '../shared/chart/path';
import type { BitRows } from '../shared/rows';
import { bitAt, bitRows } from '../shared/rows';
import { BAR_CLASSES, barPaths } from './bars';
import type { CellColor } from './cells';
import { cellPosition, fillVoterRow } from './cells';
import { CHANGE_CLASSES, changeMarks } from './changeMarks';
import type { Columns } from './layout';
import {
  BOTTOM,
  BYTE_GAP,
  columnsOf,
  LABELS,
  matrixTitle,
  rowHeight,
  rowMiddle,
  rowTop,
  TITLE_GAP,
  TOP,
} from './layout';
import type { VoterOrder } from './order';
import { chunkByteLabels, mistakesTitles, voterName } from './votesData';
import type { CellBlock } from './voterRange';

/** A bit, and one of its voters where the pointer or the keyboard is on one. */
export interface VoteCell {
  readonly bit: number;
  readonly voter: number | null;
}

const SHAPES = [
  'group',
  ...BAR_CLASSES,
  ...CHANGE_CLASSES,
  'flip',
  'failed-outer',
  'failed',
  'row-mark',
  'range-outer',
  'range',
  'mark-outer',
  'mark',
  'mark-hover',
] as const;

/** Pixels that a column needs for the number of its voter. */
const COLUMN_LABEL = 40;
/** About so many pixels has a character of it. */
const CHARACTER = 6;

export class VoteMatrix {
  readonly node: HTMLDivElement;
  readonly #cells = new CellCanvas();
  readonly #frame: ChartFrame<(typeof SHAPES)[number]>;
  readonly #titles: readonly SVGTextElement[];
  readonly #axes: readonly SVGGElement[];
  readonly #labels: SVGGElement;
  #rows: BitRows = bitRows(CHUNK_BITS, 0);
  #columns: Columns = columnsOf(0, 0);
  #data: VotesReady | null = null;
  #places: Uint16Array | null = null;
  #axesKey = '';
  #ticksKey = '';
  #order: VoterOrder = 'index';
  #labelsKey = '';

  constructor(handlers: ChartHandlers<VoteCell>) {
    this.node = element('div', {
      class: 'plot matrix',
      tabindex: '0',
      role: 'application',
      'aria-roledescription': 'vote matrix',
      'aria-label':
        'Votes of the chunk: arrow keys move between bits and voters, with Shift they select several. Delete or S silences the selected voters, C holds them at 0, then at 1, Backspace restores them. Tab goes on to buttons for the selected voter, which the context menu has too. Enter locks, Escape unlocks. The Table button shows the same numbers as a table.',
    });
    this.#frame = new ChartFrame(this.node, SHAPES);
    this.#titles = [0, 1, 2].map(() => svgElement('text', { y: '11' }));
    this.#axes = [0, 1, 2].map(() => svgElement('g', { class: 'axis' }));
    this.#labels = svgElement('g');
    this.#frame.svg.append(...this.#axes, ...this.#titles, this.#labels, ...this.#frame.shapes);
    this.node.append(this.#cells.node, this.#frame.svg);
    this.#frame.listen((x, y) => this.#cellAt(x, y), handlers);
  }

  /** Fits the picture into its element. */
  resize(): void {
    const { clientWidth, clientHeight } = this.node;
    const height = Math.max(2 * CHUNK_BITS, clientHeight - TOP - BOTTOM);
    this.#rows = bitRows(height, BYTE_GAP);
    this.#columns = columnsOf(clientWidth, height / CHUNK_BITS);
    this.#cells.resize(this.#columns.matrix, height, BYTE_GAP);
    this.#cells.node.style.left = `${this.#columns.left}px`;
    this.#cells.node.style.top = `${TOP}px`;
    this.#frame.resize(clientWidth, height + TOP + BOTTOM);
    this.#axesKey = '';
    this.#ticksKey = '';
    this.#labelsKey = '';
  }

  /** Draws a chunk; `places` [32·M] is the voters' order. */
  draw(data: VotesReady, places: Uint16Array, order: VoterOrder, color: CellColor, pixels: Uint32Array): void {
    this.#data = data;
    this.#places = places;
    const voters = data.provenance.votersPerBit;
    const values = { vote: data.votes, weight: data.weights, effect: data.effects }[color];
    const position = cellPosition(color, data.effects, voters);
    this.#cells.paint((bit, line) => {
      if (data.scored[bit] === 1) fillVoterRow(line, values, places, bit * voters, voters, position, pixels);
    });
    this.#order = order;
    this.#ticksKey = '';
    this.#drawAxes(voters);
    const { narrow, probabilityLeft, effectiveLeft, effective } = this.#columns;
    this.#titles[0]!.textContent = matrixTitle(voters, order, color, this.#columns);
    setFirstFitting(this.#titles[1]!, mistakesTitles(data), effectiveLeft - probabilityLeft - TITLE_GAP);
    this.#titles[2]!.textContent = narrow ? '1/Σw²' : effective < 150 ? 'Voters 1/Σw²' : 'Effective voters 1/Σw²';
    this.#drawLabels(data);
    this.#frame.draw(barPaths(data, this.#columns, this.#rows));
    this.#drawChanges(data);
  }

  /**
   * Marks the selected cell, the cell under the pointer, and the bits that an alternative would flip.
   * @param block the cells that are selected beside the one, or null
   */
  mark(selected: VoteCell | null, block: CellBlock | null, hovered: VoteCell | null, flips: readonly number[]): void {
    this.#drawVoterTicks((hovered ?? selected)?.bit ?? null);
    const { left, effectiveLeft, effective } = this.#columns;
    const row =
      selected === null
        ? ''
        : rectangle(
            left - 2,
            rowTop(this.#rows, selected.bit) - 1,
            effectiveLeft + effective - left + 4,
            rowHeight(this.#rows, selected.bit) + 2,
          );
    const cell = this.#outline(selected);
    const range = block === null ? '' : this.#blockOutline(block);
    const flip = flips.map((bit) =>
      pointer(left - 2, rowMiddle(this.#rows, bit), Math.min(4, rowHeight(this.#rows, bit) / 2)),
    );
    this.#frame.draw({
      'row-mark': row,
      'mark-outer': cell,
      mark: cell,
      'mark-hover': this.#outline(hovered),
      'range-outer': range,
      range,
      flip: flip.join(''),
    });
  }

  /** Marks the voters that failed. */
  markFailed(failed: readonly VoteCell[]): void {
    const outlines = failed.map((cell) => this.#outline(cell)).join('');
    this.#frame.draw({ 'failed-outer': outlines, failed: outlines });
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
    const voters = this.#data?.provenance.votersPerBit ?? 1;
    const place = cell.voter === null ? 0 : this.placeOf(cell.bit, cell.voter);
    const x = this.#columns.left + ((place + 0.5) * this.#columns.matrix) / voters;
    return this.#frame.clientPoint(x, rowMiddle(this.#rows, cell.bit));
  }

  #outline(cell: VoteCell | null): string {
    if (cell?.voter == null || this.#data === null) return '';
    const size = this.#columns.matrix / this.#data.provenance.votersPerBit;
    const width = Math.max(size, 3);
    const x = this.#columns.left + (this.placeOf(cell.bit, cell.voter) + 0.5) * size - width / 2;
    return rectangle(x - 1.5, rowTop(this.#rows, cell.bit) - 1.5, width + 3, rowHeight(this.#rows, cell.bit) + 3);
  }

  #blockOutline({ firstBit, lastBit, firstPlace, lastPlace }: CellBlock): string {
    const size = this.#columns.matrix / (this.#data?.provenance.votersPerBit ?? 1);
    const top = rowTop(this.#rows, firstBit);
    const bottom = rowTop(this.#rows, lastBit) + rowHeight(this.#rows, lastBit);
    const x = this.#columns.left + firstPlace * size;
    return rectangle(x - 1, top - 1, (lastPlace - firstPlace + 1) * size + 2, bottom - top + 2);
  }

  #cellAt(pictureX: number, pictureY: number): VoteCell | null {
    if (this.#data === null || this.#places === null) return null;
    const x = pictureX - this.#columns.left;
    const y = pictureY - TOP;
    if (y < -1 || y > this.#rows.height || x < -this.#columns.left) return null;
    const bit = bitAt(this.#rows, y);
    if (x < 0 || x >= this.#columns.matrix) return { bit, voter: null };
    const voters = this.#data.provenance.votersPerBit;
    return { bit, voter: this.voterAt(bit, Math.floor((x * voters) / this.#columns.matrix)) };
  }

  /**
   * The axis of the voters: their numbers, or in another order their places; of the bit that is pointed at or selected the numbers
   * and names of those who stand there.
   */
  #drawVoterTicks(bit: number | null): void {
    const data = this.#data;
    if (data === null) return;
    const key = `${this.#order} ${bit}`;
    if (key === this.#ticksKey) return;
    this.#ticksKey = key;
    const { votersPerBit: voters } = data.provenance;
    const { narrow, left, matrix } = this.#columns;
    const half = matrix / voters / 2;
    const scale = scaleLinear([0, Math.max(1, voters - 1)], [half, matrix - half]);
    const most = Math.max(narrow ? 2 : 8, Math.floor(matrix / COLUMN_LABEL));
    const steps = Math.min(voters - 1, most);
    const ticks = Array.from({ length: steps + 1 }, (_, step) =>
      Math.round((step * (voters - 1)) / Math.max(1, steps)),
    );
    const room = Math.floor(matrix / (steps + 1) / CHARACTER) - 1;
    const label = (place: number): string => {
      if (bit === null || data.scored[bit] !== 1) return this.#order === 'index' ? String(place) : String(place + 1);
      const voter = this.voterAt(bit, place);
      const text = `#${voter} ${voterName(data, bit, voter)}`.trim();
      return text.length <= room ? text : `#${voter}`;
    };
    select(this.#axes[0]!)
      .attr('transform', `translate(${left},${TOP + this.#rows.height})`)
      .call(
        axisBottom(scale)
          .tickValues(ticks)
          .tickSize(3)
          .tickPadding(2)
          .tickFormat((place) => label(Number(place))),
      )
      .selectAll('.tick text')
      .attr('text-anchor', endsInside);
  }

  #drawAxes(voters: number): void {
    const key = String(voters);
    if (key === this.#axesKey) return;
    this.#axesKey = key;
    const { narrow, left, probabilityLeft, probability, effectiveLeft, effective } = this.#columns;
    const scales = [
      axisBottom(scaleLinear([0, 1], [0, probability]))
        .tickValues([0, 0.5, 1])
        .tickFormat(format('~r')),
      axisBottom(scaleLinear([0, voters], [0, effective]))
        .tickValues(narrow ? [0, voters] : [0, voters / 4, voters / 2, (3 * voters) / 4, voters])
        .tickFormat(format('~r')),
    ];
    [probabilityLeft, effectiveLeft].forEach((x, part) => {
      select(this.#axes[part + 1]!)
        .attr('transform', `translate(${x},${TOP + this.#rows.height})`)
        .call(scales[part]!.tickSize(3).tickPadding(2))
        .selectAll('.tick text')
        .attr('text-anchor', endsInside);
    });
    [left, probabilityLeft, effectiveLeft].forEach((x, part) => {
      this.#titles[part]!.setAttribute('x', String(x));
    });
  }

  #drawLabels(data: VotesReady): void {
    const labels = chunkByteLabels(data);
    const key = labels.join('\u0000');
    if (key === this.#labelsKey) return;
    this.#labelsKey = key;
    const middle = (byte: number): number =>
      (rowTop(this.#rows, 8 * byte) + rowTop(this.#rows, 8 * byte + 7) + rowHeight(this.#rows, 8 * byte + 7)) / 2;
    const characters = labels.map((label, byte) => {
      const text = svgElement('text', {
        class: 'code',
        x: String(LABELS),
        y: String(middle(byte) + 4),
        'text-anchor': 'end',
      });
      text.textContent = label;
      return text;
    });
    const numbers = !this.#columns.tall
      ? []
      : Array.from({ length: CHUNK_BITS }, (_, bit) => {
          const text = svgElement('text', {
            class: 'bit-number',
            x: String(this.#columns.left - 20),
            y: String(rowMiddle(this.#rows, bit) + 3),
            'text-anchor': 'end',
          });
          text.textContent = String(bit);
          return text;
        });
    this.#labels.replaceChildren(...characters, ...numbers);
    let group = '';
    for (let byte = 0; byte < CHUNK_BYTES; byte++) {
      const top = rowTop(this.#rows, 8 * byte) + 0.5;
      group += `M${LABELS + 8},${top}h-4V${rowTop(this.#rows, 8 * byte + 7) + rowHeight(this.#rows, 8 * byte + 7) - 0.5}h4`;
    }
    this.#frame.draw({ group });
  }

  #drawChanges(data: VotesReady): void {
    const { left, matrix } = this.#columns;
    const width = matrix / data.provenance.votersPerBit;
    const cells = (data.lesion?.changes ?? [])
      .filter(({ bit }) => data.scored[bit] === 1)
      .map(({ bit, voter, vote }) => ({
        x: left + this.placeOf(bit, voter) * width,
        top: rowTop(this.#rows, bit),
        width,
        height: rowHeight(this.#rows, bit),
        vote,
      }));
    this.#frame.draw(changeMarks(cells));
  }
}

/** Labels at the ends of an axis do not reach beyond it. */
function endsInside(_: unknown, tick: number, ticks: ArrayLike<unknown>): string {
  if (ticks.length === 1) return 'middle';
  return tick === 0 ? 'start' : tick === ticks.length - 1 ? 'end' : 'middle';
}
