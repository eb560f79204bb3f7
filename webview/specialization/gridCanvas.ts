/** @file Painting the map's cells at the screen's own resolution. */
import { colorAt } from '../shared/chart/colors';
import type { Edges } from './order';

/** Device pixels from which cells get a gap of one. */
const GAP_FROM = 8;

export class GridCanvas {
  readonly node = document.createElement('canvas');
  readonly #context = this.node.getContext('2d')!;
  #image = new ImageData(1, 1);
  #ratio = 1;

  constructor() {
    this.node.setAttribute('aria-hidden', 'true');
  }

  /** Makes the canvas `width` × `height` CSS pixels. */
  resize(width: number, height: number): void {
    const ratio = window.devicePixelRatio;
    const deviceWidth = Math.max(1, Math.round(width * ratio));
    const deviceHeight = Math.max(1, Math.round(height * ratio));
    this.#ratio = ratio;
    if (this.#image.width === deviceWidth && this.#image.height === deviceHeight) return;
    this.node.width = deviceWidth;
    this.node.height = deviceHeight;
    this.node.style.width = `${deviceWidth / ratio}px`;
    this.node.style.height = `${deviceHeight / ratio}px`;
    this.#image = new ImageData(deviceWidth, deviceHeight);
  }

  /** Fills the cells; `value` gets places and answers a position in the colour scale. */
  paint(rows: Edges, columns: Edges, pixels: Uint32Array, value: (row: number, column: number) => number): void {
    const { width, height } = this.#image;
    const target = new Uint32Array(this.#image.data.buffer);
    target.fill(0);
    const across = this.#deviceEdges(columns, width);
    const down = this.#deviceEdges(rows, height);
    const line = new Uint32Array(width);
    down.forEach(([top, bottom], row) => {
      line.fill(0);
      across.forEach(([left, right], column) => {
        line.fill(colorAt(pixels, value(row, column)), left, right);
      });
      for (let y = top; y < bottom; y++) target.set(line, y * width);
    });
    this.#context.putImageData(this.#image, 0, 0);
  }

  #deviceEdges({ starts, ends }: Edges, limit: number): (readonly [number, number])[] {
    return Array.from(starts, (start, place) => {
      const from = Math.round(start * this.#ratio);
      const to = Math.min(limit, Math.round(ends[place]! * this.#ratio));
      return [from, to - from >= GAP_FROM ? to - 1 : Math.max(from + 1, to)] as const;
    });
  }
}
