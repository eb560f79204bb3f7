// Makes ready what the integration tests need: tools, the built extension, and the suites as one program, in a folder of this run's own.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { buildPrograms } from '../../scripts/build.mjs';
import { ROOT } from '../../scripts/lib/command.mjs';
import { ensureChromium, ensureCodeServer } from '../../scripts/lib/tools.mjs';

const SUITES = path.join(import.meta.dirname, 'suites');

/** In place of suites: lets a test outside evaluate functions in the extension host, for as long as that lives. */
const DRIVER = `
  import { activate } from '../e2e/driver/driver.js';
  export function run() { activate({ subscriptions: [] }); return new Promise(() => undefined); }
`;

/** Source of a module with run(), which VS Code calls inside the extension host. */
function entry() {
  const names = readdirSync(SUITES)
    .filter((name) => name.endsWith('.test.ts'))
    .filter((name) => name.includes(process.env['SUITE'] ?? ''))
    .sort();
  const lines = names.flatMap((name, i) => [
    `import { tests as tests${i} } from './suites/${name.slice(0, -3)}';`,
    `suites.push([${JSON.stringify(name.slice(0, -8))}, tests${i}]);`,
  ]);
  return [
    `import { runHostTests } from './testing';`,
    'const suites = [];',
    ...lines,
    'export async function run() { for (const [name, tests] of suites) await runHostTests(name, tests); }',
  ].join('\n');
}

/** @param {import('vitest/node').TestProject} project */
export async function setup(project) {
  const tools = await ensureCodeServer();
  const chromium = await ensureChromium();
  const output = path.join(ROOT, 'test/output');
  mkdirSync(output, { recursive: true });
  const extension = mkdtempSync(path.join(output, 'integration-'));
  await buildPrograms({ production: false, outdir: path.join(extension, 'out') });
  copyFileSync(path.join(ROOT, 'package.json'), path.join(extension, 'package.json'));
  for (const name of ['media', 'node_modules']) {
    symlinkSync(path.join(ROOT, name), path.join(extension, name), 'junction');
  }
  const program = path.join(extension, 'suites.js');
  const driver = path.join(extension, 'driver.js');
  const options = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'onnxruntime-node'],
    sourcemap: 'inline',
    tsconfigRaw: {},
  };
  const suites = { contents: entry(), resolveDir: import.meta.dirname, loader: 'ts' };
  await build({ ...options, stdin: suites, outfile: program });
  await build({ ...options, stdin: { ...suites, contents: DRIVER }, outfile: driver });
  project.provide('codeServer', tools.codeServer);
  project.provide('node', tools.node);
  project.provide('chromium', chromium);
  project.provide('output', output);
  project.provide('extensions', '');
  project.provide('integrationProgram', program);
  project.provide('integrationDriver', driver);
  project.provide('integrationExtension', extension);
  project.provide('repository', ROOT);
  return () => {
    rmSync(extension, { recursive: true, force: true });
  };
}
