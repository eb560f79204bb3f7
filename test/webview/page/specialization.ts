/** @file A made-up but realistic state of the Specialization map, as the extension host would send it. */
import type { Provenance } from '../../../model/protocol/panels/messages';
import type {
  AgreementList,
  AgreementRow,
  ConceptRanking,
  RankedVoter,
  SpecializationReady,
  VoterFigures,
  VoterFinder,
  VoterTable,
} from '../../../model/protocol/panels/specialization';
import type { ClusterTree, MapContext } from '../../../model/protocol/voterAnalyses';

export const COLUMNS: readonly MapContext[] = [
  ...[
    'lower case',
    'upper case',
    'digit',
    'space or tab',
    'line break',
    'bracket',
    'quote',
    'operator',
    'punctuation',
  ].map((name, index) => ({ dimension: 'character' as const, name, count: Math.max(12, 2400 >> index) })),
  ...['lower case', 'upper case', 'space or tab', 'line break', 'punctuation'].map((name, index) => ({
    dimension: 'characterBefore' as const,
    name,
    count: 1900 >> index,
  })),
  ...['0', '1–3', '4–15', '16–63', '64 or more'].map((name, index) => ({
    dimension: 'linePosition' as const,
    name,
    count: 300 * (index + 1),
  })),
  ...['0', '1', '2', '3 or more'].map((name, index) => ({
    dimension: 'indentation' as const,
    name,
    count: 1500 >> index,
  })),
  ...['identifier', 'keyword', 'string', 'comment', 'number', 'other'].map((name, index) => ({
    dimension: 'syntax' as const,
    name,
    count: 1800 >> index,
  })),
];

/** Values around ½ that differ from voter to voter in a regular way: what the tests expect can be computed. */
export function cellValue(voter: number, column: number): number {
  return 0.5 + 0.45 * Math.sin(0.9 * voter + 1.7 * column) * Math.exp(-((voter % 16) + (column % 7)) / 14);
}

const places = (count: number): VoterFigures['top'] =>
  Array.from({ length: count }, (_, index) => ({
    name: `/shop/order.ts`,
    file: 'src/order.ts',
    offset: 64 * index + 8,
    before: 'export function ',
    text: index % 2 === 0 ? 'orde' : '↵␣␣r',
    after: 'rVoters(votes: F',
    vote: 0.98 - 0.03 * index,
  }));

/** Every third voter votes (17 is one), every third stays below ½, and every third hardly moves. */
export function maxVote(voter: number): number {
  return [0.3, 0.02, 0.97][voter % 3]!;
}

/** A tree of n places that is halved again and again; the larger a cluster, the less alike its halves. */
function tree(n: number): ClusterTree {
  const merges: number[] = [];
  const heights: number[] = [];
  const join = (first: number, end: number): void => {
    if (end - first < 2) return;
    const split = first + Math.ceil((end - first) / 2);
    join(first, split);
    join(split, end);
    merges.push(first, split, end);
    heights.push(1.2 * Math.sqrt((end - first) / n));
  };
  join(0, n);
  return { merges: Uint32Array.from(merges), heights: Float32Array.from(heights) };
}

export function figures(): VoterFigures {
  const histogram = (peak: number, scale: number): Int32Array =>
    Int32Array.from({ length: 64 }, (_, bin) => Math.round(scale * Math.exp(-(((bin - peak) / 9) ** 2))));
  return {
    bit: 3,
    voter: 17,
    checkpoint: '3f9c1ab27d40',
    samples: [2900, 1920],
    zeros: histogram(6, 210),
    ones: histogram(50, 140),
    means: [0.14, 0.77],
    variances: [0.02, 0.03],
    minimum: 0.0021,
    maximum: 0.993,
    meanWeight: 0.0091,
    largeWeightShare: 0.21,
    density: 0.382,
    invertedShare: 0.01,
    auroc: 0.941,
    classes: [
      { name: 'broad', voters: 412, of: 1823 },
      { name: 'twin', voters: 204, of: 1823 },
    ],
    automaticName: { name: 'after a space', votes: 1842, there: 1210, chunks: 1300 },
    nearest: { voter: 88, correlation: 0.987, chunks: 4096 },
    top: places(6),
    sample: places(4),
    totalChunks: 48_200,
    measuredOn: '14 files',
  };
}

/** Voters that know about a concept of which there are few chunks. */
export function ranking(change: Partial<ConceptRanking> = {}): ConceptRanking {
  const rest = { q: 0.001, informationQ: 0.002, medianInside: 0.8, medianOutside: 0.2 };
  const rising: RankedVoter = { bit: 3, voter: 17, auroc: 0.93, information: 0.2, ...rest };
  const informed: RankedVoter = { bit: 9, voter: 2, auroc: 0.87, information: 0.26, ...rest };
  const low = { medianInside: 0.2, medianOutside: 0.8 };
  const quiet: RankedVoter = { bit: 14, voter: 5, auroc: 0.21, information: 0.1, ...rest, ...low };
  return {
    concept: '/x/',
    labelled: 12,
    chunks: 4820,
    voters: 4096,
    voting: 1823,
    higher: { count: 3, best: [rising, informed] },
    lower: { count: 1, best: [quiet] },
    informed: { count: 7, best: [informed, rising] },
    isSmallSample: true,
    shuffles: 100,
    measuredOn: 'order.ts',
    ...change,
  };
}

