/** @file The frame of a chart of a result: title, picture or table, what its numbers are over. */
import type { ExperimentChart } from '../../model/protocol/experiments';
import { element } from '../shared/dom';
import type { LiveRegion, Tooltip } from '../shared/page/tooltip';

/** What all charts of the page share: the box beside the pointer, and what is said to a screen reader. */
export interface ChartTools {
  readonly tooltip: Tooltip;
  readonly live: LiveRegion;
}

/** A chart of one result on the page; another result makes another chart. */
export interface ResultChart {
  readonly node: HTMLElement;
  /** Draws for the room that there is. */
  draw(): void;
  /** Shows the numbers in place of the picture. */
  showTable(isTable: boolean): void;
}

/** The picture that the keyboard goes to. */
export function pictureNode(label: string, keys: string): HTMLElement {
  return element('div', {
    class: 'plot',
    role: 'application',
    tabindex: '0',
    'aria-roledescription': 'picture',
    'aria-label': label,
    'aria-description': `${keys} The Table button shows the numbers.`,
  });
}

/** A chart of title, picture, key, note and table. */
export function chartFigure(chart: ExperimentChart, picture: readonly HTMLElement[], table: HTMLElement): HTMLElement {
  return element(
    'figure',
    { class: `chart chart-${chart.kind}` },
    element('h3', {}, chart.title),
    ...picture,
    table,
    element('figcaption', {}, chart.note),
  );
}

/** The numbers of a chart, hidden until they are asked for. */
export function tablePane(title: string, table: HTMLTableElement): HTMLElement {
  return element(
    'div',
    { class: 'table-pane', tabindex: '0', role: 'region', 'aria-label': `${title}, as a table`, hidden: '' },
    table,
  );
}
