/** @file Text of a page in lines: where each stands, and in which font. */

export interface Font {
  readonly family: string;
  /** CSS pixels. */
  readonly size: number;
  readonly weight: string;
  readonly style: string;
}

export interface TextLine {
  readonly text: string;
  /** Client coordinates of its box. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const GENERIC = /(^|[\s,])(serif|sans-serif|monospace|system-ui|ui-monospace|ui-sans-serif)\s*(,|$)/;

/** The font, with a generic family at the end for programs that lack the others. */
export function fontOf(style: CSSStyleDeclaration): Font {
  const { fontFamily } = style;
  return {
    family: GENERIC.test(fontFamily) ? fontFamily : `${fontFamily}, sans-serif`,
    size: parseFloat(style.fontSize),
    weight: style.fontWeight,
    style: style.fontStyle,
  };
}

/** The font as a canvas wants it. */
export function fontText({ style, weight, size, family }: Font): string {
  return `${style} ${weight} ${size}px ${family}`;
}

/** Sizes of text, as the browser measures them. */
export class Fonts {
  readonly #context = document.createElement('canvas').getContext('2d')!;
  readonly #ascents = new Map<string, { readonly ascent: number; readonly descent: number }>();

  width(text: string, font: string): number {
    this.#context.font = font;
    return this.#context.measureText(text).width;
  }

  /** Pixels from the top of a line's box down to its baseline. */
  baseline(of: Font, height: number): number {
    const font = fontText(of);
    let known = this.#ascents.get(font);
    if (known === undefined) {
      this.#context.font = font;
      const { fontBoundingBoxAscent, fontBoundingBoxDescent } = this.#context.measureText('x');
      known = { ascent: fontBoundingBoxAscent, descent: fontBoundingBoxDescent };
      this.#ascents.set(font, known);
    }
    return (height - known.ascent - known.descent) / 2 + known.ascent;
  }
}

function lineOf(text: string, { left, top, width, height }: DOMRect): TextLine {
  return { text, left, top, width, height };
}

/** The lines of a text node as they are laid out; none where it is not rendered. */
export function textLines(node: Text, style: CSSStyleDeclaration): TextLine[] {
  const range = document.createRange();
  range.selectNodeContents(node);
  const boxes = Array.from(range.getClientRects()).filter(({ width }) => width > 0);
  const collapses = style.whiteSpaceCollapse === 'collapse';
  const shown = (text: string): string => (collapses ? text.replace(/\s+/g, ' ').trim() : text.replace(/\n$/, ''));
  if (boxes.length === 0) return [];
  const hasTabs = !collapses && node.data.includes('\t');
  if (boxes.length === 1 && !hasTabs) return [lineOf(shown(node.data), boxes[0]!)];
  // Several lines, runs of several fonts, or tabs: character by character, a new part where the next one stands elsewhere.
  const lines: { text: string; box: DOMRect }[] = [];
  let at = 0;
  let isAfterTab = false;
  for (const character of node.data) {
    range.setStart(node, at);
    at += character.length;
    range.setEnd(node, at);
    const box = Array.from(range.getClientRects()).find(({ width }) => width > 0);
    if (box === undefined) continue;
    // Other programs draw a tab as a space.
    if (hasTabs && character === '\t') {
      isAfterTab = true;
      continue;
    }
    const line = lines.at(-1);
    const isSame =
      line !== undefined &&
      !isAfterTab &&
      box.left >= line.box.left &&
      box.top < line.box.bottom &&
      box.bottom > line.box.top;
    isAfterTab = false;
    if (isSame) {
      line.text += character;
      line.box = new DOMRect(line.box.left, line.box.top, box.right - line.box.left, line.box.height);
    } else lines.push({ text: character, box });
  }
  return lines.map(({ text, box }) => lineOf(shown(text), box));
}
