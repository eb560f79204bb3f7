/** @file Exported panels as JSON and back, CSV, XML, and the panels' tables. */
import { describe, expect, it } from 'vitest';
import { heatmapTable } from '../../../webview/heatmap/exportTable';
import { DocumentSummary } from '../../../webview/heatmap/measured/summary';
import { TILE_CHUNKS, sliceTile, sliceVoters, TileStore } from '../../../webview/heatmap/measured/tiles';
import { VOTER_MEASURES } from '../../../webview/heatmap/measured/voterMeasures';
import { overviewTable } from '../../../webview/overview/exportTable';
import { tableCsv } from '../../../webview/shared/export/csv';
import type { ExportedPanel } from '../../../model/measures/panelDocument';
import { decodePanel, encodePanel, exportedWhen, isExportedPanelError } from '../../../model/measures/panelDocument';
import { attributes, escapeXml } from '../../../webview/shared/export/xml';
import type { RangeInspection, VoterTile } from '../../../model/protocol/inspection';
import type { VotesReady } from '../../../model/protocol/panels/votes';
import type { OverviewReady } from '../../../model/protocol/panels/overview';
import type { SpecializationReady } from '../../../model/protocol/panels/specialization';
import { specializationTable } from '../../../webview/specialization/exportTable';
import { votesTable } from '../../../webview/votes/exportTable';

const PROVENANCE = {
  model: 'starter',
  checkpoint: '3f9c1ab27d40',
  votersPerBit: 2,
  temperature: '6.4',
  aggregation: 'softmax',
  bitDecoding: 'chained' as const,
  document: 'order.ts',
};

function panelOf(...states: object[]): ExportedPanel {
  return {
    about: { panel: 'votes', title: 'Voter Votes', exported: '2026-11-24T15:30:12.345Z', extension: '0.1.0' },
    caption: 'starter · N = 1 chunk',
    selection: { offset: 12, bit: 3, voter: null, locked: true },
    view: { order: 'vote', version: 1 },
    states,
  };
}

describe('the JSON of a panel', () => {
  const state = {
    kind: 'ready',
    provenance: PROVENANCE,
    text: 'NaN',
    surprise: Infinity,
    least: -0,
    nothing: null,
    left: undefined,
    nested: [{ 'a/b~c': Float32Array.of(0.1, -0, NaN, 1e-45, 16_777_216, -Infinity, 3.4e38) }],
    doubles: Float64Array.of(0.1, NaN, 5e-324, 1 / 3),
    bytes: Uint8Array.of(0, 255),
    signed: Int32Array.of(-2147483648),
    wide: Uint32Array.of(4294967295),
    short: Uint16Array.of(65535),
    empty: new Float32Array(0),
  };

  it('gives the same back, whatever numbers there are', () => {
    const text = encodePanel(panelOf(state));
    const { left, ...kept } = state;
    expect(left).toBeUndefined();
    expect(decodePanel(text, 'file')).toEqual(panelOf(kept));
    expect(Object.is((decodePanel(text, 'file').states[0] as typeof state).least, -0)).toBe(true);
    expect(encodePanel(decodePanel(text, 'file'))).toBe(text);
  });

  it('gives back every float32 bit for bit, from few digits', () => {
    let seed = 1;
    const words = Uint32Array.from({ length: 20_000 }, () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0));
    // NaN has many patterns, of which JavaScript tells only one.
    const floats = new Float32Array(words.buffer).map((value) => (Number.isNaN(value) ? NaN : value));
    const text = encodePanel(panelOf({ kind: 'ready', floats }));
    const [back] = decodePanel(text, 'file').states as [{ floats: Float32Array }];
    expect(new Uint32Array(back.floats.buffer)).toEqual(new Uint32Array(floats.buffer));
    expect(encodePanel(panelOf({ kind: 'ready', floats: Float32Array.of(0.1, 0.3) }))).toContain('[0.1,0.3]');
  });

  it('is plain JSON: arrays of numbers, names of types, the provenance at the top', () => {
    const root = JSON.parse(encodePanel(panelOf(state))) as Record<string, unknown>;
    expect(root).toMatchObject({ format: 'smuggler-panel', version: 2, panel: 'votes', provenance: PROVENANCE });
    expect(root['types']).toMatchObject({
      '/states/0/surprise': 'number',
      '/states/0/nested/0/a~1b~0c': 'float32',
      '/states/0/bytes': 'uint8',
    });
    const [first] = root['states'] as [Record<string, unknown>];
    expect(first['doubles']).toEqual([0.1, 'NaN', 5e-324, 1 / 3]);
    expect(first['text']).toBe('NaN');
  });

  it('cannot hold what is no data', () => {
    expect(() => encodePanel(panelOf({ kind: 'ready', run: () => 1 }))).toThrow(/function/);
  });

  const good = JSON.parse(encodePanel(panelOf({ kind: 'ready', votes: Float32Array.of(1) }))) as Record<
    string,
    unknown
  >;
  it.each([
    ['is not JSON', '{', /is not JSON/],
    ['is something else', '{"name": "x"}', /is not an exported panel/],
    ['is of an earlier version', { ...good, version: 1 }, /version 1 of the format.*reads version 2/],
    ['is of a later version', { ...good, version: 3 }, /version 3 of the format.*reads version 2/],
    ['names a type where nothing is', { ...good, types: { '/states/0/effects': 'float32' } }, /there is nothing there/],
    ['names a type through a prototype', { ...good, types: { '/__proto__/x': 'float32' } }, /there is nothing there/],
    ['names a type that is not known', { ...good, types: { '/states/0/votes': 'complex' } }, /"complex" is not known/],
    [
      'has a word among numbers',
      { ...good, states: [{ kind: 'ready', votes: [1, 'one'] }] },
      /"one" among its numbers/,
    ],
    ['has no states', { ...good, types: {}, states: [] }, /at least one state/],
    ['has a state without data', { ...good, types: {}, states: [{ kind: 'empty' }] }, /of kind "ready"/],
    ['has no title', { ...good, title: 3 }, /"title" is 3, expected a text/],
    ['selects nowhere', { ...good, selection: { offset: 'x' } }, /"selection" is no selection/],
  ])('is refused in one sentence where it %s', (_, content, sentence) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    let error: unknown;
    try {
      decodePanel(text, 'panel.json');
    } catch (thrown) {
      error = thrown;
    }
    expect(isExportedPanelError(error)).toBe(true);
    expect(String(error)).toMatch(sentence);
    expect(String(error)).toContain('panel.json');
  });

  it('tells when it was exported, to the minute', () => {
    const { about } = panelOf();
    expect(exportedWhen(about)).toBe('2026-11-24 15:30 UTC');
    expect(exportedWhen({ ...about, exported: 'yesterday' })).toBe('yesterday');
  });
});

