/** @file Every operator's gradient against finite differences, run by ONNX Runtime itself. */
import { describe, expect, it } from 'vitest';
import { gelu, layerNorm } from '../../../model/graph/functions';
import { gradients } from '../../../model/graph/gradients';
import type { GraphTarget, Shape, Value } from '../../../model/graph/graph';
import { Graph, GraphError } from '../../../model/graph/graph';
import type { OperatorName } from '../../../model/graph/operators';
import * as op from '../../../model/graph/operators';
import { floatTensor } from '../../../model/runtime/onnxRuntime';
import { OnnxSession } from '../../../model/runtime/onnxSession';
import { Random } from '../../../model/text/random';

interface Case {
  readonly shapes: readonly Shape[];
  /** Values lie in [low, high]. */
  readonly low?: number;
  readonly high?: number;
  readonly build: (...inputs: Value[]) => Value;
}

const POSITIVE = { low: 0.5, high: 2 };

/** At least one case an operator of the table, broadcasting and every attribute included. */
const OPERATORS: { readonly [K in OperatorName]: readonly Case[] } = {
  Add: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: op.add,
    },
    {
      shapes: [
        [2, 3, 2],
        [3, 1],
      ],
      build: op.add,
    },
  ],
  Sub: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: op.sub,
    },
    { shapes: [[3], [2, 3]], build: op.sub },
  ],
  Mul: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      build: op.mul,
    },
    {
      shapes: [
        [2, 3, 2],
        [2, 1, 2],
      ],
      build: op.mul,
    },
    { shapes: [[2, 2]], build: (x) => op.mul(x, x) },
  ],
  Div: [
    {
      shapes: [
        [2, 3],
        [2, 3],
      ],
      ...POSITIVE,
      build: op.div,
    },
    {
      shapes: [
        [2, 3],
        [1, 3],
      ],
      ...POSITIVE,
      build: op.div,
    },
  ],
  Neg: [{ shapes: [[3]], build: op.neg }],
  Exp: [{ shapes: [[4]], build: op.exp }],
  Log: [{ shapes: [[4]], ...POSITIVE, build: op.log }],
  Sqrt: [{ shapes: [[4]], ...POSITIVE, build: op.sqrt }],
  Reciprocal: [{ shapes: [[4]], ...POSITIVE, build: op.reciprocal }],
  Sigmoid: [{ shapes: [[4]], build: op.sigmoid }],
  Erf: [{ shapes: [[4]], build: op.erf }],
  Max: [{ shapes: [[2, 5], [5]], build: op.max }],
  Softmax: [{ shapes: [[2, 4]], build: op.softmax }],
  ReduceSum: [
    { shapes: [[2, 3, 2]], build: (x) => op.reduceSum(x, [1]) },
    { shapes: [[2, 3, 2]], build: (x) => op.reduceSum(x, [0, 2], true) },
  ],
  ReduceMean: [{ shapes: [[2, 3]], build: (x) => op.reduceMean(x, [1], true) }],
  MatMul: [
    {
      shapes: [
        [2, 2, 3],
        [2, 3, 2],
      ],
      build: op.matmul,
    },
    {
      shapes: [
        [2, 1, 2, 3],
        [1, 2, 3, 2],
      ],
      build: op.matmul,
    },
  ],
  Gemm: [
    { shapes: [[2, 3], [3, 4], [4]], build: (a, b, c) => op.gemm(a, b, { bias: c }) },
    {
      shapes: [
        [3, 2],
        [3, 4],
      ],
      build: (a, b) => op.gemm(a, b, { transA: true }),
    },
    {
      shapes: [
        [2, 3],
        [4, 3],
      ],
      build: (a, b) => op.gemm(a, b, { transB: true }),
    },
    {
      shapes: [
        [3, 2],
        [4, 3],
      ],
      build: (a, b) => op.gemm(a, b, { transA: true, transB: true }),
    },
  ],
  Reshape: [{ shapes: [[2, 6]], build: (x) => op.mul(op.reshape(x, [3, 4]), op.reshape(x, [3, 4])) }],
  Transpose: [{ shapes: [[2, 3, 2]], build: (x) => op.transpose(x, [2, 0, 1]) }],
  Expand: [{ shapes: [[2, 1]], build: (x) => op.expand(x, [3, 2, 4]) }],
  Slice: [{ shapes: [[2, 5]], build: (x) => op.slice(x, 1, 1, 4) }],
  Concat: [
    {
      shapes: [
        [2, 1],
        [2, 3],
      ],
      // More parts than a GPU takes at once.
      build: (a, b) => op.concat([a, b, a, b, a, b, a, b], 1),
    },
    {
      shapes: [
        [1, 2],
        [2, 2],
      ],
      build: (a, b) => op.concat([b, a], 0),
    },
  ],
  Pad: [
    { shapes: [[2, 4]], build: (x) => op.pad(x, [1, 2], [0, -1]) },
    { shapes: [[2, 4]], build: (x) => op.pad(x, [0, -1], [2, 1]) },
  ],
};

