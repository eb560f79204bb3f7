/** @file What voters are called: names and notes that a user gives to them, and names that were found by what they do. */
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

/** A name that statistics give: the context in which the voter votes. */
export interface AutomaticVoterName extends VoterPlace {
  readonly name: string;
}

/** All notes and automatic names of the loaded model, by bit, then voter. */
export interface VoterNotes {
  readonly folder: string;
  readonly notes: readonly VoterNote[];
  readonly automatic: readonly AutomaticVoterName[];
}

/** What each voter is called, by `bit/voter`; `model/measures/voterName.ts` makes and reads it. */
export type VoterNames = Readonly<Record<string, string>>;