describe('CSV', () => {
  it('quotes what needs it, ends rows with CR LF, and leaves out nothing', () => {
    const rows = [
      ['plain', 0.1, null],
      ['a "b", c', NaN, -Infinity],
      ['line\nbreak', -0.5, 1e-7],
    ];
    expect(tableCsv({ columns: ['text, as it is', 'x', 'y'], rows })).toBe(
      '"text, as it is",x,y\r\nplain,0.1,\r\n"a ""b"", c",NaN,-Infinity\r\n"line\nbreak",-0.5,1e-7\r\n',
    );
  });
});

describe('XML', () => {
  it('escapes, and replaces what XML cannot hold', () => {
    expect(escapeXml('<a b="c"> & \u0001\ud800\ufffe 😀\t')).toBe(
      '&lt;a b=&quot;c&quot;&gt; &amp; \ufffd\ufffd\ufffd 😀\t',
    );
  });

  it('rounds numbers and splits colours', () => {
    expect(attributes({ x: 1.23456, y: -0.001, name: 'a"b', fill: { color: '#102030', opacity: 0.5 } })).toBe(
      ' x="1.23" y="0" name="a&quot;b" fill="#102030" fill-opacity="0.5"',
    );
  });
});

/** Two voters a bit; three bytes of text, one of padding. */
function votes(change: Partial<VotesReady> = {}): VotesReady {
  const cells = Float32Array.from({ length: 64 }, (_, cell) => cell / 64);
  return {
    kind: 'ready',
    provenance: PROVENANCE,
    checkpoint: '3f9c1ab27d40',
    milliseconds: 1,
    index: 0,
    chunkCount: 1,
    offset: 0,
    length: 3,
    text: 'a,b',
    before: '',
    after: '',
    bits: Uint8Array.from({ length: 32 }, (_, bit) => (0x612c6200 >>> (31 - bit)) & 1),
    scored: Uint8Array.from({ length: 32 }, (_, bit) => (bit < 24 ? 1 : 0)),
    probabilities: new Float32Array(32).fill(0.25),
    votes: cells,
    weights: cells.map((value) => 1 - value),
    effects: cells.map((value) => -value),
    effectiveVoters: new Float32Array(32).fill(1.5),
    activeVoters: new Uint16Array(32).fill(1),
    surprise: 8,
    sparsity: {
      ones: { bits: 9, votesAboveHalf: 1, effectiveVoters: 1.5, operationalVoters: 1 },
      zeros: { bits: 15, votesAboveHalf: 1, effectiveVoters: 1.5, operationalVoters: 2 },
      operationalVoters: 2,
    },
    alternatives: [],
    lesion: null,
    names: {},
    pinned: null,
    ...change,
  };
}

