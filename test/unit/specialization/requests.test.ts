/** @file The questions about voters over the real channel of the model process. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource, ResponseError } from 'vscode-jsonrpc/node';
import type { AnalysisProgress, VoterSources } from '../../../model/protocol/voterAnalyses';
import { ErrorCode } from '../../../model/measures/errorCodes';
import { goldenFolder } from '../inspection/goldenModel';
import type { HostProcess } from '../process/childProcess';
import { bundleHost, forkHost } from '../process/childProcess';

const TEXT = 'export const größe = [1, 2, 3];\n\tif (a > b) { return "x"; }\n'.repeat(40);
const BYTES = new TextEncoder().encode(TEXT);

let bundle: Awaited<ReturnType<typeof bundleHost>>;
let folder: string;
let file: string;
let uri: string;
let host: HostProcess;

beforeAll(async () => {
  bundle = await bundleHost();
  folder = mkdtempSync(path.join(tmpdir(), 'smuggler-voters-'));
  cpSync(goldenFolder('chained'), path.join(folder, 'model'), { recursive: true });
  file = path.join(folder, 'a.ts');
  uri = pathToFileURL(file).toString();
  writeFileSync(file, 'an older text on the disk');
  writeFileSync(path.join(folder, 'b.py'), 'def f(x):\n    return x + 1\n'.repeat(30));
  host = forkHost(bundle.program, 'answer');
  await host.ask('model/load', { folder: path.join(folder, 'model'), device: 'cpu', threads: 1 });
  await host.tell('document/sync', { uri, version: 1, bytes: BYTES });
});
afterAll(() => {
  host.child.kill('SIGKILL');
  bundle.remove();
  rmSync(folder, { recursive: true, force: true });
});

const sources = (): VoterSources => ({
  documents: [{ uri, version: 1, languageId: 'typescript' }],
  paths: [file, path.join(folder, 'b.py')],
  exclude: [],
  maxFileBytes: 1e6,
  maxChunks: 1e5,
});

async function failure(promise: Promise<unknown>): Promise<ResponseError> {
  const outcome: unknown = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof ResponseError)) expect.fail(`expected a response error, got ${JSON.stringify(outcome)}`);
  expect(outcome.message).toMatch(/^[^\n]+\.$/);
  return outcome;
}

describe('questions about voters', () => {
  it('map the voters of a bit, with progress, and say what on', async () => {
    const told: AnalysisProgress[] = [];
    const onProgress = (value: AnalysisProgress) => told.push(value);
    const map = await host.ask('specialization/map', { sources: sources(), bit: 4 }, { onProgress });
    expect(map.voters).toHaveLength(6);
    expect(map.auroc).toBeInstanceOf(Float32Array);
    expect(map.auroc).toHaveLength(6 * map.contexts.length);
    expect(map.contexts).toContainEqual(expect.objectContaining({ dimension: 'language', name: 'python' }));
    // The document stands in for the file that it is of.
    expect(map.provenance.texts).toEqual([uri, path.join(folder, 'b.py')]);
    const chunks = Math.floor(BYTES.length / 4) + Math.floor((30 * 27) / 4);
    expect(map.provenance).toMatchObject({ votersPerBit: 6, chunks, totalChunks: chunks, skipped: [] });
    expect(map.provenance.checkpoint).toMatch(/^[0-9a-f]{12}$/);
    expect(told.filter(({ phase }) => phase === 'votes').at(-1)).toEqual({
      phase: 'votes',
      done: chunks,
      total: chunks,
    });
    expect(told.at(-1)).toEqual({ phase: 'comparing', done: 6, total: 6 });
  });

  it('rank all voters by a concept; votes that are there are not computed again', async () => {
    const told: AnalysisProgress[] = [];
    const onProgress = (value: AnalysisProgress) => told.push(value);
    const ranked = await host.ask(
      'concept/search',
      {
        sources: sources(),
        concept: { kind: 'regex', pattern: 'return', flags: '', place: 'overlaps' },
        seed: 1,
      },
      { onProgress },
    );
    expect(ranked.auroc).toHaveLength(192);
    expect(ranked.q).toBeInstanceOf(Float64Array);
    // Each of the 70 matches touches two or three chunks.
    expect(ranked.labelled).toBeGreaterThan(130);
    expect(ranked.labelled).toBeLessThan(210);
    for (const voter of ranked.higher) expect(ranked.auroc[voter]).toBeGreaterThanOrEqual(0.6);
    for (const voter of ranked.lower) expect(ranked.auroc[voter]).toBeLessThanOrEqual(0.4);
    expect(ranked.voting).toBeGreaterThan(0);
    expect(told.some(({ phase }) => phase === 'votes')).toBe(false);
  });

  it('find where voters agree, the origin among them', async () => {
    const origin = { uri, version: 1, offset: 4 * 30 };
    const answer = await host.ask('agreement/search', {
      sources: sources(),
      origin,
      voters: null,
      bit: null,
      threshold: 0.5,
      minAgreement: 0.9,
      limit: 1000,
    });
    const { votes } = await host.ask('inspect/chunk', { ...origin, alternatives: 0 });
    expect([...answer.voters]).toEqual([...votes.keys()].filter((voter) => votes[voter]! > 0.5));
    expect(answer.on.every((on) => on === 1)).toBe(true);
    expect(answer.places.filter(({ isOrigin }) => isOrigin)).toHaveLength(1);
    for (const place of answer.places) expect(place.agreement).toBeGreaterThanOrEqual(0.9);
    const shares = answer.places.map(({ agreement }) => agreement);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
    // Each stands in the text around it.
    const spaced = (text: string): string => text.replaceAll('␣', ' ').replaceAll('↵', '\n').replaceAll('⇥', '\t');
    const inDocument = answer.places.filter(({ name, chunks }) => name === uri && chunks === 1);
    expect(inDocument.length).toBeGreaterThan(0);
    for (const { before, text, after, offset } of inDocument) {
      const quoted = [...`${spaced(before)}${spaced(text)}${spaced(after)}`.matchAll(/[\x20-\x7e\n\t]+/g)][0]![0];
      expect(TEXT).toContain(quoted);
      expect(before === '').toBe(offset === 0);
    }
    expect(answer.histogram.reduce((sum, count) => sum + count, 0)).toBe(answer.provenance.chunks);
  });

  it('gather statistics of every voter over the texts as they are in the editor, and show one voter of them', async () => {
    expect(await host.ask('statistics/voter', { bit: 4, voter: 2, of: 'texts' })).toBeNull();
    const told: AnalysisProgress[] = [];
    const onProgress = (value: AnalysisProgress) => told.push(value);
    const all = await host.ask('statistics/texts', { sources: sources() }, { onProgress });
    const chunks = Math.floor(BYTES.length / 4) + Math.floor((30 * 27) / 4);
    expect(all).toMatchObject({
      votersPerBit: 6,
      chunks,
      totalChunks: chunks,
      files: [uri, path.join(folder, 'b.py')],
    });
    expect(all.contributions).toMatchObject({ chunks });
    expect(all.contributions!.winShares.some((share) => share > 0)).toBe(true);
    expect(told.at(-1)).toEqual({ phase: 'votes', done: chunks, total: chunks });
    // Nothing is stored of it.
    expect(await host.ask('statistics/read', {})).toBeNull();
    const voter = await host.ask('statistics/voter', { bit: 4, voter: 2, of: 'texts' });
    expect(voter!.density).toBeCloseTo(all.densities[4 * 6 + 2]!, 6);
    // The file on the disk holds another text than the document.
    const own = [...voter!.top, ...voter!.sample].find(({ path: name }) => name === uri);
    expect(TEXT).toContain(own!.text!.before.replaceAll('␣', ' ').slice(-3));
    expect(await host.ask('statistics/voter', { bit: 4, voter: 2, of: 'gathered' })).toBeNull();
    const wrong = await failure(host.ask('statistics/voter', { bit: 4, voter: 6, of: 'texts' }));
    expect(wrong.code).toBe(ErrorCode.badRequest);
    const cut = await host.ask('statistics/texts', { sources: { ...sources(), maxChunks: 128 } });
    expect(cut.chunks).toBeLessThanOrEqual(128);
    expect(cut.totalChunks).toBe(chunks);
  });

  it('keep names and notes beside the model', async () => {
    const change = { bit: 3, voter: 2, name: 'digits', note: 'high before numbers' };
    const { notes } = await host.ask('voters/note', change);
    expect(notes).toEqual([expect.objectContaining(change)]);
    expect(await host.ask('voters/notes', {})).toEqual({ folder: path.join(folder, 'model'), notes, automatic: [] });
    expect(readFileSync(path.join(folder, 'model/voters.jsonl'), 'utf8').split('\n')[0]).toBe('{"votersPerBit":6}');
    expect((await failure(host.ask('voters/note', { ...change, voter: 6 }))).code).toBe(ErrorCode.badRequest);
  });

  it('are refused in one sentence', async () => {
    const regex = (pattern: string) => ({ kind: 'regex', pattern, flags: '', place: 'begins' }) as const;
    const search = (pattern: string) =>
      failure(host.ask('concept/search', { sources: sources(), concept: regex(pattern), seed: 1 }));
    expect((await search('(')).code).toBe(ErrorCode.badRequest);
    expect((await search('nowhere')).code).toBe(ErrorCode.badRequest);
    const map = (change: Partial<VoterSources>, bit = 0) =>
      failure(host.ask('specialization/map', { sources: { ...sources(), ...change }, bit }));
    expect((await map({}, 32)).code).toBe(ErrorCode.badRequest);
    expect((await map({ documents: [{ uri, version: 9 }] })).code).toBe(ErrorCode.staleDocument);
    expect((await map({ documents: [], paths: [path.join(folder, 'missing')] })).code).toBe(ErrorCode.emptyCorpus);
    expect((await map({ documents: [], paths: [] })).code).toBe(ErrorCode.emptyDocument);
  });

  it('answer hovers while a regular expression backtracks over many texts, and end it at once when cancelled', async () => {
    const documents = Array.from({ length: 40 }, (_, i) => {
      const bytes = new TextEncoder().encode(`${'a'.repeat(60)}\n`.repeat(20));
      return { uri: `untitled:slow${i}`, version: 1, bytes };
    });
    for (const document of documents) await host.tell('document/sync', document);
    const cancellation = new CancellationTokenSource();
    const concept = (pattern: string) => ({ kind: 'regex', pattern, flags: '', place: 'overlaps' }) as const;
    const refs = documents.map(({ uri, version }) => ({ uri, version }));
    const params = { sources: { ...sources(), documents: refs, paths: [] }, seed: 1 };
    // Afterwards the votes are there, and the whole time goes into the pattern.
    await host.ask('concept/search', { ...params, concept: concept('a\n') });
    let ended = false;
    const search = host
      .ask('concept/search', { ...params, concept: concept('(a+)+b') }, { token: cancellation.token })
      .catch((error: unknown) => error)
      .finally(() => {
        ended = true;
      });
    const delays: number[] = [];
    for (let hover = 0; hover < 10; hover++) {
      await setTimeout(50);
      const start = performance.now();
      await host.ask('inspect/chunk', { uri, version: 1, offset: 64 * hover, alternatives: 3 });
      delays.push(performance.now() - start);
    }
    expect(ended).toBe(false);
    expect(delays.toSorted((a, b) => a - b)[5]).toBeLessThan(100);
    const start = performance.now();
    cancellation.cancel();
    expect(await search).toMatchObject({ code: ErrorCode.cancelled });
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('stop when they are cancelled, and let hovers and heatmaps pass', async () => {
    const long = { uri: 'untitled:long', version: 1, bytes: new TextEncoder().encode(TEXT.repeat(120)) };
    await host.tell('document/sync', long);
    const cancellation = new CancellationTokenSource();
    let ended = false;
    const map = host
      .ask(
        'specialization/map',
        { sources: { ...sources(), documents: [{ uri: long.uri, version: 1 }], paths: [] }, bit: null },
        { token: cancellation.token },
      )
      .catch((error: unknown) => error)
      .finally(() => {
        ended = true;
      });
    await host.ask('inspect/chunk', { uri, version: 1, offset: 8, alternatives: 0 });
    await host.ask('inspect/range', { uri, version: 1, firstChunk: 0, count: 40, changes: [] });
    expect(ended).toBe(false);
    cancellation.cancel();
    expect(await map).toMatchObject({ code: ErrorCode.cancelled });
  });
});
