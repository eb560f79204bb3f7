/** @file A document's memory: one pass, again from an edit on, and its numbers bit for bit. */
import { describe, expect, it } from 'vitest';
import { DocumentMemory } from '../../../model/memory/documentMemory';
import { logit, mixedWithout, TRAINED_VOTE, VOTES } from '../../../model/memory/mixer';
import { Memory } from '../../../model/memory/memory';
import { EVIDENCE } from '../../../model/memory/weighing';
import { Random } from '../../../model/text/random';

const OPTIONS = {};

/** A "trained model" whose p of a chunk follows from the bytes before it, so that it is causal as the real one. */
function trainedOn(text: () => Uint8Array) {
  let asked = 0;
  return {
    get asked() {
      return asked;
    },
    probabilities: (firstChunk: number, count: number) => {
      asked += count;
      const bytes = text();
      return Promise.resolve(
        Float32Array.from({ length: 32 * count }, (_, i) => {
          const before = bytes[4 * (firstChunk + (i >> 5)) - 1] ?? 0;
          return 0.05 + (((before * 37 + (i & 31) * 11) % 97) / 97) * 0.9;
        }),
      );
    },
  };
}

function sourceText(lines: number): Uint8Array {
  const text = Array.from({ length: lines }, (_, i) => `  const value${i % 13} = read(${i});\n`).join('');
  return new TextEncoder().encode(text);
}

async function scoredWhole(bytes: Uint8Array): Promise<DocumentMemory> {
  const memory = new DocumentMemory();
  await memory.score(bytes, bytes.length, trainedOn(() => bytes).probabilities, OPTIONS);
  return memory;
}

/** All that is known of the first chunks: of each bit p, votes and weights. */
function chunks(memory: DocumentMemory, count: number): Float32Array {
  const numbers = new Float32Array(32 * count * (1 + 2 * VOTES));
  let at = 0;
  for (const bits of memory.mixed(0, count)) {
    for (const { probability, votes, weights } of bits) {
      numbers[at++] = probability;
      numbers.set(votes, at);
      numbers.set(weights, at + VOTES);
      at += 2 * VOTES;
    }
  }
  return numbers.subarray(0, at);
}

/** The first place where two differ; −1 where they are the same. To compare so many numbers by `toEqual` takes seconds. */
const differenceOf = (a: Float32Array, b: Float32Array) =>
  a.length === b.length ? a.findIndex((value, i) => !Object.is(value, b[i])) : Math.min(a.length, b.length);

const NONE = new Uint8Array(VOTES);

/** Surprise of a chunk with memory, and the share of memory voters in its log-odds. */
function chunkOf(memory: DocumentMemory, bytes: Uint8Array, index: number): { surprise: number; share: number } {
  const [bits = []] = memory.mixed(index, 1);
  return {
    surprise: bits.reduce((sum, { probability: p }, i) => {
      const bit = (bytes[4 * index + (i >> 3)]! >> (7 - (i & 7))) & 1;
      return sum - Math.log2(bit === 1 ? p : 1 - p);
    }, 0),
    share: bits.reduce((sum, mixed) => sum + mixedWithout(mixed, NONE).memoryShare / bits.length, 0),
  };
}

