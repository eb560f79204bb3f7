/** @file Where a regular expression matches in UTF-8 text, in bytes; a pattern that never ends is stopped. */
import type { Context } from 'node:vm';
import { createContext, Script } from 'node:vm';
import { ConceptError } from './conceptError';

/** Milliseconds that one text may take. */
const TIMEOUT = 2000;

/** A half-open range of byte offsets. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

// In a context of its own only because that is how a match that backtracks for ever can be stopped.
const MATCH = new Script(`
  (() => {
  const found = [];
  for (const match of text.matchAll(new RegExp(pattern, flags))) {
    if (match[0].length > 0) found.push(match.index, match.index + match[0].length);
  }
  return found;
  })();
`);

/**
 * A function that gives the non-empty matches in a text, from the first on and without overlaps, as `String.prototype.matchAll`
 * finds them. It throws a ConceptError where a text takes too long.
 * @param flags of JavaScript's `i`, `m`, `s`, `u` and `v`; `g` is implied
 * @throws ConceptError where the pattern or a flag is not valid
 */
export function regexMatcher(pattern: string, flags: string): (bytes: Uint8Array) => ByteRange[] {
  const sandbox = { text: '', pattern, flags: globalFlags(pattern, flags) };
  const context = createContext(sandbox);
  return (bytes) => {
    sandbox.text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    return byteRanges(bytes, sandbox.text, matchesIn(context));
  };
}

/** The flags with `g`. @throws ConceptError where they or the pattern are not valid */
function globalFlags(pattern: string, flags: string): string {
  if (!/^[gimsuv]*$/.test(flags)) {
    throw new ConceptError(
      `The flags of the regular expression are "${flags}", expected a choice of i, m, s, u and v.`,
    );
  }
  const all = flags.includes('g') ? flags : `${flags}g`;
  try {
    new RegExp(pattern, all);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : String(error);
    throw new ConceptError(`The regular expression is not valid: ${reason}.`, { cause: error });
  }
  return all;
}

/** Pairs of start and end, in UTF-16 units. */
function matchesIn(context: Context): readonly number[] {
  try {
    const found: unknown = MATCH.runInContext(context, { timeout: TIMEOUT });
    return found as readonly number[];
  } catch (error) {
    throw new ConceptError(
      `The regular expression took over ${TIMEOUT / 1000} seconds on one text; write it so that it backtracks less.`,
      { cause: error },
    );
  }
}

/** UTF-16 indices as byte offsets, in one walk, since they only grow. */
function byteRanges(bytes: Uint8Array, text: string, found: readonly number[]): ByteRange[] {
  const isAscii = bytes.length === text.length;
  let unit = 0;
  let offset = 0;
  const byteOffset = (index: number) => {
    if (isAscii) return index;
    for (; unit < index; unit++) {
      const code = text.charCodeAt(unit);
      // The two halves of a surrogate pair are two bytes each of its four.
      if (code < 0x80) offset += 1;
      else if (code < 0x800 || (code >= 0xd800 && code < 0xe000)) offset += 2;
      else offset += 3;
    }
    return offset;
  };
  const ranges: ByteRange[] = [];
  for (let i = 0; i < found.length; i += 2)
    ranges.push({ start: byteOffset(found[i]!), end: byteOffset(found[i + 1]!) });
  return ranges;
}
