/** @file Up to which figure a claim of the paper counts as true, the same in every experiment. */

/** "2–5 voters of 128 dominate": voters. */
export const FEW = 5;
/** Of so many in each bit. */
export const FEW_OF = 128;
/** "becomes their maximum": distance of p from the largest vote. */
export const NEAR_MAXIMUM = 0.01;
/** "are outvoted": growth of bits per byte, as a share. */
export const OUTVOTED = 0.01;
/** Share of voters that fail. */
export const HALF = 0.5;
/** At which τ a trained model's p is compared with its largest vote. */
export const TAUS_TO_MAXIMUM = [1.6, 6.4, 25.6, 102.4, 409.6, 1638.4] as const;
/** "few voters suffice": growth of bits per byte, as a share of them and of what training has brought. */
export const SUFFICE = { ofBits: 0.01, ofLearned: 0.1 } as const;
