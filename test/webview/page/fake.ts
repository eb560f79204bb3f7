/** @file Runs inside the test page: a stand-in for the extension host with made-up but realistic states. */
import type {
  AlternativeRow,
  ChangedVoter,
  HeatmapReady,
  HeatmapTile,
  HeatmapVoters,
  Provenance,
  Selection,
  VoterQuantity,
  VotesReady,
  WebviewMessage,
} from '../../../webview/shared/messages';
import type { ComparisonReady } from '../../../webview/shared/comparisonMessages';
import type { SpecializationReady } from '../../../webview/shared/specializationMessages';
import { toWire } from '../../../webview/shared/wire';
import { chunkPair, comparison, comparisonResult } from './comparison';
import { cellValue, specialization } from './specialization';
import { monitor, monitorMoment, monitorRun } from './trainingMonitor';

const BITS = 32;
const SAMPLE = `export function orderVoters(votes: Float32Array, weights: Float32Array): Uint16Array {
  const places = new Uint16Array(votes.length);
  for (let bit = 0; bit < BITS; bit++) {
    // Größe der Stimmen → largest first
    places.set(sortByVote(votes, bit), bit * voters);
  }
  return places;
}
`;

/** A small seeded generator (mulberry32), so that a picture is the same in every run. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `length` bytes of source text, the sample over and over. */
function sampleBytes(length: number): Uint8Array {
  const sample = new TextEncoder().encode(SAMPLE);
  return Uint8Array.from({ length }, (_, index) => sample[index % sample.length]!);
}

function provenance(voters: number): Provenance {
  return {
    model: 'starter',
    checkpoint: '3f9c1ab27d40',
    votersPerBit: voters,
    temperature: (0.05 * voters).toPrecision(2),
    aggregation: 'softmax',
    bitDecoding: 'chained',
    document: 'order.ts',
  };
}

interface BitVotes {
  readonly votes: Float32Array;
  readonly weights: Float32Array;
  readonly probability: number;
}

/** M votes whose softmax-weighted mean is near `target`: a few voters high for a 1, all low for a 0. */
function bitVotes(target: number, voters: number, tau: number, random: () => number): BitVotes {
  const aggregate = (high: number): BitVotes => {
    const draw = generator(seed);
    const votes = Float32Array.from({ length: voters }, (_, voter) => {
      const low = 0.01 + 0.35 * draw() ** 4;
      return voter < high ? 1 - 0.5 * draw() ** 2 : low;
    });
    for (let voter = voters - 1; voter > 0; voter--) {
      const other = Math.floor(draw() * (voter + 1));
      [votes[voter], votes[other]] = [votes[other]!, votes[voter]!];
    }
    const powers = votes.map((vote) => Math.exp(tau * vote));
    const sum = powers.reduce((total, power) => total + power, 0);
    const weights = powers.map((power) => power / sum);
    const probability = weights.reduce((total, weight, voter) => total + weight * votes[voter]!, 0);
    return { votes, weights, probability };
  };
  const seed = Math.floor(random() * 2 ** 31);
  // p grows with the number of high votes: the least number that reaches the target, by bisection.
  let least = 0;
  let most = voters;
  while (least < most) {
    const middle = (least + most) >> 1;
    if (aggregate(middle).probability < target) least = middle + 1;
    else most = middle;
  }
  return aggregate(least);
}

interface ChunkNumbers {
  readonly bits: Uint8Array;
  readonly votes: Float32Array;
  readonly weights: Float32Array;
  readonly probabilities: Float32Array;
  readonly effectiveVoters: Float32Array;
  readonly activeVoters: Uint16Array;
  readonly density: Float32Array;
  readonly surprise: number;
}

