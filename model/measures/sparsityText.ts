/** @file How sparse the votes are, in words: three answers side by side, the same in hover, votes view and command line. */
import type { SparsityOfBits } from '../protocol/inspection';

/** What the three figures mean, one sentence each. */
export const SPARSITY_MEANING =
  'Effective: 1/Σw², how many equal voters the weights amount to. Above ½: voters that vote for a 1. k: so many voters of the largest weights, alone, lose at most 1 % more than all.';

/** The three figures of the bits of one value; 'none' where no bit has it. */
export function sparsityText(bits: SparsityOfBits | null): string {
  if (bits === null) return 'none';
  const { effectiveVoters, votesAboveHalf, operationalVoters } = bits;
  return `${effectiveVoters.toFixed(1)} effective, ${votesAboveHalf.toFixed(1)} above ½, k ${operationalVoters}`;
}
