/** @file Compare With Model… and Compare With and Without Voter Changes: one panel; a model differs nowhere from itself, counts add to N, rows of two models, two texts and two sets of voters. */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { ChooseVotersArguments } from '../../../extension/commands/comparedVotersCommands';
import type { CompareArguments } from '../../../extension/commands/comparisonCommand';
import type { CommandFailure } from '../../../extension/commands/report';
import type { ComparisonSummary } from '../../../extension/panels/comparison/comparisonSubject';
import type { HostTests } from '../testing';
import { inspector, starterFolder, waitForState, workspaceFile } from './support';

const NOTES = 'notes.txt';

function panels(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && /smuggler\.comparison/.test(input.viewType));
}

/** Opens the text with its caret there, in one step. */
async function caretTo(column: number): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(workspaceFile(NOTES), {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(0, column, 0, column),
  });
}

const compare = (given: CompareArguments) =>
  vscode.commands.executeCommand<{ readonly error: string } | undefined>('smuggler.compareWithModel', given);

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

async function bytesOf(name: string): Promise<number> {
  return (await readFile(workspaceFile(name).fsPath)).length;
}

/** Waits for a comparison that satisfies `test`, and checks that its counts add to the chunks and bits of `bytes`. */
async function compared(bytes: number, test: (summary: ComparisonSummary) => boolean): Promise<ComparisonSummary> {
  const { comparison } = await waitForState(
    'Comparing',
    (state) => state.comparison !== null && test(state.comparison),
  );
  assert.ok(comparison !== null);
  assert.equal(sum(comparison.chunks), Math.ceil(bytes / 4));
  assert.equal(sum(comparison.bits), 8 * bytes);
  return comparison;
}

/** A model of the starter's shape whose weights are others: its output's bias is moved. */
async function otherModel(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'smuggler-other-')), 'other');
  await cp(starterFolder(), folder, { recursive: true });
  const file = join(folder, 'config.json');
  const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  // Another τ is another function of the same weights.
  await writeFile(file, JSON.stringify({ ...config, temperature_learned: false, temperature: 0.5 }));
  return folder;
}

/** Runs with a text inserted at the beginning of the document, and takes it out again. */
async function withInsertion(text: string, body: () => Promise<void>): Promise<void> {
  const start = new vscode.Position(0, 0);
  await (
    await caretTo(9)
  ).edit((change) => {
    change.insert(start, text);
  });
  await body();
  await (
    await caretTo(9)
  ).edit((change) => {
    change.delete(new vscode.Range(start, start.translate(0, text.length)));
  });
}

let other = '';

