/** @file Exports go where training does not read them, and Train Model… tells what it reads. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { contentsItems } from '../../../../extension/commands/contentsQuestion';
import { exportsFolder } from '../../../../extension/commands/exportsFolder';
import { corpusContents } from '../../../../model/process/trainings';

let root = '';
let trusted = true;
vi.mock('vscode', () => ({
  QuickPickItemKind: { Separator: -1 },
  Uri: { file: (file: string) => ({ scheme: 'file', path: file, fsPath: file }) },
  workspace: {
    get isTrusted() {
      return trusted;
    },
    get workspaceFolders() {
      return [{ uri: { scheme: 'file', fsPath: root } }];
    },
    asRelativePath: ({ path: file }: { readonly path: string }) => path.relative(root, file),
  },
}));

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'smuggler-exports-'));
  trusted = true;
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const contents = () =>
  corpusContents({ text: [root], exclude: [], maxFileBytes: 1 << 20 }, new AbortController().signal);

it('an export that goes where it is offered to is not read by the next training', async () => {
  writeFileSync(path.join(root, 'story.md'), 'It was a dark and stormy night.');
  const before = await contents();
  const folder = await exportsFolder();
  expect(folder).toBe(path.join(root, '.smuggler', 'exports'));
  expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toBe('*\n');
  writeFileSync(path.join(folder, 'heatmap.html'), '<svg/>'.repeat(1000));
  expect((await contents()).bytes).toBe(before.bytes);
  // Once more, with the folder as the user may have changed it.
  writeFileSync(path.join(folder, '.gitignore'), '');
  expect(await exportsFolder()).toBe(folder);
  expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toBe('');
});

it('nothing is made in a workspace that is not trusted', async () => {
  trusted = false;
  expect(await exportsFolder()).toBe(homedir());
  await expect(contents()).rejects.toThrow(/Nothing to read/);
});

it('what is read is told by files, bytes and languages, and what is skipped with its reason', async () => {
  writeFileSync(path.join(root, 'story.md'), 'x'.repeat(3000));
  writeFileSync(path.join(root, 'sort.py'), 'y'.repeat(1000));
  for (let n = 0; n < 5; n++) writeFileSync(path.join(root, `${n}.bin`), Uint8Array.of(0, 1, 2));
  const rows = contentsItems(await contents()).map(({ label, description, answer }) => [label, description, answer]);
  expect(rows).toEqual([
    ['$(check) Train on 2 Files', '4 KB', 'train'],
    ['$(arrow-left) Choose Another Text…', undefined, 'other'],
    ['read', undefined, null],
    ['$(file-code) Markdown', '1 file, 3 KB, 75 %', null],
    ['$(file-code) Python', '1 file, 1000 bytes, 25 %', null],
    ['skipped', undefined, null],
    ['$(circle-slash) binary: 5', '0.bin, 1.bin, 2.bin and 2 more', null],
  ]);
});
