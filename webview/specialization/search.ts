/** @file Which voters know about a pattern, a context or what is selected in the editor? And where else do voters agree? */
import { percent } from '../../model/measures/numberText';
import { voterName } from '../../model/measures/voterName';
import { dropdown, element } from '../shared/dom';
import type {
  AgreementList,
  AnalysisKind,
  ConceptRanking,
  FoundVoters,
  RankedVoter,
  SpecializationReady,
  SpecializationAsk,
} from '../../model/protocol/panels/specialization';
import type { ContextDimension, MapContext } from '../../model/protocol/voterAnalyses';
import type { VoterNames } from '../../model/protocol/voterNotes';
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

/** What was found, in a sentence. */
function foundText({ concept, voters, voting, higher, lower, informed }: ConceptRanking, ranking: Ranking): string {
  const what =
    ranking === 'auroc'
      ? `higher there: ${formatCount(higher.count)}, lower there: ${formatCount(lower.count)}`
      : `know of it: ${formatCount(informed.count)}`;
  return `${concept}: ${what}, of ${formatCount(voting)} voters that vote (${formatCount(voters)} in all).`;
}

type FoundColumn = readonly [title: string, of: (row: RankedVoter) => string, hint: string];

/** Which voters agree, where, and in which order the places stand. */
function agreementText({
  voters,
  bit,
  offset,
  minAgreement,
  matchingChunks,
  chunks,
  found,
  places,
}: AgreementList): string {
  const which = voters === 1 ? 'voter' : 'voters';
  const order =
    places.length < found
      ? `Listed: the ${places.length} with the largest shares, of equal ones the longest first.`
      : 'The largest shares first, of equal ones the longest.';
  return (
    `${formatCount(voters)} ${which} of ${bit === null ? 'all bits' : `bit ${bit}`} ${voters === 1 ? 'is' : 'are'} on at byte ${formatCount(offset)}. ` +
    `${percent(minAgreement)} or more of them are on at ${formatCount(matchingChunks)} of ${formatCount(chunks)} chunks, ` +
    `in ${formatCount(found)} ${found === 1 ? 'place' : 'places'}: chunks in a row are one. ${order}`
  );
}

/** What is found, as one list: what its voters do, and which figures are told of each. */
interface FoundList {
  readonly title: string;
  /** Which voters are found. */
  readonly rule: string;
  readonly voters: FoundVoters;
  readonly columns: readonly FoundColumn[];
}

const SAME_RULE = 'above ½ somewhere in these texts, false discovery rate at most 0.05';

const AUROC: FoundColumn = [
  'AUROC',
  (row) => row.auroc.toFixed(3),
  'How probable it is that the vote at a chunk there is higher than at one elsewhere, however high both are',
];
const MEDIANS =
  'Half of its votes v are higher. Both medians can be low, or the same: the AUROC compares all votes, not only the middle ones';

function foundLists({ higher, lower, informed }: ConceptRanking, ranking: Ranking): readonly FoundList[] {
  if (ranking === 'information') {
    const columns: readonly FoundColumn[] = [
      ['MI, bits', (row) => formatShare(row.information), 'What its vote tells of whether a chunk is there'],
      AUROC,
      ['q', (row) => formatShare(row.informationQ), 'False discovery rate'],
    ];
    const rule = `They tell 1 % or more of what there is to know; ${SAME_RULE}`;
    return [{ title: 'Know of it, either way', rule, voters: informed, columns }];
  }
  const columns: readonly FoundColumn[] = [
    AUROC,
    ['median there', (row) => formatShare(row.medianInside), MEDIANS],
    ['elsewhere', (row) => formatShare(row.medianOutside), MEDIANS],
  ];
  return [
    { title: 'Higher there', rule: `AUROC 0.6 or more; ${SAME_RULE}`, voters: higher, columns },
    { title: 'Lower there', rule: `AUROC 0.4 or less; ${SAME_RULE}`, voters: lower, columns },
  ];
}

export class Search {
  readonly node: HTMLElement;
  readonly #pattern = element('input', {
    type: 'text',
    class: 'pattern',
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
  #contextsKey = '';
  #bit = 0;

  constructor(private readonly handlers: SearchHandlers) {
    const cancel = (work: AnalysisKind): void => {
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
        element(
          'label',
          { class: 'control pattern-control' },
          element('span', {}, 'Regular expression'),
          this.#pattern,
        ),
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
    this.#drawContexts(state.map?.contexts ?? []);
    this.#drawRanking(state, ranking);
    this.#drawAgreement(state);
  }

  #drawContexts(contexts: readonly MapContext[]): void {
    const key = JSON.stringify(contexts.map(({ dimension, name }) => [dimension, name]));
    if (key === this.#contextsKey) return;
    this.#contextsKey = key;
    this.#context.replaceChildren(
      element('option', { value: '' }, 'a context…'),
      ...contexts.map((context) =>
        element('option', { value: JSON.stringify([context.dimension, context.name]) }, columnTitle(context)),
      ),
    );
  }

  #drawRanking({ ranking: result, names }: SpecializationReady, ranking: Ranking): void {
    if (result === null) {
      this.#result.replaceChildren();
      return;
    }
    const lists = foundLists(result, ranking);
    this.#result.replaceChildren(
      element('p', { class: 'found' }, foundText(result, ranking)),
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
      ...lists.flatMap((list) => this.#drawFound(list, names)),
      element(
        'p',
        { class: 'provenance' },
        `N = ${formatCount(result.labelled)} labelled of ${formatCount(result.chunks)} chunks${result.isSmallSample ? ': few, so take it as a hint' : ''} · ${result.shuffles} shuffles of the labels · measured on ${result.measuredOn}`,
      ),
    );
  }

  #drawFound({ title, rule, voters, columns }: FoundList, names: VoterNames): HTMLElement[] {
    const { count, best } = voters;
    const listed = best.length < count ? `, the best ${best.length} of them listed` : '';
    const heading = element('h3', { title: rule }, `${title}: ${formatCount(count)}${listed}`);
    if (count === 0) return [heading];
    const rows = best.map((row, index) => {
      const name = voterName(names, row.bit, row.voter);
      const button = element(
        'button',
        { type: 'button', class: 'voter-link', title: 'Select this voter', 'data-live': '' },
        `${row.bit} · ${row.voter}${name === '' ? '' : ` ${name}`}`,
      );
      button.addEventListener('click', () => {
        this.handlers.selectVoter(row.bit, row.voter);
      });
      return element(
        'tr',
        {},
        element('td', {}, String(index + 1)),
        element('th', { scope: 'row' }, button),
        ...columns.map(([, of]) => element('td', {}, of(row))),
      );
    });
    const table = element(
      'table',
      {},
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('th', { scope: 'col' }, '#'),
          element('th', { scope: 'col' }, 'Bit · voter'),
          ...columns.map(([name, , hint]) => element('th', { scope: 'col', title: hint }, name)),
        ),
      ),
      element('tbody', {}, ...rows),
    );
    return [
      heading,
      element('div', { class: 'table-pane', tabindex: '0', role: 'region', 'aria-label': title }, table),
    ];
  }

  #drawAgreement({ agreement }: SpecializationReady): void {
    if (agreement === null) {
      this.#agreement.replaceChildren();
      return;
    }
    this.#agreement.replaceChildren(
      element('p', { class: 'found' }, agreementText(agreement)),
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
        `N = ${formatCount(agreement.chunks)} chunks · measured on ${agreement.measuredOn}`,
      ),
    );
  }
}
