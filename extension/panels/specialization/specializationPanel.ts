/** @file The Specialization map: the voters of a bit over contexts, or all voters in a table, and what is known of the selected one, in an editor panel. */
import * as vscode from 'vscode';
import { changesNote } from '../../../model/measures/changesText';
import type { ChunkInspection, VoterPlace } from '../../../model/protocol/inspection';
import type {
  MostWrongBit,
  SpecializationReady,
  SpecializationAsk,
  VoterFinder,
  VoterPanel,
  VotersHere,
} from '../../../model/protocol/panels/specialization';
import { findAgain } from '../../../model/text/place';
import { documentName } from '../../editor/documentName';
import { mostWrongBit } from '../../../model/measures/decidingVoters';
import { tooLargeSentence } from '../../modelProcess/documentTexts';
import { isModelProcessExitError } from '../../modelProcess/errors';
import type { StatisticsService } from '../../modelProcess/statisticsService';
import { currentPlaceholder } from '../frame/currentPlaceholder';
import type { PanelServices } from '../frame/exportablePanels';
import { NewestWins } from '../../newestWins';
import { provenance } from '../frame/provenance';
import type { ShownFace } from './shownFace';
import { uriOf } from './texts';
import { VoterQuestions } from './voterQuestions';
import type { TableSource } from './voterTables';
import { tableOf, VoterTables } from './voterTables';
import { validChanges, validPlaces } from '../../editor/voterChanges';
import type { Services } from '../../editor/services';
import type { EditorPanel } from '../frame/definePanel';
import { definePanel } from '../frame/definePanel';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { Pacer } from '../frame/pacer';
import { showError, showInformation } from '../../notifications';

const TITLE = 'Specialization Map';

/** Milliseconds between two states while nothing but progress changes. */
const POST_EVERY = 80;
/** Milliseconds that a bit has to stay selected before its voters are measured. */
const REST = 120;

