/** @file A TensorFlow.js as a user would have it installed, made of the core and its CPU backend, which need no native code. */
import { buildSync } from 'esbuild';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TENSORFLOW_PACKAGE } from '../../../model/tensorflow/library';

const ENTRY = `
export * from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-backend-cpu';
`;

/**
 * The two kernels of that backend that are approximations fit for float32 alone, as exact as a float64 can be:
 * erf x = 2/√π·e^(−x²)·Σ x·(2x²)ⁿ/(2n+1)!!, and ln(1 + e^x).
 */
const EXACT_KERNELS = `
import { registerKernel, unregisterKernel } from '@tensorflow/tfjs-core';
function erf(x) {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x, sum = x;
  for (let n = 1; n < 150; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return ((2 * sum) / Math.sqrt(Math.PI)) * Math.exp(-x * x);
}
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
for (const [kernelName, f] of [['Erf', erf], ['Softplus', softplus]]) {
  unregisterKernel(kernelName, 'cpu');
  registerKernel({
    kernelName,
    backendName: 'cpu',
    kernelFunc: ({ inputs: { x }, backend }) =>
      backend.makeTensorInfo(x.shape, x.dtype, Float32Array.from(backend.data.get(x.dataId).values, f)),
  });
}
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

/**
 * Installs a TensorFlow.js that works. With `float64` it is one to which every array of float32 is an array of float64, so that all
 * its values, and the gradients from them, are as exact as that.
 */
export function installTensorflow(folder: string, precision: 'float32' | 'float64' = 'float32'): void {
  const exact = precision === 'float64';
  const { outputFiles } = buildSync({
    stdin: { contents: exact ? ENTRY + EXACT_KERNELS : ENTRY, resolveDir: import.meta.dirname },
    write: false,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The core's bundle for Node lacks the gradients, which are modules: everything is taken from the modules.
    mainFields: ['module', 'main'],
    ...(exact ? { define: { Float32Array: 'Float64Array' } } : {}),
  });
  installPackage(folder, outputFiles[0]!.text);
}