describe('tables', () => {
  it('of votes: a row a voter, numbers as they are, padding without numbers', () => {
    const data = votes();
    const { columns, rows } = votesTable(data);
    expect(rows.length).toBe(64);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([columns.length]));
    expect(rows[3]).toEqual([
      1,
      'a',
      1,
      0.25,
      'mistake',
      1.5,
      1,
      1,
      3 / 64,
      61 / 64,
      (3 * 61) / 64 ** 2,
      -3 / 64,
      'own vote',
    ]);
    expect(rows[48]).toEqual([24, '–', null, null, 'padding', null, null, 0, null, null, null, null, null]);
  });

  it('of votes with changes: their state, and p after', () => {
    const none = new Uint8Array();
    const mostProbable = { text: '', bytes: none, validUtf8: true, probability: 1, flippedBits: none };
    const side = { surprise: 8, mostProbable, continuation: '' };
    const result = {
      before: { ...side, probabilities: new Float32Array(32).fill(0.25) },
      after: { ...side, probabilities: new Float32Array(32).fill(NaN) },
    };
    const changes = [
      { bit: 0, voter: 1, vote: null },
      { bit: 1, voter: 0, vote: 1 },
    ];
    const { columns, rows } = votesTable(votes({ lesion: { changes, result, bitsWithoutVoters: [], failure: null } }));
    expect(columns.slice(-2)).toEqual(['p(1) after', 'verdict after']);
    expect(rows.slice(0, 4).map((row) => row.slice(-3))).toEqual([
      ['own vote', NaN, 'undecided'],
      ['silenced', NaN, 'undecided'],
      ['held at 1', NaN, 'undecided'],
      ['own vote', NaN, 'undecided'],
    ]);
    expect(rows[60]!.at(-1)).toBeNull();
  });

  it('of blocks: what was not measured is left empty', () => {
    const block = {
      id: 'processor.encoder.stages.1',
      kind: 'encoder',
      level: 1,
      channels: 8,
      positions: 32,
      tensors: [],
    } as const;
    const data = {
      provenance: PROVENANCE,
      blocks: [
        { ...block, parameters: 7, milliseconds: null },
        { ...block, kind: 'voters', parameters: 9, milliseconds: 0.5 },
      ],
      activity: null,
    } as unknown as OverviewReady;
    expect(overviewTable(data).rows).toEqual([
      ['Encoder 2', block.id, 'encoder', 32, 8, 7, null, null],
      ['Voters', block.id, 'voters', 32, 64, 9, 0.5, null],
    ]);
  });

  it('of the map: voters and contexts as they are shown', () => {
    const contexts = [
      { dimension: 'character', name: 'digit', count: 40 },
      { dimension: 'syntax', name: 'keyword', count: 30 },
    ] as const;
    const map = {
      bit: 5,
      contexts,
      meanVotes: Float32Array.of(0.5, 0.25, 0.75, 1),
      auroc: Float32Array.of(0, 1, 0.125, NaN),
      maxVotes: Float32Array.of(0.2, 0.9),
      voterOrder: Uint32Array.of(1, 0),
      contextOrder: Uint32Array.of(1, 0),
      voterTree: null,
      contextTree: { merges: new Uint32Array(0), heights: new Float32Array(0) },
      chunks: 100,
      totalChunks: 100,
      measuredOn: 'order.ts',
      outdated: false,
    } satisfies SpecializationReady['map'];
    const names = { '5/1': 'digits' };
    const { columns: titles, rows } = specializationTable({ map, names }, 'clustered', 'auroc', 'all');
    expect(titles.slice(3)).toEqual(['AUROC, syntax: keyword (N = 30)', 'AUROC, first character: digit (N = 40)']);
    expect(rows).toEqual([
      [5, 1, 'digits', NaN, 0.125],
      [5, 0, '', 1, 0],
    ]);
    expect(specializationTable({ map, names }, 'clustered', 'auroc', 'half').rows).toEqual(rows.slice(0, 1));
    expect(specializationTable({ map: null, names }, 'number', 'auroc', 'all').rows).toEqual([]);
  });
});