/** Places where the voters of bit 3 that are on at byte 40 are on, too. */
export function agreement(change: Partial<AgreementList> = {}): AgreementList {
  const place = {
    name: 'file:///a.ts',
    file: 'a.ts',
    length: 4,
    before: '// Simple ',
    text: 'comp',
    after: 'ression of',
  };
  const places: AgreementRow[] = [
    { ...place, offset: 16, chunks: 1, agreement: 1, isOrigin: true },
    { ...place, offset: 96, chunks: 2, agreement: 0.875, isOrigin: false },
  ];
  const counts = { voters: 9, minAgreement: 0.8, found: 31, matchingChunks: 40, chunks: 4820 };
  return { bit: 3, offset: 40, ...counts, places, measuredOn: 'order.ts', ...change };
}

/** Statistics of 32·M voters that differ from voter to voter in a regular way. */
export function voterTable(votersPerBit: number, change: Partial<VoterTable> = {}): VoterTable {
  const count = 32 * votersPerBit;
  const each = (value: (row: number) => number): Float32Array =>
    Float32Array.from({ length: count }, (_, row) => value(row));
  // Every third voter is dead, one of seven has a context, one of eleven a twin.
  const densities = each((row) => (row % 3 === 1 ? 0 : 0.4 / (1 + (row % 50))));
  return {
    votersPerBit,
    chunks: 4820,
    totalChunks: 48_200,
    densities,
    aurocs: each((row) => 0.5 + 0.45 * Math.sin(row)),
    meanWeights: Float64Array.from(densities, (density) => density / 12),
    nearest: Int32Array.from({ length: count }, (_, row) => (row % 3 === 1 ? -1 : (row + 1) % votersPerBit)),
    nearestCorrelations: each((row) => (row % 3 === 1 ? NaN : row % 11 === 0 ? 0.99 : 0.3)),
    contributions: {
      chunks: 4820,
      winShares: each((row) => densities[row]! / 4),
      effects: each((row) => densities[row]! * 0.05 * Math.cos(row)),
      promotedBytes: Uint8Array.from({ length: 3 * count }, (_, at) => [0x20, 0x61 + (at % 26), 0xc3][at % 3]!),
      promotedBits: each((row) => densities[row]! / 900).reduce<Float32Array>(
        (all, bits, row) => {
          all.fill(bits, 3 * row, 3 * row + 3);
          return all;
        },
        new Float32Array(3 * count),
      ),
    },
    automaticNames: Array.from({ length: Math.ceil(count / 7) }, (_, at) => 7 * at)
      .filter((row) => densities[row]! > 0)
      .map((row) => {
        const votes = Math.round(4820 * densities[row]!);
        const name = ['before a vowel', 'after a space', 'in a comment'][row % 3]!;
        return { row, name, votes, there: Math.round(0.8 * votes), chunks: 964 };
      }),
    classMasks: Uint8Array.from(densities, (density, row) => {
      if (density === 0) return 1;
      return (density < 0.01 ? 2 : 4) | (row % 11 === 0 ? 64 : 0);
    }),
    measuredOn: 'order.ts',
    outdated: false,
    ...change,
  };
}

/** The table of all voters: one is silenced, one is held, and a quarter votes at the selected chunk. */
export function finder(votersPerBit: number, change: Partial<VoterFinder> = {}): VoterFinder {
  const each = (value: (row: number) => number): Float32Array =>
    Float32Array.from({ length: 32 * votersPerBit }, (_, row) => value(row));
  return {
    scope: 'text',
    hasGathered: true,
    table: voterTable(votersPerBit),
    ownNames: { '3/17': 'opens a word' },
    changes: [
      { bit: 0, voter: 0, vote: null },
      { bit: 0, voter: 2, vote: 1 },
    ],
    here: { offset: 40, votes: each((row) => (row % 4) / 4), effects: each((row) => Math.sin(row) / 8) },
    compared: null,
    ...change,
  };
}

/** Bit 3 of a model with M voters per bit; the voter that is selected has statistics. */
export function specialization(provenance: Provenance, change: Partial<SpecializationReady> = {}): SpecializationReady {
  const M = provenance.votersPerBit;
  const C = COLUMNS.length;
  const auroc = Float32Array.from({ length: M * C }, (_, index) => cellValue(Math.floor(index / C), index % C));
  return {
    kind: 'ready',
    provenance,
    bit: 3,
    scope: 'text',
    hasWorkspace: true,
    map: {
      bit: 3,
      contexts: COLUMNS,
      auroc,
      meanVotes: auroc.map((value) => value * value),
      maxVotes: Float32Array.from({ length: M }, (_, voter) => maxVote(voter)),
      // Every other voter first, and the columns from the end on.
      voterOrder: Uint32Array.from({ length: M }, (_, place) => ((2 * place) % M) + (2 * place >= M ? 1 : 0)),
      contextOrder: Uint32Array.from({ length: C }, (_, place) => C - 1 - place),
      voterTree: tree(M),
      contextTree: tree(C),
      chunks: 4820,
      totalChunks: 4820,
      measuredOn: 'order.ts',
      outdated: false,
    },
    mostWrong: { bit: 3, offset: 40, surprise: 5.25 },
    voter: {
      bit: 3,
      voter: 17,
      name: 'opens a word',
      note: '',
      current: { vote: 0.83, weight: 0.031, real: 1 },
      figures: figures(),
    },
    names: { '3/17': 'opens a word', '14/5': 'in a number (automatic)' },
    ranking: null,
    agreement: null,
    work: [],
    failures: {},
    ...change,
  };
}
