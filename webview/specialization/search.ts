/** @file Which voters know about a pattern, a context or what is selected in the editor? And where else do voters agree? */
import { dropdown, element } from '../shared/dom';
import type { RankedVoter, SpecializationReady, SpecializationAsk } from '../../model/protocol/panels/specialization';
import type { ContextDimension, MapContext } from '../../model/protocol/voterAnalyses';
import type { VoterNote } from '../../model/protocol/voterNotes';
import { formatCount, formatShare } from '../shared/text';
import { columnTitle } from './describe';
import { placeList } from './places';
import { WorkLine } from './work';

export type Ranking = 'auroc' | 'information';

export interface SearchHandlers {
  request(request: SpecializationAsk): void;
  selectVoter(bit: number, voter: number): void;
  changeRanking(ranking: Ranking): void;
}

function rankedRow(
  rank: number,
  row: RankedVoter,
  ranking: Ranking,
  names: readonly VoterNote[],
  onClick: () => void,
): HTMLTableRowElement {
  const name = names.find(({ bit, voter }) => bit === row.bit && voter === row.voter)?.name ?? '';
  const button = element(
    'button',
    { type: 'button', class: 'voter-link', title: 'Select this voter', 'data-live': '' },
    `${row.bit} · ${row.voter}${name === '' ? '' : ` ${name}`}`,
  );
  button.addEventListener('click', onClick);
  return element(
    'tr',
    {},
    element('td', {}, String(rank)),
    element('th', { scope: 'row' }, button),
    element(
      'td',
      { title: `mean vote ${formatShare(row.meanInside)} inside, ${formatShare(row.meanOutside)} outside` },
      row.auroc.toFixed(3),
    ),
    element('td', {}, formatShare(row.information)),
    element('td', {}, formatShare(ranking === 'auroc' ? row.q : row.informationQ)),
  );
}

