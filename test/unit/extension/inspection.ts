/** @file An inspection as the model process would answer it, for the tests of what is made of it. */
import { DEFAULT_CONFIG } from '../../../model/network/config';
import type { ChunkInspection } from '../../../model/protocol/inspection';
import type { ModelSummary } from '../../../model/protocol/models';

export const VOTERS = 4;

/** The chunk 'ctio' of 'function', every bit right but the last, whose most probable value is wrong. */
export function inspection(change: Partial<ChunkInspection> = {}): ChunkInspection {
  const bits = new Uint8Array(32);
  for (const [i, byte] of [...Buffer.from('ctio')].entries()) {
    for (let b = 0; b < 8; b++) bits[8 * i + b] = (byte >> (7 - b)) & 1;
  }
  const probabilities = Float32Array.from(bits, (bit) => (bit === 1 ? 0.9 : 0.1));
  probabilities[31] = 1 - probabilities[31]!;
  const weights = new Float32Array(32 * VOTERS).fill(1 / VOTERS);
  weights[9 * VOTERS + 2] = 0.7;
  weights[20 * VOTERS] = 0.5;
  return {
    checkpoint: '0123456789ab',
    index: 1,
    chunkCount: 3,
    offset: 4,
    length: 4,
    text: 'ctio',
    before: 'fun',
    after: 'n ma',
    bits,
    scored: new Uint8Array(32).fill(1),
    probabilities,
    votes: new Float32Array(32 * VOTERS).fill(0.25),
    weights,
    effects: new Float32Array(32 * VOTERS),
    effectiveVoters: new Float32Array(32).fill(2),
    activeVoters: new Uint16Array(32).fill(1),
    surprise: 4.5678,
    sparsity: {
      ones: { bits: 17, votesAboveHalf: 1.5, effectiveVoters: 1.234, operationalVoters: 1 },
      zeros: { bits: 15, votesAboveHalf: 0, effectiveVoters: 3.9, operationalVoters: 4 },
      operationalVoters: 2,
    },
    alternatives: [
      { bytes: Buffer.from('ctio'), text: 'ctio', validUtf8: true, probability: 0.62, flippedBits: new Uint8Array(0) },
    ],
    milliseconds: 1,
    ...change,
  };
}

export const model: ModelSummary = {
  folder: '/models/starter',
  name: 'starter',
  checkpoint: '0123456789ab',
  config: { ...DEFAULT_CONFIG, voters_per_bit: VOTERS },
  parameters: 123_456,
  steps: 100,
  temperatures: new Float32Array(32).fill(6.4),
  votersPerBit: VOTERS,
  device: 'cpu',
};
