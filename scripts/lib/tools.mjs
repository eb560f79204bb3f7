/** @file A VS Code in the browser and a Chromium to drive it, installed on first use: npm packages into .tools/, the rest from Debian. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, findOnPath, mustRun, run } from './command.mjs';
import { untilUnlocked, withProgress } from './waiting.mjs';

// code-server runs on Node.js 24 only; it gets its own, beside it. One prefix for both does not install.
const NODE_PACKAGE = 'node@24';
const CODE_SERVER_PACKAGE = 'code-server@4.139.1';

const NODE_PREFIX = path.join(ROOT, '.tools/node');
const CODE_PREFIX = path.join(ROOT, '.tools/code-server');

/** Where the tools are, or will be. */
export const TOOL_PATHS = {
  node: path.join(NODE_PREFIX, 'node_modules/node/bin'),
  codeServer: path.join(CODE_PREFIX, 'node_modules/.bin/code-server'),
};

/** What code-server's native modules are compiled with. */
const BUILD_PACKAGES = ['build-essential', 'python3', 'pkg-config', 'libkrb5-dev'];

/** What Debian has, as it was first asked. */
let packageLists;
let lastInstallation = Promise.resolve();

/** Throws an error that says what to install by hand. */
async function installDebianPackages(packages, purpose) {
  const byHand = `Install ${packages.join(', ')} (${purpose}) and run this again.`;
  if (findOnPath('apt-get') === undefined) throw new Error(byHand);
  const root = process.getuid?.() === 0;
  if (!root && (findOnPath('sudo') === undefined || (await run('sudo', ['-n', 'true'])).code !== 0)) {
    throw new Error(`${byHand} As an administrator: apt-get install ${packages.join(' ')}`);
  }
  const apt = (...args) => {
    const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', ...args];
    return untilUnlocked(() => mustRun(root ? command[0] : 'sudo', root ? command.slice(1) : ['-n', ...command]));
  };
  const install = () =>
    withProgress(`Installing ${packages.join(', ')} from Debian (${purpose})`, async () => {
      await (packageLists ??= apt('update'));
      await apt('install', '--yes', '--no-install-recommends', ...packages);
    });
  // apt-get locks what it works on: the next installation waits for the one before, however that ends.
  lastInstallation = lastInstallation.then(install, install);
  try {
    await lastInstallation;
  } catch (error) {
    throw new Error(`${byHand}\n${error.message}`, { cause: error });
  }
}

async function missingDebianPackages(packages) {
  if (findOnPath('dpkg-query') === undefined) return [];
  const { output } = await run('dpkg-query', ['-W', '-f', '${Package} ${Status}\n', ...packages]);
  return packages.filter((name) => !output.includes(`${name} install ok installed`));
}

/** npm's settings for this repository (its prefix, its .npmrc) must not reach the tools' own folders. */
function cleanEnvironment(extraPath) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.toLowerCase().startsWith('npm_')));
  env.PATH = [...(extraPath === undefined ? [] : [extraPath]), process.env.PATH].join(path.delimiter);
  // Native modules are compiled with the headers that came with the running Node.js, where it has them: no download.
  const prefix = path.resolve(path.dirname(process.execPath), '..');
  if (existsSync(path.join(prefix, 'include/node/node_version.h'))) env.npm_config_nodedir = prefix;
  return env;
}

async function installPackage(prefix, spec, env) {
  const marker = path.join(prefix, 'installed');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === spec) return;
  rmSync(prefix, { recursive: true, force: true });
  mkdirSync(prefix, { recursive: true });
  writeFileSync(path.join(prefix, 'package.json'), '{ "private": true }\n');
  await withProgress(`Installing ${spec} into ${path.relative(ROOT, prefix)}/`, () =>
    mustRun('npm', ['install', '--prefix', prefix, '--no-audit', '--no-fund', spec], { cwd: prefix, env }),
  );
  writeFileSync(marker, spec);
}

/**
 * Installs code-server and its Node.js where they are missing.
 * @returns {Promise<typeof TOOL_PATHS>}
 */
export async function ensureCodeServer() {
  const ready = path.join(CODE_PREFIX, 'installed');
  if (!existsSync(ready) || readFileSync(ready, 'utf8') !== CODE_SERVER_PACKAGE) {
    const missing = await missingDebianPackages(BUILD_PACKAGES);
    if (missing.length > 0) await installDebianPackages(missing, 'to compile the native parts of code-server');
  }
  await installPackage(NODE_PREFIX, NODE_PACKAGE, cleanEnvironment());
  await installPackage(CODE_PREFIX, CODE_SERVER_PACKAGE, cleanEnvironment(TOOL_PATHS.node));
  return TOOL_PATHS;
}

/** The path of a Chromium or Chrome; installs Debian's where there is none. CHROMIUM in the environment wins. */
export async function ensureChromium() {
  const find = () => process.env.CHROMIUM ?? findOnPath('chromium', 'chromium-browser', 'google-chrome', 'chrome');
  if (find() === undefined) await installDebianPackages(['chromium', 'fonts-dejavu-core'], 'the browser of the tests');
  const found = find();
  if (found === undefined) throw new Error('Found no Chromium after its installation; name it in CHROMIUM.');
  return found;
}

/**
 * The path of a Chromium without windows, which opens a page twice as fast as the whole one: for pages outside VS Code.
 * HEADLESS_SHELL in the environment wins; where there is neither it nor Debian to install it from, the whole Chromium does.
 */
export async function ensureHeadlessShell() {
  const find = () => process.env.HEADLESS_SHELL ?? findOnPath('chromium-headless-shell');
  if (find() === undefined) {
    const packages = ['chromium-headless-shell', 'fonts-dejavu-core'];
    await installDebianPackages(packages, 'the browser of the webview tests').catch((error) => {
      console.warn(`${error.message}\nThe whole Chromium takes its place, and more time.`);
    });
  }
  return find() ?? ensureChromium();
}

/** Installs git where it is missing: the tests compare how .gitignore is read with git itself. */
export async function ensureGit() {
  if (findOnPath('git') === undefined) await installDebianPackages(['git'], 'what the unit tests compare with');
}

/** Installs PyTorch where it is missing: the tests run the cluster program of model/cluster on it. */
export async function ensureTorch() {
  const packages = ['python3-torch', 'python3-numpy'];
  const found = async (python) => (await run(python, ['-c', 'import torch, numpy'])).code === 0;
  // Debian's Python is another than what may be first on PATH.
  if ((await found('/usr/bin/python3')) || (await found('python3'))) return;
  await installDebianPackages(packages, 'what model/cluster runs on');
}
