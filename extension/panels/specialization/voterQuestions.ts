/** @file What the Specialization map knows: it asks the model process about voters and keeps the answers. */
import type * as vscode from 'vscode';
import type { FindablePlace } from '../../../model/protocol/documents';
import type { StatisticsSummary } from '../../../model/protocol/statistics';
import type {
  AgreementList,
  AnalysisKind,
  AnalysisWork,
  ConceptQuery,
  ConceptRanking,
  MapScope,
  VoterFigures,
  VoterMap,
  VoterPanel,
} from '../../../model/protocol/panels/specialization';
import { excludedPatterns, readSettings } from '../../configuration';
import { LruMap } from '../../lru';
import { errorSentence } from '../../modelProcess/errors';
import type { StatisticsService } from '../../modelProcess/statisticsService';
import type { Services } from '../../editor/services';
import { PanelTask } from '../frame/panelTask';
import { progressWords } from '../frame/progressWords';
import { agreementOf, conceptOf, conceptText, figuresOf, mapOf, rankingOf } from './specializationData';
import { modelKey } from '../../modelProcess/modelState';
import { label, measuredOn, sourcesOf, workspacePaths } from './texts';
import type { TableSource } from './voterTables';

/** Chunks that a question looks at, at most: seconds of work with the models that Train Model… makes. */
const MAX_CHUNKS = 32_768;
/** A voter counts as on above this; places where at least this share of them agrees are listed, so many of them. */
const AGREEMENT = { threshold: 0.5, minAgreement: 0.8, limit: 30 } as const;
/** Of shuffles and random examples. */
const SEED = 1;

/** Places in texts that lists have named, of which the latest are kept. */
const MOST_PLACES = 1024;
/** Voters whose figures are kept. */
const MOST_FIGURES = 8;

interface MeasuredMap {
  readonly map: Omit<VoterMap, 'outdated'>;
  readonly version: number;
}

function placeKey(name: string, offset: number): string {
  return `${offset} ${name}`;
}

export class VoterQuestions implements vscode.Disposable {
  readonly #maps = new Map<number, MeasuredMap>();
  readonly #map: PanelTask<MeasuredMap>;
  readonly #search: PanelTask<ConceptRanking>;
  readonly #agreement: PanelTask<AgreementList>;
  readonly #gathering: PanelTask<StatisticsSummary>;
  readonly #places = new LruMap<string, FindablePlace>(MOST_PLACES);
  #scope: MapScope = 'text';
  /** Texts and model that the maps are of. */
  #mapsKey = '';
  /** The bit and texts that were asked about last, whatever came of it. */
  #askedFor = '';
  /** The texts that are being measured, and the bit to go on with: what has been read of them is not thrown away. */
  #measuring = '';
  #nextBit: number | null = null;
  /** Key of the model that all this is of. */
  #model = '';
  #summary: StatisticsSummary | null = null;
  #ranking: ConceptRanking | null = null;
  #agreementList: AgreementList | null = null;
  /** By voter, all of one source. */
  readonly #figures = new LruMap<string, VoterFigures | null>(MOST_FIGURES);
  #figuresSource: Pick<TableSource, 'summary' | 'of'> | null = null;

  /** @param onChange something is to be shown; `isOfVoters` where it is what `voter` answers */
  constructor(
    private readonly services: Services,
    private readonly statistics: StatisticsService,
    private readonly onChange: (isOfVoters: boolean) => void,
  ) {
    const onWork = (): void => {
      onChange(false);
    };
    this.#map = new PanelTask('map', onWork);
    this.#search = new PanelTask('search', onWork);
    this.#agreement = new PanelTask('agreement', onWork);
    this.#gathering = new PanelTask('statistics', onWork);
  }

  get scope(): MapScope {
    return this.#scope;
  }

  get hasWorkspace(): boolean {
    return workspacePaths().length > 0;
  }

  get ranking(): ConceptRanking | null {
    return this.#ranking;
  }

  get agreement(): AgreementList | null {
    return this.#agreementList;
  }

  get work(): readonly AnalysisWork[] {
    return this.#tasks().flatMap(({ work }) => work ?? []);
  }

  get failures(): Partial<Record<AnalysisKind, string>> {
    return Object.fromEntries(
      this.#tasks().flatMap(({ kind, failure }) => (failure === null ? [] : [[kind, failure]])),
    );
  }

  /** The statistics that are stored with the model; null where there are none, or they are being read. */
  get gathered(): StatisticsSummary | null {
    return this.#summary;
  }

