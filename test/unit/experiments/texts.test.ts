/** @file The domains of an experiment: where they come from, and how their files are split. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeDomain, readDomains } from '../../../model/experiments/texts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'domains-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function writeFiles(name: string, count: number, bytes: number): string {
  const at = path.join(folder, name);
  mkdirSync(at, { recursive: true });
  for (let i = 0; i < count; i++) {
    writeFileSync(path.join(at, `${i}.txt`), `file ${i} of ${name} `.repeat(bytes).slice(0, bytes));
  }
  return at;
}

function read(paths: readonly string[], changes: { bytesPerDomain?: number; packages?: string } = {}) {
  const packages = changes.packages ?? path.join(folder, 'none');
  return readDomains({ paths, packages, bytesPerDomain: changes.bytesPerDomain ?? 1e6, signal: undefined });
}

it('splits a domain by whole files, each in one part', async () => {
  const [domain] = await read([writeFiles('poems', 40, 500)]);
  const parts = [domain!.train, domain!.validation, domain!.heldOut];
  expect(parts.map((files) => files.length)).toEqual([32, 4, 4]);
  const paths = parts.flatMap((files) => files.map((file) => file.path));
  expect(new Set(paths).size).toBe(40);
  expect(parts.flat().every(({ bytes }) => bytes.length === 500)).toBe(true);
});

it('cuts the end of a file that is alone', async () => {
  const [domain] = await read([path.join(writeFiles('alone', 1, 10_000), '0.txt')]);
  expect(domain!.heldOut[0]!.bytes.length).toBe(1000);
  expect(domain!.train[0]!.bytes.length + domain!.validation[0]!.bytes.length).toBe(9000);
});

it('takes no more bytes than asked for, and tells text and hash', async () => {
  const poems = writeFiles('poems', 40, 500);
  const [domain] = await read([poems], { bytesPerDomain: 10_200 });
  const told = describeDomain(domain!);
  expect(told).toMatchObject({ name: 'poems', files: 21 });
  const sizes = [domain!.train, domain!.validation, domain!.heldOut].map((files) =>
    files.reduce((sum, { bytes }) => sum + bytes.length, 0),
  );
  expect(sizes[0]! + sizes[1]! + sizes[2]!).toBe(10_200);
  expect([told.bytes, told.heldOutBytes]).toEqual([sizes[0], sizes[2]]);
  expect(told.bytes).toBeLessThan(9000);
  const [again] = await read([poems], { bytesPerDomain: 10_200 });
  expect(describeDomain(again!)).toEqual(told);
  writeFileSync(path.join(poems, '7.txt'), 'x'.repeat(500));
  const [changed] = await read([poems]);
  expect(describeDomain(changed!).sha256).not.toBe(told.sha256);
});

it('makes a domain of each path', async () => {
  const domains = await read([writeFiles('poems', 20, 500), writeFiles('plays', 20, 500)]);
  expect(domains.map(({ name }) => name)).toEqual(['poems', 'plays']);
});

it('reads the packages that are there, and only their text', async () => {
  const packages = path.join(folder, 'node_modules');
  const at = path.join(packages, '@types/node');
  mkdirSync(at, { recursive: true });
  for (let i = 0; i < 30; i++) writeFileSync(path.join(at, `${i}.d.ts`), `declare const x${i}: number;\n`.repeat(20));
  writeFileSync(path.join(at, 'package.json'), '{}');
  const domains = await read([], { packages });
  expect(domains.map(describeDomain)).toMatchObject([{ name: 'TypeScript', files: 30 }]);
});

it('says what to do where there is no text, or too little', async () => {
  await expect(read([])).rejects.toThrow(/name texts with --text/);
  const tiny = path.join(folder, 'tiny.txt');
  writeFileSync(tiny, 'too small');
  await expect(read([tiny])).rejects.toThrow(/tiny\.txt is too small/);
});
