/** @file An inline SVG with its style sheet worked out into attributes. */
import type { PlainColors } from './colors';
import { fontOf } from './text';
import { attributes, escapeXml } from './xml';

/** Attributes that mean something in the page only. */
const OF_PAGE =
  /^(class|style|tabindex|role|aria-.*|data-.*|cursor|pointer-events|xmlns|fill|stroke|opacity|font-.*|text-anchor)$/;
/** Elements that are not drawn by themselves: their own attributes say all. */
const CONTAINERS = new Set(['defs', 'g', 'marker', 'pattern', 'clipPath', 'title', 'desc', 'svg']);

export class VectorWriter {
  #count = 0;

  constructor(private readonly colors: PlainColors) {}

  /** The SVG at a place of another one. */
  write(node: SVGSVGElement, x: number, y: number): string {
    const box = node.getBoundingClientRect();
    const content = this.#children(node, `v${++this.#count}-`);
    if (content === '' || box.width === 0) return '';
    const { overflow } = getComputedStyle(node);
    return `<svg${attributes({ x, y, width: box.width, height: box.height, overflow })}>\n${content}\n</svg>`;
  }

  #children(node: Element, prefix: string): string {
    const parts = Array.from(node.childNodes, (child) => {
      if (child instanceof SVGElement) return this.#element(child, prefix);
      return child instanceof Text ? escapeXml(child.data) : '';
    });
    const isText = node instanceof SVGTextContentElement || node instanceof SVGTitleElement;
    return parts.filter((part) => part !== '').join(isText ? '' : '\n');
  }

  #element(node: SVGElement, prefix: string): string {
    const style = getComputedStyle(node);
    const name = node.tagName;
    if (style.display === 'none' || style.visibility === 'hidden') return '';
    if (name === 'path' && (node.getAttribute('d') ?? '') === '') return '';
    const isContainer = CONTAINERS.has(name);
    const paint = isContainer ? {} : this.#paint(style, prefix);
    if (!isContainer && paint['fill'] === 'none' && paint['stroke'] === undefined) return '';
    const content = this.#children(node, prefix);
    if (isContainer && content === '') return '';
    const own = Array.from(node.attributes)
      .filter((attribute) => !OF_PAGE.test(attribute.name))
      .map(({ name: key, value }) => {
        const text = key === 'id' ? prefix + value : value.replaceAll('url(#', `url(#${prefix}`);
        return [key, text] as const;
      });
    const text = node instanceof SVGTextContentElement ? this.#font(style) : {};
    const opacity = Number(style.opacity) < 1 ? { opacity: style.opacity } : {};
    const all = attributes({ ...Object.fromEntries(own), ...paint, ...text, ...opacity });
    return content === '' ? `<${name}${all}/>` : `<${name}${all}>${isContainer ? `\n${content}\n` : content}</${name}>`;
  }

  #font(style: CSSStyleDeclaration): Readonly<Record<string, string | number>> {
    const { family, size, weight, style: slant } = fontOf(style);
    return {
      'font-family': family,
      'font-size': size,
      ...(weight === '400' ? {} : { 'font-weight': weight }),
      ...(slant === 'normal' ? {} : { 'font-style': slant }),
      ...(style.textAnchor === 'start' ? {} : { 'text-anchor': style.textAnchor }),
    };
  }

  /** Fill and stroke; nothing of a stroke that is not seen. */
  #paint(style: CSSStyleDeclaration, prefix: string): Record<string, string | number> {
    const fill = this.#color(style.fill, Number(style.fillOpacity), 'fill', prefix);
    const stroke = this.#color(style.stroke, Number(style.strokeOpacity), 'stroke', prefix);
    if (stroke['stroke'] === 'none' || parseFloat(style.strokeWidth) === 0) return fill;
    return {
      ...fill,
      ...stroke,
      'stroke-width': parseFloat(style.strokeWidth),
      ...(style.strokeDasharray === 'none' ? {} : { 'stroke-dasharray': style.strokeDasharray.replaceAll('px', '') }),
      // A stroke in the colour of the surface parts a text from what it crosses, and must not cover it.
      ...(style.paintOrder === 'normal' ? {} : { 'paint-order': style.paintOrder }),
      ...(style.shapeRendering === 'auto' ? {} : { 'shape-rendering': style.shapeRendering }),
    };
  }

  #color(value: string, opacity: number, name: 'fill' | 'stroke', prefix: string): Record<string, string | number> {
    const reference = /^url\("?[^#]*#([^")]+)"?\)/.exec(value)?.[1];
    if (reference !== undefined) return { [name]: `url(#${prefix}${reference})` };
    if (value === 'none') return { [name]: 'none' };
    const plain = this.colors.of(value);
    const all = plain.opacity * opacity;
    if (all === 0) return { [name]: 'none' };
    return { [name]: plain.color, ...(all === 1 ? {} : { [`${name}-opacity`]: all }) };
  }
}
