/** @file What Train Model… tells that it would read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { contentsItems } from '../../../../extension/commands/contentsQuestion';
import { corpusContents } from '../../../../model/process/trainings';

let root = '';
vi.mock('vscode', () => ({
  QuickPickItemKind: { Separator: -1 },
  Uri: { file: (file: string) => ({ path: file, fsPath: file }) },
  workspace: { asRelativePath: ({ path: file }: { readonly path: string }) => path.relative(root, file) },
}));

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'smuggler-contents-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

it('what is read is told by files, bytes and languages, and what is skipped with its reason', async () => {
  writeFileSync(path.join(root, 'story.md'), 'x'.repeat(3000));
  writeFileSync(path.join(root, 'sort.py'), 'y'.repeat(1000));
  for (let n = 0; n < 5; n++) writeFileSync(path.join(root, `${n}.bin`), Uint8Array.of(0, 1, 2));
  const wanted = { text: [root], exclude: [], maxFileBytes: 1 << 20 };
  const contents = await corpusContents(wanted, new AbortController().signal);
  const rows = contentsItems(contents).map(({ label, description, answer }) => [label, description, answer]);
  expect(rows).toEqual([
    ['$(check) Train on 2 Files', '4 kB', 'train'],
    ['$(arrow-left) Choose Another Text…', undefined, 'other'],
    ['read', undefined, null],
    ['$(file-code) Markdown', '1 file, 3 kB, 75 %', null],
    ['$(file-code) Python', '1 file, 1 kB, 25 %', null],
    ['skipped', undefined, null],
    ['$(circle-slash) binary: 5', '0.bin, 1.bin, 2.bin and 2 more', null],
  ]);
});
