/**
 * @file Gathering the statistics of every voter of the starter model at one thread: how long it takes beside the plain forward pass over the
 * same windows, and how fast a corpus is through of which windows spread evenly are looked at.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readModelFolder } from '../../model/checkpoint/modelFolder';
import { corpusStatistics, MOST_CHUNKS } from '../../model/inspection/corpusStatistics';
import { spreadWindows } from '../../model/inspection/spreadWindows';
import { Inference } from '../../model/runtime/inference';
import type { CorpusFile } from '../../model/text/corpus';
import { fillWindow } from '../../model/text/windows';
import { bounded, figure, finish, spread } from './report';

const ROOT = path.join(__dirname, '../..');
const STARTER = path.join(ROOT, 'media/starter');
/** Text of a package that this project builds with. */
const CORPUS = path.join(ROOT, 'node_modules/typescript/lib/typescript.js');
/** All chunks of the first are looked at. */
const WHOLE_BYTES = 196_608;
const SPREAD_BYTES = 5_000_000;
const BATCH = 16;
const ROUNDS = 7;

/** Seconds of processor time: what others on the machine take is not counted. */
async function processorSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The plain forward pass over the windows in which the statistics see the files. */
async function forwardPass(inference: Inference, files: readonly CorpusFile[]): Promise<void> {
  const T = inference.config.context_chunks;
  const stride = 4 * (T + 1);
  const { windows } = spreadWindows(files, T, MOST_CHUNKS);
  const inputs = new Uint8Array(BATCH * stride);
  for (let first = 0; first < windows.length; first += BATCH) {
    windows.slice(first, first + BATCH).forEach((window, row) => {
      fillWindow(files[window.text]!.bytes, window, T, inputs, row * stride);
    });
    await inference.forward(inputs, BATCH);
  }
}

async function main(): Promise<void> {
  if (!existsSync(STARTER)) return;
  const { config, parameters } = await readModelFolder(STARTER);
  const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const text = new Uint8Array(readFileSync(CORPUS));
  const first = (bytes: number) => [{ path: CORPUS, bytes: text.subarray(0, bytes) }];
  // Compiles what the passes run.
  await corpusStatistics(inference, first(16_384), { seed: 0 });
  await forwardPass(inference, first(16_384));
  // In turns, so that both meet the same load; one round of a shared machine is off by a fifth.
  const rounds: { readonly statistics: number; readonly forward: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({
      statistics: await processorSeconds(() => corpusStatistics(inference, first(WHOLE_BYTES), { seed: 0 })),
      forward: await processorSeconds(() => forwardPass(inference, first(WHOLE_BYTES))),
    });
  }
  const ratios = spread(rounds.map(({ statistics, forward }) => statistics / forward));
  const statistics = spread(rounds.map((round) => round.statistics)).median;
  const forward = spread(rounds.map((round) => round.forward)).median;
  const rate = (bytes: number, seconds: number) => `${(bytes / 1e6 / seconds).toFixed(3)} MB/s`;
  figure('every chunk: statistics, processor time', rate(WHOLE_BYTES, statistics));
  figure('every chunk: plain forward pass, processor time', rate(WHOLE_BYTES, forward));
  bounded('every chunk: statistics, in forward passes, median', ratios.median, { below: 1 }, '');
  figure('the same, least and most of the rounds', `${ratios.min.toPrecision(3)}, ${ratios.p95.toPrecision(3)}`);
  const start = performance.now();
  const spreadSeconds = await processorSeconds(async () => {
    const { chunks, totalChunks } = await corpusStatistics(inference, first(SPREAD_BYTES), { seed: 0 });
    figure('spread over 5 MB: chunks looked at', `${chunks} of ${totalChunks}`);
  });
  figure('spread over 5 MB: by the clock', rate(SPREAD_BYTES, (performance.now() - start) / 1000));
  figure('spread over 5 MB: processor time', rate(SPREAD_BYTES, spreadSeconds));
  figure('resident memory', `${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`);
  await inference.dispose();
  finish();
}

void main();
