/** @file A model on disk (SPEC section 6): `config.json`, `model.safetensors`, and the state to train on. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ModelConfig } from '../network/config';
import { isConfigError, parseConfig } from '../network/config';
import type { Parameters } from '../network/parameters';
import { parameterCount, parameterShapes } from '../network/parameters';
import { duplicateKey } from '../files/duplicateKey';
import { isFileSystemError } from '../files/fileSystemError';
import { firstNotFinite, parametersOf, tensorsOf } from './parameterTensors';
import { readRegularFile } from '../files/readRegularFile';
import type { Safetensors } from './safetensors';
import { MOST_HEADER_BYTES, decodeSafetensors, encodeSafetensors, isSafetensorsError } from './safetensors';
import type { TrainingState } from './trainingState';
import { decodeTrainingState, encodeTrainingState, isCount } from './trainingState';
import { finishReplacement, replaceFiles } from './transaction';

export type { TrainingState } from './trainingState';

/** A model folder that cannot be used; the message names the file, the key or tensor, what was found and expected. */
export class ModelFolderError extends Error {
  override readonly name = 'ModelFolderError';
}

export function isModelFolderError(error: unknown): error is ModelFolderError {
  return error instanceof ModelFolderError;
}

const CONFIG = 'config.json';
const MODEL = 'model.safetensors';
const OPTIMIZER = 'optimizer.safetensors';

export interface ModelFolder {
  readonly path: string;
  readonly config: ModelConfig;
  readonly parameters: Parameters;
  /** First 12 hex digits of the SHA-256 of `model.safetensors`. */
  readonly checkpoint: string;
  /** Steps trained, null where the file does not say. */
  readonly steps: number | null;
}

/** What {@link writeModelFolder} writes. */
export type Model = Pick<ModelFolder, 'config' | 'parameters' | 'steps'>;

/**
 * Reads a model folder; an interrupted save in it is finished first. What is returned is of one save, also where another
 * process replaces the model meanwhile.
 * @throws ModelFolderError where a file is missing or not what the configuration asks
 * @throws FileSystemError where a file cannot be read
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  await finishReplacement(folder);
  const file = path.join(folder, CONFIG);
  for (let before = await readPart(file, MOST_CONFIG_BYTES); ;) {
    // The save that this configuration is of has its weights in place by then …
    await finishReplacement(folder);
    const [model] = await Promise.allSettled([checked(() => readWeights(folder, before))]);
    // … and the one that the weights are of its configuration.
    await finishReplacement(folder);
    const after = await readPart(file, MOST_CONFIG_BYTES);
    if (before.equals(after)) {
      if (model.status === 'rejected') throw model.reason;
      return model.value;
    }
    before = after;
  }
}

async function readWeights(folder: string, configuration: Uint8Array): Promise<ModelFolder> {
  const [configFile, file] = [path.join(folder, CONFIG), path.join(folder, MODEL)];
  const config = parseConfig(decodeJson(configuration, configFile), configFile);
  const buffer = await readPart(file, mostBytes(parameterCount(config)));
  const content = decodeSafetensors(buffer, file);
  return {
    path: folder,
    config,
    parameters: parametersOf(content.tensors, parameterShapes(config), file),
    checkpoint: checkpointOf(buffer),
    steps: stepsOf(content, file),
  };
}

function stepsOf({ metadata }: Safetensors, file: string): number | null {
  const text = metadata.get('steps');
  if (text === undefined) return null;
  const steps = Number(text);
  if (text === '' || !isCount(steps)) {
    throw new ModelFolderError(
      `${file}: metadata "steps" is ${JSON.stringify(text)}, expected a non-negative integer.`,
    );
  }
  return steps;
}

function checkpointOf(file: Uint8Array): string {
  return createHash('sha256').update(file).digest('hex').slice(0, 12);
}

/** Room for any `config.json`. */
const MOST_CONFIG_BYTES = 1_000_000;

/** The largest file that so many values in float32 can make. */
function mostBytes(values: number): number {
  return 4 * values + MOST_HEADER_BYTES;
}

