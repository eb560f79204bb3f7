/** @file The page around a figure: what is shown in place of data, the state attributes, the provenance line, and the wiring of views without a selection. */
import { element } from '../dom';
import type { Host } from './host';
import type {
  EmptyState,
  ErrorState,
  LoadingState,
  PanelCommand,
  Provenance,
} from '../../../model/protocol/panels/messages';

type MessageState = EmptyState | LoadingState | ErrorState;

/** One place for data or for the message that stands in place of it. */
export class Page {
  readonly #message = element('p', { class: 'message-text' });
  readonly #button = element('button', { type: 'button', class: 'primary' });
  readonly #pane: HTMLElement;
  #command: PanelCommand | null = null;

  constructor(
    private readonly content: HTMLElement,
    run: (command: PanelCommand) => void,
    ...floating: readonly HTMLElement[]
  ) {
    this.#pane = element('section', { class: 'message', role: 'status' }, this.#message, this.#button);
    this.#button.addEventListener('click', () => {
      if (this.#command !== null) run(this.#command);
    });
    this.content.hidden = true;
    document.body.replaceChildren(this.content, this.#pane, ...floating);
    this.showMessage({ kind: 'loading', message: 'Waiting for the editor…' });
  }

  /** Shows the sentence and its button, and says so in the body's attributes. */
  showMessage(state: MessageState): void {
    const action = state.kind === 'loading' ? null : state.action;
    this.#command = action?.command ?? null;
    this.#message.textContent = state.message;
    this.#button.textContent = action?.label ?? '';
    this.#button.hidden = action === null;
    this.#pane.classList.toggle('is-error', state.kind === 'error');
    this.#pane.classList.toggle('is-loading', state.kind === 'loading');
    this.#pane.hidden = false;
    this.content.hidden = true;
    this.#mark(state.kind, '');
  }

  /** Makes the figure visible, so that it can be measured before it is drawn. */
  showContent(): void {
    this.content.hidden = false;
    this.#pane.hidden = true;
  }

  /** To be called when the drawing is done. */
  markReady(offset: number | null): void {
    this.#mark('ready', offset === null ? '' : String(offset));
  }

  #mark(state: string, offset: string): void {
    document.body.dataset['state'] = state;
    document.body.dataset['offset'] = offset;
  }
}

/**
 * Listens to the host for a view that follows no selection.
 * @param name what cannot be drawn where drawing fails: `The overview`
 * @param draw is given the numbers, or null where a message stands in place of them
 */
export function showStates<Ready extends { readonly kind: 'ready' }, Saved extends object, Ask>(
  host: Host<Ready | MessageState, Saved, Ask>,
  page: Page,
  name: string,
  draw: (data: Ready | null) => void,
): void {
  const showMessage = (message: MessageState): void => {
    draw(null);
    page.showMessage(message);
  };
  host.connect({
    onState: (state) => {
      if (state.kind !== 'ready') {
        showMessage(state);
        return;
      }
      page.showContent();
      draw(state);
    },
    onSelection: () => undefined,
    onFailure: (error) => {
      showMessage(drawingFailure(name, error));
    },
  });
}

/** What is shown where drawing fails; `name` is what was drawn: `The heatmap`. */
export function drawingFailure(name: string, error: unknown): ErrorState {
  return {
    kind: 'error',
    message: `${name} could not be drawn: ${error instanceof Error ? error.message : String(error)}.`,
    action: { label: 'Show Log', command: 'smuggler.showLog' },
  };
}

/** What every figure says of where its numbers come from. */
export function provenanceText(provenance: Provenance, samples: string): string {
  const parts = [
    provenance.model,
    `checkpoint ${provenance.checkpoint}`,
    `M = ${provenance.votersPerBit}`,
    provenance.temperature === null ? 'no τ' : `τ = ${provenance.temperature}`,
    `${provenance.aggregation} aggregation`,
    `${provenance.bitDecoding} bits`,
    samples,
    ...(provenance.voters === undefined ? [] : [provenance.voters]),
  ];
  return `${parts.join(' · ')} · measured on ${provenance.document}`;
}
