/** @file Finds and loads the TensorFlow.js that a user has installed: it never comes with the extension. */
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { DeviceError } from '../runtime/onnxSession';
import type { Tf } from './weights';

export const TENSORFLOW_PACKAGE = '@tensorflow/tfjs-node-gpu';

/**
 * Folders in whose node_modules the package is looked for: the one that users are told to install it into, and that of
 * this program, so that a checkout may have it. Not the workspace: its code is not run because it is there.
 */
function installationFolders(): string[] {
  return [path.join(homedir(), '.smuggler'), path.dirname(process.argv[1] ?? process.execPath)];
}

/** The first sentence of what went wrong, on one line. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split('\n', 1)[0]!.replace(/\s+/g, ' ').trim();
  return line.replace(/\.+$/, '') || 'no reason was given';
}

/**
 * Loads TensorFlow.js with its native backend.
 * @param folders where to look, in this order; also in what NODE_PATH names
 * @throws DeviceError where it is missing, or does not load
 */
export function loadTensorflow(folders: readonly string[] = installationFolders()): Tf {
  for (const folder of folders) {
    // Only the folder matters: requests are resolved as if from a file in it.
    const require = createRequire(path.join(folder, 'program.js'));
    let file: string;
    try {
      file = require.resolve(TENSORFLOW_PACKAGE);
    } catch {
      continue;
    }
    try {
      return require(file) as Tf;
    } catch (error) {
      throw new DeviceError(
        `The device "tensorflow" cannot be used, since ${file} does not load: ${reasonOf(error)}.`,
        { cause: error },
      );
    }
  }
  throw new DeviceError(
    `The device "tensorflow" needs ${TENSORFLOW_PACKAGE}, which is not installed: run "npm install --prefix ${path.join('~', '.smuggler')} ${TENSORFLOW_PACKAGE}", then try again.`,
  );
}
