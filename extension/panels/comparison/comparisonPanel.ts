/** @file The comparison of two models, two texts or two sets of changed voters, chunk by chunk along the text, in an editor panel. */
import * as vscode from 'vscode';
import { changesNote } from '../../../model/measures/changesText';
import type { ComparisonAsk, ComparisonReady, Continued, SideName } from '../../../model/protocol/panels/comparison';
import type { ComparedChunk } from '../../../model/protocol/comparison';
import type { VoterChange } from '../../../model/protocol/inspection';
import type { EmptyState, ErrorState, LoadingState, Selection } from '../../../model/protocol/panels/messages';
import { documentName } from '../../editor/documentName';
import { errorSentence, isModelProcessExitError } from '../../modelProcess/errors';
import { validPlaces } from '../../editor/voterChanges';
import type { ComparedVoters } from './comparedVoters';
import { comparedVoters, UNCHANGED, withoutVoters } from './comparedVoters';
import { changesFor, comparisonNotes, continuationTexts, summaryOf } from './comparisonData';
import type { ComparisonSides } from './comparisonMeasurement';
import { ComparisonMeasurement, keyOf, requestOf } from './comparisonMeasurement';
import { SecondModel } from './comparisonModel';
import type { ComparisonSubject, ComparisonSubjects } from './comparisonSubject';
import { Continuations } from './continuations';
import type { PanelServices } from '../frame/exportablePanels';
import { placeholderFor } from '../frame/currentPlaceholder';
import { provenance } from '../frame/provenance';
import type { Services } from '../../editor/services';
import type { EditorPanel } from '../frame/definePanel';
import { definePanel } from '../frame/definePanel';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { Pacer } from '../frame/pacer';

/** Milliseconds between two states while nothing but progress changes. */
const POST_EVERY = 80;
/** Bytes that both write on from the selected chunk. */
const CONTINUATION = 48;

const SIDES: ReadonlySet<string> = new Set(['a', 'b'] satisfies SideName[]);

const CHOOSE = { label: 'Compare With Model…', command: 'smuggler.compareWithModel' } as const;

/** What the page shows. */
interface Shown {
  readonly sides: ComparisonSides;
  readonly voters: ComparisonSubject['voters'];
  readonly chunk: ComparedChunk | null;
}