const FUNCTIONS: Readonly<Record<string, readonly Case[]>> = {
  matmulTransposed: [
    {
      shapes: [
        [2, 3, 4],
        [2, 5, 4],
      ],
      build: op.matmulTransposed,
    },
  ],
  gelu: [{ shapes: [[2, 5]], low: -3, high: 3, build: gelu }],
  layerNorm: [{ shapes: [[3, 4], [4], [4]], build: (x, weight, bias) => layerNorm(x, weight, bias) }],
};

/** Compares ∂(Σ c·y)/∂x with central differences, c fixed random numbers. */
async function check({ shapes, low = -1.5, high = 1.5, build }: Case, target: GraphTarget): Promise<void> {
  const random = Random.fromSeed(7);
  const draw = (shape: Shape) => new Float32Array(op.size(shape)).map(() => low + (high - low) * random.uniform());
  const graph = new Graph(target);
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, shape, { differentiable: true }));
  const y = build(...inputs);
  const seed = graph.constant(
    new Float32Array(op.size(y.shape)).map(() => random.normal()),
    y.shape,
  );
  graph.output(
    'sum',
    op.reduceSum(
      op.mul(y, seed),
      y.shape.map((_, axis) => axis),
    ),
  );
  gradients([{ value: y, gradient: seed }], inputs).forEach((gradient, i) => {
    expect(gradient.shape).toEqual(shapes[i]);
    // A gradient may be the seed itself, which is no node's result.
    graph.output(`g${i}`, op.mul(gradient, graph.scalar(1)));
  });
  const session = await OnnxSession.create(graph, { device: 'cpu', threads: 1 });
  try {
    const values = shapes.map(draw);
    const feeds = () => Object.fromEntries(values.map((data, i) => [`x${i}`, floatTensor(data.slice(), shapes[i]!)]));
    const results = await session.run(feeds());
    const sum = async () => ((await session.run(feeds()))['sum']!.data as Float32Array)[0]!;
    for (let i = 0; i < values.length; i++) {
      const gradient = results[`g${i}`]!.data as Float32Array;
      for (let n = 0; n < gradient.length; n++) {
        const before = values[i]![n]!;
        const h = 4e-3;
        values[i]![n] = before + h;
        const above = await sum();
        values[i]![n] = before - h;
        const below = await sum();
        values[i]![n] = before;
        const difference = (above - below) / (2 * h);
        expect(Math.abs(gradient[n]! - difference), `input ${i}, element ${n}`).toBeLessThan(
          4e-3 * Math.max(1, Math.abs(difference)),
        );
      }
    }
  } finally {
    await session.dispose();
  }
}

describe('the operator table', () => {
  it('has a case for every operator', () => {
    expect(Object.keys(OPERATORS).sort()).toEqual([...op.OPERATOR_NAMES].sort());
  });
  for (const [name, cases] of Object.entries({ ...OPERATORS, ...FUNCTIONS })) {
    for (const target of ['cpu', 'gpu'] as const) {
      it.each(cases.map((one, i) => [`${name} ${i} for a ${target}`, one] as const))('%s', (_, one) =>
        check(one, target),
      );
    }
  }

  it('refuses shapes that do not fit', () => {
    const graph = new Graph();
    const a = graph.input('a', [2, 3]);
    expect(() => op.add(a, graph.input('b', [2, 2]))).toThrow(GraphError);
    expect(() => op.gemm(a, a)).toThrow(GraphError);
    expect(() => op.reshape(a, [4])).toThrow(GraphError);
    expect(() => op.slice(a, 1, 2, 4)).toThrow(GraphError);
  });

  it('says which input the result does not depend on', () => {
    const graph = new Graph();
    const a = graph.input('a', [2], { differentiable: true });
    const b = graph.input('b', [2], { differentiable: true });
    expect(() => gradients([{ value: op.neg(a), gradient: graph.constant(new Float32Array(2), [2]) }], [b])).toThrow(
      /^b has no path/,
    );
  });
});
