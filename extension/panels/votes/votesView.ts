/** @file The Voter votes view: the votes for the chunk under the caret, in the panel area. */
import * as vscode from 'vscode';
import type { VotesAsk } from '../../../model/protocol/panels/votes';
import type { Pin } from '../../editor/pinnedChunk';
import { isMethod, isUnit } from '../../editor/textCauses';
import { validChanges, validMemoryVoters, validPlaces } from '../../editor/voterChanges';
import { SECTION } from '../../configuration';
import { ChunkMemory } from './chunkMemory';
import { ChunkLesions } from './chunkLesions';
import type { LesionSubject } from './chunkLesions';
import { documentName } from '../../editor/documentName';
import { currentPlaceholder } from '../frame/currentPlaceholder';
import type { PanelServices } from '../frame/exportablePanels';
import type { Votes } from './pinChunk';
import { votesOf } from './pinChunk';
import type { Services } from '../../editor/services';
import type { View } from '../frame/definePanel';
import { defineView } from '../frame/definePanel';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { modelKey } from '../../modelProcess/modelState';

/** The model's own chunks that the view lists. */
const ALTERNATIVES = 8;

/** Milliseconds without another chunk after which memory is asked about it. */
const CARET_REST = 80;

/** What the page shows: a chunk, and its votes. */
interface Shown extends LesionSubject {
  readonly votes: Votes;
}

class VoterVotes implements PanelContent<'votes'> {
  #shown: Shown | null = null;
  readonly #lesions: ChunkLesions;
  readonly #memory: ChunkMemory;
  #rest: NodeJS.Timeout | undefined;

  constructor(
    private readonly frame: PanelFrame<'votes'>,
    private readonly services: Services,
    private readonly pin: Pin,
  ) {
    const post = () => {
      this.#post();
    };
    this.#lesions = new ChunkLesions(services.client, post);
    this.#memory = new ChunkMemory(services, post, (error) => {
      frame.fail(error);
    });
    frame.keep(
      services.voters.onDidChange(post),
      services.documentMemory.onDidChange(post),
      services.naming.onDidChange(post),
      services.causes.onDidChange(post),
      pin.onDidChange(post),
    );
  }

  forget(): void {
    this.#shown = null;
  }

  answer(ask: VotesAsk): void {
    const { models, voters } = this.services;
    const votersPerBit = models.state.kind === 'ready' ? models.state.model.votersPerBit : 0;
    if (ask.kind === 'changeVoters') voters.change(validChanges(ask.changes, votersPerBit));
    else if (ask.kind === 'restoreVoters') voters.restore(validPlaces(ask.voters, votersPerBit));
    else if (ask.kind === 'findCauses') {
      if (isMethod(ask.method) && isUnit(ask.unit)) void this.services.causes.show(ask.method, ask.unit);
    } else if (ask.kind === 'pinCauses') this.services.causes.pin(ask.pinned);
    else if (ask.kind === 'showMemory') this.#memory.show(ask.overDocument);
    else if (ask.kind === 'silenceMemory') voters.silenceMemory(validMemoryVoters(ask.voters));
    else voters.restoreMemory(validMemoryVoters(ask.voters));
  }

  dispose(): void {
    clearTimeout(this.#rest);
    this.#lesions.dispose();
    this.#memory.dispose();
  }

  async show(): Promise<void> {
    const { models, selection, client } = this.services;
    const movedAt = this.frame.takeMoveTime();
    const empty = currentPlaceholder(this.services);
    const { document, selection: selected } = selection;
    this.frame.describe(selected?.locked === true ? 'locked' : '');
    if (empty !== null || document === null || models.state.kind !== 'ready') {
      this.#shown = null;
      if (empty !== null) this.frame.post(empty);
      return;
    }
    // The caret's chunk is not settled yet: the next change tells it.
    if (selected === null) return;
    const { model } = models.state;
    const key = `${document.uri.toString()} ${document.version} ${modelKey(model)} ${selected.offset}`;
    if (key === this.#shown?.key) {
      this.frame.postSelection();
      return;
    }
    this.#lesions.leave(key);
    clearTimeout(this.#rest);
    this.#rest = undefined;
    const inspection = await client.askAbout([document], 'inspect/chunk', (ref) => ({
      ...ref,
      offset: selected.offset,
      alternatives: ALTERNATIVES,
    }));
    const votes = votesOf(inspection, model, documentName(document));
    this.#shown = { key, document, offset: inspection.offset, votes };
    // While the caret moves on, its votes come before what memory says of where it was.
    this.#rest = setTimeout(() => {
      this.#rest = undefined;
      this.#post();
    }, CARET_REST);
    this.#post(movedAt);
  }

  /** Sends what is shown, with what is changed and pinned now. */
  #post(movedAt: number | null = null): void {
    const shown = this.#shown;
    if (shown === null || !this.frame.ready) return;
    const lesion = this.#lesions.of(shown, this.services.voters.changes);
    const memory = this.#memory.of(shown, this.#rest === undefined);
    const causes = this.services.causes.of(shown.offset);
    const { names } = this.services.naming;
    this.frame.post({ ...shown.votes, lesion, memory, causes, pinned: this.pin.chunk, names }, movedAt);
  }
}

export function votesView(services: PanelServices, pin: Pin): View {
  return defineView(services, {
    page: 'votes',
    title: 'Voter Votes',
    timing: 'caretToDrawn',
    content: (frame) => new VoterVotes(frame, services, pin),
  });
}

/** Brings the view to the front, and the focus into it unless that is to stay where it is. */
export async function showVotes(preserveFocus = false): Promise<void> {
  await vscode.commands.executeCommand(`${SECTION}.votes.focus`, { preserveFocus });
}
