/**
 * @file A training step of the default model (chained bits, batch 16, T 64) at one thread: as a share of this machine's
 * matrix-product peak, measured in the same run, and against PyTorch where Debian's python3-torch is installed.
 */
import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { matrixFlops } from '../../model/graph/flops';
import { Graph } from '../../model/graph/graph';
import { matmul } from '../../model/graph/operators';
import { DEFAULT_CONFIG } from '../../model/network/config';
import { initializeParameters } from '../../model/network/initialize';
import { groupBitsForCache } from '../../model/network/network';
import { buildTrainingStep } from '../../model/network/trainingStep';
import { floatTensor } from '../../model/runtime/onnxRuntime';
import { OnnxSession } from '../../model/runtime/onnxSession';
import { TrainingSession } from '../../model/runtime/trainingSession';
import { Random } from '../../model/text/random';
import { bounded, figure, finish, spread } from './report';

const CONFIG = { ...DEFAULT_CONFIG, bit_decoding: 'chained' } as const;
const BATCH = 16;
const CONTEXT = 64;
const ADAMW = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 1 };
/** Rounds of peak, ours, PyTorch in turn, so that all three see the machine in the same state. */
const ROUNDS = 8;
const STEPS = 8;

/** A large square product, the best case of a matrix library. */
async function peak(): Promise<() => Promise<number>> {
  const size = 1024;
  const graph = new Graph();
  graph.output('c', matmul(graph.input('a', [size, size]), graph.input('b', [size, size])));
  const session = await OnnxSession.create(graph, { device: 'cpu', threads: 1 });
  const random = Random.fromSeed(1);
  const matrix = () =>
    floatTensor(
      new Float32Array(size * size).map(() => random.uniform()),
      [size, size],
    );
  const feeds = { a: matrix(), b: matrix() };
  await session.run(feeds);
  return async () => {
    const start = performance.now();
    for (let i = 0; i < STEPS; i++) await session.run(feeds);
    return ((2 * size ** 3 * STEPS) / (performance.now() - start)) * 1e-6;
  };
}

async function nextNumber(lines: AsyncIterator<string>): Promise<number> {
  const line = await lines.next();
  if (line.done === true) throw new Error('PyTorch ended early.');
  return Number(line.value);
}

/** Below this share of our matrix product PyTorch runs on a reference BLAS, and a comparison says nothing. */
const FAIR_PEAK = 0.4;

/** PyTorch in a process of its own: `step()` takes one batch of steps and says milliseconds a step. */
class Torch {
  private constructor(
    private readonly child: ChildProcess,
    private readonly lines: AsyncIterator<string>,
    /** GFLOP/s of its own matrix product. */
    readonly peak: number,
  ) {}

  static async start(): Promise<Torch | null> {
    const python = ['/usr/bin/python3', 'python3'].find(
      (candidate) => spawnSync(candidate, ['-c', 'import torch']).status === 0,
    );
    if (python === undefined) return null;
    const child = spawn(python, [path.join(__dirname, '../../test/bench/torch_step.py'), String(STEPS)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      // One thread; the BLAS kernel is left as this machine has it set.
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const torch = new Torch(child, lines, await nextNumber(lines));
    await torch.step();
    return torch;
  }

  async step(): Promise<number> {
    this.child.stdin!.write('step\n');
    return nextNumber(this.lines);
  }

  stop(): void {
    this.child.kill();
  }
}

async function main(): Promise<void> {
  const random = Random.fromSeed(0);
  const parameters = initializeParameters(CONFIG, new Float32Array(32).fill(0.4), random);
  const measurePeak = await peak();
  const torch = await Torch.start();

  const options = { batch: BATCH, context: CONTEXT, optimizer: ADAMW, device: 'cpu', threads: 1 } as const;
  const creation: number[] = [];
  for (let i = 0; i < 3; i++) {
    const start = performance.now();
    const session = await TrainingSession.create(CONFIG, parameters, options);
    creation.push(performance.now() - start);
    await session.dispose();
  }
  const session = await TrainingSession.create(CONFIG, parameters, options);
  const bytes = new Uint8Array(BATCH * (CONTEXT + 1) * 4).map(() => 97 + random.integer(26));
  for (let i = 0; i < STEPS; i++) await session.step(bytes, 1e-3);

  const groupBits = groupBitsForCache(CONFIG, BATCH, CONTEXT);
  const { graph } = buildTrainingStep(CONFIG, { batch: BATCH, context: CONTEXT, groupBits, target: 'cpu' }, ADAMW);
  const flops = matrixFlops(graph);
  const steps: number[] = [];
  const peaks: number[] = [];
  const shares: number[] = [];
  const torchSteps: number[] = [];
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const gflops = await measurePeak();
    const start = performance.now();
    for (let i = 0; i < STEPS; i++) await session.step(bytes, 1e-3);
    const milliseconds = (performance.now() - start) / STEPS;
    steps.push(milliseconds);
    peaks.push(gflops);
    shares.push(((flops / milliseconds) * 1e-6) / gflops);
    if (torch !== null) {
      const theirs = await torch.step();
      torchSteps.push(theirs);
      ratios.push(milliseconds / theirs);
    }
  }
  torch?.stop();
  await session.dispose();

  figure('default model, chained, batch 16, T 64, CPU, 1 thread', `${ROUNDS} rounds of ${STEPS} steps`);
  figure('matrix products of a step', `${(flops * 1e-9).toFixed(2)} GFLOP`);
  figure('matrix-product peak (1024³), median', `${spread(peaks).median.toFixed(0)} GFLOP/s`);
  const step = spread(steps);
  figure('a step, min / median', `${step.min.toFixed(1)} / ${step.median.toFixed(1)} ms`);
  bounded('share of the peak, median of the rounds', spread(shares).median, { above: 0.6 }, '');
  if (torch === null) {
    figure('against PyTorch', 'not measured: python3-torch is not installed');
  } else {
    figure(
      'a PyTorch step, min / median',
      `${spread(torchSteps).min.toFixed(1)} / ${spread(torchSteps).median.toFixed(1)} ms`,
    );
    figure("PyTorch's own matrix product", `${torch.peak.toFixed(0)} GFLOP/s`);
    if (torch.peak < FAIR_PEAK * spread(peaks).median) {
      figure('against PyTorch', 'not fair: its BLAS is a reference one, install libopenblas0-pthread');
    } else {
      bounded("share of PyTorch's time, median of the rounds", spread(ratios).median, { below: 0.5 }, '');
    }
  }
  bounded('training session creation, median of 3', spread(creation).median, { below: 150 }, 'ms');
  bounded('resident memory', process.memoryUsage.rss() / 1e6, { below: 500 }, 'MB');
  finish();
}

void main();
