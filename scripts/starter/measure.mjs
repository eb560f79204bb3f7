/** @file Bits per byte on the held-out text of each kind: a model, an n-gram model of the same text, compressors. */
import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { findOnPath } from '../lib/command.mjs';
import { textsOf } from './corpus.mjs';
import { NGram } from './ngram.mjs';
import { KINDS } from './sources.mjs';

/** @typedef {Partial<Record<import('./sources.mjs').Kind, number>>} Figures */

/** @returns {Promise<Figures>} */
export async function measureModel(library, model, folder) {
  const { config, parameters } = await library.readModelFolder(model);
  const inference = await library.Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const figures = {};
  for (const kind of KINDS) {
    figures[kind] = (await library.evaluate(inference, textsOf(folder, 'held-out', kind))).bitsPerByte;
  }
  await inference.dispose();
  return figures;
}

/** Trained on all the text that the starter model is trained on. @returns {Figures} */
export function measureNGram(folder) {
  const ngram = new NGram();
  for (const kind of KINDS) for (const { bytes } of textsOf(folder, 'train', kind)) ngram.train(bytes);
  return Object.fromEntries(
    KINDS.map((kind) => {
      const texts = textsOf(folder, 'held-out', kind);
      const bits = texts.reduce((sum, { bytes }) => sum + ngram.bits(bytes), 0);
      return [kind, bits / texts.reduce((sum, { bytes }) => sum + bytes.length, 0)];
    }),
  );
}

/** All held-out texts of a kind as one file. @returns {{ gzip: Figures, xz: Figures }} xz only where it is installed */
export function measureCompressors(folder) {
  const gzip = {};
  const xz = {};
  for (const kind of KINDS) {
    const joined = Buffer.concat(textsOf(folder, 'held-out', kind).map(({ bytes }) => bytes));
    gzip[kind] = (8 * gzipSync(joined, { level: 9 }).length) / joined.length;
    if (findOnPath('xz') === undefined) continue;
    const { stdout } = spawnSync('xz', ['-9e', '--stdout'], { input: joined, maxBuffer: joined.length + 65536 });
    xz[kind] = (8 * stdout.length) / joined.length;
  }
  return { gzip, xz };
}
