/** @file The part of `smuggler explain` about memory: what it made of the chunk, and what its voters had seen. */
import { setImmediate } from 'node:timers/promises';
import type { InspectedDocument, Inspector } from '../inspection/inspector';
import { plainText } from '../measures/causesText';
import { CHUNK_BYTES } from '../measures/chunk';
import { BEHIND_MEMORY, byteNames, decidingMemory, memorySentence, sawText } from '../measures/memoryText';
import { MEMORY_VOTERS } from '../measures/memoryVoters';
import { signed } from '../measures/numberText';
import { MOST_DOCUMENT_BYTES } from '../memory/documentMemory';
import { Memories } from '../process/memories';
import type { MemoryProgress, MemoryVoter } from '../protocol/memory';
import { hasBar, startBar } from './progressBar';
import type { Terminal } from './terminal';

/** Bytes that are read in a moment. */
const SHORT = 20_000;

/** What a memory voter did to the chunk. */
interface MemoryVoterAtChunk {
  readonly voter: MemoryVoter;
  /** Bits of surprise without it. */
  readonly effect: number;
  readonly saw: string;
  /** Byte offset and line, from 1, of the last place; null where that is not in the document. */
  readonly last: number | null;
  readonly line: number | null;
}

/** What memory says of a chunk. */
export interface ExplainedMemory {
  /** −log2 of the probability of the chunk with memory. */
  readonly surprise: number;
  readonly sentence: string;
  readonly voters: readonly MemoryVoterAtChunk[];
}

/**
 * What a memory of the document says of a chunk, having read all that is before; tells how far it is.
 * @param bits [8·length] real bits of the chunk
 * @returns null where memory does not read that far
 * @throws the terminal's signal's reason when it is aborted
 */
export async function memoryAt(
  model: { readonly inspector: Inspector; readonly checkpoint: string },
  document: InspectedDocument,
  offset: number,
  bits: Uint8Array,
  terminal: Terminal,
  isJson: boolean,
): Promise<ExplainedMemory | null> {
  if (offset >= MOST_DOCUMENT_BYTES) return null;
  const memories = new Memories();
  const bar = startBar(isJson, 'memory reads the text before: {bar} {percentage}% of {total} bytes');
  if (!isJson && !hasBar(isJson) && offset > SHORT) terminal.note('Memory reads the text before.');
  const run = {
    model,
    document: () => document,
    signal: terminal.signal,
    giveWay: () => setImmediate(),
    onProgress: ({ bytes }: MemoryProgress) => {
      bar.update(Math.min(bytes, offset), offset);
    },
  };
  const asked = { uri: document.uri, version: document.version, scope: 'document', changes: [], silenced: [] } as const;
  try {
    await memories.range({ ...asked, firstChunk: Math.floor(offset / CHUNK_BYTES), count: 1 }, run);
  } finally {
    bar.stop();
  }
  const chunk = await memories.chunk({ ...asked, offset }, run);
  if (chunk === null) return null;
  const names = byteNames(bits, chunk.length);
  const voters = decidingMemory(chunk, MEMORY_VOTERS.length).map(({ voter, effect, evidence, byte }) => ({
    voter,
    effect,
    saw: sawText(voter, evidence, names[byte]!),
    last: evidence.last,
    line: evidence.line === null ? null : evidence.line + 1,
  }));
  return { surprise: chunk.surprise, sentence: plainText(memorySentence(chunk, bits)), voters };
}

/** Tells of it in a terminal. */
export function tellMemory(memory: ExplainedMemory | null, terminal: Terminal): void {
  terminal.line('');
  if (memory === null) {
    terminal.line(BEHIND_MEMORY);
    return;
  }
  terminal.line(memory.sentence);
  for (const { voter, effect, saw, line } of memory.voters) {
    const place = line === null ? '' : `, last on line ${line}`;
    terminal.line(`memory, ${voter}: ${saw}${place}, without it ${signed(effect)} bits of surprise`);
  }
}
