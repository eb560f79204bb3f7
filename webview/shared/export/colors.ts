/** @file Colours that a style sheet worked out, as numbers that every program reads: no variables, no colour functions. */

export interface PlainColor {
  /** `#rrggbb` */
  readonly color: string;
  /** 0 to 1 */
  readonly opacity: number;
}

/** The canvas knows every notation; one pixel of it is read back. */
export class PlainColors {
  readonly #known = new Map<string, PlainColor>();
  readonly #context: CanvasRenderingContext2D;

  constructor() {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = 1;
    this.#context = canvas.getContext('2d', { willReadFrequently: true })!;
  }

  /** A colour as `getComputedStyle` tells it. */
  of(value: string): PlainColor {
    let plain = this.#known.get(value);
    if (plain === undefined) {
      plain = this.#read(value);
      this.#known.set(value, plain);
    }
    return plain;
  }

  #read(value: string): PlainColor {
    const context = this.#context;
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = '#000';
    context.fillStyle = value;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = Array.from(context.getImageData(0, 0, 1, 1).data) as [
      number,
      number,
      number,
      number,
    ];
    const hex = [red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('');
    return { color: `#${hex}`, opacity: Math.round((1000 * alpha) / 255) / 1000 };
  }
}
