/** @file `smuggler experiment` from end to end on a tiny text: interrupted, gone on with, finished, refused. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExperimentProgress, ExperimentResult } from '../../../model/protocol/experiments';
import { BundledCli, expectOneSentence, jsonLines, SENTENCE } from '../cli/bundle';

let cli: BundledCli;
let text: string;
beforeAll(async () => {
  cli = await BundledCli.create();
  // The page of the report, as a build has it.
  mkdirSync(cli.path('out/webview'), { recursive: true });
  for (const kind of ['js', 'css']) writeFileSync(cli.path(`out/webview/experiments.${kind}`), '/* page */');
  text = cli.path('text.txt');
  writeFileSync(text, Array.from({ length: 400 }, (_, i) => `${i}: ${SENTENCE}`).join('\n'));
});
afterAll(() => {
  cli.dispose();
});

function command(...more: readonly string[]): string[] {
  const flags = ['--quick', '--seeds', '1', '--threads', '1', '--out', cli.path('robust')];
  return ['experiment', 'robustness', ...flags, ...more];
}

it('is interrupted, goes on, and ends with what it found', async () => {
  const first = cli.start(...command('--json', '--text', text));
  // The dense arm is done, the next one has begun.
  await first.sawOutput('"done":1');
  first.signal('SIGINT');
  const { code, stdout, stderr } = await first.ended;
  expect(code).toBe(130);
  expect(stderr).toMatch(/^Stopped after 1 of 4 runs\. The same command goes on from there/);
  const part = jsonLines<ExperimentProgress | ExperimentResult>(stdout).at(-1) as ExperimentResult;
  expect(part.runs).toEqual({ done: 1, planned: 4 });
  expect(part.setup).toMatchObject({ quick: true, seeds: 1, texts: [{ name: 'text.txt', files: 1 }] });
  expect(part.setup.fixed[0]).toBe('text: at most 262 kB of each domain');
  expect(part.setup.environment.onnxRuntime).toMatch(/^\d+\.\d+\.\d+$/);
  expect(JSON.parse(readFileSync(cli.path('robust/result.json'), 'utf8'))).toEqual(part);

  // The other arms' runs would take longer than a test may: they get the rows of the one that is done.
  const [, dense] = readFileSync(cli.path('robust/runs.jsonl'), 'utf8').trim().split('\n');
  for (const arm of ['mean', 'confidence', 'softmax']) {
    appendFileSync(cli.path('robust/runs.jsonl'), `${dense!.replaceAll('dense', arm)}\n`);
  }
  // Runs of several sources are of none.
  expect(dense).toContain('"commit":null');
  appendFileSync(cli.path('robust/runs.jsonl'), `${dense!.replace('"commit":null', '"commit":"25fa8a8c"')}\n`);
  const last = await cli.run(...command('--text', text));
  const { setup } = JSON.parse(readFileSync(cli.path('robust/result.json'), 'utf8')) as ExperimentResult;
  expect(setup.commit).toBeNull();
  const lines = readFileSync(cli.path('robust/runs.jsonl'), 'utf8');
  writeFileSync(cli.path('robust/runs.jsonl'), lines.replaceAll('"commit":null', '"commit":"25fa8a8c"'));
  await cli.run(...command('--text', text));
  const again = JSON.parse(readFileSync(cli.path('robust/result.json'), 'utf8')) as ExperimentResult;
  expect(again.setup.commit).toBe('25fa8a8c');
  expect(last.stderr).toContain('Finished 4 runs.');
  const report = readFileSync(cli.path('robust/report.html'), 'utf8');
  expect(report).toContain('/* page */</style>');
  expect(report).toContain('"runs":{"done":4,"planned":4}');
  expect(last.code).toBe(0);
  expect(last.stdout).toMatch(/^Robustness, 1 seed, quick: .* no result\noutvoted: not tested\./);
  const whole = cli.path('all.html');
  const told = await cli.run('report', cli.path('robust'), '--out', whole);
  expect(told).toMatchObject({ code: 0, stderr: `${whole}: 1 experiment.\n` });
  expect(readFileSync(whole, 'utf8')).toContain('"runs":{"done":4,"planned":4}');
  const rows = readFileSync(cli.path('robust/rows.csv'), 'utf8').trim().split('\n');
  expect(rows[0]).toMatch(/^arm,seed,kind,damage,level,bitsPerByte/);
  const ofKind = (kind: string) => rows.filter((row) => row.split(',')[2] === kind);
  expect(ofKind('damage')).toHaveLength(4 * 28);
  // Votes flipped at 6 levels in one file.
  expect(ofKind('file')).toHaveLength(4 * 6);
  const flipped = rows.filter((row) => row.startsWith('dense,0,damage,flipped'));
  const bits = flipped.map((row) => Number(row.split(',')[5]));
  expect(bits.at(-1)).toBeGreaterThan(bits[0]!);
  expect(bits[0]).toBeLessThan(8);
});

it('refuses runs of another text, and says what to do', async () => {
  const other = cli.path('other.txt');
  writeFileSync(other, readFileSync(text, 'utf8').replaceAll('fox', 'cat'));
  const ended = await cli.run(...command('--json', '--text', other));
  expect(ended.code).toBe(1);
  expectOneSentence(ended, /runs\.jsonl has runs of another text: choose another --out/);
});

it('says where text may come from where there is none', async () => {
  const ended = await cli.run('experiment', 'sparsity', '--json', '--out', cli.path('unmade'));
  expect(ended.code).toBe(1);
  expectOneSentence(ended, /name texts with --text/);
});
