/** @file The selected chunk: the votes of A and of B for each bit with p and the real bit, and A−B of p, on one scale. */
import { axisBottom } from 'd3-axis';
import { format } from 'd3-format';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { CHUNK_BITS } from '../../model/measures/chunk';
import { verdictOf } from '../../model/measures/decidedBits';
import { COLOR_STEPS, colorAt, sequentialColors } from '../shared/chart/colors';
import type { ComparedChunk, ComparedChunkSide } from '../../model/protocol/comparison';
import { element, svgElement } from '../shared/dom';
import type { ChartHandlers } from '../shared/chart/frame';
import { ChartFrame } from '../shared/chart/frame';
import { cross, rectangle } from '../shared/chart/path';
import type { BitRows } from '../shared/rows';
import { bitAt, bitRows } from '../shared/rows';
import { byteLabels, packBits } from '../shared/text';
import { pairTitle } from './describe';

const LEFT = 54;
const RIGHT = 12;
const GAP = 18;
const TOP = 16;
const BOTTOM = 18;
const BYTE_GAP = 3;
/** Colours of the cells: enough to tell shares apart, few enough to be a path each. */
const LEVELS = 12;
/** Parts of [0, 1] that votes are counted in. */
const BINS = 32;

const PATHS = ['padding', 'halo', 'right', 'wrong', 'crosses', 'real', 'more', 'less', 'base', 'selected-bit'] as const;
type PathName = (typeof PATHS)[number];

/** A table of pixels as colours of a style sheet. */
function levelColors(): string[] {
  const pixels = sequentialColors();
  return Array.from({ length: LEVELS }, (_, level) => {
    const pixel = colorAt(pixels, level / (LEVELS - 1));
    return `rgb(${pixel & 255}, ${(pixel >> 8) & 255}, ${(pixel >> 16) & 255})`;
  });
}

/** The colour scale of the cells, for its legend. */
export function cellColors(): Uint32Array {
  const pixels = sequentialColors();
  return Uint32Array.from({ length: COLOR_STEPS }, (_, step) =>
    colorAt(pixels, Math.min(LEVELS - 1, Math.floor((step / COLOR_STEPS) * LEVELS)) / (LEVELS - 1)),
  );
}

/** Level of a share of a bit's voters, by its root; −1 where there is none. */
function levelOf(share: number): number {
  return share === 0 ? -1 : Math.min(LEVELS - 1, Math.floor(Math.sqrt(share) * LEVELS));
}

export class ChunkPane {
  readonly node: HTMLElement;
  readonly plot = element('div', {
    class: 'plot votes',
    role: 'application',
    tabindex: '0',
    'aria-roledescription': 'picture',
    'aria-label': 'Votes for the selected chunk',
    'aria-description': 'Up and down arrows choose a bit. The Table button shows the numbers.',
  });
  readonly #title = element('h2', { class: 'chunk-title' });
  readonly #frame = new ChartFrame(this.plot, PATHS);
  readonly #cells: readonly SVGPathElement[];
  readonly #axes = Array.from({ length: 3 }, () => svgElement('g', { class: 'axis' }));
  readonly #names = Array.from({ length: 3 }, () => svgElement('text', { y: '11', class: 'title' }));
  readonly #labels = svgElement('g');
  #rows: BitRows = bitRows(2 * CHUNK_BITS, BYTE_GAP);
  #width = 1;

