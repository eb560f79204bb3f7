/** @file The whole document in one strip, with a brush over the part that the picture shows. */
import type { D3BrushEvent } from 'd3-brush';
import { brushX } from 'd3-brush';
import { scaleLinear } from 'd3-scale';
import { pointer, select } from 'd3-selection';
import { ChartFrame } from '../../shared/chart/frame';
import { element, svgElement } from '../../shared/dom';
import { setFitted } from '../../shared/chart/fitText';
import { rectangle } from '../../shared/chart/path';
import { format } from 'd3-format';
import { describeStrip } from '../describe';
import type { MeasureName } from '../measured/measures';
import { MEASURES } from '../measured/measures';
import type { DocumentSummary } from '../measured/summary';
import type { ChunkWindow } from '../moving/window';

const LEFT = 66;
const RIGHT = 12;
const TOP = 22;
const HEIGHT = 38;
const FOOT = 8;
/** Least width of the bar for what the editor shows. */
const LEAST_EDITOR = 2;
const formatTick = format('.3~r');

export interface MinimapContent {
  readonly summary: DocumentSummary;
  readonly measure: MeasureName;
  readonly window: ChunkWindow;
  readonly visible: { readonly firstChunk: number; readonly count: number };
  readonly selected: number | null;
}

export class Minimap {
  readonly node = element('div', { class: 'plot minimap', 'aria-hidden': 'true' });
  readonly #frame = new ChartFrame(this.node, ['unmeasured', 'strip', 'editor', 'selected']);
  readonly #title = svgElement('text', { x: String(LEFT), y: '11' });
  readonly #most = svgElement('text', {
    class: 'muted',
    x: String(LEFT - 8),
    y: String(TOP + 8),
    'text-anchor': 'end',
  });
  readonly #zero = svgElement('text', {
    class: 'muted',
    x: String(LEFT - 8),
    y: String(TOP + HEIGHT),
    'text-anchor': 'end',
  });
  readonly #layer = svgElement('g', { transform: `translate(${LEFT},${TOP})` });
  readonly #brush = brushX<unknown>();
  #width = 1;
  #chunkCount = 1;
  #barsKey = '';

  /** `onWindow` gets what the user brushed or clicked. */
  constructor(onWindow: (window: ChunkWindow) => void) {
    this.#zero.textContent = '0';
    const { svg, shapes } = this.#frame;
    // The brush above all, so that it gets the pointer.
    svg.append(this.#title, this.#most, this.#zero, ...shapes, this.#layer);
    this.node.append(svg);
    let span = 1;
    const chunkAt = (x: number): number => (x * this.#chunkCount) / this.#width;
    this.#brush
      .on('start', (event: D3BrushEvent<unknown>) => {
        const [from, to] = selected(event) ?? [0, 0];
        if (to > from) span = chunkAt(to - from);
      })
      .on('brush', (event: D3BrushEvent<unknown>) => {
        // Moves that this class made itself have no source.
        const range = selected(event);
        if (event.sourceEvent == null || range === null) return;
        onWindow({ start: chunkAt(range[0]), span: chunkAt(range[1] - range[0]) });
      })
      .on('end', (event: D3BrushEvent<unknown>) => {
        if (event.sourceEvent == null || selected(event) !== null) return;
        // A click beside the brush moves the window there.
        const [x] = pointer(event.sourceEvent, this.#layer);
        onWindow({ start: chunkAt(x) - span / 2, span });
      });
  }

  resize(): void {
    const { clientWidth } = this.node;
    this.#width = Math.max(1, clientWidth - LEFT - RIGHT);
    this.#frame.resize(clientWidth, TOP + HEIGHT + FOOT);
    this.#brush.extent([
      [0, 0],
      [this.#width, HEIGHT],
    ]);
    select(this.#layer).call(this.#brush);
    this.#barsKey = '';
  }

  draw(content: MinimapContent): void {
    const { summary, measure, window, visible, selected: chunk } = content;
    this.#chunkCount = Math.max(1, summary.chunkCount);
    const x = (position: number): number => (position * this.#width) / this.#chunkCount;
    const measured = summary.measured;
    const key = `${measure} ${measured} ${summary.chunkCount}`;
    if (key !== this.#barsKey) {
      this.#barsKey = key;
      this.#drawBars(summary, measure);
      this.#drawTitle(describeStrip(summary, MEASURES[measure].minimap));
    }
    // As far as the strip goes, and never too narrow to be seen.
    const from = Math.min(x(visible.firstChunk), this.#width - LEAST_EDITOR);
    const across = Math.max(LEAST_EDITOR, Math.min(x(visible.count), this.#width - from));
    this.#frame.draw({
      editor: rectangle(LEFT + from, TOP + HEIGHT + 2, across, 3),
      selected: chunk === null ? '' : this.#marker(x(chunk + 0.5)),
    });
    select(this.#layer).call((layer) => {
      this.#brush.move(layer, [x(window.start), Math.max(x(window.start) + 2, x(window.start + window.span))]);
    });
  }

  /** In the first words that have room; shorter ones begin above the ends of the scale. */
  #drawTitle([whole, ...shorter]: readonly [string, ...string[]]): void {
    const room = LEFT + this.#width;
    const hasRoom = (title: string, left: number): boolean => {
      this.#title.setAttribute('x', String(left));
      this.#title.textContent = title;
      return left + this.#title.getComputedTextLength() <= room;
    };
    this.node.title = whole;
    if (hasRoom(whole, LEFT) || shorter.some((title) => hasRoom(title, 0))) return;
    setFitted(this.#title, shorter.at(-1) ?? whole, room);
  }

  /** A line through the strip with a triangle on top. */
  #marker(x: number): string {
    return `M${LEFT + x},${TOP}v${HEIGHT}M${LEFT + x - 4},${TOP - 5}h8l-4,5z`;
  }

  #drawBars(summary: DocumentSummary, measure: MeasureName): void {
    const means = Array.from({ length: summary.bins }, (_, bin) => summary.mean(measure, bin));
    const most = means.filter(Number.isFinite).reduce((largest, mean) => Math.max(largest, mean), 0);
    const scale = scaleLinear([0, most > 0 ? most : 1], [0, HEIGHT]);
    const width = this.#width / summary.bins;
    const parts = { strip: '', unmeasured: '' };
    let run = 0;
    means.forEach((mean, bin) => {
      if (Number.isNaN(mean)) {
        run += 1;
        if (bin === means.length - 1 || !Number.isNaN(means[bin + 1]!)) {
          parts.unmeasured += rectangle(LEFT + (bin + 1 - run) * width, TOP, run * width, HEIGHT);
          run = 0;
        }
        return;
      }
      const height = Number.isFinite(mean) ? scale(mean) : HEIGHT;
      parts.strip += rectangle(LEFT + bin * width, TOP + HEIGHT - height, width, height);
    });
    this.#frame.draw(parts);
    this.#most.textContent = formatTick(most);
  }
}

/** The brushed pixels, or null where nothing is brushed. */
function selected(event: D3BrushEvent<unknown>): [number, number] | null {
  return event.selection as [number, number] | null;
}
