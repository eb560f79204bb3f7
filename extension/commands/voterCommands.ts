/** @file Commands that change what is looked at: voters silenced, held and restored, one or many; Pin Chunk, Unpin Chunk. */
import * as vscode from 'vscode';
import type { Pin } from '../editor/pinnedChunk';
import { changesSentence } from '../../model/measures/changesText';
import { parseVoters } from '../../model/measures/voterList';
import type { Services } from '../editor/services';
import { pinChunk } from '../panels/votes/pinChunk';
import { showVotes } from '../panels/votes/votesView';
import { loadedModel } from './loadedModel';
import type { CommandFailure } from './report';
import { reportFailure } from './report';
import type { VoterArguments } from './selectedVoter';
import { voterFor } from './selectedVoter';
import { askForVoters } from './votersQuestion';
import { showInformation } from '../notifications';

/** Voters as a user would write them; without it the user is asked. */
export interface SilenceArguments {
  readonly voters?: string;
}

export interface VoterCommandsOptions {
  readonly services: Services;
  readonly pin: Pin;
  readonly log: vscode.LogOutputChannel;
}

export class VoterCommands {
  constructor(private readonly options: VoterCommandsOptions) {}

  /** Silences the voters that the user names; a failure where the caller named some that there are not. */
  async silence(given?: SilenceArguments): Promise<CommandFailure | undefined> {
    const { services, log } = this.options;
    const { voters } = services;
    const model = await loadedModel(services.models, log);
    if ('error' in model) return model;
    const { votersPerBit } = model;
    const text = given?.voters ?? (await this.#ask(votersPerBit));
    if (text === undefined) return undefined;
    const list = parseVoters(text, votersPerBit);
    if ('error' in list) return list;
    voters.change(list.changes);
    vscode.window.setStatusBarMessage(`SMUGGLER: ${changesSentence(voters.changes, voters.memory)}.`, 4_000);
    await showVotes();
    return undefined;
  }

  silenceVoter(given?: VoterArguments): Promise<CommandFailure | undefined> {
    return this.#change(given, null);
  }

  holdVoterAtOne(given?: VoterArguments): Promise<CommandFailure | undefined> {
    return this.#change(given, 1);
  }

  holdVoterAtZero(given?: VoterArguments): Promise<CommandFailure | undefined> {
    return this.#change(given, 0);
  }

  /** Lets one voter vote by itself again. */
  restoreVoter(given?: VoterArguments): Promise<CommandFailure | undefined> {
    return this.#change(given, undefined);
  }

  clear(): void {
    this.options.services.voters.clear();
  }

  /** Pins the chunk under the caret, and shows the view in which it stands beside the live one. */
  async pin(given?: { readonly offset?: number }): Promise<CommandFailure | undefined> {
    const { services, pin, log } = this.options;
    // Without a view no chunk is followed.
    await showVotes();
    const model = await loadedModel(services.models, log);
    if ('error' in model) return model;
    try {
      if (await pinChunk(services, model, pin, given?.offset)) return undefined;
    } catch (error) {
      return reportFailure(error, log);
    }
    const error = 'There is no chunk to pin: put the caret into the text of a file.';
    void showInformation(error);
    return { error };
  }

  unpin(): void {
    this.options.pin.set(null);
  }

  /** @param vote null silences; undefined is the voter's own */
  async #change(
    given: VoterArguments | undefined,
    vote: number | null | undefined,
  ): Promise<CommandFailure | undefined> {
    const { services, log } = this.options;
    const { voters } = services;
    const place = await voterFor(given, services, log);
    if ('error' in place) return place;
    const { bit, voter } = place;
    if (vote === undefined) voters.restore([{ bit, voter }]);
    else voters.change([{ bit, voter, vote }]);
    const now = vote === undefined ? 'votes by itself' : vote === null ? 'is silenced' : `is held at ${vote}`;
    vscode.window.setStatusBarMessage(`SMUGGLER: voter ${voter} of bit ${bit} ${now}.`, 4_000);
    // What it does stands there; the focus stays where the user is.
    await showVotes(true);
    return undefined;
  }

  #ask(votersPerBit: number): Thenable<string | undefined> {
    const selected = this.options.services.selection.selection;
    const value = selected?.bit == null ? '' : `${selected.bit}/${selected.voter ?? '*'}`;
    return askForVoters('Silence Voters', votersPerBit, value);
  }
}
