/** @file Runs the benchmarks of test/bench, each in a process of its own; an argument picks those whose name holds it. */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './lib/tools.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const wanted = process.argv.slice(2);
const files = readdirSync(path.join(root, 'test/bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)));

let failed = 0;
for (const file of files) {
  const outfile = path.join(root, 'out/bench', file.replace(/\.ts$/, '.js'));
  await build({
    entryPoints: [path.join(root, 'test/bench', file)],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['onnxruntime-node', 'playwright-core'],
    logLevel: 'warning',
  });
  console.log(`\n# ${file}`);
  const { status } = spawnSync(process.execPath, [outfile], {
    stdio: 'inherit',
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
  });
  if (status !== 0) failed++;
}
/** Runs benchmarks that are Vitest files. */
function vitest(config, files) {
  return spawnSync(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--config', `test/bench/${config}`, ...files],
    { cwd: root, stdio: 'inherit', env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' } },
  ).status;
}
// Webviews are measured in Chromium, by the harness of their tests.
const pages = readdirSync(path.join(root, 'test/bench'))
  .filter((file) => file.endsWith('.webview.ts'))
  .filter((file) => wanted.length === 0 || wanted.some((name) => file.includes(name)));
if (pages.length > 0) {
  console.log(`\n# ${pages.join(', ')}`);
  process.env.CHROMIUM = await ensureChromium();
  if (vitest('webview.config.mjs', pages) !== 0) failed++;
}
// Latency is measured on the packaged extension in a real VS Code, by the harness of the end-to-end tests.
const LATENCY = 'latency';
if (wanted.length === 0 || wanted.some((name) => LATENCY.includes(name))) {
  console.log(`\n# ${LATENCY}`);
  const steps = [
    ['scripts/package.mjs'],
    ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/bench/latency.config.mjs'],
  ];
  const statuses = steps.map((step) => spawnSync(process.execPath, step, { cwd: root, stdio: 'inherit' }).status);
  if (statuses.some((status) => status !== 0)) failed++;
}
if (failed > 0) {
  console.log(`\n${failed} benchmark(s) failed or missed a bound.`);
  process.exitCode = 1;
}
