/** @file What views of the shared selection wire alike: page, lock, Escape, pointer, messages of the host, and the sentence where drawing fails. */
import type { VoterAtChunk } from '../../../model/protocol/panels/voterActions';
import { VOTER_SECTION } from '../../../model/measures/voterActions';
import { ToggleButton } from '../dom';
import type { Host } from './host';
import { HoverSelect } from './hover';
import type { EmptyState, ErrorState, LoadingState, Selection } from '../../../model/protocol/panels/messages';
import { drawingFailure, Page } from './page';
import { SharedSelection } from './selection';
import type { Theme } from './theme';
import { watchTheme } from './theme';
import { LiveRegion, Tooltip } from './tooltip';
import { VoterActions } from './voterActions';

type MessageState = EmptyState | LoadingState | ErrorState;

export interface FrameHandlers<Ready> {
  /** Numbers to be drawn; `isFirst` where the page showed a message until now. */
  onData(data: Ready, isFirst: boolean): void;
  /** A message stands in place of numbers: what was shown is to be forgotten. */
  onNoData(): void;
  /** Another selection is to be marked. */
  onSelection(): void;
  /** Colours are to be chosen again. */
  onTheme(theme: Theme): void;
  /** The picture's element has another size. */
  onResize(): void;
}

/** In client coordinates. */
export interface ClientPoint {
  readonly x: number;
  readonly y: number;
}

export interface FrameOptions {
  /** What cannot be drawn where drawing fails: `The heatmap`. */
  readonly name: string;
  /** A pointer that rests this long selects in the other views too. */
  readonly hoverMilliseconds: number;
}

