/** @file Exports go where training does not read them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findExportsFolder, makeExportsFolder } from '../../../../extension/commands/exportsFolder';
import { corpusContents } from '../../../../model/process/trainings';

let root = '';
let trusted = true;
vi.mock('vscode', () => ({
  workspace: {
    get isTrusted() {
      return trusted;
    },
    get workspaceFolders() {
      return [{ uri: { scheme: 'file', fsPath: root } }];
    },
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
  const folder = await makeExportsFolder();
  expect(folder).toBe(path.join(root, '.smuggler', 'exports'));
  expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toBe('*\n');
  writeFileSync(path.join(folder, 'heatmap.html'), '<svg/>'.repeat(1000));
  expect((await contents()).bytes).toBe(before.bytes);
  // Once more, with the folder as the user may have changed it.
  writeFileSync(path.join(folder, '.gitignore'), '');
  expect(await makeExportsFolder()).toBe(folder);
  expect(readFileSync(path.join(folder, '.gitignore'), 'utf8')).toBe('');
});

it('nothing is made in a workspace that is not trusted', async () => {
  trusted = false;
  expect(await makeExportsFolder()).toBe(homedir());
  await expect(contents()).rejects.toThrow(/Nothing to read/);
});

it('where exports are looked for nothing is made', async () => {
  expect(await findExportsFolder()).toBeUndefined();
  expect(readdirSync(root)).toEqual([]);
  const folder = await makeExportsFolder();
  expect(await findExportsFolder()).toBe(folder);
});
