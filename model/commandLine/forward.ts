/** @file `smuggler forward`: the network on given windows, every vote and weight, and optionally every gradient. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { readModelFolder } from '../checkpoint/modelFolder';
import type { SafeTensor } from '../checkpoint/safetensors';
import { readSafetensors, writeSafetensors } from '../checkpoint/safetensors';
import { hiddenSize, votersPerBit } from '../network/config';
import { computeGradients } from '../runtime/gradients';
import { Inference } from '../runtime/inference';
import { chooseThreads } from '../training/plan';
import { byteTensor } from './byteTensor';
import type { RuntimeFlags } from './options';
import type { Terminal } from './terminal';
import { UsageError } from './terminal';

export interface ForwardFlags extends RuntimeFlags {
  readonly model: string;
  readonly bytes: string;
  readonly out: string;
  readonly gradients?: true;
}

/** @throws UsageError where the file's windows have no target */
export async function forward(flags: ForwardFlags, terminal: Terminal): Promise<void> {
  const { config, parameters } = await readModelFolder(flags.model);
  const { shape, data } = byteTensor(await readSafetensors(flags.bytes), flags.bytes);
  const [batch, length] = shape;
  const context = (length ?? 0) / CHUNK_BYTES - 1;
  if (shape.length !== 2 || !Number.isInteger(context) || context < 1 || batch! < 1) {
    throw new UsageError(
      `${flags.bytes}: "bytes" has shape [${shape.join(', ')}], expected [batch, 4·(T+1)] with T of at least 1.`,
    );
  }
  const options = { device: flags.device, threads: chooseThreads(flags.threads) };
  const tensors = new Map<string, SafeTensor>();
  const put = (name: string, values: Float32Array, ...size: number[]) => {
    tensors.set(name, { dtype: 'F32', shape: size, data: values });
  };
  const inference = await Inference.create(config, parameters, options);
  try {
    const result = await inference.forward(data, batch!);
    const voters = votersPerBit(config);
    put('hidden', result.hidden, batch!, context, ...hiddenSize(config));
    put('votes', result.votes, batch!, context, CHUNK_BITS, voters);
    put('weights', result.weights, batch!, context, CHUNK_BITS, voters);
    put('probabilities', result.probabilities, batch!, context, CHUNK_BITS);
    put('loss', Float32Array.of(result.loss), 1);
  } finally {
    await inference.dispose();
  }
  if (flags.gradients === true) {
    const { gradients } = await computeGradients(config, parameters, data, batch!, options);
    for (const [name, gradient] of gradients) put(`gradient.${name}`, gradient.data, ...gradient.shape);
  }
  await writeSafetensors(flags.out, tensors);
  terminal.note(`Wrote ${tensors.size} tensors to ${flags.out}.`);
}
