/** @file The pinned chunk beside the live one: A, B and A−B of p and of effective voters, each trio on one scale. */
import { axisBottom } from 'd3-axis';
import { format } from 'd3-format';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { CHUNK_BITS } from '../../model/measures/chunk';
import { element, svgElement, table } from '../shared/dom';
import type { PanelCommand } from '../../model/protocol/panels/messages';
import type { PinnedChunk, VotesReady } from '../../model/protocol/panels/votes';
import { ChartFrame } from '../shared/chart/frame';
import { rectangle } from '../shared/chart/path';
import type { BitRows } from '../shared/rows';
import { bitRows } from '../shared/rows';
import type { ChunkNumbers } from './pinnedNumbers';
import { PINNED_COLUMNS, pinnedRows, pinnedTitle, difference } from './pinnedNumbers';
import { BOTTOM, BYTE_GAP, rowHeight, rowTop, TOP } from './layout';

const GAP = 16;
const NARROW_GAP = 10;
/** Below this width titles and axes are short. */
const NARROW = 520;
const LABELS = 18;
/** Below this width an axis has room for one number only. */
const LEAST_FOR_TWO = 34;

/** One of the two measures, in three parts: A and B from 0, A−B from its middle. */
interface Trio {
  readonly name: 'p(1)' | 'effective voters';
  readonly largest: number;
  readonly left: number;
  /** CSS pixels from 0 to `largest`, in all three parts. */
  readonly unit: number;
  /** Between the parts. */
  readonly gap: number;
}

const CLASSES = ['padding', 'base', 'right', 'effective', 'real', 'more', 'less'] as const;
type PathClass = (typeof CLASSES)[number];

