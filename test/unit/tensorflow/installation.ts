/** @file A TensorFlow.js as a person would have it installed, made of the core and its CPU backend, which need no native code. */
import { buildSync } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TENSORFLOW_PACKAGE } from '../../../model/tensorflow/library';

const ENTRY = `
export * from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
`;

/** Writes a package of the name that is looked for, whose code is `program`, into the node_modules of `folder`. */
export function installPackage(folder: string, program: string): string {
  const place = path.join(folder, 'node_modules', TENSORFLOW_PACKAGE);
  mkdirSync(place, { recursive: true });
  writeFileSync(path.join(place, 'package.json'), JSON.stringify({ name: TENSORFLOW_PACKAGE, main: 'index.js' }));
  const file = path.join(place, 'index.js');
  writeFileSync(file, program);
  return file;
}

/** Installs a TensorFlow.js that works. */
export function installTensorflow(folder: string): void {
  const { outputFiles } = buildSync({
    stdin: { contents: ENTRY, resolveDir: import.meta.dirname },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The core's bundle for Node lacks the gradients, which are modules: everything is taken from the modules.
    mainFields: ['module', 'main'],
  });
  installPackage(folder, outputFiles[0]!.text);
}
