/**
 * @file Makes the starter model again from nothing: collects its texts (npm packages that are installed, Debian packages that
 * apt-get downloads), trains the default preset with smaller tables of n-grams on one thread, measures, and writes media/starter with its card.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { mustRun, ROOT, stopAll } from './lib/command.mjs';
import { card } from './starter/card.mjs';
import { collectCorpus } from './starter/corpus.mjs';
import { loadModelLibrary } from './starter/library.mjs';
import { measureCompressors, measureModel, measureNGram } from './starter/measure.mjs';
import { KIND_NAMES, KINDS } from './starter/sources.mjs';
import { writeStarterStatistics } from './starter/statistics.mjs';

const HELP = `npm run starter -- [options]

  --seconds N    how long to train (default 6250)
  --folder DIR   where texts and training go (default ${path.join(tmpdir(), 'smuggler-starter')})
  --trained      measure what was trained in that folder before, instead of training
  --before TEXT  a sentence for the card: what was trained before that run, where it began with other weights
  --replace      replace media/starter even where the new model is not better on every kind of text
  --statistics   only gather the statistics and automatic names of the voters of media/starter again
`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6250' },
    folder: { type: 'string', default: path.join(tmpdir(), 'smuggler-starter') },
    trained: { type: 'boolean', default: false },
    before: { type: 'string', default: '' },
    replace: { type: 'boolean', default: false },
    statistics: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const STARTER = path.join(ROOT, 'media/starter');
/** Of each table of byte n-grams; with the preset's 8192 the weights would be 11.7 MB in place of 7.0. */
const NGRAM_ROWS = 2048;

async function main() {
  if (values.help) return process.stdout.write(HELP);
  const folder = path.resolve(values.folder);
  const run = path.join(folder, 'run');
  mkdirSync(folder, { recursive: true });
  const { cli, library } = await loadModelLibrary();
  if (values.statistics) {
    // What is trained on there meanwhile is left alone.
    if (!existsSync(path.join(folder, 'corpus/held-out'))) await collectCorpus(folder);
    await gatherStatistics(library, folder);
    return;
  }
  const sources = await collectCorpus(folder);
  if (!values.trained) {
    rmSync(run, { recursive: true, force: true });
    const corpus = path.join(folder, 'corpus/train');
    const config = path.join(folder, 'config.json');
    const { config: preset } = library.presetNamed(library.DEFAULT_PRESET);
    writeFileSync(config, JSON.stringify({ ...preset, byte_ngram_rows: NGRAM_ROWS }));
    await mustRun(
      process.execPath,
      [cli, 'train', '--text', corpus, '--config', config, '--out', run, '--seconds', values.seconds, '--threads', '1'],
      { show: true },
    );
  }

  const trained = await library.readModelFolder(run);
  const candidate = path.join(folder, 'starter');
  rmSync(candidate, { recursive: true, force: true });
  // Measured as it will be used: rounded to float16.
  await library.writeModelFolder(candidate, trained, { dtype: 'F16' });
  const figures = {
    model: await measureModel(library, candidate, folder),
    before: await measureModel(library, STARTER, folder),
    ngram: measureNGram(folder),
    ...measureCompressors(folder),
  };
  const rows = KINDS.map((kind) => [
    KIND_NAMES[kind],
    ...Object.values(figures).map((figure) => figure[kind]?.toFixed(2)),
  ]);
  console.table([['text', ...Object.keys(figures)], ...rows]);
  const better = KINDS.every((kind) => figures.model[kind] < figures.before[kind]);
  if (!better && !values.replace) {
    console.log(
      'Not better than media/starter on every kind of text, so nothing was replaced (--replace does it anyway).',
    );
    return;
  }
  const plan = (await library.readTrainingState(run)).schedule;
  const text = card({
    sources,
    figures,
    plan,
    steps: trained.steps,
    config: trained.config,
    parameters: library.parameterCount(trained.config),
    before: values.before,
  });
  await library.writeModelFolder(STARTER, trained, { dtype: 'F16' });
  writeFileSync(path.join(STARTER, 'card.md'), await format(text, { parser: 'markdown', printWidth: 120 }));
  console.log(`media/starter is the new model: ${trained.steps} steps.`);
  await gatherStatistics(library, folder);
}

async function gatherStatistics(library, folder) {
  const { chunks, voters, voting, named } = await writeStarterStatistics(library, STARTER, folder);
  console.log(
    `Statistics on ${chunks} chunks: of ${voters} voters ${voting} vote above ½, ${named} of them have names.`,
  );
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    stopAll();
    process.exit(1);
  });
}
await main();
