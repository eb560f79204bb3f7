/** @file The frame of one open panel or view: its page, the line to it, the selection while it is on the screen, exporting, and what stands there where a request failed. */
import type * as vscode from 'vscode';
import type { Selection } from '../../../model/protocol/panels/messages';
import type { PageName, Panels } from '../../../model/protocol/panels/panels';
import type { SelectionWatch } from '../../editor/selectionService';
import { isModelProcessExitError } from '../../modelProcess/errors';
import { NewestWins } from '../../newestWins';
import type { TimingName } from '../../timings';
import { Channel } from './channel';
import { failureState } from './currentPlaceholder';
import type { PanelServices } from './exportablePanels';

/** A kind of panel: a title, a page, and what is shown on it. */
export interface PanelDefinition<P extends PageName> {
  /** Its folder of webview/; after `smuggler.` the type by which VS Code knows it. */
  readonly page: P;
  readonly title: string;
  /** The latency from the caret's move to the picture; null for a panel that follows neither caret nor model. */
  readonly timing: TimingName | null;
  /** What an open panel shows, disposed with it. */
  readonly content: (frame: PanelFrame<P>) => PanelContent<P>;
}

/** What a panel shows, for as long as it is open: its own data, and nothing of the frame. */
export interface PanelContent<P extends PageName> {
  /**
   * Posts what there is to show now. Runs when the page is there, and again whenever model, text or selection change;
   * never twice at a time. What it throws is shown in place of the numbers.
   */
  show(): Promise<void> | void;
  /** Only the selection has changed; without it, `show` does. */
  showSelection?(): void;
  /** Nothing of what was posted is on the page any more: it is a new one, or shows a failure. */
  forget?(): void;
  /** The page asks for something; it is not trusted to send what the type says. */
  answer?(ask: Panels[P]['ask']): void;
  /** In place of selecting in the text that is looked at. */
  select?(chosen: Selection, reveal: boolean): void;
  /** A state that was posted with a time is on the screen. */
  drawn?(): void;
  /** The panel is out of sight, and its page gone. */
  hidden?(): void;
  dispose(): void;
}

export class PanelFrame<P extends PageName> implements vscode.Disposable {
  readonly #channel: Channel<P>;
  readonly #content: PanelContent<P>;
  readonly #work = new NewestWins();
  readonly #subscriptions: { dispose(): unknown }[] = [];
  /** None for a panel that does not follow the caret. */
  #watch: SelectionWatch | null;

  constructor(
    private readonly surface: vscode.WebviewPanel | vscode.WebviewView,
    private readonly services: PanelServices,
    private readonly definition: PanelDefinition<P>,
  ) {
    const { exports, models, selection } = services;
    const { page, title } = definition;
    this.#channel = new Channel<P>(surface.webview, {
      onReady: () => {
        this.#content.forget?.();
        // Where the caret came before there was a page is no latency.
        this.takeMoveTime();
        this.refresh();
      },
      onSelect: (chosen, reveal) => {
        this.#select(chosen, reveal);
      },
      onAsk: (ask) => {
        this.#content.answer?.(ask);
      },
      onDrawn: (milliseconds) => {
        if (definition.timing !== null) services.timings.record(definition.timing, milliseconds);
        this.#content.drawn?.();
      },
    });
    this.#watch = this.#look();
    this.#content = definition.content(this);
    const onVisible = 'onDidChangeViewState' in surface ? surface.onDidChangeViewState : surface.onDidChangeVisibility;
    this.keep(
      exports.add({ page, title, channel: this.#channel, panel: surface }),
      onVisible(() => {
        this.#watch?.dispose();
        this.#watch = surface.visible ? this.#look() : null;
        if (surface.visible) return;
        this.#channel.hidden();
        this.#content.hidden?.();
      }),
    );
    if (definition.timing === null) return;
    this.keep(
      models.onDidChange(() => {
        this.refresh();
      }),
      selection.onDidChange(({ document }) => {
        if (document || this.#content.showSelection === undefined) this.refresh();
        else this.#content.showSelection();
      }),
    );
  }

  /** Whether a page is there that has asked for a state. */
  get ready(): boolean {
    return this.#channel.ready;
  }

  /** Has the content show what there is now, after what is being shown. */
  refresh(): void {
    this.#work.run(async () => {
      if (!this.ready) return;
      try {
        await this.#content.show();
      } catch (error) {
        this.fail(error);
      }
    });
  }

  /**
   * Posts a whole state: where the page is slow, only the newest is sent.
   * @param movedAt when the caret moved to what is posted, where the latency is to be measured
   */
  post(state: Panels[P]['state'], movedAt: number | null = null): void {
    this.#channel.postState(state, this.#selection, movedAt);
  }

  /** Posts a state with something in it that no other state brings: it is sent in any case. */
  postPart(state: Panels[P]['state'], movedAt: number | null = null): void {
    this.#channel.postPart(state, this.#selection, movedAt);
  }

  postSelection(movedAt: number | null = null): void {
    this.#channel.postSelection(this.#selection, movedAt);
  }

  /** Says something beside a view's title; a panel of the editor has no place for it. */
  describe(words: string): void {
    if ('description' in this.surface) this.surface.description = words;
  }

  /** Another title than the panel's own, for what it shows now. */
  entitle(title: string): void {
    this.surface.title = title;
  }

  /** Shows why there are no numbers. */
  fail(error: unknown): void {
    this.#content.forget?.();
    // The model is loaded again by then, and the panel told of it.
    if (!isModelProcessExitError(error)) this.post(failureState(error));
  }

  /** When the caret began to move to the present selection; null once it was asked for. */
  takeMoveTime(): number | null {
    return this.#watch?.takeMoveTime() ?? null;
  }

  /** Disposed with the panel. */
  keep(...subscriptions: readonly { dispose(): unknown }[]): void {
    this.#subscriptions.push(...subscriptions);
  }

  dispose(): void {
    this.#content.dispose();
    this.#work.dispose();
    this.#watch?.dispose();
    this.#channel.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  get #selection(): Selection | null {
    return this.definition.timing === null ? null : this.services.selection.selection;
  }

  #look(): SelectionWatch | null {
    return this.definition.timing === null ? null : this.services.selection.watch();
  }

  #select(chosen: Selection, reveal: boolean): void {
    const { models, selection } = this.services;
    if (this.#content.select !== undefined) this.#content.select(chosen, reveal);
    else selection.select(chosen, models.state.kind === 'ready' ? models.state.model.votersPerBit : 0, reveal);
  }
}