async function readPart(file: string, most: number): Promise<Buffer> {
  try {
    return await readRegularFile(file, most);
  } catch (error) {
    if (!isFileSystemError(error) || error.code !== 'ENOENT') throw error;
    throw new ModelFolderError(`${file}: the file is missing, expected a model folder with ${CONFIG} and ${MODEL}.`);
  }
}

function decodeJson(bytes: Uint8Array, file: string): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelFolderError(`${file}: found text that is not JSON (${reason}), expected an object of keys.`);
  }
  const twice = duplicateKey(text);
  if (twice === null) return value;
  throw new ModelFolderError(`${file}: key ${JSON.stringify(twice)} is there twice in one object, expected once.`);
}

/** Tells what is wrong within a file as a {@link ModelFolderError}. */
async function checked<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (isSafetensorsError(error) || isConfigError(error)) throw new ModelFolderError(error.message, { cause: error });
    throw error;
  }
}

/**
 * Writes a model, its two files as one transaction. Training state that lies in the folder is left, and no longer
 * belongs to the model.
 * @throws ModelFolderError where a value is not finite, or does not fit float16
 * @throws FileSystemError where the folder cannot be written; what was in it still stands
 */
export async function writeModelFolder(
  folder: string,
  model: Model,
  { dtype = 'F32' }: { readonly dtype?: 'F32' | 'F16' } = {},
): Promise<void> {
  await replaceFiles(folder, modelFiles(folder, model, dtype));
}

function modelFiles(folder: string, model: Model, dtype: 'F32' | 'F16'): Map<string, Uint8Array | string> {
  const file = path.join(folder, MODEL);
  for (const [name, { data }] of model.parameters) {
    const odd = firstNotFinite(data);
    if (odd >= 0) {
      throw new ModelFolderError(
        `${file}: tensor "${name}" holds ${data[odd]} at element ${odd}, expected only finite numbers; it was not saved.`,
      );
    }
    const large = dtype === 'F16' ? data.findIndex((value) => Math.abs(value) >= HALF_OVERFLOW) : -1;
    if (large >= 0) {
      throw new ModelFolderError(
        `${file}: tensor "${name}" holds ${data[large]} at element ${large}, expected at most 65504 in float16; write it as float32.`,
      );
    }
  }
  const metadata = new Map(model.steps === null ? [] : [['steps', String(model.steps)]]);
  return new Map<string, Uint8Array | string>([
    [CONFIG, `${JSON.stringify(model.config, null, 2)}\n`],
    [MODEL, encodeSafetensors(tensorsOf(model.parameters, dtype), metadata)],
  ]);
}

/** The least magnitude that float16 rounds to infinity. */
const HALF_OVERFLOW = 65520;

/**
 * Saves a model (float32) and its training state as one transaction: a kill at any moment leaves the old pair or the
 * new one.
 * @throws ModelFolderError where a weight is not finite: the last good save then still stands
 * @throws FileSystemError where the folder cannot be written: likewise
 */
export async function saveCheckpoint(folder: string, model: Model, state: TrainingState): Promise<void> {
  const files = modelFiles(folder, model, 'F32');
  const checkpoint = checkpointOf(files.get(MODEL) as Uint8Array);
  await replaceFiles(folder, files.set(OPTIMIZER, encodeTrainingState(state, checkpoint)));
}

/**
 * Reads the training state beside a model; an interrupted save is finished first. Who means to train on holds the
 * folder's lock: another process that saved meanwhile would make the pair look mixed.
 * @throws ModelFolderError where it is missing, broken, or belongs to another model than the one beside it
 * @throws FileSystemError where a file cannot be read
 */
export async function readTrainingState(folder: string): Promise<TrainingState> {
  const model = await readModelFolder(folder);
  return checked(async () => {
    const file = path.join(folder, OPTIMIZER);
    const buffer = await readPart(file, mostBytes(2 * parameterCount(model.config)));
    return decodeTrainingState(decodeSafetensors(buffer, file), model, file);
  });
}
