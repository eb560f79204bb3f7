/** @file Commands that show something: Show a Surprising Word, Open Voter Votes, Open Sparsity Heatmap, Open Specialization Map, Find Voters, Show Voter in Specialization Map, Open Model Overview, Open Attention, Open Depth Lens, the lock, the switches of ghost text and memory. */
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { CHUNK_BYTES } from '../../model/measures/chunk';
import type { MemoryScope } from '../../model/protocol/memory';
import { readSettings, SECTION } from '../configuration';
import { documentName } from '../editor/documentName';
import { holdTheSame } from '../files';
import { diskFolders } from '../workspaceFolders';
import { isInspectable, tooLargeSentence } from '../modelProcess/documentTexts';
import type { Services } from '../editor/services';
import type { EditorPanel } from '../panels/frame/definePanel';
import type { ShownFace } from '../panels/specialization/shownFace';
import { showVotes } from '../panels/votes/votesView';
import { loadedModel } from './loadedModel';
import { mostSurprising } from './mostSurprising';
import type { CommandFailure } from './report';
import { reportFailure } from './report';
import type { VoterArguments } from './selectedVoter';
import { voterFor } from './selectedVoter';

/** Chunks of the bundled text among which the most surprising is looked for: from the first to the last. */
const FIRST_SURPRISE = 16;
const MOST_SURPRISES = 256;

/** A chunk to show, by the byte offset of any of its bytes. */
export interface ShowArguments {
  readonly offset?: number;
}

export class ViewCommands {
  /** What memory read before it was turned off. */
  #lastMemory: MemoryScope = 'document';

  constructor(
    private readonly services: Services,
    private readonly panels: Readonly<
      Record<'heatmap' | 'specialization' | 'overview' | 'attention' | 'depthLens', EditorPanel>
    >,
    /** Of the panel of the map. */
    private readonly face: ShownFace,
    /** The bundled text that is shown first. */
    private readonly sample: string,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Opens the bundled text with the caret on its most surprising word, and shows the hover there. */
  async showSurprise(): Promise<CommandFailure | undefined> {
    const { models, client, texts, voters } = this.services;
    try {
      const document = await vscode.workspace.openTextDocument(await this.#sampleHere());
      const editor = await vscode.window.showTextDocument(document, {
        preview: false,
        viewColumn: vscode.ViewColumn.One,
      });
      const model = await loadedModel(models, this.log);
      if ('error' in model) return model;
      const count = Math.min(MOST_SURPRISES, Math.ceil(texts.get(document).bytes.length / CHUNK_BYTES));
      if (count === 0) {
        throw new Error(
          `${documentName(document)} is empty, so no word in it can surprise: take back what was deleted.`,
        );
      }
      const { surprise } = await client.askAbout([document], 'inspect/range', (ref) => ({
        ...ref,
        firstChunk: 0,
        count,
        changes: voters.changes,
      }));
      const { start } = texts.chunkRange(document, CHUNK_BYTES * mostSurprising(surprise, FIRST_SURPRISE));
      editor.selection = new vscode.Selection(start, start);
      editor.revealRange(editor.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
      await vscode.commands.executeCommand('editor.action.showHover');
      return undefined;
    } catch (error) {
      return reportFailure(error, this.log);
    }
  }

  async openVotes(given?: ShowArguments): Promise<void> {
    this.#moveCaret(given);
    await showVotes();
  }

  openHeatmap(given?: ShowArguments): void {
    this.#moveCaret(given);
    this.panels.heatmap.open();
  }

  async openSpecialization(given?: ShowArguments): Promise<void> {
    this.#moveCaret(given);
    await this.face.set('map');
    this.panels.specialization.open();
  }

  /** Opens the table of all voters. */
  async findVoters(): Promise<void> {
    await this.face.set('voters');
    this.panels.specialization.open();
  }

  /** Selects the voter, and opens the map, beside which its dashboard stands. */
  async openDashboard(given?: VoterArguments): Promise<CommandFailure | undefined> {
    const { selection } = this.services;
    const place = await voterFor(given, this.services, this.log);
    if ('error' in place) return place;
    const { bit, voter, votersPerBit } = place;
    await this.face.set('map');
    this.panels.specialization.open();
    const offset = given?.offset ?? selection.selection?.offset;
    // Where nothing was looked at yet, the panel follows the caret from now on.
    const locked = selection.selection?.locked ?? false;
    if (offset !== undefined) selection.select({ offset, bit, voter, locked }, votersPerBit, false);
    return undefined;
  }

  openOverview(): void {
    this.panels.overview.open();
  }

  openAttention(given?: ShowArguments): void {
    this.#moveCaret(given);
    this.panels.attention.open();
  }

  openDepthLens(given?: ShowArguments): void {
    this.#moveCaret(given);
    this.panels.depthLens.open();
  }

  toggleLock(): void {
    this.services.selection.toggleLock();
  }

  /** Turns ghost text on or off for this user, everywhere; says which it is now. */
  async toggleInlineCompletions(): Promise<boolean> {
    const enabled = !readSettings().completionsEnabled;
    await changeSetting('completions.enabled', enabled);
    vscode.window.setStatusBarMessage(`SMUGGLER inline completions are ${enabled ? 'on' : 'off'}.`, 4_000);
    return enabled;
  }

  /** Turns memory on or off as ghost text is, or sets what it reads; says which it is now. */
  async toggleMemory(given?: MemoryScope | 'off'): Promise<MemoryScope | 'off'> {
    const { chosen } = this.services.documentMemory;
    const setting = given ?? (chosen === null ? this.#lastMemory : 'off');
    this.#lastMemory = chosen ?? this.#lastMemory;
    await changeSetting('memory', setting);
    const words = { off: 'off', document: 'on: it reads the open document', workspace: 'on: it reads the workspace' };
    vscode.window.setStatusBarMessage(`SMUGGLER memory is ${words[setting]}.`, 4_000);
    return setting;
  }

  /** The bundled text where it lies in the workspace, as `npm start` opens it, else where the extension is installed. */
  async #sampleHere(): Promise<string> {
    for (const { uri } of diskFolders()) {
      const copy = join(uri.fsPath, basename(this.sample));
      if (await holdTheSame(copy, this.sample)) return copy;
    }
    return this.sample;
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

async function changeSetting(name: string, value: unknown): Promise<void> {
  const section = vscode.workspace.getConfiguration(SECTION);
  // A value of the workspace would win over the user's own, so it is changed where it stands.
  const inWorkspace = section.inspect(name)?.workspaceValue !== undefined;
  const target = inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await section.update(name, value, target);
}
