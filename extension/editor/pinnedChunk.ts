/** @file The one chunk that is pinned to be compared with the chunk under the caret. */
import * as vscode from 'vscode';
import type { PinnedChunk } from '../../model/protocol/panels/votes';
import { setContext } from '../configuration';

export class Pin implements vscode.Disposable {
  #chunk: PinnedChunk | null = null;
  readonly #didChange = new vscode.EventEmitter<PinnedChunk | null>();

  readonly onDidChange = this.#didChange.event;

  get chunk(): PinnedChunk | null {
    return this.#chunk;
  }

  /** Pins a chunk with its numbers as they are now, in place of the one before; null unpins. */
  set(chunk: PinnedChunk | null): void {
    if (chunk === this.#chunk) return;
    this.#chunk = chunk;
    setContext('smuggler.chunkPinned', chunk !== null);
    this.#didChange.fire(chunk);
  }

  dispose(): void {
    this.#didChange.dispose();
  }
}
