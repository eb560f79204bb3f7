/** @file The claims of the paper, and what is known of each: found by an experiment, or not tested. */
import { EXPERIMENT_TEXTS } from '../../model/measures/experimentText';
import { element } from '../shared/dom';
import type { ClaimRow } from './describe';
import { claimsSummary } from './describe';
import { findingRow, findingsTable, verdictNode } from './findingsTable';

export class ClaimsPage {
  readonly node = element('section', { class: 'claims' });

  /** @param onOpen the user wants to see the experiment of a claim */
  constructor(private readonly onOpen: (id: string) => void) {}

  draw(rows: readonly ClaimRow[]): void {
    this.node.replaceChildren(
      element('h2', {}, 'What the paper claims, and what was measured'),
      element('p', { class: 'context' }, `Of ${rows.length} claims ${claimsSummary(rows)}.`),
      findingsTable(
        'Claims of the paper',
        rows.flatMap((row) => this.#rows(row)),
      ),
    );
  }

  #rows({ claim, source, findings }: ClaimRow): HTMLTableRowElement[] {
    if (source === null) {
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
    return findings.map((finding) => {
      const row = findingRow(finding);
      const open = element('button', { type: 'button', class: 'source' }, source.result?.title ?? source.id);
      open.addEventListener('click', () => {
        this.onOpen(source.id);
      });
      const quick = source.result?.setup.quick === true ? ' (quick)' : '';
      row.lastElementChild!.append(element('p', { class: 'context' }, 'from ', open, quick));
      return row;
    });
  }
}
