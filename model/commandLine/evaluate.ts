/** @file `smuggler evaluate`: bits per byte of a model on files. */
import { readModelFolder } from '../checkpoint/modelFolder';
import { hasExactLikelihood } from '../network/bitDecoding';
import { CHUNK_BYTES } from '../measures/chunk';
import { Inspector } from '../inspection/inspector';
import { Memory } from '../memory/memory';
import { scoreRange } from '../memory/scoreRange';
import { VoterHead } from '../network/voterHead';
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

export interface EvaluateFlags extends RuntimeFlags {
  readonly model: string;
  readonly maxFileBytes: number;
  readonly memory?: true;
  readonly json?: true;
}

export async function evaluateFiles(paths: readonly string[], flags: EvaluateFlags, terminal: Terminal): Promise<void> {
  const { config, parameters, checkpoint } = await readModelFolder(flags.model);
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
    const withMemory =
      flags.memory === true ? await bitsPerByteWithMemory(inference, checkpoint, corpus.files, options) : null;
    bar.stop();
    if (flags.json === true) {
      const { bitsPerByte, bitsPerByteByPlace, bytes, chunks } = result;
      const memory = withMemory === null ? {} : { bitsPerByteWithMemory: withMemory };
      terminal.json({ bitsPerByte, ...memory, bitsPerByteByPlace, bytes, chunks });
    } else {
      const bound = hasExactLikelihood(config.bit_decoding) ? '' : ' (an upper bound: the bits are independent)';
      terminal.line(
        `${result.bitsPerByte.toFixed(4)} bits per byte${bound} on ${result.chunks} chunks, ${byteSize(result.bytes)}, checkpoint ${checkpoint}`,
      );
      const places = result.bitsPerByteByPlace.map((bits) => bits.toFixed(3)).join(', ');
      if (withMemory !== null) {
        terminal.line(`${withMemory.toFixed(4)} with memory, which begins anew with each file`);
      }
      terminal.line(`From a chunk's first to its last byte: ${places}`);
    }
  } finally {
    bar.stop();
    await inference.dispose();
  }
}

const CHUNKS_AT_A_TIME = 1024;

/** On the same chunks, the complete ones of each file. */
async function bitsPerByteWithMemory(
  inference: Inference,
  checkpoint: string,
  files: readonly CorpusFile[],
  { signal, onProgress }: Required<EvaluateOptions>,
): Promise<number> {
  const head = new VoterHead(inference.config, inference.parameters, inference.temperatures);
  const inspector = new Inspector({ inference, head, checkpoint });
  const total = completeChunks(files);
  let [bits, chunks] = [0, 0];
  for (const file of files) {
    const memory = new Memory();
    const bytes = file.bytes.subarray(0, file.bytes.length - (file.bytes.length % CHUNK_BYTES));
    const document = { uri: file.path, version: 0, bytes };
    for (let first = 0; first < bytes.length / CHUNK_BYTES; first += CHUNKS_AT_A_TIME) {
      const range = await inspector.inspectRange(document, first, CHUNKS_AT_A_TIME, { signal });
      for (const surprise of scoreRange(memory, range, bytes.length)) bits += surprise;
      chunks += range.count;
      onProgress(chunks, total);
    }
  }
  return bits / (CHUNK_BYTES * chunks);
}
