/** @file The page's figure as one SVG: title, what is visible in it, and where the numbers come from. No style sheet, no variables, nothing from elsewhere. */
import { PlainColors } from './colors';
import type { ExportedPanel } from '../../../model/measures/panelDocument';
import { exportedWhen } from '../../../model/measures/panelDocument';
import { attributes, escapeXml } from './xml';
import { fontOf, Fonts } from './text';
import { FigureWriter } from './figure';

export interface SvgPicture {
  readonly text: string;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
}

const MARGIN = 12;
const TITLE_SIZE = 15;
const CAPTION_SIZE = 11;
const CAPTION_LINE = 15;

/** Words in lines of at most `width` pixels. */
function wrap(text: string, width: number, measure: (text: string) => number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** The figure as it is shown now, with its numbers' provenance. */
export function panelSvg(panel: ExportedPanel): SvgPicture {
  const { about, caption } = panel;
  const root = document.querySelector('main')!;
  const colors = new PlainColors();
  const fonts = new Fonts();
  const style = getComputedStyle(document.body);
  const foreground = attributes({ fill: colors.of(style.color) });
  const family = fontOf(style).family;
  const box = root.getBoundingClientRect();
  const width = Math.ceil(Math.max(root.scrollWidth, box.width)) + 2 * MARGIN;
  const height = Math.ceil(Math.max(root.scrollHeight, box.height));
  const top = MARGIN + TITLE_SIZE + 8;
  const figure = new FigureWriter(colors, fonts).draw(root, MARGIN - box.left, top - box.top);

  const made = `Exported ${exportedWhen(about)} · SMUGGLER Inspector ${about.extension}`;
  const measure = (text: string): number => fonts.width(text, `${CAPTION_SIZE}px ${family}`);
  const lines = [...caption.split('\n').flatMap((line) => wrap(line, width - 2 * MARGIN, measure)), made];
  const captionTop = top + height + CAPTION_LINE;
  const total = captionTop + CAPTION_LINE * (lines.length - 1) + MARGIN;
  const textAt = (text: string, y: number, size: number, weight: string): string =>
    `<text${attributes({ x: MARGIN, y, 'font-family': family, 'font-size': size, 'font-weight': weight })}${foreground}>${escapeXml(text)}</text>`;
  const surface = colors.of(getComputedStyle(document.documentElement).getPropertyValue('--surface').trim());
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg${attributes({ xmlns: 'http://www.w3.org/2000/svg', width, height: total, viewBox: `0 0 ${width} ${total}` })}>`,
    `<title>${escapeXml(about.title)}</title>`,
    `<desc>${escapeXml(`${caption}. ${made}.`)}</desc>`,
    `<rect${attributes({ width, height: total, fill: surface })}/>`,
    textAt(about.title, MARGIN + TITLE_SIZE - 2, TITLE_SIZE, 'bold'),
    figure,
    ...lines.map((text, index) => textAt(text, captionTop + CAPTION_LINE * index, CAPTION_SIZE, 'normal')),
    '</svg>',
  ];
  return { text: `${parts.filter((part) => part !== '').join('\n')}\n`, width, height: total };
}
