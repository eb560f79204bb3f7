/** @file The statistics and automatic names of the starter model's voters, gathered on the texts that it was not trained on. */
import { textsOf } from './corpus.mjs';
import { KIND_NAMES, KINDS } from './sources.mjs';

/**
 * Writes them into the model's folder. They are numbers: examples would be pieces of the texts, and stay out.
 * @param {object} library from `loadModelLibrary`
 * @param {string} model the model's folder
 * @param {string} folder where the texts are
 * @returns {Promise<{ chunks: number, voters: number, voting: number, named: number, bytes: number }>}
 */
export async function writeStarterStatistics(library, model, folder) {
  const { config, parameters, checkpoint } = await library.readModelFolder(model);
  const files = KINDS.flatMap((kind) =>
    textsOf(folder, 'held-out', kind).map(({ path, bytes }) => ({ path: `${kind}/${path}`, bytes })),
  );
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const kinds = KINDS.map((kind) => KIND_NAMES[kind]);
  const inference = await library.Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const statistics = await library.corpusStatistics(inference, files, { seed: 0 });
  await inference.dispose();
  const stored = library.withoutExamples({
    checkpoint,
    corpus: {
      files: files.map((file) => ({ path: file.path, chunks: library.chunksOfFile(file) })),
      bytes,
      skipped: 0,
      title: `the starter model’s held-out text (${(bytes / 1e6).toFixed(1)} MB of ${kinds.slice(0, -1).join(', ')} and ${kinds.at(-1)})`,
    },
    seed: 0,
    statistics,
    neighbours: { top: new Uint8Array(0), sample: new Uint8Array(0) },
  });
  await library.writeStatistics(model, stored);
  const { activeCounts, chunks, names } = statistics;
  const voting = activeCounts.filter((count) => count > 0).length;
  return { chunks, voters: activeCounts.length, voting, named: names.length, bytes };
}
