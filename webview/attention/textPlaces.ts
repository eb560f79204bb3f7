/** @file The window's text, place by place, with what each weighs as its background; a place goes to the text in the editor. */
import { visibleLabel } from '../../model/measures/visibleText';
import type { ChunkAttention } from '../../model/protocol/attention';
import { element } from '../shared/dom';
import { describePlace } from './describe';

/** The sign of a line's end. */
const LINE_END = '↵';

export class TextPlaces {
  readonly node = element('div', {
    class: 'text-places',
    role: 'toolbar',
    'aria-label': 'Text before, with the weight of each place. Arrow keys move, Enter goes to the text',
  });
  #places: readonly HTMLElement[] = [];

  /** @param onGoTo the user wants to see the text at this byte */
  constructor(private readonly onGoTo: (offset: number) => void) {
    this.node.addEventListener('keydown', (event) => {
      this.#key(event);
    });
  }

  /** @param weights [n]; the largest has the strongest background */
  draw(at: ChunkAttention, weights: Float32Array): void {
    const focused = this.#places.findIndex((place) => place === document.activeElement);
    const largest = Math.max(...weights);
    this.#places = at.places.map(({ offset, length, text }, place) => {
      const words = describePlace(at, weights, place);
      const node = element(
        'span',
        { class: 'place-text', role: 'button', tabindex: '-1', title: words, 'aria-label': words },
        ...pieces(length === 0 ? '▏' : text),
      );
      node.style.setProperty('--level', (weights[place]! / largest).toFixed(3));
      if (place === at.places.length - 1) node.classList.add('is-reading');
      if (length === 0) node.setAttribute('aria-disabled', 'true');
      else {
        node.addEventListener('click', () => {
          this.onGoTo(offset);
        });
      }
      return node;
    });
    const strongest = this.#places[weights.indexOf(largest)];
    if (strongest !== undefined) strongest.tabIndex = 0;
    const rest = [
      element('span', { class: 'unread' }, ...pieces(at.unread)),
      element('mark', {}, visibleLabel(at.text)),
    ];
    this.node.replaceChildren(...this.#places, ...rest);
    if (focused >= 0) this.#focus(Math.min(focused, this.#places.length - 1));
  }

  #key(event: KeyboardEvent): void {
    const at = this.#places.findIndex((place) => place === document.activeElement);
    const last = this.#places.length - 1;
    if (at < 0) return;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to !== undefined) this.#focus(Math.min(last, Math.max(0, to)));
    else if (event.key === 'Enter' || event.key === ' ') this.#places[at]!.click();
    else return;
    event.preventDefault();
  }

  #focus(at: number): void {
    for (const [i, place] of this.#places.entries()) place.tabIndex = i === at ? 0 : -1;
    this.#places[at]?.focus();
  }
}

/** Text in pieces that stay in their line, with a new line after each line's end. */
function pieces(text: string): (Node | string)[] {
  return text
    .split(new RegExp(`(?<=${LINE_END})`))
    .flatMap((piece) => [
      element('span', { class: 'piece' }, piece),
      ...(piece.endsWith(LINE_END) ? [element('br')] : []),
    ]);
}
