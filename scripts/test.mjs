/**
 * @file Runs every test, part by part, or only the parts named: `npm test -- unit e2e`. Nothing is skipped in silence.
 * What leaves a processor idle runs in two lanes, each step's output in one piece after it; what wants the machine for itself follows alone.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, run, stopAll } from './lib/command.mjs';
import { Installations } from './lib/installations.mjs';
import { ensureChromium, ensureCodeServer, ensureGit, ensureHeadlessShell, ensureTorch } from './lib/tools.mjs';

const OUTPUT = path.join(ROOT, 'test/output');
/** So many test files are named as the slowest. */
const SLOWEST = 10;
/** So many lines of what a failed test says are repeated at the end: its message and what was expected. */
const MESSAGE_LINES = 8;

const bin = (file) => path.join(ROOT, 'node_modules', file);

const installations = new Installations(
  new Map([
    [ensureChromium, 'CHROMIUM'],
    [ensureHeadlessShell, 'HEADLESS_SHELL'],
  ]),
);

/** A check that either passes or fails: one test. */
async function check(show, name, file, args) {
  const { code } = await run(process.execPath, [file, ...args], { show });
  return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, files: [], failures: [] };
}

/** A Vitest run. What it could not even start counts as one failure; so do skipped tests, each for itself. */
async function vitest(show, name, timeoutSeconds, args) {
  const report = path.join(OUTPUT, `${name}.json`);
  rmSync(report, { force: true });
  const { code, timedOut } = await run(
    process.execPath,
    [
      bin('vitest/vitest.mjs'),
      'run',
      ...args,
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ],
    { show, timeoutSeconds },
  );
  let passed = 0;
  let failed = 0;
  let files = [];
  let failures = [];
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    passed = result.numPassedTests;
    failed = result.numTotalTests - result.numPassedTests;
    files = result.testResults.map(({ name: file, startTime, endTime }) => ({
      file: path.relative(ROOT, file),
      seconds: (endTime - startTime) / 1000,
    }));
    failures = result.testResults.flatMap(failuresOf);
  } catch {
    console.error(`${name}: no report was written.`);
  }
  if (timedOut) console.error(`${name}: ended after ${timeoutSeconds} s.`);
  // A file that cannot be loaded has no tests to fail.
  if (code !== 0 && failed === 0) failed = 1;
  if (passed + failed === 0) failed = 1;
  return { name, passed, failed, files, failures };
}

/** What failed in a file of Vitest's report, in text: tests that did not pass, and what kept the file from being loaded. */
function failuresOf({ name, message, assertionResults }) {
  const file = path.relative(ROOT, name);
  const tests = assertionResults
    .filter(({ status }) => status !== 'passed')
    .map(({ fullName, status, failureMessages }) => `${file}: ${fullName}\n${failureMessages.join('\n') || status}`);
  return tests.length === 0 && message ? [`${file}\n${message}`] : tests;
}

async function typecheck(show) {
  const results = [];
  for (const project of ['model', 'extension', 'webview', 'test']) {
    results.push(await check(show, `typecheck ${project}`, bin('typescript/bin/tsc'), ['-p', project]));
  }
  return results;
}

async function lint(show) {
  return [
    await check(show, 'eslint', bin('eslint/bin/eslint.js'), ['.']),
    await check(show, 'prettier', bin('prettier/bin/prettier.cjs'), ['--check', '--log-level=warn', '.']),
  ];
}

/** Tests that run models, one file at a time. */
async function engine(show) {
  return [await vitest(show, 'unit-engine', 2400, ['--config', 'vitest.config.mjs', '--project', 'engine'])];
}

/** The golden cases on a software device, which compiles for minutes. */
async function webgpu(show) {
  return [await vitest(show, 'unit-webgpu', 1200, ['--config', 'vitest.config.mjs', '--project', 'webgpu'])];
}

async function pure(show) {
  return [await vitest(show, 'unit-pure', 1200, ['--config', 'vitest.config.mjs', '--project', 'pure'])];
}

async function webview(show) {
  return [await vitest(show, 'webview', 2400, ['--config', 'test/webview/vitest.config.mjs'])];
}

async function pack(show) {
  return [
    await check(show, 'build the package', 'scripts/package.mjs', []),
    await vitest(show, 'package', 120, ['--config', 'test/package/vitest.config.mjs']),
  ];
}

/** Inside VS Code; the last of them needs what `package` makes. */
const inVsCode = (name, timeoutSeconds) => async (show) => {
  return [await vitest(show, name, timeoutSeconds, ['--config', `test/${name}/vitest.config.mjs`])];
};

/**
 * Two lanes take the next step as each becomes free, so that they end together: what needs no tool first, then the longest. Steps that
 * want the machine for themselves come after that. A step waits for what it `needs`, which is installed meanwhile.
 */
