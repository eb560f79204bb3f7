/**
 * @file Looking inside a model of the default preset on real text: all 4,096 single-voter effects, 20 alternatives, a hover's answer,
 * the bytes of a continuation, one more chunk of a window beside the whole window, a lesion with its continuation, and a text measured again with a voter silenced. With random weights,
 * whose chunks are the hardest to search, and with the starter model where it is there.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readModelFolder } from '../../model/checkpoint/modelFolder';
import { alternatives } from '../../model/inspection/alternatives';
import { chunkCode } from '../../model/inspection/chunkSearch';
import { decode } from '../../model/inspection/decode';
import { voterEffects } from '../../model/inspection/effects';
import { Inspector } from '../../model/inspection/inspector';
import type { ModelConfig } from '../../model/network/config';
import { initializeParameters } from '../../model/network/initialize';
import type { Parameters } from '../../model/network/parameters';
import { VoterHead } from '../../model/network/voterHead';
import { Inference } from '../../model/runtime/inference';
import { Random } from '../../model/text/random';
import { bitRates } from '../../model/text/sampler';
import { DEFAULT_PRESET, presetNamed } from '../../model/training/presets';
import { bounded, figure, finish, spread } from './report';

const ROOT = path.join(__dirname, '../..');
const STARTER = path.join(ROOT, 'media/starter');
/** Text that every checkout has. */
const TEXT = path.join(ROOT, 'model/runtime/trainingSession.ts');
const POSITIONS = 200;
/** Length of the text that is measured again when a voter is silenced. */
const RECOLOURED_BYTES = 20_480;
/** What a hover asks for. */
const HOVER_ALTERNATIVES = 3;
const HOVERS = 100;
const DECODED_BYTES = 64;

/** Windows that are gone on with, and chunks that each is. */
const GROWN = 40;
const APPENDED = 16;

/** Milliseconds of processor time of a call: what others on the machine take is not counted. */
function processorTime(call: () => unknown): number {
  const before = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

interface Subject {
  readonly name: string;
  readonly config: ModelConfig;
  readonly parameters: Parameters;
}

async function subjects(bytes: Uint8Array): Promise<Subject[]> {
  const { config } = presetNamed(DEFAULT_PRESET);
  const parameters = initializeParameters(config, bitRates([{ path: TEXT, bytes }]), Random.fromSeed(0));
  const untrained = { name: 'untrained', config, parameters };
  if (!existsSync(STARTER)) return [untrained];
  return [untrained, { name: 'starter', ...(await readModelFolder(STARTER)) }];
}

async function measure({ name, config, parameters }: Subject, bytes: Uint8Array): Promise<void> {
  const { context_chunks: T } = config;
  const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const head = new VoterHead(config, parameters, inference.temperatures);
  const effects: number[] = [];
  const lists: number[] = [];
  for (let at = 0; at < POSITIONS; at += T) {
    const hidden = await inference.hidden(bytes.subarray(4 * at, 4 * (at + T)), 1);
    for (let t = 1; t + 1 < T; t++) {
      const realCode = chunkCode(bytes, 4 * (at + t + 1));
      const scores = head.at({ hidden, inputs: bytes.subarray(4 * at, 4 * (at + T)) }, t);
      effects.push(processorTime(() => voterEffects(head, scores, realCode, 32)));
      lists.push(
        processorTime(() => alternatives(head, scores, 20, { before: new Uint8Array(0), realCode, scoredBits: 32 })),
      );
    }
  }
  bounded(`${name}: effects of 4,096 voters, p95 of ${effects.length} chunks`, spread(effects).p95, { below: 1 }, 'ms');
  figure(`${name}: 20 alternatives, median`, `${spread(lists).median.toFixed(2)} ms`);
  bounded(`${name}: 20 alternatives, p95`, spread(lists).p95, { below: 5 }, 'ms');

  const inspector = new Inspector({ inference, head, checkpoint: '' });
  const document = { uri: '', version: 0, bytes };
  // Each in a window of its own, as a pointer that jumps through the text has it.
  const hovers: number[] = [];
  for (let i = 0; i < HOVERS; i++) {
    const start = performance.now();
    await inspector.inspectChunk(
      document,
      4 * Math.floor(((i * 0.618) % 1) * (bytes.length / 4 - 1)),
      HOVER_ALTERNATIVES,
    );
    hovers.push(performance.now() - start);
  }
  bounded(`${name}: a hover's answer, p95 of ${HOVERS}`, spread(hovers).p95, { below: 50 }, 'ms');

  // Every chunk is a run of the trunk, so the bytes are timed together.
  const continuations: number[] = [];
  for (let i = 1; i <= 10; i++) {
    const prefix = bytes.subarray(0, 400 * i);
    const start = performance.now();
    const { bytes: decoded } = await decode({ inference, head }, { prefix, maxBytes: DECODED_BYTES, minConfidence: 0 });
    continuations.push((performance.now() - start) / decoded.length);
  }
  bounded(`${name}: a byte of a continuation, median`, spread(continuations).median, { below: 2 }, 'ms');

  const whole: number[] = [];
  const steps: number[] = [];
  for (let i = 0; i < GROWN; i++) {
    const window = await inference.windows.at(bytes.subarray(i, i + 2 * T));
    const from = process.cpuUsage();
    await inference.hidden(window.inputs, 1);
    const between = process.cpuUsage();
    for (let n = 0; n < APPENDED; n++) await inference.windows.append(window, bytes.subarray(4 * n, 4 * n + 4));
    const to = process.cpuUsage();
    whole.push(between.user + between.system - from.user - from.system);
    steps.push((to.user + to.system - between.user - between.system) / APPENDED);
  }
  figure(`${name}: a whole window, one more chunk, medians`, `${spread(whole).median} and ${spread(steps).median} µs`);
  bounded(
    `${name}: one more chunk over a whole window`,
    spread(steps).median / spread(whole).median,
    { below: 0.1 },
    'of it',
  );

  const lesions: number[] = [];
  for (let i = 0; i < 10; i++) {
    const changes = Array.from({ length: 16 }, (_, n) => ({ bit: 2 * n, voter: n, vote: n % 2 === 0 ? null : 0.5 }));
    const { milliseconds } = await inspector.lesion(document, { offset: 400 + 4 * i, changes, continuation: 32 });
    lesions.push(milliseconds);
  }
  figure(`${name}: lesion of 16 voters, 32 bytes decoded twice, median`, `${spread(lesions).median.toFixed(1)} ms`);
  const recoloured = { uri: '', version: 1, bytes: repeated(bytes, RECOLOURED_BYTES) };
  const all = RECOLOURED_BYTES / 4;
  await inspector.inspectRange(recoloured, 0, all);
  const rounds: number[] = [];
  for (let voter = 0; voter < 5; voter++) {
    const before = process.cpuUsage();
    await inspector.inspectRange(recoloured, 0, all, { changes: [{ bit: 9, voter, vote: null }] });
    const { user, system } = process.cpuUsage(before);
    rounds.push((user + system) / 1000);
  }
  const what = `${name}: 20 KB measured again with a voter silenced`;
  figure(`${what}, at first`, `${rounds[0]!.toFixed(0)} ms`);
  bounded(`${what}, later`, spread(rounds).median, { below: 1000 }, 'ms');
  await inference.dispose();
}

function repeated(bytes: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => bytes[i % bytes.length]!);
}

async function main(): Promise<void> {
  const bytes = new Uint8Array(readFileSync(TEXT));
  const measured = await subjects(bytes);
  for (const subject of measured) await measure(subject, bytes);
  finish();
}

void main();
