/** @file Writing XML: escaping, and attributes with rounded numbers. Pure. */
import type { PlainColor } from './colors';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
]);

/** Text for content and attributes; what XML cannot hold becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ENTITIES.get(character)!)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

/** At most two decimals: a hundredth of a pixel is not seen. */
export function rounded(value: number): string {
  return String(Math.round(100 * value) / 100);
}

type AttributeValue = string | number | PlainColor;

/** ` name="value"` for each; a colour also writes its opacity where it is not 1. */
export function attributes(values: Readonly<Record<string, AttributeValue>>): string {
  return Object.entries(values)
    .map(([name, value]) => {
      if (typeof value === 'number') return ` ${name}="${rounded(value)}"`;
      if (typeof value === 'string') return ` ${name}="${escapeXml(value)}"`;
      const { color, opacity } = value;
      return ` ${name}="${color}"${opacity === 1 ? '' : ` ${name}-opacity="${opacity}"`}`;
    })
    .join('');
}