const STEPS = [
  { part: 'lint', name: 'lint', needs: [], run: lint },
  { part: 'typecheck', name: 'typecheck', needs: [], run: typecheck },
  { part: 'webview', name: 'webview', needs: [ensureHeadlessShell], run: webview },
  { part: 'unit', name: 'unit: engine', needs: [ensureGit, ensureChromium, ensureTorch], run: engine },
  // Chromium brings the software Vulkan device.
  { part: 'unit', name: 'unit: WebGPU', needs: [ensureChromium], run: webgpu },
  { part: 'unit', name: 'unit: pure', needs: [ensureGit], run: pure },
  { part: 'package', name: 'package', wantsAll: true, needs: [], run: pack },
  {
    part: 'integration',
    name: 'integration',
    wantsAll: true,
    needs: [ensureChromium, ensureCodeServer],
    run: inVsCode('integration', 1200),
  },
  { part: 'e2e', name: 'e2e', wantsAll: true, needs: [ensureChromium, ensureCodeServer], run: inVsCode('e2e', 2000) },
];
const LANES = 2;
const PARTS = [...new Set(STEPS.map(({ part }) => part))];

const { positionals } = parseArgs({ allowPositionals: true });
const unknown = positionals.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) {
  console.error(`Found no part ${unknown.join(', ')}; there are ${PARTS.join(', ')}.`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopAll();
    process.exit(130);
  });
}

/** Runs a step, with its output at once or, beside another lane, in one piece at its end. */
async function runStep({ part, name, needs, run: runTests }, isAlone) {
  const log = path.join(OUTPUT, `${name.replaceAll(/\W+/g, '-')}.log`);
  const show = isAlone ? true : openSync(log, 'w');
  console.log(isAlone ? `\n=== ${name}` : `${name} begins`);
  const start = performance.now();
  let results;
  try {
    await Promise.all(needs.map((ensure) => installations.begin(ensure)));
    results = await runTests(show);
  } catch (error) {
    console.error(error.message);
    results = [{ name, passed: 0, failed: 1, files: [], failures: [] }];
  }
  if (!isAlone) {
    closeSync(show);
    console.log(`\n=== ${name}\n${readFileSync(log, 'utf8').trimEnd()}`);
  }
  for (const result of results) if (result.failed > 0) console.log(`${result.name}: ${result.failed} failed`);
  return { part, results, seconds: (performance.now() - start) / 1000 };
}

/** Runs steps from the front of the queue until it is empty. */
async function runLane(queue, isAlone) {
  const done = [];
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) done.push(await runStep(step, isAlone));
  return done;
}

mkdirSync(OUTPUT, { recursive: true });
const steps = STEPS.filter(({ part }) => positionals.length === 0 || positionals.includes(part));
// The browsers first: their tests come first.
for (const ensure of [ensureHeadlessShell, ensureGit, ensureChromium, ensureTorch, ensureCodeServer]) {
  if (steps.some(({ needs }) => needs.includes(ensure))) void installations.begin(ensure);
}
const queue = steps.filter(({ wantsAll }) => wantsAll !== true);
const lanes = Array.from({ length: Math.min(LANES, queue.length) });
const done = (await Promise.all(lanes.map(() => runLane(queue, lanes.length === 1)))).flat();
done.push(
  ...(await runLane(
    steps.filter(({ wantsAll }) => wantsAll === true),
    true,
  )),
);

const sum = (values) => values.reduce((total, value) => total + value, 0);
const files = done.flatMap(({ results }) => results.flatMap((result) => result.files));
if (files.length > 0) console.log('\n=== slowest test files');
for (const { file, seconds } of files.sort((a, b) => b.seconds - a.seconds).slice(0, SLOWEST)) {
  console.log(`${seconds.toFixed(1).padStart(6)} s  ${file}`);
}
// A log is often read from its end, where the lanes' output is far away.
const failures = done.flatMap(({ results }) => results.flatMap((result) => result.failures));
if (failures.length > 0) console.log('\n=== failed tests');
for (const failure of failures) {
  const lines = failure.split('\n').filter((line) => !line.includes('node_modules'));
  console.log(lines.slice(0, MESSAGE_LINES).join('\n  '));
}
console.log('\n=== summary');
const totals = PARTS.filter((part) => done.some((step) => step.part === part)).map((part) => {
  const own = done.filter((step) => step.part === part);
  const results = own.flatMap((step) => step.results);
  return {
    part,
    passed: sum(results.map(({ passed }) => passed)),
    failed: sum(results.map(({ failed }) => failed)),
    seconds: sum(own.map(({ seconds }) => seconds)),
  };
});
for (const { part, passed, failed, seconds } of totals) {
  console.log(
    `${part.padEnd(12)} ${String(passed).padStart(4)} passed ${String(failed).padStart(3)} failed  (${seconds.toFixed(0)} s)`,
  );
}
const passed = sum(totals.map((part) => part.passed));
const failed = sum(totals.map((part) => part.failed));
console.log(`${(performance.now() / 1000).toFixed(0)} s in all`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
