/** @file The claims of the paper, and what is known of each: found by an experiment, or not tested. */
import { CAME_WITH_EXTENSION, EXPERIMENT_TEXTS } from '../../model/measures/experimentText';
import type { Finding } from '../../model/protocol/experiments';
import { element } from '../shared/dom';
import type { ClaimRow } from './describe';
import { claimsSentence } from './describe';
import { MODEL_PAGE, MODEL_TITLE } from './experimentList';
import { findingRow, findingsTable, verdictNode } from './findingsTable';

export class ClaimsPage {
  readonly node = element('section', { class: 'claims' });

  /** @param onOpen the user wants to see the experiment of a claim, or the loaded model */
  constructor(private readonly onOpen: (id: string) => void) {}

  draw(rows: readonly ClaimRow[]): void {
    this.node.replaceChildren(
      element('h2', {}, 'What the paper claims, and what was measured'),
      element(
        'p',
        { class: 'context' },
        'The paper is the one that proposes SMUGGLER: M voters per bit, weighted by softmax(τ·vote).',
      ),
      element('p', { class: 'context' }, claimsSentence(rows)),
      findingsTable(
        'Claims of the paper',
        rows.flatMap((row) => this.#rows(row)),
      ),
    );
  }

  #rows({ claim, source, findings, ofModel }: ClaimRow): HTMLTableRowElement[] {
    const measured = ofModel.map((finding) => this.#row(finding, MODEL_PAGE, MODEL_TITLE, ''));
    if (source === null) {
      if (measured.length > 0) return measured;
      const { title } = EXPERIMENT_TEXTS[claim.experiment];
      return [
        element(
          'tr',
          {},
          element('td', {}, verdictNode('not tested')),
          element(
            'th',
            { scope: 'row' },
            element('p', { class: 'claim' }, claim.claim),
            element('p', { class: 'context' }, claim.measure),
          ),
          element('td', {}, element('p', { class: 'context' }, `no result of the experiment ${title}`)),
        ),
      ];
    }
    const { result, id } = source;
    const quick = result?.setup.quick === true ? ' (quick)' : '';
    const about = source.isPublished === true ? `${quick}, ${CAME_WITH_EXTENSION}` : quick;
    return [...findings.map((finding) => this.#row(finding, id, result?.title ?? id, about)), ...measured];
  }

  #row(finding: Finding, id: string, title: string, about: string): HTMLTableRowElement {
    const row = findingRow(finding);
    const open = element('button', { type: 'button', class: 'source' }, title);
    open.addEventListener('click', () => {
      this.onOpen(id);
    });
    row.lastElementChild!.append(element('p', { class: 'context' }, 'from ', open, about));
    return row;
  }
}
