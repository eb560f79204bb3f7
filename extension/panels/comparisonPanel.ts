/** @file The comparison of two models, or of two texts, chunk by chunk along the text, in an editor panel. */
import * as vscode from 'vscode';
import { ComparedChunkRequest } from '../../model/protocol/comparison';
import type { ComparisonAsk, ComparisonReady, ComparisonState } from '../../model/protocol/panels/comparison';
import type { ComparedChunk } from '../../model/protocol/comparison';
import type { EmptyState, ErrorState, LoadingState, Selection } from '../../model/protocol/panels/messages';
import { documentName } from '../editor/documentName';
import { tooLargeSentence } from '../editor/documentTexts';
import { errorSentence, isModelProcessExitError } from '../modelProcess/errors';
import { Channel } from './channel';
import { comparisonNotes, summaryOf } from './comparisonData';
import type { ComparisonSides } from './comparisonMeasurement';
import { ComparisonMeasurement } from './comparisonMeasurement';
import { SecondModel } from './comparisonModel';
import type { ComparisonSubject, ComparisonSubjects } from './comparisonSubject';
import { showPage } from './html';
import type { PanelServices } from './exportablePanels';
import { NewestWins } from '../newestWins';
import { placeholder } from './placeholder';
import { provenance } from './provenance';
import { PanelWatch } from './panelWatch';
import type { PanelContent } from './singlePanel';
import { SinglePanel } from './singlePanel';

const COMPARISON_PANEL = 'smuggler.comparison';
const TITLE = 'Comparison';
/** Milliseconds between two states while nothing but progress changes. */
const POST_EVERY = 80;

const CHOOSE = { label: 'Compare With Model…', command: 'smuggler.compareWithModel' } as const;

/** What the page shows. */
interface Shown {
  readonly sides: ComparisonSides;
  readonly chunk: ComparedChunk | null;
}

