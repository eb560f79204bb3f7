/** @file What the paper claims, and the measure that decides each claim. Pure. */
import type { Claim, Finding } from '../protocol/experiments';

/** In the order in which the paper makes them. */
export const CLAIMS = [
  {
    key: 'maximum',
    claim: 'As τ grows, the softmax of a bit’s votes becomes their maximum.',
    measure: 'distance of p from the largest vote of its bit, over τ',
    experiment: 'sparsity',
  },
  {
    key: 'logVoters',
    claim: 'At most O(log M) of M voters have a weight that counts.',
    measure: 'voters with a weight above 1/M, fitted over M from 16 to 512',
    experiment: 'sparsity',
  },
  {
    key: 'fewDominate',
    claim: 'Often 2–5 voters of 128 dominate a bit.',
    measure: 'effective voters 1/Σw² of a bit at M = 128, for 1-bits and 0-bits apart',
    experiment: 'sparsity',
  },
  {
    key: 'stageCost',
    claim: 'Each stage costs about as much as the one before, N·D² in all.',
    measure: 'counted multiplications per stage, over depth',
    experiment: 'throughput',
  },
  {
    key: 'sparseSaves',
    claim: 'Few active voters make a decision cheap: time and memory grow with k, not with M.',
    measure: 'chunks per second and memory with voters pruned, at equal bits per byte',
    experiment: 'throughput',
  },
  {
    key: 'scaling',
    claim: 'Loss falls by a power law with size and compute, with a better constant than a dense model’s.',
    measure: 'A and exponent of E + A·N^−a, voters against dense',
    experiment: 'capacity',
  },
  {
    key: 'lessForgetting',
    claim: 'Trained on one domain after another, it forgets less than a dense model.',
    measure: 'forgetting in bits per byte, voters against dense, at matched plasticity',
    experiment: 'forgetting',
  },
  {
    key: 'outvoted',
    claim: 'Voters that fail are outvoted by the others.',
    measure: 'bits per byte with voters dropped and votes flipped, against the mean of votes',
    experiment: 'robustness',
  },
  {
    key: 'sparserAsGood',
    claim: 'A larger τ makes fewer voters decide, and few voters suffice.',
    measure: 'bits per byte and effective voters over τ and M',
    experiment: 'ablations',
  },
] as const satisfies readonly Claim[];

export type ClaimKey = (typeof CLAIMS)[number]['key'];

/** The claim in words; the key itself where it is none that is known here. */
export function claimText(key: Finding['claim']): string {
  return CLAIMS.find((claim) => claim.key === key)?.claim ?? key;
}
