/** @file Packs the extension for this platform: out/smuggler-inspector-<platform>.vsix, with that platform's native libraries only. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildAll } from './build.mjs';
import { ROOT, mustRun } from './lib/command.mjs';

const target = `${process.platform}-${process.arch}`;
const file = path.join(ROOT, `out/smuggler-inspector-${target}.vsix`);

const folder = mkdtempSync(path.join(tmpdir(), 'smuggler-package-'));
try {
  await buildAll({ production: true });
  const ignoreFile = path.join(folder, 'ignore');
  const libraries = `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}`;
  writeFileSync(ignoreFile, `${readFileSync(path.join(ROOT, '.vscodeignore'), 'utf8')}!${libraries}/**\n`);
  await mustRun(process.execPath, [
    path.join(ROOT, 'node_modules/@vscode/vsce/vsce'),
    'package',
    ...['--target', target],
    ...['--ignoreFile', ignoreFile],
    ...['--out', file],
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
  ]);
  console.log(`${path.relative(ROOT, file)} (${(statSync(file).size / 1e6).toFixed(1)} MB)`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