export const tests: HostTests = {
  'the loaded model on the same text: every difference is 0': async () => {
    await vscode.commands.executeCommand('smuggler.loadModel', starterFolder());
    await caretTo(9);
    assert.equal(await compare({ folder: null }), undefined);
    const summary = await compared(await bytesOf(NOTES), ({ folder }) => folder === null);
    assert.equal(summary.largestDifference, 0);
    assert.equal(summary.bitsPerByte[0], summary.bitsPerByte[1]);
    assert.equal(summary.chunks[1]! + summary.chunks[2]!, 0);
    assert.equal(summary.bits[1]! + summary.bits[2]!, 0);
    assert.equal(panels().length, 1);
  },

  'a copy of the loaded model is the same model': async () => {
    const copy = join(await mkdtemp(join(tmpdir(), 'smuggler-copy-')), 'copy');
    await cp(starterFolder(), copy, { recursive: true });
    await caretTo(9);
    await compare({ folder: copy });
    const summary = await compared(await bytesOf(NOTES), ({ folder }) => folder === copy);
    assert.equal(summary.largestDifference, 0);
    assert.equal(panels().length, 1);
  },

  'another model differs, and the comparison follows an edit': async () => {
    other = await otherModel();
    await caretTo(9);
    await compare({ folder: other });
    const before = await compared(await bytesOf(NOTES), ({ folder }) => folder === other);
    assert.ok(before.largestDifference > 0);
    assert.notEqual(before.bitsPerByte[0], before.bitsPerByte[1]);
    await withInsertion('Once ', async () => {
      await compared((await bytesOf(NOTES)) + 5, ({ bitsPerByte }) => bitsPerByte[0] !== before.bitsPerByte[0]);
    });
    await compared(await bytesOf(NOTES), ({ bitsPerByte }) => bitsPerByte[0] === before.bitsPerByte[0]);
  },

  'two texts under one model are compared as far as both go': async () => {
    const text = await readFile(workspaceFile(NOTES).fsPath, 'utf8');
    const file = join(await mkdtemp(join(tmpdir(), 'smuggler-text-')), 'shorter.txt');
    await writeFile(file, text.slice(0, 40).toUpperCase());
    await caretTo(9);
    await compare({ folder: null, file });
    const summary = await compared(40, ({ folder, chunks }) => folder === null && sum(chunks) === 10);
    assert.ok(summary.largestDifference > 0);
    await rm(file);
  },

  'a folder that is no model is told in the panel, and the next comparison works': async () => {
    await caretTo(9);
    assert.equal(await compare({ folder: '/nowhere/model' }), undefined);
    await waitForState('Refusing the folder', ({ comparison }) => comparison === null);
    await compare({ folder: other });
    await compared(await bytesOf(NOTES), ({ folder }) => folder === other);
  },

  'the process is ended: both models are loaded again': async () => {
    const { comparison, processes } = (await inspector()).state();
    process.kill(processes.answer!, 'SIGKILL');
    await waitForState(
      'Loading again',
      (state) => state.status === 'ready' && ![null, processes.answer].includes(state.processes.answer),
    );
    await withInsertion('More ', async () => {
      const summary = await compared((await bytesOf(NOTES)) + 5, ({ chunks }) => sum(chunks) > sum(comparison!.chunks));
      assert.equal(summary.folder, other);
      assert.ok(summary.largestDifference > 0);
    });
    await compared(await bytesOf(NOTES), ({ bitsPerByte }) => bitsPerByte[1] === comparison!.bitsPerByte[1]);
  },

  'with and without voter changes: measured over the document, and both write on': async () => {
    await vscode.commands.executeCommand('smuggler.clearSilencedVoters');
    await caretTo(9);
    const none = await vscode.commands.executeCommand<CommandFailure>('smuggler.compareVoterChanges');
    assert.match(none.error, /^No voter of the model is silenced or held/);
    await vscode.commands.executeCommand('smuggler.silenceVoters', { voters: '*/0-3, 2/5=1' });
    assert.equal(await vscode.commands.executeCommand('smuggler.compareVoterChanges'), undefined);
    await caretTo(9);
    const { changedVoters, largestDifference, bitsPerByte, continuations } = await compared(
      await bytesOf(NOTES),
      (summary) => summary.changedVoters[1] > 0 && summary.continuations !== null,
    );
    assert.deepEqual(changedVoters, [0, 32 * 4 + 1]);
    assert.ok(largestDifference > 0);
    assert.notEqual(bitsPerByte[0], bitsPerByte[1]);
    for (const text of continuations!) assert.ok(text.length > 0);
    assert.equal(panels().length, 1);
  },

  'voters of a side are kept by name, chosen, and taken over from the editor': async () => {
    const bytes = await bytesOf(NOTES);
    const choose = (given: ChooseVotersArguments) =>
      vscode.commands.executeCommand<CommandFailure | undefined>('smuggler.chooseVotersOfB', given);
    const { bitsPerByte } = await compared(bytes, ({ changedVoters }) => changedVoters[1] > 0);
    assert.equal(await choose({ keep: 'a few of each bit' }), undefined);
    assert.equal(await choose({ voters: '' }), undefined);
    const without = await compared(bytes, ({ changedVoters }) => changedVoters[1] === 0);
    assert.equal(without.largestDifference, 0);
    assert.match((await choose({ open: 'others' }))!.error, /^No voters are kept as “others”/);
    assert.match((await choose({ voters: '99/1' }))!.error, /names a bit that there is not/);
    assert.equal(await choose({ open: 'a few of each bit' }), undefined);
    const again = await compared(bytes, ({ changedVoters }) => changedVoters[1] > 0);
    assert.deepEqual(again.bitsPerByte, bitsPerByte);
    await vscode.commands.executeCommand('smuggler.keepVotersAsA');
    const same = await compared(bytes, ({ changedVoters }) => changedVoters[0] > 0);
    assert.equal(same.largestDifference, 0);
    assert.equal(same.bitsPerByte[0], bitsPerByte[1]);
    await vscode.commands.executeCommand('smuggler.clearSilencedVoters');
    // What the sides have is theirs: the editor's voters all vote again, theirs do not.
    await vscode.commands.executeCommand('smuggler.keepVotersAsA');
    await compared(bytes, ({ changedVoters, largestDifference }) => changedVoters[0] === 0 && largestDifference > 0);
  },

  'voters of B are numbered as its own model has them': async () => {
    // Of five voters per bit; the starter's folder is a link into the checkout.
    const small = join(await realpath(starterFolder()), '../../test/golden/bytes-independent');
    await caretTo(9);
    await compare({ folder: small });
    await compared(await bytesOf(NOTES), ({ folder }) => folder === small);
    const choose = (side: 'A' | 'B') =>
      vscode.commands.executeCommand<CommandFailure | undefined>(`smuggler.chooseVotersOf${side}`, { voters: '3/5' });
    assert.match((await choose('B'))!.error, /names a voter that there is not: each bit has voters 0 to 4/);
    assert.equal(await choose('A'), undefined);
    await compared(await bytesOf(NOTES), ({ changedVoters }) => changedVoters[0] === 1);
  },

  'closed, the second model is freed, and the panel can be opened again': async () => {
    await vscode.window.tabGroups.close(panels());
    await waitForState('Closing', ({ comparison }) => comparison === null);
    await caretTo(9);
    await compare({ folder: other });
    await compared(await bytesOf(NOTES), ({ folder }) => folder === other);
    assert.equal(panels().length, 1);
    await vscode.window.tabGroups.close(panels());
  },
};
