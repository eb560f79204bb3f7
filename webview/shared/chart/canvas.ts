/** @file Painting rows of cells into a canvas at the screen's own resolution. */
import type { BitRows } from '../rows';
import { bitRows } from '../rows';

/** A canvas whose content is 32 rows of pixels. Sizes given in CSS pixels are kept in device pixels. */
export class CellCanvas {
  readonly node: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  #image: ImageData;
  #pixels: Uint32Array;
  #line = new Uint32Array(1);
  #rows: BitRows = bitRows(32, 0);
  #ratio = 1;

  constructor() {
    this.node = document.createElement('canvas');
    this.node.setAttribute('aria-hidden', 'true');
    this.context = this.node.getContext('2d')!;
    this.#image = new ImageData(1, 1);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  /** Device pixels across. */
  get width(): number {
    return this.#image.width;
  }

  /** Device pixels a CSS pixel. */
  get ratio(): number {
    return this.#ratio;
  }

  /** Rows in device pixels. */
  get rows(): BitRows {
    return this.#rows;
  }

  /** Makes the canvas `width` × `height` CSS pixels with `gap` CSS pixels between bytes. */
  resize(width: number, height: number, gap: number): void {
    const ratio = window.devicePixelRatio;
    const deviceWidth = Math.max(1, Math.round(width * ratio));
    const deviceHeight = Math.max(1, Math.round(height * ratio));
    this.#rows = bitRows(deviceHeight, Math.round(gap * ratio));
    this.#ratio = ratio;
    if (deviceWidth === this.node.width && deviceHeight === this.node.height && this.#image.width === deviceWidth)
      return;
    this.node.width = deviceWidth;
    this.node.height = deviceHeight;
    this.node.style.width = `${deviceWidth / ratio}px`;
    this.node.style.height = `${deviceHeight / ratio}px`;
    this.#image = new ImageData(deviceWidth, deviceHeight);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
    this.#line = new Uint32Array(deviceWidth);
  }

  /** `fill` writes one row's pixels (it gets them transparent); the row is as high as its bit's band. */
  paint(fill: (bit: number, line: Uint32Array) => void): void {
    const width = this.#image.width;
    const line = this.#line;
    const pixels = this.#pixels;
    pixels.fill(0);
    for (let bit = 0; bit < this.#rows.tops.length; bit++) {
      line.fill(0);
      fill(bit, line);
      const bottom = this.#rows.bottoms[bit]! - (this.#rows.bottoms[bit]! - this.#rows.tops[bit]! >= 8 ? 1 : 0);
      for (let y = this.#rows.tops[bit]!; y < bottom; y++) pixels.set(line, y * width);
    }
    this.context.putImageData(this.#image, 0, 0);
  }

  /** `fill` writes the pixels of the whole picture, row by row of `width` (it gets them transparent). */
  paintImage(fill: (pixels: Uint32Array, width: number) => void): void {
    this.#pixels.fill(0);
    fill(this.#pixels, this.#image.width);
    this.context.putImageData(this.#image, 0, 0);
  }
}
