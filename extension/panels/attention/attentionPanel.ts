/** @file The Attention panel: where every head reads for the selected chunk, and what it looks at over the document, in an editor panel. */
import type * as vscode from 'vscode';
import { changesNote } from '../../../model/measures/changesText';
import { noAttention } from '../../../model/measures/attentionText';
import type { ChunkAttention, HeadFindings } from '../../../model/protocol/attention';
import type { ModelSummary } from '../../../model/protocol/models';
import type { AttentionAsk } from '../../../model/protocol/panels/attention';
import { documentName } from '../../editor/documentName';
import type { Services } from '../../editor/services';
import { isModelProcessExitError } from '../../modelProcess/errors';
import { modelKey } from '../../modelProcess/modelState';
import { currentPlaceholder } from '../frame/currentPlaceholder';
import type { EditorPanel } from '../frame/definePanel';
import { definePanel } from '../frame/definePanel';
import type { PanelServices } from '../frame/exportablePanels';
import { Pacer } from '../frame/pacer';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { PanelTask } from '../frame/panelTask';
import { progressWords } from '../frame/progressWords';
import { provenance } from '../frame/provenance';

/** Milliseconds between two states while nothing but progress changes. */
const POST_EVERY = 80;

/** What the page shows. */
interface Shown {
  readonly model: ModelSummary;
  readonly document: vscode.TextDocument;
  readonly at: ChunkAttention;
}

/** Names model and document, whatever the document says. */
function subjectOf({ model, document }: Omit<Shown, 'at'>): string {
  return `${modelKey(model)} ${document.uri.toString()}`;
}

class Attention implements PanelContent<'attention'> {
  readonly #task = new PanelTask<HeadFindings | null, 'heads'>('heads', () => {
    this.#pacer.soon();
  });
  readonly #pacer = new Pacer(POST_EVERY, () => {
    this.#post();
  });
  #shown: Shown | null = null;
  /** Model, document, version and chunk of what the page shows. */
  #key = '';
  /** The subject that was measured last, or is being measured. */
  #asked = '';
  #measured: { readonly version: number; readonly findings: HeadFindings | null } | null = null;

  constructor(
    private readonly frame: PanelFrame<'attention'>,
    private readonly services: Services,
  ) {
    frame.keep(
      services.voters.onDidChange(() => {
        this.#pacer.soon();
      }),
    );
  }

  forget(): void {
    this.#key = '';
  }

  dispose(): void {
    this.#pacer.cancel();
    this.#task.dispose();
  }

  async show(): Promise<void> {
    const { client, models, selection } = this.services;
    const movedAt = this.frame.takeMoveTime();
    const { document, selection: selected } = selection;
    const empty = currentPlaceholder(this.services);
    if (empty !== null || models.state.kind !== 'ready' || document === null) {
      this.#stop();
      if (empty !== null) this.frame.post(empty);
      return;
    }
    const { model } = models.state;
    const message = noAttention(model.config);
    if (message !== null) {
      this.#stop();
      this.frame.post({ kind: 'empty', message, action: null });
      return;
    }
    // The caret's chunk is not settled yet: the next change tells it.
    if (selected === null) return;
    const { offset } = selected;
    const key = `${modelKey(model)} ${document.uri.toString()} ${document.version} ${offset}`;
    const isShown = key === this.#key;
    if (!isShown) {
      const at = await client.askAbout([document], 'inspect/attention', (ref) => ({ ...ref, offset }));
      if (at === null) return;
      this.#key = key;
      this.#shown = { model, document, at };
    }
    if (this.#shown !== null && subjectOf(this.#shown) !== this.#asked) this.#measure(this.#shown);
    if (isShown) this.frame.postSelection(movedAt);
    else this.#post(movedAt);
  }

  answer(ask: AttentionAsk): void {
    const { causes } = this.services;
    if (ask === 'cancel') this.#task.cancel();
    else if (ask === 'causes') {
      // Without a method it would turn off what is shown already.
      if (causes.state === null) void causes.show();
    } else if (this.#shown !== null) this.#measure(this.#shown);
  }

  /** A message stands in place of numbers. */
  #stop(): void {
    this.#shown = null;
    this.#key = '';
    this.#asked = '';
    this.#measured = null;
    this.#task.clear();
  }

  /** Measures the document in place of what is being measured. */
  #measure(shown: Shown): void {
    const { client } = this.services;
    const { document } = shown;
    const subject = subjectOf(shown);
    if (subject !== this.#asked) this.#measured = null;
    this.#asked = subject;
    const { version } = document;
    this.#task.run(
      'Measuring',
      (token, report) =>
        client
          .askAbout([document], 'inspect/heads', (ref) => ref, {
            token,
            onProgress: (progress) => {
              report(...progressWords(progress));
            },
          })
          .catch((error: unknown) => {
            // The model is loaded again by then, and this is asked once more.
            if (isModelProcessExitError(error)) this.#asked = '';
            throw error;
          }),
      (findings) => {
        this.#measured = { version, findings };
      },
    );
  }

  #post(movedAt: number | null = null): void {
    this.#pacer.cancel();
    if (this.#shown === null || !this.frame.ready) return;
    const { model, document, at } = this.#shown;
    const note = changesNote(this.services.voters.changes, false);
    this.frame.post(
      {
        kind: 'ready',
        provenance: provenance(model, documentName(document), note),
        at,
        findings: this.#measured?.findings ?? null,
        outdated: this.#measured !== null && this.#measured.version !== document.version,
        work: this.#task.work,
        failure: this.#task.failure,
      },
      movedAt,
    );
  }
}

export function attentionPanel(services: PanelServices): EditorPanel {
  return definePanel(services, {
    page: 'attention',
    title: 'Attention',
    timing: 'caretToAttention',
    content: (frame) => new Attention(frame, services),
  });
}
