/** @file A model written for other programs: one ONNX file, or a copy of its folder in float32 or float16. Whole or not at all. */
import { copyFile, readdir, rename, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { atomicWrite, syncFolder, unless, withTemporary } from '../checkpoint/atomicWrite';
import { told } from '../files/fileSystemError';
import type { ModelFolder } from '../checkpoint/modelFolder';
import { readModelFolder, writeModelFolder } from '../checkpoint/modelFolder';
import { ErrorCode } from '../measures/errorCodes';
import type { ExportedModel, ExportModelParams } from '../protocol/models';
import { exportOnnx } from '../runtime/exportOnnx';
import { RequestError } from './requestErrors';

const CARD = 'card.md';

/** Bytes of a file, or of the files of a folder. */
async function bytesOf(place: string): Promise<number> {
  const facts = await stat(place);
  if (!facts.isDirectory()) return facts.size;
  const sizes = await Promise.all(
    (await readdir(place)).map(async (name) => (await stat(path.join(place, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Puts a new folder in a place where there is none, or an empty one. */
async function writeFolder(place: string, model: ModelFolder, dtype: 'F32' | 'F16'): Promise<void> {
  const entries = await told('read', place, () => readdir(place).catch(unless('ENOENT')));
  if (entries !== undefined && entries.length > 0) {
    throw new RequestError(ErrorCode.badRequest, `${place} is not empty; choose a folder that does not exist yet.`);
  }
  await told('write', place, () =>
    withTemporary(place, async (temporary) => {
      await writeModelFolder(temporary, model, { dtype });
      await copyFile(path.join(model.path, CARD), path.join(temporary, CARD)).catch(unless('ENOENT'));
      // Windows renames no folder over another one, not even an empty one.
      if (entries !== undefined) await rmdir(place);
      await rename(temporary, place);
      await syncFolder(path.dirname(place));
    }),
  );
}

/**
 * Writes the model of a folder to another place.
 * @param checkpoint what is loaded: a folder that holds another one by now is not exported in its name
 * @throws RequestError, ModelFolderError, FileSystemError; nothing is left half written
 */
export async function exportModel(
  folder: string,
  checkpoint: string,
  { format, place }: ExportModelParams,
): Promise<ExportedModel> {
  const model = await readModelFolder(folder);
  if (model.checkpoint !== checkpoint) {
    throw new RequestError(
      ErrorCode.badRequest,
      `${folder} holds checkpoint ${model.checkpoint} by now, but ${checkpoint} is loaded; reload the model and export it then.`,
    );
  }
  if (format === 'onnx') await atomicWrite(place, exportOnnx(model.config, model.parameters));
  else await writeFolder(place, model, format === 'float16' ? 'F16' : 'F32');
  return { checkpoint, bytes: await bytesOf(place) };
}
