/** @file The model: processes of their own, one that answers, one that trains, one that gathers statistics and one that makes experiments, and what speaks to them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { SECTION } from './configuration';
import { CrashReports } from './crashReports';
import { exists } from './files';
import type { Installation } from './installation';
import { DeviceService } from './modelProcess/deviceService';
import { DocumentTexts } from './modelProcess/documentTexts';
import { engineProblem } from './modelProcess/engine';
import { ExperimentService } from './modelProcess/experimentService';
import { machineName, Measurements } from './modelProcess/measurements';
import { ModelClient } from './modelProcess/modelClient';
import { ModelMemory } from './modelProcess/modelMemory';
import { ModelProcess } from './modelProcess/modelProcess';
import { ModelService } from './modelProcess/modelService';
import { StatisticsService } from './modelProcess/statisticsService';
import { TrainingService } from './modelProcess/trainingService';
import { WarmUp } from './modelProcess/warmUp';

export interface Models {
  readonly models: ModelService;
  readonly client: ModelClient;
  readonly texts: DocumentTexts;
  readonly memory: ModelMemory;
  readonly devices: DeviceService;
  readonly training: TrainingService;
  readonly statistics: StatisticsService;
  readonly experiments: ExperimentService;
  /** Ids of the processes that run. */
  readonly pids: () => {
    readonly answer: number | null;
    readonly train: number | null;
    readonly experiment: number | null;
  };
}

/** The version of a package that comes with the extension. */
async function packageVersion(folder: string): Promise<string> {
  try {
    return (JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch {
    return 'unknown';
  }
}

/** What files say before anything starts. */
export interface ModelFiles {
  /** Why the engine cannot run here; null where it can. */
  readonly engineProblem: string | null;
  readonly hasStarter: boolean;
  readonly measurements: Measurements;
}

/** Reads what `startModels` needs to know: all that activation waits for. */
export async function readModelFiles({ context, own }: Installation): Promise<ModelFiles> {
  const [problem, hasStarter, measurements] = await Promise.all([
    engineProblem(context.extensionPath, process.platform, process.arch),
    exists(own('media', 'starter')),
    packageVersion(own('node_modules', 'onnxruntime-node')).then((version) =>
      Measurements.read(join(context.globalStorageUri.fsPath, 'measurements.json'), machineName(version)),
    ),
  ]);
  return { engineProblem: problem, hasStarter, measurements };
}

/** Chooses the model, which is loaded a moment before it is needed, and follows settings, trust and devices from then on. */
export function startModels({ context, own, keep, log, timings }: Installation, files: ModelFiles): Models {
  const { hasStarter, measurements } = files;
  if (files.engineProblem !== null) log.warn(files.engineProblem);

  const program = own('out', 'modelProcess.js');
  const answering = keep(new ModelProcess({ program, role: 'answer', log }));
  const trainer = keep(new ModelProcess({ program, role: 'train', log }));
  const statistics = new StatisticsService(keep(new ModelProcess({ program, role: 'train', log })));
  const experiments = keep(new ExperimentService(keep(new ModelProcess({ program, role: 'train', log }))));
  const devices = keep(new DeviceService({ program, measurements, log }));
  const texts = keep(new DocumentTexts());
  const client = new ModelClient(answering, texts, timings);
  const memory = new ModelMemory(context.workspaceState, context.globalState);
  const models = keep(
    new ModelService({
      process: answering,
      devices,
      client,
      memory,
      starter: hasStarter ? own('media', 'starter') : null,
      starterFindings: vscode.Uri.joinPath(context.globalStorageUri, 'starter').fsPath,
      engineProblem: files.engineProblem,
      log,
    }),
  );
  const training = keep(new TrainingService(trainer, devices));

  const crashes = new CrashReports(log);
  answering.onDidCrash((exit) => {
    crashes.report(exit);
  });
  const reload = () => void models.reload().catch(() => undefined);
  keep(
    devices.onDidChange(() => {
      const { state } = models;
      if (state.kind === 'ready' && state.model.device !== devices.device('answering')) reload();
    }),
  );
  keep(
    models.onDidChange(({ kind }) => {
      if (kind === 'ready') void devices.measureForAuto();
    }),
  );
  keep(
    vscode.workspace.onDidCloseTextDocument((document) => {
      client.close(document);
    }),
  );
  keep(
    vscode.workspace.onDidGrantWorkspaceTrust(() => {
      models.choose();
    }),
  );
  keep(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SECTION}.model`)) models.choose();
      else if (event.affectsConfiguration(`${SECTION}.device`) || event.affectsConfiguration(`${SECTION}.threads`)) {
        devices.forgive();
        reload();
      }
    }),
  );
  models.choose();
  keep(new WarmUp(models));
  const pids = () => ({
    answer: answering.pid ?? null,
    train: trainer.pid ?? null,
    experiment: experiments.pid,
  });
  return { models, client, texts, memory, devices, training, statistics, experiments, pids };
}
