/** @file What is changed of a side's voters: kept with the comparison, by name for the workspace, and read back only where it is what it should be. */
import type * as vscode from 'vscode';
import type { VoterChange, VoterPlace } from '../../../model/protocol/inspection';
import { validChanges } from '../../editor/voterChanges';

const SETS = 'smuggler.voterSets';

export interface ComparedVoters {
  /** Under which they are kept for the workspace; null where they are not, or not as they are now. */
  readonly name: string | null;
  /** Folder of the model whose voters they are; null where none is changed. */
  readonly folder: string | null;
  readonly changes: readonly VoterChange[];
}

/** Voters that are kept under a name. */
export type VoterSet = ComparedVoters & { readonly name: string; readonly folder: string };

/** All voters vote by themselves. */
export const UNCHANGED: ComparedVoters = { name: null, folder: null, changes: [] };

/** By bit and voter, the last change of a voter alone. */
export function comparedVoters(changes: readonly VoterChange[], folder: string): ComparedVoters {
  const last = new Map(changes.map((change) => [`${change.bit}/${change.voter}`, change]));
  const sorted = [...last.values()].sort((a, b) => a.bit - b.bit || a.voter - b.voter);
  return sorted.length === 0 ? UNCHANGED : { name: null, folder, changes: sorted };
}

/** Without some of them, which vote by themselves again. */
export function withoutVoters({ changes, folder }: ComparedVoters, voters: readonly VoterPlace[]): ComparedVoters {
  const isNamed = (change: VoterChange) =>
    voters.some(({ bit, voter }) => bit === change.bit && voter === change.voter);
  return folder === null
    ? UNCHANGED
    : comparedVoters(
        changes.filter((change) => !isNamed(change)),
        folder,
      );
}

/** What was kept, whoever wrote it there; null where it is of another form. Which voters a model has is not known here. */
export function readVoters(value: unknown): ComparedVoters | null {
  if (typeof value !== 'object' || value === null || !('changes' in value) || !Array.isArray(value.changes))
    return null;
  const changes = validChanges(value.changes, Infinity);
  if (changes.length !== value.changes.length) return null;
  if (changes.length === 0) return UNCHANGED;
  if (!('folder' in value) || typeof value.folder !== 'string') return null;
  const name = 'name' in value && typeof value.name === 'string' && value.name !== '' ? value.name : null;
  return { ...comparedVoters(changes, value.folder), name };
}

/** The voters that this workspace keeps by name, in the order of their names. */
export class VoterSets {
  constructor(private readonly memory: vscode.Memento) {}

  get all(): readonly VoterSet[] {
    const stored = this.memory.get<unknown>(SETS);
    if (!Array.isArray(stored)) return [];
    const isSet = (voters: ComparedVoters | null): voters is VoterSet => voters?.name != null && voters.folder !== null;
    return stored
      .map(readVoters)
      .filter(isSet)
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  /** In place of an earlier set of that name. */
  async keep(set: VoterSet): Promise<void> {
    await this.memory.update(SETS, [...this.#without(set.name), set]);
  }

  async remove(name: string): Promise<void> {
    await this.memory.update(SETS, this.#without(name));
  }

  #without(name: string): readonly VoterSet[] {
    return this.all.filter((set) => set.name !== name);
  }
}
