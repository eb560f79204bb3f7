/** @file The Depth Lens: what the voters would say behind each block of the trunk, for the chunks around the selected one, in an editor panel. */
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import * as vscode from 'vscode';
import { CHUNK_BYTES } from '../../../model/measures/chunk';
import { changesNote } from '../../../model/measures/changesText';
import { percent } from '../../../model/measures/numberText';
import type { DepthLens, DepthReading } from '../../../model/protocol/depth';
import type { AnalysisProgress } from '../../../model/protocol/voterAnalyses';
import type { ModelSummary } from '../../../model/protocol/models';
import type { DepthAsk } from '../../../model/protocol/panels/depthLens';
import { documentName } from '../../editor/documentName';
import type { Services } from '../../editor/services';
import { isModelProcessExitError, isRequestCancelledError } from '../../modelProcess/errors';
import type { AskOptions } from '../../modelProcess/ask';
import { modelKey } from '../../modelProcess/modelState';
import { NewestWins } from '../../newestWins';
import { currentPlaceholder } from '../frame/currentPlaceholder';
import type { EditorPanel } from '../frame/definePanel';
import { definePanel } from '../frame/definePanel';
import type { PanelServices } from '../frame/exportablePanels';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { provenance } from '../frame/provenance';

/** Chunks on either side of the selected one: as many as a wide panel has room for. */
const AROUND = 8;

/** Milliseconds without another chunk after which the chunks around are asked about. */
const CARET_REST = 80;

/** What is shown: a chunk of a document in one version, under one model, read one way. */
interface Subject {
  readonly key: string;
  readonly document: vscode.TextDocument;
  readonly model: ModelSummary;
  readonly offset: number;
  /** Chunks to ask about before it and after it. */
  readonly before: number;
  readonly after: number;
}

/** @param share of the sample texts that was run */
function fittingText({ name }: ModelSummary, share: number): string {
  return `Fitting readouts of ${name} to the sample texts, once each time it is loaded: ${percent(share)}`;
}

class DepthLensContent implements PanelContent<'depthLens'> {
  #reading: DepthReading = 'fitted';
  #shown = '';
  /** The middle of the chunks that are shown. */
  #middle: { readonly document: vscode.TextDocument; readonly chunk: number } | null = null;
  /** The model whose readouts are fitted. */
  #fitted = '';
  readonly #around = new NewestWins();
  #rest: NodeJS.Timeout | undefined;
  #running: CancellationTokenSource | null = null;

  constructor(
    private readonly frame: PanelFrame<'depthLens'>,
    private readonly services: Services,
    /** Folder of the texts on which readouts are fitted. */
    private readonly sample: string,
  ) {
    frame.keep(
      services.voters.onDidChange(() => {
        frame.refresh();
      }),
    );
  }

  forget(): void {
    this.#shown = '';
  }

  hidden(): void {
    this.#leave();
  }

  dispose(): void {
    this.#leave();
    this.#around.dispose();
  }

  answer({ reading }: DepthAsk): void {
    this.#reading = reading === 'direct' ? 'direct' : 'fitted';
    this.frame.refresh();
  }

  async show(): Promise<void> {
    const { models, selection, voters } = this.services;
    const movedAt = this.frame.takeMoveTime();
    const empty = currentPlaceholder(this.services);
    const { document, selection: selected } = selection;
    if (empty !== null || document === null || models.state.kind !== 'ready') {
      this.#shown = '';
      if (empty !== null) this.frame.post(empty);
      return;
    }
    // The caret's chunk is not settled yet: the next change tells it.
    if (selected === null) return;
    const { model } = models.state;
    const { offset } = selected;
    const text = `${document.uri.toString()} ${document.version} ${offset}`;
    const key = `${modelKey(model)} ${voters.revision} ${this.#reading} ${text}`;
    if (key === this.#shown) {
      this.frame.postSelection(movedAt);
      return;
    }
    this.#leave();
    const isFitting = this.#fitted !== modelKey(model);
    if (isFitting) {
      this.frame.post({ kind: 'loading', message: fittingText(model, 0) });
    }
    const subject = { key, document, model, offset, ...this.#chunksAround(document, offset) };
    const lens = await this.#ask(subject, false, { onProgress: isFitting ? this.#tellFitting(model) : undefined });
    this.#fitted = modelKey(model);
    this.#shown = key;
    // What was waited for then is the fit.
    this.#post(subject, lens, isFitting ? null : movedAt);
    if (lens.isWhole) return;
    // While the caret moves on, its chunk comes before those around where it was.
    this.#rest = setTimeout(() => {
      this.#around.run(() => this.#askAround(subject));
    }, CARET_REST);
  }

  /** What is in sight stays where it is, so that a click leaves its chunk under the pointer. */
  #chunksAround(document: vscode.TextDocument, offset: number): Pick<Subject, 'before' | 'after'> {
    const chunk = Math.floor(offset / CHUNK_BYTES);
    const isInSight = this.#middle?.document === document && Math.abs(chunk - this.#middle.chunk) <= AROUND;
    if (!isInSight) this.#middle = { document, chunk };
    const back = chunk - this.#middle!.chunk;
    return { before: AROUND + back, after: AROUND - back };
  }

  async #askAround(subject: Subject): Promise<void> {
    if (this.#shown !== subject.key) return;
    const running = new CancellationTokenSource();
    this.#running = running;
    try {
      const lens = await this.#ask(subject, true, { token: running.token });
      if (this.#shown === subject.key) this.#post(subject, lens);
    } catch (error) {
      if (!isRequestCancelledError(error) && !isModelProcessExitError(error)) this.frame.fail(error);
    } finally {
      if (this.#running === running) this.#running = null;
      running.dispose();
    }
  }

  /** Another chunk is shown next: what is still computed around the one before would hold it up. */
  #leave(): void {
    clearTimeout(this.#rest);
    this.#running?.cancel();
  }

  /** Says how far the fit is, in tenths. */
  #tellFitting(model: ModelSummary): (progress: AnalysisProgress) => void {
    let told = 0;
    return ({ done, total }) => {
      const tenths = Math.floor((10 * done) / total);
      if (tenths === told) return;
      told = tenths;
      this.frame.post({ kind: 'loading', message: fittingText(model, tenths / 10) });
    };
  }

  #ask(
    { document, offset, before, after }: Subject,
    fill: boolean,
    options: AskOptions<AnalysisProgress>,
  ): Promise<DepthLens> {
    const { client, voters } = this.services;
    const params = { offset, before, after, fill, reading: this.#reading, changes: voters.changes };
    return client.askAbout([document], 'inspect/depth', (ref) => ({ ...ref, ...params, sample: this.sample }), options);
  }

  #post({ document, model }: Subject, lens: DepthLens, movedAt: number | null = null): void {
    const voters = changesNote(this.services.voters.changes, true);
    const ready = { ...lens, kind: 'ready', provenance: provenance(model, documentName(document), voters) } as const;
    this.frame.post(ready, movedAt);
  }
}

export function depthLensPanel(services: PanelServices): EditorPanel {
  const sample = vscode.Uri.joinPath(services.extensionUri, 'media', 'sample').fsPath;
  return definePanel(services, {
    page: 'depthLens',
    title: 'Depth Lens',
    timing: 'caretToDepthLens',
    content: (frame) => new DepthLensContent(frame, services, sample),
  });
}
