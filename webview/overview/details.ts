/** @file What stands beside the picture: the chosen block, the configuration, the model card. */
import { blockName } from '../../model/measures/blockName';
import { element, table } from '../shared/dom';
import type { OverviewReady } from '../../model/protocol/panels/overview';
import { formatCount } from '../shared/text';
import { ModelCard } from './card';
import { activityOf, blockMeaning, blockShape, formatActivity, formatMilliseconds, gatesText } from './describe';

function definition(term: string, text: string): HTMLElement {
  return element('div', {}, element('dt', {}, term), element('dd', {}, text));
}

/** The chosen block: what it does, its numbers, the parameters it holds. */
function blockSection(data: OverviewReady, index: number): HTMLElement {
  const block = data.blocks[index]!;
  const gates = data.activity?.gates.find((entry) => entry.block === block.id)?.gates;
  const numbers = element(
    'dl',
    { class: 'numbers' },
    definition('Output', `${blockShape(block, data.provenance.votersPerBit)} (positions × channels)`),
    definition('Parameters', formatCount(block.parameters)),
    definition('Time', formatMilliseconds(block.milliseconds)),
    definition('Activity (RMS)', formatActivity(activityOf(data, index))),
  );
  if (gates !== undefined) numbers.append(definition(`Router (of ${gates.length})`, gatesText(gates)));
  return element(
    'section',
    { class: 'block-details' },
    element('h2', {}, blockName(block)),
    element('p', {}, blockMeaning(block)),
    numbers,
    table(
      `Its parameters in the model file; .name stands for ${block.id}.name`,
      ['Name', 'Shape', 'Values'],
      block.tensors.map(({ name, shape }) => [
        name.startsWith(`${block.id}.`) ? name.slice(block.id.length) : name,
        shape.join(' × '),
        formatCount(shape.reduce((product, size) => product * size, 1)),
      ]),
    ),
  );
}

/** A section that opens and closes; it is open at first. */
function folding(title: string, ...children: readonly Node[]): HTMLDetailsElement {
  return element('details', { open: '' }, element('summary', {}, title), ...children);
}

export class Details {
  readonly #block = element('div');
  readonly #config = element('div');
  readonly #card: ModelCard;
  readonly node: HTMLElement;
  #shown: OverviewReady | null = null;

  /** @param open gets the address of a link that is clicked */
  constructor(open: (address: string) => void) {
    this.#card = new ModelCard(open);
    this.node = element(
      'aside',
      { 'aria-label': 'Chosen block, configuration and card', tabindex: '0' },
      this.#block,
      folding('Model card', this.#card.node),
      folding('Configuration', this.#config),
    );
  }

  set(data: OverviewReady, chosen: number): void {
    this.#block.replaceChildren(blockSection(data, chosen));
    const same =
      this.#shown?.provenance.checkpoint === data.provenance.checkpoint &&
      this.#shown.folder === data.folder &&
      this.#shown.card === data.card;
    this.#shown = data;
    if (same) return;
    this.#config.replaceChildren(table('config.json', ['Key', 'Value'], data.config));
    this.#card.set(data.card, data.folder);
  }
}
