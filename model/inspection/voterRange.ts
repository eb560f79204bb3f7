/** @file One voter's votes over consecutive chunks: what a text is coloured by. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { VoterRange, VoterRangeParams } from '../protocol/inspection';
import type { Inference } from '../runtime/inference';
import { documentWindows, fillWindow } from '../text/windows';
import { chainColumns, hiddenVectors, votersPerBit } from '../network/config';
import type { InspectedDocument } from './inspector';
import { VoterChangeError } from './lesions';
import type { TurnOptions } from './turns';
import { Turns } from './turns';

/** Chunks answered at most. */
const MOST_CHUNKS = 1 << 16;

/**
 * v = σ(z) of one voter at consecutive chunks, with chained bits given the real bits before its own; NaN where the bit is padding.
 * The range is cut to the document.
 * @throws VoterChangeError where the model has no such voter; the signal's reason when it is aborted
 */
export async function voterRange(
  model: { readonly inference: Inference; readonly checkpoint: string },
  { bytes }: InspectedDocument,
  { bit, voter, firstChunk, count }: Pick<VoterRangeParams, 'bit' | 'voter' | 'firstChunk' | 'count'>,
  options: TurnOptions = {},
): Promise<VoterRange> {
  const { config, parameters } = model.inference;
  const M = votersPerBit(config);
  const isVoter = Number.isInteger(bit) && bit >= 0 && bit < CHUNK_BITS && Number.isInteger(voter);
  if (!isVoter || voter < 0 || voter >= M) {
    throw new VoterChangeError(
      `Voter ${voter} of bit ${bit} does not exist: the model has bits 0 to ${CHUNK_BITS - 1}, with voters 0 to ${M - 1} each.`,
    );
  }
  const { count: vectors, width, bits } = hiddenVectors(config);
  const T = config.context_chunks;
  const row = bit * M + voter;
  const weight = parameters.get('output_projection.weight')!.data.subarray(row * width, (row + 1) * width);
  const bias = parameters.get('output_projection.bias')!.data[row]!;
  const columns = chainColumns(config);
  const chain = columns === 0 ? undefined : parameters.get('bit_chain.weight')!.data;
  const vector = Math.floor(bit / bits);

  const chunkCount = Math.ceil(bytes.length / CHUNK_BYTES);
  const from = Math.min(chunkCount, Math.max(0, firstChunk));
  const to = Math.min(chunkCount, from + MOST_CHUNKS, Math.max(from, firstChunk + count));
  const votes = new Float32Array(to - from);
  const inputs = new Uint8Array(CHUNK_BYTES * (T + 1));
  const turns = new Turns(options);
  for (const window of documentWindows(from, to, chunkCount, T)) {
    await turns.give();
    fillWindow(bytes, window, T, inputs, 0);
    const hidden = await model.inference.vectors(inputs, 1);
    for (let chunk = window.scoreFrom; chunk < window.scoreTo; chunk++) {
      let z = bias;
      const at = ((chunk - window.firstTarget) * vectors + vector) * width;
      for (let d = 0; d < width; d++) z += weight[d]! * hidden[at + d]!;
      const byte = (b: number) => bytes[CHUNK_BYTES * chunk + (b >> 3)];
      if (chain !== undefined) {
        const first = vector * bits;
        for (let b = first; b < bit; b++) {
          const isOne = (((byte(b) ?? 0) >> (7 - (b & 7))) & 1) === 1;
          z += (isOne ? 1 : -1) * chain[row * columns + b - first]!;
        }
      }
      votes[chunk - from] = byte(bit) === undefined ? NaN : 1 / (1 + Math.exp(-z));
    }
  }
  return { checkpoint: model.checkpoint, firstChunk: from, count: to - from, votes };
}
