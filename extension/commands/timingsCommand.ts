/** @file Show Timings: the latencies that were measured, as a read-only document that is brought up to date each time it is asked for. */
import { cpus } from 'node:os';
import * as vscode from 'vscode';
import type { ModelService } from '../modelProcess/modelService';
import { TIMINGS_SCHEME } from '../timings';
import type { Timings } from '../timings';
import { timingsText } from './timingsText';

const ADDRESS = vscode.Uri.from({ scheme: TIMINGS_SCHEME, path: 'SMUGGLER Timings' });

export class TimingsCommand implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #didChange = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#didChange.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(TIMINGS_SCHEME, this);

  /** @param version the extension's */
  constructor(
    private readonly timings: Timings,
    private readonly models: ModelService,
    private readonly version: string,
  ) {}

  async show(): Promise<void> {
    this.#didChange.fire(ADDRESS);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(ADDRESS), { preview: true });
  }

  provideTextDocumentContent(): string {
    const { state } = this.models;
    const model = state.kind === 'ready' ? state.model : null;
    const processors = cpus();
    return timingsText(this.timings.summary(), [
      `SMUGGLER Inspector ${this.version}, VS Code ${vscode.version}`,
      `${process.platform}-${process.arch}, ${processors.length} × ${processors[0]?.model ?? 'processor'}`,
      model === null ? 'No model is loaded.' : `${model.name}, checkpoint ${model.checkpoint}, on ${model.device}`,
    ]);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#didChange.dispose();
  }
}
