/** @file What of a webview's message, or of what was kept, names voters and changes of them. Pure. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import { MEMORY_VOTERS } from '../../model/measures/memoryVoters';
import type { VoterChange, VoterPlace } from '../../model/protocol/inspection';
import type { MemoryVoter } from '../../model/protocol/memory';

function isPlace(place: unknown, votersPerBit: number): place is VoterPlace {
  if (typeof place !== 'object' || place === null || !('bit' in place) || !('voter' in place)) return false;
  const within = (value: unknown, bound: number) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < bound;
  return within(place.bit, CHUNK_BITS) && within(place.voter, votersPerBit);
}

/** What of a webview's message names voters of the model; a webview is not trusted to be within bounds. */
export function validPlaces(value: unknown, votersPerBit: number): VoterPlace[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((place): place is VoterPlace => isPlace(place, votersPerBit))
    .map(({ bit, voter }) => ({ bit, voter }));
}

/** What of a webview's message are changes of voters that the model has, to votes that there are. */
export function validChanges(value: unknown, votersPerBit: number): VoterChange[] {
  if (!Array.isArray(value)) return [];
  const isVote = (vote: unknown): vote is number | null =>
    vote === null || (typeof vote === 'number' && vote >= 0 && vote <= 1);
  return value
    .filter((change): change is VoterChange => isPlace(change, votersPerBit) && 'vote' in change && isVote(change.vote))
    .map(({ bit, voter, vote }) => ({ bit, voter, vote }));
}

/** What of a webview's message names memory voters. */
export function validMemoryVoters(value: unknown): MemoryVoter[] {
  return Array.isArray(value) ? MEMORY_VOTERS.filter((voter) => value.includes(voter)) : [];
}
