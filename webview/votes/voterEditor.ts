/** @file Changing voters in the picture: holds what is selected beside the one cell, tells the host what to change, and says it. */
import type { VotesAsk, VotesReady } from '../../model/protocol/panels/votes';
import type { VoterPlace } from '../../model/protocol/inspection';
import type { VoteCell, VoteMatrix } from './matrix';
import type { CellBlock, CellPlace } from './voterRange';
import { blockBetween, changesTo, nextHeldVote, votersOf, votersPhrase } from './voterRange';
import { changeOf, changeWord } from './votesData';

export type VoterEdit = 'silence' | 'hold' | 'restore';

export class VoterEditor {
  /** Where a block of cells begins; it ends at the selected cell. */
  #anchor: CellPlace | null = null;

  constructor(
    private readonly matrix: VoteMatrix,
    private readonly ask: (ask: VotesAsk) => void,
    private readonly say: (text: string) => void,
  ) {}

  /** A block begins at `cell`, unless one has begun. */
  extendFrom(cell: VoteCell | null): void {
    if (cell?.voter == null) return;
    this.#anchor ??= { bit: cell.bit, place: this.matrix.placeOf(cell.bit, cell.voter) };
  }

  /** Only the one cell is selected. */
  forget(): void {
    this.#anchor = null;
  }

  /** The cells from where the block began to the selected one; null where that is one cell or none. */
  block(selected: VoteCell | null): CellBlock | null {
    if (this.#anchor === null || selected?.voter == null) return null;
    const end = { bit: selected.bit, place: this.matrix.placeOf(selected.bit, selected.voter) };
    if (end.bit === this.#anchor.bit && end.place === this.#anchor.place) return null;
    return blockBetween(this.#anchor, end);
  }

  /** 'Bit 3, voter 17' or '12 voters of bits 3 to 5'. */
  phrase(data: VotesReady, selected: VoteCell): string {
    return votersPhrase(this.#voters(data, selected));
  }

  /** Silences, holds or restores the selected voters: of a bit without a voter all of them. */
  edit(edit: VoterEdit, data: VotesReady, selected: VoteCell): void {
    const voters = this.#voters(data, selected);
    if (voters.length === 0) return;
    const phrase = votersPhrase(voters);
    const first = voters[0]!;
    const vote = edit === 'silence' ? null : nextHeldVote(changeOf(data, first.bit, first.voter));
    if (edit === 'restore' || vote === undefined) {
      this.ask({ kind: 'restoreVoters', voters });
      this.say(`${phrase} restored.`);
    } else {
      this.ask({ kind: 'changeVoters', changes: changesTo(voters, vote) });
      this.say(`${phrase} ${changeWord(vote)}.`);
    }
  }

  #voters(data: VotesReady, selected: VoteCell): VoterPlace[] {
    const { bit, voter } = selected;
    const block = this.block(selected);
    if (block !== null) return votersOf(block, (row, place) => this.matrix.voterAt(row, place));
    if (voter !== null) return [{ bit, voter }];
    return Array.from({ length: data.provenance.votersPerBit }, (_, number) => ({ bit, voter: number }));
  }
}
