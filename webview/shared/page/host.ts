/** @file The webview's end of the line to the extension host: says ready, drops stale messages, keeps what a reload restores, exports what is shown. */
import { exportContent } from '../export/content';
import type { ExportContent, ExportRequest } from '../../../model/protocol/panels/export';
import type { PanelExport } from '../export/panel';
import { EXPORTED, webviewApi } from '../export/replay';
import type { HostMessage, Selection, WebviewMessage } from '../../../model/protocol/panels/messages';
import type { PageName, Panels } from '../../../model/protocol/panels/panels';
import { fromWire } from '../../../model/measures/wire';

/** Lets messages pass whose version is not older than one that passed before. */
export class VersionGate {
  #latest = -Infinity;

  /** True where the message is to be used. */
  pass(version: number): boolean {
    if (version < this.#latest) return false;
    this.#latest = version;
    return true;
  }
}

/** What a view does with the host's messages. Each draws before it returns. */
export interface HostHandlers<State> {
  onState(state: State, selection: Selection | null): void;
  onSelection(selection: Selection | null): void;
  /** Drawing failed: the user must see that, not an old picture. */
  onFailure(error: unknown): void;
}

/** The line of one panel. */
export type PanelHost<P extends PageName, Saved extends object> = Host<Panels[P]['state'], Saved, Panels[P]['ask']>;

/** `Saved` is what a reload restores; its number changes when its form does, and another number's state is not used. */
export class Host<State, Saved extends object, Ask> {
  readonly #api = webviewApi();
  readonly #gate = new VersionGate();
  /** What is shown: the last state and selection, and what was restored or saved. */
  #state: State | null = null;
  #selection: Selection | null = null;
  #saved: object = {};
  #export: PanelExport<State> | null = null;

  constructor(private readonly savedVersion: number) {}

  /** Listens, then says ready: the host answers with a state. */
  connect(handlers: HostHandlers<State>): void {
    window.addEventListener('message', (event: MessageEvent<HostMessage<State> | ExportRequest>) => {
      if (event.data.type === 'export') {
        void this.#answerExport(event.data);
        return;
      }
      if (!this.#gate.pass(event.data.version)) return;
      const message = fromWire(event.data) as HostMessage<State>;
      this.#selection = message.selection;
      if (message.type === 'state') this.#state = message.state;
      try {
        if (message.type === 'state') handlers.onState(message.state, message.selection);
        else handlers.onSelection(message.selection);
      } catch (error) {
        handlers.onFailure(error);
      } finally {
        // The host sends nothing more until then, not even after a failure that could not be shown.
        this.#acknowledge(message.version);
      }
    });
    const tellFocus = (): void => {
      this.post({ type: 'focus' });
    };
    window.addEventListener('focus', tellFocus);
    this.post({ type: 'ready' });
    // A panel that was opened to be looked at may have it before its program runs.
    if (document.hasFocus()) tellFocus();
  }

  /** Asks for what this panel alone can ask for. */
  ask(ask: Ask): void {
    this.post({ type: 'ask', ask });
  }

  post(message: WebviewMessage<Ask>): void {
    if (message.type === 'select') this.#selection = message.selection;
    this.#api.postMessage(message);
  }

  /** Whether the page shows an exported panel: nobody answers what it asks for. */
  get isExported(): boolean {
    return document.body.classList.contains(EXPORTED);
  }

  /** What *Export Panel…* exports; without it the panel cannot be exported. */
  offerExport(offered: PanelExport<State>): void {
    this.#export = offered;
  }

  /** What was saved in this webview before it was reloaded, over the defaults. */
  restore(defaults: Saved): Saved {
    const saved = this.#api.getState();
    const isKnown =
      typeof saved === 'object' && saved !== null && 'version' in saved && saved.version === this.savedVersion;
    const restored = isKnown ? { ...defaults, ...saved } : defaults;
    this.#saved = restored;
    return restored;
  }

  save(state: Saved): void {
    this.#saved = state;
    this.#api.setState({ ...state, version: this.savedVersion });
  }

  /** Tells the host once the frame that shows the version is being made; a hidden page makes none, hence the timer. */
  #acknowledge(version: number): void {
    let told = false;
    const tell = (): void => {
      if (told) return;
      told = true;
      clearTimeout(timer);
      this.post({ type: 'drawn', version });
    };
    const timer = setTimeout(tell, 32);
    requestAnimationFrame(tell);
  }

  async #answerExport(request: ExportRequest): Promise<void> {
    const content = await this.#exported(request).catch((error: unknown): ExportContent => {
      const reason = error instanceof Error ? error.message : String(error);
      return { kind: 'failure', message: `${request.about.title} could not be exported: ${reason}.` };
    });
    this.post({ type: 'exported', id: request.id, content });
  }

  async #exported({ format, about }: ExportRequest): Promise<ExportContent> {
    const offered = this.#export;
    const state = this.#state;
    if (offered === null) return { kind: 'failure', message: `${about.title} cannot be exported.` };
    if (state === null || document.body.dataset['state'] !== 'ready') {
      return { kind: 'failure', message: `${about.title} shows no numbers now, so there is nothing to export.` };
    }
    return exportContent(format, offered, {
      about,
      caption: offered.provenance(),
      selection: this.#selection,
      view: { ...(offered.view?.() ?? this.#saved), version: this.savedVersion },
      states: (offered.states?.() ?? [state]) as readonly object[],
    });
  }
}