/** `State` is what the host sends: numbers (`Ready`) or a message in place of them. */
export class PanelFrame<Ready extends { readonly kind: 'ready' }, Saved extends object> {
  readonly tooltip = new Tooltip(this.voterActions());
  readonly live = new LiveRegion();
  readonly lock = new ToggleButton({ on: 'Locked', off: 'Lock' }, 'lock', () => {
    this.toggleLock();
  });
  readonly #hover: HoverSelect;
  readonly #selection = new SharedSelection(() => {
    this.#handlers?.onSelection();
  });
  #handlers: FrameHandlers<Ready> | null = null;
  #page: Page | null = null;
  #picture: HTMLElement | null = null;
  #isShown = false;

  constructor(
    private readonly host: Host<Ready | MessageState, Saved, never>,
    private readonly options: FrameOptions,
  ) {
    this.#hover = new HoverSelect(options.hoverMilliseconds);
  }

  get selection(): Selection | null {
    return this.#selection.value;
  }

  get isLocked(): boolean {
    return this.#selection.locked;
  }

  /** Puts the content on the page and listens to host, theme, Escape and the size of `picture`. */
  start(content: HTMLElement, picture: HTMLElement, handlers: FrameHandlers<Ready>): void {
    this.#handlers = handlers;
    this.#page = new Page(
      content,
      (command) => {
        this.host.post({ type: 'command', command });
      },
      this.live.node,
    );
    this.#picture = picture;
    // Behind the picture, so that the keyboard comes from a cell to its buttons.
    picture.after(this.tooltip.node);
    watchTheme((theme) => {
      this.guard(() => {
        handlers.onTheme(theme);
      });
    });
    new ResizeObserver(() => {
      this.guard(() => {
        handlers.onResize();
      });
    }).observe(picture);
    const box = this.tooltip.node;
    // What the keyboard was on is no longer what the user looks at.
    const leaves = ({ relatedTarget }: FocusEvent): void => {
      const isStill = relatedTarget instanceof Node && (box.contains(relatedTarget) || picture.contains(relatedTarget));
      if (!isStill) this.tooltip.hide();
    };
    picture.addEventListener('focusout', leaves);
    box.addEventListener('focusout', leaves);
    // The picture is another one then, though the pointer may still be on it.
    content.addEventListener('change', () => {
      this.leave();
    });
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      if (box.contains(document.activeElement)) picture.focus();
      else if (this.isLocked) this.toggleLock();
      else if (!this.tooltip.isShown) this.#deselect();
      this.tooltip.hide();
    });
    this.host.connect({
      onState: (state, selection) => {
        this.#selection.receive(selection);
        if (state.kind === 'ready') this.#show(state, handlers);
        else this.showMessage(state);
      },
      onSelection: (selection) => {
        if (selection?.offset !== this.selection?.offset) this.#hover.cancel();
        if (this.#selection.receive(selection)) handlers.onSelection();
      },
      onFailure: (error) => {
        this.#fail(error);
      },
    });
  }

  /** Shows a message in place of the numbers. */
  showMessage(message: MessageState): void {
    this.#isShown = false;
    this.#hover.cancel();
    this.tooltip.hide();
    this.#handlers?.onNoData();
    this.#page?.showMessage(message);
  }

  /**
   * To be called when the drawing is done: the lock and the body's attributes say what is shown.
   * @param offset of the chunk that is shown, where that is not always the selected one
   */
  markReady(offset = this.selection?.offset ?? null): void {
    this.lock.set(this.isLocked);
    this.lock.node.title = this.isLocked
      ? 'The selection stays on this chunk. Click or press Escape to follow the caret again.'
      : 'The selection follows the caret. Click to stay on this chunk.';
    this.#page?.markReady(offset);
  }

  /** Draws outside of the host's messages; where it fails, the user sees that, not an old picture. */
  guard(draw: () => void): void {
    try {
      draw();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** The user chose something here; `reveal` also moves the editor there. */
  select(selection: Selection, reveal: boolean): void {
    this.#hover.cancel();
    this.#selection.choose(selection);
    this.host.post({ type: 'select', selection, reveal });
    this.#handlers?.onSelection();
  }

  toggleLock(): void {
    const { selection } = this;
    if (selection !== null) this.select({ ...selection, locked: !selection.locked }, false);
  }

  /** Bit and voter are selected no longer; the chunk is. */
  #deselect(): void {
    const { selection } = this;
    if (selection?.bit != null) this.select({ ...selection, bit: null, voter: null }, false);
  }

  /** The pointer is on something: tells of it, and selects it where the pointer rests, unless the selection is locked. */
  point(event: PointerEvent, lines: readonly string[], select: () => void): void {
    this.tooltip.show(lines, event.clientX, event.clientY);
    if (!this.isLocked) this.#hover.at(event, select);
  }

  /** The pointer is on nothing. */
  unpoint(): void {
    this.#hover.cancel();
    this.tooltip.unpoint();
  }

  /** What was told of is no longer there. */
  leave(): void {
    this.#hover.cancel();
    this.tooltip.hide();
  }

  /**
   * The user chose something: tells of it beside a point in client coordinates.
   * @param tell says it, again whenever there are new numbers
   * @param voter whose buttons stand there too
   */
  keep(tell: () => readonly string[], { x, y }: ClientPoint, voter: VoterAtChunk | null): void {
    this.tooltip.keep(tell, x, y, voter);
  }

  /** The keyboard is on something: tells of it as `keep` does, and to a screen reader. */
  announce(tell: () => readonly string[], point: ClientPoint, voter: VoterAtChunk | null = null): void {
    this.keep(tell, point, voter);
    this.live.say(tell().join(', '));
  }

  /** The menu of VS Code is about to open in the picture: on a voter, or on nothing that it has something for. */
  offerMenu(voter: VoterAtChunk | null): void {
    if (voter === null || this.host.isExported) delete this.#picture!.dataset['vscodeContext'];
    else {
      const context = { webviewSection: VOTER_SECTION, preventDefaultContextMenuItems: true, ...voter };
      this.#picture!.dataset['vscodeContext'] = JSON.stringify(context);
    }
  }

  /** Buttons for a voter. */
  voterActions(): VoterActions {
    return new VoterActions((command, voter) => {
      this.host.post({ type: 'voter', command, voter });
    });
  }

  #show(data: Ready, handlers: FrameHandlers<Ready>): void {
    const isFirst = !this.#isShown;
    this.#isShown = true;
    // Made visible first, so that it can be measured before it is drawn.
    if (isFirst) this.#page?.showContent();
    handlers.onData(data, isFirst);
    this.tooltip.retell();
  }

  #fail(error: unknown): void {
    this.showMessage(drawingFailure(this.options.name, error));
  }
}

/** Whether a key is pressed alone: with Ctrl, Alt or Meta it belongs to the editor. */
export function isPlainKey(event: KeyboardEvent): boolean {
  return !event.ctrlKey && !event.altKey && !event.metaKey;
}
