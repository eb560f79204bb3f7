/** @file All votes of a chunk as one flat table, a row per voter, those of the memory and then the causes last. Pure. */
import { CAUSE_METHODS, CAUSE_UNITS, targetName } from '../../model/measures/causesText';
import { verdictOf } from '../../model/measures/decidedBits';
import { sawText } from '../../model/measures/memoryText';
import { MEMORY_VOTERS } from '../../model/measures/memoryVoters';
import type { ExportCell, ExportTable } from '../shared/export/panel';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { memoryCells } from './memoryData';
import { changeOf, changeWord, chunkByteLabels } from './votesData';

const COLUMNS = [
  'bit',
  'byte',
  'real bit',
  'p(1)',
  'verdict',
  'effective voters',
  'active voters',
  'voter',
  'vote v',
  'weight w',
  'w*v',
  'effect in bits of surprise',
  'state',
] as const;

const CAUSE_COLUMNS = ['cause', 'cause byte', 'cause bytes', 'contribution', 'contribution to'] as const;

/** What is shown as one table: votes, and the text that they came from where that is known. */
export function votesTable(data: VotesReady): ExportTable {
  const votes = voterRows(data);
  const causes = data.causes?.result ?? null;
  if (causes === null) return votes;
  const none = CAUSE_COLUMNS.map(() => null);
  const others = votes.columns.map(() => null);
  const to = `${targetName(causes)}, ${CAUSE_UNITS[causes.target.kind]}, by ${CAUSE_METHODS[causes.method]}`;
  return {
    columns: [...votes.columns, ...CAUSE_COLUMNS],
    rows: [
      ...votes.rows.map((row) => [...row, ...none]),
      ...causes.causes.map(({ text, offset, length, contribution }) => [
        ...others,
        ...[text, offset, length, contribution, to],
      ]),
    ],
  };
}

/** The table alternative's two tables in one: what is known of a bit stands in every row of its voters. Padding has no numbers. */
function voterRows(data: VotesReady): ExportTable {
  const memory = data.memory ?? null;
  const chunk = memory?.chunk ?? null;
  const after = data.lesion?.result?.after.probabilities;
  const labels = chunkByteLabels(data);
  const voters = data.provenance.votersPerBit;
  const rows = Array.from(data.votes, (vote, cell): ExportCell[] => {
    const bit = Math.floor(cell / voters);
    const voter = cell % voters;
    const label = labels[bit >> 3]!;
    const own = after === undefined ? [] : [after[bit]!, verdictOf(after[bit]!, data.bits[bit]!)];
    if (data.scored[bit] !== 1) {
      const numbers = [null, null, 'padding', null, null, voter, null, null, null, null, null];
      return [bit, label, ...numbers, ...own.map(() => null), ...(chunk === null ? [] : [null, null])];
    }
    const weight = data.weights[cell]!;
    const change = changeOf(data, bit, voter);
    return [
      bit,
      label,
      data.bits[bit]!,
      data.probabilities[bit]!,
      verdictOf(data.probabilities[bit]!, data.bits[bit]!),
      data.effectiveVoters[bit]!,
      data.activeVoters[bit]!,
      voter,
      vote,
      weight,
      weight * vote,
      data.effects[cell]!,
      change === undefined ? 'own vote' : changeWord(change),
      ...own,
      ...(chunk === null ? [] : [chunk.probabilities[bit]!, null]),
    ];
  });
  const columns = [...COLUMNS, ...(after === undefined ? [] : ['p(1) after', 'verdict after'])];
  if (memory === null || chunk === null) return { columns, rows };
  const ownColumns = after === undefined ? [] : [null, null];
  const cells = memoryCells(chunk);
  const ofMemory = Array.from(chunk.probabilities, (p, bit) =>
    [...MEMORY_VOTERS, null].map((voter, row): ExportCell[] => {
      const evidence = voter === null ? null : chunk.evidence[(bit >> 3) * MEMORY_VOTERS.length + row]!;
      const line = evidence?.line == null ? '' : `; last on line ${evidence.line + 1}`;
      return [
        bit,
        labels[bit >> 3]!,
        data.bits[bit]!,
        data.probabilities[bit]!,
        verdictOf(data.probabilities[bit]!, data.bits[bit]!),
        null,
        null,
        voter === null ? 'trained voters together' : `memory: ${voter}`,
        cells.votes[row]![bit]!,
        cells.weights[row]![bit]!,
        null,
        cells.effects[row]![bit]!,
        voter !== null && memory.silenced.includes(voter) ? 'silenced' : 'own vote',
        ...ownColumns,
        p,
        voter === null || evidence === null ? null : `${sawText(voter, evidence, labels[bit >> 3]!)}${line}`,
      ];
    }),
  );
  return { columns: [...columns, 'p(1) with memory', 'saw'], rows: [...rows, ...ofMemory.flat()] };
}
