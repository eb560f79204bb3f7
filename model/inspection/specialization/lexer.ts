/** @file The syntactic class of each byte of a text: a small lexer for common languages. */
import type { LanguageSyntax } from './languages';
import { syntaxOf } from './languages';

// It knows comments, strings, numbers, words and the rest, without a grammar. What it does not know: regular expression
// literals and JSX text (read as operators, words and punctuation), the code within a template's ${…} (read as string),
// heredocs, raw strings of Rust and C++ with quotes inside, nested comments, and words that are keywords only in places
// (`type`, `get`: always keywords). In a language without a table every word is an identifier.

/** The classes, in the order of the codes that `syntacticClasses` gives. */
export const SYNTACTIC_CLASSES = [
  'identifier',
  'keyword',
  'number',
  'string',
  'comment',
  'punctuation',
  'white space',
] as const;

export type SyntacticClass = (typeof SYNTACTIC_CLASSES)[number];

const code = (name: SyntacticClass) => SYNTACTIC_CLASSES.indexOf(name);
const [IDENTIFIER, KEYWORD, NUMBER] = [code('identifier'), code('keyword'), code('number')];
const [STRING, COMMENT, PUNCTUATION, WHITE_SPACE] = [
  code('string'),
  code('comment'),
  code('punctuation'),
  code('white space'),
];

// Over bytes as Latin-1 characters, so that an index is a byte offset; bytes beyond ASCII count as letters.
const WORD = /[A-Za-z_$\x80-\xff][\w$\x80-\xff]*/y;
const DIGITS = /\.?\d(?:[eEpP][+-]\d|[\w.])*/y;
const SPACES = /[ \t\r\n\f\v]+/y;

/**
 * The class of each byte, as an index into {@link SYNTACTIC_CLASSES}. Linear in the text's length; any text has an answer.
 * @param languageId VS Code's language identifier
 */
export function syntacticClasses(bytes: Uint8Array, languageId: string): Uint8Array {
  const syntax = syntaxOf(languageId);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const classes = new Uint8Array(bytes.length);
  for (let at = 0; at < text.length;) {
    const { end, kind } = tokenAt(text, at, syntax);
    classes.fill(kind, at, end);
    at = end;
  }
  return classes;
}

function tokenAt(text: string, at: number, syntax: LanguageSyntax): { readonly end: number; readonly kind: number } {
  const spaces = matchEnd(SPACES, text, at);
  if (spaces > at) return { end: spaces, kind: WHITE_SPACE };
  const comment = firstMatch(syntax.comments, text, at);
  if (comment > at) return { end: comment, kind: COMMENT };
  const string = firstMatch(syntax.strings, text, at);
  if (string > at) return { end: string, kind: STRING };
  const digits = matchEnd(DIGITS, text, at);
  if (digits > at) return { end: digits, kind: NUMBER };
  const word = matchEnd(WORD, text, at);
  if (word > at) {
    const name = text.slice(at, word);
    const isKeyword = syntax.keywords.has(syntax.ignoresCase === true ? name.toLowerCase() : name);
    return { end: word, kind: isKeyword ? KEYWORD : IDENTIFIER };
  }
  return { end: at + 1, kind: PUNCTUATION };
}

function firstMatch(patterns: readonly RegExp[], text: string, at: number): number {
  for (const pattern of patterns) {
    const end = matchEnd(pattern, text, at);
    // The patterns of a language stand with the longer marks first: """ before ".
    if (end > at) return end;
  }
  return at;
}

/** Index after the match at `at`, or `at` where there is none. */
function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
