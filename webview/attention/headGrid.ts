/** @file All heads small, a row per block: the weight of each place as bars. One of them, or the mean of all, is chosen. */
import { percent } from '../../model/measures/numberText';
import type { ChunkAttention } from '../../model/protocol/attention';
import { element, svgElement } from '../shared/dom';
import { rectangle } from '../shared/chart/path';
import type { ChosenHead } from './describe';
import { chosenName, looksAtText, shownWeights } from './describe';

const WIDTH = 108;
const HEIGHT = 24;

interface HeadCell {
  readonly head: ChosenHead;
  readonly node: HTMLButtonElement;
  readonly bars: SVGPathElement;
  readonly most: HTMLElement;
  readonly kind: HTMLElement;
}

export class HeadGrid {
  readonly node = element('div', {
    class: 'head-grid',
    role: 'toolbar',
    'aria-label': 'Heads. Arrow keys move, Enter chooses',
  });
  #cells: readonly HeadCell[] = [];
  #form = '';
  #heads = 1;

  /** @param onChoose a head is chosen, or the mean of all */
  constructor(private readonly onChoose: (head: ChosenHead) => void) {
    this.node.addEventListener('keydown', (event) => {
      this.#key(event);
    });
  }

  draw(at: ChunkAttention, chosen: ChosenHead): void {
    this.#make(at);
    for (const { head, node, bars, most, kind } of this.#cells) {
      const weights = shownWeights(at, head);
      const largest = Math.max(...weights);
      const width = WIDTH / weights.length;
      bars.setAttribute(
        'd',
        Array.from(weights, (weight, place) => {
          const height = (HEIGHT * weight) / largest;
          return rectangle(place * width, HEIGHT - height, Math.max(0.5, 0.85 * width), height);
        }).join(''),
      );
      most.textContent = `max ${percent(largest)}`;
      const looks = head === null ? null : looksAtText(at, head);
      // Where it takes two lines, a number stays with its sign.
      kind.textContent = looks === null ? 'mean' : looks.kind.replace(' %', '\u00a0%');
      const looksAt = looks === null ? '' : `. ${looks.sentence}`;
      node.title = `${chosenName(at, head)}: at most ${percent(largest)} on a place${looksAt}`;
      node.setAttribute('aria-pressed', String(head === chosen));
      node.tabIndex = head === chosen ? 0 : -1;
    }
  }

  /** Makes the cells anew where the model has other heads. */
  #make({ blocks, heads }: ChunkAttention): void {
    const form = `${blocks} ${heads}`;
    if (form === this.#form) return;
    this.#form = form;
    this.#heads = heads;
    const all = this.#cell(null, '', 'all heads');
    const rows = Array.from({ length: blocks }, (_, block) =>
      Array.from({ length: heads }, (_, head) =>
        this.#cell(block * heads + head, `Block ${block + 1} `, `head ${head + 1}`),
      ),
    );
    this.#cells = [all, ...rows.flat()];
    const row = (title: string, cells: readonly HeadCell[]): HTMLElement =>
      element(
        'div',
        { class: 'head-row' },
        element('span', { class: 'head-block' }, title),
        element('div', { class: 'head-cells' }, ...cells.map(({ node }) => node)),
      );
    this.node.replaceChildren(row('Mean', [all]), ...rows.map((cells, block) => row(`Block ${block + 1}`, cells)));
  }

  /** @param block said of a cell by itself; its row shows it */
  #cell(head: ChosenHead, block: string, title: string): HeadCell {
    const bars = svgElement('path', { class: 'head-bars' });
    const svg = svgElement('svg', { width: String(WIDTH), height: String(HEIGHT), 'aria-hidden': 'true' });
    svg.append(bars);
    const most = element('span', { class: 'head-most' });
    const kind = element('span', { class: 'head-kind' });
    const node = element(
      'button',
      { type: 'button', class: 'head-cell' },
      element('span', { class: 'visually-hidden' }, block),
      element('span', { class: 'head-title' }, element('span', {}, title), most),
      svg,
      kind,
    );
    node.addEventListener('click', () => {
      this.onChoose(head);
    });
    return { head, node, bars, most, kind };
  }

  #key(event: KeyboardEvent): void {
    const at = this.#cells.findIndex(({ node }) => node === document.activeElement);
    const last = this.#cells.length - 1;
    if (at < 0) return;
    // The mean stands above the first block.
    const down = at === 0 ? 1 : at + this.#heads;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: at - 1,
      ArrowRight: at + 1,
      ArrowUp: at - this.#heads,
      ArrowDown: down,
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const cell = this.#cells[Math.min(last, Math.max(0, to))]!;
    for (const { node } of this.#cells) node.tabIndex = node === cell.node ? 0 : -1;
    cell.node.focus();
  }
}
