/** @file A page that draws when a test says so, and a panel's frame to it. */
import type * as vscode from 'vscode';
import { Channel } from '../../../../../extension/panels/frame/channel';
import type { PanelContent, PanelFrame } from '../../../../../extension/panels/frame/panelFrame';
import type { HostMessage, Selection } from '../../../../../model/protocol/panels/messages';
import type { PageName, Panels } from '../../../../../model/protocol/panels/panels';

export function selected(offset: number): Selection {
  return { offset, bit: null, voter: null, locked: false };
}

export class SlowPage<P extends PageName> {
  /** What the page was sent and has not drawn yet. */
  readonly queue: HostMessage<Panels[P]['state']>[] = [];
  /** What it has drawn. */
  readonly shown: HostMessage<Panels[P]['state']>[] = [];
  readonly latencies: number[] = [];
  readonly channel: Channel<P>;
  /** What a panel's content shows, where the test has one. */
  content: PanelContent<P> | null = null;
  /** What is selected, and when the caret came there. */
  selection: Selection | null = null;
  movedAt: number | null = null;
  #say: (message: unknown) => void = () => undefined;

  constructor() {
    const webview = {
      postMessage: (message: HostMessage<Panels[P]['state']>) => Promise.resolve(this.queue.push(message) > 0),
      onDidReceiveMessage: (listener: (message: unknown) => void) => {
        this.#say = listener;
        return { dispose: () => undefined };
      },
    } as unknown as vscode.Webview;
    this.channel = new Channel<P>(webview, {
      onReady: () => {
        this.content?.forget?.();
        void this.content?.show();
      },
      onDrawn: (milliseconds) => {
        this.latencies.push(Math.round(milliseconds));
        this.content?.drawn?.();
      },
    });
  }

  /** The page is there, or there anew. */
  ready(): void {
    this.#say({ type: 'ready' });
  }

  /** It draws the first of what it was sent. */
  draw(): void {
    const message = this.queue.shift()!;
    this.shown.push(message);
    this.#say({ type: 'drawn', version: message.version });
  }

  /** It draws all that it is sent. */
  drawAll(): void {
    while (this.queue.length > 0) this.draw();
  }

  /** The states that it has drawn and those that it was sent. */
  get states(): Panels[P]['state'][] {
    return [...this.shown, ...this.queue].flatMap((message) => (message.type === 'state' ? [message.state] : []));
  }

  /** What a panel's content knows of its frame. */
  get frame(): PanelFrame<P> {
    const { channel } = this;
    const frame = {
      get ready() {
        return channel.ready;
      },
      keep: () => undefined,
      describe: () => undefined,
      refresh: () => void this.content?.show(),
      takeMoveTime: () => {
        const { movedAt } = this;
        this.movedAt = null;
        return movedAt;
      },
      post: (state: Panels[P]['state'], movedAt: number | null = null) => {
        channel.postState(state, this.selection, movedAt);
      },
      postPart: (state: Panels[P]['state'], movedAt: number | null = null) => {
        channel.postPart(state, this.selection, movedAt);
      },
      postSelection: (movedAt: number | null = null) => {
        channel.postSelection(this.selection, movedAt);
      },
    };
    return frame as unknown as PanelFrame<P>;
  }
}
