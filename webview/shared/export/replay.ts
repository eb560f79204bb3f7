/** @file An exported panel in the host's place: its states instead of the editor's, read-only, in VS Code or in a browser. */
import type { WebviewApi } from 'vscode-webview';
import { element } from '../dom';
import type { ExportedPanel } from '../../../model/measures/panelDocument';
import { decodePanel, exportedWhen } from '../../../model/measures/panelDocument';
import type { HostMessage, Selection, WebviewMessage } from '../../../model/protocol/panels/messages';

/** Id of the element that holds an exported panel as JSON. */
const BLOCK = 'exported-panel';
/** Marks a control that needs the editor. */
const LIVE = 'data-live';
/** Class of the body of a page that holds an exported panel. */
export const EXPORTED = 'is-exported';
const WHY = 'This is an exported panel: what needs the editor or the model is off.';

/** The line to VS Code, or what stands in for it in a page that holds an exported panel. */
export function webviewApi(): WebviewApi<unknown> {
  const block = document.getElementById(BLOCK);
  if (block === null) return acquireVsCodeApi();
  const panel = decodePanel(block.textContent, 'The exported panel in this page');
  // A stand-alone page has no VS Code behind it.
  return new Replay(panel, 'acquireVsCodeApi' in globalThis ? acquireVsCodeApi() : null, block.dataset['file'] ?? null);
}

/** What VS Code keeps of a page that shows an exported file. */
interface ReplayState {
  readonly file: string | null;
  readonly view: unknown;
}

class Replay implements WebviewApi<unknown> {
  #version = 0;

  constructor(
    private readonly panel: ExportedPanel,
    private readonly api: WebviewApi<unknown> | null,
    private readonly file: string | null,
  ) {
    // So that a reload finds the file again.
    this.setState(this.getState());
  }

  postMessage(message: unknown): void {
    const said = message as WebviewMessage;
    switch (said.type) {
      case 'ready':
        this.api?.postMessage(said);
        showReadOnly(this.panel);
        queueMicrotask(() => {
          for (const state of this.panel.states)
            this.#say({ type: 'state', state, ...this.#next(this.panel.selection) });
        });
        break;
      case 'select':
        queueMicrotask(() => {
          this.#say({ type: 'selection', ...this.#next(said.selection) });
        });
        break;
      case 'focus':
      case 'exported':
        this.api?.postMessage(said);
        break;
      case 'open':
        if (this.api === null) window.open(said.address, '_blank', 'noopener,noreferrer');
        else this.api.postMessage(said);
        break;
      default:
        // Nobody is there to answer it.
        break;
    }
  }

  getState(): unknown {
    const kept = this.api?.getState() as ReplayState | undefined;
    return kept?.view ?? this.panel.view;
  }

  setState<T>(view: T): T {
    this.api?.setState({ file: this.file, view } satisfies ReplayState);
    return view;
  }

  #next(selection: Selection | null): { readonly version: number; readonly selection: Selection | null } {
    return { version: ++this.#version, selection };
  }

  #say(message: HostMessage<object>): void {
    window.dispatchEvent(new MessageEvent('message', { data: message }));
  }
}

/** Says that the page is an exported panel, and disables what needs the editor, now and when it is drawn anew. */
function showReadOnly({ about, caption }: ExportedPanel): void {
  document.body.classList.add(EXPORTED);
  document.body.prepend(
    element(
      'p',
      { class: 'exported-note', role: 'note', title: caption, 'data-export': 'skip' },
      element('strong', {}, about.title),
      `, exported ${exportedWhen(about)}. Read-only: what needs the editor or the model is off.`,
    ),
  );
  const disable = (): void => {
    for (const control of document.querySelectorAll<HTMLElement>(`[${LIVE}]`)) {
      const isField =
        control instanceof HTMLButtonElement ||
        control instanceof HTMLSelectElement ||
        control instanceof HTMLInputElement ||
        control instanceof HTMLTextAreaElement;
      if (!isField || (control.disabled && control.title === WHY)) continue;
      control.disabled = true;
      control.title = WHY;
    }
  };
  disable();
  new MutationObserver(disable).observe(document.body, { childList: true, subtree: true });
}
