/** @file The classes of voters: their thresholds, and what each means in words. */
import type { VoterClass } from '../protocol/statistics';

/** Votes above ½ in a smaller share of the chunks, or a larger one, set these classes apart. */
export const DEAD_SHARE = 1e-4;
export const NARROW_SHARE = 0.01;
export const DENSE_SHARE = 0.9;
/** The share of a bit's voters that counts as its largest weights. */
export const LARGEST_WEIGHTS = 0.1;
export const CONTRARY_AUROC = 0.4;
export const TWIN_CORRELATION = 0.98;

/**
 * What each class means, in the order of their bits in a mask. A voter is either dead, narrow, broad or dense. Of those that are not
 * dead it may also be unheard, contrary or a twin: of a voter that never votes these would say nothing.
 */
export const VOTER_CLASS_MEANINGS: Readonly<Record<VoterClass, string>> = {
  dead: 'votes above ½ in fewer than 1 of 10,000 chunks',
  narrow: 'votes above ½ in 1 of 10,000 chunks or more, and in fewer than 1 of 100',
  broad: 'votes above ½ in 1 of 100 chunks or more, and in at most 9 of 10',
  dense: 'votes above ½ in more than 9 of 10 chunks',
  unheard: 'its weight is never among the largest 10 % of its bit',
  contrary: 'its AUROC for its bit is below 0.4: it votes higher where the bit is 0',
  twin: 'its votes correlate by more than 0.98 with those of another voter of its bit',
};

/** The classes in the order of their bits in a mask. */
export const VOTER_CLASSES = Object.keys(VOTER_CLASS_MEANINGS) as readonly VoterClass[];
