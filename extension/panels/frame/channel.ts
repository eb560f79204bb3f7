/** @file The host's end of the line to one webview: versions, one at a time, what the webview says, and how long until it is drawn. */
import * as vscode from 'vscode';
import { isWebAddress } from '../../../model/measures/webAddress';
import { toWire } from '../../../model/measures/wire';
import type { ExportAbout, ExportContent, ExportFormat } from '../../../model/protocol/panels/export';
import type { HostMessage, PanelCommand, Selection, WebviewMessage } from '../../../model/protocol/panels/messages';
import type { PageName, Panels } from '../../../model/protocol/panels/panels';
import { isVoterCommand } from '../../../model/measures/voterActions';
import { PendingExports } from './pendingExports';
import { Undrawn } from './undrawn';

/** A webview runs these and nothing else. */
const COMMANDS: ReadonlySet<string> = new Set(
  Object.keys({
    'smuggler.loadModel': true,
    'smuggler.trainModel': true,
    'smuggler.openHeatmap': true,
    'smuggler.openVotes': true,
    'smuggler.showCauses': true,
    'smuggler.showLog': true,
    'smuggler.reload': true,
    'smuggler.silenceVoters': true,
    'smuggler.clearSilencedVoters': true,
    'smuggler.toggleMemory': true,
    'smuggler.pinChunk': true,
    'smuggler.unpinChunk': true,
    'smuggler.compareWithModel': true,
    'smuggler.compareVoterChanges': true,
    'smuggler.chooseVotersOfA': true,
    'smuggler.chooseVotersOfB': true,
    'smuggler.addTrainingRun': true,
  } satisfies Record<PanelCommand, true>),
);

export interface ChannelHandlers<P extends PageName> {
  /** The page runs and knows nothing yet. */
  onReady(): void;
  onSelect?(selection: Selection, reveal: boolean): void;
  /** The panel's own question, which is not trusted to be what its type says. */
  onAsk?(ask: Panels[P]['ask']): void;
  /** What was posted with `movedAt` is on the screen, this many milliseconds after the caret moved. */
  onDrawn?(milliseconds: number): void;
}

/** What is to be sent. */
interface Waiting<State> {
  /** Null where only the selection is another. */
  readonly state: State | null;
  readonly isPart: boolean;
  readonly movedAt: number | null;
}

/**
 * At most one message that the page has not drawn yet is on its way. A page that is slower than the caret would draw one
 * old state after the other: of what is posted meanwhile it gets the newest, and every part.
 */
