/** @file A place in a text as it is shown: what stands there, and what before and after it. */
import { characterStart, utf8Prefix } from '../measures/utf8';
import { visibleLabel, visibleText } from '../measures/visibleText';

/** Bytes shown before and after. */
const SHOWN_NEIGHBOUR_BYTES = 24;

export interface TextAround {
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

/** The `length` bytes from `at` on, with whole characters around them. */
export function textAround(text: Uint8Array, at: number, length: number): TextAround {
  const end = at + length;
  const start = Math.min(at, characterStart(text, Math.max(0, at - SHOWN_NEIGHBOUR_BYTES)));
  const shown = text.subarray(0, Math.min(text.length, end + SHOWN_NEIGHBOUR_BYTES));
  return {
    before: visibleText(text.subarray(start, at)),
    text: visibleLabel(text.subarray(at, end)),
    after: visibleText(shown.subarray(end, Math.max(end, wholeCharacters(shown)))),
  };
}

/** Where the last whole character ends. */
function wholeCharacters(bytes: Uint8Array): number {
  const last = characterStart(bytes, bytes.length - 1);
  return utf8Prefix(bytes.subarray(last)).rest === 'incomplete' ? last : bytes.length;
}
