/**
 * @file The depth lens with the starter model: mean surprise behind each block, read through fitted maps and as it is, on texts that
 * the model was not trained on; and what fitting and a caret cost.
 */
import path from 'node:path';
import { readModelFolder } from '../../model/checkpoint/modelFolder';
import { DepthLens } from '../../model/depth/depthLens';
import { CHUNK_BYTES } from '../../model/measures/chunk';
import { depthName, readoutText } from '../../model/measures/depthText';
import { VoterHead } from '../../model/network/voterHead';
import type { Depth, DepthReading } from '../../model/protocol/depth';
import { Inference } from '../../model/runtime/inference';
import { bounded, figure, finish, spread } from './report';
import { filesOf, UNSEEN_TEXTS } from './unseenTexts';

const ROOT = path.join(__dirname, '../..');
/** Files of each kind of text, and chunks in the middle of each. */
const FILES = 6;
const CHUNKS = 16;
const LEAST_BYTES = 2_000;
/** Carets that are timed, each a chunk further. */
const CARETS = 24;
/** As the panel asks. */
const AROUND = 8;

async function main(): Promise<void> {
  const { config, parameters } = await readModelFolder(path.join(ROOT, 'media/starter'));
  const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const head = new VoterHead(config, parameters, inference.temperatures);
  const lens = new DepthLens({ inference, head, checkpoint: '' });
  const common = { changes: [], sample: path.join(ROOT, 'media/sample') };
  /** Milliseconds of processor time, since others on the machine take what they take. */
  const timed = async (work: () => Promise<unknown>) => {
    const start = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  const texts = Object.values(UNSEEN_TEXTS).flatMap((kind) => {
    const files = filesOf(kind).filter(({ bytes }) => bytes.length >= LEAST_BYTES);
    return Array.from({ length: FILES }, (_, i) => files[Math.floor((i * files.length) / FILES)]!.bytes);
  });

  const document = { uri: '', version: 0, bytes: texts[0]! };
  const soon = { ...common, before: AROUND, after: AROUND, fill: false, reading: 'fitted' } as const;
  const fit = await timed(() => lens.inspect(document, { ...soon, before: 0, after: 0, offset: 0 }));
  figure('fitting the maps, once per model (processor time)', `${(fit / 1000).toFixed(2)} s`);
  const first: number[] = [];
  for (let i = 0; i < CARETS; i++) {
    const offset = 4 * (100 + i);
    first.push(await timed(() => lens.inspect(document, { ...soon, offset })));
  }
  const caret = spread(first);
  figure('a chunk further, all depths (processor time)', `median ${caret.median.toFixed(0)} ms`);
  bounded('  p95', caret.p95, { below: 200 }, 'ms');
  const around = await timed(() => lens.inspect(document, { ...soon, fill: true, offset: 4 * 300 }));
  figure(`${2 * AROUND + 1} chunks elsewhere, all depths (processor time)`, `${around.toFixed(0)} ms`);

  const N = texts.length * CHUNKS;
  const means = new Map<DepthReading, { readonly depths: readonly Depth[]; readonly surprise: Float64Array }>();
  for (const reading of ['fitted', 'direct'] as const) {
    let sums: Float64Array | undefined;
    let depths: readonly Depth[] = [];
    for (const bytes of texts) {
      const offset = CHUNK_BYTES * Math.floor(bytes.length / CHUNK_BYTES / 2);
      const asked = { ...common, before: 0, after: CHUNKS - 1, fill: true, reading, offset };
      const found = await lens.inspect({ ...document, bytes }, asked);
      depths = found.depths;
      sums ??= new Float64Array(depths.length);
      for (const [cell, surprise] of found.surprise.entries()) sums[Math.floor(cell / CHUNKS)]! += surprise / N;
    }
    means.set(reading, { depths, surprise: sums! });
  }
  const { depths, surprise: fitted } = means.get('fitted')!;
  const { depths: others, surprise: direct } = means.get('direct')!;
  console.log(`\nmean surprise in bits per chunk, N = ${N} chunks of ${texts.length} files`);
  depths.forEach((depth, r) => {
    const asItIs = others[r]!.readout === 'direct' ? `, as it is ${direct[r]!.toFixed(2)}` : '';
    figure(`${depthName(depth)} (${readoutText(depth)})`, `${fitted[r]!.toFixed(2)}${asItIs}`);
  });
  const [none] = fitted;
  bounded('least surprise behind a block read by a map', Math.min(...fitted.subarray(1, -1)), { below: none! }, 'bits');
  bounded('surprise of the model', fitted.at(-1)!, { below: Math.min(...fitted.subarray(0, -1)) }, 'bits');
  await lens.dispose();
  await inference.dispose();
  finish();
}

void main();
