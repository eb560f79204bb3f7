/** @file How many documents have a memory at a time: what the editor has read, and the model process keeps. */

/** Documents that the editor has read in the background: the one that is looked at, and another one in sight. */
export const MOST_READ = 2;
