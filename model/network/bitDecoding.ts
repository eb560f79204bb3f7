/** @file The bit decodings of SPEC section 4, one row each. */

/** What the voters of a bit know of its chunk. */
export type BitDecoding = 'independent' | 'chained';

/** Everything that sets a bit decoding apart from the others. */
export interface BitDecodingRule {
  /** Whether a voter hears, beside h, the bits before its own. */
  readonly hearsEarlierBits: boolean;
  /** What the loss is of the text: its exact likelihood, or an upper bound on −ln of it. */
  readonly likelihood: 'exact' | 'bound';
}

export const BIT_DECODINGS: Readonly<Record<BitDecoding, BitDecodingRule>> = {
  independent: { hearsEarlierBits: false, likelihood: 'bound' },
  chained: { hearsEarlierBits: true, likelihood: 'exact' },
};
