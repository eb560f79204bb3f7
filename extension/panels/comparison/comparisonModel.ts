/** @file The second model of a comparison: loaded beside the first in the process that answers, for as long as the panel is open. */
import * as vscode from 'vscode';
import { ErrorCode } from '../../../model/measures/errorCodes';
import type { ModelSummary } from '../../../model/protocol/models';
import { readSettings } from '../../configuration';
import { isModelProcessExitError, isModelRequestError, ModelRequestError } from '../../modelProcess/errors';
import type { Services } from '../../editor/services';

export class SecondModel implements vscode.Disposable {
  #opened: { readonly folder: string; readonly model: Promise<ModelSummary> } | null = null;

  constructor(private readonly services: Pick<Services, 'client' | 'models'>) {}

  /**
   * The model of a folder, loaded when it is not yet there. One that could not be loaded is not tried again before `forget`.
   * @throws ModelRequestError, ModelProcessExitError with a sentence for the user
   */
  ensure(folder: string): Promise<ModelSummary> {
    if (this.#opened?.folder === folder) return this.#opened.model;
    const { client, models } = this.services;
    if (!vscode.workspace.isTrusted && folder !== models.starter) {
      return Promise.reject(
        new ModelRequestError(
          'This workspace is not trusted, so no other model can be loaded to compare with: trust the workspace first.',
          ErrorCode.badModel,
        ),
      );
    }
    const { threads } = readSettings();
    // Where the loaded model runs: numbers of two devices differ in their last digits.
    const device = models.state.kind === 'ready' ? models.state.model.device : 'cpu';
    const model = client.ask('comparison/open', { folder, device, threads });
    const opened = { folder, model };
    this.#opened = opened;
    model.catch((error: unknown) => {
      if (isModelProcessExitError(error) && this.#opened === opened) this.#opened = null;
    });
    return model;
  }

  /** The process that held it may be gone, or its files are others: it is loaded again when it is next needed. */
  forget(): void {
    this.#opened = null;
  }

  /**
   * Asks something that needs the model of a folder; once more where the process has been restarted without it.
   * @param folder null where the loaded model is compared with itself
   */
  async with<R>(folder: string | null, ask: () => Promise<R>): Promise<R> {
    if (folder === null) return ask();
    await this.ensure(folder);
    try {
      return await ask();
    } catch (error) {
      if (!isModelRequestError(error) || error.code !== ErrorCode.noModel) throw error;
      this.forget();
      await this.ensure(folder);
      return ask();
    }
  }

  /** Frees its memory. A process that does not run holds none. */
  dispose(): void {
    const { client, models } = this.services;
    if (this.#opened !== null && models.state.kind === 'ready') {
      client.ask('comparison/close', {}).catch(() => undefined);
    }
    this.#opened = null;
  }
}
