/** @file Text as a model writes it while it is trained: drawn bit by bit from its own probabilities. */
import { setImmediate } from 'node:timers/promises';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { DecodingWindow } from '../inspection/decodingWindow';
import { codeBytes } from '../inspection/chunkSearch';
import { visibleText } from '../measures/visibleText';
import type { VoterHead } from '../network/voterHead';
import type { Inference } from '../runtime/inference';
import type { CorpusFile } from '../text/corpus';
import type { Random } from '../text/random';
import { characterStart } from '../measures/utf8';

/** Bytes of text before the sample, at most, and of the sample. */
const PROMPT_BYTES = 48;
const SAMPLE_BYTES = 48;

/** A line from the middle of the first file that is long enough, and what follows it, up to `PROMPT_BYTES`. */
export function promptOf(files: readonly CorpusFile[]): Uint8Array {
  const text = (files.find(({ bytes }) => bytes.length > 2 * PROMPT_BYTES) ?? files[0])?.bytes ?? new Uint8Array();
  const middle = Math.max(0, Math.floor(text.length / 2) - PROMPT_BYTES);
  const lineFeed = text.lastIndexOf(0x0a, middle);
  const start = lineFeed < 0 || middle - lineFeed > 4 * PROMPT_BYTES ? characterStart(text, middle) : lineFeed + 1;
  return text.subarray(start, characterStart(text, Math.min(text.length, start + PROMPT_BYTES)));
}

/** Text of bytes, in lines. */
function readableText(bytes: Uint8Array): string {
  return visibleText(bytes, '\n\t');
}

/**
 * Writes on from a prompt: every bit is drawn with its probability, with chained bits given those before it. Nothing keeps the bytes
 * UTF-8, since that the model has to learn.
 */
export async function writeSample(
  { inference, head }: { readonly inference: Pick<Inference, 'config' | 'hidden'>; readonly head: VoterHead },
  prompt: Uint8Array,
  random: Random,
): Promise<{ prompt: string; text: string }> {
  const window = new DecodingWindow(prompt, inference.config.context_chunks, SAMPLE_BYTES / CHUNK_BYTES);
  const written = new Uint8Array(SAMPLE_BYTES);
  for (let at = 0; at < SAMPLE_BYTES; at += CHUNK_BYTES) {
    const hidden = await inference.hidden(window.inputs, 1);
    // A stop is heard in between.
    await setImmediate();
    const scores = head.at({ hidden, inputs: window.inputs }, window.position);
    let code = 0;
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      if (random.uniform() < head.aggregate(scores, bit, code).probability) code |= 1 << (31 - bit);
    }
    const bytes = codeBytes(code);
    written.set(bytes, at);
    window.append(bytes);
  }
  return { prompt: readableText(prompt), text: readableText(written) };
}
