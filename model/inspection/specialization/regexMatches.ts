/** @file Where a regular expression matches in UTF-8 texts, in bytes; one that backtracks for ever stands in nobody's way. */
import { Worker } from 'node:worker_threads';
import { Turns } from '../turns';
import type { TurnOptions } from '../turns';
import { ConceptError } from './conceptError';

/** Milliseconds that all texts together may take. */
const LIMIT = 10_000;

/** A half-open range of byte offsets. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface MatchedText {
  /** Of the document or the file, for the message. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface MatchOptions extends TurnOptions {
  /** Milliseconds that all texts together may take; 10 s unless given. */
  readonly limit?: number;
}

// In a thread of its own, because a match that backtracks can be ended only with the thread that it runs on. As text, so that it is
// the same in every bundle. Answers pairs of start and end in UTF-16 units.
const THREAD = `
  const { parentPort, workerData: { pattern, flags } } = require('node:worker_threads');
  const regex = new RegExp(pattern, flags);
  parentPort.on('message', (text) => {
    const found = [];
    for (const match of text.matchAll(regex)) {
      if (match[0].length > 0) found.push(match.index, match.index + match[0].length);
    }
    const answer = Uint32Array.from(found);
    parentPort.postMessage(answer, [answer.buffer]);
  });
`;

/**
 * The non-empty matches in each text, from the first on and without overlaps, as `String.prototype.matchAll` finds them.
 * @param flags of JavaScript's `i`, `m`, `s`, `u` and `v`; `g` is implied
 * @throws ConceptError where the pattern or a flag is not valid, or the texts take too long or more memory than there is
 * @throws the signal's reason when it is aborted, at once
 */
export async function regexMatches(
  texts: readonly MatchedText[],
  pattern: string,
  flags: string,
  { limit = LIMIT, ...options }: MatchOptions = {},
): Promise<ByteRange[][]> {
  const turns = new Turns(options);
  const thread = new Worker(THREAD, { eval: true, workerData: { pattern, flags: globalFlags(pattern, flags) } });
  const failures: Error[] = [];
  // Kept, since an error may also come between two texts or after the last, when nobody else listens.
  thread.on('error', (error) => failures.push(error));
  try {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const ranges: ByteRange[][] = [];
    let left = limit;
    for (const { name, bytes } of texts) {
      const start = performance.now();
      const text = decoder.decode(bytes);
      if (failures[0] !== undefined) throw cannotMatch(name, failures[0]);
      const found = await turns.giveUntil(matchesIn(thread, name, text, left, options.signal));
      if (found === null) {
        throw new ConceptError(
          `The regular expression took over ${limit / 1000} seconds, and was ended in ${name}; write it so that it backtracks less, or search fewer texts.`,
        );
      }
      ranges.push(byteRanges(bytes, text, found));
      left -= performance.now() - start;
      if (turns.isDue) await turns.give();
    }
    return ranges;
  } finally {
    await thread.terminate();
  }
}

/**
 * Pairs of start and end, in UTF-16 units; null where the time is over.
 * @param name of the text, for the message
 * @throws ConceptError where the thread fails; the signal's reason when it is aborted
 */
function matchesIn(
  thread: Worker,
  name: string,
  text: string,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<Uint32Array | null> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      thread.off('message', matched).off('error', failed);
    };
    const timer = setTimeout(
      () => {
        end();
        resolve(null);
      },
      Math.max(0, milliseconds),
    );
    const aborted = () => {
      end();
      reject(signal?.reason as Error);
    };
    const matched = (found: Uint32Array) => {
      end();
      resolve(found);
    };
    const failed = (error: Error) => {
      end();
      reject(cannotMatch(name, error));
    };
    signal?.addEventListener('abort', aborted);
    thread.once('message', matched).once('error', failed);
    thread.postMessage(text);
  });
}

/** The thread ends with an error where V8 has no room left to backtrack or for what it has found. */
function cannotMatch(name: string, error: Error): ConceptError {
  return new ConceptError(
    `The regular expression cannot be matched in ${name} (${error.message}); write it so that it backtracks or matches less, or leave that text out.`,
    { cause: error },
  );
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

/** UTF-16 indices as byte offsets, in one walk, since they only grow. */
function byteRanges(bytes: Uint8Array, text: string, found: Uint32Array): ByteRange[] {
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
