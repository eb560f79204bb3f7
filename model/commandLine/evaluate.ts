/** @file `smuggler evaluate`: bits per byte of a model on files, also with memory, and with some of its voters changed. */
import { readModelFolder } from '../checkpoint/modelFolder';
import { hasExactLikelihood } from '../network/bitDecoding';
import { changesSentence } from '../measures/changesText';
import { CHUNK_BYTES } from '../measures/chunk';
import { parseVoters } from '../measures/voterList';
import { Inspector } from '../inspection/inspector';
import { Memory } from '../memory/memory';
import { scoreRange } from '../memory/scoreRange';
import { votersPerBit } from '../network/config';
import { VoterHead } from '../network/voterHead';
import type { RangeInspection, VoterChange } from '../protocol/inspection';
import { Inference } from '../runtime/inference';
import type { CorpusFile } from '../text/corpus';
import { readCorpus } from '../text/corpus';
import type { EvaluateOptions } from '../training/evaluate';
import { completeChunks, evaluate } from '../training/evaluate';
import { chooseThreads } from '../training/plan';
import { byteSize } from '../measures/numberText';
import type { RuntimeFlags } from './options';
import { startBar } from './progressBar';
import type { Terminal } from './terminal';
import { UsageError } from './terminal';

export interface EvaluateFlags extends RuntimeFlags {
  readonly model: string;
  readonly maxFileBytes: number;
  readonly memory?: true;
  /** Voters as a user writes them. */
  readonly silence?: string;
  readonly json?: true;
}

export async function evaluateFiles(paths: readonly string[], flags: EvaluateFlags, terminal: Terminal): Promise<void> {
  const { config, parameters, checkpoint } = await readModelFolder(flags.model);
  const changes = flags.silence === undefined ? null : changesOf(flags.silence, votersPerBit(config));
  const corpus = await readCorpus(paths, { exclude: [], maxFileBytes: flags.maxFileBytes, signal: terminal.signal });
  for (const { path, reason } of corpus.skipped) {
    if (reason !== 'ignored') terminal.note(`Skipped ${path}: ${reason}.`);
  }
  const inference = await Inference.create(config, parameters, {
    device: flags.device,
    threads: chooseThreads(flags.threads),
  });
  const bar = startBar(flags.json === true, '{bar} {percentage}% of {total} chunks');
  try {
    const options = {
      signal: terminal.signal,
      onProgress: (chunks: number, total: number) => {
        bar.update(chunks, total);
      },
    };
    const result = await evaluate(inference, corpus.files, options);
    bar.stop();
    const scored = { inference, checkpoint, files: corpus.files, ...options };
    const withMemory = flags.memory === true ? await bitsPerByteBy(scored, [], remembering) : null;
    bar.stop();
    const withChanges =
      changes === null
        ? null
        : await bitsPerByteBy(
            scored,
            changes,
            () =>
              ({ surprise }) =>
                surprise,
          );
    bar.stop();
    if (flags.json === true) {
      const { bitsPerByte, bitsPerByteByPlace, bytes, chunks } = result;
      const memory = withMemory === null ? {} : { bitsPerByteWithMemory: withMemory };
      const changed = withChanges === null ? {} : { bitsPerByteWithChanges: withChanges };
      terminal.json({ bitsPerByte, ...memory, ...changed, bitsPerByteByPlace, bytes, chunks });
    } else {
      const bound = hasExactLikelihood(config.bit_decoding) ? '' : ' (an upper bound: the bits are independent)';
      terminal.line(
        `${result.bitsPerByte.toFixed(4)} bits per byte${bound} on ${result.chunks} chunks, ${byteSize(result.bytes)}, checkpoint ${checkpoint}`,
      );
      const places = result.bitsPerByteByPlace.map((bits) => bits.toFixed(3)).join(', ');
      if (withMemory !== null) {
        terminal.line(`${withMemory.toFixed(4)} with memory, which begins anew with each file`);
      }
      if (withChanges !== null) terminal.line(`${withChanges.toFixed(4)} with ${changesSentence(changes!)}`);
      terminal.line(`From a chunk's first to its last byte: ${places}`);
    }
  } finally {
    bar.stop();
    await inference.dispose();
  }
}

const CHUNKS_AT_A_TIME = 1024;

/** @throws UsageError */
function changesOf(text: string, M: number): readonly VoterChange[] {
  const list = parseVoters(text, M);
  if ('error' in list) throw new UsageError(`--silence: ${list.error}`);
  return list.changes;
}

/** The surprise of the next range of a file. */
type RangeScorer = (range: RangeInspection) => Float32Array;

/** With a memory that begins anew with each file. */
function remembering(bytes: Uint8Array): RangeScorer {
  const memory = new Memory();
  return (range) => scoreRange(memory, range, bytes.length);
}

interface Scored extends Required<EvaluateOptions> {
  readonly inference: Inference;
  readonly checkpoint: string;
  readonly files: readonly CorpusFile[];
}

/**
 * On the same chunks, the complete ones of each file.
 * @param scorerOf makes the scorer of one file
 */
async function bitsPerByteBy(
  { inference, checkpoint, files, signal, onProgress }: Scored,
  changes: readonly VoterChange[],
  scorerOf: (bytes: Uint8Array) => RangeScorer,
): Promise<number> {
  const head = new VoterHead(inference.config, inference.parameters, inference.temperatures);
  const inspector = new Inspector({ inference, head, checkpoint });
  const total = completeChunks(files);
  let [bits, chunks] = [0, 0];
  for (const file of files) {
    const bytes = file.bytes.subarray(0, file.bytes.length - (file.bytes.length % CHUNK_BYTES));
    const score = scorerOf(bytes);
    const document = { uri: file.path, version: 0, bytes };
    for (let first = 0; first < bytes.length / CHUNK_BYTES; first += CHUNKS_AT_A_TIME) {
      const range = await inspector.inspectRange(document, first, CHUNKS_AT_A_TIME, { signal, changes });
      for (const surprise of score(range)) bits += surprise;
      chunks += range.count;
      onProgress(chunks, total);
    }
  }
  return bits / (CHUNK_BYTES * chunks);
}
