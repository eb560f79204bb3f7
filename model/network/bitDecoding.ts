/** @file The bit decodings of SPEC section 4, one row each. */

/** What the voters of a bit know of its chunk. */
export type BitDecoding = 'independent' | 'chained';

/** Everything that sets a bit decoding apart from the others. */
export interface BitDecodingRule {
  /** Whether a voter hears, beside h, the bits before its own. */
  readonly hearsEarlierBits: boolean;
}

export const BIT_DECODINGS: Readonly<Record<BitDecoding, BitDecodingRule>> = {
  independent: { hearsEarlierBits: false },
  chained: { hearsEarlierBits: true },
};

/** Whether the loss is −ln of the text's exact likelihood: of bits that do not hear each other it is an upper bound on that. */
export function hasExactLikelihood(decoding: BitDecoding): boolean {
  return BIT_DECODINGS[decoding].hearsEarlierBits;
}
