/** @file What of a generated text is offered: pure rules, each of which only ever shortens it. */
import type { Until } from '../protocol/completion';
import { isInsideWord, isWorthTaking, WORD_AFTER, WORD_BEFORE, WORD_CHARACTER } from '../measures/words';

/** How far an offer goes. */
export interface Extent {
  readonly until: Until;
  /** The text before the cursor, of which its line counts. */
  readonly before: string;
}

export interface OfferRules extends Extent {
  /** What follows the cursor on its line. */
  readonly suffix: string;
}

/** What ghost text is held to besides. */
export interface GhostRules extends OfferRules {
  /** All that was generated, which begins with the text in question and may go on behind it. */
  readonly generated: string;
}

const WORDS = new RegExp(`${WORD_CHARACTER}+`, 'gu');

const LINE_END = /[\r\n]/;
/** The end of a line that is followed by a blank one, after something that is not blank. */
const BLOCK_END = /(?<=\S[^\S\r\n]*)(?:\r?\n)[^\S\r\n]*\r?\n/;

/** What a line of the cursor's indentation begins with that belongs to the lines before it: it closes them, or goes on. */
const CLOSES = /^(?:[}\])]|end\b|else\b|elif\b|except\b|catch\b|finally\b)/;
/** The end of a line that others are to follow. */
const OPENS = /[{([:]\s*$/;

/** Where a text comes to its sensible end; −1 while it has not. */
export function endOfOffer(text: string, { until, before }: Extent): number {
  if (until === 'line') return text.search(LINE_END);
  const paragraph = text.search(BLOCK_END);
  const statement = until === 'statement' ? endOfStatement(text, before) : -1;
  return statement < 0 || (paragraph >= 0 && paragraph < statement) ? paragraph : statement;
}

/** Before the first line that is indented no deeper than the cursor's; where that closes what was begun, behind it. */
function endOfStatement(text: string, before: string): number {
  const cursorLine = before.slice(before.lastIndexOf('\n') + 1);
  const whole = cursorLine + text;
  const own = indentation(cursorLine.trim() === '' ? whole : cursorLine);
  for (const { index } of text.matchAll(/\r?\n/g)) {
    const line = text.slice(text.indexOf('\n', index) + 1).split(/\r?\n/, 1)[0]!;
    const begun = line.trim();
    if (begun === '' || indentation(line) > own || text.slice(0, index).trim() === '') continue;
    if (indentation(line) < own || !CLOSES.test(begun)) return index;
    const end = text.indexOf(line, index) + line.length;
    if (end === text.length) return -1;
    if (!OPENS.test(line)) return end;
  }
  return -1;
}

/** Columns of the white space that a line begins with, tabs as four. */
function indentation(line: string): number {
  return /^[^\S\r\n]*/.exec(line)![0].replaceAll('\t', '    ').length;
}

/**
 * The part of a generated text that is worth offering: up to the end of line or block, without what already follows the cursor, never
 * only white space.
 * @param text whole characters
 * @returns a prefix of `text`, '' where there is nothing to offer
 */
export function offeredText(text: string, { suffix, ...extent }: OfferRules): string {
  const end = endOfOffer(text, extent);
  const line = end < 0 ? text : text.slice(0, end);
  const fresh = withoutSuffix(line, suffix);
  // What a new line begins with is indentation for text that was not offered.
  const offered = fresh.replace(/\r?\n[^\S\r\n]*$/, '');
  return offered.trim() === '' ? '' : offered;
}

/** From this probability on a word is finished to one that the text has not. */
const SURE_OF_WORD = 0.7;

/**
 * The least probability of an offer at the cursor, 0 for any: a word that the cursor stands behind is finished to one that the text
 * has, or where the model is sure of it. A small model glues the next word's beginning to a word that is whole ("Returns" and "th").
 */
function leastProbability({ before, generated }: GhostRules): number {
  const begun = WORD_BEFORE.exec(before)?.[0];
  const rest = WORD_AFTER.exec(generated)?.[0];
  if (begun === undefined || rest === undefined || before.match(WORDS)?.includes(begun + rest) === true) return 0;
  return SURE_OF_WORD;
}

/** Whether no word goes on behind `text`, a beginning of what was generated. What is not known may be the rest of a word. */
function endsWhole(text: string, { generated, suffix }: GhostRules): boolean {
  if (!WORD_BEFORE.test(text)) return true;
  return generated.length > text.length && !WORD_AFTER.test(generated.slice(text.length)) && !WORD_AFTER.test(suffix);
}

/**
 * The beginning of an offer with the greatest expected saving: its probability times its characters but one, since to take it is a key
 * too. It ends where a word ends, by what was generated behind it and by what follows the cursor. What would save nothing is not
 * offered: a single character is typed as fast.
 * @param text as `offeredText` leaves it
 * @param logProbabilities [n + 1] ln of the probability of its first 0 … n bytes
 * @returns a beginning of `text` that `offeredText` leaves as it is, '' where there is none of two characters
 */
export function mostSaving(text: string, logProbabilities: readonly number[], rules: GhostRules): string {
  if (isInsideWord(rules.before, rules.suffix)) return '';
  const least = leastProbability(rules);
  let best = '';
  let most = 0;
  let begun = '';
  let characters = 0;
  for (const character of text) {
    begun += character;
    const probability = Math.exp(logProbabilities[Buffer.byteLength(begun)]!);
    const saving = probability * characters++;
    if (probability < least || saving <= most || !isWorthTaking(begun) || !endsWhole(begun, rules)) continue;
    if (offeredText(begun, rules) !== begun) continue;
    most = saving;
    best = begun;
  }
  return best;
}

/**
 * Cuts a text before what already stands after the cursor: where the whole of it appears, or where the text ends with its beginning.
 * @param suffix what follows the cursor on its line
 */
export function withoutSuffix(text: string, suffix: string): string {
  const following = suffix.trimEnd();
  if (following === '') return text;
  // A single character, such as a bracket, is likely to appear in its own right.
  const whole = following.length > 1 ? text.indexOf(following) : -1;
  if (whole >= 0) return text.slice(0, whole);
  for (let length = Math.min(text.length, following.length); length > 0; length--) {
    if (text.endsWith(following.slice(0, length))) return text.slice(0, text.length - length);
  }
  return text;
}
