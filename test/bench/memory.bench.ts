/**
 * @file What memory voters are worth, and cost: the starter model with memory beside xz on 60 kB of four kinds of text that it never
 * saw, and beside 7-Zip's PPMd and zpaq on this project's sources (where they are installed; SMUGGLER_MEMORY_SOURCES=1, since the model
 * has to read all of them); what is gained within 4 kB; microseconds per byte; a question at the caret after a pass over 1 MB.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { readModelFolder } from '../../model/checkpoint/modelFolder';
import { Inspector } from '../../model/inspection/inspector';
import { decode } from '../../model/inspection/decode';
import { CaretMemory } from '../../model/memory/caretMemory';
import { DocumentMemory, MOST_DOCUMENT_BYTES } from '../../model/memory/documentMemory';
import { Memory } from '../../model/memory/memory';
import { MemoryHead } from '../../model/memory/memoryHead';
import { logit } from '../../model/memory/mixer';
import { EVIDENCE } from '../../model/memory/weighing';
import { VoterHead } from '../../model/network/voterHead';
import { Memories } from '../../model/process/memories';
import { Inference } from '../../model/runtime/inference';
import { Random } from '../../model/text/random';
import { bounded, figure, finish, spread } from './report';
import { filesOf, UNSEEN_TEXTS } from './unseenTexts';

const ROOT = path.join(__dirname, '../..');
const BYTES = 60 * 1024;
const FIRST_BYTES = 4096;
const QUESTIONS = 200;
const CONTINUATIONS = 20;
const DECODED_BYTES = 32;
/** As far back as the extension sends it. */
const SENT_BYTES = 4096;
/** A table of 72 MB for megabytes of text; zpaq's take more. */
const SOURCES_PLACE_BITS = 22;
/** Of one line; the bound is for 50 MB, and does not depend on the length from 4 MB on. */
const LINE_BYTES = Number(process.env['SMUGGLER_MEMORY_LINE'] ?? 6) * 1e6;

function textOf(kind: (typeof UNSEEN_TEXTS)[string]): Buffer {
  return Buffer.concat(filesOf(kind).map(({ bytes }) => bytes));
}

/** p of a 1 of every bit under the trained model. */
async function trainedProbabilities(inspector: Inspector, bytes: Uint8Array): Promise<Float32Array> {
  const all = new Float32Array(8 * bytes.length);
  const document = { uri: '', version: 0, bytes };
  for (let chunk = 0; 4 * chunk < bytes.length; chunk += 16_384) {
    const { probabilities } = await inspector.inspectRange(document, chunk, 16_384);
    all.set(probabilities.subarray(0, all.length - 32 * chunk), 32 * chunk);
  }
  return all;
}

interface Coded {
  /** −log2 of the probability of the first bytes, and of all. */
  readonly first: number;
  readonly all: number;
  readonly microsecondsPerByte: number;
}

/** @param trained p of a 1; null for the memory alone */
function code(bytes: Uint8Array, trained: Float32Array | null, memory = new Memory()): Coded {
  const evidence = new Uint8Array(EVIDENCE);
  const begun = performance.now();
  let [first, all] = [0, 0];
  for (let at = 0; at < 8 * bytes.length; at++) {
    const bit = (bytes[at >> 3]! >> (7 - (at & 7))) & 1;
    const p = memory.scoreBit(bit, trained === null ? 0 : logit(trained[at]!), evidence, 0);
    all -= Math.log2(bit === 1 ? p : 1 - p);
    if (at < 8 * FIRST_BYTES) first = all;
  }
  return { first, all, microsecondsPerByte: ((performance.now() - begun) * 1000) / bytes.length };
}

function aloneBits(bytes: Uint8Array, trained: Float32Array): number {
  return bytes.reduce((sum, byte, at) => {
    for (let i = 0; i < 8; i++) {
      const p = trained[8 * at + i]!;
      sum -= Math.log2((byte >> (7 - i)) & 1 ? p : 1 - p);
    }
    return sum;
  }, 0);
}

