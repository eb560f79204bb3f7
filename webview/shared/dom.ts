/** @file Building elements. Text is only ever set as text, and nothing here writes a style attribute (the CSP forbids both). */

type Attributes = Readonly<Record<string, string>>;

/** An HTML element with attributes and children; strings become text nodes. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** An SVG element with attributes. */
export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
): SVGElementTagNameMap[K] {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

/** A labelled drop-down; `onChange` gets the chosen value. */
export function dropdown<T extends string>(
  label: string,
  options: readonly { readonly value: T; readonly label: string }[],
  value: T,
  onChange: (value: T) => void,
): HTMLLabelElement {
  const select = element(
    'select',
    {},
    ...options.map((option) => element('option', { value: option.value }, option.label)),
  );
  select.value = value;
  select.addEventListener('change', () => {
    const chosen = options.find((option) => option.value === select.value);
    if (chosen !== undefined) onChange(chosen.value);
  });
  return element('label', { class: 'control' }, element('span', {}, label), select);
}

/** A button that is on or off; `set` changes what it shows, a click only tells. */
export class ToggleButton {
  readonly node: HTMLButtonElement;
  readonly #label: HTMLSpanElement;

  constructor(
    private readonly labels: { readonly on: string; readonly off: string },
    className: string,
    onClick: () => void,
  ) {
    this.#label = element('span', {}, labels.off);
    this.node = element(
      'button',
      { type: 'button', class: `toggle ${className}`, 'aria-pressed': 'false' },
      this.#label,
    );
    this.node.addEventListener('click', onClick);
  }

  set(on: boolean): void {
    this.node.setAttribute('aria-pressed', String(on));
    this.#label.textContent = on ? this.labels.on : this.labels.off;
  }
}

/** The switch of memory, in every panel that shows it. */
export function memoryToggle(onClick: () => void): ToggleButton {
  const toggle = new ToggleButton({ on: 'Memory On', off: 'Memory Off' }, 'memory-toggle', onClick);
  toggle.node.title = 'Voters that learn the open text as it goes by, on or off';
  toggle.node.dataset['live'] = '';
  return toggle;
}

/** Body row of a table: the first cell is the row's header. */
export function tableRow(cells: readonly string[]): HTMLTableRowElement {
  return element(
    'tr',
    {},
    ...cells.map((cell, column) => (column === 0 ? element('th', { scope: 'row' }, cell) : element('td', {}, cell))),
  );
}

/** A table with a caption and column headers. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): HTMLTableElement {
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column)))),
    element('tbody', {}, ...rows.map(tableRow)),
  );
}
