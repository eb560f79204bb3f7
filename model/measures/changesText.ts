/** @file Voters that are silenced or held, in words. Pure. */
import { CHUNK_BITS } from './chunk';
import type { VoterChange } from '../protocol/inspection';
import type { MemoryVoter } from '../protocol/memory';

/** Bits whose changed voters are listed by number; the rest is counted. */
const LISTED = 6;

/** 'bit 3: 0–15, 20 · bit 5: 7 = 1', bits with the same voters together. */
export function changesText(changes: readonly VoterChange[]): string {
  const byVoters = new Map<string, number[]>();
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    const own = changes.filter((change) => change.bit === bit);
    if (own.length === 0) continue;
    const voters = runsText(own);
    byVoters.set(voters, [...(byVoters.get(voters) ?? []), bit]);
  }
  const groups = Array.from(byVoters, ([voters, bits]) => {
    const runs = runsText(bits.map((bit) => ({ bit: 0, voter: bit, vote: null })));
    return `${bits.length === 1 ? 'bit' : 'bits'} ${runs}: ${voters}`;
  });
  const rest = groups.length - LISTED;
  return groups.slice(0, LISTED).join(' · ') + (rest > 0 ? ` · and ${rest} more` : '');
}

/** Numbers of voters of one bit, runs as ranges, a held vote after `=`. */
function runsText(changes: readonly VoterChange[]): string {
  const sorted = changes.toSorted((a, b) => a.voter - b.voter);
  const runs: { first: number; last: number; vote: number | null }[] = [];
  for (const { voter, vote } of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && run.last === voter - 1 && run.vote === vote) run.last = voter;
    else runs.push({ first: voter, last: voter, vote });
  }
  return runs
    .map(({ first, last, vote }) => {
      const numbers = first === last ? String(first) : `${first}–${last}`;
      return vote === null ? numbers : `${numbers} = ${vote}`;
    })
    .join(', ');
}

/**
 * '3 voters silenced, 1 held, 2 memory voters silenced'; '' where there are none.
 * @param memory memory voters that are silenced, where the numbers hear of them
 */
export function changesSentence(changes: readonly VoterChange[], memory: readonly MemoryVoter[] = []): string {
  const ofMemory =
    memory.length === 0 ? '' : `${memory.length} memory ${memory.length === 1 ? 'voter' : 'voters'} silenced`;
  return [trainedSentence(changes), ofMemory].filter((part) => part !== '').join(', ');
}

/** 'Silencing 4 voters and holding 2'; '' where nothing is changed. */
export function changesAct(changes: readonly VoterChange[]): string {
  const silenced = changes.filter(({ vote }) => vote === null).length;
  const held = changes.length - silenced;
  if (held === 0) return silenced === 0 ? '' : `Silencing ${countedVoters(silenced)}`;
  return silenced === 0 ? `Holding ${countedVoters(held)}` : `Silencing ${countedVoters(silenced)} and holding ${held}`;
}

function countedVoters(count: number): string {
  return `${count} ${count === 1 ? 'voter' : 'voters'}`;
}

function trainedSentence(changes: readonly VoterChange[]): string {
  if (changes.length === 0) return '';
  const silenced = changes.filter(({ vote }) => vote === null).length;
  const held = changes.length - silenced;
  if (held === 0) return `${countedVoters(silenced)} silenced`;
  return silenced === 0 ? `${countedVoters(held)} held` : `${countedVoters(silenced)} silenced, ${held} held`;
}

/**
 * What is said of numbers while voters are changed; undefined where none is.
 * @param inForce whether the numbers are those of the changed voters
 * @param memory memory voters that are silenced, where the numbers hear of them
 */
export function changesNote(
  changes: readonly VoterChange[],
  inForce: boolean,
  memory: readonly MemoryVoter[] = [],
): string | undefined {
  const sentence = changesSentence(changes, memory);
  if (sentence === '') return undefined;
  return inForce ? `with ${sentence}` : `all voters vote here (elsewhere ${sentence})`;
}