/** A tile whose numbers say which chunk they are of; every second bit is 1. */
function tile(firstChunk: number, count: number): RangeInspection {
  return {
    checkpoint: '3f9c1ab27d40',
    chunkCount: firstChunk + count,
    firstChunk,
    count,
    bytes: new Uint8Array(4 * count).fill(0x61),
    bits: Uint8Array.from({ length: 32 * count }, (_, cell) => cell & 1),
    probabilities: new Float32Array(32 * count).fill(0.25),
    effectiveVoters: new Float32Array(32 * count).fill(3),
    density: Float32Array.from({ length: 32 * count }, (_, cell) => (firstChunk + (cell >> 5)) / 1024),
    activeVoters: new Uint16Array(32 * count),
    surprise: Float32Array.from({ length: count }, (_, local) => firstChunk + local),
  };
}

describe('the heatmap', () => {
  const chunkCount = 600;
  const byteLength = 4 * chunkCount - 2;

  it('gives tiles that another store takes, up to the last chunk in view', () => {
    const store = new TileStore<RangeInspection>(sliceTile, 8);
    store.use('1', false);
    store.add(tile(0, chunkCount));
    const tiles = store.tiles({ first: 250, count: 20 });
    expect(tiles.map(({ firstChunk, count }) => [firstChunk, count])).toEqual([
      [0, TILE_CHUNKS],
      [TILE_CHUNKS, 14],
    ]);
    const other = new TileStore<RangeInspection>(sliceTile, 8);
    other.use('1', false);
    for (const part of tiles) other.add(part);
    expect(other.measured(269)!.tile.surprise[269 - TILE_CHUNKS]).toBe(269);
    expect(other.measured(270)).toBeNull();
    expect(other.tiles({ first: 250, count: 20 })).toEqual(tiles);
  });

  it('gives the overview as it was, without the chunks, and counts none of them twice', () => {
    const summary = new DocumentSummary(chunkCount, byteLength);
    summary.add(tile(0, TILE_CHUNKS));
    summary.add(tile(2 * TILE_CHUNKS, chunkCount - 2 * TILE_CHUNKS));
    const again = DocumentSummary.of(chunkCount, byteLength, summary.data);
    expect(again.data).toEqual(summary.data);
    again.add(tile(0, TILE_CHUNKS));
    expect(again.data).toEqual(summary.data);
    expect(again.has(1)).toBe(false);
    expect(again.mean('density', 10)).toBe(10 / 1024);
    expect(again.mean('density', TILE_CHUNKS)).toBeNaN();
  });

  it('is a row a chunk in view, with bits or the voters of one', () => {
    const store = new TileStore<RangeInspection>(sliceTile, 8);
    store.use('1', false);
    store.add(tile(2 * TILE_CHUNKS, chunkCount - 2 * TILE_CHUNKS));
    const content = {
      first: 2 * TILE_CHUNKS - 1,
      count: 89,
      chunkCount,
      byteLength,
      store,
      measure: 'density',
      voters: null,
    } as const;
    const { columns, rows } = heatmapTable(content);
    expect(rows).toHaveLength(89);
    expect(new Set(rows.map((row) => row.length))).toEqual(new Set([columns.length]));
    expect(rows[0]).toEqual([511, 2044, ...Array<null>(6 + 32).fill(null)]);
    const odd = Array.from({ length: 16 }, (_, index) => 2 * index + 1).join(' ');
    expect(rows[1]!.slice(0, 9)).toEqual([512, 2048, 'aaaa', 512, 3, 3, 0.5, odd, 0.5]);
    // The last chunk has two bytes of text.
    expect(rows[88]!.slice(8).filter((value) => value === null)).toHaveLength(16);

    const voters = new TileStore<VoterTile>(sliceVoters, 8);
    voters.use('1', false);
    const codes = Uint8Array.from({ length: 64 * 88 }, (_, cell) => Math.floor(cell / 88));
    const answer = { checkpoint: '3f9c1ab27d40', votersPerBit: 2 };
    voters.add({ ...answer, firstChunk: 2 * TILE_CHUNKS, count: 88, quantity: 'vote', codes });
    const of = { store: voters, measure: VOTER_MEASURES.mistake, bit: 3, votersPerBit: 2 };
    const table = heatmapTable({ ...content, voters: of });
    expect(table.columns.slice(8)).toEqual(['mistakes, bit 3, voter 0', 'mistakes, bit 3, voter 1']);
    // The real bit is 1: codes count from it.
    expect(table.rows[1]!.slice(8)).toEqual([(255 - 6) / 255, (255 - 7) / 255]);
    expect(table.rows[0]!.slice(8)).toEqual([null, null]);
    expect(VOTER_MEASURES.weight.value(0, 128)).toBeCloseTo(1 / 32 / 128, 12);
    expect(VOTER_MEASURES.weight.value(255, 128)).toBeCloseTo(32 / 128, 12);
  });
});