  /** The map of a bit, where it has been measured. */
  mapOf(bit: number): VoterMap | null {
    const measured = this.#maps.get(bit);
    const version = this.services.selection.document?.version;
    return measured === undefined ? null : { ...measured.map, outdated: measured.version !== version };
  }

  /** Sees to it that the map of the bit is measured, where one is wanted, and that nothing is of another model or other texts. */
  want(bit: number | null): void {
    const { models, selection } = this.services;
    const { document } = selection;
    if (models.state.kind !== 'ready' || document === null) return;
    const model = modelKey(models.state.model);
    if (model !== this.#model) this.#useModel(model);
    const key = `${model} ${this.#scope} ${document.uri.toString()}`;
    if (key !== this.#mapsKey) {
      this.#mapsKey = key;
      this.#maps.clear();
    }
    if (bit === null) return;
    const asked = `${key} ${bit}`;
    const isKnown = this.#maps.has(bit);
    if (this.#map.work !== null && key === this.#measuring) this.#nextBit = isKnown ? null : bit;
    else if (!isKnown && asked !== this.#askedFor) this.#measure(bit, document, key, asked);
  }

  /** Measures anew, on the texts as they are now. */
  measureAgain(bit: number, scope: MapScope): void {
    this.#scope = scope === 'workspace' && this.hasWorkspace ? 'workspace' : 'text';
    this.#maps.clear();
    this.#map.clear();
    this.#askedFor = '';
    this.want(bit);
  }

  cancel(kind: AnalysisKind): void {
    this.#tasks()
      .find((task) => task.kind === kind)
      ?.cancel();
  }

  search(concept: ConceptQuery): void {
    const { client, selection, texts } = this.services;
    const { document, editor } = selection;
    if (document === null) return;
    const ranges =
      concept.kind !== 'selection'
        ? []
        : (editor?.selections ?? []).flatMap((range) =>
            range.isEmpty
              ? []
              : [{ start: texts.byteOffset(document, range.start), end: texts.byteOffset(document, range.end) }],
          );
    if (concept.kind === 'selection' && ranges.length === 0) {
      this.#search.refuse('Nothing is selected in the editor; select some text first.');
      return;
    }
    const where = measuredOn(document, this.#scope);
    this.#search.run(
      'Searching',
      async (token, report) => {
        const result = await client.askAbout(
          [document],
          'concept/search',
          (ref) => ({
            sources: sourcesOf(document, ref, this.#scope, MAX_CHUNKS),
            concept: conceptOf(concept, ref.uri, ranges),
            seed: SEED,
          }),
          {
            token,
            onProgress: (progress) => {
              report(...progressWords(progress));
            },
          },
        );
        return rankingOf(result, conceptText(concept), where);
      },
      (ranking) => {
        this.#ranking = ranking;
      },
    );
  }

  agree(bit: number | null): void {
    const { client, selection } = this.services;
    const { document } = selection;
    const offset = selection.selection?.offset;
    if (document === null || offset === undefined) return;
    const where = measuredOn(document, this.#scope);
    this.#agreement.run(
      'Searching',
      async (token, report) => {
        const result = await client.askAbout(
          [document],
          'agreement/search',
          (ref) => ({
            ...AGREEMENT,
            sources: sourcesOf(document, ref, this.#scope, MAX_CHUNKS),
            origin: { ...ref, offset },
            voters: null,
            bit,
          }),
          {
            token,
            onProgress: (progress) => {
              report(...progressWords(progress));
            },
          },
        );
        for (const { name, place } of result.places) this.#places.set(placeKey(name, place.offset), place);
        return agreementOf(result, { bit, offset, minAgreement: AGREEMENT.minAgreement }, where, label);
      },
      (list) => {
        this.#agreementList = list;
      },
    );
  }

  /** Gathers the statistics of every voter, over the workspace, or the document's file where there is none. */
  gather(): void {
    const { models, selection } = this.services;
    const { document } = selection;
    if (models.state.kind !== 'ready' || document === null) return;
    const own = document.uri.scheme === 'file' ? [document.uri.fsPath] : [];
    const workspace = workspacePaths();
    const text = workspace.length > 0 ? workspace : own;
    if (text.length === 0) {
      this.#gathering.refuse('There is no file to gather statistics on; save the document or open a folder first.');
      return;
    }
    const { folder, device, checkpoint } = models.state.model;
    const key = this.#model;
    const { threads, trainingMaxFileKilobytes } = readSettings();
    this.#gathering.run(
      'Gathering statistics',
      async (token, report) => {
        const summary = await this.statistics.gather(
          {
            folder,
            ...models.findings(folder),
            text,
            device,
            threads,
            seed: SEED,
            exclude: excludedPatterns(),
            maxFileBytes: trainingMaxFileKilobytes * 1024,
          },
          ({ chunks, total }) => {
            report('Gathering statistics', total > 0 ? chunks / total : null);
          },
          token,
        );
        // The model process reads anew what was written, before it is asked about a voter.
        await this.services.naming.refresh();
        return summary;
      },
      (summary) => {
        // The folder may hold another model by now, or another one be loaded.
        if (summary.checkpoint !== checkpoint || this.#model !== key) return;
        this.#summary = summary;
        this.onChange(true);
      },
    );
  }

  /** Sets name and note of a voter; the sentence of what failed, or null. */
  async setNote(bit: number, voter: number, name: string, note: string): Promise<string | null> {
    try {
      await this.services.naming.set({ bit, voter, name, note });
      return null;
    } catch (error) {
      return errorSentence(error);
    }
  }

  /** A place that a list has named, by its text and offset; undefined where none has. */
  place(name: string, offset: number): FindablePlace | undefined {
    return this.#places.get(placeKey(name, offset));
  }

  /**
   * What is known of a voter beside its votes at the selected chunk.
   * @param source of its figures: what was gathered, unless given
   */
  async voter(
    bit: number,
    voter: number,
    source: Pick<TableSource, 'summary' | 'of'> | null = this.#summary === null
      ? null
      : { summary: this.#summary, of: 'gathered' },
  ): Promise<Omit<VoterPanel, 'current'>> {
    const { name, note } = this.services.naming.noteOf(bit, voter);
    return {
      bit,
      voter,
      name,
      note,
      figures: source === null ? null : await this.#figuresOf(bit, voter, source),
    };
  }

  dispose(): void {
    for (const task of this.#tasks()) task.dispose();
  }

  #tasks(): readonly PanelTask<unknown>[] {
    return [this.#map, this.#search, this.#agreement, this.#gathering] as readonly PanelTask<unknown>[];
  }

  async #figuresOf(
    bit: number,
    voter: number,
    source: Pick<TableSource, 'summary' | 'of'>,
  ): Promise<VoterFigures | null> {
    const { summary, of } = source;
    if (this.#figuresSource?.summary !== summary) this.#figures.clear();
    this.#figuresSource = source;
    const key = `${bit} ${voter}`;
    const known = this.#figures.get(key);
    if (known !== undefined) return known;
    const dashboard = await this.services.client.ask('statistics/voter', { bit, voter, of });
    if (this.#figuresSource.summary !== summary) return null;
    for (const example of [...(dashboard?.top ?? []), ...(dashboard?.sample ?? [])]) {
      this.#places.set(placeKey(example.path, example.offset), example.place);
    }
    const figures = dashboard === null ? null : figuresOf(dashboard, summary, label);
    this.#figures.set(key, figures);
    return figures;
  }

  /** Forgets the model before, and reads what is stored of this one. */
  #useModel(model: string): void {
    this.#model = model;
    this.#summary = null;
    this.#ranking = null;
    this.#agreementList = null;
    this.#figures.clear();
    for (const task of this.#tasks()) task.clear();
    const { client, naming } = this.services;
    void Promise.all([client.ask('statistics/read', {}), naming.refresh()]).then(
      ([summary]) => {
        if (this.#model !== model) return;
        this.#summary = summary;
        this.onChange(true);
      },
      (error: unknown) => {
        if (this.#model === model) this.#gathering.refuse(errorSentence(error));
      },
    );
  }

  #measure(bit: number, document: vscode.TextDocument, key: string, asked: string): void {
    this.#askedFor = asked;
    this.#measuring = key;
    this.#nextBit = null;
    const { version } = document;
    this.#map.run(
      'Measuring',
      async (token, report) => {
        const result = await this.services.client.askAbout(
          [document],
          'specialization/map',
          (ref) => ({ sources: sourcesOf(document, ref, this.#scope, MAX_CHUNKS), bit }),
          {
            token,
            onProgress: (progress) => {
              report(...progressWords(progress));
            },
          },
        );
        return { map: mapOf(result, bit, measuredOn(document, this.#scope, result.provenance.texts.length)), version };
      },
      (measured) => {
        this.#maps.set(bit, measured);
        if (this.#nextBit !== null) {
          this.#map.clear();
          this.want(this.#nextBit);
          this.onChange(false);
        }
      },
    );
  }
}
