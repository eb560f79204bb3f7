/** @file Where in its line a byte stands, and how deep that line is indented. */

export const LINE_POSITIONS = ['first', '1–4', '5–16', '17–40', 'beyond 40'] as const;
export const INDENTATION_DEPTHS = ['not indented', '1 level', '2 levels', '3 levels', '4 levels or more'] as const;

const SPACE = 0x20;
const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Which of {@link LINE_POSITIONS} a byte belongs to that has this many characters before it on its line. */
export function linePositionClass(charactersBefore: number): number {
  if (charactersBefore === 0) return 0;
  if (charactersBefore <= 4) return 1;
  if (charactersBefore <= 16) return 2;
  return charactersBefore <= 40 ? 3 : 4;
}

export interface LineContext {
  /** For each byte asked for, an index into {@link LINE_POSITIONS}. */
  readonly positions: Uint8Array;
  /** For each byte asked for, an index into {@link INDENTATION_DEPTHS}; a line of white space alone has the depth of that white space. */
  readonly depths: Uint8Array;
}

/**
 * The line context of every `step`-th byte of a text. A line ends after LF, CR or CRLF; its break belongs to it. A level is a
 * tab, or as many spaces as the text mostly indents by.
 * @param count how many bytes: 0, step, … (count − 1)·step
 */
export function lineContext(bytes: Uint8Array, step: number, count: number): LineContext {
  const unit = indentationUnit(bytes);
  const positions = new Uint8Array(count);
  const depths = new Uint8Array(count);
  let next = 0;
  for (let start = 0; start < bytes.length && next < count;) {
    const end = lineEnd(bytes, start);
    const depth = Math.min(4, Math.floor(indentation(bytes, start, end, unit)));
    let characters = 0;
    for (let at = start; at < end && next < count; at++) {
      // A continuation byte belongs to the character that has begun.
      const continues = (bytes[at]! & 0xc0) === 0x80;
      if (at === next * step) {
        positions[next] = linePositionClass(continues ? Math.max(0, characters - 1) : characters);
        depths[next] = depth;
        next++;
      }
      if (!continues) characters++;
    }
    start = end;
  }
  return { positions, depths };
}

/** Index after the line that starts at `start`, its break included. */
function lineEnd(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at++) {
    if (bytes[at] === LINE_FEED) return at + 1;
    if (bytes[at] === CARRIAGE_RETURN && bytes[at + 1] !== LINE_FEED) return at + 1;
  }
  return bytes.length;
}

/** Levels of a line's leading white space. */
function indentation(bytes: Uint8Array, start: number, end: number, unit: number): number {
  let tabs = 0;
  let spaces = 0;
  for (let at = start; at < end; at++) {
    if (bytes[at] === TAB) tabs++;
    else if (bytes[at] === SPACE) spaces++;
    else break;
  }
  return tabs + spaces / unit;
}

/** The step by which lines are indented deeper than the line before them most often: 2, 3, 4 or 8 spaces; 4 where none is. */
function indentationUnit(bytes: Uint8Array): number {
  const votes = new Map<number, number>();
  let previous = 0;
  for (let start = 0; start < bytes.length;) {
    const end = lineEnd(bytes, start);
    let at = start;
    while (at < end && bytes[at] === SPACE) at++;
    const isBlank = at === end || bytes[at] === LINE_FEED || bytes[at] === CARRIAGE_RETURN;
    if (!isBlank) {
      const spaces = at - start;
      const step = spaces - previous;
      if ([2, 3, 4, 8].includes(step)) votes.set(step, (votes.get(step) ?? 0) + 1);
      previous = spaces;
    }
    start = end;
  }
  return [...votes].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [4, 0])[0];
}
