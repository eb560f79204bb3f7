/** @file The one loaded model: which it is, when it is loaded, and what happens when its process ends. */
import * as vscode from 'vscode';
import { ErrorCode } from '../../model/measures/errorCodes';
import type { ModelSummary } from '../../model/protocol/models';
import { readSettings, setContext } from '../configuration';
import type { DeviceService } from './deviceService';
import { errorSentence, isModelProcessExitError, ModelRequestError } from './errors';
import type { ModelClient } from './modelClient';
import { STARTER } from './modelMemory';
import type { ModelMemory } from './modelMemory';
import type { ModelProcess } from './modelProcess';
import { modelFolderOf } from './modelSetting';
import type { ModelState } from './modelState';
import { diskFolders } from '../workspaceFolders';
import { showError, showWarning } from '../notifications';

export interface ModelServiceOptions {
  readonly process: ModelProcess;
  readonly devices: DeviceService;
  readonly client: ModelClient;
  readonly memory: ModelMemory;
  /** Folder of the starter model, or null where this build has none. */
  readonly starter: string | null;
  /** Where what is found out about the starter model is kept: its own folder belongs to the extension's installation. */
  readonly starterFindings: string;
  /** One sentence where models cannot run on this platform, else null. */
  readonly engineProblem: string | null;
  readonly log: vscode.LogOutputChannel;
}

export class ModelService implements vscode.Disposable {
  #state: ModelState = { kind: 'none', message: null };
  /** The load in progress. */
  #loading: Promise<ModelSummary> | undefined;
  /** Grows with each choice of a model: what an older load brings is dropped. */
  #choice = 0;
  readonly #didChange = new vscode.EventEmitter<ModelState>();

  constructor(private readonly options: ModelServiceOptions) {
    options.process.onDidCrash(({ device }) => {
      options.devices.fail(device);
      this.#reloadAfterCrash();
    });
  }

  readonly onDidChange = this.#didChange.event;

  get state(): ModelState {
    return this.#state;
  }

  get starter(): string | null {
    return this.options.starter;
  }

  /** Where statistics, names and notes of a model's voters are kept, where that is not its own folder. */
  findings(folder: string): { readonly findings?: string } {
    return folder === this.options.starter ? { findings: this.options.starterFindings } : {};
  }

  /** One sentence where models cannot run on this platform, else null. */
  get engineProblem(): string | null {
    return this.options.engineProblem;
  }

