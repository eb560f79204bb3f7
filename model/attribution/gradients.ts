/** @file Gradient × input, and integrated gradients (Sundararajan et al. 2017), for each byte of a window. */
import type { TurnOptions } from '../inspection/turns';
import { Turns } from '../inspection/turns';
import { CHUNK_BYTES } from '../measures/chunk';
import { NGRAM_ORDERS } from '../network/byteNgrams';
import { votersPerBit } from '../network/config';
import type { Completeness } from '../protocol/causes';
import type { Inference, InputContributions } from '../runtime/inference';
import type { ExplainedPosition } from './position';
import { gaussLegendre } from './quadrature';
import { targetSum } from './target';

/** What gradients need of a model. */
export type DifferentiatedModel = Pick<Inference, 'config' | 'inputContributions'>;

export interface ByteContributions {
  /** The value with the text as it is. */
  readonly value: number;
  /** [4(T+1)] what each byte of the window adds. */
  readonly bytes: Float64Array;
}

/** Gradients averaged first; doubled until they are complete. */
const FEWEST_STEPS = 16;
const MOST_STEPS = 256;
/** Largest share of the difference by which the sum may be off. */
const COMPLETE = 0.01;
/** Positions in one batch of windows, so that others wait for some 20 ms at most. */
const BATCH_POSITIONS = 256;

/**
 * Adds what entered the network at row `row` of N to the bytes that it was made of. The row of an n-gram belongs to its bytes in equal
 * parts, since it is there only where all of them are.
 */
function addToBytes(bytes: Float64Array, found: InputContributions, N: number, row: number, weight: number): void {
  const { bits, bytes: rows, ngrams } = found;
  const perWindow = bits.length / N;
  for (let i = 0; i < perWindow; i++) bytes[i]! += weight * bits[row * perWindow + i]!;
  // Predicted byte i is byte i + 4 of the window, and hears the one before.
  if (rows !== undefined) {
    for (let i = 0; i < perWindow; i++) bytes[i + CHUNK_BYTES - 1]! += weight * rows[row * perWindow + i]!;
  }
  if (ngrams === undefined) return;
  NGRAM_ORDERS.forEach((order, table) => {
    for (let i = 0; i < perWindow; i++) {
      const contribution = weight * ngrams[(table * N + row) * perWindow + i]!;
      const end = i + CHUNK_BYTES;
      const start = Math.max(0, end - order);
      for (let byte = start; byte < end; byte++) bytes[byte]! += contribution / (end - start);
    }
  });
}

/** Gradient × input: exact for a model that is linear, and as quick as a look. */
export async function gradientTimesInput(
  inference: DifferentiatedModel,
  { window, position, asked }: ExplainedPosition,
): Promise<ByteContributions> {
  const sum = targetSum(asked, votersPerBit(inference.config));
  const found = await inference.inputContributions(window, position, sum, [1]);
  const bytes = new Float64Array(window.length);
  addToBytes(bytes, found, 1, 0, 1);
  return { value: found.values[0]!, bytes };
}

/**
 * Integrated gradients from no text to the text, by Gauss-Legendre quadrature.
 * @throws the signal's reason when it is aborted
 */
export async function integratedGradients(
  inference: DifferentiatedModel,
  { window, position, asked }: ExplainedPosition,
  options: TurnOptions = {},
): Promise<ByteContributions & { readonly completeness: Completeness }> {
  const sum = targetSum(asked, votersPerBit(inference.config));
  const N = Math.max(1, Math.floor(BATCH_POSITIONS / inference.config.context_chunks));
  const turns = new Turns(options);
  for (let steps = FEWEST_STEPS; ; steps *= 2) {
    const { nodes, weights } = gaussLegendre(steps);
    // The ends are wanted for their values only.
    const shares = [0, 1, ...nodes];
    const values: number[] = [];
    const bytes = new Float64Array(window.length);
    for (let done = 0; done < shares.length; done += N) {
      await turns.give();
      const batch = Array.from({ length: N }, (_, n) => shares[done + n] ?? 1);
      const found = await inference.inputContributions(window, position, sum, batch);
      for (let row = 0; row < Math.min(N, shares.length - done); row++) {
        values.push(found.values[row]!);
        const weight = weights[done + row - 2];
        if (weight !== undefined) addToBytes(bytes, found, N, row, weight);
      }
    }
    const [without, value] = values as [number, number];
    const difference = value - without;
    const total = bytes.reduce((all, contribution) => all + contribution, 0);
    const error = Math.abs(total - difference) / Math.abs(difference);
    if (error <= COMPLETE || steps >= MOST_STEPS) {
      return { value, bytes, completeness: { difference, sum: total, error, steps } };
    }
  }
}
