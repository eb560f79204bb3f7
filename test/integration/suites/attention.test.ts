/** @file Open Attention: one panel, with where heads read for the caret's chunk and over the document. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { decodePanel } from '../../../model/measures/panelDocument';
import type { AttentionReady } from '../../../model/protocol/panels/attention';
import type { HostTests } from '../testing';
import { inspector, waitForState, workspaceFile } from './support';

function panels(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && /smuggler\.attention/.test(input.viewType));
}

/** What the panel shows, as soon as it has measured the document; null where it shows no numbers yet. */
async function shown(folder: string): Promise<AttentionReady | null> {
  const file = path.join(folder, 'attention.json');
  const options = { panel: 'attention', format: 'json', file };
  const outcome = await vscode.commands.executeCommand<{ readonly error?: string }>('smuggler.exportPanel', options);
  if (outcome.error !== undefined) return null;
  const [state] = decodePanel(await readFile(file, 'utf8'), file).states as unknown as [AttentionReady];
  return state.findings === null ? null : state;
}

export const tests: HostTests = {
  'Open Attention opens one panel, which has the weights at the caret and the heads over the document': async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'smuggler-attention-'));
    const editor = await vscode.window.showTextDocument(workspaceFile('notes.txt'), {
      viewColumn: vscode.ViewColumn.One,
    });
    editor.selection = new vscode.Selection(0, 9, 0, 9);
    await inspector();
    await vscode.commands.executeCommand('smuggler.openAttention');
    await vscode.commands.executeCommand('smuggler.openAttention');
    await waitForState('Loading', ({ status }) => status === 'ready');
    const end = Date.now() + 60_000;
    let state = await shown(folder);
    while (state === null) {
      assert.ok(Date.now() < end, 'the document is measured');
      await sleep(200);
      state = await shown(folder);
    }
    assert.equal(panels().length, 1);
    const { at, findings } = state;
    assert.equal(at.offset, 8);
    const n = at.places.length;
    assert.equal(at.weights.length, at.blocks * at.heads * n);
    for (let head = 0; head < at.blocks * at.heads; head++) {
      const sum = at.weights.subarray(head * n, (head + 1) * n).reduce((all, weight) => all + weight, 0);
      assert.ok(Math.abs(sum - 1) < 1e-4, `head ${head}: ${sum}`);
    }
    assert.ok(findings!.positions > 0);
    await vscode.window.tabGroups.close(panels());
    await rm(folder, { recursive: true, force: true });
  },
};
