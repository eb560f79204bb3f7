/** @file Export Model…: the loaded model for other programs, written by the model process. */
import path from 'node:path';
import * as vscode from 'vscode';
import { byteSize } from '../../model/measures/numberText';
import type { ModelExportFormat } from '../../model/protocol/models';
import type { ModelClient } from '../modelProcess/modelClient';
import type { ModelService } from '../modelProcess/modelService';
import { makeExportsFolder } from './exportsFolder';
import { loadedModel } from './loadedModel';
import { reportFailure, requireTrust } from './report';
import type { CommandFailure } from './report';
import { showInformation } from '../notifications';

interface FormatItem extends vscode.QuickPickItem {
  readonly format: ModelExportFormat;
}

const FORMATS: readonly FormatItem[] = [
  { format: 'onnx', label: 'ONNX', description: 'one file for any ONNX runtime: bytes in, votes out' },
  { format: 'float32', label: 'safetensors, float32', description: 'a copy of the model folder' },
  { format: 'float16', label: 'safetensors, float16', description: 'a copy of the model folder of half the size' },
];

/** Skips the questions. */
export interface ExportModelArguments {
  readonly format: ModelExportFormat;
  readonly place: string;
}

export interface ModelExportedTo extends ExportModelArguments {
  readonly checkpoint: string;
  readonly bytes: number;
}

export interface ExportModelCommandOptions {
  readonly models: ModelService;
  readonly client: ModelClient;
  readonly log: vscode.LogOutputChannel;
}

export class ExportModelCommand {
  constructor(private readonly options: ExportModelCommandOptions) {}

  async run(given?: Partial<ExportModelArguments>): Promise<ModelExportedTo | CommandFailure | undefined> {
    const { models, client, log } = this.options;
    const distrust = requireTrust('Exporting a model writes to a place of your choice');
    if (distrust !== null) return distrust;
    try {
      const model = await loadedModel(models, log);
      if ('error' in model) return model;
      const format = given?.format ?? (await this.#chooseFormat(model.name));
      if (format === undefined) return undefined;
      const place = given?.place ?? (await this.#choosePlace(model.name, format));
      if (place === undefined) return undefined;
      const { checkpoint, bytes } = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: `SMUGGLER: exporting ${model.name}` },
        () => client.ask('model/export', { format, place }),
      );
      if (given?.place === undefined) {
        void showInformation(`Exported checkpoint ${checkpoint} to ${place} (${byteSize(bytes)}).`);
      }
      return { format, place, checkpoint, bytes };
    } catch (error) {
      return reportFailure(error, log);
    }
  }

  async #chooseFormat(model: string): Promise<ModelExportFormat | undefined> {
    const choice = await vscode.window.showQuickPick(FORMATS, {
      title: `Export ${model}`,
      placeHolder: 'As what',
      matchOnDescription: true,
    });
    return choice?.format;
  }

  /** A file for ONNX; a folder that does not exist yet for the others. */
  async #choosePlace(model: string, format: ModelExportFormat): Promise<string | undefined> {
    const isFile = format === 'onnx';
    const uri = await vscode.window.showSaveDialog({
      title: isFile ? `Export ${model}` : `Export ${model}: a new folder`,
      saveLabel: 'Export',
      defaultUri: vscode.Uri.file(
        path.join(await makeExportsFolder(), isFile ? `${model}.onnx` : `${model}-${format}`),
      ),
      ...(isFile ? { filters: { ONNX: ['onnx'] } } : {}),
    });
    return uri?.fsPath;
  }
}
