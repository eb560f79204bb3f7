/** @file The host's end of the line to one webview: versions, what the webview says, and how long until it is drawn. */
import * as vscode from 'vscode';
import { isWebAddress } from '../../../model/measures/webAddress';
import { toWire } from '../../../model/measures/wire';
import type { ExportAbout, ExportContent, ExportFormat } from '../../../model/protocol/panels/export';
import type { HostMessage, PanelCommand, Selection, WebviewMessage } from '../../../model/protocol/panels/messages';
import type { PageName, Panels } from '../../../model/protocol/panels/panels';
import { isVoterCommand } from '../../../model/measures/voterActions';
import { PendingExports } from './pendingExports';

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

export class Channel<P extends PageName> implements vscode.Disposable {
  #version = 0;
  #ready = false;
  /** Version posted → when the caret moved there. */
  readonly #movedAt = new Map<number, number>();
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

  /** The page is gone; the next one says ready again. */
  hidden(): void {
    this.#ready = false;
    this.#movedAt.clear();
    this.#exports.abandon();
  }

  /** @param movedAt when the caret moved to what is posted, where the latency is to be measured */
  postState(state: Panels[P]['state'], selection: Selection | null, movedAt: number | null = null): void {
    const version = this.#next(movedAt);
    this.#post({ type: 'state', version, state, selection });
  }

  postSelection(selection: Selection | null, movedAt: number | null = null): void {
    this.#post({ type: 'selection', version: this.#next(movedAt), selection });
  }

  /** What the page shows, in a format; never rejects. */
  export(format: ExportFormat, about: ExportAbout): Promise<ExportContent> {
    return this.#exports.ask(format, about, (request) => {
      void this.webview.postMessage(request);
    });
  }

  dispose(): void {
    this.#ready = false;
    this.#exports.abandon();
    this.#subscription.dispose();
  }

  #next(movedAt: number | null): number {
    const version = ++this.#version;
    if (movedAt !== null && this.#ready) this.#movedAt.set(version, movedAt);
    return version;
  }

  #post(message: HostMessage<Panels[P]['state']>): void {
    if (this.#ready) void this.webview.postMessage(toWire(message));
  }

  #receive(message: WebviewMessage<Panels[P]['ask']>): void {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.handlers.onReady();
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
  }
}
