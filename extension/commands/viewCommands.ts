/** @file Commands that show something: Open Voter Votes, Open Sparsity Heatmap, Open Specialization Map, Open Model Overview, the lock, the ghost text switch. */
import * as vscode from 'vscode';
import { SECTION } from '../configuration';
import { isInspectable, tooLargeSentence } from '../editor/documentTexts';
import type { Services } from '../editor/services';
import type { EditorPanel } from '../panels/frame/definePanel';

/** A chunk to show, by the byte offset of any of its bytes. */
export interface ShowArguments {
  readonly offset?: number;
}

export class ViewCommands {
  constructor(
    private readonly services: Services,
    private readonly panels: Readonly<Record<'heatmap' | 'specialization' | 'overview', EditorPanel>>,
  ) {}

  async openVotes(given?: ShowArguments): Promise<void> {
    this.#moveCaret(given);
    await vscode.commands.executeCommand('smuggler.votes.focus');
  }

  openHeatmap(given?: ShowArguments): void {
    this.#moveCaret(given);
    this.panels.heatmap.open();
  }

  openSpecialization(given?: ShowArguments): void {
    this.#moveCaret(given);
    this.panels.specialization.open();
  }

  openOverview(): void {
    this.panels.overview.open();
  }

  toggleLock(): void {
    this.services.selection.toggleLock();
  }

  /** Turns ghost text on or off for this person, everywhere; says which it is now. */
  async toggleInlineCompletions(): Promise<boolean> {
    const section = vscode.workspace.getConfiguration(SECTION);
    const enabled = section.get<boolean>('completions.enabled') !== true;
    // A value of the workspace would win over the person's own, so it is changed where it stands.
    const inWorkspace = section.inspect('completions.enabled')?.workspaceValue !== undefined;
    const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
    await section.update('completions.enabled', enabled, target);
    vscode.window.setStatusBarMessage(`SMUGGLER inline completions are ${enabled ? 'on' : 'off'}.`, 4_000);
    return enabled;
  }

  /** Links in the hover name a chunk: the caret goes there, and everything follows the caret. */
  #moveCaret(given?: ShowArguments): void {
    const editor = vscode.window.activeTextEditor;
    if (given?.offset === undefined || editor === undefined) return;
    if (!isInspectable(editor.document) || tooLargeSentence(editor.document) !== null) return;
    const position = this.services.texts.position(editor.document, given.offset);
    editor.selection = new vscode.Selection(position, position);
  }
}
