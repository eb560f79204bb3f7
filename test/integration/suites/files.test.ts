/** @file Files that are large, odd, deleted or renamed while they are looked at, and a model whose folder goes: plain words, and nothing waits. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, rm, unlink } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { stretches } from '../../bench/hostProfile';
import type { HostTests } from '../testing';
import { hoverAt, inspector, markdownOf, starterFolder, waitForState, workspaceFile } from './support';

/** Milliseconds in which our code may hold the extension host with any file. */
const MOST_MILLISECONDS = 100;
const OURS = 'out/extension.js';

/** Opens the file in the first group with the heatmap beside it, and hovers; what the hovers say, and our longest stretch in the host. */
async function look(uri: vscode.Uri): Promise<{ readonly hovers: readonly string[]; readonly milliseconds: number }> {
  const profiler = new Session();
  profiler.connect();
  await profiler.post('Profiler.enable');
  await profiler.post('Profiler.setSamplingInterval', { interval: 500 });
  await profiler.post('Profiler.start');
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  const end = document.offsetAt(document.lineAt(document.lineCount - 1).range.end);
  const hovers: string[] = [];
  for (const part of [0, 0.5, 0.99]) {
    const position = document.positionAt(Math.floor(part * end));
    editor.selection = new vscode.Selection(position, position);
    hovers.push(...(await hoverAt(uri, position)).map(markdownOf));
  }
  const { profile } = await profiler.post('Profiler.stop');
  profiler.disconnect();
  const ours = stretches(profile, OURS).map(({ milliseconds }) => milliseconds);
  return { hovers, milliseconds: Math.max(0, ...ours) };
}

const TEXT = 'The tide came in at noon, and the boats lay in two rows.\n';

/** Content, and what each of three hovers says; none where there is nothing to say. */
const FILES: Readonly<Record<string, readonly [content: string | Uint8Array, says: RegExp | null]>> = {
  '20 MB': [TEXT.repeat(20e6 / TEXT.length), /has 20 M characters; SMUGGLER inspects documents of up to 2\\.1 M/],
  'one line of 5 MB': ['boats '.repeat(5e6 / 6), /has 5 M characters; SMUGGLER inspects documents of up to 2\\.1 M/],
  'one line of 1 MB': ['boats '.repeat(1e6 / 6), /surprise [\d.]+ bits/],
  'no text': ['', null],
  // VS Code takes a file that begins with such bytes for a binary one.
  'NUL bytes and invalid UTF-8': [
    Buffer.concat([Buffer.from(TEXT.repeat(100)), Buffer.alloc(2000), Buffer.alloc(2000, 0xff)]),
    /surprise [\d.]+ bits/,
  ],
};

async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export const tests: HostTests = {
  ...Object.fromEntries(
    Object.entries(FILES).map(([name, [content, says]]) => [
      `a file of ${name}: hovers and heatmap hold up nothing, and say what there is`,
      async () => {
        await closeAll();
        await vscode.window.showTextDocument(workspaceFile('notes.txt'));
        await vscode.commands.executeCommand('smuggler.openHeatmap');
        const before = await waitForState('Loading', (state) => state.status === 'ready' && state.selection !== null);
        // Each has a name of its own: the editor keeps a document for a while after it was closed.
        const uri = workspaceFile(`${name}.txt`);
        await vscode.workspace.fs.writeFile(uri, Buffer.from(content));
        try {
          const { hovers, milliseconds } = await look(uri);
          assert.equal(hovers.length, says === null ? 0 : 3);
          for (const hover of hovers) assert.match(hover, says!);
          assert.ok(milliseconds < MOST_MILLISECONDS, `our code held the extension host for ${milliseconds} ms`);
          const { status, processes } = (await inspector()).state();
          assert.deepEqual([status, processes.answer], ['ready', before.processes.answer]);
        } finally {
          await closeAll();
          await vscode.workspace.fs.delete(uri);
        }
      },
    ]),
  ),

  'a file that is deleted, and one that is renamed, while panels show it': async () => {
    const [file, renamed] = [workspaceFile('going.txt'), workspaceFile('gone.txt')];
    await vscode.workspace.fs.writeFile(file, Buffer.from(TEXT));
    await vscode.window.showTextDocument(file, { viewColumn: vscode.ViewColumn.One });
    await vscode.commands.executeCommand('smuggler.openHeatmap');
    await vscode.commands.executeCommand('smuggler.openVotes');
    const before = await waitForState('Looking', ({ selection }) => selection !== null);
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    // By another program: the editor keeps its text, and so does everything that shows it.
    await unlink(file.fsPath);
    assert.match(markdownOf((await hoverAt(file, new vscode.Position(0, 6)))[0]!), /bytes 4–7/);
    assert.notEqual((await inspector()).state().selection, null);

    await vscode.workspace.fs.writeFile(file, Buffer.from(TEXT));
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(file, renamed);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await waitForState('Following', ({ selection }) => selection !== null);
    assert.match(markdownOf((await hoverAt(renamed, new vscode.Position(0, 6)))[0]!), /bytes 4–7/);

    await vscode.workspace.fs.delete(renamed);
    await vscode.commands.executeCommand('workbench.action.closeEditorsInGroup');
    await waitForState('Nothing to look at', ({ selection }) => selection === null);
    const { status, processes } = (await inspector()).state();
    assert.deepEqual([status, processes.answer], ['ready', before.processes.answer]);
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await closeAll();
  },

  'a model whose folder is deleted answers on, and says what is missing when it is to be loaded again': async () => {
    const folder = join(await mkdtemp(join(tmpdir(), 'smuggler-going-')), 'model');
    await cp(starterFolder(), folder, { recursive: true });
    await vscode.commands.executeCommand('smuggler.loadModel', folder);
    await waitForState('Loading', ({ status, model }) => status === 'ready' && model === folder);
    await rm(folder, { recursive: true });
    const notes = workspaceFile('notes.txt');
    await vscode.workspace.openTextDocument(notes);
    assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 1);
    await vscode.commands.executeCommand('smuggler.reload');
    const { message } = await waitForState('Missing', ({ status }) => status === 'error');
    assert.match(message!, /config\.json: the file is missing, expected a model folder/);
    assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 0);
    await vscode.commands.executeCommand('smuggler.loadModel', starterFolder());
    await waitForState('Loading the starter model', ({ status }) => status === 'ready');
    assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 1);
  },
};
