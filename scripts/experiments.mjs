/**
 * @file Makes every experiment of the paper, one after the other, and writes their page and raw rows into media/experiments. It takes hours;
 * stopped or killed, the same command goes on where it was.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { mustRun, ROOT, stopAll } from './lib/command.mjs';

const HELP = `npm run experiments -- [options]

  --quick        tiny models and few steps: directions in half an hour, no results
  --folder DIR   where the runs go (default out/experiments, or out/experiments-quick)
  --only NAME    this one alone; page and table have all that are there
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    folder: { type: 'string' },
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
const folder = values.folder ?? path.join(ROOT, values.quick ? 'out/experiments-quick' : 'out/experiments');
const folderOf = (name) => path.join(folder, name);
// The command line knows which there are.
const help = await mustRun(process.execPath, [CLI, 'experiment', '--help']);
const all = [...help.match(/choices: ([^)]*)\)/)[1].matchAll(/"(\w+)"/g)].map(([, name]) => name);
for (const name of values.only === undefined ? all : [values.only]) {
  const size = values.quick ? ['--quick'] : [];
  // One thread, so that times compare, and so that the machine stays of use.
  await mustRun(process.execPath, [CLI, 'experiment', name, ...size, '--threads', '1', '--out', folderOf(name)], {
    show: true,
  });
}
const done = all.filter((name) => existsSync(path.join(folderOf(name), 'result.json')));
mkdirSync(OUT, { recursive: true });
for (const name of done) {
  // The extension shows it where nobody has run the experiment.
  const result = JSON.parse(readFileSync(path.join(folderOf(name), 'result.json'), 'utf8'));
  mkdirSync(path.join(OUT, name), { recursive: true });
  writeFileSync(path.join(OUT, name, 'result.json'), `${JSON.stringify(result)}\n`);
  // No time stamp: the same rows are the same file.
  writeFileSync(
    path.join(OUT, `${name}.runs.jsonl.gz`),
    gzipSync(readFileSync(path.join(folderOf(name), 'runs.jsonl')), { level: 9 }),
  );
}
for (const file of ['report.html', 'README.md']) {
  await mustRun(process.execPath, [CLI, 'report', ...done.map(folderOf), '--out', path.join(OUT, file)], {
    show: true,
  });
}
