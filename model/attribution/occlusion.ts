/** @file Exact occlusion: each piece of the text replaced, and what is explained computed anew. */
import { chunkCode } from '../inspection/chunkSearch';
import { ChangedHead } from '../inspection/lesions';
import type { TurnOptions } from '../inspection/turns';
import { Turns } from '../inspection/turns';
import { CHUNK_BYTES } from '../measures/chunk';
import type { VoterHead } from '../network/voterHead';
import type { VoterChange } from '../protocol/inspection';
import type { Inference } from '../runtime/inference';
import type { Piece } from './pieces';
import type { ExplainedPosition } from './position';
import { targetValue } from './target';

/** What occlusion needs of a model. */
export interface OccludedModel {
  readonly inference: Pick<Inference, 'config' | 'hidden'>;
  readonly head: VoterHead;
}

/** Positions in one batch of windows: as fast as larger ones, and others wait for 10 ms at most. */
const BATCH_POSITIONS = 256;

const SPACE = 0x20;

/**
 * Replaces bytes by spaces: unlike zeros, which begin a document, and unlike text from elsewhere, they are known to the model at every
 * place and add nothing of their own. What is spaces already is replaced by zeros, so that an indentation can be a cause.
 */
export function occlude(bytes: Uint8Array, start: number, end: number): void {
  const isBlank = bytes.subarray(start, end).every((byte) => byte === SPACE);
  bytes.fill(isBlank ? 0 : SPACE, start, end);
}

export interface OcclusionOptions extends TurnOptions {
  /** Voters silenced or held. */
  readonly changes: readonly VoterChange[];
}

export interface Occlusion {
  /** With the text as it is. */
  readonly value: number;
  /** [pieces] with each piece replaced. */
  readonly without: Float64Array;
}

/**
 * The value with the text as it is and without each piece, in batches of windows.
 * @throws VoterChangeError where a change names what does not exist
 * @throws the signal's reason when it is aborted
 */
export async function occlusion(
  { inference, head }: OccludedModel,
  at: ExplainedPosition,
  pieces: readonly Piece[],
  options: OcclusionOptions,
): Promise<Occlusion> {
  const { context_chunks: T, embedding_dim: D } = inference.config;
  const { window, windowStart, position, asked } = at;
  const inputs = (bytes: Uint8Array) => bytes.subarray(0, CHUNK_BYTES * T);
  const changed = new ChangedHead(head, options.changes);
  const measure = (hidden: Float32Array, bytes: Uint8Array) =>
    targetValue(
      changed,
      head.at({ hidden, inputs: inputs(bytes) }, position),
      asked,
      chunkCode(bytes, CHUNK_BYTES * (position + 1)),
    );
  const value = measure(await inference.hidden(inputs(window), 1), window);
  const without = new Float64Array(pieces.length);
  const turns = new Turns(options);
  const batch = Math.max(1, Math.floor(BATCH_POSITIONS / T));
  for (let done = 0; done < pieces.length; done += batch) {
    await turns.give();
    const taken = pieces.slice(done, done + batch);
    const windows = taken.map(({ start, end }) => {
      const occluded = window.slice();
      occlude(occluded, start - windowStart, end - windowStart);
      return occluded;
    });
    // A batch of another size would be another session; what the last one has too many is computed for nothing.
    const all = new Uint8Array(batch * CHUNK_BYTES * T);
    windows.forEach((occluded, row) => {
      all.set(inputs(occluded), row * CHUNK_BYTES * T);
    });
    const hidden = await inference.hidden(all, batch);
    windows.forEach((occluded, row) => {
      without[done + row] = measure(hidden.subarray(row * T * D, (row + 1) * T * D), occluded);
    });
  }
  return { value, without };
}
