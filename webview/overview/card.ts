/** @file The model card as elements, from its Markdown. A model folder may be anybody's: HTML stays text, nothing is fetched, and only links to the web are links. */
import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';
import { element } from '../shared/dom';
import { isWebAddress } from '../../model/measures/webAddress';

/** With `html: false` what looks like HTML is text. What is nested more than 100 deep is left out, so no card takes the page down. */
const markdown = new MarkdownIt({ html: false, linkify: true });
// `index.md` is a file, not a host in Moldova: addresses are links only with their scheme.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

/** Metadata that some programs write above a card, between two lines of dashes. */
const FRONT_MATTER = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;

const HEADINGS = ['h3', 'h4', 'h5', 'h6'] as const;

/** Elements that are only their tag. */
const PLAIN = ['p', 'ul', 'ol', 'blockquote', 'thead', 'tbody', 'tr', 'strong', 'em', 's'] as const;

/** An address for users. */
function addressText(address: string): string {
  return markdown.normalizeLinkText(address).replace(/^mailto:/, '');
}

/** Builds the elements in the order of the tokens. */
class CardWriter {
  readonly #root = element('div');
  /** Open elements, the innermost last. */
  readonly #open: HTMLElement[] = [this.#root];
  /** Levels of the card's headings that the text is under: the panel's own leave no level out, whatever the card does. */
  readonly #levels: number[] = [];
  #heading: HTMLElement | null = null;

  write(tokens: readonly Token[]): readonly Node[] {
    this.#writeAll(tokens);
    return Array.from(this.#root.childNodes);
  }

  #writeAll(tokens: readonly Token[]): void {
    tokens.forEach((token, index) => {
      // The paragraphs of a tight list.
      if (token.hidden) return;
      if (token.nesting === 1) this.#enter(this.#opened(token, tokens[index + 1]));
      else if (token.nesting === -1) this.#leave();
      else this.#put(token);
    });
  }

  #enter(node: HTMLElement): void {
    this.#append(node instanceof HTMLTableElement ? this.#scroller(node) : node);
    this.#open.push(node);
  }

  #leave(): void {
    const node = this.#open.pop()!;
    // Where an address leads that nothing opens.
    const address = node.dataset['address'];
    if (address !== undefined && address !== node.textContent) node.append(` (${address})`);
  }

  #append(...nodes: readonly (Node | string)[]): void {
    this.#open.at(-1)!.append(...nodes);
  }

  /** The element that a token begins; `next` is the token after it. */
  #opened(token: Token, next: Token | undefined): HTMLElement {
    switch (token.type) {
      case 'heading_open':
        return this.#headingOf(Number(token.tag.slice(1)));
      case 'link_open':
        return this.#link(token.attrGet('href') ?? '');
      case 'list_item_open':
        return this.#item(token);
      case 'table_open':
        return element('table');
      case 'th_open':
      case 'td_open':
        return this.#cell(token, next?.content === '');
      default:
        return element(PLAIN.find((tag) => tag === token.tag) ?? 'div');
    }
  }

  #headingOf(level: number): HTMLElement {
    while (this.#levels.length > 0 && this.#levels.at(-1)! >= level) this.#levels.pop();
    const heading = element(HEADINGS[Math.min(this.#levels.length, HEADINGS.length - 1)]!);
    this.#levels.push(level);
    this.#heading = heading;
    return heading;
  }

  #link(address: string): HTMLElement {
    if (!isWebAddress(address)) return element('span', { 'data-address': addressText(address) });
    return element('a', { href: address, title: address });
  }

  /** Its marker is text, because an exported picture has no other; a number is read, a bullet is not. */
  #item({ info, markup }: Token): HTMLElement {
    const marker =
      info === ''
        ? element('span', { class: 'marker', 'aria-hidden': 'true' }, '•')
        : element('span', { class: 'marker' }, `${info}${markup}`);
    return element('li', {}, marker);
  }

  /** Around a table: what scrolls where it is too wide. */
  #scroller(table: HTMLTableElement): HTMLElement {
    const under = this.#heading?.textContent ?? '';
    return element('div', { class: 'wide', 'data-label': under === '' ? 'Table' : `Table: ${under}` }, table);
  }

  #cell(token: Token, isEmpty: boolean): HTMLElement {
    const side = /left|center|right/.exec(token.attrGet('style') ?? '')?.[0];
    const attributes = side === undefined ? {} : { class: side };
    // A header without a text heads nothing.
    return token.tag === 'th' && !isEmpty ? element('th', { scope: 'col', ...attributes }) : element('td', attributes);
  }

  /** What a token is by itself. */
  #put(token: Token): void {
    switch (token.type) {
      case 'inline':
        this.#writeAll(token.children ?? []);
        return;
      case 'softbreak':
        this.#append(' ');
        return;
      case 'hardbreak':
        this.#append(element('br'));
        return;
      case 'hr':
        this.#append(element('hr'));
        return;
      case 'code_inline':
        this.#append(element('code', {}, token.content));
        return;
      case 'fence':
      case 'code_block':
        this.#append(codeBlock(token.content));
        return;
      case 'image':
        this.#append(element('span', { class: 'picture' }, pictureText(token)));
        return;
      default:
        this.#append(token.content);
    }
  }
}

