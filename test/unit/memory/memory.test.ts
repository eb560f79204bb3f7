/** @file Memory voters: they score before they learn, always as a distribution, and find again what they saw. */
import { describe, expect, it } from 'vitest';
import { FIRST_ESTIMATE, NEXT_STATE, UNSEEN } from '../../../model/memory/bitHistory';
import { ContextTable } from '../../../model/memory/contextTable';
import { Memory } from '../../../model/memory/memory';
import { EVIDENCE } from '../../../model/memory/weighing';
import { Random } from '../../../model/text/random';

const evidence = new Uint8Array(EVIDENCE);
const utf8 = (text: string) => new TextEncoder().encode(text);

/** p of a 1 of each bit, as it is scored. @param logits of the trained model; 0 unless given */
function scored(memory: Memory, bytes: Uint8Array, logit: (bit: number, at: number) => number = () => 0): number[] {
  return Array.from({ length: 8 * bytes.length }, (_, at) => {
    const bit = (bytes[at >> 3]! >> (7 - (at & 7))) & 1;
    return memory.scoreBit(bit, logit(bit, at), evidence, 0);
  });
}

/** Bits per byte of what was scored. */
function bitsPerByte(probabilities: readonly number[], bytes: Uint8Array): number {
  const bits = probabilities.map((p, at) => ((bytes[at >> 3]! >> (7 - (at & 7))) & 1 ? p : 1 - p));
  return -bits.reduce((sum, p) => sum + Math.log2(p), 0) / bytes.length;
}

const SOURCE = utf8(
  Array.from({ length: 60 }, (_, i) => `function area${i}(width: number) {\n  return width * ${i % 7};\n}\n`).join(''),
);

describe('bit histories', () => {
  it('lean to the bits that were counted, the more so the more of them there were', () => {
    let state = UNSEEN;
    let before = FIRST_ESTIMATE[state]!;
    expect(before).toBe(0.5);
    for (let i = 0; i < 40; i++) {
      state = NEXT_STATE[2 * state + 1]!;
      expect(FIRST_ESTIMATE[state]).toBeGreaterThan(before);
      before = FIRST_ESTIMATE[state]!;
    }
    const surprised = NEXT_STATE[2 * state]!;
    expect(FIRST_ESTIMATE[surprised]).toBeLessThan(before);
    expect(FIRST_ESTIMATE[surprised]).toBeGreaterThan(0.5);
    expect(surprised).not.toBe(UNSEEN);
  });

  it('never leave the states that there are', () => {
    const met = new Set([UNSEEN]);
    for (const state of met) for (const bit of [0, 1]) met.add(NEXT_STATE[2 * state + bit]!);
    expect(met.size).toBeGreaterThan(200);
    for (const state of met) {
      expect(FIRST_ESTIMATE[state]).toBeGreaterThan(0);
      expect(FIRST_ESTIMATE[state]).toBeLessThan(1);
    }
  });
});

describe('the table of contexts', () => {
  it('finds what was claimed, and nothing where nothing was', () => {
    const table = new ContextTable(8);
    const at = table.claim(0x12345678);
    table.states[at + 1] = 7;
    expect(table.find(0x12345678)).toBe(at);
    expect(table.states[table.find(0x0badcafe) + 1]).toBe(UNSEEN);
    expect(table.copy().states[at + 1]).toBe(7);
  });

  it('takes the place of what was met least when it is full, and its states with it', () => {
    const table = new ContextTable(4);
    const random = Random.fromSeed(1);
    for (let i = 0; i < 1000; i++) {
      const at = table.claim(random.integer(2 ** 31));
      expect(table.states[at + 1]).toBe(UNSEEN);
      table.states[at + 1] = 9;
    }
  });
});

