/** @file The aggregations of SPEC section 4, one row each. */

/** How a bit's votes become one probability (SPEC section 4). */
export type Aggregation = 'softmax' | 'confidence' | 'mean' | 'max' | 'dense';

/** What a softmax hears of a voter: its vote v, or its confidence max(v, 1 − v). */
export type Heard = 'vote' | 'confidence';

/** How a bit's votes become weights. */
export type Weighting =
  /** The softmax of τ times what is heard. */
  | { readonly kind: 'softmax'; readonly heard: Heard }
  /** Shared equally by the largest votes. */
  | { readonly kind: 'largest' }
  /** The same for every voter. */
  | { readonly kind: 'equal' };

/** Everything that sets an aggregation apart from the others. */
export interface AggregationRule {
  readonly weighting: Weighting;
  /** M, from the configuration's `voters_per_bit`. */
  readonly voters: (votersPerBit: number) => number;
  /** Standard deviation of the first scores around their bias, for M voters and the configuration's τ. */
  readonly scoreDeviation: (voters: number, tau: number) => number;
}

/** No score starts wider than this, however small τ is: beyond it the first loss is spent on unlearning confident votes. */
const WIDEST_SCORES = 1.5;
/** A single unit has no other voters that average its first guess, so it starts nearer to the bit's rate. */
const DENSE_SCORES = 0.25;

/** √(0.48/τ) keeps the first p within 0.03 of σ(bias), since p ≈ σ(b) + τ·Var(v). */
function softmaxDeviation(_voters: number, tau: number): number {
  return tau > 0 ? Math.min(WIDEST_SCORES, Math.sqrt(0.48 / tau)) : WIDEST_SCORES;
}

/** The largest of M scores stands about σ·√(2 ln M) above the bias; the same 0.03 bounds that. */
function largestDeviation(voters: number, tau: number): number {
  return voters > 1 ? Math.min(WIDEST_SCORES, 0.12 / Math.sqrt(2 * Math.log(voters))) : softmaxDeviation(voters, tau);
}

const same = (votersPerBit: number) => votersPerBit;

/** `mean` starts like `softmax`, so that it differs from it in the aggregation alone. */
export const AGGREGATIONS: Readonly<Record<Aggregation, AggregationRule>> = {
  softmax: {
    weighting: { kind: 'softmax', heard: 'vote' },
    voters: same,
    scoreDeviation: softmaxDeviation,
  },
  confidence: {
    weighting: { kind: 'softmax', heard: 'confidence' },
    voters: same,
    scoreDeviation: softmaxDeviation,
  },
  mean: { weighting: { kind: 'equal' }, voters: same, scoreDeviation: softmaxDeviation },
  max: { weighting: { kind: 'largest' }, voters: same, scoreDeviation: largestDeviation },
  dense: {
    weighting: { kind: 'equal' },
    voters: () => 1,
    scoreDeviation: () => DENSE_SCORES,
  },
};

/** Whether τ multiplies what decides the weights. */
export function usesTemperature(aggregation: Aggregation): boolean {
  return AGGREGATIONS[aggregation].weighting.kind === 'softmax';
}
