/** @file Runs every test, part by part, or only the parts named: `npm test -- unit e2e`. Nothing is skipped in silence. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, run, stopAll } from './lib/command.mjs';
import { ensureChromium, ensureGit, ensureHeadlessShell, ensureTorch } from './lib/tools.mjs';

const OUTPUT = path.join(ROOT, 'test/output');

const bin = (file) => path.join(ROOT, 'node_modules', file);

/** A check that either passes or fails: one test. */
async function check(name, file, args) {
  const { code } = await run(process.execPath, [file, ...args], { show: true });
  return [{ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 }];
}

/** A Vitest run. What it could not even start counts as one failure; so do skipped tests, each for itself. */
async function vitest(name, config, timeoutSeconds) {
  const report = path.join(OUTPUT, `${name}.json`);
  rmSync(report, { force: true });
  const { code, timedOut } = await run(
    process.execPath,
    [
      bin('vitest/vitest.mjs'),
      'run',
      ...['--config', config],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    { show: true, timeoutSeconds },
  );
  let passed = 0;
  let failed = 0;
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    passed = result.numPassedTests;
    failed = result.numTotalTests - result.numPassedTests;
  } catch {
    console.error(`${name}: no report was written.`);
  }
  if (timedOut) console.error(`${name}: ended after ${timeoutSeconds} s.`);
  // A file that cannot be loaded has no tests to fail.
  if (code !== 0 && failed === 0) failed = 1;
  if (passed + failed === 0) failed = 1;
  return [{ name, passed, failed }];
}

async function typecheck() {
  const results = [];
  for (const project of ['model', 'extension', 'webview', 'test']) {
    results.push(...(await check(`typecheck ${project}`, bin('typescript/bin/tsc'), ['-p', project])));
  }
  return results;
}

async function lint() {
  return [
    ...(await check('eslint', bin('eslint/bin/eslint.js'), ['.'])),
    ...(await check('prettier', bin('prettier/bin/prettier.cjs'), ['--check', '--log-level=warn', '.'])),
  ];
}

/** In the order of cost. The last two need what `package` makes. */
const PARTS = {
  typecheck,
  lint,
  unit: async () => {
    await ensureGit();
    // Without it the tests that need it fail, and all others still run.
    await ensureTorch().catch((error) => console.error(error.message));
    // It brings the software Vulkan device that the golden cases run on, too.
    process.env.CHROMIUM = await ensureChromium();
    return vitest('unit', 'vitest.config.mjs', 600);
  },
  webview: async () => {
    process.env.HEADLESS_SHELL = await ensureHeadlessShell();
    return vitest('webview', 'test/webview/vitest.config.mjs', 600);
  },
  package: async () => [
    ...(await check('build the package', 'scripts/package.mjs', [])),
    ...(await vitest('package', 'test/package/vitest.config.mjs', 120)),
  ],
  integration: () => vitest('integration', 'test/integration/vitest.config.mjs', 600),
  e2e: () => vitest('e2e', 'test/e2e/vitest.config.mjs', 900),
};

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) {
  console.error(`Found no part ${unknown.join(', ')}; there are ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopAll();
    process.exit(130);
  });
}

mkdirSync(OUTPUT, { recursive: true });
const summary = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(PARTS)) {
  console.log(`\n=== ${name}`);
  const start = performance.now();
  let results;
  try {
    results = await PARTS[name]();
  } catch (error) {
    console.error(error.message);
    results = [{ name, passed: 0, failed: 1 }];
  }
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  summary.push({ name, passed, failed, seconds: (performance.now() - start) / 1000 });
}

console.log('\n=== summary');
for (const { name, passed, failed, seconds } of summary) {
  console.log(
    `${name.padEnd(12)} ${String(passed).padStart(4)} passed ${String(failed).padStart(3)} failed  (${seconds.toFixed(0)} s)`,
  );
}
const passed = summary.reduce((sum, part) => sum + part.passed, 0);
const failed = summary.reduce((sum, part) => sum + part.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
