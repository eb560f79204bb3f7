/** @file Findings as a table: the verdict by sign and word, what was measured, the number with its interval and N. */
import { claimText } from '../../model/measures/claims';
import { verdictText } from '../../model/measures/experimentText';
import type { Finding } from '../../model/protocol/experiments';
import { element } from '../shared/dom';
import type { ToldVerdict } from './describe';
import { certaintyText, valueText, VERDICT_SIGNS } from './describe';

/** A verdict: its sign and its word. */
export function verdictNode(verdict: ToldVerdict): HTMLElement {
  return element(
    'span',
    { class: `verdict verdict-${verdict.replaceAll(' ', '-')}` },
    element('span', { 'aria-hidden': 'true', class: 'sign' }, VERDICT_SIGNS[verdict]),
    ` ${verdict}`,
  );
}

/** The cells of a row: verdict, claim with what is said of it, number. */
export function findingRow(finding: Finding): HTMLTableRowElement {
  const { claim, measure, estimate, because } = finding;
  return element(
    'tr',
    {},
    element('td', {}, verdictNode(verdictText(finding))),
    element(
      'th',
      { scope: 'row' },
      element('p', { class: 'claim' }, claimText(claim)),
      element('p', { class: 'context' }, measure),
      ...(because === '' ? [] : [element('p', {}, because)]),
    ),
    element(
      'td',
      {},
      element('p', { class: estimate.value === null ? 'context' : 'value' }, valueText(estimate)),
      element('p', { class: 'context' }, certaintyText(estimate)),
    ),
  );
}

export function findingsTable(caption: string, rows: readonly HTMLTableRowElement[]): HTMLTableElement {
  const columns = ['Verdict', 'Claim and measure', 'Measured'];
  return element(
    'table',
    { class: 'findings' },
    element('caption', { class: 'visually-hidden' }, caption),
    element('thead', {}, element('tr', {}, ...columns.map((column) => element('th', { scope: 'col' }, column)))),
    element('tbody', {}, ...rows),
  );
}
