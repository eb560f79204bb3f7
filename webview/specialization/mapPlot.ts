/** @file The picture: the voters of a bit as rows, contexts as columns, a cell for how the voter votes there. */
import { element, svgElement } from '../shared/dom';
import type { ChartHandlers } from '../shared/chart/frame';
import { ChartFrame } from '../shared/chart/frame';
import { pointer as triangle, rectangle } from '../shared/chart/path';
import type { VoterMap } from '../../model/protocol/panels/specialization';
import { formatCount } from '../shared/text';
import type { MapCell } from './describe';
import { columnTitle } from './describe';
import { GridCanvas } from './gridCanvas';
import { MapTrees } from './mapTrees';
import type { Edges, MapOrder, MapValue, Places, VoterFilter } from './order';
import { DIMENSION_NAMES, dimensionRuns, edgesOf, placeAt, placesOf, valuesOf } from './order';

const LEFT = 46;
/** Room for the last slanted label, and for the tree of the voters. */
const RIGHT = 64;
const TOP = 132;
const BOTTOM = 20;
/** Of the second line of a dimension's name. */
const LINE = 11;
/** Of a character of a dimension's name. */
const CHARACTER_WIDTH = 5.4;
/** Below the cells where the tree of the contexts stands there. */
const TREE_BOTTOM = 56;
/** Least size of a cell in CSS pixels: beyond that the picture scrolls. */
const LEAST_COLUMN = 12;
const LEAST_ROW = 2;
/** Below this height the axis has no title, which would run into the contexts; the footer says the same. */
const AXIS_TITLE_ROOM = 190;
/** A few voters do not become bars. */
const MOST_ROW = 28;
/** Rows of this height have their voter's number beside them. */
const LABELLED_ROW = 10;
const DIMENSION_GAP = 5;
/** In columns narrower than this slanted labels would touch each other: they stand upright. */
const SLANTED_COLUMN = 16;
/** Characters of a context's name that fit its label. */
const LABEL_LENGTH = 18;

export interface MapPlotContent {
  readonly map: VoterMap;
  readonly order: MapOrder;
  readonly value: MapValue;
  readonly filter: VoterFilter;
  readonly pixels: Uint32Array;
}

/** Where the columns of a dimension are, and its name in lines that fit there. */
interface DimensionLabel {
  readonly left: number;
  readonly right: number;
  readonly name: string;
  readonly lines: readonly string[];
}

/** In one line or two; cut where these do not fit, and not at all where hardly a word would. */
function linesOf(name: string, width: number): string[] {
  const most = Math.floor(width / CHARACTER_WIDTH);
  if (name.length <= most) return [name];
  const space = name.lastIndexOf(' ', most);
  const lines = [name.slice(0, space), name.slice(space + 1)];
  if (space > 0 && lines.every((line) => line.length <= most)) return lines;
  return width < 40 ? [] : [`${name.slice(0, most - 1)}…`];
}

const SHAPES = ['groups', 'row-pointer', 'row-outer', 'row-mark', 'mark-outer', 'mark', 'mark-hover'] as const;

export class MapPlot {
  readonly node: HTMLDivElement;
  readonly #cells = new GridCanvas();
  readonly #labels = svgElement('g');
  readonly #trees = new MapTrees();
  readonly #frame: ChartFrame<(typeof SHAPES)[number]>;
  readonly #selectedLabel = svgElement('text', { class: 'row-label selected-label', 'text-anchor': 'end' });
  #rows: Edges = edgesOf(0, 0, 0, () => false);
  #columns: Edges = this.#rows;
  #places: Places = { voters: new Uint32Array(0), columns: new Uint32Array(0) };

