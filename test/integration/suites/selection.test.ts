/** @file One selection: it follows the caret into the votes view, can be locked, and the heatmap opens. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { InspectorState } from '../../../extension/api';
import type { HostTests } from '../testing';
import { inspector, waitForState, workspaceFile } from './support';

async function caretTo(line: number, column: number): Promise<void> {
  const editor = await vscode.window.showTextDocument(workspaceFile('notes.txt'), {
    viewColumn: vscode.ViewColumn.One,
  });
  const position = new vscode.Position(line, column);
  editor.selection = new vscode.Selection(position, position);
}

export const tests: HostTests = {
  'without a view nothing is selected in the text': async () => {
    // Whatever the suites before left open.
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await caretTo(0, 6);
    await waitForState('Without a view', ({ selection }) => selection === null);
    await caretTo(0, 12);
    await sleep(100);
    assert.equal((await inspector()).state().selection, null);
  },

  'the votes view follows the caret, and what it shows is drawn': async () => {
    await vscode.commands.executeCommand('smuggler.openVotes');
    await caretTo(0, 9);
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 8);
    const api = await inspector();
    const drawn = () => api.timings().caretToDrawn?.count ?? 0;
    const end = Date.now() + 30_000;
    for (let column = 12; drawn() < 3; column = column === 12 ? 16 : 12) {
      assert.ok(Date.now() < end, 'the view has drawn');
      await caretTo(0, column);
      await sleep(300);
    }
  },

  'a locked selection stays when the caret moves, until it is unlocked': async () => {
    await caretTo(0, 9);
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 8);
    await vscode.commands.executeCommand('smuggler.toggleLock');
    const locked = await waitForState('Locking', ({ selection }) => selection?.locked === true);
    assert.match(locked.statusBar, /locked/);
    await caretTo(0, 20);
    await sleep(200);
    assert.equal((await inspector()).state().selection?.offset, 8);
    await vscode.commands.executeCommand('smuggler.toggleLock');
    await waitForState('Unlocking', ({ selection }) => selection?.offset === 20 && !selection.locked);
  },

  'Show a Surprising Word opens the sample with the caret on one': async () => {
    await vscode.commands.executeCommand('smuggler.showSurprise');
    const editor = vscode.window.activeTextEditor!;
    assert.match(editor.document.uri.path, /\/media\/sample\/story\.md$/);
    assert.ok(editor.document.offsetAt(editor.selection.active) > 0, 'the caret stands behind the beginning');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    // Where the workspace has the sample, its own copy is shown.
    const copy = workspaceFile('story.md');
    await vscode.workspace.fs.copy(editor.document.uri, copy);
    await vscode.commands.executeCommand('smuggler.showSurprise');
    assert.equal(vscode.window.activeTextEditor!.document.uri.path, copy.path);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(copy);
  },

  'panels share one group, though one of them has the focus when another opens': async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await caretTo(0, 0);
    await vscode.commands.executeCommand('smuggler.openHeatmap');
    await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
    await vscode.commands.executeCommand('smuggler.openOverview');
    await vscode.commands.executeCommand('smuggler.openTrainingMonitor');
    assert.equal(vscode.window.tabGroups.all.length, 2);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await caretTo(0, 0);
  },

  'a panel that comes back from behind another one has a selection again': async () => {
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await caretTo(0, 9);
    await vscode.commands.executeCommand('smuggler.openSpecialization');
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 8);
    await vscode.commands.executeCommand('smuggler.openTrainingMonitor');
    await waitForState('Nobody looks', ({ selection }) => selection === null);
    // The monitor keeps the focus in its group: no text editor is active when the map is back.
    await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
    await vscode.commands.executeCommand('workbench.action.previousEditorInGroup');
    await waitForState('Following the caret again', ({ selection }) => selection?.offset === 8);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await caretTo(0, 0);
  },

  'a voter stays selected in another text, behind another panel, and where a place of a list is opened': async () => {
    await vscode.commands.executeCommand('smuggler.openSpecialization');
    await waitForState('Following the caret', ({ selection }) => selection !== null);
    await vscode.commands.executeCommand('smuggler.openDashboard', { offset: 0, bit: 9, voter: 3 });
    const isVoter = ({ selection }: InspectorState) => selection?.bit === 9 && selection.voter === 3;
    await waitForState('Selecting a voter', isVoter);
    // As a click on an example does.
    const other = await vscode.workspace.openTextDocument({ content: 'The tide of day 7 came in at noon.' });
    const editor = await vscode.window.showTextDocument(other, { viewColumn: vscode.ViewColumn.One });
    editor.selection = new vscode.Selection(0, 13, 0, 13);
    await waitForState('The place in the other text', (state) => isVoter(state) && state.selection?.offset === 12);
    await vscode.commands.executeCommand('smuggler.openTrainingMonitor');
    await waitForState('Nobody looks', ({ selection }) => selection === null);
    await vscode.commands.executeCommand('smuggler.openSpecialization');
    await waitForState('The voter is selected again', isVoter);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await caretTo(0, 0);
  },

  'every panel draws again once it comes back from behind another one, and follows the caret': async () => {
    const api = await inspector();
    const panels = [
      ['openHeatmap', 'caretToHeatmap'],
      ['openOverview', 'caretToOverview'],
      ['openDepthLens', 'caretToDepthLens'],
      ['openSpecialization', 'caretToSpecialization'],
      ['openAttention', 'caretToAttention'],
    ] as const;
    for (const [command, timing] of panels) {
      await vscode.commands.executeCommand(`smuggler.${command}`);
      await waitForState(`${command} looks`, ({ selection }) => selection !== null);
      await vscode.commands.executeCommand('smuggler.openTrainingMonitor');
      await waitForState('Nobody looks', ({ selection }) => selection === null);
      await vscode.commands.executeCommand(`smuggler.${command}`);
      const before = api.timings()[timing]?.count ?? 0;
      const end = Date.now() + 60_000;
      for (let column = 4; (api.timings()[timing]?.count ?? 0) === before; column = column === 4 ? 8 : 4) {
        assert.ok(Date.now() < end, `${command} draws again`);
        await caretTo(0, column);
        await sleep(300);
      }
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await caretTo(0, 0);
  },

  'a lock outlasts a time in which nobody looks': async () => {
    await vscode.commands.executeCommand('smuggler.openSpecialization');
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 0);
    await vscode.commands.executeCommand('smuggler.toggleLock');
    await vscode.commands.executeCommand('smuggler.openTrainingMonitor');
    await waitForState('Nobody looks', ({ selection }) => selection === null);
    await caretTo(0, 9);
    await vscode.commands.executeCommand('smuggler.openSpecialization');
    const { selection } = await waitForState('Selected again', (state) => state.selection !== null);
    assert.deepEqual([selection!.offset, selection!.locked], [0, true]);
    await vscode.commands.executeCommand('smuggler.toggleLock');
    await waitForState('Unlocked', (state) => state.selection?.locked === false);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await caretTo(0, 0);
  },

  'a link of the hover moves the caret to its chunk': async () => {
    await caretTo(0, 0);
    await vscode.commands.executeCommand('smuggler.openVotes', { offset: 17 });
    await waitForState('Following the link', ({ selection }) => selection?.offset === 16);
  },

  'the selection follows edits': async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'abcdefgh' });
    const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
    editor.selection = new vscode.Selection(0, 8, 0, 8);
    await waitForState('Selecting the last chunk', ({ selection }) => selection?.offset === 4);
    await editor.edit((edit) => {
      edit.delete(new vscode.Range(0, 2, 0, 8));
    });
    await waitForState('Selecting what is left', ({ selection }) => selection?.offset === 0);
    await editor.edit((edit) => {
      edit.delete(new vscode.Range(0, 0, 0, 2));
    });
    await waitForState('Selecting nothing', ({ selection }) => selection === null);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  },

  'Open Sparsity Heatmap opens one panel and measures the document': async () => {
    await caretTo(0, 9);
    await vscode.commands.executeCommand('smuggler.openHeatmap');
    await vscode.commands.executeCommand('smuggler.openHeatmap');
    const panels = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview && /smuggler\.heatmap/.test(input.viewType));
    const api = await inspector();
    const end = Date.now() + 30_000;
    while (panels().length === 0 || api.timings().inspectRange === undefined) {
      assert.ok(Date.now() < end, `panels ${panels().length}, ${JSON.stringify(api.timings().inspectRange)}`);
      await sleep(50);
    }
    assert.equal(panels().length, 1);
  },
};
