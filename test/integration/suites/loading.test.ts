/** @file Model folders that cannot be used: one sentence each, and the model that was there stays. */
import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';
import { hoverAt, inspector, starterFolder, waitForState, workspaceFile } from './support';

type Answer = { readonly folder: string; readonly checkpoint: string } | { readonly error: string } | undefined;

function load(folder: string): Thenable<Answer> {
  return vscode.commands.executeCommand<Answer>('smuggler.loadModel', folder);
}

/** A copy of the starter model to be damaged. */
async function copyOfStarter(): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), 'smuggler-load-')), 'damaged');
  await cp(starterFolder(), folder, { recursive: true });
  return folder;
}

/** Loads a folder that cannot be loaded, and checks that the model before is still there and answers. */
async function refused(folder: string, expected: RegExp): Promise<void> {
  const before = (await inspector()).state();
  const answer = await load(folder);
  assert.ok(answer !== undefined && 'error' in answer, `${folder} was loaded`);
  assert.match(answer.error, expected);
  assert.doesNotMatch(answer.error, /\n/);
  assert.match(answer.error, /\.$/);
  const after = (await inspector()).state();
  assert.equal(after.status, 'ready');
  assert.equal(after.checkpoint, before.checkpoint);
  const notes = workspaceFile('notes.txt');
  await vscode.workspace.openTextDocument(notes);
  assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 1);
}

export const tests: HostTests = {
  'a relative folder in the setting is looked up in the workspace': async () => {
    const folder = workspaceFile('models', 'of the workspace').fsPath;
    await cp(starterFolder(), folder, { recursive: true });
    const set = (model: string | undefined) =>
      vscode.workspace.getConfiguration('smuggler').update('model', model, vscode.ConfigurationTarget.Global);
    await set('models/of the workspace');
    await vscode.window.showTextDocument(workspaceFile('notes.txt'));
    await vscode.commands.executeCommand('smuggler.reload');
    const state = await waitForState('Loading it', ({ status, model }) => status === 'ready' && model === folder);
    assert.match(state.statusBar, /of the workspace/);
    await set(undefined);
    await vscode.commands.executeCommand('smuggler.loadModel', starterFolder());
    await rm(folder, { recursive: true });
  },

  'the starter model loads': async () => {
    const answer = await load(starterFolder());
    assert.ok(answer !== undefined && 'checkpoint' in answer, JSON.stringify(answer));
    const state = await waitForState('Loading', ({ status }) => status === 'ready');
    assert.equal(state.checkpoint, answer.checkpoint);
  },

  'a folder that is not there': () => refused('/nowhere/model', /\/nowhere\/model/),

  'a folder without a model': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smuggler-empty-'));
    await refused(folder, /config\.json/);
  },

  'a configuration with a wrong value': async () => {
    const folder = await copyOfStarter();
    const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, voters_per_bit: -3 }));
    await refused(folder, /config\.json.*voters_per_bit.*-3/);
  },

  'a truncated model file': async () => {
    const folder = await copyOfStarter();
    await truncate(join(folder, 'model.safetensors'), 1000);
    await refused(folder, /model\.safetensors/);
  },

  'weights that are not finite': async () => {
    const folder = await copyOfStarter();
    const file = join(folder, 'model.safetensors');
    const bytes = await readFile(file);
    bytes.fill(0xff, bytes.length - 64);
    await writeFile(file, bytes);
    await refused(folder, /model\.safetensors.*(NaN|finite)/);
  },

  'a model file that is a folder': async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smuggler-folder-'));
    await cp(join(starterFolder(), 'config.json'), join(folder, 'config.json'));
    await mkdir(join(folder, 'model.safetensors'));
    await refused(folder, /model\.safetensors/);
  },

  'Unload Model frees the process, and loading brings it back': async () => {
    await vscode.commands.executeCommand('smuggler.unloadModel');
    const unloaded = (await inspector()).state();
    assert.equal(unloaded.status, 'none');
    assert.equal(unloaded.processes.answer, null);
    assert.match(unloaded.statusBar, /no model/);
    await load(starterFolder());
    await waitForState('Loading', ({ status, processes }) => status === 'ready' && processes.answer !== null);
  },
};
