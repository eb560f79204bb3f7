/** @file What the Specialization panel shows, the map of a bit or the table of all voters; kept for the workspace. */
import * as vscode from 'vscode';
import type { MapFace } from '../../../model/protocol/panels/specialization';

const FACE = 'smuggler.specializationFace';

export class ShownFace implements vscode.Disposable {
  readonly #didChange = new vscode.EventEmitter<MapFace>();

  constructor(private readonly memory: vscode.Memento) {}

  readonly onDidChange = this.#didChange.event;

  get face(): MapFace {
    return this.memory.get<MapFace>(FACE) ?? 'map';
  }

  async set(face: MapFace): Promise<void> {
    if (face === this.face) return;
    await this.memory.update(FACE, face);
    this.#didChange.fire(face);
  }

  dispose(): void {
    this.#didChange.dispose();
  }
}
