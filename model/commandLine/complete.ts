/** @file `smuggler complete`: the continuation of a text. */
import { readModelFolder } from '../checkpoint/modelFolder';
import { complete } from '../completion/complete';
import { Inspector } from '../inspection/inspector';
import { CaretMemory } from '../memory/caretMemory';
import { Memory } from '../memory/memory';
import { MemoryHead } from '../memory/memoryHead';
import { weighingBefore } from '../memory/weighingBefore';
import { VoterHead } from '../network/voterHead';
import { Inference } from '../runtime/inference';
import { characterEnd, characterStart } from '../measures/utf8';
import { chooseThreads } from '../training/plan';
import type { RuntimeFlags } from './options';
import type { Terminal } from './terminal';
import { UsageError } from './terminal';
import { readTextFile } from './textFile';

export interface CompleteFlags extends RuntimeFlags {
  readonly model: string;
  readonly text?: string;
  readonly file?: string;
  readonly offset?: number;
  readonly maxBytes: number;
  readonly memory?: true;
  readonly json?: true;
}

const LINE_FEED = 0x0a;

interface Place {
  /** The text before the cursor, and what follows it on its line. */
  readonly prefix: Uint8Array;
  readonly suffix: Uint8Array;
  /** The whole text. */
  readonly bytes: Uint8Array;
}

async function readPlace({ text, file, offset }: CompleteFlags, terminal: Terminal): Promise<Place> {
  if (file === undefined) {
    if (text === undefined || offset !== undefined)
      throw new UsageError('complete needs --text T, or --file F --offset N.');
    const prefix = new TextEncoder().encode(text);
    return { prefix, suffix: new Uint8Array(), bytes: prefix };
  }
  if (text !== undefined) throw new UsageError('complete takes --text or --file, not both.');
  if (offset === undefined) throw new UsageError('--file needs --offset N, the byte to continue at.');
  const bytes = await readTextFile(file, terminal);
  if (offset > bytes.length) {
    throw new UsageError(`--offset is ${offset}, expected at most ${bytes.length}, the length of ${file}.`);
  }
  const start = characterStart(bytes, offset);
  if (start !== offset) {
    throw new UsageError(
      `--offset ${offset} is inside a character of ${file}; use ${start}, before it, or ${characterEnd(bytes, offset)}, after it.`,
    );
  }
  const lineEnd = bytes.indexOf(LINE_FEED, offset);
  return {
    prefix: bytes.subarray(0, offset),
    suffix: bytes.subarray(offset, lineEnd < 0 ? undefined : lineEnd),
    bytes,
  };
}

export async function completeText(flags: CompleteFlags, terminal: Terminal): Promise<void> {
  const { bytes, ...place } = await readPlace(flags, terminal);
  const { config, parameters, checkpoint } = await readModelFolder(flags.model);
  const inference = await Inference.create(config, parameters, {
    device: flags.device,
    threads: chooseThreads(flags.threads),
  });
  try {
    const trained = new VoterHead(config, parameters, inference.temperatures);
    const head =
      flags.memory === true
        ? await remembering(new Inspector({ inference, head: trained, checkpoint }), trained, bytes, place.prefix)
        : trained;
    // Whoever asks here sees the confidence, and wants to see the text however low it is.
    const completion = await complete(
      { inference, head },
      { ...place, maxBytes: flags.maxBytes, until: 'paragraph', minConfidence: 0, end: 'sure' },
    );
    if (flags.json === true) {
      terminal.json(completion);
    } else {
      terminal.line(completion.text);
      terminal.note(`confidence ${completion.confidence.toPrecision(3)}, ${completion.milliseconds.toFixed(0)} ms`);
    }
  } finally {
    await inference.dispose();
  }
}

/** The head with a memory of the text. */
async function remembering(
  inspector: Inspector,
  head: VoterHead,
  bytes: Uint8Array,
  prefix: Uint8Array,
): Promise<MemoryHead> {
  const base = new Memory();
  const memory = new CaretMemory(base);
  await memory.follow(bytes, prefix.length, {});
  return new MemoryHead(head, memory.reader(prefix, await weighingBefore(inspector, prefix, base)));
}
