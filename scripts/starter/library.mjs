/** @file The model library and the command line, bundled for the scripts that make the starter model. */
import { build } from 'esbuild';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../lib/command.mjs';

const LIBRARY = `
export { withoutExamples, writeStatistics } from './model/checkpoint/statisticsFile';
export { chunksOfFile, corpusStatistics } from './model/inspection/corpusStatistics';
export { readModelFolder, readTrainingState, writeModelFolder } from './model/checkpoint/modelFolder';
export { parameterCount } from './model/network/parameters';
export { Inference } from './model/runtime/inference';
export { evaluate } from './model/training/evaluate';
export { DEFAULT_PRESET, presetNamed } from './model/training/presets';
`;

/** In `out/starter`, so that a build of the extension meanwhile does not change what trains. */
export async function loadModelLibrary() {
  const outdir = path.join(ROOT, 'out/starter');
  // ONNX Runtime reports to its vendor unless this is set before it loads.
  process.env['ORT_DISABLE_TELEMETRY'] = '1';
  const options = {
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node'],
    outdir,
    outExtension: { '.js': '.cjs' },
    absWorkingDir: ROOT,
    tsconfigRaw: {},
    logLevel: 'warning',
  };
  await build({ ...options, entryPoints: { cli: path.join(ROOT, 'model/cli.ts') } });
  await build({
    ...options,
    outdir: undefined,
    outExtension: undefined,
    outfile: path.join(outdir, 'library.cjs'),
    stdin: { contents: LIBRARY, resolveDir: ROOT, loader: 'ts' },
  });
  const { default: library } = await import(pathToFileURL(path.join(outdir, 'library.cjs')).href);
  return { cli: path.join(outdir, 'cli.cjs'), library };
}
