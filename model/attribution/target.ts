/** @file What is explained of a chunk, in both ways in which it is computed: as a number from scores, and as a sum for gradients. */
import type { BitModel } from '../inspection/chunkSearch';
import { CHUNK_BITS } from '../measures/chunk';
import type { ChunkScores } from '../network/chunkScores';
import type { VoterHead } from '../network/voterHead';
import type { CauseTarget } from '../protocol/causes';
import type { VoterSum } from '../runtime/inference';

const BYTE_BITS = 8;

/** The head of a model, as far as it is explained. */
export type ExplainedHead = BitModel & Pick<VoterHead, 'bitScores'>;

/** A target at a chunk whose real bits are known. */
export interface ChunkTarget {
  readonly target: CauseTarget;
  /** The chunk's real bits, bit 0 the most significant of 32. */
  readonly code: number;
  /** Bits of it, from the first, that are text. */
  readonly scoredBits: number;
}

/** Whether bit b of a code is 1. */
function isOne(code: number, bit: number): boolean {
  return ((code >>> (CHUNK_BITS - 1 - bit)) & 1) === 1;
}

/** The bits whose real values' surprise is asked about, from the first up to the last. */
function surprisingBits({ target, scoredBits }: ChunkTarget): { readonly from: number; readonly to: number } {
  if (target.kind === 'byte') {
    const from = BYTE_BITS * target.byte;
    return { from, to: Math.min(scoredBits, from + BYTE_BITS) };
  }
  return { from: 0, to: scoredBits };
}

/** Bytes of the chunk itself that stand before what is asked about, so that a byte stage hears them. */
export function ownBytesBefore({ target, scoredBits }: ChunkTarget): number {
  switch (target.kind) {
    case 'chunk':
      return scoredBits / BYTE_BITS - 1;
    case 'byte':
      return target.byte;
    case 'bit':
    case 'voter':
      return Math.floor(target.bit / BYTE_BITS);
  }
}

/**
 * The value: surprise in bits, ln(p/(1 − p)) of a bit, or a voter's score z.
 * @param heard the chunk's bits as the voters of a byte hear those of the bytes before it; its own are the real ones
 */
export function targetValue(head: ExplainedHead, scores: ChunkScores, asked: ChunkTarget, heard: number): number {
  const { target, code } = asked;
  const codeFor = (bit: number) => {
    const before = bit - (bit % BYTE_BITS);
    const mask = before === 0 ? 0 : (-1 << (CHUNK_BITS - before)) >>> 0;
    return ((heard & mask) | (code & ~mask)) >>> 0;
  };
  if (target.kind === 'voter') return head.bitScores(scores, target.bit, codeFor(target.bit))[target.voter]!;
  if (target.kind === 'bit') {
    const { logProbability, logComplement } = head.aggregate(scores, target.bit, codeFor(target.bit));
    return logProbability - logComplement;
  }
  const { from, to } = surprisingBits(asked);
  let surprise = 0;
  for (let bit = from; bit < to; bit++) {
    const { logProbability, logComplement } = head.aggregate(scores, bit, codeFor(bit));
    surprise -= (isOne(code, bit) ? logProbability : logComplement) / Math.LN2;
  }
  return surprise;
}

/** The same value as a sum. @param M voters a bit */
export function targetSum(asked: ChunkTarget, M: number): VoterSum {
  const { target, code } = asked;
  const ofReal = new Float32Array(CHUNK_BITS);
  const ofOpposite = new Float32Array(CHUNK_BITS);
  const ofScores = new Float32Array(CHUNK_BITS * M);
  if (target.kind === 'voter') {
    ofScores[target.bit * M + target.voter] = 1;
  } else if (target.kind === 'bit') {
    ofReal[target.bit] = isOne(code, target.bit) ? 1 : -1;
    ofOpposite[target.bit] = -ofReal[target.bit]!;
  } else {
    const { from, to } = surprisingBits(asked);
    ofReal.fill(-1 / Math.LN2, from, to);
  }
  return { ofReal, ofOpposite, ofScores };
}
