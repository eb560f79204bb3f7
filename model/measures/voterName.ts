/** @file What voters are called, on every surface alike: the user's name, or the automatic one, which says that it is. */
import type { VoterNames, VoterNotes } from '../protocol/voterNotes';

function keyOf(bit: number, voter: number): string {
  return `${bit}/${voter}`;
}

/** The user's names go first. */
export function voterNames({ notes, automatic }: Pick<VoterNotes, 'notes' | 'automatic'>): VoterNames {
  const names: Record<string, string> = {};
  for (const { bit, voter, name } of automatic) names[keyOf(bit, voter)] = `${name} (automatic)`;
  for (const { bit, voter, name } of notes) if (name !== '') names[keyOf(bit, voter)] = name;
  return names;
}

/** '' for a voter without a name. */
export function voterName(names: VoterNames, bit: number, voter: number): string {
  return names[keyOf(bit, voter)] ?? '';
}