describe('the memory of a document', () => {
  it('gives the same numbers in pieces, with questions in between, as in one pass', async () => {
    const bytes = sourceText(300);
    const whole = await scoredWhole(bytes);
    const pieces = new DocumentMemory();
    const trained = trainedOn(() => bytes);
    await Promise.all([
      pieces.score(bytes, 4096, trained.probabilities, OPTIONS),
      pieces.score(bytes, bytes.length, trained.probabilities, OPTIONS),
      pieces.score(bytes, 100, trained.probabilities, OPTIONS),
    ]);
    const count = Math.ceil(bytes.length / 4);
    expect(differenceOf(chunks(pieces, count), chunks(whole, count))).toBe(-1);
    expect(whole.scoredOf(bytes)).toBe(bytes.length);
  });

  it('goes on after any edits as if the text had always been so, and asks of the trained model only what follows them', async () => {
    const random = Random.fromSeed(7);
    let bytes = sourceText(250);
    const memory = new DocumentMemory();
    const trained = trainedOn(() => bytes);
    await memory.score(bytes, bytes.length, trained.probabilities, OPTIONS);
    for (let edit = 0; edit < 8; edit++) {
      const at = random.integer(bytes.length);
      const removed = random.integer(4);
      const added = new TextEncoder().encode('xyz{}\n'.slice(0, random.integer(6)));
      bytes = Uint8Array.from([...bytes.subarray(0, at), ...added, ...bytes.subarray(at + removed)]);
      const before = trained.asked;
      await memory.score(bytes, bytes.length, trained.probabilities, OPTIONS);
      const count = Math.ceil(bytes.length / 4);
      expect(trained.asked - before).toBeLessThanOrEqual(count - Math.floor(at / 4) + 1);
      expect(differenceOf(chunks(memory, count), chunks(await scoredWhole(bytes), count))).toBe(-1);
    }
  });

  it('says of each bit what a memory said when it scored it: votes, weights and their mixture', async () => {
    const bytes = sourceText(400);
    const memory = await scoredWhole(bytes);
    const count = Math.ceil(bytes.length / 4);
    const trained = await trainedOn(() => bytes).probabilities(0, count);
    const plain = new Memory();
    const evidence = new Uint8Array(EVIDENCE);
    const said = Array.from({ length: 8 * bytes.length }, (_, at) => {
      const bit = (bytes[at >> 3]! >> (7 - (at & 7))) & 1;
      // As they are kept.
      return plain.scoreBit(bit, Math.round(2048 * logit(trained[at]!)) / 2048, evidence, 0);
    });
    for (const index of [0, 5, 1023, 1024, 1500, count - 1]) {
      const [bits = []] = memory.mixed(index, 1);
      expect(bits.map(({ probability }) => probability)).toEqual(said.slice(32 * index, 32 * (index + 1)));
      for (const mixed of bits) expect(mixedWithout(mixed, NONE).probability).toBeCloseTo(mixed.probability, 4);
    }
  });

  it('knows what the trained model says alone, and how much came from memory', async () => {
    const bytes = sourceText(400);
    const memory = await scoredWhole(bytes);
    const trained = await trainedOn(() => bytes).probabilities(1200, 1);
    let alone = 0;
    for (let i = 0; i < 32; i++) {
      const bit = (bytes[4800 + (i >> 3)]! >> (7 - (i & 7))) & 1;
      alone -= Math.log2(bit === 1 ? trained[i]! : 1 - trained[i]!);
    }
    const chunk = chunkOf(memory, bytes, 1200);
    expect(memory.trainedSurprise(1200)).toBeCloseTo(alone, 4);
    expect(chunk.surprise).toBeLessThan(alone / 4);
    expect(chunk.share).toBeGreaterThan(0.5);
    expect(chunkOf(memory, bytes, 0).share).toBeLessThan(chunk.share);
  });

  it('without its voters leaves what the trained one says by its weight', async () => {
    const bytes = sourceText(100);
    const memory = await scoredWhole(bytes);
    const [[mixed] = []] = memory.mixed(500, 1);
    const silenced = Uint8Array.from({ length: VOTES }, (_, vote) => (vote === TRAINED_VOTE ? 0 : 1));
    const alone = mixed!.weights[TRAINED_VOTE]! * mixed!.votes[TRAINED_VOTE]!;
    expect(mixedWithout(mixed!, silenced).probability).toBeCloseTo(1 / (1 + Math.exp(-alone)), 6);
  });

  it('finds the line that a repeated one matches, and what was known beforehand', async () => {
    const line = new TextEncoder().encode('const unusual = somethingRare(42);\n');
    const other = new TextEncoder().encode('x'.repeat(50) + '\n');
    const bytes = Uint8Array.from([...line, ...other, ...line]);
    const memory = await scoredWhole(bytes);
    const at = line.length + other.length + 20;
    expect(memory.matchOf(at)).toBe(20);
    const base = new Memory();
    base.learn(line);
    const based = new DocumentMemory(base);
    await based.score(line, line.length, trainedOn(() => line).probabilities, OPTIONS);
    expect(based.matchOf(20)).toBe(20 - line.length);
    expect(chunkOf(based, line, 5).surprise).toBeLessThan(chunkOf(await scoredWhole(line), line, 5).surprise);
  });

  it('stops where it is told to', async () => {
    const bytes = sourceText(200);
    const controller = new AbortController();
    controller.abort(new Error('enough'));
    const memory = new DocumentMemory();
    const trained = trainedOn(() => bytes).probabilities;
    await expect(memory.score(bytes, bytes.length, trained, { signal: controller.signal })).rejects.toThrow('enough');
  });
});
