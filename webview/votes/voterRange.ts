/** @file Which voters a change is for: the selected one, a block of the picture from an anchor to it, or all of a bit; and how they are changed. */
import type { VoterChange, VoterPlace } from '../../model/protocol/inspection';

/** A cell by its bit and its place in the row's order. */
export interface CellPlace {
  readonly bit: number;
  readonly place: number;
}

/** All cells between two, in the order that is shown; both ends are part of it. */
export interface CellBlock {
  readonly firstBit: number;
  readonly lastBit: number;
  readonly firstPlace: number;
  readonly lastPlace: number;
}

export function blockBetween(a: CellPlace, b: CellPlace): CellBlock {
  return {
    firstBit: Math.min(a.bit, b.bit),
    lastBit: Math.max(a.bit, b.bit),
    firstPlace: Math.min(a.place, b.place),
    lastPlace: Math.max(a.place, b.place),
  };
}

/** The voters at a block's places; `voterAt` tells who stands at a place. */
export function votersOf(
  { firstBit, lastBit, firstPlace, lastPlace }: CellBlock,
  voterAt: (bit: number, place: number) => number,
): VoterPlace[] {
  const voters: VoterPlace[] = [];
  for (let bit = firstBit; bit <= lastBit; bit++) {
    for (let place = firstPlace; place <= lastPlace; place++) voters.push({ bit, voter: voterAt(bit, place) });
  }
  return voters;
}

/** The vote to hold a voter at next: 0, then 1, then its own (undefined). */
export function nextHeldVote(vote: number | null | undefined): number | undefined {
  if (vote === 0) return 1;
  return vote === 1 ? undefined : 0;
}

export function changesTo(voters: readonly VoterPlace[], vote: number | null): VoterChange[] {
  return voters.map(({ bit, voter }) => ({ bit, voter, vote }));
}

/** 'Bit 3, voter 17' or '12 voters of bits 3 to 5'. */
export function votersPhrase(voters: readonly VoterPlace[]): string {
  const bits = voters.map(({ bit }) => bit);
  const first = Math.min(...bits);
  const last = Math.max(...bits);
  if (voters.length === 1) return `Bit ${first}, voter ${voters[0]!.voter}`;
  return `${voters.length} voters of ${first === last ? `bit ${first}` : `bits ${first} to ${last}`}`;
}