class Comparison implements PanelContent<'comparison'> {
  readonly #second: SecondModel;
  readonly #measurement: ComparisonMeasurement;
  readonly #pacer = new Pacer(POST_EVERY, () => {
    this.#post();
  });
  readonly #continuations: Continuations;
  #shown: Shown | null = null;
  /** Text versions, models and chunk that `#shown` was asked for. */
  #chunkKey = '';
  /** The result that the page has. */
  #sent = 0;

  constructor(
    private readonly frame: PanelFrame<'comparison'>,
    private readonly services: Services,
    private readonly subjects: ComparisonSubjects,
  ) {
    this.#second = new SecondModel(services);
    this.#measurement = new ComparisonMeasurement(services, this.#second, () => {
      this.#pacer.soon();
    });
    this.#continuations = new Continuations(() => {
      this.#pacer.soon();
    });
    frame.keep(
      services.models.onDidChange(({ kind }) => {
        // The process that held both has been ended.
        if (kind === 'none') this.#second.forget();
      }),
      services.voters.onDidChange(() => {
        this.#pacer.soon();
      }),
      services.documentMemory.onDidChange(() => {
        this.#pacer.soon();
      }),
      subjects.onDidChange((what) => {
        // Other voters of a model cost no load of it.
        if (what === 'all') this.#second.forget();
        frame.refresh();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === this.#shown?.sides.a || document === this.#shown?.sides.b) frame.refresh();
      }),
    );
  }

  forget(): void {
    this.#sent = 0;
  }

  dispose(): void {
    this.#pacer.cancel();
    this.#continuations.dispose();
    this.#measurement.dispose();
    this.#second.dispose();
    this.subjects.summary = null;
    this.subjects.modelB = null;
  }

  async show(): Promise<void> {
    const { subject } = this.subjects;
    if (subject === null) {
      this.#stand({
        kind: 'empty',
        message: 'Nothing is compared yet: choose a model to compare with.',
        action: CHOOSE,
      });
      return;
    }
    const movedAt = this.frame.takeMoveTime();
    try {
      const sides = await this.#sides(subject);
      if (sides === null) return;
      this.#measurement.want(sides);
      this.#shown = { sides, voters: subject.voters, chunk: await this.#chunk(sides) };
      this.#post(movedAt);
    } catch (error) {
      // The model is loaded again by then, and the panel told of it.
      if (isModelProcessExitError(error)) return;
      this.#stand({ kind: 'error', message: errorSentence(error), action: CHOOSE });
    }
  }

  /** The texts and models; null where a message stands in place of them. */
  async #sides(subject: ComparisonSubject): Promise<ComparisonSides | null> {
    const { models, selection } = this.services;
    const open = async (uri: string) => vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    const { texts } = subject;
    const documents =
      texts === null ? [selection.document, selection.document] : [await open(texts.a), await open(texts.b)];
    for (const document of documents) {
      const empty = placeholderFor(document, this.services);
      if (empty === null) continue;
      this.#stand(empty);
      return null;
    }
    const [a, b] = documents;
    if (a == null || b == null || models.state.kind !== 'ready') return null;
    const modelA = models.state.model;
    const { folder, voters } = subject;
    if (folder !== null && this.#shown === null) {
      this.#stand({ kind: 'loading', message: 'Loading the model to compare with…' });
    }
    const modelB = folder === null ? modelA : await this.#second.ensure(folder);
    this.subjects.modelB = modelB;
    const [changesA, changesB] = [changesFor(modelA, voters.a), changesFor(modelB, voters.b)];
    return { a, b, modelA, modelB, changesA, changesB, folder };
  }

  /** The selected chunk, where it is in one of the texts and within what both have. */
  async #chunk(sides: ComparisonSides): Promise<ComparedChunk | null> {
    const { a, b, folder } = sides;
    const { client, selection, texts } = this.services;
    const { document, selection: selected } = selection;
    const isCompared = document === a || document === b;
    const shared = Math.min(texts.get(a).bytes.length, texts.get(b).bytes.length);
    if (!isCompared || selected === null || selected.offset >= shared) return null;
    const key = `${selected.offset} ${keyOf(sides)}`;
    if (key === this.#chunkKey && this.#shown?.chunk != null) return this.#shown.chunk;
    const chunk = await this.#second.with(folder, () =>
      client.askAbout([a, b], 'comparison/chunk', (refA, refB) => ({
        ...requestOf(sides, refA, refB),
        offset: selected.offset,
      })),
    );
    this.#chunkKey = key;
    return chunk;
  }

  /** What both write from the chunk on, as far as it is known. */
  #continued({ sides, chunk }: Shown): Continued | null {
    if (chunk === null) {
      this.#continuations.leave();
      return null;
    }
    const { client } = this.services;
    const { a, b, folder } = sides;
    const { offset } = chunk;
    return this.#continuations.of(`${offset} ${keyOf(sides)}`, (token) =>
      this.#second.with(folder, () =>
        client.askAbout(
          [a, b],
          'comparison/continuations',
          (refA, refB) => ({ ...requestOf(sides, refA, refB), offset, maxBytes: CONTINUATION }),
          { token },
        ),
      ),
    );
  }

  /** Shows a message in place of numbers. */
  #stand(message: EmptyState | LoadingState | ErrorState): void {
    this.#shown = null;
    // The page forgets what it has.
    this.#sent = 0;
    this.subjects.summary = null;
    this.subjects.modelB = null;
    this.#continuations.leave();
    if (message.kind !== 'loading') this.#measurement.clear();
    this.frame.post(message);
  }

  #post(movedAt: number | null = null): void {
    this.#pacer.cancel();
    if (this.#shown === null || !this.frame.ready) return;
    const state = this.#ready(this.#shown);
    // The result comes once.
    if (state.result === null) this.frame.post(state, movedAt);
    else this.frame.postPart(state, movedAt);
  }

  #ready(shown: Shown): ComparisonReady {
    const { documentMemory, texts, voters } = this.services;
    const { sides, chunk } = shown;
    const { a, b, modelA, modelB, changesA, changesB } = sides;
    const note = (changes: readonly VoterChange[]) =>
      changes.length > 0 ? changesNote(changes, true) : changesNote(voters.changes, false);
    const measured = this.#measurement.of(sides);
    const generation = measured?.generation ?? 0;
    const isSent = generation === this.#sent;
    this.#sent = generation;
    const result = measured?.result ?? null;
    const continued = this.#continued(shown);
    const continuations = continued === null ? null : continuationTexts(continued);
    const summary = isSent && result !== null ? this.subjects.summary : result && summaryOf(result, sides);
    this.subjects.summary = summary && { ...summary, continuations };
    return {
      kind: 'ready',
      a: provenance(modelA, documentName(a), note(changesA)),
      b: provenance(modelB, documentName(b), note(changesB)),
      voters: {
        a: { name: shown.voters.a.name, changes: changesA },
        b: { name: shown.voters.b.name, changes: changesB },
      },
      present: voters.changes.length,
      notes: comparisonNotes(
        modelA,
        modelB,
        {
          same: a === b,
          bytesA: texts.get(a).bytes.length,
          bytesB: texts.get(b).bytes.length,
          result,
        },
        { ...shown.voters, memory: documentMemory.chosen !== null },
      ),
      generation,
      result: isSent ? null : result,
      outdated: measured?.outdated === true,
      work: this.#measurement.work,
      failure: this.#measurement.failure,
      chunk,
      continued,
    };
  }

  answer(ask: ComparisonAsk): void {
    const shown = this.#shown;
    if (shown === null) return;
    if (ask.kind === 'measure') this.#measurement.measure(shown.sides);
    else if (ask.kind === 'cancel') this.#measurement.cancel();
    else if (SIDES.has(ask.side)) void this.subjects.setVoters(ask.side, this.#asked(ask, shown));
  }

  /** The voters that a side is to have. */
  #asked(ask: Extract<ComparisonAsk, { readonly side: SideName }>, { sides, voters }: Shown): ComparedVoters {
    if (ask.kind === 'takeVoters') return comparedVoters(this.services.voters.changes, sides.modelA.folder);
    if (ask.voters === null) return UNCHANGED;
    const { votersPerBit } = ask.side === 'a' ? sides.modelA : sides.modelB;
    return withoutVoters(voters[ask.side], validPlaces(ask.voters, votersPerBit));
  }

  /** Selects in the text that is looked at, where it is one of the two; else goes to text A. */
  select(chosen: Selection, reveal: boolean): void {
    const sides = this.#shown?.sides;
    if (sides === undefined) return;
    const { selection } = this.services;
    if (selection.document === sides.a || selection.document === sides.b) {
      selection.select(chosen, sides.modelA.votersPerBit, reveal);
      return;
    }
    if (reveal) void this.#reveal(sides, chosen);
  }

  async #reveal(sides: ComparisonSides, chosen: Selection): Promise<void> {
    const { texts } = this.services;
    const editor = await vscode.window.showTextDocument(sides.a, { viewColumn: vscode.ViewColumn.One });
    const range = texts.chunkRange(sides.a, chosen.offset);
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

export function comparisonPanel(services: PanelServices, subjects: ComparisonSubjects): EditorPanel {
  return definePanel(services, {
    page: 'comparison',
    title: 'Comparison',
    timing: 'caretToComparison',
    content: (frame) => new Comparison(frame, services, subjects),
  });
}
