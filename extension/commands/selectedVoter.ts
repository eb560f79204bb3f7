/** @file The voter that a command is for: the one that was pointed at in a panel, or else the selected one. */
import type * as vscode from 'vscode';
import type { VoterPlace } from '../../model/protocol/inspection';
import { validPlaces } from '../editor/voterChanges';
import type { Services } from '../editor/services';
import { loadedModel } from './loadedModel';
import type { CommandFailure } from './report';
import { reportFailure } from './report';
import { showInformation } from '../notifications';

/** A voter of the loaded model; without it the selected one is meant. */
export interface VoterArguments extends VoterPlace {
  /** Byte offset of the chunk at which it was pointed at. */
  readonly offset?: number;
}

/** The voter, which the loaded model has; where there is none the user has been told why. */
export async function voterFor(
  given: VoterArguments | undefined,
  { models, selection }: Services,
  log: vscode.LogOutputChannel,
): Promise<(VoterPlace & { readonly votersPerBit: number }) | CommandFailure> {
  const model = await loadedModel(models, log);
  if ('error' in model) return model;
  const { votersPerBit } = model;
  const place = given ?? selection.selection;
  if (place?.bit == null || place.voter === null) {
    const error = 'No voter is selected: choose one in Voter Votes, the Sparsity Heatmap or the Specialization Map.';
    void showInformation(error);
    return { error };
  }
  const [voter] = validPlaces([place], votersPerBit);
  if (voter !== undefined) return { ...voter, votersPerBit };
  return reportFailure(
    new Error(
      `The model has no voter ${place.voter} of bit ${place.bit}: bits are 0 to 31, voters 0 to ${votersPerBit - 1}.`,
    ),
    log,
  );
}
