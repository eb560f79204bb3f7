/** @file The VSIX holds what runs on this platform, and nothing else. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vsix = path.join(root, `out/smuggler-inspector-${process.platform}-${process.arch}.vsix`);
const libraries = `node_modules/onnxruntime-node/bin/napi-v6/${process.platform}/${process.arch}/`;

/** Everything that may be inside; a file that matches none of these does not belong there. */
const ALLOWED: readonly RegExp[] = [
  /^(package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/i,
  /^out\/(extension|host|cli)\.js$/,
  /^out\/webview\/(votes|heatmap)\.(js|css)$/,
  /^out\/webview\/codicon\.ttf$/,
  /^media\/[\w-]+\.(png|svg)$/,
  /^media\/(starter|sample|walkthrough)\//,
  /^node_modules\/onnxruntime-node\/(package\.json|dist\/[\w-]+\.js)$/,
  /^node_modules\/onnxruntime-common\/(package\.json|dist\/cjs\/([\w-]+\.js|package\.json))$/,
];

describe('the VSIX', () => {
  let files: string[] = [];
  beforeAll(() => {
    // A ZIP archive: its directory names every file.
    const names = execFileSync(
      process.execPath,
      [
        '-e',
        `require('yauzl').open(process.argv[1], { lazyEntries: false }, (error, zip) => {
          if (error) throw error;
          zip.on('entry', (entry) => console.log(entry.fileName));
        });`,
        vsix,
      ],
      { cwd: root, encoding: 'utf8' },
    );
    files = names
      .trim()
      .split('\n')
      .filter((name) => name.startsWith('extension/'))
      .map((name) => name.slice('extension/'.length));
  });

  test('holds nothing that it does not need', () => {
    const others = files.filter((name) => !name.startsWith(libraries) && !ALLOWED.some((rule) => rule.test(name)));
    expect(others).toEqual([]);
  });

  test.each([
    'package.json',
    'out/extension.js',
    'out/host.js',
    'out/cli.js',
    'out/webview/votes.js',
    'out/webview/votes.css',
    'out/webview/heatmap.js',
    'out/webview/heatmap.css',
    'media/starter/config.json',
    'media/starter/model.safetensors',
    'media/sample/story.md',
    'node_modules/onnxruntime-node/dist/index.js',
    'node_modules/onnxruntime-common/dist/cjs/index.js',
    `${libraries}onnxruntime_binding.node`,
  ])('holds %s', (name) => {
    expect(files).toContain(name);
  });

  test('is under 30 MB', () => {
    expect(existsSync(vsix)).toBe(true);
    expect(statSync(vsix).size).toBeLessThan(30e6);
  });
});