function codeBlock(text: string): HTMLElement {
  return element('pre', {}, element('code', {}, text.replace(/\n$/, '')));
}

/** What stands in place of a picture: what it shows, or else where it is. */
function pictureText(token: Token): string {
  const shows = (token.children ?? []).map(({ content }) => content).join('');
  return `[Picture: ${shows === '' ? addressText(token.attrGet('src') ?? '') : shows}]`;
}

function cardNodes(card: string): readonly Node[] {
  const text = card.replace(/^\uFEFF/, '');
  const metadata = FRONT_MATTER.exec(text);
  if (metadata === null) return new CardWriter().write(markdown.parse(text, {}));
  return [codeBlock(metadata[1]!), ...new CardWriter().write(markdown.parse(text.slice(metadata[0].length), {}))];
}

/** The card, whose tables can be scrolled by the keyboard where they are too wide. */
export class ModelCard {
  readonly node = element('div', { class: 'card' });
  readonly #sizes = new ResizeObserver(() => {
    this.#markScrolling();
  });

  /** @param open gets the address of a link that is clicked */
  constructor(open: (address: string) => void) {
    this.node.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null;
      if (link === null) return;
      // By itself VS Code opens what is clicked in a webview, and does not ask where the workspace is trusted.
      event.preventDefault();
      event.stopPropagation();
      open(link.href);
    });
  }

  /** @param folder the model's, for the sentence that stands in place of a card that is missing */
  set(card: string | null, folder: string): void {
    this.#sizes.disconnect();
    const missing = () => [element('p', { class: 'none' }, `There is no card.md in ${folder}.`)];
    this.node.replaceChildren(...(card === null ? missing() : cardNodes(card)));
    for (const wide of this.#wide()) {
      this.#sizes.observe(wide);
      this.#sizes.observe(wide.firstElementChild!);
    }
  }

  #wide(): NodeListOf<HTMLElement> {
    return this.node.querySelectorAll<HTMLElement>('.wide');
  }

  /** Only what scrolls is a stop on the way of the keyboard. */
  #markScrolling(): void {
    const all = Array.from(this.#wide(), (node) => ({ node, scrolls: node.scrollWidth > node.clientWidth }));
    for (const { node, scrolls } of all) {
      if (scrolls) {
        node.tabIndex = 0;
        node.setAttribute('role', 'group');
        node.setAttribute('aria-label', node.dataset['label']!);
      } else for (const name of ['tabindex', 'role', 'aria-label']) node.removeAttribute(name);
    }
  }
}