/** Bytes that a program makes of a text; null where it is not installed. */
function compressed(bytes: Uint8Array, command: (file: string, out: string) => readonly string[]): number | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'smuggler-memory-'));
  try {
    const [file, out] = [path.join(folder, 'text'), path.join(folder, 'out')];
    writeFileSync(file, bytes);
    const [program = '', ...args] = command(file, out);
    const { status, stdout } = spawnSync(program, args, { maxBuffer: 1 << 28 });
    if (status !== 0) return null;
    const written = readdirSync(folder).find((name) => name.startsWith('out'));
    return written === undefined ? stdout.length : statSync(path.join(folder, written)).size;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function kinds(inspector: Inspector): Promise<void> {
  const gains: number[] = [];
  for (const [name, kind] of Object.entries(UNSEEN_TEXTS)) {
    const bytes = new Uint8Array(textOf(kind).subarray(0, BYTES));
    const trained = await trainedProbabilities(inspector, bytes);
    const [both, alone] = [code(bytes, trained), code(bytes, null)];
    const per = (bits: number, count = bytes.length) => (bits / count).toFixed(3);
    const xz = compressed(bytes, (file) => ['xz', '-9e', '-c', file]);
    const model = aloneBits(bytes, trained);
    figure(
      `${name}, ${bytes.length} bytes: model, memory, both`,
      [model, alone.all, both.all].map((b) => per(b)).join(', '),
    );
    if (xz === null) figure(`${name}: beside xz -9e`, 'xz is not installed');
    else bounded(`${name}: both beside xz -9e (${per(8 * xz)})`, both.all / (8 * xz), { below: 0.75 }, 'of it');
    const first = aloneBits(bytes.subarray(0, FIRST_BYTES), trained);
    gains.push(both.first / first);
    figure(
      `${name}: first 4 kB, model and both`,
      `${per(first, FIRST_BYTES)}, ${per(both.first, FIRST_BYTES)} (${(both.first / first).toFixed(3)})`,
    );
    bounded(`${name}: memory alone`, alone.microsecondsPerByte, { below: 8 }, 'µs per byte');
  }
  const mean = Math.exp(gains.reduce((sum, gain) => sum + Math.log(gain), 0) / gains.length);
  bounded('first 4 kB: both beside the model, geometric mean', mean, { below: 0.75 }, 'of it');
}

async function sources(inspector: Inspector): Promise<void> {
  const { stdout } = spawnSync(
    'git',
    ['ls-files', '*.ts', '*.mjs', '*.md', '*.css', '*.json', '*.py', ':!package-lock.json', ':!media'],
    {
      cwd: ROOT,
      encoding: 'utf8',
    },
  );
  const files = stdout.split('\n').filter((name) => name !== '');
  const bytes = new Uint8Array(Buffer.concat(files.map((file) => readFileSync(path.join(ROOT, file)))));
  const alone = code(bytes, null, new Memory(SOURCES_PLACE_BITS));
  figure(`sources of this project, ${files.length} files: memory alone`, `${Math.ceil(alone.all / 8)} bytes`);
  const rivals = {
    PPMd: compressed(bytes, (file, out) => ['7z', 'a', '-m0=PPMd:o=16:mem=256m', `${out}.7z`, file]),
    'zpaq -m5': compressed(bytes, (file, out) => ['zpaq', 'a', `${out}.zpaq`, file, '-m5', '-t1']),
  };
  const whole = process.env['SMUGGLER_MEMORY_SOURCES'] === '1';
  const both = whole
    ? code(bytes, await trainedProbabilities(inspector, bytes), new Memory(SOURCES_PLACE_BITS)).all / 8
    : null;
  for (const [name, size] of Object.entries(rivals)) {
    if (size === null) figure(`sources beside ${name}`, 'not installed');
    else if (both === null)
      figure(`sources: memory alone beside ${name} (${size})`, `${(alone.all / 8 / size).toFixed(3)} of it`);
    else bounded(`sources: both (${Math.ceil(both)}) beside ${name} (${size})`, both / size, { below: 1 }, 'of it');
  }
}

function oneLine(): void {
  const memory = new Memory();
  const random = Random.fromSeed(0);
  const bytes = Uint8Array.from({ length: 4096 }, () => 97 + random.integer(26));
  const times: number[] = [];
  for (let at = 0; at < LINE_BYTES; at += 64) {
    const begun = performance.now();
    memory.learn(bytes.subarray(at % 4096, (at % 4096) + 64));
    times.push((performance.now() - begun) / 64);
  }
  const p99 = times.toSorted((a, b) => a - b)[Math.floor(0.99 * times.length)]!;
  bounded(`one line of ${LINE_BYTES / 1e6} MB: p99`, p99, { below: 5 }, 'ms per byte');
}

async function atTheCaret(inspector: Inspector, checkpoint: string): Promise<void> {
  const source = textOf(UNSEEN_TEXTS['TypeScript']!);
  const bytes = new Uint8Array(MOST_DOCUMENT_BYTES);
  for (let at = 0; at < bytes.length; at += source.length) bytes.set(source.subarray(0, bytes.length - at), at);
  const document = { uri: 'a', version: 1, bytes };
  const memories = new Memories();
  const asked = { uri: 'a', version: 1, scope: 'document', changes: [], silenced: [] } as const;
  const run = {
    model: { inspector, checkpoint },
    document: () => document,
    signal: new AbortController().signal,
    giveWay: () => setImmediate(),
    onProgress: () => undefined,
  };
  const begun = performance.now();
  await memories.read({ ...asked, others: [] }, run);
  figure('pass over 1 MB, model and memory', `${((performance.now() - begun) / 1000).toFixed(0)} s`);
  const random = Random.fromSeed(1);
  const times: number[] = [];
  for (let i = 0; i < QUESTIONS; i++) {
    const start = performance.now();
    const chunk = await memories.chunk({ ...asked, offset: random.integer(bytes.length) }, run);
    if (chunk === null) throw new Error('The pass did not read all.');
    times.push(performance.now() - start);
  }
  bounded(`memory voters of a chunk anywhere in 1 MB, p95 of ${QUESTIONS}`, spread(times).p95, { below: 50 }, 'ms');
  figure('their median', `${spread(times).median.toFixed(1)} ms`);
}

/** What memory adds to decoding, at the same places with the same bytes. */
async function continuations(inference: Inference, head: VoterHead): Promise<void> {
  const bytes = textOf(UNSEEN_TEXTS['TypeScript']!).subarray(0, BYTES);
  const memory = new CaretMemory(new Memory());
  const [alone, both]: [number[], number[]] = [[], []];
  for (let i = 1; i <= CONTINUATIONS; i++) {
    const offset = Math.floor((i * bytes.length) / (CONTINUATIONS + 1));
    const prefix = bytes.subarray(0, offset);
    await memory.follow(prefix, offset, {});
    for (const [times, make] of [
      [alone, () => head],
      [both, () => new MemoryHead(head, memory.reader(prefix))],
    ] as const) {
      const begun = process.cpuUsage();
      const params = { prefix: prefix.subarray(-SENT_BYTES), maxBytes: DECODED_BYTES, minConfidence: 0 };
      const { bytes: decoded } = await decode({ inference, head: make() }, params);
      const { user, system } = process.cpuUsage(begun);
      times.push((user + system) / 1000 / decoded.length);
    }
  }
  const [model, mixed] = [spread(alone).median, spread(both).median];
  figure('a byte of a continuation, model and both', `${model.toFixed(2)}, ${mixed.toFixed(2)} ms of processor time`);
  bounded('a byte of a continuation: both beside the model', mixed / model, { below: 1.5 }, 'times');
}

/** What a pass costs beside the trained model, which is stood in for. */
async function passAlone(): Promise<void> {
  const bytes = new Uint8Array(textOf(UNSEEN_TEXTS['TypeScript']!).subarray(0, 262_144));
  const half = new Float32Array(32 * 128).fill(0.4);
  const begun = performance.now();
  await new DocumentMemory().score(
    bytes,
    bytes.length,
    (_, count) => Promise.resolve(half.subarray(0, 32 * count)),
    {},
  );
  figure(
    'pass of a document without the model',
    `${(((performance.now() - begun) * 1000) / bytes.length).toFixed(1)} µs per byte`,
  );
}

async function main(): Promise<void> {
  const { config, parameters, checkpoint } = await readModelFolder(path.join(ROOT, 'media/starter'));
  const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const head = new VoterHead(config, parameters, inference.temperatures);
  const inspector = new Inspector({ inference, head, checkpoint });
  await kinds(inspector);
  await sources(inspector);
  await continuations(inference, head);
  oneLine();
  await passAlone();
  await atTheCaret(inspector, checkpoint);
  await inference.dispose();
  finish();
}

void main();
