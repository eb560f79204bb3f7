/** @file What is visible of an element as SVG: boxes, text and inline SVG as vectors, canvases as images. */
import type { PlainColors } from './colors';
import { drawControl, isNativeControl } from './controls';
import { fontOf, fontText, textLines } from './text';
import type { Font, Fonts, TextLine } from './text';
import { VectorWriter } from './vectors';
import { attributes, escapeXml } from './xml';

/** What is not part of a figure. */
const LEFT_OUT = '.controls > :not(h2, h3), .pager, .visually-hidden, [data-export=skip], footer .provenance';
const SIDES = ['top', 'right', 'bottom', 'left'] as const;

export class FigureWriter {
  #left = 0;
  #top = 0;
  #clips = 0;
  /** Where text has to end, in client coordinates. */
  #right = Infinity;
  readonly #vectors: VectorWriter;

  constructor(
    private readonly colors: PlainColors,
    private readonly fonts: Fonts,
  ) {
    this.#vectors = new VectorWriter(colors);
  }

  /** The element and all in it, moved by (`left`, `top`) from where it is in the window. */
  draw(root: Element, left: number, top: number): string {
    this.#left = left;
    this.#top = top;
    return this.#clipped((late) => this.#element(root, late));
  }

  /** What stays in sight when its surroundings scroll is above them: it comes last. */
  #clipped(draw: (late: string[]) => string): string {
    const late: string[] = [];
    return [draw(late), ...late].filter((part) => part !== '').join('\n');
  }

  #element(node: Element, late: string[]): string {
    if (node.matches(LEFT_OUT) || !node.checkVisibility({ visibilityProperty: true })) return '';
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    let content: string;
    if (node instanceof SVGSVGElement) {
      content = this.#vectors.write(node, box.left + this.#left, box.top + this.#top);
    } else if (node instanceof HTMLCanvasElement) content = this.#canvas(node, box, style);
    else if (isNativeControl(node)) content = this.#control(node, box, style);
    else content = this.#box(box, style) + this.#content(node, box, style, late);
    const opacity = Number(style.opacity);
    if (opacity < 1 && content !== '') content = `<g opacity="${opacity}">\n${content}\n</g>`;
    if (style.position !== 'sticky') return content;
    late.push(content);
    return '';
  }

  #content(node: Element, box: DOMRect, style: CSSStyleDeclaration, late: string[]): string {
    if (node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement || node instanceof HTMLSelectElement) {
      return this.#field(node, box, style);
    }
    const scrolls = node.scrollWidth > node.clientWidth + 1 || node.scrollHeight > node.clientHeight + 1;
    if (!scrolls || style.overflow === 'visible') return this.#children(node, style, late);
    if (style.textOverflow === 'ellipsis') return this.#shortened(node, box, style, late);
    const id = `clip${++this.#clips}`;
    const area = attributes({
      x: box.left + node.clientLeft + this.#left,
      y: box.top + node.clientTop + this.#top,
      width: node.clientWidth,
      height: node.clientHeight,
    });
    const content = this.#clipped((own) => this.#children(node, style, own));
    if (content === '') return '';
    return `\n<clipPath id="${id}"><rect${area}/></clipPath>\n<g clip-path="url(#${id})">\n${content}\n</g>`;
  }

  /** Text that ends in an ellipsis is shortened, not cut through. */
  #shortened(node: Element, box: DOMRect, style: CSSStyleDeclaration, late: string[]): string {
    const outer = this.#right;
    this.#right = Math.min(outer, box.left + node.clientLeft + node.clientWidth - parseFloat(style.paddingRight));
    const content = this.#children(node, style, late);
    this.#right = outer;
    return content;
  }

  #children(node: Element, style: CSSStyleDeclaration, late: string[]): string {
    const parts = Array.from(node.childNodes, (child) => {
      if (child instanceof Element) return this.#element(child, late);
      return child instanceof Text && child.data.trim() !== '' ? this.#text(child, style) : '';
    });
    return parts.filter((part) => part !== '').join('\n');
  }

  #text(node: Text, style: CSSStyleDeclaration): string {
    const font = fontOf(style);
    return textLines(node, style)
      .filter(({ left }) => left < this.#right)
      .map((line) => this.#line(this.#fitted(line, font), font, style))
      .join('\n');
  }

  /** The line with an ellipsis where it would go on beyond where text has to end. */
  #fitted(line: TextLine, font: Font): TextLine {
    if (line.left + line.width <= this.#right + 1) return line;
    const measure = (text: string): number => this.fonts.width(text, fontText(font));
    let text = line.text;
    while (text !== '' && line.left + measure(`${text}…`) > this.#right) text = text.slice(0, -1);
    return { ...line, text: `${text.trimEnd()}…`, width: measure(`${text.trimEnd()}…`) };
  }

  #line({ text, left, top, width, height }: TextLine, font: Font, style: CSSStyleDeclaration): string {
    const place = attributes({
      x: left + this.#left,
      y: top + this.#top + this.fonts.baseline(font, height),
      'font-family': font.family,
      'font-size': font.size,
      fill: this.colors.of(style.color),
    });
    const weight = font.weight === '400' ? '' : attributes({ 'font-weight': font.weight });
    const slant = font.style === 'normal' ? '' : attributes({ 'font-style': font.style });
    // Other programs may have other fonts: the text keeps its width.
    const length = text.length > 1 ? attributes({ textLength: width, lengthAdjust: 'spacingAndGlyphs' }) : '';
    return `<text xml:space="preserve"${place}${weight}${slant}${length}>${escapeXml(text)}</text>`;
  }

  /** What stands in a field or drop-down. */
  #field(
    node: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement,
    box: DOMRect,
    style: CSSStyleDeclaration,
  ): string {
    const text = node instanceof HTMLSelectElement ? (node.selectedOptions[0]?.text ?? '') : node.value;
    if (text === '' || (node instanceof HTMLInputElement && node.type !== 'text')) return '';
    const font = fontOf(style);
    const left = box.left + parseFloat(style.borderLeftWidth) + parseFloat(style.paddingLeft);
    const line = { left, top: box.top, width: 0, height: box.height };
    return text
      .split('\n')
      .map((part, index) => {
        const width = this.fonts.width(part, fontText(font));
        return `\n${this.#line({ ...line, text: part, width, top: box.top + index * 1.35 * font.size }, font, style)}`;
      })
      .join('');
  }

  #control(node: Parameters<typeof drawControl>[0], box: DOMRect, style: CSSStyleDeclaration): string {
    const place = { x: box.left + this.#left, y: box.top + this.#top, width: box.width, height: box.height };
    const text = this.colors.of(style.color);
    const accent = style.accentColor === 'auto' ? text : this.colors.of(style.accentColor);
    return drawControl(node, place, { text, accent });
  }

  #canvas(node: HTMLCanvasElement, box: DOMRect, style: CSSStyleDeclaration): string {
    if (node.width === 0 || node.height === 0 || box.width === 0) return '';
    const border = parseFloat(style.borderLeftWidth);
    const image = attributes({
      x: box.left + this.#left + border,
      y: box.top + this.#top + border,
      width: box.width - 2 * border,
      height: box.height - 2 * border,
      preserveAspectRatio: 'none',
      href: node.toDataURL('image/png'),
    });
    // Cells keep their edges; what has more pixels than it is shown with is smoothed.
    const crisp = node.width <= Math.ceil(box.width * window.devicePixelRatio) ? ' image-rendering="pixelated"' : '';
    return `<image${image}${crisp}/>${this.#box(box, style)}`;
  }

  /** Background and borders. */
  #box(box: DOMRect, style: CSSStyleDeclaration): string {
    if (style.display === 'inline' && box.width === 0) return '';
    const x = box.left + this.#left;
    const y = box.top + this.#top;
    const { width, height } = box;
    let parts = '';
    const fill = this.colors.of(style.backgroundColor);
    if (fill.opacity > 0) {
      const radius = parseFloat(style.borderTopLeftRadius);
      parts += `<rect${attributes({ x, y, width, height, ...(radius > 0 ? { rx: radius } : {}), fill })}/>\n`;
    }
    for (const side of SIDES) {
      const thickness = parseFloat(style.getPropertyValue(`border-${side}-width`));
      const stroke = this.colors.of(style.getPropertyValue(`border-${side}-color`));
      if (!(thickness > 0) || style.getPropertyValue(`border-${side}-style`) === 'none' || stroke.opacity === 0)
        continue;
      const half = thickness / 2;
      const line = {
        top: { x1: x, x2: x + width, y1: y + half, y2: y + half },
        bottom: { x1: x, x2: x + width, y1: y + height - half, y2: y + height - half },
        left: { x1: x + half, x2: x + half, y1: y, y2: y + height },
        right: { x1: x + width - half, x2: x + width - half, y1: y, y2: y + height },
      }[side];
      parts += `<line${attributes({ ...line, stroke, 'stroke-width': thickness })}/>\n`;
    }
    return parts;
  }
}