  constructor(handlers: ChartHandlers<MapCell>) {
    const inner = element('div', { class: 'plot-inner' }, this.#cells.node);
    this.node = element(
      'div',
      {
        class: 'plot map',
        tabindex: '0',
        role: 'application',
        'aria-roledescription': 'specialization map',
        'aria-label':
          'Voters by contexts: arrow keys move, brackets change the bit, Tab goes on to buttons for the selected voter, which the context menu has too, Enter locks, Escape unlocks. The Table button shows the same numbers as a table.',
      },
      inner,
    );
    this.#frame = new ChartFrame(this.node, SHAPES);
    const { svg, shapes } = this.#frame;
    svg.append(this.#labels, this.#trees.node, ...shapes, this.#selectedLabel);
    inner.append(svg);
    this.#frame.listen((x, y) => this.#cellAt(x - LEFT, y - TOP), handlers);
  }

  /** Fits the picture into its element and draws it. */
  draw({ map, order, value, filter, pixels }: MapPlotContent): void {
    const { clientWidth, clientHeight } = this.node;
    const { contexts } = map;
    this.#places = placesOf(map, order, filter);
    const rowCount = this.#places.voters.length;
    const columnCount = this.#places.columns.length;
    const width = Math.max(clientWidth - LEFT - RIGHT, columnCount * LEAST_COLUMN);
    const dimensionOf = (place: number): string => contexts[this.#places.columns[place]!]!.dimension;
    const gap = order === 'clustered' ? 0 : DIMENSION_GAP;
    this.#columns = edgesOf(columnCount, width, gap, (at) => dimensionOf(at) !== dimensionOf(at - 1));
    const dimensions = order === 'clustered' ? [] : this.#dimensions(map);
    const isWrapped = dimensions.some(({ lines }) => lines.length > 1);
    const bottom = order === 'clustered' ? TREE_BOTTOM : BOTTOM + (isWrapped ? LINE : 0);
    const height = Math.max(Math.min(clientHeight - TOP - bottom, rowCount * MOST_ROW), rowCount * LEAST_ROW);
    this.#rows = edgesOf(rowCount, height, 0, () => false);
    this.#cells.resize(width, height);
    this.#cells.node.style.left = `${LEFT}px`;
    this.#cells.node.style.top = `${TOP}px`;
    this.#frame.resize(LEFT + width + RIGHT, TOP + height + bottom);
    const values = valuesOf(map, value);
    this.#cells.paint(
      this.#rows,
      this.#columns,
      pixels,
      (row, column) => values[this.#places.voters[row]! * contexts.length + this.#places.columns[column]!]!,
    );
    this.#drawLabels(map, order, height, dimensions);
    this.#trees.draw({
      // The order by number has no clusters.
      voters: order === 'number' ? null : map.voterTree,
      contexts: order === 'clustered' ? map.contextTree : null,
      rows: this.#rows,
      columns: this.#columns,
      rowPlaces: Array.from(map.voterOrder, (voter) => this.#places.voters.indexOf(voter)),
      columnPlaces: Array.from(map.contextOrder, (column) => this.#places.columns.indexOf(column)),
      left: LEFT,
      top: TOP,
    });
  }

  /** Marks the selected voter's row, the cell that the keyboard is on, and the one under the pointer. */
  mark(selected: MapCell | null, hovered: MapCell | null): void {
    const row = selected === null ? -1 : this.rowOf(selected.voter);
    const width = this.#columns.ends.at(-1) ?? 0;
    const box =
      row < 0 ? '' : rectangle(LEFT - 1.5, TOP + this.#rows.starts[row]! - 1.5, width + 3, this.#rowHeight(row) + 3);
    const middle = row < 0 ? 0 : TOP + this.#rows.starts[row]! + this.#rowHeight(row) / 2;
    this.#selectedLabel.textContent = row < 0 ? '' : String(selected!.voter);
    this.#selectedLabel.setAttribute('x', String(LEFT - 12));
    this.#selectedLabel.setAttribute('y', String(middle + 4));
    const cell = this.#outline(selected);
    this.#frame.draw({
      'row-outer': box,
      'row-mark': box,
      'row-pointer': row < 0 ? '' : triangle(LEFT - 4, middle, 4),
      'mark-outer': cell,
      mark: cell,
      'mark-hover': this.#outline(hovered),
    });
  }

  /** The row of a voter; −1 where there is none. */
  rowOf(voter: number): number {
    return this.#places.voters.indexOf(voter);
  }

  columnPlaceOf(column: number): number {
    return this.#places.columns.indexOf(column);
  }

  /** The cell at places of the picture. */
  cellAtPlaces(row: number, column: number): MapCell {
    return { voter: this.#places.voters[row] ?? 0, column: this.#places.columns[column] ?? null };
  }

  /** Centre of a cell in client coordinates, for the tooltip of the keyboard. */
  clientPoint(cell: MapCell): { readonly x: number; readonly y: number } {
    const row = Math.max(0, this.rowOf(cell.voter));
    const column = cell.column === null ? 0 : Math.max(0, this.columnPlaceOf(cell.column));
    return this.#frame.clientPoint(LEFT + (this.#columns.starts[column] ?? 0), TOP + (this.#rows.ends[row] ?? 0));
  }

  /** Scrolls a voter's row into sight, where the picture is higher than its place. */
  reveal(voter: number): void {
    const row = this.rowOf(voter);
    if (row < 0) return;
    const top = TOP + this.#rows.starts[row]!;
    const { scrollTop, clientHeight } = this.node;
    if (top < scrollTop || top + 4 > scrollTop + clientHeight) this.node.scrollTop = top - clientHeight / 2;
  }

  #rowHeight(row: number): number {
    return this.#rows.ends[row]! - this.#rows.starts[row]!;
  }

  #outline(cell: MapCell | null): string {
    if (cell?.column == null) return '';
    const row = this.rowOf(cell.voter);
    const column = this.columnPlaceOf(cell.column);
    if (row < 0 || column < 0) return '';
    const left = this.#columns.starts[column]!;
    return rectangle(
      LEFT + left - 1,
      TOP + this.#rows.starts[row]! - 1,
      this.#columns.ends[column]! - left + 2,
      this.#rowHeight(row) + 2,
    );
  }

  #cellAt(x: number, y: number): MapCell | null {
    const height = this.#rows.ends.at(-1) ?? 0;
    const width = this.#columns.ends.at(-1) ?? 0;
    if (y < -1 || y > height || x < -LEFT || x > width + 2) return null;
    const row = placeAt(this.#rows, y);
    if (row < 0) return null;
    const column = x < 0 ? -1 : placeAt(this.#columns, x);
    return column < 0 ? { voter: this.#places.voters[row]!, column: null } : this.cellAtPlaces(row, column);
  }

  #dimensions({ contexts }: VoterMap): DimensionLabel[] {
    return dimensionRuns(contexts, this.#places.columns).map(({ dimension, first, last }) => {
      const [left, right] = [this.#columns.starts[first]!, this.#columns.ends[last]!];
      const name = DIMENSION_NAMES[dimension] ?? dimension;
      return { left: LEFT + left, right: LEFT + right, name, lines: linesOf(name, right - left) };
    });
  }

  #drawLabels(map: VoterMap, order: MapOrder, height: number, dimensions: readonly DimensionLabel[]): void {
    const { voters, columns: places } = this.#places;
    const text = (attributes: Record<string, string>, content: string, title = ''): SVGTextElement => {
      const node = svgElement('text', attributes);
      node.textContent = content;
      if (title !== '') {
        const hint = svgElement('title');
        hint.textContent = title;
        node.append(hint);
      }
      return node;
    };
    const columnWidth = (this.#columns.ends[0] ?? 0) - (this.#columns.starts[0] ?? 0);
    const isUpright = columnWidth < SLANTED_COLUMN;
    const angle = isUpright ? -90 : -58;
    const contexts = Array.from(places, (column, place) => {
      const context = map.contexts[column]!;
      const x = LEFT + (this.#columns.starts[place]! + this.#columns.ends[place]!) / 2 + 3;
      const name = context.name.length > LABEL_LENGTH ? `${context.name.slice(0, LABEL_LENGTH - 1)}…` : context.name;
      const label = order === 'clustered' && context.dimension === 'characterBefore' ? `after ${name}` : name;
      return text(
        { class: 'context-label', transform: `translate(${x},${TOP - 5}) rotate(${angle})` },
        `${label} · ${formatCount(context.count)}`,
        `${columnTitle(context)}, N = ${formatCount(context.count)}`,
      );
    });
    const brackets = dimensions.map(({ left, right }) => `M${left + 0.5},${TOP + height + 3}v3H${right - 1}v-3`);
    const names = dimensions.flatMap(({ left, name, lines }) =>
      lines.map((line, at) =>
        text({ class: 'dimension', x: String(left), y: String(TOP + height + 17 + LINE * at) }, line, name),
      ),
    );
    const tall = voters.length > 0 && this.#rowHeight(0) >= LABELLED_ROW;
    const numbers = !tall
      ? []
      : Array.from(voters, (voter, row) =>
          text(
            {
              class: 'row-label',
              x: String(LEFT - 12),
              y: String(TOP + (this.#rows.starts[row]! + this.#rows.ends[row]!) / 2 + 3),
              'text-anchor': 'end',
            },
            String(voter),
          ),
        );
    const axis = text(
      {
        class: 'axis-title',
        transform: `translate(11,${TOP + Math.min(height, 400) / 2}) rotate(-90)`,
        'text-anchor': 'middle',
      },
      `${voters.length} of ${map.maxVotes.length} voters of bit ${map.bit}, ${order === 'number' ? 'by number' : 'clustered'}`,
    );
    const title = height < AXIS_TITLE_ROOM ? [] : [axis];
    // Upright labels leave room for one word beside them.
    const corner = (isUpright ? ['N', 'chunks'] : ['N chunks']).map((words, line, lines) =>
      text({ class: 'muted corner', x: '4', y: String(TOP - 28 - 12 * (lines.length - 1 - line)) }, words),
    );
    this.#labels.replaceChildren(...contexts, ...names, ...numbers, ...title, ...corner);
    this.#frame.draw({ groups: brackets.join('') });
  }
}
