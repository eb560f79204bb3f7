/** @file The voter that is pointed at, and the commands for it. */
import type { VoterPlace } from '../inspection';

/** A voter of a bit, at a chunk of the document. */
export interface VoterAtChunk extends VoterPlace {
  /** Byte offset of the chunk. */
  readonly offset: number;
}

/** model/measures/voterActions.ts says what each does. */
export type VoterCommand =
  | 'smuggler.silenceVoter'
  | 'smuggler.holdVoterAtOne'
  | 'smuggler.holdVoterAtZero'
  | 'smuggler.restoreVoter'
  | 'smuggler.pinChunk'
  | 'smuggler.openDashboard'
  | 'smuggler.colourTextByVoter';
