/** @file Muon: the orthogonalisation against float64, a step against its definition, and going on from a saved state. */
import { describe, expect, it } from 'vitest';
import { Graph } from '../../../model/graph/graph';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import { NGRAM_TABLES } from '../../../model/network/byteNgrams';
import { initializeParameters } from '../../../model/network/initialize';
import { blockRows, orthogonalize } from '../../../model/network/optimizer';
import { computeGradients } from '../../../model/runtime/gradients';
import { floatTensor } from '../../../model/runtime/onnxRuntime';
import { OnnxSession } from '../../../model/runtime/onnxSession';
import { TrainingSession } from '../../../model/runtime/trainingSession';
import { Random } from '../../../model/text/random';

type Matrix = number[][];

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
}

function transposed(a: Matrix): Matrix {
  return a[0]!.map((_, j) => a.map((row) => row[j]!));
}

/** The iteration as Muon's definition has it, on X itself. */
function newtonSchulz(x: Matrix): Matrix {
  const norm = Math.hypot(...x.flat());
  let y = x.map((row) => row.map((value) => value / norm));
  for (let round = 0; round < 5; round++) {
    const gram = product(y, transposed(y));
    const square = product(gram, gram);
    const cubic = product(gram, y);
    const quintic = product(square, y);
    y = y.map((row, i) => row.map((value, j) => 3.4445 * value - 4.775 * cubic[i]![j]! + 2.0315 * quintic[i]![j]!));
  }
  return y;
}

function matrix(rows: number, columns: number, random: Random): Matrix {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, () => random.normal()));
}

const CONFIG: ModelConfig = {
  ...DEFAULT_CONFIG,
  embedding_dim: 16,
  stages: 1,
  bottleneck_layers: 1,
  attention_heads: 2,
  voters_per_bit: 8,
  bit_decoding: 'chained',
  context_chunks: 8,
};
const OPTIMIZER = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.1,
  clipNorm: Infinity,
  muon: { momentum: 0.95, scale: 0.2 },
} as const;
const OPTIONS = { batch: 2, context: 8, optimizer: OPTIMIZER, device: 'cpu', threads: 1 } as const;

function batch(random: Random): Uint8Array {
  return new Uint8Array(2 * 9 * 4).map(() => 97 + random.integer(26));
}

describe('orthogonalize', () => {
  it('is Newton and Schulz’s iteration on every block', async () => {
    const random = Random.fromSeed(1);
    const blocks = [matrix(6, 20, random), matrix(6, 20, random).map((row) => row.map((value) => 1e-4 * value))];
    const graph = new Graph();
    graph.output('y', orthogonalize(graph.input('x', [2, 6, 20])));
    const session = await OnnxSession.create(graph, { device: 'cpu', threads: 1 });
    const { y } = await session.run({ x: floatTensor(Float32Array.from(blocks.flat(2)), [2, 6, 20]) });
    await session.dispose();
    const expected = blocks.flatMap((block) => newtonSchulz(block).flat());
    const actual = [...(y!.data as Float32Array)];
    expected.forEach((value, i) => {
      expect(Math.abs(actual[i]! - value)).toBeLessThan(1e-4);
    });
    // Rows come out nearly orthonormal, whatever their size was.
    for (const start of [0, 120]) {
      const rows = Array.from({ length: 6 }, (_, i) => actual.slice(start + 20 * i, start + 20 * i + 20));
      const gram = product(rows, transposed(rows));
      gram.forEach((row, i) => {
        row.forEach((value, j) => {
          expect(Math.abs(value - (i === j ? 1 : 0))).toBeLessThan(0.5);
        });
      });
    }
  });

  it('splits rows into equal blocks of at most 64, and of at least 16', () => {
    expect([64, 128, 384, 100, 48, 12, 97, 74].map(blockRows)).toEqual([64, 64, 64, 50, 48, 12, 97, 37]);
  });
});

