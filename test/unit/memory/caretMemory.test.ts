/** @file The memory at a caret: what was typed is learned line by line, elsewhere the document anew, and what follows the caret too. */
import { describe, expect, it } from 'vitest';
import { CaretMemory } from '../../../model/memory/caretMemory';
import { Memory } from '../../../model/memory/memory';
import type { MemoryReader } from '../../../model/memory/memoryReader';

const utf8 = (text: string) => new TextEncoder().encode(text);
const LINE = 'return computeTheTotal(parts);\n';

/** ln of the probability that a text comes next. */
function logProbability(reader: MemoryReader, text: string): number {
  let sum = 0;
  for (const byte of utf8(text)) {
    for (let i = 7; i >= 0; i--) {
      const bit = (byte >> i) & 1;
      const { probability } = reader.read(0);
      sum += Math.log(bit === 1 ? probability : 1 - probability);
      reader.add(bit);
    }
  }
  return sum;
}

async function said(memory: CaretMemory, document: string, offset: number, text: string): Promise<number> {
  const bytes = utf8(document);
  await memory.follow(bytes, offset, {});
  return logProbability(memory.reader(bytes.subarray(0, offset)), text);
}

describe('the memory at a caret', () => {
  it('knows what was typed before as one that learned it at once', async () => {
    const document = `${'// a comment\n'.repeat(5)}${LINE.repeat(4)}return comp`;
    const typed = new CaretMemory(new Memory());
    for (let end = 0; end < document.length; end += 7) await typed.follow(utf8(document.slice(0, end)), end, {});
    const there = await said(typed, document, document.length, 'uteTheTotal');
    expect(there).toBe(await said(new CaretMemory(new Memory()), document, document.length, 'uteTheTotal'));
    expect(there).toBeGreaterThan(-4);
    expect(await said(new CaretMemory(new Memory()), 'return comp', 11, 'uteTheTotal')).toBeLessThan(-40);
  });

  it('knows what follows the caret, and that it does not come twice', async () => {
    const document = `return comp\n${'// between\n'.repeat(3)}${LINE.repeat(4)}`;
    expect(await said(new CaretMemory(new Memory()), document, 11, 'uteTheTotal')).toBeGreaterThan(-6);
  });

  it('at the beginning of a document knows only what follows', async () => {
    const document = LINE.repeat(4);
    const once = new Memory();
    once.learn(utf8(document));
    const expected = logProbability(once.readerBehind(new Uint8Array()), 'return');
    expect(await said(new CaretMemory(new Memory()), document, 0, 'return')).toBe(expected);
  });

  it('of a caret that went elsewhere is that of the place where it is', async () => {
    const document = `${LINE.repeat(30)}let other = 1;\nreturn comp`;
    const moved = new CaretMemory(new Memory());
    await moved.follow(utf8(document), document.length, {});
    const back = 5 * LINE.length;
    const fresh = await said(new CaretMemory(new Memory()), document, back, 'return');
    expect(await said(moved, document, back, 'return')).toBe(fresh);
  });

  it('stands by what it knew when a few characters are deleted', async () => {
    const document = `${LINE.repeat(6)}let x`;
    const memory = new CaretMemory(new Memory());
    await memory.follow(utf8(document), document.length, {});
    const shorter = document.slice(0, -LINE.length);
    expect(await said(memory, shorter, shorter.length, LINE.slice(shorter.length % LINE.length))).toBeGreaterThan(-8);
  });

  it('knows a text of one long line, too', async () => {
    const document = LINE.replace('\n', ' ').repeat(30) + 'return comp';
    expect(await said(new CaretMemory(new Memory()), document, document.length, 'uteTheTotal')).toBeGreaterThan(-4);
  });

  it('begins with what it is given', async () => {
    const base = new Memory();
    base.learn(utf8(LINE.repeat(4)));
    expect(await said(new CaretMemory(base), 'return comp', 11, 'uteTheTotal')).toBeGreaterThan(-6);
  });
});
