/** @file What A and B write on from the selected chunk, with the first byte at which they differ, beside what really stands there. */
import { surpriseDifference } from '../../model/measures/surpriseDifference';
import { visibleText } from '../../model/measures/visibleText';
import { characterEnd, characterStart } from '../../model/measures/utf8';
import type { ComparedContinuations, ContinuedSide } from '../../model/protocol/comparison';
import type { Continued } from '../../model/protocol/panels/comparison';
import { element } from '../shared/dom';
import { formatBits, formatCount, formatEffect } from '../shared/text';

/** Bytes that both begin with. */
export function sharedBytes(a: Uint8Array, b: Uint8Array): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++;
  return shared;
}

/** A text in three parts: what it has in common with another, the character at which they part, and the rest. */
export function partedText(
  bytes: Uint8Array,
  shared: number,
): readonly [common: string, parting: string, rest: string] {
  if (shared >= bytes.length) return [visibleText(bytes), '', ''];
  const from = characterStart(bytes, shared);
  const to = characterEnd(bytes, shared + 1);
  return [visibleText(bytes.subarray(0, from)), visibleText(bytes.subarray(from, to)), visibleText(bytes.subarray(to))];
}

/** How far what a side writes is the text itself. */
function asReal({ bytes, real }: ContinuedSide): string {
  const shared = sharedBytes(bytes, real);
  return `its first ${formatCount(shared)} of ${formatCount(bytes.length)} bytes as in the text`;
}

/** Where the two part, in words. */
export function partingSentence({ a, b }: ComparedContinuations): string {
  const shared = sharedBytes(a.bytes, b.bytes);
  const isSame = shared === a.bytes.length && shared === b.bytes.length;
  if (isSame) return `Both write the same ${formatCount(shared)} bytes.`;
  if (a.offset !== b.offset) return 'They begin at different bytes of their texts.';
  return shared === 0
    ? 'They differ from their first byte on.'
    : `They write the same ${formatCount(shared)} bytes, and differ from byte ${formatCount(a.offset + shared)} on.`;
}

export class Writing {
  readonly node: HTMLElement;
  readonly #sentence = element('p', { class: 'muted-text' });
  readonly #body = element('dl', { class: 'writing-texts' });
  #shown: ComparedContinuations | null = null;

  constructor() {
    this.node = element(
      'section',
      { class: 'writing', 'aria-label': 'What A and B write on' },
      element('h2', {}, 'What A and B write on from the selected chunk'),
      this.#sentence,
      this.#body,
    );
  }

  /** Null hides it. */
  set(continued: Continued | null): void {
    this.node.hidden = continued === null;
    if (continued === null) return;
    const { result, failure } = continued;
    this.node.setAttribute('aria-busy', String(result === null && failure === null));
    this.#body.hidden = result === null;
    if (result === null) {
      this.#sentence.textContent = failure ?? 'Both are asked…';
      this.#shown = null;
      return;
    }
    if (this.#shown === result) return;
    this.#shown = result;
    this.#sentence.textContent = partingSentence(result);
    const { a, b } = result;
    const shared = sharedBytes(a.bytes, b.bytes);
    const isSameText = sharedBytes(a.real, b.real) === a.real.length && a.real.length === b.real.length;
    const bits = `${formatBits(a.realSurprise)} bits for A, ${formatBits(b.realSurprise)} for B, A − B ${formatEffect(surpriseDifference(a.realSurprise, b.realSurprise))}`;
    this.#body.replaceChildren(
      ...this.#row('A', `${formatBits(a.surprise)} bits, ${asReal(a)}`, partedText(a.bytes, shared)),
      ...this.#row('B', `${formatBits(b.surprise)} bits, ${asReal(b)}`, partedText(b.bytes, shared)),
      ...(isSameText
        ? this.#row('Text', bits, ['', '', visibleText(a.real)])
        : [
            ...this.#row('Text A', bits, ['', '', visibleText(a.real)]),
            ...this.#row('Text B', '', ['', '', visibleText(b.real)]),
          ]),
    );
  }

  #row(name: string, words: string, [common, parting, rest]: ReturnType<typeof partedText>): HTMLElement[] {
    const mark = element('mark', { title: 'The first character that differs' }, parting);
    return [
      element('dt', {}, element('strong', {}, name), element('span', {}, words)),
      element('dd', {}, element('span', { class: 'context' }, common), ...(parting === '' ? [] : [mark]), rest),
    ];
  }
}
