/** @file A long day of the process that answers: mixed requests, a fifth of them cancelled, texts edited; memory and delays. */
import { fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import {
  CancellationTokenSource,
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
} from 'vscode-jsonrpc/node';
import { ask } from '../../extension/modelProcess/ask';
import { ErrorCode } from '../../model/measures/errorCodes';
import type { ParamsOf, RequestName } from '../../model/protocol/requests';
import { Random } from '../../model/text/random';
import { bounded, figure, finish, spread } from './report';

const ROOT = path.resolve(__dirname, '../..');
/** Requests between two looks at the memory; a first block warms up. */
const BLOCK = Number(process.env['SOAK_BLOCK'] ?? 20_000);
const BLOCKS = 3;
/** Requests that are under way at a time. */
const AT_A_TIME = 8;
const CANCELLED = 0.2;
const EDITED = 0.02;
/** Growth of a block against the one before it. */
const MOST_GROWTH = 0.05;

interface Text {
  readonly uri: string;
  version: number;
  bytes: Uint8Array;
}

/** Resident memory in MB while nothing is asked: the least of some samples, since what was asked last is freed when V8 gets to it. */
async function restingMegabytes(pid: number): Promise<number> {
  let least = Infinity;
  for (let sample = 0; sample < 5; sample++) {
    await sleep(400);
    least = Math.min(least, residentMegabytes(pid));
  }
  return least;
}

function residentMegabytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return Number(kilobytes) / 1024;
}

class Soak {
  readonly #random = Random.fromSeed(1);
  readonly delays: number[] = [];
  cancelled = 0;
  stale = 0;
  /** Of requests that ended with any other error. */
  readonly failures: string[] = [];

  constructor(
    private readonly connection: MessageConnection,
    private readonly texts: readonly Text[],
  ) {}

  /** Sends so many requests and awaits them all. */
  async run(requests: number): Promise<void> {
    let left = requests;
    const worker = async () => {
      while (left-- > 0) await this.#one();
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  }

  async #one(): Promise<void> {
    const random = this.#random;
    const text = this.texts[random.integer(this.texts.length)]!;
    if (random.uniform() < EDITED) await this.#edit(text);
    const cancellation = new CancellationTokenSource();
    const start = performance.now();
    const answer = this.#request(text, cancellation);
    const isCancelled = random.uniform() < CANCELLED;
    if (isCancelled) {
      const delay = random.uniform() * 10;
      setTimeout(() => {
        cancellation.cancel();
      }, delay);
    }
    // A cancelled request, and one whose text was edited before its turn, end with an error, as they should.
    await answer.then(
      () => {
        this.delays.push(performance.now() - start);
      },
      (error: unknown) => {
        const code = error instanceof ResponseError ? error.code : null;
        if (code === ErrorCode.cancelled && isCancelled) this.cancelled++;
        else if (code === ErrorCode.staleDocument) this.stale++;
        else this.failures.push(String(error));
      },
    );
    cancellation.dispose();
  }

  async #edit(text: Text): Promise<void> {
    text.version++;
    text.bytes = text.bytes.slice();
    text.bytes[this.#random.integer(text.bytes.length)] = 97 + this.#random.integer(26);
    const { uri, version, bytes } = text;
    if (this.#random.uniform() < 0.1) await this.connection.sendNotification('document/close', { uri });
    await this.connection.sendNotification('document/sync', { uri, version, bytes });
  }

  #request({ uri, version, bytes }: Text, { token }: CancellationTokenSource): Promise<unknown> {
    const random = this.#random;
    const ref = { uri, version, offset: random.integer(bytes.length) };
    const firstChunk = random.integer(Math.ceil(bytes.length / 4));
    const voter = { bit: random.integer(32), voter: random.integer(128) };
    const request = <Name extends RequestName>(name: Name, params: ParamsOf<Name>) =>
      ask(this.connection, name, params, { token });
    const changes = random.uniform() < 0.5 ? [] : [{ ...voter, vote: null }];
    const kind = random.uniform();
    if (kind < 0.5) return request('inspect/chunk', { ...ref, alternatives: random.integer(6) });
    if (kind < 0.65) return request('inspect/range', { uri, version, firstChunk, count: 64, changes });
    if (kind < 0.75) return request('inspect/lesion', { ...ref, changes, continuation: 0 });
    if (kind < 0.82) return request('inspect/voter', { uri, version, firstChunk, count: 64, ...voter });
    if (kind < 0.85) return request('inspect/voters', { uri, version, firstChunk, count: 32, quantity: 'vote' });
    if (kind < 0.95) return request('model/activity', ref);
    const prefix = bytes.subarray(0, ref.offset);
    const options = { maxBytes: 16, until: 'line', minConfidence: 0.3, end: 'saving' } as const;
    return request('complete', { prefix, suffix: new Uint8Array(), ...options, changes, memory: null });
  }
}

async function main(): Promise<void> {
  const child = fork(path.join(ROOT, 'out/modelProcess.js'), ['--role', 'answer'], {
    serialization: 'advanced',
    execArgv: process.env['SOAK_NODE']?.split(' ') ?? [],
  });
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.listen();
  await ask(connection, 'model/load', {
    folder: path.join(ROOT, 'media/starter'),
    device: 'cpu',
    threads: 1,
  });
  const sources = path.join(ROOT, 'model/inspection');
  const texts = readdirSync(sources)
    .filter((file) => file.endsWith('.ts'))
    .map((file): Text => ({ uri: `file:///${file}`, version: 1, bytes: readFileSync(path.join(sources, file)) }));
  for (const text of texts) await connection.sendNotification('document/sync', { ...text });
  const soak = new Soak(connection, texts);
  figure('memory after loading', `${(await restingMegabytes(child.pid!)).toFixed(0)} MB`);
  let before = NaN;
  for (let block = 0; block < BLOCKS; block++) {
    const start = performance.now();
    await soak.run(BLOCK);
    const seconds = (performance.now() - start) / 1000;
    const memory = await restingMegabytes(child.pid!);
    figure(`after ${(block + 1) * BLOCK} requests`, `${memory.toFixed(0)} MB (${seconds.toFixed(0)} s)`);
    if (block > 0) bounded('  growth against the block before', memory / before - 1, { below: MOST_GROWTH }, '');
    before = memory;
  }
  const { median, p95, n } = spread(soak.delays);
  const worst = soak.delays.reduce((most, delay) => Math.max(most, delay), 0);
  figure(
    'delay, eight at a time',
    `median ${median.toFixed(1)}, p95 ${p95.toFixed(1)}, worst ${worst.toFixed(0)} ms (${n})`,
  );
  figure('cancelled before an answer', String(soak.cancelled));
  figure('of a text that was edited before their turn', String(soak.stale));
  bounded('failed', soak.failures.length, { below: 1 }, 'requests');
  for (const failure of new Set(soak.failures)) console.log(`  ${failure}`);
  connection.dispose();
  child.kill();
  finish();
}

void main();