/** One open panel. */
class ComparisonPanel implements PanelContent {
  readonly #channel: Channel<ComparisonState>;
  readonly #second: SecondModel;
  readonly #measurement: ComparisonMeasurement;
  readonly #work = new NewestWins();
  readonly #subscriptions: vscode.Disposable[];
  readonly #watch: PanelWatch;
  #shown: Shown | null = null;
  /** Text versions, models and chunk that `#shown` was asked for. */
  #chunkKey = '';
  /** The result that the page has. */
  #sent = 0;
  #postTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly services: PanelServices,
    private readonly subjects: ComparisonSubjects,
  ) {
    const { extensionUri, models, selection } = services;
    this.#second = new SecondModel(services);
    this.#measurement = new ComparisonMeasurement(services, this.#second, () => {
      this.#postSoon();
    });
    const refresh = () => {
      this.#refresh();
    };
    this.#channel = new Channel<ComparisonState>(panel.webview, {
      onReady: () => {
        this.#sent = 0;
        this.#refresh();
      },
      onSelect: (chosen, reveal) => {
        void this.#select(chosen, reveal);
      },
      onComparison: (ask) => {
        this.#answer(ask);
      },
      onDrawn: (milliseconds) => {
        services.timings.record('caretToComparison', milliseconds);
      },
    });
    this.#watch = new PanelWatch(panel, selection, this.#channel);
    this.#subscriptions = [
      services.exports.add({ page: 'comparison', title: TITLE, channel: this.#channel, panel }),
      models.onDidChange(({ kind }) => {
        // The process that held both has been ended.
        if (kind === 'none') this.#second.forget();
        this.#refresh();
      }),
      selection.onDidChange(refresh),
      subjects.onDidChange(() => {
        this.#second.forget();
        this.#measurement.clear();
        this.#refresh();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === this.#shown?.sides.a || document === this.#shown?.sides.b) this.#refresh();
      }),
    ];
    showPage(panel, extensionUri, 'comparison');
  }

  dispose(): void {
    clearTimeout(this.#postTimer);
    this.#measurement.dispose();
    this.#second.dispose();
    this.#work.dispose();
    this.#watch.dispose();
    this.#channel.dispose();
    this.subjects.summary = null;
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #refresh(): void {
    this.#work.run(() => this.#show());
  }

  async #show(): Promise<void> {
    if (!this.#channel.ready) return;
    const { subject } = this.subjects;
    if (subject === null) {
      this.#stand({
        kind: 'empty',
        message: 'Nothing is compared yet: choose a model to compare with.',
        action: CHOOSE,
      });
      return;
    }
    const movedAt = this.#watch.takeMoveTime();
    try {
      const sides = await this.#sides(subject);
      if (sides === null) return;
      this.#measurement.want(sides);
      this.#shown = { sides, chunk: await this.#chunk(sides) };
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
    if (models.state.kind === 'idle') void models.ensure();
    const open = async (uri: string) => vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
    const { texts } = subject;
    const documents =
      texts === null ? [selection.document, selection.document] : [await open(texts.a), await open(texts.b)];
    for (const document of documents) {
      const empty = placeholder(models.state, this.#facts(document), models.engineProblem);
      if (empty === null) continue;
      this.#stand(empty);
      return null;
    }
    const [a, b] = documents;
    if (a == null || b == null || models.state.kind !== 'ready') return null;
    const modelA = models.state.model;
    const { folder } = subject;
    if (folder === null) return { a, b, modelA, modelB: modelA, folder };
    if (this.#shown === null) this.#stand({ kind: 'loading', message: 'Loading the model to compare with…' });
    const modelB = await this.#second.ensure(folder);
    return { a, b, modelA, modelB, folder };
  }

  #facts(document: vscode.TextDocument | null | undefined): Parameters<typeof placeholder>[1] {
    if (document == null) return null;
    const tooLarge = tooLargeSentence(document);
    return { tooLarge, byteLength: tooLarge === null ? this.services.texts.get(document).bytes.length : null };
  }

  /** The selected chunk, where it is in one of the texts and within what both have. */
  async #chunk({ a, b, modelA, modelB, folder }: ComparisonSides): Promise<ComparedChunk | null> {
    const { client, selection, texts } = this.services;
    const { document, selection: selected } = selection;
    const isCompared = document === a || document === b;
    const shared = Math.min(texts.get(a).bytes.length, texts.get(b).bytes.length);
    if (!isCompared || selected === null || selected.offset >= shared) return null;
    const key = JSON.stringify([
      [a.uri.toString(), a.version, b.uri.toString(), b.version],
      [modelA.folder, modelA.checkpoint, folder, modelB.checkpoint, selected.offset],
    ]);
    if (key === this.#chunkKey && this.#shown?.chunk != null) return this.#shown.chunk;
    const chunk = await this.#second.with(folder, () =>
      client.askAboutTexts(ComparedChunkRequest, [a, b], (refA, refB) => ({
        a: refA,
        b: refB,
        secondModel: folder !== null,
        offset: selected.offset,
      })),
    );
    this.#chunkKey = key;
    return chunk;
  }

  /** Shows a message in place of numbers. */
  #stand(message: EmptyState | LoadingState | ErrorState): void {
    this.#shown = null;
    // The page forgets what it has.
    this.#sent = 0;
    this.subjects.summary = null;
    if (message.kind !== 'loading') this.#measurement.clear();
    this.#channel.postState(message, this.services.selection.selection);
  }

  #postSoon(): void {
    this.#postTimer ??= setTimeout(() => {
      this.#post();
    }, POST_EVERY);
  }

  #post(movedAt: number | null = null): void {
    clearTimeout(this.#postTimer);
    this.#postTimer = undefined;
    if (this.#shown === null || !this.#channel.ready) return;
    this.#channel.postState(this.#ready(this.#shown), this.services.selection.selection, movedAt);
  }

  #ready({ sides, chunk }: Shown): ComparisonReady {
    const { texts } = this.services;
    const { a, b, modelA, modelB } = sides;
    const measured = this.#measurement.of(sides);
    const generation = measured?.generation ?? 0;
    const isSent = generation === this.#sent;
    this.#sent = generation;
    const result = measured?.result ?? null;
    if (!isSent || result === null) this.subjects.summary = result && summaryOf(result, sides.folder);
    return {
      kind: 'ready',
      a: provenance(modelA, documentName(a)),
      b: provenance(modelB, documentName(b)),
      notes: comparisonNotes(modelA, modelB, {
        same: a === b,
        bytesA: texts.get(a).bytes.length,
        bytesB: texts.get(b).bytes.length,
        result,
      }),
      generation,
      result: isSent ? null : result,
      outdated: measured?.outdated === true,
      work: this.#measurement.work,
      failure: this.#measurement.failure,
      chunk,
    };
  }

  #answer(ask: ComparisonAsk): void {
    const sides = this.#shown?.sides;
    if (sides === undefined) return;
    if (ask === 'measure') this.#measurement.measure(sides);
    else this.#measurement.cancel();
  }

  /** Selects in the text that is looked at, where it is one of the two; else goes to text A. */
  async #select(chosen: Selection, reveal: boolean): Promise<void> {
    const sides = this.#shown?.sides;
    if (sides === undefined) return;
    const { selection, texts } = this.services;
    if (selection.document === sides.a || selection.document === sides.b) {
      selection.select(chosen, sides.modelA.votersPerBit, reveal);
      return;
    }
    if (!reveal) return;
    const editor = await vscode.window.showTextDocument(sides.a, { viewColumn: vscode.ViewColumn.One });
    const range = texts.chunkRange(sides.a, chosen.offset);
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}

/** The comparison's panel, of which there is at most one. */
export function comparisonPanel(services: PanelServices, subjects: ComparisonSubjects): SinglePanel {
  return new SinglePanel(
    COMPARISON_PANEL,
    TITLE,
    services.extensionUri,
    (panel) => new ComparisonPanel(panel, services, subjects),
  );
}