describe('a memory', () => {
  it('scores the same text the same way', () => {
    expect(scored(new Memory(), SOURCE)).toEqual(scored(new Memory(), SOURCE));
  });

  it('scores before it learns: what comes later changes nothing', () => {
    const other = SOURCE.slice();
    const from = 1500;
    for (let i = from; i < other.length; i++) other[i] = 65 + (i % 26);
    const [a, b] = [scored(new Memory(), SOURCE), scored(new Memory(), other)];
    expect(b.slice(0, 8 * from)).toEqual(a.slice(0, 8 * from));
    // The first bit that differs is scored alike, too.
    let first = 8 * from;
    while (((SOURCE[first >> 3]! ^ other[first >> 3]!) & (128 >> (first & 7))) === 0) first++;
    expect(b[first]).toBe(a[first]);
    expect(b[first + 1]).not.toBe(a[first + 1]);
  });

  it('says random text again at a small fraction of its cost', () => {
    const random = Random.fromSeed(3);
    const noise = Uint8Array.from({ length: 2000 }, () => random.integer(256));
    const memory = new Memory();
    expect(bitsPerByte(scored(memory, noise), noise)).toBeGreaterThan(7.9);
    expect(bitsPerByte(scored(memory, noise), noise)).toBeLessThan(0.5);
  });

  it('makes a distribution over bytes, whatever the trained model says', () => {
    const memory = new Memory();
    scored(memory, SOURCE);
    let sum = 0;
    for (let byte = 0; byte < 256; byte++) {
      const reader = memory.readerBehind(SOURCE);
      let probability = 1;
      for (let i = 0; i < 8; i++) {
        const bit = (byte >> (7 - i)) & 1;
        const p = reader.read(i === 2 ? 7 : -1).probability;
        probability *= bit === 1 ? p : 1 - p;
        reader.add(bit);
      }
      sum += probability;
    }
    expect(sum).toBeCloseTo(1, 9);
  });

  it('comes to trust a trained model that is right, and to do without one that is wrong', () => {
    const random = Random.fromSeed(5);
    const noise = Uint8Array.from({ length: 2000 }, () => random.integer(256));
    const right = scored(new Memory(), noise, (bit) => (bit === 1 ? 3 : -3));
    expect(bitsPerByte(right, noise)).toBeLessThan(0.3);
    const wrong = scored(new Memory(), noise, (bit, at) => ((at & 7) === 3 ? (bit === 1 ? -3 : 3) : 0));
    expect(bitsPerByte(wrong, noise)).toBeLessThan(8.1);
  });

  it('is read without being changed, and the reader begins where the memory stands', () => {
    const [memory, twin] = [new Memory(), new Memory()];
    scored(memory, SOURCE);
    scored(twin, SOURCE);
    const reader = memory.readerBehind(SOURCE.subarray(-200));
    const first = reader.read(0.5).probability;
    const branch = reader.copy();
    for (const bit of [0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1]) {
      expect(branch.read(0).probability).toBe(reader.read(0).probability);
      branch.add(bit);
      reader.add(bit);
    }
    expect(reader.length).toBe(201);
    const next = utf8('function');
    const goesOn = scored(memory, next, () => 0.5);
    expect(goesOn).toEqual(scored(twin, next, () => 0.5));
    expect(goesOn[0]).toBe(first);
  });

  it('copies are independent', () => {
    const memory = new Memory();
    scored(memory, SOURCE);
    const copy = memory.copy();
    const before = scored(copy.copy(), SOURCE);
    scored(memory, utf8('something else'));
    expect(scored(copy, SOURCE)).toEqual(before);
  });

  it('learns what it does not score', () => {
    const memory = new Memory();
    memory.learn(SOURCE);
    expect(bitsPerByte(scored(memory, SOURCE), SOURCE)).toBeLessThan(0.2);
  });

  it('keeps its text as it grows, and matches of it', () => {
    const memory = new Memory();
    const line = utf8('the same line again and again, with a number in it\n');
    const long = Uint8Array.from({ length: 2 ** 17 }, (_, i) => line[i % line.length]!);
    memory.learn(long);
    expect(Array.from({ length: 60 }, (_, i) => memory.byteAt(i))).toEqual([...long.subarray(0, 60)]);
    expect(memory.matchPosition % line.length).toBe(long.length % line.length);
  });
});
