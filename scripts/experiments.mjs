/**
 * @file Makes every experiment of the paper, one after the other, and writes their page and raw rows into media/experiments. It takes hours;
 * stopped or killed, the same command goes on where it was.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { mustRun, ROOT, stopAll } from './lib/command.mjs';

const HELP = `npm run experiments -- [options]

  --quick        tiny models and few steps: directions in half an hour, no results
  --folder DIR   where the runs go (default out/experiments)
  --only NAME    this one alone; the page has all that are there
`;
const NAMES = ['sparsity', 'throughput', 'capacity', 'forgetting', 'robustness', 'ablations'];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    folder: { type: 'string', default: path.join(ROOT, 'out/experiments') },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}

// What is done is on the disk: at most the run under way is lost.
process.on('SIGINT', () => {
  stopAll();
  process.exit(130);
});

const OUT = path.join(ROOT, 'media/experiments');
const CLI = path.join(ROOT, 'out/cli.js');
const folderOf = (name) => path.join(values.folder, name);
const names = values.only === undefined ? NAMES : [values.only];
for (const name of names) {
  const size = values.quick ? ['--quick'] : [];
  // One thread, so that times compare, and so that the machine stays of use.
  await mustRun(process.execPath, [CLI, 'experiment', name, ...size, '--threads', '1', '--out', folderOf(name)], {
    show: true,
  });
}
mkdirSync(OUT, { recursive: true });
for (const name of names) {
  // Level 9 and no time stamp: the same rows are the same file.
  writeFileSync(
    path.join(OUT, `${name}.runs.jsonl.gz`),
    gzipSync(readFileSync(path.join(folderOf(name), 'runs.jsonl')), { level: 9 }),
  );
}
for (const file of ['report.html', 'README.md']) {
  await mustRun(process.execPath, [CLI, 'report', ...NAMES.map(folderOf), '--out', path.join(OUT, file)], {
    show: true,
  });
}
