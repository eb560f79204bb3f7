/** @file What is remembered at a caret: the document after it and before it, nearest text last, and other texts before them. */
import type { TurnOptions } from '../inspection/turns';
import { Turns } from '../inspection/turns';
import { learnText } from './learnText';
import type { Memory } from './memory';
import type { MemoryReader } from './memoryReader';
import type { Weighing } from './weighing';

/** Bytes of the document that are learned: so many a rebuilding takes a fraction of a second. */
const MOST_BEFORE = 65_536;
const MOST_AFTER = 32_768;
/** Bytes before the caret that a reader begins behind: enough for the line above. */
const TAIL = 2048;
/** The caret may go back so far, as when a word is deleted, without what was learned being learned anew. */
const MOST_BACK = 256;

const LINE_FEED = 0x0a;

/** Follows a caret through one document. */
export class CaretMemory {
  #memory: Memory | undefined;
  /** What was learned of the text before the caret. */
  #before: Uint8Array = new Uint8Array();

  /** @param base what it knows beforehand */
  constructor(private readonly base: Memory) {}

  /**
   * Learns what it does not know of the text before the caret's line, or of a long line: what was typed, or, where the caret went
   * elsewhere, the document anew.
   * @param offset of the caret
   * @throws the signal's reason when it is aborted
   */
  async follow(bytes: Uint8Array, offset: number, options: TurnOptions): Promise<void> {
    const lineStart = bytes.subarray(0, offset).lastIndexOf(LINE_FEED) + 1;
    const before = bytes.subarray(0, Math.max(lineStart, offset - MOST_BACK));
    const same = commonLength(before, this.#before);
    const turns = new Turns(options);
    if (this.#memory === undefined || same < this.#before.length - MOST_BACK || before.length - same > MOST_BEFORE) {
      const memory = this.base.copy();
      await learnText(memory, bytes.subarray(offset, offset + MOST_AFTER), turns);
      await learnText(memory, before.subarray(-MOST_BEFORE), turns);
      this.#memory = memory;
    } else {
      const memory = this.#memory;
      // Learned in one go: another question must not find a part of it.
      memory.learn(before.subarray(same));
    }
    this.#before = before;
  }

  /**
   * Reads on at the caret.
   * @param weighing how far voters are trusted; what the texts themselves gave where there is none
   */
  reader(prefix: Uint8Array, weighing?: Weighing): MemoryReader {
    const memory = (this.#memory ??= this.base.copy());
    if (weighing !== undefined) memory.weighing = weighing;
    return memory.readerBehind(prefix.subarray(-TAIL));
  }
}

function commonLength(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a[length] === b[length]) length++;
  return length;
}
