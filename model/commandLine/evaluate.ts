/** @file `smuggler evaluate`: bits per byte of a model on files. */
import { readModelFolder } from '../checkpoint/modelFolder';
import { hasExactLikelihood } from '../network/bitDecoding';
import { Inference } from '../runtime/inference';
import { readCorpus } from '../text/corpus';
import { evaluate } from '../training/evaluate';
import { chooseThreads } from '../training/plan';
import { byteSize } from '../measures/numberText';
import type { RuntimeFlags } from './options';
import { startBar } from './progressBar';
import type { Terminal } from './terminal';

export interface EvaluateFlags extends RuntimeFlags {
  readonly model: string;
  readonly maxFileBytes: number;
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
    const result = await evaluate(inference, corpus.files, {
      onProgress: (chunks, total) => {
        bar.update(chunks, total);
      },
    });
    bar.stop();
    if (flags.json === true) {
      const { bitsPerByte, bitsPerByteByPlace, bytes, chunks } = result;
      terminal.json({ bitsPerByte, bitsPerByteByPlace, bytes, chunks });
    } else {
      const bound = hasExactLikelihood(config.bit_decoding) ? '' : ' (an upper bound: the bits are independent)';
      terminal.line(
        `${result.bitsPerByte.toFixed(4)} bits per byte${bound} on ${result.chunks} chunks, ${byteSize(result.bytes)}, checkpoint ${checkpoint}`,
      );
      const places = result.bitsPerByteByPlace.map((bits) => bits.toFixed(3)).join(', ');
      terminal.line(`From a chunk's first to its last byte: ${places}`);
    }
  } finally {
    bar.stop();
    await inference.dispose();
  }
}
