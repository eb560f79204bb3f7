/** @file What offers are compared with when typing is replayed: the words of the document, and n-grams of the text before the caret. */
import type { Decoded } from '../inspection/decode';
import { caretTextStart } from '../measures/caretText';
import type { CompleteParams } from '../protocol/completion';
import { offer } from './complete';
import { endOfOffer } from './postprocess';
import type { Passage, Suggester, Suggestion } from './replay';

/** VS Code's default pattern of a word: a number with a point, or anything between separators. */
const WORD = /(?:-?\d*\.\d\w*)|(?:[^`~!@#%^&*()\-=+[{\]}\\|;:'",.<>/?\s]+)/g;
const WORD_BEFORE = new RegExp(`(?:${WORD.source})$`);
/** Rows that the list shows without scrolling. */
const ROWS = 12;

/** The counts of one text from its beginning up to a place that moves on, of whatever is counted. */
abstract class Growing {
  #text = '';
  #end = 0;

  /** Counts what is new before `end`, or begins anew where the text is another or `end` lies behind. */
  protected upTo(text: string, end: number): void {
    if (text !== this.#text || end < this.#end) {
      this.reset();
      this.#text = text;
      this.#end = 0;
    }
    this.count(text, this.#end, end);
    this.#end = end;
  }

  protected abstract reset(): void;
  protected abstract count(text: string, from: number, to: number): void;
}

/**
 * VS Code's word-based suggestions: once a word is begun, the other words of the document that begin so, in the order of their
 * lower-case letters; numbers are none. Of the twelve that are seen the user takes the one that saves most: a key for each row down,
 * and one to take it. Everywhere, also in comments and strings, where VS Code shows them only on request. What it ranks behind these
 * is left out (letters in another case or in the middle of words), and so are other open documents.
 */
export class WordSuggester extends Growing implements Suggester {
  readonly name = 'words';
  readonly #words = new Set<string>();

  suggest({ text }: Passage, caret: number): Suggestion[] {
    const line = text.slice(text.lastIndexOf('\n', caret - 1) + 1, caret);
    const begun = WORD_BEFORE.exec(line)?.[0];
    if (begun === undefined) return [];
    this.upTo(text, caret - begun.length);
    return [...this.#words]
      .filter((word) => word.length > begun.length && word.startsWith(begun))
      .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
      .slice(0, ROWS)
      .map((word, row) => ({ text: word.slice(begun.length), keys: row + 1, confidence: null }));
  }

  protected reset(): void {
    this.#words.clear();
  }

  protected count(text: string, from: number, to: number): void {
    for (const [word] of text.slice(from, to).matchAll(WORD)) if (Number.isNaN(Number(word))) this.#words.add(word);
  }
}

/** Characters before the predicted one that the longest context has. */
const ORDER = 5;
/** Probability of a character that was never seen, before any is. */
const UNSEEN = 1 / 256;

interface Context {
  readonly counts: Map<string, number>;
  total: number;
}

/**
 * Characters after the 0 … 5 before them, counted in all text before the caret, mixed by Witten and Bell's rule: a context with N
 * characters seen, D of them different, gives D/(N + D) to the next shorter one. Each character is the most probable one; where the
 * offer ends is decided by the rules that the model's offers have.
 */
export class NgramSuggester extends Growing implements Suggester {
  readonly name = '5-gram';
  readonly #contexts = new Map<string, Context>();

  constructor(private readonly limits: Pick<CompleteParams, 'maxBytes' | 'until' | 'minConfidence' | 'end'>) {
    super();
  }

  suggest({ text }: Passage, caret: number): Suggestion[] {
    this.upTo(text, caret);
    const { text: offered, confidence } = offer(this.#decode(text.slice(Math.max(0, caret - ORDER), caret)), {
      ...this.limits,
      before: text.slice(caretTextStart(caret), caret),
      suffix: '',
    });
    return offered === '' ? [] : [{ text: offered, keys: 1, confidence }];
  }

  protected reset(): void {
    this.#contexts.clear();
  }

  protected count(text: string, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      for (let order = 0; order <= Math.min(ORDER, at); order++) {
        const key = text.slice(at - order, at);
        let context = this.#contexts.get(key);
        if (context === undefined) this.#contexts.set(key, (context = { counts: new Map(), total: 0 }));
        const character = text.charAt(at);
        context.counts.set(character, (context.counts.get(character) ?? 0) + 1);
        context.total++;
      }
    }
  }

  #decode(before: string): Decoded {
    const { maxBytes, until, minConfidence } = this.limits;
    let text = '';
    let log = 0;
    const logProbabilities = [0];
    while (endOfOffer(text, { until, before }) < 0 && Math.exp(log) >= minConfidence) {
      const best = this.#mostProbable((before + text).slice(-ORDER));
      const bytes = Buffer.byteLength(text + (best?.character ?? ''));
      if (best === undefined || bytes > maxBytes) break;
      text += best.character;
      log += Math.log(best.probability);
      while (logProbabilities.length <= bytes) logProbabilities.push(log);
    }
    return { bytes: [...Buffer.from(text)], logProbabilities };
  }

  #mostProbable(before: string): { readonly character: string; readonly probability: number } | undefined {
    const probabilities = new Map<string, number>();
    for (let order = 0; order <= before.length; order++) {
      const context = this.#contexts.get(before.slice(before.length - order));
      if (context === undefined) break;
      const { counts, total } = context;
      const different = counts.size;
      for (const character of order === 0 ? counts.keys() : probabilities.keys()) {
        const shorter = probabilities.get(character) ?? UNSEEN;
        const seen = counts.get(character) ?? 0;
        probabilities.set(character, (seen + different * shorter) / (total + different));
      }
    }
    let best: { character: string; probability: number } | undefined;
    for (const [character, probability] of probabilities) {
      if (best === undefined || probability > best.probability) best = { character, probability };
    }
    return best;
  }
}
