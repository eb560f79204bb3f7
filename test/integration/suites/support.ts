/** @file What the suites share: the extension's interface, documents of the workspace, and waiting. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { InspectorApi, InspectorState } from '../../../extension/api';

/** The extension's interface; activates it when it is not yet active. */
export async function inspector(): Promise<InspectorApi> {
  const extension = vscode.extensions.getExtension<InspectorApi>('smuggler.smuggler-inspector');
  assert.ok(extension, 'the extension is installed');
  return extension.activate();
}

/** Waits until the extension's state satisfies `test`; fails with the last state and `what`. */
export async function waitForState(what: string, test: (state: InspectorState) => boolean): Promise<InspectorState> {
  const api = await inspector();
  const end = Date.now() + 60_000;
  while (!test(api.state())) {
    assert.ok(Date.now() < end, `${what} did not happen: ${JSON.stringify(api.state())}`);
    await sleep(20);
  }
  return api.state();
}

/**
 * Waits until something is so; fails with `what`.
 * @param pause milliseconds between two looks; more than the queue's rest where a look asks at the caret for what long work brings
 */
export async function waitFor(what: string, test: () => Promise<boolean>, pause = 20): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await test())) {
    assert.ok(Date.now() < end, `${what} did not happen.`);
    await sleep(pause);
  }
}

/** A file of the workspace. */
export function workspaceFile(...path: string[]): vscode.Uri {
  return vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, ...path);
}

/** Folder of the starter model that comes with the extension. */
export function starterFolder(): string {
  const extension = vscode.extensions.getExtension('smuggler.smuggler-inspector')!;
  return vscode.Uri.joinPath(extension.extensionUri, 'media', 'starter').fsPath;
}

/** The Markdown of all hovers of this extension at a position. */
export async function hoverAt(uri: vscode.Uri, position: vscode.Position): Promise<vscode.Hover[]> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers.filter((hover) => /surprise|SMUGGLER/.test(markdownOf(hover)));
}

export function markdownOf(hover: vscode.Hover): string {
  return hover.contents.map((content) => (content instanceof vscode.MarkdownString ? content.value : '')).join('\n');
}

/** Runs with a setting of the user, and takes it back. */
export async function withSetting(name: string, value: unknown, body: () => Promise<void>): Promise<void> {
  const section = vscode.workspace.getConfiguration('smuggler');
  await section.update(name, value, vscode.ConfigurationTarget.Global);
  try {
    await body();
  } finally {
    await section.update(name, undefined, vscode.ConfigurationTarget.Global);
  }
}
