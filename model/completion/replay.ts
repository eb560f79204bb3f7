/**
 * @file What offers are worth: typing replayed on text that nobody was trained on. The user types every key, and takes an offer where
 * the text goes on with the whole of it. What follows the caret is not there yet, as when a text is written from its beginning on.
 */
import { caretTextStart } from '../measures/caretText';
import type { Decoded, DecodingModel } from '../inspection/decode';
import { decode } from '../inspection/decode';
import { isWorthTaking } from '../measures/words';
import type { CompleteParams } from '../protocol/completion';
import type { CorpusFile } from '../text/corpus';
import { languageName } from '../text/languages';
import type { Random } from '../text/random';
import { offer } from './complete';
import { endOfOffer } from './postprocess';

/** UTF-16 units of a passage: short, so that many places are seen. */
export const PASSAGE_LENGTH = 100;

/** A place in a text that is typed on from there. */
export interface Passage {
  readonly language: string;
  readonly file: string;
  /** The whole text; what is behind the caret is only looked at to see whether an offer is right. */
  readonly text: string;
  /** UTF-16 offset of its first character. */
  readonly start: number;
  /** UTF-16 units that are typed. */
  readonly length: number;
}

/** What is offered, and what taking it costs. */
export interface Suggestion {
  /** Not empty. */
  readonly text: string;
  readonly keys: number;
  /** The probability that whoever offers it gives it; null where there is none. */
  readonly confidence: number | null;
}

/** Something that offers text at a caret. */
export interface Suggester {
  readonly name: string;
  /**
   * The offers at a caret, the foremost first; of several the user takes the one that saves most.
   * @param caret UTF-16 offset in the passage's text, of which only what is before is looked at
   */
  suggest(passage: Passage, caret: number): readonly Suggestion[] | Promise<readonly Suggestion[]>;
}

/** What came of typing passages. */
export interface Tally {
  readonly characters: number;
  /** Those that it took, offers included. */
  readonly keys: number;
  /** Foremost offers, each counted once, however long the user types along it. */
  readonly offers: readonly { readonly confidence: number | null; readonly isRight: boolean }[];
}

/** Passages of each language, drawn evenly from all its places and ordered by file and place; those of one language may meet. */
export function drawPassages(files: readonly CorpusFile[], characters: number, random: Random): Passage[] {
  const byLanguage = new Map<string, { readonly file: string; readonly text: string }[]>();
  for (const { path, bytes } of files) {
    const language = languageName(path);
    const texts = byLanguage.get(language) ?? [];
    byLanguage.set(language, texts);
    texts.push({ file: path, text: new TextDecoder().decode(bytes) });
  }
  return [...byLanguage].flatMap(([language, texts]) => {
    const room = texts.reduce((sum, { text }) => sum + text.length, 0);
    const count = Math.ceil(Math.min(characters, room) / PASSAGE_LENGTH);
    return Array.from({ length: count }, () => random.integer(room))
      .sort((a, b) => a - b)
      .map((place) => {
        let start = place;
        const { file, text } = texts.find((one) => {
          if (start < one.text.length) return true;
          start -= one.text.length;
          return false;
        })!;
        return passage(language, file, text, Math.max(0, Math.min(start, text.length - PASSAGE_LENGTH)));
      });
  });
}

