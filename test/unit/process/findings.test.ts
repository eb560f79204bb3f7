/** @file Where names and notes of a model's voters are kept: in its folder, or where the loader says. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { goldenFolder } from '../inspection/goldenModel';
import type { HostProcess } from './childProcess';
import { bundleHost, forkHost } from './childProcess';

let bundle: Awaited<ReturnType<typeof bundleHost>>;
let host: HostProcess;
const folder = mkdtempSync(join(tmpdir(), 'findings-'));
const model = join(folder, 'model');
const note = { bit: 3, voter: 1, name: 'digits', note: '' };

beforeAll(async () => {
  cpSync(goldenFolder('paper'), model, { recursive: true });
  bundle = await bundleHost();
  host = forkHost(bundle.program, 'answer');
});
afterAll(() => {
  host.child.kill('SIGKILL');
  bundle.remove();
  rmSync(folder, { recursive: true });
});

test('a folder of their own, which need not exist yet', async () => {
  const findings = join(folder, 'kept/here');
  await host.ask('model/load', { folder: model, findings, device: 'cpu', threads: 1 });
  expect((await host.ask('voters/notes', {})).notes).toEqual([]);
  const { notes } = await host.ask('voters/note', note);
  expect(notes).toMatchObject([note]);
  expect(readFileSync(join(findings, 'voters.jsonl'), 'utf8')).toContain('digits');
  expect(existsSync(join(model, 'voters.jsonl'))).toBe(false);
});

test('else the model’s', async () => {
  await host.ask('model/load', { folder: model, device: 'cpu', threads: 1 });
  await host.ask('voters/note', note);
  expect(existsSync(join(model, 'voters.jsonl'))).toBe(true);
});
