/**
 * @file Causes with the starter model: deletion curves, which say how well each method finds what a chunk was predicted from, beside
 * chunks drawn at random; how complete integrated gradients are; and the time from a caret to its causes.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { causes } from '../../model/attribution/causes';
import { explainedPosition } from '../../model/attribution/position';
import { targetValue } from '../../model/attribution/target';
import { readModelFolder } from '../../model/checkpoint/modelFolder';
import { chunkCode } from '../../model/inspection/chunkSearch';
import { CHUNK_BYTES } from '../../model/measures/chunk';
import { VoterHead } from '../../model/network/voterHead';
import type { Cause, CauseMethod } from '../../model/protocol/causes';
import { Inference } from '../../model/runtime/inference';
import { Random } from '../../model/text/random';
import { bounded, figure, finish, spread } from './report';

const ROOT = path.join(__dirname, '../..');
const TEXT = path.join(ROOT, 'model/runtime/trainingSession.ts');
const METHODS: readonly CauseMethod[] = ['gradient', 'integrated', 'occlusion'];
/** Chunks that are explained for the curves, and carets that are timed. */
const CHUNKS = 60;
const CARETS = 40;
/** Causes deleted. */
const DELETED = [1, 2, 4, 8];
/** Milliseconds from a caret to its causes, p95 by the clock; processor time beside it tells what others on the machine took. */
const BOUNDS: Readonly<Partial<Record<CauseMethod, number>>> = { gradient: 100, occlusion: 400 };
/** Places in the text, far from each other and none in a window with the next. */
const place = (i: number, count: number, length: number) => Math.floor((0.05 + (0.95 * i) / count) * (length - 1));

async function main(): Promise<void> {
  const bytes = new Uint8Array(readFileSync(TEXT));
  const document = { uri: '', version: 0, bytes };
  const { config, parameters } = await readModelFolder(path.join(ROOT, 'media/starter'));
  const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const model = { inference, head: new VoterHead(config, parameters, inference.temperatures), checkpoint: '' };
  const random = Random.fromSeed(0);

  /** Surprise of a chunk when some pieces before it are other text of the same document, the same for all methods. */
  const surpriseWithout = async (offset: number, deleted: readonly Cause[]) => {
    const at = explainedPosition(config, document, offset, { kind: 'chunk' });
    const window = at.window.slice();
    for (const { offset: start, length } of deleted) {
      const from = (start * 7919) % (bytes.length - length);
      window.set(bytes.subarray(from, from + length), start - at.windowStart);
    }
    const inputs = window.subarray(0, CHUNK_BYTES * config.context_chunks);
    const scores = model.head.at({ hidden: await inference.hidden(inputs, 1), inputs }, at.position);
    return targetValue(model.head, scores, at.asked, chunkCode(window, CHUNK_BYTES * (at.position + 1)));
  };

  const curves = new Map<string, number[]>(['random', ...METHODS].map((name) => [name, DELETED.map(() => 0)]));
  let before = 0;
  const errors: number[] = [];
  const steps: number[] = [];
  for (let i = 0; i < CHUNKS; i++) {
    const offset = place(i, CHUNKS, bytes.length);
    const orders = new Map<string, readonly Cause[]>();
    for (const method of METHODS) {
      const found = await causes(model, document, { offset, target: { kind: 'chunk' }, method, unit: 'chunk' });
      // What made the text least surprising first: without it, the text is to become more surprising.
      orders.set(
        method,
        found.causes.toSorted((a, b) => a.contribution - b.contribution),
      );
      if (method === 'occlusion') {
        before += found.value / CHUNKS;
        const shuffled = found.causes.map((cause) => ({ cause, key: random.uniform() }));
        orders.set(
          'random',
          shuffled.toSorted((a, b) => a.key - b.key).map(({ cause }) => cause),
        );
      }
      if (found.completeness !== null) {
        errors.push(found.completeness.error);
        steps.push(found.completeness.steps);
      }
    }
    for (const [name, order] of orders) {
      for (const [k, count] of DELETED.entries()) {
        curves.get(name)![k]! += (await surpriseWithout(offset, order.slice(0, count))) / CHUNKS;
      }
    }
  }
  figure(`surprise of ${CHUNKS} chunks, mean`, `${before.toFixed(2)} bits`);
  for (const [name, curve] of curves) {
    const told = curve.map((surprise, k) => `${DELETED[k]}: +${(surprise - before).toFixed(2)}`).join(', ');
    figure(`more with so many causes replaced, by ${name}`, `${told} bits`);
  }
  const gain = (name: string) => curves.get(name)![DELETED.indexOf(4)]! - before;
  for (const method of METHODS) {
    bounded(`4 causes by ${method} beside 4 at random`, gain(method) / gain('random'), { above: 1 }, 'times');
  }
  const complete = errors.filter((error) => error <= 0.01).length;
  figure('integrated gradients: gradients averaged, median', String(spread(steps).median));
  figure('integrated gradients: error, median and largest', `${spread(errors).median}, ${Math.max(...errors)}`);
  bounded('integrated gradients: complete within 1 %', complete / errors.length, { above: 0.99 }, 'of the chunks');

  for (const method of METHODS) {
    const times: number[] = [];
    const processor: number[] = [];
    for (let i = 0; i < CARETS; i++) {
      const offset = place(i + 0.5, CARETS, bytes.length);
      const began = performance.now();
      const from = process.cpuUsage();
      await causes(model, document, { offset, target: { kind: 'chunk' }, method, unit: 'chunk' });
      const { user, system } = process.cpuUsage(from);
      times.push(performance.now() - began);
      processor.push((user + system) / 1000);
    }
    const { median, p95 } = spread(times);
    const took = spread(processor);
    const [ofMedian, ofP95] = [took.median, took.p95].map((milliseconds) => milliseconds.toFixed(0));
    figure(`caret to causes by ${method}, median`, `${median.toFixed(0)} ms, ${ofMedian} of processor time`);
    const bound = BOUNDS[method];
    const what = `caret to causes by ${method}, p95 (${ofP95} ms of processor time)`;
    if (bound === undefined) figure(what, `${p95.toFixed(0)} ms`);
    else bounded(what, p95, { below: bound }, 'ms');
  }
  await inference.dispose();
  finish();
}

void main();