/** No passage begins or ends within a surrogate pair. */
function passage(language: string, file: string, text: string, start: number): Passage {
  const whole = (at: number) => (/[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at + 1 : at);
  const from = whole(start);
  return { language, file, text, start: from, length: whole(Math.min(text.length, from + PASSAGE_LENGTH)) - from };
}

/** Types a passage. */
export async function replay(passage: Passage, suggester: Suggester): Promise<Tally> {
  const { text, start, length } = passage;
  const offers: { confidence: number | null; isRight: boolean }[] = [];
  let keys = 0;
  /** What is left of the foremost offer that the user has typed along. */
  let left = '';
  let at = start;
  while (at < start + length) {
    const suggestions = await suggester.suggest(passage, at);
    const [first] = suggestions;
    if (first !== undefined && first.text !== left) {
      offers.push({ confidence: first.confidence, isRight: text.startsWith(first.text, at) });
    }
    const saving = (one: Suggestion) => (text.startsWith(one.text, at) ? one.text.length - one.keys : 0);
    const best = suggestions.toSorted((a, b) => saving(b) - saving(a))[0];
    const taken = best !== undefined && saving(best) > 0 ? best : undefined;
    keys += taken?.keys ?? 1;
    const character = taken?.text ?? String.fromCodePoint(text.codePointAt(at)!);
    left = first !== undefined && taken === undefined && first.text.startsWith(character) ? first.text.slice(1) : '';
    at += character.length;
  }
  return { characters: at - start, keys, offers };
}

/** How the loaded model offers, as the extension asks it. */
export interface OfferSettings extends Pick<CompleteParams, 'minConfidence' | 'end'> {
  readonly name: string;
  /** What becomes of an offer; it is left as it is unless given. */
  readonly change?: (text: string) => string;
}

/** What a model says at each place that was typed, decoded once however often and at whatever confidence it is asked for. */
export class ModelOffers {
  readonly #decoded = new WeakMap<Passage, Map<number, Promise<Decoded>>>();

  /**
   * @param limits `minConfidence` is the least that will be asked for
   * @param headAt what decides there, where it is not the model alone
   */
  constructor(
    private readonly model: DecodingModel,
    private readonly limits: Pick<CompleteParams, 'maxBytes' | 'until' | 'minConfidence'>,
    private readonly headAt: (passage: Passage, caret: number) => Promise<DecodingModel['head']> = () =>
      Promise.resolve(model.head),
  ) {}

  /** The model as the user has it, who types along an offer without another request. */
  suggester({ name, minConfidence, end, change = (text) => text }: OfferSettings): Suggester {
    let shown: { readonly passage: Passage; readonly from: number; readonly offered: Suggestion } | undefined;
    return {
      name,
      suggest: async (passage, caret) => {
        if (shown?.passage === passage && caret > shown.from) {
          const typed = passage.text.slice(shown.from, caret);
          const rest = shown.offered.text.slice(typed.length);
          if (isWorthTaking(rest) && shown.offered.text.startsWith(typed)) return [{ ...shown.offered, text: rest }];
        }
        shown = undefined;
        const from = caretTextStart(caret);
        const { until } = this.limits;
        const { text, confidence } = offer(await this.#decode(passage, caret), {
          until,
          before: passage.text.slice(from, caret),
          suffix: '',
          minConfidence,
          end,
        });
        const offered = { text: change(text), keys: 1, confidence };
        if (offered.text === '') return [];
        shown = { passage, from: caret, offered };
        return [offered];
      },
    };
  }

  #decode(passage: Passage, caret: number): Promise<Decoded> {
    let places = this.#decoded.get(passage);
    if (places === undefined) this.#decoded.set(passage, (places = new Map<number, Promise<Decoded>>()));
    let decoded = places.get(caret);
    if (decoded === undefined) {
      const { until, ...limits } = this.limits;
      const before = passage.text.slice(caretTextStart(caret), caret);
      const prefix = new TextEncoder().encode(before);
      const isOpen = (bytes: readonly number[]) =>
        endOfOffer(new TextDecoder().decode(Uint8Array.from(bytes)), { until, before }) < 0;
      decoded = this.headAt(passage, caret).then((head) =>
        decode({ ...this.model, head }, { ...limits, prefix, isOpen }),
      );
      places.set(caret, decoded);
    }
    return decoded;
  }
}

/** Σ over passages. */
export function sum(tallies: readonly Tally[]): Tally {
  return {
    characters: tallies.reduce((all, { characters }) => all + characters, 0),
    keys: tallies.reduce((all, { keys }) => all + keys, 0),
    offers: tallies.flatMap(({ offers }) => offers),
  };
}

/** Shares of what came of typing; NaN where there is nothing to share. */
export interface Worth {
  /** Of the characters those that needed no key. */
  readonly saved: number;
  /** Of the offers those that the text went on with. */
  readonly right: number;
  /** For each character. */
  readonly offers: number;
}

export function worth(tallies: readonly Tally[]): Worth {
  const { characters, keys, offers } = sum(tallies);
  return {
    saved: (characters - keys) / characters,
    right: offers.filter(({ isRight }) => isRight).length / offers.length,
    offers: offers.length / characters,
  };
}

/** A reliability curve: the offers of each tenth of confidence, and how many of them were right. */
export function reliability(
  tallies: readonly Tally[],
): { readonly confidence: number; readonly right: number; readonly offers: number }[] {
  const bins = Array.from({ length: 10 }, () => ({ confidence: 0, right: 0, offers: 0 }));
  for (const { confidence, isRight } of sum(tallies).offers) {
    if (confidence === null) continue;
    const bin = bins[Math.min(9, Math.floor(10 * confidence))]!;
    bin.offers++;
    bin.confidence += confidence;
    if (isRight) bin.right++;
  }
  return bins
    .filter(({ offers }) => offers > 0)
    .map(({ confidence, right, offers }) => ({ confidence: confidence / offers, right: right / offers, offers }));
}