export class Channel<P extends PageName> implements vscode.Disposable {
  #version = 0;
  #ready = false;
  #focusedAt = -Infinity;
  /** The selection that was posted last: it goes with every message. */
  #selection: Selection | null = null;
  /** What is to be sent when the page has drawn what is on its way, in this order. */
  #waiting: Waiting<Panels[P]['state']>[] = [];
  /** Version sent → when the caret moved there. */
  readonly #movedAt = new Map<number, number>();
  readonly #undrawn = new Undrawn(() => {
    this.#sendNext();
  });
  readonly #exports = new PendingExports();
  readonly #subscription: vscode.Disposable;

  constructor(
    private readonly webview: vscode.Webview,
    private readonly handlers: ChannelHandlers<P>,
  ) {
    this.#subscription = webview.onDidReceiveMessage((message: WebviewMessage<Panels[P]['ask']>) => {
      this.#receive(message);
    });
  }

  /** Whether a page is there that has asked for a state. */
  get ready(): boolean {
    return this.#ready;
  }

  /** When the page got the focus last, as `performance.now()`; −∞ where it never did. */
  get focusedAt(): number {
    return this.#focusedAt;
  }

  /** The page is gone; the next one says ready again. */
  hidden(): void {
    this.#ready = false;
    this.#forget();
    this.#exports.abandon();
  }

  /**
   * Posts a whole state: what is posted next, before it could be sent, takes its place.
   * @param movedAt when the caret moved to what is posted, where the latency is to be measured
   */
  postState(state: Panels[P]['state'], selection: Selection | null, movedAt: number | null = null): void {
    this.#post({ state, isPart: false, movedAt }, selection);
  }

  /** Posts a state with something in it that no other state brings: it is sent whatever comes next. */
  postPart(state: Panels[P]['state'], selection: Selection | null, movedAt: number | null = null): void {
    this.#post({ state, isPart: true, movedAt }, selection);
  }

  postSelection(selection: Selection | null, movedAt: number | null = null): void {
    this.#post({ state: null, isPart: false, movedAt }, selection);
  }

  /** What the page shows, in a format; never rejects. */
  export(format: ExportFormat, about: ExportAbout): Promise<ExportContent> {
    return this.#exports.ask(format, about, (request) => {
      // What is exported is the newest there is.
      while (this.#waiting.length > 0) this.#sendNext();
      void this.webview.postMessage(request);
    });
  }

  dispose(): void {
    this.hidden();
    this.#subscription.dispose();
  }

  #post(posted: Waiting<Panels[P]['state']>, selection: Selection | null): void {
    if (!this.#ready) return;
    this.#selection = selection;
    const before = this.#waiting.at(-1);
    if (before === undefined || (before.isPart && posted.state !== null)) this.#waiting.push(posted);
    else this.#waiting.splice(-1, 1, merged(before, posted));
    if (!this.#undrawn.isAny) this.#sendNext();
  }

  /** Sends what waits longest, if anything does. */
  #sendNext(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const version = ++this.#version;
    const selection = this.#selection;
    const { state, movedAt } = next;
    if (movedAt !== null) this.#movedAt.set(version, movedAt);
    this.#undrawn.sent(version);
    const message: HostMessage<Panels[P]['state']> =
      state === null ? { type: 'selection', version, selection } : { type: 'state', version, state, selection };
    void this.webview.postMessage(toWire(message));
  }

  /** There is another page, or none. */
  #forget(): void {
    this.#waiting = [];
    this.#movedAt.clear();
    this.#undrawn.forget();
  }

  #receive(message: WebviewMessage<Panels[P]['ask']>): void {
    switch (message.type) {
      case 'ready':
        // It may have been loaded again without having been out of sight.
        this.#forget();
        this.#ready = true;
        this.handlers.onReady();
        break;
      case 'focus':
        this.#focusedAt = performance.now();
        break;
      case 'select':
        this.handlers.onSelect?.(message.selection, message.reveal);
        break;
      case 'ask':
        this.handlers.onAsk?.(message.ask);
        break;
      case 'command':
        if (COMMANDS.has(message.command)) void vscode.commands.executeCommand(message.command);
        break;
      case 'voter':
        // The command checks which voter it is.
        if (isVoterCommand(message.command)) void vscode.commands.executeCommand(message.command, message.voter);
        break;
      case 'open':
        // The page has checked it too, but is not trusted to have. VS Code asks the user before it opens it.
        if (isWebAddress(message.address)) void vscode.env.openExternal(vscode.Uri.parse(message.address, true));
        break;
      case 'exported':
        this.#exports.answered(message);
        break;
      case 'drawn':
        this.#drawn(message.version);
        break;
    }
  }

  #drawn(version: number): void {
    const movedAt = this.#movedAt.get(version);
    if (movedAt !== undefined) this.handlers.onDrawn?.(performance.now() - movedAt);
    for (const older of this.#movedAt.keys()) if (older <= version) this.#movedAt.delete(older);
    this.#undrawn.drawn(version);
  }
}

/**
 * What is sent in place of two. The page is behind since the caret moved, whatever else was posted since then; but a
 * message in place of numbers shows no place of the caret.
 */
function merged<State extends { readonly kind: string }>(before: Waiting<State>, next: Waiting<State>): Waiting<State> {
  if (next.state === null) {
    return isMessage(before.state) ? before : { ...before, movedAt: next.movedAt ?? before.movedAt };
  }
  return isMessage(next.state) ? next : { ...next, movedAt: next.movedAt ?? before.movedAt };
}

function isMessage(state: { readonly kind: string } | null): boolean {
  return state !== null && state.kind !== 'ready';
}
