/** @file Inline completion. */
import type { VoterChange } from './inspection';
import type { CompletionMemory } from './memory';

/** No further than the end of the line, of the statement or block, by its indentation, or of the line before a blank one. */
export type Until = 'line' | 'statement' | 'paragraph';

export interface CompleteParams {
  /** UTF-8 of the text before the cursor; the last few kilobytes suffice. */
  readonly prefix: Uint8Array;
  /** UTF-8 of what follows the cursor on its line, which is never offered again. */
  readonly suffix: Uint8Array;
  readonly maxBytes: number;
  readonly until: Until;
  /** Offer only as long as the probability of all that was decided stays at or above this. */
  readonly minConfidence: number;
  /** `sure`: as far as that goes. `saving`: where it saves most keys on average, which is at least two characters. */
  readonly end: 'sure' | 'saving';
}

/** The same to the process that answers. */
export interface CompleteRequestParams extends CompleteParams {
  /** In force for every chunk; the last of several for one voter counts. */
  readonly changes: readonly VoterChange[];
  /** Null where the model completes alone. */
  readonly memory: CompletionMemory | null;
}

export interface Completion {
  /** '' when the model is not sure enough to say anything. */
  readonly text: string;
  /** Probability of the whole text under the model. */
  readonly confidence: number;
  /** Of decoding. */
  readonly milliseconds: number;
  /** Of choosing what of it is offered. */
  readonly postMilliseconds: number;
}
