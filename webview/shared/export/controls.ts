/** @file Sliders, bars of progress and check boxes as SVG: what they are made of is the browser's, and no style tells of it. */
import type { PlainColor } from './colors';
import { attributes } from './xml';

type NativeControl = HTMLInputElement | HTMLProgressElement;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The colour of the text around a control, and the one that says how far it is. */
export interface ControlColors {
  readonly text: PlainColor;
  readonly accent: PlainColor;
}

const TRACK = 4;
const THUMB = 8;

export function isNativeControl(node: Element): node is NativeControl {
  return (
    node instanceof HTMLProgressElement ||
    (node instanceof HTMLInputElement && (node.type === 'range' || node.type === 'checkbox'))
  );
}

export function drawControl(node: NativeControl, box: Box, { text, accent }: ControlColors): string {
  const { x, y, width, height } = box;
  const faint = { ...text, opacity: 0.3 * text.opacity };
  const bar = (length: number, fill: PlainColor): string =>
    `<rect${attributes({ x, y: y + (height - TRACK) / 2, width: length, height: TRACK, rx: TRACK / 2, fill })}/>`;
  if (node instanceof HTMLProgressElement)
    return bar(width, faint) + (node.position < 0 ? '' : bar(node.position * width, accent));
  if (node.type === 'checkbox') {
    const square = { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 2 };
    const tick = `M${x + 0.25 * width},${y + 0.5 * height}l${0.2 * width},${0.2 * height}L${x + 0.78 * width},${y + 0.28 * height}`;
    const frame = `<rect${attributes({ ...square, fill: 'none', stroke: text })}/>`;
    return node.checked
      ? `${frame}<path${attributes({ d: tick, fill: 'none', stroke: accent, 'stroke-width': 2 })}/>`
      : frame;
  }
  const [least, most] = [Number(node.min), Number(node.max)];
  const share = most > least ? (Number(node.value) - least) / (most - least) : 0;
  const at = THUMB + share * (width - 2 * THUMB);
  const thumb = `<circle${attributes({ cx: x + at, cy: y + height / 2, r: THUMB, fill: accent })}/>`;
  return bar(width, faint) + bar(at, accent) + thumb;
}
