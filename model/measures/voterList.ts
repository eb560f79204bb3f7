/** @file Voters silenced or held at a vote, as a user writes them: `3/17, 5/0-15, *\/7=1`. Pure. */
import { CHUNK_BITS } from './chunk';
import type { VoterChange } from '../protocol/inspection';

/** Voters as a user wrote them, or one sentence that says what cannot be read. */
export type VoterList = { readonly changes: readonly VoterChange[] } | { readonly error: string };

/** Voters as they may be written for a model of `votersPerBit`: one, some, and one of every bit. */
export function voterExamples(votersPerBit: number): {
  readonly one: string;
  readonly some: string;
  readonly each: string;
} {
  const within = (voter: number) => Math.min(voter, votersPerBit - 1);
  return { one: `3/${within(17)}`, some: `5/0-${within(15)}`, each: `*/${within(7)}` };
}

/** How voters are written. */
export function voterForm(votersPerBit: number): string {
  const { one, some, each } = voterExamples(votersPerBit);
  return `bit/voter, such as ${one}, ${some} or ${each}`;
}

/** Numbers that a part such as `3`, `0-15` or `*` names; null where it cannot be read. */
function numbersOf(part: string, bound: number): number[] | null {
  const found = /^(?:(\*)|(\d+)(?:-(\d+))?)$/.exec(part);
  if (found === null) return null;
  const first = found[1] === undefined ? Number(found[2]) : 0;
  const last = found[1] === undefined ? Number(found[3] ?? found[2]) : bound - 1;
  if (first > last) return null;
  // Whoever asks sees that it is out of bounds; a long list would only take memory.
  if (first >= bound) return [first];
  return Array.from({ length: Math.min(last, bound) - first + 1 }, (_, index) => first + index);
}

/**
 * Reads a list such as `3/17, 5/0-15, *\/7=1`: bit, voter, and after `=` the vote at which it is held; without one it is silenced.
 * @param votersPerBit M of the loaded model
 */
export function parseVoters(text: string, votersPerBit: number): VoterList {
  const form = `write ${voterForm(votersPerBit)}`;
  const items = text.split(/[\s,;]+/).filter((item) => item !== '');
  if (items.length === 0) return { error: `No voter is named: ${form}.` };
  const changes: VoterChange[] = [];
  for (const item of items) {
    const found = /^([^/=]+)\/([^/=]+?)(?:=(.+))?$/.exec(item);
    const bits = found === null ? null : numbersOf(found[1]!, CHUNK_BITS);
    const voters = found === null ? null : numbersOf(found[2]!, votersPerBit);
    if (bits === null || voters === null) return { error: `“${item}” names no voter: ${form}.` };
    if (bits.some((bit) => bit >= CHUNK_BITS))
      return { error: `“${item}” names a bit that there is not: bits are 0 to 31.` };
    if (voters.some((voter) => voter >= votersPerBit)) {
      return { error: `“${item}” names a voter that there is not: each bit has voters 0 to ${votersPerBit - 1}.` };
    }
    const held = found![3];
    const vote = held === undefined ? null : Number(held);
    if (vote !== null && !(vote >= 0 && vote <= 1)) {
      return { error: `“${item}” holds a vote that there is not: votes are 0 to 1.` };
    }
    for (const bit of bits) for (const voter of voters) changes.push({ bit, voter, vote });
  }
  return { changes };
}
