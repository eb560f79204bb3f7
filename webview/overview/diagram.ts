/** @file The picture of the architecture: blocks as boxes that can be chosen, connections as lines, a bar in each box. */
import { blockName } from '../../model/measures/blockName';
import { shortCount } from '../../model/measures/numberText';
import { select } from 'd3-selection';
import { element, svgElement } from '../shared/dom';
import type { OverviewReady } from '../../model/protocol/panels/overview';
import type { BarName } from './describe';
import { barShares, blockDescription, blockShape } from './describe';
import type { Box, Connection, UShape } from './layout';
import { connectionPath, uShape } from './layout';

const PADDING = 8;
const BAR_HEIGHT = 4;

interface Cell {
  readonly index: number;
  readonly box: Box;
}

/** Pixels of a bar that is as long as can be. */
function trackWidth(box: Box): number {
  return box.width - 2 * PADDING;
}

const ARROW = 'arrow';

/** The end of a connection, by reference. */
function arrowhead(): SVGDefsElement {
  const marker = svgElement('marker', {
    id: ARROW,
    viewBox: '0 0 8 8',
    refX: '8',
    refY: '4',
    markerWidth: '7',
    markerHeight: '7',
    orient: 'auto',
  });
  marker.append(svgElement('path', { d: 'M0,0L8,4L0,8Z', class: 'arrowhead' }));
  const definitions = svgElement('defs');
  definitions.append(marker);
  return definitions;
}

/** The block that a key leads to from another one; null where the key means nothing here. */
export function blockAfterKey(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(count - 1, index + 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return Math.max(0, index - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

export class Diagram {
  readonly node = element('div', { class: 'diagram' });
  readonly #svg = svgElement('svg', {
    role: 'group',
    'aria-label': 'The blocks of the network, in the order of computation',
  });
  readonly #lines = svgElement('g', { class: 'connections', 'aria-hidden': 'true' });
  readonly #blocks = svgElement('g', {});
  #count = 0;
  /** What the boxes and lines were drawn from. */
  #drawn = '';

  /** `onChoose` is called when the user chooses a block by pointer or keyboard. */
  constructor(private readonly onChoose: (index: number) => void) {
    this.#svg.append(arrowhead(), this.#lines, this.#blocks);
    this.node.append(this.#svg);
  }

  /** Pixels that the picture may be wide. */
  get width(): number {
    return this.node.clientWidth;
  }

  draw(data: OverviewReady, bar: BarName, chosen: number): void {
    const { blocks, stages, provenance } = data;
    const { width } = this;
    const structure = JSON.stringify([blocks, stages, provenance.votersPerBit, width, chosen]);
    if (structure !== this.#drawn) {
      this.#drawn = structure;
      this.#drawStructure(data, uShape(blocks, stages, width), chosen);
    }
    this.#drawBars(data, bar);
  }

  /** What the model's structure and the choice of a block decide. */
  #drawStructure({ blocks, provenance }: OverviewReady, shape: UShape, chosen: number): void {
    this.#count = blocks.length;
    this.#svg.setAttribute('width', String(shape.width));
    this.#svg.setAttribute('height', String(shape.height));
    select(this.#lines)
      .selectAll<SVGPathElement, Connection>('path')
      .data(shape.connections)
      .join('path')
      .attr('class', (connection) => (connection.skip ? 'connection skip' : 'connection'))
      .attr('marker-end', `url(#${ARROW})`)
      .attr('d', (connection) => connectionPath(shape, connection));

    const cells = shape.boxes.map((box, index): Cell => ({ index, box }));
    const groups = select(this.#blocks)
      .selectAll<SVGGElement, Cell>('g')
      .data(cells)
      .join((enter) => {
        const group = enter.append('g').attr('role', 'button');
        group.append('rect').attr('class', 'box');
        group.append('text').attr('class', 'name').attr('x', PADDING).attr('y', 16);
        group.append('text').attr('class', 'numbers').attr('x', PADDING).attr('y', 31);
        group.append('rect').attr('class', 'bar-track').attr('x', PADDING);
        group.append('rect').attr('class', 'bar').attr('x', PADDING);
        group
          .on('click', (_, { index }) => {
            this.#choose(index);
          })
          .on('keydown', (event: KeyboardEvent, { index }) => {
            this.#onKey(event, index);
          });
        return group;
      });
    groups
      .attr('class', ({ index }) => `block ${blocks[index]!.kind}${index === chosen ? ' chosen' : ''}`)
      .attr('transform', ({ box }) => `translate(${box.x},${box.y})`)
      .attr('tabindex', ({ index }) => (index === chosen ? '0' : '-1'))
      .attr('aria-pressed', ({ index }) => String(index === chosen));
    groups
      .select('.box')
      .attr('width', ({ box }) => box.width)
      .attr('height', ({ box }) => box.height);
    groups.select('.name').text(({ index }) => blockName(blocks[index]!));
    groups.select('.numbers').text(({ index }) => {
      const block = blocks[index]!;
      return ` ${blockShape(block, provenance.votersPerBit)} · ${shortCount(block.parameters)}`;
    });
    for (const part of ['.bar-track', '.bar']) {
      groups
        .select(part)
        .attr('y', ({ box }) => box.height - PADDING - BAR_HEIGHT + 2)
        .attr('width', ({ box }) => trackWidth(box))
        .attr('height', BAR_HEIGHT);
    }
  }

  /** What also follows the caret. */
  #drawBars(data: OverviewReady, bar: BarName): void {
    const shares = barShares(data, bar);
    const groups = select(this.#blocks).selectAll<SVGGElement, Cell>('g');
    groups.attr('aria-description', ({ index }) => blockDescription(data, index));
    groups.select('.bar').attr('width', ({ box, index }) => {
      const share = shares[index] ?? null;
      return share === null ? 0 : Math.max(1, share * trackWidth(box));
    });
  }

  #onKey(event: KeyboardEvent, index: number): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const next = event.key === 'Enter' || event.key === ' ' ? index : blockAfterKey(event.key, index, this.#count);
    if (next === null) return;
    event.preventDefault();
    this.#choose(next);
  }

  #choose(index: number): void {
    this.onChoose(index);
    const chosen = this.#blocks.children[index];
    if (chosen instanceof SVGElement) chosen.focus();
  }
}
