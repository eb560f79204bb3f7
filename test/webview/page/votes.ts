/** @file Made-up but realistic votes of a chunk, as the extension host would send them. */
import type { Alternative, SparsityOfBits, VoterChange } from '../../../model/protocol/inspection';
import { MEMORY_VOTERS } from '../../../model/measures/memoryVoters';
import type { Causes } from '../../../model/protocol/causes';
import type { MemoryChunk, MemoryVoter, MemoryVoters } from '../../../model/protocol/memory';
import type { VotesReady } from '../../../model/protocol/panels/votes';
import { visibleLabel, visibleText } from '../../../model/measures/visibleText';
import { packBits } from '../../../webview/shared/text';
import { BITS, generator, provenance, sampleBytes } from './sample';

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

export function chunkNumbers(bytes: Uint8Array, length: number, voters: number, random: () => number): ChunkNumbers {
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
  changes: readonly VoterChange[],
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
export function lesioned(state: VotesReady, changes: readonly VoterChange[], isAnswered = true): VotesReady {
  const probabilities = probabilitiesWithout(state, state.provenance.votersPerBit, changes);
  const mostProbable = (text: string, probability: number): Alternative => {
    const bytes = new TextEncoder().encode(text);
    return {
      text: visibleLabel(text),
      bytes,
      validUtf8: true,
      probability,
      flippedBits: flips(packBits(state.bits), bytes),
    };
  };
  const result = {
    before: {
      probabilities: state.probabilities,
      surprise: state.surprise,
      mostProbable: mostProbable('func', 0.21),
      continuation: 'function ordered(votes: Float32Array',
    },
    after: {
      probabilities,
      surprise: surpriseOf(probabilities, state.bits, state.scored),
      mostProbable: mostProbable('fung', 0.04),
      continuation: 'fungible = []\n  order',
    },
  };
  const bitsWithoutVoters = Array.from(probabilities.keys()).filter((bit) => Number.isNaN(probabilities[bit]));
  return {
    ...state,
    lesion: { changes, result: isAnswered ? result : null, bitsWithoutVoters, failure: null },
  };
}

/** Probability of the real bits in bits. */
function costOf(probabilities: Float32Array, bits: Uint8Array): number {
  return probabilities.reduce((sum, p, bit) => sum - Math.log2(bits[bit] === 1 ? p : 1 - p), 0);
}

/** The same votes with a memory that had seen most of the chunk before; `isRead` false: not yet. */
export function remembered(state: VotesReady, silenced: readonly MemoryVoter[] = [], isRead = true): VotesReady {
  const V = MEMORY_VOTERS.length;
  const random = generator(7);
  const count = 8 * state.length;
  const bits = state.bits.subarray(0, count);
  const trained = state.probabilities.slice(0, count);
  // Long orders have seen less, and are surer.
  const votes = Float32Array.from({ length: count * V }, (_, cell) => {
    const [bit, voter] = [Math.floor(cell / V), cell % V];
    if (voter === 6 && bit < 16) return NaN;
    const sure = 0.55 + 0.4 * (voter / V) * random();
    return bits[bit] === 1 ? sure : 1 - sure;
  });
  const weights = Float32Array.from({ length: count * (V + 1) }, (_, cell) =>
    cell % (V + 1) === V ? 0.6 : 0.05 + 0.3 * random() - (cell % (V + 1) === 0 ? 0.2 : 0),
  );
  const logit = (p: number): number => Math.log(p / (1 - p));
  const mixed = (bit: number, without: readonly number[]): number => {
    let sum = 0;
    for (let voter = 0; voter <= V; voter++) {
      const vote = voter === V ? trained[bit]! : votes[bit * V + voter]!;
      if (!Number.isNaN(vote) && !without.includes(voter)) sum += weights[bit * (V + 1) + voter]! * logit(vote);
    }
    return 1 / (1 + Math.exp(-sum));
  };
  const out = silenced.map((voter) => MEMORY_VOTERS.indexOf(voter));
  const cost = (bit: number, p: number): number => -Math.log2(bits[bit] === 1 ? p : 1 - p);
  const probabilities = Float32Array.from(bits, (_, bit) => mixed(bit, out));
  const chunk: MemoryChunk = {
    checkpoint: state.checkpoint,
    index: state.index,
    offset: state.offset,
    length: state.length,
    probabilities,
    trainedProbabilities: trained,
    votes,
    weights,
    effects: Float32Array.from({ length: count * (V + 1) }, (_, cell) => {
      const bit = Math.floor(cell / (V + 1));
      return cost(bit, mixed(bit, [...out, cell % (V + 1)])) - cost(bit, mixed(bit, out));
    }),
    evidence: Array.from({ length: state.length * V }, (_, at) => {
      const voter = at % V;
      if (voter === 6 && at < 2 * V) return { times: 0, same: 0, last: null, line: null, length: 8 };
      const times = voter === V - 1 ? 1 : Math.ceil(400 / 3 ** voter);
      const same = Math.min(times, Math.ceil(times * (0.3 + 0.08 * voter)));
      return { times, same, last: 8, line: 1, length: voter === V - 1 ? 13 : voter + 1 };
    }),
    surprise: costOf(probabilities, bits),
    trainedSurprise: state.surprise,
    unchangedSurprise: costOf(
      Float32Array.from({ length: count }, (_, bit) => mixed(bit, [])),
      bits,
    ),
    milliseconds: 1,
  };
  const progress = isRead ? { bytes: 4096, total: 4096 } : { bytes: 0, total: 4096 };
  return { ...state, memory: { reading: { scope: 'document', progress }, silenced, chunk: isRead ? chunk : null } };
}

/** The same with what the voters did over the document; null while that is counted. */
export function rememberedDocument(state: VotesReady, isCounted = true): VotesReady {
  const shown = remembered(state);
  const each = (value: (place: number) => number) =>
    Float32Array.from({ length: MEMORY_VOTERS.length + 1 }, (_, place) => value(place));
  const voters: MemoryVoters = {
    checkpoint: state.checkpoint,
    bytes: 2048,
    read: 4096,
    bitsPerByte: 1.258,
    trainedBitsPerByte: 2.377,
    voted: each((place) => (place === MEMORY_VOTERS.length ? 1 : 0.99 - 0.05 * place)),
    right: each((place) => 0.6 + 0.03 * place),
    weights: each((place) => 0.05 * place - 0.12),
    effects: each((place) => 0.02 * place - 0.03),
  };
  return { ...shown, memory: { ...shown.memory!, isOverDocument: true, voters: isCounted ? voters : null } };
}

/** A chunk's votes with 12 causes before it, of which the last but one did most, and the second less with the other sign. */
export function explained(state: VotesReady, isKnown = true, failure: string | null = null): VotesReady {
  const contribution = (i: number) => (i === 10 ? -4 : i === 1 ? 2.5 : i / 50);
  const result: Causes = {
    ...{ checkpoint: state.checkpoint, method: 'occlusion', unit: 'chunk', changes: [], milliseconds: 1 },
    ...{ index: 12, offset: state.offset, length: 4, text: state.text, value: state.surprise },
    target: { kind: 'chunk' },
    causes: Array.from({ length: 12 }, (_, i) => ({
      ...{ offset: 4 * i, length: 4, text: i % 3 === 0 ? 'l<b>' : '␣␣e↵' },
      contribution: contribution(i),
    })),
    beginning: 0,
    completeness: null,
  };
  const causes = {
    method: result.method,
    unit: result.unit,
    isPinned: false,
    result: isKnown ? result : null,
    failure,
  };
  return { ...state, causes };
}

/** A chunk's votes beside another chunk that is pinned. */
export function pinnedBeside(state: VotesReady, other: VotesReady): VotesReady {
  const { provenance, index, offset, text, bits, scored, probabilities, effectiveVoters, surprise } = other;
  return {
    ...state,
    pinned: { provenance, index, offset, text, bits, scored, probabilities, effectiveVoters, surprise },
  };
}

/** A chunk's votes. `length` below 4 is the end of a document. */
export function votes(index: number, voters = 128, length = 4): VotesReady {
  const bytes = sampleBytes(4 * index + 4).slice(4 * index);
  bytes.fill(0, length);
  const numbers = chunkNumbers(bytes, length, voters, generator(index + 1));
  const scored = Uint8Array.from({ length: BITS }, (_, bit) => (bit < 8 * length ? 1 : 0));
  const ofBits = (real: number): SparsityOfBits | null => {
    const values = Array.from(numbers.effectiveVoters).filter(
      (_, bit) => scored[bit] === 1 && numbers.bits[bit] === real,
    );
    if (values.length === 0) return null;
    return { bits: values.length, votesAboveHalf: 3.2, effectiveVoters: mean(values)!, operationalVoters: 2 };
  };
  const shown = (from: number, to: number): Uint8Array => sampleBytes(to).subarray(Math.max(0, from));
  const alternative = (replacement: string, probability: number): Alternative => {
    const changed = bytes.slice();
    changed.set(new TextEncoder().encode(replacement).subarray(0, length));
    return {
      text: visibleLabel(replacement),
      bytes: changed,
      validUtf8: true,
      probability,
      flippedBits: flips(bytes, changed),
    };
  };
  const flipped = bytes.slice();
  flipped[3]! ^= 0x80;
  return {
    kind: 'ready',
    provenance: provenance(voters),
    checkpoint: '3f9c1ab27d40',
    milliseconds: 1,
    index,
    chunkCount: 1024,
    offset: 4 * index,
    length,
    text: visibleLabel(shown(4 * index, 4 * index + length)),
    before: visibleText(shown(4 * index - 12, 4 * index)),
    after: visibleText(shown(4 * index + 4, 4 * index + 16)),
    bits: numbers.bits,
    votes: numbers.votes,
    weights: numbers.weights,
    effects: effects(numbers, scored, voters),
    probabilities: numbers.probabilities,
    effectiveVoters: numbers.effectiveVoters,
    activeVoters: numbers.activeVoters,
    surprise: numbers.surprise,
    scored,
    sparsity: {
      ones: ofBits(1),
      zeros: ofBits(0),
      operationalVoters: 11,
    },
    alternatives: [
      alternative('func', 0.21),
      {
        text: visibleLabel(shown(4 * index, 4 * index + length)),
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
    names: { '3/17': 'opens a word', '3/18': 'before a vowel (automatic)' },
    pinned: null,
  };
}
