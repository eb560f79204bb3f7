/** @file Made-up measurements of a document, tile by tile, as the extension host would send them. */
import type { HeatmapReady, HeatmapTile } from '../../../model/protocol/panels/heatmap';
import type { RangeInspection, VoterQuantity, VoterTile } from '../../../model/protocol/inspection';
import { BITS, generator, provenance, sampleBytes } from './sample';
import { chunkNumbers } from './votes';

/** What a tile is of. */
const ANSWER = { checkpoint: '3f9c1ab27d40' };

/** Numbers of consecutive chunks of a document of `byteLength` bytes. Each chunk has the same numbers in every tile. */
export function tile(firstChunk: number, count: number, byteLength: number, voters = 128): RangeInspection {
  const chunkCount = Math.ceil(byteLength / 4);
  const n = Math.max(0, Math.min(count, chunkCount - firstChunk));
  const result = {
    ...ANSWER,
    chunkCount,
    firstChunk,
    count: n,
    bytes: new Uint8Array(4 * n),
    bits: new Uint8Array(BITS * n),
    probabilities: new Float32Array(BITS * n),
    effectiveVoters: new Float32Array(BITS * n),
    density: new Float32Array(BITS * n),
    activeVoters: new Uint16Array(BITS * n),
    surprise: new Float32Array(n),
  };
  const text = sampleBytes(byteLength);
  for (let chunk = 0; chunk < n; chunk++) {
    const at = 4 * (firstChunk + chunk);
    const bytes = new Uint8Array(4);
    bytes.set(text.subarray(at, at + 4));
    // A quarter of M voters: a picture of many chunks need not take long to make up; the scale is stretched to M.
    const numbers = chunkNumbers(bytes, Math.min(4, byteLength - at), voters / 4, generator(firstChunk + chunk + 1));
    result.bytes.set(bytes, 4 * chunk);
    result.bits.set(numbers.bits, BITS * chunk);
    result.probabilities.set(numbers.probabilities, BITS * chunk);
    result.effectiveVoters.set(
      numbers.effectiveVoters.map((value) => 4 * value),
      BITS * chunk,
    );
    result.density.set(numbers.density, BITS * chunk);
    result.activeVoters.set(numbers.activeVoters, BITS * chunk);
    result.surprise[chunk] = numbers.surprise;
  }
  return result;
}

/** The same with a memory that knows more of the text the further it is. */
export function withMemory(part: RangeInspection): HeatmapTile {
  const { firstChunk, count, chunkCount, bits } = part;
  const random = generator(firstChunk + 1);
  const known = (chunk: number): number => Math.min(0.95, (firstChunk + chunk + 1) / (0.6 * chunkCount));
  const bitShare = Float32Array.from(bits, (_, cell) => known(Math.floor(cell / BITS)) * random());
  const probabilities = part.probabilities.map((p, cell) => {
    const sure = known(Math.floor(cell / BITS)) * 0.97;
    return sure * bits[cell]! + (1 - sure) * p;
  });
  const overBits = (value: (cell: number) => number): Float32Array =>
    Float32Array.from({ length: count }, (_, chunk) => {
      let sum = 0;
      for (let cell = BITS * chunk; cell < BITS * (chunk + 1); cell++) sum += value(cell);
      return sum;
    });
  return {
    ...part,
    memory: {
      checkpoint: part.checkpoint,
      firstChunk,
      count,
      probabilities,
      bitShare,
      surprise: overBits((cell) => -Math.log2(bits[cell] === 1 ? probabilities[cell]! : 1 - probabilities[cell]!)),
      trainedSurprise: part.surprise,
      share: overBits((cell) => bitShare[cell]! / BITS),
    },
  };
}

/** The code of a voter (bit·M + i) at a chunk: few voters are high, and which ones changes from chunk to chunk. */
export function voterCode(voter: number, chunk: number): number {
  const mixed = Math.imul(voter ^ Math.imul(chunk + 1, 0x9e3779b1), 0x85ebca6b) >>> 24;
  return mixed > 243 ? mixed : mixed >> 2;
}

/** All voters of consecutive chunks; each chunk has the same numbers in every tile. */
export function voterTile(
  firstChunk: number,
  count: number,
  byteLength: number,
  quantity: VoterQuantity,
  voters = 128,
): VoterTile {
  const n = Math.max(0, Math.min(count, Math.ceil(byteLength / 4) - firstChunk));
  const codes = new Uint8Array(BITS * voters * n);
  for (let voter = 0; voter < BITS * voters; voter++) {
    for (let chunk = 0; chunk < n; chunk++) codes[voter * n + chunk] = voterCode(voter, firstChunk + chunk);
  }
  return { ...ANSWER, votersPerBit: voters, firstChunk, count: n, quantity, codes };
}

/** Numbers that cost nothing to make up, where only their amount matters. */
export function cheapTile(firstChunk: number, count: number, byteLength: number): RangeInspection {
  const chunkCount = Math.ceil(byteLength / 4);
  const n = Math.max(0, Math.min(count, chunkCount - firstChunk));
  const mixed = (index: number): number => (Math.imul(index + 32 * firstChunk, 0x9e3779b1) >>> 8) / 2 ** 24;
  return {
    ...ANSWER,
    chunkCount,
    firstChunk,
    count: n,
    bytes: new Uint8Array(4 * n).fill(97),
    bits: Uint8Array.from({ length: BITS * n }, (_, index) => (0x61 >> (7 - (index & 7))) & 1),
    probabilities: Float32Array.from({ length: BITS * n }, (_, index) => mixed(index)),
    effectiveVoters: Float32Array.from({ length: BITS * n }, (_, index) => 1 + 127 * mixed(index)),
    density: Float32Array.from({ length: BITS * n }, (_, index) => mixed(index)),
    activeVoters: new Uint16Array(BITS * n).fill(20),
    surprise: Float32Array.from({ length: n }, (_, index) => 20 * mixed(index)),
  };
}

/** A tile whose arrays came as base64. */
export function tileOf(portable: Readonly<Record<string, string | number>>): RangeInspection {
  const buffer = (name: string): ArrayBuffer =>
    Uint8Array.from(atob(String(portable[name])), (character) => character.charCodeAt(0)).buffer;
  return {
    ...ANSWER,
    chunkCount: Number(portable['chunkCount']),
    firstChunk: Number(portable['firstChunk']),
    count: Number(portable['count']),
    bytes: new Uint8Array(buffer('bytes')),
    bits: new Uint8Array(buffer('bits')),
    probabilities: new Float32Array(buffer('probabilities')),
    effectiveVoters: new Float32Array(buffer('effectiveVoters')),
    density: new Float32Array(buffer('density')),
    activeVoters: new Uint16Array(buffer('activeVoters')),
    surprise: new Float32Array(buffer('surprise')),
  };
}

export function heatmap(byteLength: number, generation: number, part: HeatmapTile | null, voters = 128): HeatmapReady {
  const chunkCount = Math.ceil(byteLength / 4);
  const firstChunk = Math.min(20, chunkCount);
  return {
    kind: 'ready',
    provenance: provenance(voters),
    generation,
    chunkCount,
    byteLength,
    visible: { firstChunk, count: Math.min(60, chunkCount - firstChunk) },
    tile: part,
    voters: null,
    memory: { scope: 'document', progress: { bytes: byteLength, total: byteLength } },
  };
}