  /** Decides which model to use; it is loaded when it is first needed. */
  choose(): void {
    const folder = this.#chosenFolder();
    // The one that is there or on its way is the right one.
    if (folder !== null && (this.#state.kind === 'ready' || this.#state.kind === 'loading')) {
      if (this.#state.folder === folder) return;
    }
    this.#choice++;
    if (folder !== null) this.#set({ kind: 'idle', folder });
    else this.#set({ kind: 'none', message: this.#reasonForNone() });
  }

  /** The loaded model; loads the chosen one when it is not yet there. Null where there is none or it cannot be loaded. */
  async ensure(): Promise<ModelSummary | null> {
    const state = this.#state;
    switch (state.kind) {
      case 'ready':
        return state.model;
      case 'none':
      case 'error':
        return null;
      case 'loading':
        return (await this.#loading?.catch(() => null)) ?? null;
      case 'idle':
        return this.load(state.folder).catch((error: unknown) => this.#tell(error));
    }
  }

  /**
   * Loads the model of a folder in place of the present one, which stays when this one cannot be read.
   * @throws ModelRequestError, ModelProcessExitError with a sentence for the user
   */
  load(folder: string): Promise<ModelSummary> {
    const { engineProblem, starter } = this.options;
    if (engineProblem !== null) return Promise.reject(new ModelRequestError(engineProblem, ErrorCode.badModel));
    if (!vscode.workspace.isTrusted && folder !== starter) {
      return Promise.reject(
        new ModelRequestError(
          'This workspace is not trusted, so only the starter model can be loaded: trust the workspace to load others.',
          ErrorCode.badModel,
        ),
      );
    }
    const before = this.#state;
    const choice = ++this.#choice;
    this.#set({ kind: 'loading', folder });
    const loading = this.#load(folder, choice, before);
    this.#loading = loading;
    return loading;
  }

  /**
   * Loads as `load` does, and remembers that this workspace wants this model.
   * @throws ModelRequestError, ModelProcessExitError with a sentence for the user
   */
  async use(folder: string): Promise<ModelSummary> {
    const { memory, starter } = this.options;
    const model = await this.load(folder);
    await memory.setModel(folder === starter ? STARTER : folder);
    if (folder !== starter) await memory.addRecent(folder);
    return model;
  }

  /** Tries the present model again, after an error or when its files have changed. */
  async reload(): Promise<void> {
    this.options.process.reset();
    const state = this.#state;
    if (state.kind === 'none') {
      this.choose();
      await this.ensure();
    } else await this.load(state.folder);
  }

  /** Frees the model and its process, and remembers that this workspace wants none. */
  async unload(): Promise<void> {
    this.#choice++;
    this.options.process.stop();
    this.#set({ kind: 'none', message: null });
    await this.options.memory.setModel(null);
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  async #load(folder: string, choice: number, before: ModelState): Promise<ModelSummary> {
    const { client, log, process, devices } = this.options;
    const { threads } = readSettings();
    try {
      let model: ModelSummary;
      for (;;) {
        try {
          // After a crash it may be another one.
          const device = devices.device('answering');
          process.use(device);
          model = await client.ask('model/load', { folder, ...this.findings(folder), device, threads });
          break;
        } catch (error) {
          if (!isModelProcessExitError(error) || process.exhausted || choice !== this.#choice) throw error;
        }
      }
      log.info(`Loaded ${folder}: checkpoint ${model.checkpoint}, ${model.parameters} parameters, ${model.device}.`);
      if (model.notice !== undefined) {
        log.warn(model.notice);
        void showWarning(model.notice);
      }
      if (choice === this.#choice) this.#set({ kind: 'ready', folder, model });
      return model;
    } catch (error) {
      const message = errorSentence(error);
      // The model process keeps the model it has until another is read in full, so that one stays usable.
      if (choice === this.#choice) {
        const kept = before.kind === 'ready' && before.folder !== folder && !isModelProcessExitError(error);
        this.#set(kept ? before : { kind: 'error', folder, message });
      }
      throw error;
    }
  }

  /** The setting's model, else the one that this workspace used last, else the starter model. */
  #chosenFolder(): string | null {
    const { memory, starter, engineProblem } = this.options;
    if (engineProblem !== null) return null;
    // A folder that an untrusted workspace names, or holds, is not opened.
    if (!vscode.workspace.isTrusted) return starter;
    const configured = this.#configured();
    if (configured !== null) return 'folder' in configured ? configured.folder : null;
    const remembered = memory.model;
    return remembered === undefined || remembered === STARTER ? starter : remembered;
  }

  /** The setting's folder, or why it names none; null where it is empty, or the workspace not trusted. */
  #configured(): ReturnType<typeof modelFolderOf> | null {
    const { model } = readSettings();
    if (model === '' || !vscode.workspace.isTrusted) return null;
    return modelFolderOf(model, diskFolders()[0]?.uri.fsPath ?? null);
  }

  /** The sentence for having no model, or null where the user wanted none. */
  #reasonForNone(): string | null {
    if (this.options.engineProblem !== null) return this.options.engineProblem;
    const configured = this.#configured();
    if (configured !== null && 'problem' in configured) return configured.problem;
    return this.options.starter === null ? 'This build holds no starter model: load or train one.' : null;
  }

  #reloadAfterCrash(): void {
    // A load in progress tries again by itself.
    if (this.#state.kind !== 'ready') return;
    this.load(this.#state.folder).catch((error: unknown) => this.#tell(error));
  }

  /** For a load that nobody waits for: its state keeps the sentence, and the user reads it once. */
  #tell(error: unknown): null {
    const sentence = errorSentence(error);
    this.options.log.error(sentence);
    const load = 'Load Model…';
    void showError(sentence, load).then((choice) => {
      if (choice === load) void vscode.commands.executeCommand('smuggler.loadModel');
    });
    return null;
  }

  #set(state: ModelState): void {
    this.#state = state;
    setContext('smuggler.modelLoaded', state.kind === 'ready');
    this.#didChange.fire(state);
  }
}
