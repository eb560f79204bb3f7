/** @file The dashboard of the selected voter: name and note, histogram of its votes, figures, classes, examples. */
import { element, ToggleButton } from '../shared/dom';
import type {
  AnalysisWork,
  SpecializationReady,
  SpecializationAsk,
  VoterExampleRow,
  VoterFigures,
  VoterPanel,
} from '../../model/protocol/panels/specialization';
import type { VoterActions } from '../shared/page/voterActions';
import { VOTER_CLASS_MEANINGS } from '../../model/measures/voterClasses';
import { formatCount, formatShare } from '../shared/text';
import { classText, describeContext } from './describe';
import { Histogram } from './histogram';
import { placeList } from './places';
import { WorkLine } from './work';

export interface DashboardSettings {
  readonly logarithmic: boolean;
  readonly examples: 'top' | 'sample';
}

export interface DashboardHandlers {
  request(request: SpecializationAsk): void;
  selectVoter(bit: number, voter: number): void;
  change(settings: Partial<DashboardSettings>): void;
}

export class Dashboard {
  readonly node: HTMLElement;
  readonly #title = element('h2');
  readonly #hint = element('p', { class: 'none' });
  readonly #body = element('div', { class: 'dashboard-body' });
  readonly #current = element('p', { class: 'readout' });
  readonly #name = element('input', {
    type: 'text',
    maxlength: '80',
    placeholder: 'Name this voter',
    'data-live': '',
  });
  readonly #note = element('textarea', {
    rows: '2',
    maxlength: '2000',
    placeholder: 'What you know of it',
    'data-live': '',
  });
  readonly #figures = element('div', { class: 'figures-of-voter' });
  readonly #gather = element(
    'button',
    { type: 'button', class: 'primary', 'data-live': '', 'data-export': 'skip' },
    'Gather Statistics',
  );
  readonly #missingText = element('p', { class: 'none' });
  readonly #missing: HTMLElement;
  readonly #context = element('p', { class: 'voter-context' });
  readonly #histogram = new Histogram();
  readonly #facts = element('dl', { class: 'facts' });
  readonly #classes = element('p', { class: 'classes' });
  readonly #examples = element('div', { class: 'examples' });
  readonly #samples = element('p', { class: 'provenance' });
  readonly #logarithmic: ToggleButton;
  readonly #top: ToggleButton;
  readonly #random: ToggleButton;
  readonly #work: WorkLine;
  /** Top or random examples. */
  readonly #choice: HTMLElement;
  /** The voter whose name and note the fields hold: what is being typed is not overwritten. */
  #edited = '';
  #shown: VoterPanel | null = null;

  constructor(
    private readonly actions: VoterActions,
    private readonly handlers: DashboardHandlers,
  ) {
    this.#logarithmic = new ToggleButton({ on: 'Log counts', off: 'Log counts' }, 'log-toggle', () => {
      handlers.change({ logarithmic: this.#logarithmic.node.getAttribute('aria-pressed') !== 'true' });
    });
    this.#top = new ToggleButton({ on: 'Top examples', off: 'Top examples' }, 'examples-top', () => {
      handlers.change({ examples: 'top' });
    });
    this.#random = new ToggleButton({ on: 'Random examples', off: 'Random examples' }, 'examples-random', () => {
      handlers.change({ examples: 'sample' });
    });
    this.#work = new WorkLine('statistics', (work) => {
      handlers.request({ kind: 'cancel', work });
    });
    this.#gather.addEventListener('click', () => {
      handlers.request({ kind: 'gather' });
    });
    for (const field of [this.#name, this.#note]) {
      field.addEventListener('change', () => {
        this.#saveNote();
      });
    }
    this.#name.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.#name.blur();
    });
    this.#choice = element('div', { class: 'controls' }, this.#top.node, this.#random.node);
    this.#missing = element('div', { class: 'missing' }, this.#missingText, this.#gather);
    this.#figures.append(
      element('div', { class: 'controls' }, element('h3', {}, 'Votes by real bit'), this.#logarithmic.node),
      this.#histogram.node,
      this.#context,
      this.#classes,
      this.#facts,
      this.#choice,
      this.#examples,
      this.#samples,
    );
    this.#body.append(
      this.actions.node,
      this.#current,
      element('label', { class: 'field' }, element('span', {}, 'Name'), this.#name),
      element('label', { class: 'field' }, element('span', {}, 'Note'), this.#note),
      this.#missing,
      this.#work.node,
      this.#figures,
    );
    this.node = element('section', { class: 'dashboard', 'aria-label': 'Voter' }, this.#title, this.#hint, this.#body);
  }

  /** @param offset of the selected chunk */
  draw(state: SpecializationReady, settings: DashboardSettings, offset: number): void {
    const { voter, work, failures, finder } = state;
    this.#shown = voter;
    this.#hint.hidden = voter !== null;
    this.#hint.textContent = `Choose a ${finder === undefined ? 'voter in the map' : 'row'}: its dashboard stands here.`;
    this.#body.hidden = voter === null;
    this.#title.textContent = voter === null ? 'Voter' : `Voter ${voter.voter} of bit ${voter.bit}`;
    if (voter === null) return;
    this.actions.set({ offset, bit: voter.bit, voter: voter.voter });
    this.#drawNote(voter);
    const { current, figures } = voter;
    this.#current.textContent =
      current === null
        ? 'At the selected chunk: not known'
        : `At the selected chunk: v ${formatShare(current.vote)}, w ${formatShare(current.weight)}, real bit ${current.real}`;
    this.#work.set(work, failures.statistics);
    const isGathering = work.some(({ kind }: AnalysisWork) => kind === 'statistics');
    const hasExamples = figures !== null && figures.top.length + figures.sample.length > 0;
    this.#missing.hidden = hasExamples || isGathering;
    this.#choice.hidden = !hasExamples;
    this.#examples.hidden = !hasExamples;
    this.#missingText.textContent =
      figures === null
        ? 'No statistics of this checkpoint have been gathered yet.'
        : 'These statistics came with the model, without examples. Statistics of your own texts have some.';
    this.#figures.hidden = figures === null;
    if (figures !== null) this.#drawFigures(voter, figures, settings);
  }

  #drawNote(voter: VoterPanel): void {
    const key = `${voter.bit} ${voter.voter}`;
    const isEdited =
      key === this.#edited && (document.activeElement === this.#name || document.activeElement === this.#note);
    if (isEdited) return;
    this.#edited = key;
    this.#name.value = voter.name;
    this.#note.value = voter.note;
  }

  #saveNote(): void {
    const [bit, voter] = this.#edited.split(' ').map(Number);
    if (bit === undefined || voter === undefined) return;
    const name = this.#name.value.trim();
    const note = this.#note.value.trim();
    const isSame =
      this.#shown?.bit === bit && this.#shown.voter === voter && this.#shown.name === name && this.#shown.note === note;
    if (!isSame) this.handlers.request({ kind: 'name', bit, voter, name, note });
  }

  #drawFigures(voter: VoterPanel, figures: VoterFigures, settings: DashboardSettings): void {
    this.#logarithmic.set(settings.logarithmic);
    this.#top.set(settings.examples === 'top');
    this.#random.set(settings.examples === 'sample');
    this.#histogram.draw({
      zeros: figures.zeros,
      ones: figures.ones,
      current: voter.current?.vote ?? null,
      logarithmic: settings.logarithmic,
    });
    const samples = figures.samples[0] + figures.samples[1];
    const { automaticName } = figures;
    this.#context.hidden = automaticName === null;
    this.#context.textContent = automaticName === null ? '' : describeContext(automaticName, samples);
    this.#classes.replaceChildren(
      ...figures.classes.map((count) =>
        element(
          'span',
          { class: 'badge', title: `${count.name}: ${VOTER_CLASS_MEANINGS[count.name]}` },
          classText(count),
        ),
      ),
    );
    const facts: readonly (readonly [string, string])[] = [
      ['AUROC for its bit', formatShare(figures.auroc)],
      ['mean v where 1', formatShare(figures.means[1])],
      ['mean v where 0', formatShare(figures.means[0])],
      ['least to largest v', `${formatShare(figures.minimum)} to ${formatShare(figures.maximum)}`],
      ['share of v > ½', formatShare(figures.density)],
      ['mean w', formatShare(figures.meanWeight)],
    ];
    this.#facts.replaceChildren(
      ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
    );
    const { nearest } = figures;
    if (nearest !== null) {
      const button = element(
        'button',
        { type: 'button', class: 'voter-link', 'data-live': '' },
        `voter ${nearest.voter}`,
      );
      button.addEventListener('click', () => {
        this.handlers.selectVoter(voter.bit, nearest.voter);
      });
      this.#facts.append(
        element(
          'div',
          { class: 'wide' },
          element('dt', {}, 'votes most like'),
          element('dd', {}, button, ` r = ${nearest.correlation.toFixed(3)}, N = ${formatCount(nearest.chunks)}`),
        ),
      );
    }
    const rows: readonly VoterExampleRow[] = settings.examples === 'top' ? figures.top : figures.sample;
    this.#examples.replaceChildren(
      rows.length === 0
        ? element('p', { class: 'none' }, 'None.')
        : placeList(
            settings.examples === 'top' ? 'The largest votes' : 'Chunks drawn at random',
            rows.map((place) => ({ place, value: formatShare(place.vote) })),
            ({ name, offset }) => {
              this.handlers.request({ kind: 'open', name, offset });
            },
          ),
    );
    const of = samples < figures.totalChunks ? ` of ${formatCount(figures.totalChunks)}` : '';
    this.#samples.textContent = `N = ${formatCount(samples)}${of} chunks${of === '' ? '' : ', spread evenly'} · measured on ${figures.measuredOn}`;
  }
}
