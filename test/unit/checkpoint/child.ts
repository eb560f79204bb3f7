/** @file Builds the program of `saver.ts` for tests that run it in a process of its own. */
import { buildSync } from 'esbuild';
import path from 'node:path';

/** Bundles `saver.ts` into `folder` and returns the path of the program. */
export function buildSaver(folder: string): string {
  const program = path.join(folder, 'saver.mjs');
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'saver.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
  });
  return program;
}
