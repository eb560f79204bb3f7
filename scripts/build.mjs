/** @file Builds everything that runs (extension, model process, command line, webviews) into out/; `--watch` does it again after every change. */
import { build, context } from 'esbuild';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from './lib/command.mjs';
import { NOTICES, notices } from './lib/notices.mjs';

const entry = (file) => path.join(ROOT, file);

const node = { platform: 'node', format: 'cjs', target: 'node20' };
const browser = { platform: 'browser', target: 'chrome128' };
/** Every folder of webview/ that is a page of its own. */
const WEBVIEWS = readdirSync(entry('webview')).filter((name) => existsSync(entry(`webview/${name}/main.ts`)));

/** One line a program: what it is made from, and how. */
const PROGRAMS = [
  // The extension host provides `vscode`.
  { ...node, entryPoints: { extension: entry('extension/extension.ts') }, external: ['vscode'] },
  // ONNX Runtime loads native libraries that lie beside its own files, so it stays in node_modules.
  { ...node, entryPoints: { modelProcess: entry('model/modelProcess.ts') }, external: ['onnxruntime-node'] },
  {
    ...node,
    entryPoints: { cli: entry('model/cli.ts') },
    external: ['onnxruntime-node'],
    banner: { js: '#!/usr/bin/env node' },
  },
  ...WEBVIEWS.flatMap((name) => [
    { ...browser, format: 'iife', entryPoints: { [`webview/${name}`]: entry(`webview/${name}/main.ts`) } },
    { ...browser, entryPoints: { [`webview/${name}`]: entry(`webview/${name}/main.css`) } },
  ]),
];

/** Where the programs are. */
const OUT = path.join(ROOT, 'out');

/** How esbuild makes a program. */
function optionsOf(program, { production, outdir }) {
  return {
    ...program,
    bundle: true,
    metafile: true,
    outdir,
    minify: production,
    sourcemap: !production,
    legalComments: 'none',
    logLevel: 'warning',
    tsconfigRaw: {},
    absWorkingDir: ROOT,
  };
}

/**
 * Builds all programs.
 * @param {{ production: boolean, outdir: string }} options production: minified, no source maps; else readable with source maps
 * @returns the files that they were made from, relative to the repository
 */
export async function buildPrograms({ production, outdir }) {
  const failed = [];
  const inputs = new Set();
  for (const program of PROGRAMS) {
    const source = Object.values(program.entryPoints)[0];
    // All of them are tried, so that one error does not hide the next; esbuild prints each where it is.
    await build(optionsOf(program, { production, outdir }))
      .then(({ metafile }) => Object.keys(metafile.inputs).forEach((input) => inputs.add(input)))
      .catch(() => failed.push(path.relative(ROOT, source)));
  }
  if (failed.length > 0) throw new Error(`These programs could not be built: ${failed.join(', ')}.`);
  return [...inputs];
}

/**
 * Builds all programs into out/, with the licences of what is in them, and makes the command line known to npx.
 * @param {{ production: boolean }} options production: minified, no source maps; else readable with source maps
 */
export async function buildAll({ production }) {
  rmSync(path.join(OUT, 'webview'), { recursive: true, force: true });
  if (production) {
    for (const name of ['extension', 'modelProcess', 'cli']) rmSync(path.join(OUT, `${name}.js.map`), { force: true });
  }
  writeFileSync(NOTICES, notices(await buildPrograms({ production, outdir: OUT })));
  linkCommandLine();
}

/** Says when a build begins and ends, in the words that VS Code's task waits for (.vscode/tasks.json). */
function announce() {
  let running = 0;
  return {
    name: 'announce',
    setup: ({ onStart, onEnd }) => {
      onStart(() => {
        if (running++ === 0) console.log('Building …');
      });
      onEnd(() => {
        if (--running === 0) console.log(`Built at ${new Date().toLocaleTimeString()}; watching for changes.`);
      });
    },
  };
}

/** Builds all programs, readable and with source maps, again and again as their files change, until it is ended. */
async function watchAll() {
  // What cannot be built yet is built once it can.
  await buildAll({ production: false }).catch((error) => console.error(error.message));
  const plugin = announce();
  for (const program of PROGRAMS) {
    const options = optionsOf(program, { production: false, outdir: OUT });
    await (await context({ ...options, plugins: [plugin] })).watch();
  }
}

/**
 * Makes `npx smuggler` run this checkout's command line. A `bin` key in package.json would not do: npx copies the root
 * package into a cache for that, and finds a program in node_modules/.bin at once.
 */
function linkCommandLine() {
  const program = path.join(OUT, 'cli.js');
  chmodSync(program, 0o755);
  const folder = path.join(ROOT, 'node_modules/.bin');
  mkdirSync(folder, { recursive: true });
  const link = path.join(folder, 'smuggler');
  rmSync(link, { force: true });
  if (process.platform === 'win32') writeFileSync(`${link}.cmd`, '@node "%~dp0\\..\\..\\out\\cli.js" %*\r\n');
  else symlinkSync('../../out/cli.js', link);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    if (process.argv.includes('--watch')) await watchAll();
    else await buildAll({ production: process.argv.includes('--production') });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
