/** @file A model that is ready to answer: read from its folder, compiled on its device. */
import { basename } from 'node:path';
import { readModelFolder } from '../checkpoint/modelFolder';
import { DepthLens } from '../depth/depthLens';
import { Attention } from '../inspection/attention';
import { Inspector } from '../inspection/inspector';
import { Overview } from '../inspection/overview';
import { votersPerBit } from '../network/config';
import { parameterCount } from '../network/parameters';
import { VoterHead } from '../network/voterHead';
import { ErrorCode } from '../measures/errorCodes';
import type { LoadParams, ModelSummary } from '../protocol/models';
import type { Device, TrainingDevice } from '../runtime/device';
import { answeringDevice, isTrainingDevice } from '../runtime/device';
import { Inference } from '../runtime/inference';
import { isDeviceError } from '../runtime/onnxSession';
import { chooseThreads } from '../training/plan';
import { RequestError } from './requestErrors';

export interface LoadedModel {
  readonly folder: string;
  /** Where statistics, names and notes are kept. */
  readonly findings: string;
  readonly checkpoint: string;
  readonly inference: Inference;
  readonly head: VoterHead;
  readonly inspector: Inspector;
  readonly overview: Overview;
  readonly attention: Attention;
  readonly depth: DepthLens;
}

/**
 * Reads and compiles a model. A device that cannot run it is replaced by the CPU, and the summary says so.
 * @throws RequestError, ModelFolderError, FileSystemError, DeviceError, RuntimeMissingError
 */
export async function loadModel(params: LoadParams): Promise<{ model: LoadedModel; summary: ModelSummary }> {
  const { folder, findings = folder, threads } = params;
  const device = requireDevice(params.device);
  const { config, parameters, checkpoint, steps } = await readModelFolder(folder);
  const create = (on: Device) => Inference.create(config, parameters, { device: on, threads: chooseThreads(threads) });
  let used: Device = device;
  let notice: string | undefined;
  const inference = await create(device).catch((error: unknown) => {
    if (device === 'cpu' || !isDeviceError(error)) throw error;
    used = 'cpu';
    notice = `${error.message.replace(/\.?\s*$/, '')}; the CPU is used instead.`;
    return create('cpu');
  });
  // Compiles what every hover and completion runs, so that the first is as quick as the others.
  await inference.hidden(new Uint8Array(4 * config.context_chunks), 1);
  await inference.warmUpWindows();
  const head = new VoterHead(config, parameters, inference.temperatures);
  const model = { folder, findings, checkpoint, inference, head };
  return {
    model: {
      ...model,
      inspector: new Inspector(model),
      overview: new Overview(model),
      attention: new Attention(model),
      depth: new DepthLens(model),
    },
    summary: {
      folder,
      name: basename(folder),
      checkpoint,
      config,
      parameters: parameterCount(config),
      steps,
      temperatures: inference.temperatures,
      votersPerBit: votersPerBit(config),
      device: used,
      ...(notice === undefined ? {} : { notice }),
    },
  };
}

/** @throws RequestError where there is no device of this name */
export function requireTrainingDevice(name: string): TrainingDevice {
  if (isTrainingDevice(name)) return name;
  throw new RequestError(
    ErrorCode.badRequest,
    `"${name}" is not a device; choose cpu, webgpu, cuda, dml, coreml or tensorflow.`,
  );
}

/**
 * Where models answer: the device, or the CPU for one that only trains.
 * @throws RequestError where there is no device of this name
 */
export function requireDevice(name: string): Device {
  return answeringDevice(requireTrainingDevice(name));
}