function chunkNumbers(bytes: Uint8Array, length: number, voters: number, random: () => number): ChunkNumbers {
  const numbers = {
    bits: new Uint8Array(BITS),
    votes: new Float32Array(BITS * voters),
    weights: new Float32Array(BITS * voters),
    probabilities: new Float32Array(BITS),
    effectiveVoters: new Float32Array(BITS),
    activeVoters: new Uint16Array(BITS),
    density: new Float32Array(BITS),
  };
  let surprise = 0;
  for (let bit = 0; bit < BITS; bit++) {
    const real = (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1;
    numbers.bits[bit] = real;
    // The high bits of a byte of text are easy, the low ones are not, and now and then the model is plainly wrong.
    const doubt = (bit & 7) < 3 ? 0.03 : 0.32 * random() + (random() < 0.12 ? 0.45 : 0);
    const { votes, weights, probability } = bitVotes(real === 1 ? 1 - doubt : doubt, voters, 0.05 * voters, random);
    numbers.votes.set(votes, bit * voters);
    numbers.weights.set(weights, bit * voters);
    numbers.probabilities[bit] = probability;
    numbers.effectiveVoters[bit] = 1 / weights.reduce((total, weight) => total + weight * weight, 0);
    numbers.activeVoters[bit] = weights.filter((weight) => weight > 1 / voters).length;
    numbers.density[bit] = votes.filter((vote) => vote > 0.5).length / voters;
    if (bit < 8 * length) surprise -= Math.log2(real === 1 ? probability : 1 - probability);
  }
  return { ...numbers, surprise };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;
}

/** Numbers of the bits in which two chunks differ. */
function flips(real: Uint8Array, other: Uint8Array): Uint8Array {
  return Uint8Array.from(Array.from({ length: BITS }, (_, bit) => bit)).filter(
    (bit) => ((real[bit >> 3]! ^ other[bit >> 3]!) & (0x80 >> (bit & 7))) !== 0,
  );
}

/** p of each bit without the voters of a set, by the closed form (p − Σ w·v)/(1 − Σ w); NaN where none is left. */
function probabilitiesWithout(
  { votes, weights, probabilities }: Pick<ChunkNumbers, 'votes' | 'weights' | 'probabilities'>,
  voters: number,
  changes: readonly ChangedVoter[],
): Float32Array {
  const changed = probabilities.slice();
  for (let bit = 0; bit < BITS; bit++) {
    const own = changes.filter((change) => change.bit === bit);
    if (own.length === 0) continue;
    let share = 1;
    let ones = probabilities[bit]!;
    for (const { voter, vote } of own) {
      const cell = bit * voters + voter;
      // A held vote keeps its voter's weight here: a picture need not have the model's own numbers.
      share -= vote === null ? weights[cell]! : 0;
      ones -= weights[cell]! * (votes[cell]! - (vote ?? 0));
    }
    changed[bit] = own.length === voters && own.every(({ vote }) => vote === null) ? NaN : ones / share;
  }
  return changed;
}

/** −log2 of the probability of the real bits; a bit without voters counts one bit. */
function surpriseOf(probabilities: Float32Array, bits: Uint8Array, scored: Uint8Array): number {
  return probabilities.reduce((total, p, bit) => {
    if (scored[bit] !== 1) return total;
    return total - Math.log2(Number.isNaN(p) ? 0.5 : bits[bit] === 1 ? p : 1 - p);
  }, 0);
}

/** [32·M] what silencing each voter alone does to the surprise, in bits. */
function effects(numbers: ChunkNumbers, scored: Uint8Array, voters: number): Float32Array {
  return numbers.votes.map((vote, cell) => {
    const bit = Math.floor(cell / voters);
    const p = numbers.probabilities[bit]!;
    const weight = numbers.weights[cell]!;
    if (scored[bit] !== 1) return 0;
    if (voters === 1) return 0.5;
    const without = (p - weight * vote) / (1 - weight);
    return numbers.bits[bit] === 1 ? Math.log2(p / without) : Math.log2((1 - p) / (1 - without));
  });
}

/** A chunk's votes with some voters silenced or held, answered or not yet. */
function lesioned(state: VotesReady, changes: readonly ChangedVoter[], isAnswered = true): VotesReady {
  const probabilities = probabilitiesWithout(state, state.provenance.votersPerBit, changes);
  const decoded = (text: string, probability: number) => ({ text, validUtf8: true, probability });
  const result = {
    before: {
      probabilities: state.probabilities,
      surprise: state.surprise,
      decoded: decoded('func', 0.21),
      continuation: 'function ordered(votes: Float32Array',
    },
    after: {
      probabilities,
      surprise: surpriseOf(probabilities, state.bits, state.scored),
      decoded: decoded('fung', 0.04),
      continuation: 'fungible = []\n  order',
    },
  };
  const bitsWithoutVoters = Array.from(probabilities.keys()).filter((bit) => Number.isNaN(probabilities[bit]));
  return {
    ...state,
    lesion: { changes, result: isAnswered ? result : null, bitsWithoutVoters, failure: null },
  };
}

/** A chunk's votes beside another chunk that is pinned. */
function pinnedBeside(state: VotesReady, other: VotesReady): VotesReady {
  const { provenance, index, offset, text, bits, scored, probabilities, effectiveVoters, surprise } = other;
  return {
    ...state,
    pinned: { provenance, index, offset, text, bits, scored, probabilities, effectiveVoters, surprise },
  };
}

/** A chunk's votes. `length` below 4 is the end of a document. */
function votes(index: number, voters = 128, length = 4): VotesReady {
  const bytes = sampleBytes(4 * index + 4).slice(4 * index);
  bytes.fill(0, length);
  const numbers = chunkNumbers(bytes, length, voters, generator(index + 1));
  const scored = Uint8Array.from({ length: BITS }, (_, bit) => (bit < 8 * length ? 1 : 0));
  const ofBit = (real: number): number | null =>
    mean(Array.from(numbers.effectiveVoters).filter((_, bit) => scored[bit] === 1 && numbers.bits[bit] === real));
  const text = (from: number, to: number): string =>
    new TextDecoder().decode(sampleBytes(to).subarray(Math.max(0, from))).replaceAll('\n', '␊');
  const alternative = (replacement: string, probability: number): AlternativeRow => {
    const changed = bytes.slice();
    changed.set(new TextEncoder().encode(replacement).subarray(0, length));
    return { text: replacement, bytes: changed, validUtf8: true, probability, flippedBits: flips(bytes, changed) };
  };
  const flipped = bytes.slice();
  flipped[3]! ^= 0x80;
  return {
    kind: 'ready',
    provenance: provenance(voters),
    index,
    chunkCount: 1024,
    offset: 4 * index,
    length,
    text: text(4 * index, 4 * index + length),
    before: text(4 * index - 12, 4 * index),
    after: text(4 * index + 4, 4 * index + 16),
    bits: numbers.bits,
    votes: numbers.votes,
    weights: numbers.weights,
    effects: effects(numbers, scored, voters),
    probabilities: numbers.probabilities,
    effectiveVoters: numbers.effectiveVoters,
    activeVoters: numbers.activeVoters,
    surprise: numbers.surprise,
    scored,
    effectiveVotersOnes: ofBit(1),
    effectiveVotersZeros: ofBit(0),
    alternatives: [
      alternative('func', 0.21),
      {
        text: text(4 * index, 4 * index + length),
        bytes,
        validUtf8: true,
        probability: 2 ** -numbers.surprise,
        flippedBits: flips(bytes, bytes),
      },
      alternative('cons', 0.064),
      alternative('type', 0.0121),
      { text: 'fun\\xE3', bytes: flipped, validUtf8: false, probability: 0.0007, flippedBits: flips(bytes, flipped) },
      alternative('impo', 0.0002),
    ],
    lesion: null,
    pinned: null,
  };
}

/** Numbers of consecutive chunks of a document of `byteLength` bytes. Each chunk has the same numbers in every tile. */
function tile(firstChunk: number, count: number, byteLength: number, voters = 128): HeatmapTile {
  const chunkCount = Math.ceil(byteLength / 4);
  const n = Math.max(0, Math.min(count, chunkCount - firstChunk));
  const result = {
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

/** The code of a voter (bit·M + i) at a chunk: few voters are high, and which ones changes from chunk to chunk. */
function voterCode(voter: number, chunk: number): number {
  const mixed = Math.imul(voter ^ Math.imul(chunk + 1, 0x9e3779b1), 0x85ebca6b) >>> 24;
  return mixed > 243 ? mixed : mixed >> 2;
}

/** All voters of consecutive chunks; each chunk has the same numbers in every tile. */
function voterTile(
  firstChunk: number,
  count: number,
  byteLength: number,
  quantity: VoterQuantity,
  voters = 128,
): HeatmapVoters {
  const n = Math.max(0, Math.min(count, Math.ceil(byteLength / 4) - firstChunk));
  const codes = new Uint8Array(BITS * voters * n);
  for (let voter = 0; voter < BITS * voters; voter++) {
    for (let chunk = 0; chunk < n; chunk++) codes[voter * n + chunk] = voterCode(voter, firstChunk + chunk);
  }
  return { firstChunk, count: n, quantity, codes };
}

/** Numbers that cost nothing to make up, where only their amount matters. */
function cheapTile(firstChunk: number, count: number, byteLength: number): HeatmapTile {
  const n = Math.max(0, Math.min(count, Math.ceil(byteLength / 4) - firstChunk));
  const mixed = (index: number): number => (Math.imul(index + 32 * firstChunk, 0x9e3779b1) >>> 8) / 2 ** 24;
  return {
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
function tileOf(portable: Readonly<Record<string, string | number>>): HeatmapTile {
  const buffer = (name: string): ArrayBuffer =>
    Uint8Array.from(atob(String(portable[name])), (character) => character.charCodeAt(0)).buffer;
  return {
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

function heatmap(byteLength: number, generation: number, part: HeatmapTile | null, voters = 128): HeatmapReady {
  return {
    kind: 'ready',
    provenance: provenance(voters),
    generation,
    chunkCount: Math.ceil(byteLength / 4),
    byteLength,
    visible: { firstChunk: 20, count: 60 },
    tile: part,
    voters: null,
  };
}

let selected: Selection | null = null;
let answer: ((message: WebviewMessage) => void) | null = null;
const posted: WebviewMessage[] = [];
const violations: string[] = [];
let saved: unknown = window.restoredState;
let version = 0;

/** Red, green, blue, alpha of a picture's pixel in CSS pixels from the corner of its canvas. */
function pixel(x: number, y: number): number[] {
  const canvas = document.querySelector<HTMLCanvasElement>('.plot:not(.overview) canvas')!;
  const ratio = window.devicePixelRatio;
  return Array.from(canvas.getContext('2d')!.getImageData(Math.floor(x * ratio), Math.floor(y * ratio), 1, 1).data);
}

/** A message as VS Code sends it: as JSON, but for typed arrays. */
function asSent(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return JSON.parse(JSON.stringify(message));
  if (ArrayBuffer.isView(message)) return structuredClone(message);
  if (Array.isArray(message)) return message.map(asSent);
  const members = Object.entries(message).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members.map(([key, value]) => [key, asSent(value)]));
}

const fake = {
  pixel,
  posted,
  violations,
  votes,
  lesioned,
  pinnedBeside,
  tile,
  tileOf,
  voterTile,
  voterCode,
  heatmap,
  cellValue,
  monitor,
  monitorRun,
  monitorMoment,
  specialization: (change: Partial<SpecializationReady> = {}): SpecializationReady =>
    specialization(provenance(128), change),
  /** A comparison of `byteLength` bytes, with the votes for a chunk. */
  comparison: (
    byteLength: number,
    chunk: number | null = null,
    change: Partial<ComparisonReady> = {},
  ): ComparisonReady => {
    const bytes = sampleBytes(byteLength);
    return comparison(provenance(128), bytes, { chunk: chunk === null ? null : chunkPair(bytes, chunk), ...change });
  },
  /** The same where both sides are one model. */
  equalComparison: (byteLength: number, chunk: number): ComparisonReady => {
    const bytes = sampleBytes(byteLength);
    const side = provenance(128);
    const result = comparisonResult(bytes, { equal: true });
    return comparison(side, bytes, { a: side, b: side, notes: [], result, chunk: chunkPair(bytes, chunk, true) });
  },
  saved: (): unknown => saved,
  /** Messages of one type, oldest first. */
  of: (type: WebviewMessage['type']): WebviewMessage[] => posted.filter((message) => message.type === type),
  /** Sends as VS Code does: a message event whose data was cloned. Without a version, the next one. */
  send: (state: unknown, selection: Selection | null = null, at = ++version): number => {
    window.postMessage(asSent(toWire({ type: 'state', version: at, state, selection })), '*');
    return at;
  },
  /** From now on answers viewports on a document of `byteLength` bytes, with the selection that was last chosen or sent. */
  serve: (byteLength: number, generation: number, selection: Selection | null): void => {
    selected = selection;
    answer = (message) => {
      if (message.type === 'select') {
        fake.select(message.selection);
      } else if (message.type === 'viewport' && message.generation === generation) {
        const { firstChunk, count, voters } = message;
        const state =
          voters === null
            ? heatmap(byteLength, generation, tile(firstChunk, count, byteLength))
            : { ...heatmap(byteLength, generation, null), voters: voterTile(firstChunk, count, byteLength, voters) };
        fake.send(state, selected);
      }
    };
    fake.send(heatmap(byteLength, generation, null), selected);
  },
  /** Calls back with what the webview says. */
  answer: (callback: (message: WebviewMessage) => void): void => {
    answer = callback;
  },
  /** Answers viewports on a long document with numbers that cost nothing, handed over without a copy of their own. */
  serveCheaply: (byteLength: number, generation: number): void => {
    const give = (state: HeatmapReady): void => {
      const message = { type: 'state', version: ++version, state, selection: null };
      window.dispatchEvent(new MessageEvent('message', { data: message }));
    };
    answer = (message) => {
      posted.length = 0;
      if (message.type !== 'viewport') return;
      const { firstChunk, count, voters } = message;
      setTimeout(() => {
        const state = heatmap(byteLength, generation, null);
        if (voters === null) give({ ...state, tile: cheapTile(firstChunk, count, byteLength) });
        else give({ ...state, voters: voterTile(firstChunk, count, byteLength, voters) });
      });
    };
    give(heatmap(byteLength, generation, null));
  },
  select: (selection: Selection | null, at = ++version): number => {
    selected = selection;
    window.postMessage({ type: 'selection', version: at, selection }, '*');
    return at;
  },
};

export type Fake = typeof fake;

declare global {
  interface Window {
    fake: Fake;
    /** What `getState` answers before anything was saved. */
    restoredState?: unknown;
  }
}

window.fake = fake;
document.addEventListener('securitypolicyviolation', (event) => {
  violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
});
Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: WebviewMessage) => {
      posted.push(message);
      answer?.(message);
    },
    getState: () => saved,
    setState: (state: unknown) => {
      saved = state;
      return state;
    },
  }),
});