  constructor(handlers: ChartHandlers<number>) {
    this.#cells = levelColors().map((color) => {
      const path = svgElement('path');
      path.style.fill = color;
      return path;
    });
    const { svg, shapes } = this.#frame;
    svg.append(...this.#axes, ...this.#names, this.#labels, ...this.#cells, ...shapes);
    this.plot.append(svg);
    this.node = element('section', { class: 'chunk', 'aria-label': 'Selected chunk' }, this.#title, this.plot);
    this.#frame.listen((_, y) => bitAt(this.#rows, y - TOP), handlers);
  }

  /** Says that nothing is selected that could be compared. */
  clear(sentence: string): void {
    this.#title.textContent = sentence;
    this.plot.hidden = true;
  }

  /** @param isDrawn false where a table stands in place of the picture */
  draw(pair: ComparedChunk, bit: number | null, isDrawn: boolean): void {
    const title = pairTitle(pair);
    this.#title.textContent = title;
    this.#title.title = title;
    this.plot.hidden = !isDrawn;
    if (!isDrawn) return;
    const { clientWidth, clientHeight } = this.plot;
    const height = Math.max(4 * CHUNK_BITS, clientHeight - TOP - BOTTOM);
    this.#rows = bitRows(height, BYTE_GAP);
    this.#frame.resize(clientWidth, height + TOP + BOTTOM);
    // One unit from 0 to 1 for A and B, two from −1 to 1 for A−B.
    const unit = Math.max(24, (clientWidth - LEFT - RIGHT - 2 * GAP) / 4);
    this.#width = LEFT + 4 * unit + 2 * GAP + RIGHT;
    const lefts = [LEFT, LEFT + unit + GAP, LEFT + 2 * unit + 2 * GAP] as const;
    const paths = Object.fromEntries(PATHS.map((name) => [name, ''])) as Record<PathName, string>;
    const cells = Array<string>(LEVELS).fill('');
    this.#side(pair.a, pair.scored, lefts[0], unit, paths, cells);
    this.#side(pair.b, pair.scored, lefts[1], unit, paths, cells);
    this.#differences(pair, lefts[2] + unit, unit, paths);
    if (bit !== null) paths['selected-bit'] = this.#rowFrame(bit);
    this.#cells.forEach((path, level) => {
      path.setAttribute('d', cells[level]!);
    });
    this.#frame.draw(paths);
    this.#drawAxes(lefts, unit);
    this.#drawLabels(pair);
  }

  /** A point beside a bit's row in client coordinates. */
  clientPoint(bit: number): { x: number; y: number } {
    return this.#frame.clientPoint(LEFT, this.#bar(bit)[0]);
  }

  #side(
    side: ComparedChunkSide,
    scored: Uint8Array,
    left: number,
    unit: number,
    paths: Record<PathName, string>,
    cells: string[],
  ): void {
    const cell = unit / BINS;
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const [top, bar] = this.#bar(bit);
      if (scored[bit] !== 1) {
        paths.padding += `M${left},${top + bar / 2}h${unit}`;
        continue;
      }
      const counts = side.histogram.subarray(BINS * bit, BINS * (bit + 1));
      const voters = counts.reduce((sum, count) => sum + count, 0);
      counts.forEach((count, bin) => {
        const level = levelOf(count / voters);
        if (level >= 0) cells[level] = cells[level]! + rectangle(left + bin * cell, top, cell, bar);
      });
      const p = left + unit * side.probabilities[bit]!;
      const verdict = verdictOf(side.probabilities[bit]!, side.bits[bit]!);
      // Of a bit without voters only its real value is drawn.
      if (verdict !== 'undecided') {
        paths.halo += `M${p},${top}v${bar}`;
        paths[verdict === 'right' ? 'right' : 'wrong'] += `M${p},${top}v${bar}`;
      }
      if (verdict === 'mistake') paths.crosses += cross(left + unit + GAP / 2, top + bar / 2, Math.min(3, bar / 2));
      const edge = side.bits[bit] === 1 ? left + unit : left - 3;
      paths.real += rectangle(edge, top, 3, bar);
    }
  }

  #differences({ a, b, scored }: ComparedChunk, middle: number, unit: number, paths: Record<PathName, string>): void {
    paths.base += `M${middle},${TOP}v${this.#rows.height}`;
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const [top, bar] = this.#bar(bit);
      if (scored[bit] !== 1) {
        paths.padding += `M${middle - unit},${top + bar / 2}h${2 * unit}`;
        continue;
      }
      const value = a.probabilities[bit]! - b.probabilities[bit]!;
      const width = unit * Math.abs(value);
      if (value !== 0 && !Number.isNaN(value)) {
        paths[value > 0 ? 'more' : 'less'] += rectangle(value > 0 ? middle : middle - width, top, width, bar);
      }
    }
  }

  /** Top and height of a bit's bar. */
  #bar(bit: number): [number, number] {
    const height = this.#rows.bottoms[bit]! - this.#rows.tops[bit]!;
    return [TOP + this.#rows.tops[bit]!, Math.max(1, height - (height >= 6 ? 2 : 1))];
  }

  #rowFrame(bit: number): string {
    const [top, bar] = this.#bar(bit);
    return rectangle(LEFT - 6, top - 1.5, this.#width - LEFT - RIGHT + 9, bar + 3);
  }

  #drawAxes(lefts: readonly [number, number, number], unit: number): void {
    const whole = scaleLinear([0, 1], [0, unit]);
    const both = scaleLinear([-1, 1], [0, 2 * unit]);
    const tick = format('~g');
    const axes = [
      axisBottom(whole).tickValues(unit < 60 ? [0, 1] : [0, 0.5, 1]),
      axisBottom(whole).tickValues(unit < 60 ? [0, 1] : [0, 0.5, 1]),
      axisBottom(both).tickValues([-1, 0, 1]),
    ];
    const isNarrow = unit < 90;
    const names = isNarrow
      ? ['A: v, p', 'B', 'A−B of p']
      : ['A: votes v and p(1)', 'B: votes v and p(1)', 'A−B of p(1)'];
    lefts.forEach((left, part) => {
      select(this.#axes[part]!)
        .attr('transform', `translate(${left},${TOP + this.#rows.height})`)
        .call(
          axes[part]!.tickSize(3)
            .tickPadding(2)
            .tickFormat((value) => tick(Number(value))),
        );
      this.#names[part]!.setAttribute('x', String(left));
      this.#names[part]!.textContent = names[part]!;
    });
  }

  #drawLabels({ a, b, scored }: ComparedChunk): void {
    const [ofA, ofB] = [byteLabels(packBits(a.bits)), byteLabels(packBits(b.bits))];
    const isTall = this.#rows.height / CHUNK_BITS >= 9.5;
    const label = (content: string, x: number, y: number, className: string): SVGTextElement => {
      const text = svgElement('text', { class: className, x: String(x), y: String(y), 'text-anchor': 'end' });
      text.textContent = content;
      return text;
    };
    const labels: SVGTextElement[] = [];
    for (let byte = 0; byte < 4; byte++) {
      if (scored[8 * byte] !== 1) continue;
      const middle = (this.#bar(8 * byte)[0] + this.#bar(8 * byte + 7)[0]) / 2 + 8;
      const [signA, signB] = [ofA[byte]!, ofB[byte]!];
      // Two signs fit beside one another; escapes stand below one another, that of A first.
      const lines =
        signA === signB ? [signA] : Math.max(signA.length, signB.length) < 3 ? [`${signA}|${signB}`] : [signA, signB];
      lines.forEach((line, i) => {
        labels.push(label(line, LEFT - 24, middle + 12 * (i - (lines.length - 1) / 2), 'code'));
      });
    }
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      if (!isTall && bit % 8 !== 0) continue;
      const [top, bar] = this.#bar(bit);
      labels.push(label(String(bit), LEFT - 8, top + (isTall ? bar / 2 + 3 : 8), 'bit-number'));
    }
    this.#labels.replaceChildren(...labels);
  }
}