describe('a step of Muon', () => {
  it('moves a matrix of the processor by its definition, and the voters by AdamW', async () => {
    const random = Random.fromSeed(2);
    const parameters = initializeParameters(CONFIG, new Float32Array(32).fill(0.4), random);
    const bytes = batch(random);
    const { gradients } = await computeGradients(CONFIG, parameters, bytes, 2, { device: 'cpu', threads: 1 });
    const session = await TrainingSession.create(CONFIG, parameters, OPTIONS);
    const rate = 0.01;
    await session.step(bytes, rate);
    const { parameters: moved, state } = await session.read();
    await session.dispose();

    // On disk a Linear is [out, in]; its rows in the engine are inputs.
    const name = 'processor.bottleneck.blocks.0.attention.out.weight';
    const [out, input] = parameters.get(name)!.shape as [number, number];
    const gradient = gradients.get(name)!.data;
    const ahead = Array.from({ length: input }, (_, i) =>
      Array.from({ length: out }, (_unused, j) => (0.95 * 0.05 + 0.05) * gradient[j * input + i]!),
    );
    const orthogonal = newtonSchulz(ahead);
    const before = parameters.get(name)!.data;
    const after = moved.get(name)!.data;
    for (let i = 0; i < input; i++) {
      for (let j = 0; j < out; j++) {
        const expected =
          before[j * input + i]! * (1 - rate * 0.1) - rate * 0.2 * Math.sqrt(Math.max(input, out)) * orthogonal[i]![j]!;
        expect(Math.abs(after[j * input + i]! - expected)).toBeLessThan(1e-5);
      }
    }
    expect(state.firstMoments.get(name)!.data[3]).toBeCloseTo(0.05 * gradient[3]!, 7);
    expect(state.secondMoments.get(name)!.data.every((value) => value === 0)).toBe(true);

    // AdamW's first step has the size of the learning rate wherever there is a gradient.
    const head = 'output_projection.bias';
    const step = Math.abs(moved.get(head)!.data[5]! - parameters.get(head)!.data[5]!);
    expect(step).toBeCloseTo(rate, 5);
    expect(state.secondMoments.get(head)!.data.some((value) => value > 0)).toBe(true);
  });

  it('of AdamW is larger for tables of n-grams where a rate of theirs is given, and all else moves as without it', async () => {
    const config = { ...CONFIG, byte_channels: 8, byte_ngram_rows: 32 };
    const random = Random.fromSeed(4);
    const parameters = initializeParameters(config, new Float32Array(32).fill(0.4), random);
    const bytes = batch(random);
    const moved = async (ngramRate: number | undefined) => {
      const optimizer = { ...OPTIMIZER, weightDecay: 0, ngramRate };
      const session = await TrainingSession.create(config, parameters, { ...OPTIONS, optimizer });
      await session.step(bytes, 0.01);
      const { parameters: after } = await session.read();
      await session.dispose();
      return after;
    };
    const [plain, scaled] = [await moved(undefined), await moved(3)];
    for (const [name, { data: before }] of parameters) {
      const times = name === NGRAM_TABLES ? 3 : 1;
      const [once, more] = [plain.get(name)!.data, scaled.get(name)!.data];
      before.forEach((value, i) => {
        expect(more[i]! - value, name).toBeCloseTo(times * (once[i]! - value), 5);
      });
    }
    expect(plain.get(NGRAM_TABLES)!.data.some((value, i) => value !== parameters.get(NGRAM_TABLES)!.data[i])).toBe(
      true,
    );
  });

  it('goes on bit for bit from a state that was read', async () => {
    const random = Random.fromSeed(3);
    const parameters = initializeParameters(CONFIG, new Float32Array(32).fill(0.4), random);
    const batches = Array.from({ length: 4 }, () => batch(random));
    const whole = await TrainingSession.create(CONFIG, parameters, OPTIONS);
    for (const bytes of batches) await whole.step(bytes, 0.01);
    const expected = (await whole.read()).parameters;
    await whole.dispose();

    const first = await TrainingSession.create(CONFIG, parameters, OPTIONS);
    for (const bytes of batches.slice(0, 2)) await first.step(bytes, 0.01);
    const saved = await first.read();
    const second = await TrainingSession.create(CONFIG, saved.parameters, { ...OPTIONS, state: saved.state });
    await first.dispose();
    for (const bytes of batches.slice(2)) await second.step(bytes, 0.01);
    const { parameters: actual } = await second.read();
    await second.dispose();
    for (const [name, { data }] of expected) expect(actual.get(name)!.data, name).toEqual(data);
  });
});
