/** @file Names and notes that a user gives to voters. */
import type { VoterPlace } from './inspection';

/** What a user calls a voter and knows of it. */
export interface VoterNote extends VoterPlace {
  /** One line, or ''. */
  readonly name: string;
  readonly note: string;
  /** ISO 8601, UTC. */
  readonly updated: string;
}

/** Sets what a voter is called; an empty name with an empty note removes it. */
export interface SetVoterNoteParams extends VoterPlace {
  readonly name: string;
  readonly note: string;
}

/** All notes of the loaded model, by bit, then voter. */
export interface VoterNotes {
  readonly folder: string;
  readonly notes: readonly VoterNote[];
}
