/** @file Error messages as they leave the program: one line, nothing invisible in it, and no longer than can be read. */
import { visibleText } from '../measures/visibleText';

/** Characters of a message. */
const MOST = 300;
/** Of them, those of its end, which says what to do. */
const END = 100;

/** A message that may quote a file's content, as it is shown. Its middle gives way where it is too long. */
export function sentence(message: string): string {
  const text = visibleText(message.replace(/\s*\n\s*/g, ' ').trim());
  if (text.length <= MOST) return text;
  // No half of a surrogate pair is left at the cut.
  const start = text.slice(0, MOST - END - 1).replace(/[\uD800-\uDBFF]$/, '');
  const end = text.slice(-END).replace(/^[\uDC00-\uDFFF]/, '');
  return `${start}…${end}`;
}