export class PinnedPane {
  readonly node: HTMLElement;
  readonly #title = element('p', { class: 'pinned-title' });
  readonly #plot = element('div', { class: 'plot pinned-plot', role: 'img' });
  readonly #frame = new ChartFrame(this.#plot, CLASSES);
  readonly #axes = Array.from({ length: 6 }, () => svgElement('g', { class: 'axis' }));
  readonly #titles = Array.from({ length: 6 }, () => svgElement('text', { y: '11' }));
  readonly #numbers = svgElement('g');
  readonly #table = element('div', {
    class: 'table-pane',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Pinned and live chunk as a table',
  });
  #rows: BitRows = bitRows(2 * CHUNK_BITS, BYTE_GAP);

  constructor(run: (command: PanelCommand) => void) {
    const unpin = element(
      'button',
      { type: 'button', class: 'unpin', 'data-live': '', 'data-export': 'skip' },
      'Unpin',
    );
    unpin.addEventListener('click', () => {
      run('smuggler.unpinChunk');
    });
    const { svg, shapes } = this.#frame;
    svg.append(...this.#axes, ...this.#titles, this.#numbers, ...shapes);
    this.#plot.append(svg);
    this.node = element(
      'section',
      { class: 'pinned-pane', 'aria-label': 'Pinned and live chunk' },
      element('div', { class: 'pinned-head' }, this.#title, unpin),
      this.#plot,
      this.#table,
    );
    this.node.hidden = true;
  }

  /** Shows the pinned chunk beside the live one; as a table where `asTable`. Hides where none is pinned. */
  set(live: VotesReady, asTable: boolean): void {
    const { pinned } = live;
    this.node.hidden = pinned === null;
    if (pinned === null) return;
    const title = pinnedTitle(pinned, live);
    this.#title.textContent = title;
    this.#title.title = title;
    this.#plot.hidden = asTable;
    this.#table.hidden = !asTable;
    if (asTable) {
      const caption = 'A pinned, B live; voters are effective voters 1/Σw²';
      this.#table.replaceChildren(table(caption, PINNED_COLUMNS, pinnedRows(pinned, live)));
    } else this.#draw(pinned, live, title);
  }

  #draw(a: PinnedChunk, b: VotesReady, title: string): void {
    const { clientWidth, clientHeight } = this.#plot;
    const height = Math.max(2 * CHUNK_BITS, clientHeight - TOP - BOTTOM);
    this.#rows = bitRows(height, BYTE_GAP);
    this.#frame.resize(clientWidth, height + TOP + BOTTOM);
    this.#plot.setAttribute('aria-label', `${title}. The Table button shows the numbers.`);
    // Two trios of 1 + 1 + 2 units, and gaps between the parts.
    const isNarrow = clientWidth < NARROW;
    const gap = isNarrow ? NARROW_GAP : GAP;
    const unit = Math.max(8, (clientWidth - LABELS - 5 * gap - 12) / 8);
    const voters = Math.max(a.provenance.votersPerBit, b.provenance.votersPerBit);
    const trios: readonly Trio[] = [
      { name: 'p(1)', largest: 1, left: LABELS, unit, gap },
      { name: 'effective voters', largest: voters, left: LABELS + 4 * unit + 3 * gap, unit, gap },
    ];
    const paths = Object.fromEntries(CLASSES.map((name) => [name, ''])) as Record<PathClass, string>;
    const minus = difference(a, b);
    for (const [index, trio] of trios.entries()) {
      const isP = trio.name === 'p(1)';
      const values = (chunk: ChunkNumbers): Float32Array => (isP ? chunk.probabilities : chunk.effectiveVoters);
      const [, second, third] = starts(trio);
      this.#bars(paths, trio, trio.left, a, values(a), isP);
      this.#bars(paths, trio, second, b, values(b), isP);
      this.#differences(paths, trio, third + unit, isP ? minus.probabilities : minus.effectiveVoters);
      this.#drawAxes(trio, 3 * index, isNarrow);
    }
    this.#frame.draw(paths);
    this.#drawNumbers();
  }

  #bars(
    paths: Record<PathClass, string>,
    { unit, largest }: Trio,
    left: number,
    chunk: ChunkNumbers,
    values: Float32Array,
    isP: boolean,
  ): void {
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const [top, bar] = this.#bar(bit);
      if (chunk.scored[bit] !== 1) {
        paths.padding += `M${left},${top + bar / 2}h${unit}`;
        continue;
      }
      paths[isP ? 'right' : 'effective'] += rectangle(left, top, (unit * values[bit]!) / largest, bar);
      if (isP) paths.real += `M${left + (chunk.bits[bit] === 1 ? unit : 0)},${top}v${bar}`;
    }
  }

  #differences(
    paths: Record<PathClass, string>,
    { unit, largest }: Trio,
    middle: number,
    differences: Float64Array,
  ): void {
    paths.base += `M${middle},${TOP}v${this.#rows.height}`;
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const [top, bar] = this.#bar(bit);
      const value = differences[bit]!;
      if (Number.isNaN(value)) paths.padding += `M${middle - unit},${top + bar / 2}h${2 * unit}`;
      else if (value !== 0) {
        const width = (unit * Math.abs(value)) / largest;
        paths[value > 0 ? 'more' : 'less'] += rectangle(value > 0 ? middle : middle - width, top, width, bar);
      }
    }
  }

  /** Top and height of a bit's bar. */
  #bar(bit: number): [number, number] {
    const height = rowHeight(this.#rows, bit);
    return [rowTop(this.#rows, bit), Math.max(1, height - (height >= 6 ? 2 : 1))];
  }

  #drawAxes(trio: Trio, first: number, isNarrow: boolean): void {
    const { largest, unit } = trio;
    const long = trio.name === 'p(1)' ? 'p(1)' : unit < 70 ? '1/Σw²' : 'voters 1/Σw²';
    const name = isNarrow ? (trio.name === 'p(1)' ? 'p' : 'eff.') : long;
    const whole = scaleLinear([0, largest], [0, unit]);
    const both = scaleLinear([-largest, largest], [0, 2 * unit]);
    const tick = format('~r');
    const ends = unit < LEAST_FOR_TWO ? [largest] : [0, largest];
    const axes = [
      axisBottom(whole).tickValues(ends).tickFormat(tick),
      axisBottom(whole).tickValues(ends).tickFormat(tick),
      axisBottom(both)
        .tickValues(isNarrow ? [-largest, largest] : [-largest, 0, largest])
        .tickFormat(tick),
    ];
    starts(trio).forEach((x, part) => {
      select(this.#axes[first + part]!)
        .attr('transform', `translate(${x},${TOP + this.#rows.height})`)
        .call(axes[part]!.tickSize(3).tickPadding(2))
        .selectAll('.tick text')
        .attr('text-anchor', (_, index, ticks) =>
          index === ticks.length - 1 ? 'end' : index === 0 ? 'start' : 'middle',
        );
      const title = this.#titles[first + part]!;
      title.setAttribute('x', String(x));
      title.textContent = part === 0 ? `A ${name}` : part === 1 ? 'B' : 'A−B';
    });
  }

  #drawNumbers(): void {
    // Every eighth bit: the rows stand beside those of the matrix, which names them all.
    this.#numbers.replaceChildren(
      ...[0, 8, 16, 24].map((bit) => {
        const text = svgElement('text', {
          class: 'bit-number',
          x: String(LABELS - 4),
          y: String(rowTop(this.#rows, bit) + 8),
          'text-anchor': 'end',
        });
        text.textContent = String(bit);
        return text;
      }),
    );
  }
}

/** Where the three parts of a trio begin. */
function starts({ left, unit, gap }: Trio): [number, number, number] {
  return [left, left + unit + gap, left + 2 * unit + 2 * gap];
}
