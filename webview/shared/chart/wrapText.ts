/** @file A text of a picture in as many lines as it needs. */
import { svgElement } from '../dom';

/** Pixels from a line to the next. */
export const LINE = 13;

/** Writes a text in lines of at most so many pixels where its words allow it; returns how many lines it has. */
export function wrapText(node: SVGTextElement, text: string, width: number): number {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`.trimStart();
    node.textContent = longer;
    if (lines.length > 0 && node.getComputedTextLength() <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const x = node.getAttribute('x')!;
  node.replaceChildren(
    ...lines.map((line, i) => {
      const part = svgElement('tspan', { x, dy: i === 0 ? '0' : String(LINE) });
      part.textContent = i < lines.length - 1 ? `${line} ` : line;
      return part;
    }),
  );
  return lines.length;
}
