/** @file The contexts after which voters are named: what a byte is, what stands before it, and what it is part of. */
import { CHUNK_BYTES } from '../measures/chunk';
import { hexByte, signOf } from '../measures/visibleText';
import { languageName } from '../text/languages';
import { byteClass, CHARACTER_CLASSES, START_OF_TEXT } from './specialization/characterClass';
import { languageOfName } from './specialization/languages';
import { SYNTACTIC_CLASSES, syntacticClasses } from './specialization/lexer';
import type { SpreadWindow } from './spreadWindows';

/** A text by its path, which tells its language. */
export interface NamedText {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const BYTES = 256;
const SPACE = 0x20;
/** Words, and beginnings of words, that are told apart: the most frequent ones, each met so often at least. */
const MOST_WORDS = 255;
const LEAST_WORD_COUNT = 20;
/** Bytes that a word is looked for behind what is no word, and how long one may be. */
const GAP = 4;
const LONGEST_WORD = 12;
/** Languages told apart. */
const MOST_LANGUAGES = 32;

const CLASS_WORDS: readonly (string | null)[] = [
  'a lower-case letter',
  'an upper-case letter',
  'a digit',
  'a space or tab',
  'a line break',
  'a bracket',
  'a quote',
  'an operator',
  'punctuation',
  'a character beyond ASCII',
  'a control character',
  'the start of the text',
];
const LETTER_WORDS = ['a vowel', 'a consonant', null] as const;
const VOWELS = new Set(Buffer.from('aeiouAEIOU'));
const SURROUNDINGS = ['in a word', 'in a number', 'in white space', null] as const;
const SYNTAX_WORDS = SYNTACTIC_CLASSES.map((name) =>
  name.endsWith('n') || name.endsWith('e') ? `in ${name}` : `in ${name}s`,
);
const LINE_WORDS = ['at the start of a line', null] as const;

function isLetter(byte: number): boolean {
  return (byte | SPACE) >= 0x61 && (byte | SPACE) <= 0x7a;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isWord(byte: number): boolean {
  return isLetter(byte) || isDigit(byte) || byte === 0x5f || byte >= 0x80;
}

/** 0 vowel, 1 consonant, 2 no letter. */
function letterKind(byte: number): number {
  if (!isLetter(byte)) return 2;
  return VOWELS.has(byte) ? 0 : 1;
}

/** A byte as names tell it. */
function byteWords(byte: number): string {
  if (byte === SPACE) return 'a space';
  if (byte >= 0x80) return `byte ${hexByte(byte)}`;
  return `“${signOf(String.fromCharCode(byte)) ?? `byte ${hexByte(byte)}`}”`;
}

/**
 * The word before a place: what has been seen of the one that goes on there, or the one before it, at most four other bytes away.
 * '' where there is none. The first character tells which: `~` of a word that goes on, a space of one that has ended.
 * @param text bytes as Latin-1
 */
function wordBefore(text: string, bytes: Uint8Array, at: number): string {
  let end = at;
  while (end > 0 && end > at - GAP && !isWord(bytes[end - 1]!)) end--;
  let start = end;
  while (start > 0 && end - start <= LONGEST_WORD && isWord(bytes[start - 1]!)) start--;
  if (start === end || end - start > LONGEST_WORD) return '';
  return `${end === at ? '~' : ' '}${text.slice(start, end)}`;
}

/** A text as it is looked at: its bytes as characters, their syntactic classes, and its language. */
interface OpenText extends NamedText {
  readonly text: string;
  readonly syntax: Uint8Array;
  readonly language: number;
}

/** One way to sort places: a label for each, and how the label reads in a name; null where it says nothing. */
interface Dimension {
  readonly words: readonly (string | null)[];
  readonly labelOf: (text: OpenText, at: number) => number;
}

/** Labels of the four bytes of chunks. A label of dimension d is its place among the labels of all dimensions. */
export class NamingContexts {
  readonly #dimensions: readonly Dimension[];
  /** First label of each dimension. */
  readonly #starts: readonly number[];
  /** How each label reads in a name. */
  readonly words: readonly (string | null)[];
  readonly #languages: readonly string[];
  #open: OpenText | null = null;

  /**
   * @param texts all of them
   * @param windows those whose chunks are looked at: their words are told apart
   */
  constructor(texts: readonly NamedText[], windows: readonly SpreadWindow[]) {
    const all = [...new Set(texts.map(({ path }) => languageName(path)))].sort();
    this.#languages = all.slice(0, MOST_LANGUAGES);
    const words = frequentWords(texts, windows);
    const wordLabels = new Map(words.map((word, label) => [word, label]));
    const bytes = Array.from({ length: BYTES }, (_, byte) => byteWords(byte));
    const before = (word: string | null): string | null => (word === null ? null : `before ${word}`);
    const after = (word: string | null): string | null => (word === null ? null : `after ${word}`);
    // Of two that agree equally well with a voter the first names it.
    this.#dimensions = [
      { words: LINE_WORDS, labelOf: (text, at) => (at === 0 || text.bytes[at - 1] === 0x0a ? 0 : 1) },
      { words: bytes.map(before), labelOf: (text, at) => text.bytes[at]! },
      { words: CLASS_WORDS.map(before), labelOf: (text, at) => byteClass(text.bytes[at]!) },
      { words: LETTER_WORDS.map(before), labelOf: (text, at) => letterKind(text.bytes[at]!) },
      { words: [...bytes.map(after), null], labelOf: (text, at) => (at === 0 ? BYTES : text.bytes[at - 1]!) },
      {
        words: CLASS_WORDS.map(after),
        labelOf: (text, at) => (at === 0 ? START_OF_TEXT : byteClass(text.bytes[at - 1]!)),
      },
      {
        words: LETTER_WORDS.map(after),
        labelOf: (text, at) => (at === 0 ? LETTER_WORDS.length - 1 : letterKind(text.bytes[at - 1]!)),
      },
      { words: SURROUNDINGS, labelOf: surroundings },
      {
        words: [...words.map(wordWords), null],
        labelOf: (text, at) => wordLabels.get(wordBefore(text.text, text.bytes, at)) ?? words.length,
      },
      { words: SYNTAX_WORDS, labelOf: (text, at) => text.syntax[at]! },
      {
        words: this.#languages.length < 2 ? [null] : [...this.#languages.map((name) => `in ${name}`), null],
        labelOf: (text) => (this.#languages.length < 2 ? 0 : text.language),
      },
    ];
    const starts = [0];
    for (const { words: labels } of this.#dimensions) starts.push(starts.at(-1)! + labels.length);
    this.#starts = starts;
    this.words = this.#dimensions.flatMap((dimension) => dimension.words);
  }

  /** Labels that a place has: one of each dimension. */
  get dimensions(): number {
    return this.#dimensions.length;
  }

  /**
   * The labels of a chunk's bytes.
   * @param offset of the chunk in the text
   * @param out [4·dimensions] from `at` on
   */
  label(text: NamedText, offset: number, out: Uint16Array, at: number): void {
    const open = this.#opened(text);
    let to = at;
    for (let k = 0; k < CHUNK_BYTES; k++) {
      this.#dimensions.forEach(({ labelOf }, d) => {
        out[to++] = this.#starts[d]! + labelOf(open, offset + k);
      });
    }
  }

  #opened(text: NamedText): OpenText {
    if (this.#open?.bytes !== text.bytes) {
      const label = this.#languages.indexOf(languageName(text.path));
      this.#open = {
        ...text,
        text: latin1(text.bytes),
        syntax: syntacticClasses(text.bytes, languageOfName(text.path)),
        language: label < 0 ? this.#languages.length : label,
      };
    }
    return this.#open;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function surroundings({ bytes }: OpenText, at: number): number {
  if (at === 0) return SURROUNDINGS.length - 1;
  const [before, here] = [bytes[at - 1]!, bytes[at]!];
  const isOf = [isLetter, isDigit, (byte: number) => byte === SPACE || (byte >= 0x09 && byte <= 0x0d)];
  const found = isOf.findIndex((test) => test(before) && test(here));
  return found < 0 ? SURROUNDINGS.length - 1 : found;
}

/** How a word from `wordBefore` reads in a name. */
function wordWords(word: string): string {
  const text = Buffer.from(word.slice(1), 'latin1').toString('utf8');
  return word.startsWith('~') ? `in a word after “${text}”` : `after the word “${text}”`;
}

/** The words before the places of the windows' chunks that are met most often, by falling count. */
function frequentWords(texts: readonly NamedText[], windows: readonly SpreadWindow[]): string[] {
  const counts = new Map<string, number>();
  let open = -1;
  let text = '';
  for (const window of windows) {
    const { bytes } = texts[window.text]!;
    if (window.text !== open) text = latin1(bytes);
    open = window.text;
    for (let at = CHUNK_BYTES * window.scoreFrom; at < CHUNK_BYTES * window.scoreTo; at++) {
      const word = wordBefore(text, bytes, at);
      if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => count >= LEAST_WORD_COUNT)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, MOST_WORDS)
    .map(([word]) => word);
}

// A name for each class of characters, or the compiler would not notice a new one.
CHARACTER_CLASSES satisfies { readonly length: 12 };
