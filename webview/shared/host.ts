/** @file The webview's end of the line to the extension host: says ready, drops stale messages, keeps what a reload restores. */
import type { WebviewApi } from 'vscode-webview';
import type { HostMessage, Selection, WebviewMessage } from './messages';

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
  /** Drawing failed: the person must see that, not an old picture. */
  onFailure(error: unknown): void;
}

/** `Saved` is what a reload restores; its number changes when its form does, and another number's state is not used. */
export class Host<State, Saved extends object> {
  readonly #api: WebviewApi<unknown>;
  readonly #gate = new VersionGate();

  constructor(private readonly savedVersion: number) {
    this.#api = acquireVsCodeApi();
  }

  /** Listens, then says ready: the host answers with a state. */
  connect(handlers: HostHandlers<State>): void {
    window.addEventListener('message', (event: MessageEvent<HostMessage<State>>) => {
      const message = event.data;
      if (!this.#gate.pass(message.version)) return;
      try {
        if (message.type === 'state') handlers.onState(message.state, message.selection);
        else handlers.onSelection(message.selection);
      } catch (error) {
        handlers.onFailure(error);
      }
      this.#acknowledge(message.version);
    });
    this.post({ type: 'ready' });
  }

  post(message: WebviewMessage): void {
    this.#api.postMessage(message);
  }

  /** What was saved in this webview before it was reloaded, over the defaults. */
  restore(defaults: Saved): Saved {
    const saved = this.#api.getState();
    if (typeof saved !== 'object' || saved === null || !('version' in saved) || saved.version !== this.savedVersion) {
      return defaults;
    }
    return { ...defaults, ...saved };
  }

  save(state: Saved): void {
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
}
