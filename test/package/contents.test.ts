/** @file The VSIX holds what runs on this platform, and nothing else. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { openPromise } from 'yauzl';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vsix = path.join(root, `out/smuggler-inspector-${process.platform}-${process.arch}.vsix`);
const libraries = `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/`;

/** Where a VSIX, a ZIP archive, holds the extension's own files. */
const PREFIX = 'extension/';

/** Everything that may be inside; a file that matches none of these does not belong there. */
const ALLOWED: readonly RegExp[] = [
  /^(package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/i,
  /^out\/(extension|modelProcess|cli)\.js$/,
  /^out\/THIRD-PARTY-NOTICES\.txt$/,
  /^out\/webview\/\w+\.(js|css)$/,
  /^media\/[\w-]+\.(png|svg)$/,
  /^media\/screenshots\/dark-(hover|panels|training|ghost-text)\.png$/,
  /^media\/(starter|sample|walkthrough)\/[^/]+$/,
  /^media\/experiments\/\w+\/result\.json$/,
  /^model\/cluster\/(README\.md|train\.py|smuggler\/\w+\.py)$/,
  /^node_modules\/onnxruntime-node\/(package\.json|dist\/[\w-]+\.js)$/,
  /^node_modules\/onnxruntime-common\/(package\.json|dist\/cjs\/([\w-]+\.js|package\.json))$/,
];

describe('the VSIX', () => {
  const files: string[] = [];
  beforeAll(async () => {
    const zip = await openPromise(vsix);
    for await (const { fileName } of zip.eachEntry()) {
      if (fileName.startsWith(PREFIX)) files.push(fileName.slice(PREFIX.length));
    }
  });

  test('holds nothing that it does not need', () => {
    const others = files.filter((name) => !name.startsWith(libraries) && !ALLOWED.some((rule) => rule.test(name)));
    expect(others).toEqual([]);
  });

  test.each([
    'package.json',
    'out/extension.js',
    'out/modelProcess.js',
    'out/cli.js',
    'out/THIRD-PARTY-NOTICES.txt',
    'out/webview/votes.js',
    'out/webview/votes.css',
    'out/webview/heatmap.js',
    'out/webview/heatmap.css',
    'media/starter/config.json',
    'media/starter/model.safetensors',
    'media/starter/statistics.safetensors',
    'media/sample/story.md',
    'media/experiments/sparsity/result.json',
    'model/cluster/train.py',
    'model/cluster/smuggler/main.py',
    'node_modules/onnxruntime-node/dist/index.js',
    'node_modules/onnxruntime-common/dist/cjs/index.js',
    `${libraries}onnxruntime_binding.node`,
  ])('holds %s', (name) => {
    expect(files).toContain(name);
  });

  test('is under 30 MB', () => {
    expect(statSync(vsix).size).toBeLessThan(30e6);
  });
});