export class Search {
  readonly node: HTMLElement;
  readonly #pattern = element('input', {
    type: 'text',
    class: 'pattern',
    placeholder: 'Regular expression',
    'aria-label': 'Regular expression',
    spellcheck: 'false',
    'data-live': '',
  });
  readonly #ignoreCase = element('input', { type: 'checkbox', 'data-live': '' });
  readonly #begins = element('input', { type: 'checkbox', 'data-live': '' });
  readonly #context = element('select', { 'aria-label': 'Context', 'data-live': '' });
  readonly #work: WorkLine;
  readonly #agreementWork: WorkLine;
  readonly #result = element('div', { class: 'ranking' });
  readonly #agreement = element('div', { class: 'agreement' });
  #columnsKey = '';
  #bit = 0;

  constructor(private readonly handlers: SearchHandlers) {
    const cancel = (work: 'search' | 'agreement' | 'map' | 'statistics'): void => {
      handlers.request({ kind: 'cancel', work });
    };
    this.#work = new WorkLine('search', cancel);
    this.#agreementWork = new WorkLine('agreement', cancel);
    const button = (text: string, title: string, onClick: () => void): HTMLButtonElement => {
      const node = element('button', { type: 'button', title, 'data-live': '' }, text);
      node.addEventListener('click', onClick);
      return node;
    };
    const search = (): void => {
      const pattern = this.#pattern.value;
      if (pattern === '') return;
      const ignoreCase = this.#ignoreCase.checked;
      handlers.request({
        kind: 'search',
        concept: { kind: 'regex', pattern, ignoreCase, begins: this.#begins.checked },
      });
    };
    this.#pattern.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') search();
    });
    this.#context.addEventListener('change', () => {
      const [dimension, name] = JSON.parse(this.#context.value || '[]') as [] | [ContextDimension, string];
      if (dimension !== undefined && name !== undefined) {
        handlers.request({ kind: 'search', concept: { kind: 'context', dimension, name } });
      }
    });
    this.node = element(
      'section',
      { class: 'search', 'aria-label': 'Search' },
      element('h2', {}, 'Which voters know about…'),
      element(
        'div',
        { class: 'controls' },
        this.#pattern,
        button('Search', 'Rank all voters by how well they tell what matches from the rest', search),
      ),
      element(
        'div',
        { class: 'controls' },
        element('label', { class: 'control' }, this.#ignoreCase, element('span', {}, 'ignore case')),
        element(
          'label',
          {
            class: 'control',
            title: 'Only the chunk that a match begins in, so that votes came before anything of it was seen',
          },
          this.#begins,
          element('span', {}, 'where it begins'),
        ),
        this.#context,
        button('Selected text', 'What is selected in the editor', () => {
          handlers.request({ kind: 'search', concept: { kind: 'selection' } });
        }),
      ),
      this.#work.node,
      this.#result,
      element('h2', {}, 'Where else do they agree?'),
      element(
        'div',
        { class: 'controls' },
        button(
          'Voters of This Bit',
          'Where the voters of this bit that are on at the selected chunk are on too',
          () => {
            handlers.request({ kind: 'agree', bit: this.#bit });
          },
        ),
        button('Voters of All Bits', 'Where all voters that are on at the selected chunk are on too', () => {
          handlers.request({ kind: 'agree', bit: null });
        }),
      ),
      this.#agreementWork.node,
      this.#agreement,
    );
  }

  /** Brings the search into sight, ready to be typed into. */
  focus(): void {
    this.#pattern.focus();
    this.node.scrollIntoView({ block: 'start' });
  }

  draw(state: SpecializationReady, ranking: Ranking): void {
    this.#bit = state.bit;
    this.#work.set(state.work, state.failures.search);
    this.#agreementWork.set(state.work, state.failures.agreement);
    this.#drawContexts(state.map?.columns ?? []);
    this.#drawRanking(state, ranking);
    this.#drawAgreement(state);
  }

  #drawContexts(columns: readonly MapContext[]): void {
    const key = JSON.stringify(columns.map(({ dimension, name }) => [dimension, name]));
    if (key === this.#columnsKey) return;
    this.#columnsKey = key;
    this.#context.replaceChildren(
      element('option', { value: '' }, 'a context…'),
      ...columns.map((column) =>
        element('option', { value: JSON.stringify([column.dimension, column.name]) }, columnTitle(column)),
      ),
    );
  }

  #drawRanking({ ranking: result, names }: SpecializationReady, ranking: Ranking): void {
    if (result === null) {
      this.#result.replaceChildren();
      return;
    }
    const rows = ranking === 'auroc' ? result.byAuroc : result.byInformation;
    const found =
      ranking === 'auroc'
        ? `of ${formatCount(result.voters)} voters ${formatCount(result.firing)} fire there and ${formatCount(result.silent)} are silent there (AUROC 0.1 or more from ½, false discovery rate 0.05)`
        : `${formatCount(result.foundByInformation)} of ${formatCount(result.voters)} voters at a false discovery rate of 0.05`;
    this.#result.replaceChildren(
      element('p', { class: 'found' }, `${result.concept}: ${found}`),
      dropdown(
        'Rank by',
        [
          { value: 'auroc', label: 'AUROC' },
          { value: 'information', label: 'mutual information' },
        ],
        ranking,
        (chosen) => {
          this.handlers.changeRanking(chosen);
        },
      ),
      element(
        'div',
        { class: 'table-pane', tabindex: '0', role: 'region', 'aria-label': 'Ranked voters' },
        element(
          'table',
          {},
          element(
            'thead',
            {},
            element(
              'tr',
              {},
              ...['#', 'Bit · voter', 'AUROC', 'MI, bits', 'q'].map((title) => element('th', { scope: 'col' }, title)),
            ),
          ),
          element(
            'tbody',
            {},
            ...rows.map((row, index) =>
              rankedRow(index + 1, row, ranking, names, () => {
                this.handlers.selectVoter(row.bit, row.voter);
              }),
            ),
          ),
        ),
      ),
      element(
        'p',
        { class: 'provenance' },
        `N = ${formatCount(result.labelled)} labelled of ${formatCount(result.chunks)} chunks${result.isSmallSample ? ': few, so take it as a hint' : ''} · ${result.shuffles} shuffles of the labels · measured on ${result.measuredOn}`,
      ),
    );
  }

  #drawAgreement({ agreement }: SpecializationReady): void {
    if (agreement === null) {
      this.#agreement.replaceChildren();
      return;
    }
    this.#agreement.replaceChildren(
      element(
        'p',
        { class: 'found' },
        `${formatCount(agreement.voters)} voters of ${agreement.bit === null ? 'all bits' : `bit ${agreement.bit}`} are on at byte ${formatCount(agreement.offset)}; they agree at ${formatCount(agreement.found)} places`,
      ),
      placeList(
        'Places where they agree',
        agreement.places.map((place) => ({
          place,
          value: place.isOrigin ? 'here' : `${Math.round(100 * place.agreement)} %`,
        })),
        ({ name, offset }) => {
          this.handlers.request({ kind: 'open', name, offset });
        },
      ),
      element(
        'p',
        { class: 'provenance' },
        `N = ${formatCount(agreement.matchingChunks)} matching of ${formatCount(agreement.chunks)} chunks · measured on ${agreement.measuredOn}`,
      ),
    );
  }
}