class Specialization implements PanelContent<'specialization'> {
  readonly #questions: VoterQuestions;
  readonly #tables: VoterTables;
  readonly #work = new NewestWins();
  readonly #pacer = new Pacer(POST_EVERY, () => {
    this.#post();
  });
  #bit = 0;
  /** Whether the bit was selected, or found to be the most wrong at the caret. */
  #isChosen = false;
  #mostWrong: MostWrongBit | null = null;
  #voter: VoterPanel | null = null;
  /** The voter beside it in the table, and what is known of it. */
  #comparedPlace: VoterPlace | null = null;
  #compared: VoterPanel | null = null;
  /** All voters at the selected chunk, while the table is shown. */
  #here: VotersHere | null = null;
  #restTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly frame: PanelFrame<'specialization'>,
    private readonly services: Services,
    statistics: StatisticsService,
    private readonly shown: ShownFace,
  ) {
    const onChange = (isOfVoters: boolean): void => {
      if (isOfVoters) this.#follow();
      this.#pacer.soon();
    };
    this.#questions = new VoterQuestions(services, statistics, onChange);
    this.#tables = new VoterTables(services, onChange);
    frame.keep(
      shown.onDidChange(() => {
        frame.refresh();
      }),
      services.naming.onDidChange(() => {
        this.#follow();
        this.#pacer.soon();
      }),
      services.voters.onDidChange(() => {
        this.#pacer.soon();
      }),
    );
  }

  dispose(): void {
    this.#pacer.cancel();
    clearTimeout(this.#restTimer);
    this.#questions.dispose();
    this.#tables.dispose();
    this.#work.dispose();
  }

  async show(): Promise<void> {
    this.frame.entitle(this.#isTable ? 'Voter Finder' : TITLE);
    if (currentPlaceholder(this.services) === null) {
      if (this.#isTable) {
        this.#questions.want(null);
        this.#tables.want();
      } else await this.#useBit();
      this.#follow();
    }
    this.#post();
  }

  showSelection(): void {
    this.frame.postSelection(this.frame.takeMoveTime());
    this.#rest();
    this.#follow();
  }

  get #isTable(): boolean {
    return this.shown.face === 'voters';
  }

  /** Follows the selection to another bit, once it stays there. */
  #rest(): void {
    clearTimeout(this.#restTimer);
    if (this.#isTable) return;
    this.#restTimer = setTimeout(() => {
      if (!this.frame.ready || currentPlaceholder(this.services) !== null) return;
      if (!this.#isChosen || (this.services.selection.selection?.bit ?? this.#bit) !== this.#bit) this.frame.refresh();
    }, REST);
  }

  /** The selected bit, else the one that is shown, else the one that is the most wrong at the caret. */
  async #useBit(): Promise<void> {
    const { selection } = this.services.selection;
    if (selection !== null && selection.bit === null && !this.#isChosen) this.#mostWrong = await this.#askMostWrong();
    this.#bit = selection?.bit ?? (this.#isChosen ? this.#bit : (this.#mostWrong?.bit ?? 0));
    this.#isChosen = selection !== null;
    this.#questions.want(this.#bit);
  }

  async #askMostWrong(): Promise<MostWrongBit | null> {
    const { client, selection } = this.services;
    const { document, selection: selected } = selection;
    if (document === null || selected === null) return null;
    const asked = { offset: selected.offset, alternatives: 0 };
    const chunk = await client.askAbout([document], 'inspect/chunk', (ref) => ({ ...ref, ...asked }));
    const worst = mostWrongBit(chunk);
    return worst === null ? null : { ...worst, offset: chunk.offset };
  }

  /** Selects the bit that is the most wrong at the selected chunk, in all views. */
  async #selectMostWrong(): Promise<void> {
    const { models, selection } = this.services;
    this.#mostWrong = await this.#askMostWrong();
    if (this.#mostWrong === null || selection.selection === null || models.state.kind !== 'ready') return;
    const { bit } = this.#mostWrong;
    selection.select({ ...selection.selection, bit, voter: null }, models.state.model.votersPerBit, false);
    this.#pacer.soon();
  }

  #post(): void {
    this.#pacer.cancel();
    if (!this.frame.ready) return;
    const state = currentPlaceholder(this.services) ?? this.#ready();
    if (state !== null) this.frame.post(state);
  }

  /** Null where model or document have gone. */
  #ready(): SpecializationReady | null {
    const { models, selection, voters } = this.services;
    if (models.state.kind !== 'ready' || selection.document === null) return null;
    const questions = this.#questions;
    const tableWork = this.#tables.task.work;
    const tableFailure = this.#tables.task.failure;
    return {
      kind: 'ready',
      provenance: provenance(models.state.model, documentName(selection.document), changesNote(voters.changes, false)),
      bit: this.#bit,
      scope: questions.scope,
      hasWorkspace: questions.hasWorkspace,
      map: this.#isTable ? null : questions.mapOf(this.#bit),
      mostWrong: this.#mostWrong,
      voter: this.#voter,
      names: this.services.naming.names,
      ranking: questions.ranking,
      agreement: questions.agreement,
      ...(this.#isTable ? { finder: this.#finder(selection.document.version) } : {}),
      work: tableWork === null ? questions.work : [...questions.work, tableWork],
      failures: tableFailure === null ? questions.failures : { ...questions.failures, table: tableFailure },
    };
  }

  /** @param version of the document */
  #finder(version: number): VoterFinder {
    const { naming, voters } = this.services;
    const source = this.#source;
    return {
      scope: this.#tables.scope,
      hasGathered: this.#questions.gathered !== null,
      table: source === null ? null : tableOf(source, version),
      ownNames: naming.ownNames,
      changes: voters.changes,
      here: this.#here,
      compared: this.#compared,
    };
  }

  /** What the table is made from. */
  get #source(): TableSource | null {
    return this.#tables.source(this.#questions.gathered);
  }

  /** Brings the dashboard to the selected voter and chunk. */
  #follow(): void {
    if (!this.frame.ready) return;
    this.#work.run(async () => {
      const { client, models, selection } = this.services;
      const { document, selection: selected } = selection;
      const isTable = this.#isTable;
      if (document === null || selected === null || models.state.kind !== 'ready') {
        this.#showVoters(null, null, null);
        return;
      }
      const { bit, voter, offset } = selected;
      const chosen = bit === null || voter === null ? null : { bit, voter };
      if (chosen === null && !isTable) {
        this.#showVoters(null, null, null);
        return;
      }
      try {
        const chunk = await client.askAbout([document], 'inspect/chunk', (ref) => ({
          ...ref,
          offset,
          alternatives: 0,
        }));
        const { votersPerBit } = models.state.model;
        const known = async (place: VoterPlace | null): Promise<VoterPanel | null> =>
          place === null
            ? null
            : {
                ...(await this.#questions.voter(place.bit, place.voter, isTable ? this.#source : undefined)),
                current: voteOf(chunk, place.bit, place.voter, votersPerBit),
              };
        const compared = isTable ? this.#comparedPlace : null;
        this.#showVoters(await known(chosen), await known(compared), isTable ? votersHere(chunk, votersPerBit) : null);
      } catch (error) {
        // A text that has changed, or a process that ended, is followed by a state of its own.
        if (isModelProcessExitError(error)) return;
        const unknown = chosen === null ? null : { ...chosen, name: '', note: '', figures: null, current: null };
        this.#showVoters(unknown, null, null);
      }
    });
  }

  #showVoters(voter: VoterPanel | null, compared: VoterPanel | null, here: VotersHere | null): void {
    this.#voter = voter;
    this.#compared = compared;
    this.#here = here;
    this.#pacer.soon();
  }

  answer(request: SpecializationAsk): void {
    if (currentPlaceholder(this.services) !== null) return;
    const questions = this.#questions;
    switch (request.kind) {
      case 'measure':
        questions.measureAgain(this.#bit, request.scope);
        break;
      case 'mostWrong':
        void this.#selectMostWrong().catch((error: unknown) => {
          this.frame.fail(error);
        });
        break;
      case 'cancel':
        if (request.work === 'table') this.#tables.task.cancel();
        else questions.cancel(request.work);
        break;
      case 'face':
        void this.shown.set(request.face === 'voters' ? 'voters' : 'map');
        break;
      case 'table':
        this.#tables.measureAgain(request.scope);
        break;
      case 'compare':
        this.#comparedPlace = validPlaces([request.voter], this.#votersPerBit)[0] ?? null;
        this.#follow();
        break;
      case 'changeVoters':
        this.services.voters.change(validChanges(request.changes, this.#votersPerBit));
        break;
      case 'restoreVoters':
        this.services.voters.restore(validPlaces(request.voters, this.#votersPerBit));
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(request.text);
        break;
      case 'search':
        questions.search(request.concept);
        break;
      case 'agree':
        questions.agree(request.bit);
        break;
      case 'gather':
        questions.gather();
        break;
      case 'name':
        void questions.setNote(request.bit, request.voter, request.name, request.note).then((failure) => {
          if (failure !== null) void showError(failure);
        });
        break;
      case 'open':
        void this.#open(request.name, request.offset).catch((error: unknown) => {
          void showError(`${request.name} could not be opened: ${String(error)}`);
        });
        break;
    }
  }

  get #votersPerBit(): number {
    const { state } = this.services.models;
    return state.kind === 'ready' ? state.model.votersPerBit : 0;
  }

  /** Opens a place that this panel lists; the caret goes to where its text stands now. */
  async #open(name: string, offset: number): Promise<void> {
    const place = this.#questions.place(name, offset);
    if (place === undefined) return;
    const { selection, texts } = this.services;
    const document = await vscode.workspace.openTextDocument(uriOf(name));
    const editor = await vscode.window.showTextDocument(document, {
      viewColumn: selection.editor?.viewColumn ?? vscode.ViewColumn.One,
    });
    if (tooLargeSentence(document) !== null) return;
    const found = findAgain(texts.get(document).bytes, place);
    if (found === null) {
      void showInformation(`${documentName(document)} has changed, and no longer has the text that was listed.`);
      return;
    }
    const position = texts.position(document, found);
    editor.selection = new vscode.Selection(position, position);
    editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** A voter's vote in a chunk; null where its bit is padding. */
function voteOf(chunk: ChunkInspection, bit: number, voter: number, votersPerBit: number): VoterPanel['current'] {
  const at = bit * votersPerBit + voter;
  const vote = chunk.votes[at];
  const weight = chunk.weights[at];
  if (chunk.scored[bit] !== 1 || vote === undefined || weight === undefined) return null;
  return { vote, weight, real: chunk.bits[bit]! };
}

/** All voters at a chunk. */
function votersHere({ offset, scored, votes, effects }: ChunkInspection, votersPerBit: number): VotersHere {
  const isScored = (row: number): boolean => scored[Math.floor(row / votersPerBit)] === 1;
  return { offset, votes: votes.map((vote, row) => (isScored(row) ? vote : NaN)), effects };
}

export function specializationPanel(
  services: PanelServices,
  statistics: StatisticsService,
  shown: ShownFace,
): EditorPanel {
  return definePanel(services, {
    page: 'specialization',
    title: TITLE,
    timing: 'caretToSpecialization',
    content: (frame) => new Specialization(frame, services, statistics, shown),
  });
}
