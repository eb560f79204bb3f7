/** @file The operator table: for each ONNX operator that we use, its shape rule, how it is written, and its gradient. */
import type { Graph, OnnxAttribute, Shape, Value } from './graph';
import { GraphError } from './graph';

/** What an operator's gradient rule may look at. */
export interface Call<A> {
  readonly graph: Graph;
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly attributes: A;
}

/** One operator with one output. */
export interface Operator<A> {
  /** The output's shape; throws GraphError where the inputs do not fit. */
  readonly shape: (inputs: readonly Shape[], attributes: A) => Shape;
  /** ONNX attributes of the node. */
  readonly attributes?: (attributes: A) => Readonly<Record<string, OnnxAttribute>>;
  /** Lists of whole numbers that ONNX wants as further inputs (axes, pads, a shape). */
  readonly parameters?: (attributes: A, inputs: readonly Shape[]) => readonly (readonly number[])[];
  /** Gradient of each input, given that of the output; null where none flows. */
  readonly gradient: (call: Call<A>, gradient: Value) => readonly (Value | null)[];
}

function misfit(what: string, ...shapes: readonly Shape[]): never {
  throw new GraphError(`${what}: shapes ${shapes.map((shape) => `[${shape.join()}]`).join(' and ')} do not fit.`);
}

/** NumPy's broadcasting rule. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) misfit('broadcast', a, b);
    return x === 1 ? y : x;
  });
}

/** Sums `gradient` over the axes along which an input of shape `shape` was broadcast. */
function sumTo(gradient: Value, shape: Shape): Value {
  const lead = gradient.shape.length - shape.length;
  const axes = gradient.shape
    .map((_, i) => i)
    .filter((i) => i < lead || (shape[i - lead] === 1 && gradient.shape[i] !== 1));
  if (gradient.shape.length === 2 && axes.length === 1 && axes[0] === 0 && shape.length === 1)
    return columnSums(gradient);
  const summed = axes.length === 0 ? gradient : reduceSum(gradient, axes, true);
  return summed.shape.length === shape.length ? summed : reshape(summed, shape);
}

/** Sum over the rows, [N, C] → [C], as a product with ones: on a CPU two to ten times as fast as ReduceSum. */
export function columnSums(x: Value): Value {
  const rows = x.shape[0]!;
  return reshape(gemm(x.graph.ones([1, rows]), x), [x.shape[1]!]);
}

type None = Readonly<Record<string, never>>;
type Axes = { readonly axes: readonly number[]; readonly keep: boolean };

const same = ([a]: readonly Shape[]): Shape => a!;
const both = ([a, b]: readonly Shape[]): Shape => broadcastShapes(a!, b!);

/** An operator on one tensor whose derivative is `slope(input, output)`. */
function elementwise(slope: (x: Value, y: Value) => Value): Operator<None> {
  return { shape: same, gradient: ({ inputs, output }, g) => [mul(g, slope(inputs[0]!, output))] };
}

function reduce(gradient: (call: Call<Axes>, spread: Value) => Value): Operator<Axes> {
  return {
    shape: ([a], { axes, keep }) =>
      keep ? a!.map((size, i) => (axes.includes(i) ? 1 : size)) : a!.filter((_, i) => !axes.includes(i)),
    attributes: ({ keep }) => ({ keepdims: keep ? 1 : 0 }),
    parameters: ({ axes }) => [axes],
    gradient: (call, g) => {
      const x = call.inputs[0]!;
      const kept = x.shape.map((size, i) => (call.attributes.axes.includes(i) ? 1 : size));
      return [gradient(call, reshape(g, kept))];
    },
  };
}

/** Every operator and what it takes beside its inputs: the whole vocabulary at a glance. */
interface OperatorAttributes {
  Add: None;
  Sub: None;
  Mul: None;
  Div: None;
  Neg: None;
  Exp: None;
  Log: None;
  Sqrt: None;
  Reciprocal: None;
  Sigmoid: None;
  Erf: None;
  Max: None;
  Softmax: None;
  ReduceSum: Axes;
  ReduceMean: Axes;
  MatMul: None;
  Gemm: { readonly transA: boolean; readonly transB: boolean };
  Reshape: { readonly shape: Shape };
  Transpose: { readonly perm: readonly number[] };
  Expand: { readonly shape: Shape };
  Slice: { readonly axis: number; readonly start: number; readonly end: number };
  Concat: { readonly axis: number };
  Pad: { readonly before: readonly number[]; readonly after: readonly number[] };
}

const TABLE: { readonly [K in keyof OperatorAttributes]: Operator<OperatorAttributes[K]> } = {
  Add: { shape: both, gradient: ({ inputs: [a, b] }, g) => [sumTo(g, a!.shape), sumTo(g, b!.shape)] },
  Sub: { shape: both, gradient: ({ inputs: [a, b] }, g) => [sumTo(g, a!.shape), sumTo(neg(g), b!.shape)] },
  Mul: {
    shape: both,
    gradient: ({ inputs: [a, b] }, g) => [
      a!.differentiable ? sumTo(mul(g, b!), a!.shape) : null,
      b!.differentiable ? sumTo(mul(g, a!), b!.shape) : null,
    ],
  },
  Div: {
    shape: both,
    gradient: ({ inputs: [a, b], output }, g) => {
      const quotient = div(g, b!);
      return [
        a!.differentiable ? sumTo(quotient, a!.shape) : null,
        b!.differentiable ? sumTo(neg(mul(quotient, output)), b!.shape) : null,
      ];
    },
  },
  Neg: { shape: same, gradient: (_, g) => [neg(g)] },
  Exp: elementwise((_, y) => y),
  Log: { shape: same, gradient: ({ inputs: [x] }, g) => [div(g, x!)] },
  Sqrt: { shape: same, gradient: ({ output, graph }, g) => [div(mul(g, graph.scalar(0.5)), output)] },
  Reciprocal: elementwise((_, y) => neg(mul(y, y))),
  Sigmoid: elementwise((_, y) => mul(y, sub(y.graph.scalar(1), y))),
  Erf: elementwise((x) => mul(x.graph.scalar(2 / Math.sqrt(Math.PI)), exp(neg(mul(x, x))))),
  // Where both are equal, the gradient goes to the second.
  Max: {
    shape: both,
    gradient: ({ inputs: [a, b] }, g) => {
      const first = asFloat(greater(a!, b!));
      return [sumTo(mul(g, first), a!.shape), sumTo(mul(g, sub(g.graph.scalar(1), first)), b!.shape)];
    },
  },
  Softmax: {
    shape: same,
    attributes: () => ({ axis: -1 }),
    gradient: ({ output: y }, g) => {
      const gy = mul(g, y);
      return [sub(gy, mul(y, reduceSum(gy, [y.shape.length - 1], true)))];
    },
  },
  ReduceSum: reduce(({ inputs: [x], graph }, spread) => mul(spread, expand(graph.scalar(1), x!.shape))),
  ReduceMean: reduce(({ inputs: [x], graph, attributes: { axes } }, spread) => {
    const count = axes.reduce((product, axis) => product * x!.shape[axis]!, 1);
    return mul(mul(spread, graph.scalar(1 / count)), expand(graph.scalar(1), x!.shape));
  }),
  MatMul: {
    shape: ([a, b]) => {
      const rank = a!.length;
      if (rank < 2 || b!.length !== rank || a![rank - 1] !== b![rank - 2]) misfit('MatMul', a!, b!);
      return [...broadcastShapes(a!.slice(0, -2), b!.slice(0, -2)), a![rank - 2]!, b![rank - 1]!];
    },
    gradient: ({ inputs: [a, b] }, g) => [
      a!.differentiable ? sumTo(matmul(g, swapLast(b!)), a!.shape) : null,
      b!.differentiable ? sumTo(matmul(swapLast(a!), g), b!.shape) : null,
    ],
  },
  Gemm: {
    shape: ([a, b, c], { transA, transB }) => {
      if (a!.length !== 2 || b!.length !== 2) misfit('Gemm', a!, b!);
      const [rows, inner] = transA ? [a![1]!, a![0]!] : [a![0]!, a![1]!];
      const [depth, columns] = transB ? [b![1]!, b![0]!] : [b![0]!, b![1]!];
      if (inner !== depth || (c !== undefined && c[c.length - 1] !== columns)) misfit('Gemm', a!, b!);
      return [rows, columns];
    },
    attributes: ({ transA, transB }) => ({ transA: transA ? 1 : 0, transB: transB ? 1 : 0 }),
    gradient: ({ inputs: [a, b, c], attributes: { transA, transB } }, g) => {
      const da = () =>
        transA ? gemm(b!, g, { transA: transB, transB: true }) : gemm(g, b!, { transA: false, transB: !transB });
      const db = () => {
        if (transB) return gemm(g, a!, { transA: true, transB: transA });
        return transA ? gemm(a!, g) : gemmTransposed(a!, g);
      };
      return [
        a!.differentiable ? da() : null,
        b!.differentiable ? db() : null,
        ...(c === undefined ? [] : [c.differentiable ? sumTo(g, c.shape) : null]),
      ];
    },
  },
  Reshape: {
    shape: ([a], { shape }) => {
      if (size(a!) !== size(shape)) misfit('Reshape', a!, shape);
      return shape;
    },
    parameters: ({ shape }) => [shape],
    gradient: ({ inputs: [x] }, g) => [reshape(g, x!.shape)],
  },
  Transpose: {
    shape: ([a], { perm }) => perm.map((axis) => a![axis]!),
    attributes: ({ perm }) => ({ perm }),
    gradient: ({ attributes: { perm } }, g) => [
      transpose(
        g,
        perm.map((_, axis) => perm.indexOf(axis)),
      ),
    ],
  },
  Expand: {
    shape: ([a], { shape }) => broadcastShapes(a!, shape),
    parameters: ({ shape }) => [shape],
    gradient: ({ inputs: [x] }, g) => [sumTo(g, x!.shape)],
  },
  Slice: {
    shape: ([a], { axis, start, end }) => {
      if (start < 0 || end > a![axis]! || start > end) misfit(`Slice ${start}:${end} on axis ${axis}`, a!);
      return a!.map((length, i) => (i === axis ? end - start : length));
    },
    parameters: ({ axis, start, end }) => [[start], [end], [axis]],
    gradient: ({ inputs: [x], attributes: { axis, start, end } }, g) => {
      const edges = (value: number) => x!.shape.map((_, i) => (i === axis ? value : 0));
      return [pad(g, edges(start), edges(x!.shape[axis]! - end))];
    },
  },
  Concat: {
    shape: (shapes, { axis }) => {
      const first = shapes[0]!;
      for (const shape of shapes) {
        if (shape.some((length, i) => i !== axis && length !== first[i]))
          misfit(`Concat on axis ${axis}`, first, shape);
      }
      return first.map((length, i) => (i === axis ? shapes.reduce((sum, shape) => sum + shape[axis]!, 0) : length));
    },
    attributes: ({ axis }) => ({ axis }),
    gradient: ({ inputs, attributes: { axis } }, g) => {
      let start = 0;
      return inputs.map((input) => {
        const end = start + input.shape[axis]!;
        const part = input.differentiable ? slice(g, axis, start, end) : null;
        start = end;
        return part;
      });
    },
  },
  // Zeros before and after each axis; a negative number crops instead. One axis may not be padded on one side and
  // cropped on the same side: amounts are net.
  Pad: {
    shape: ([a], { before, after }) => a!.map((length, i) => before[i]! + length + after[i]!),
    parameters: ({ before, after }) => [[...before, ...after]],
    gradient: ({ attributes: { before, after } }, g) => [
      pad(
        g,
        before.map((n) => -n),
        after.map((n) => -n),
      ),
    ],
  },
};

export type OperatorName = keyof OperatorAttributes;

/** Every operator's name, for the tests that check each one's gradient. */
export const OPERATOR_NAMES = Object.keys(TABLE) as readonly OperatorName[];

/** Adds one operator of the table to the graph of its inputs and records its gradient. */
export function apply<K extends OperatorName>(
  name: K,
  inputs: readonly Value[],
  attributes: OperatorAttributes[K],
): Value {
  const { graph } = inputs[0]!;
  const operator: Operator<OperatorAttributes[K]> = TABLE[name];
  const shapes = inputs.map((input) => input.shape);
  const shape = operator.shape(shapes, attributes);
  const parameters = operator.parameters?.(attributes, shapes) ?? [];
  const [output] = graph.emit(
    name,
    [...inputs, ...parameters.map((list) => graph.integers(list))],
    [{ shape }],
    operator.attributes?.(attributes) ?? {},
  );
  graph.record({
    inputs,
    outputs: [output!],
    backward: ([g]) =>
      g == null ? inputs.map(() => null) : operator.gradient({ graph, inputs, output: output!, attributes }, g),
  });
  return output!;
}

/** Number of elements. */
export function size(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1);
}

export const add = (a: Value, b: Value): Value => apply('Add', [a, b], {});
export const sub = (a: Value, b: Value): Value => apply('Sub', [a, b], {});
export const mul = (a: Value, b: Value): Value => apply('Mul', [a, b], {});
export const div = (a: Value, b: Value): Value => apply('Div', [a, b], {});
export const max = (a: Value, b: Value): Value => apply('Max', [a, b], {});
export const neg = (x: Value): Value => apply('Neg', [x], {});
export const exp = (x: Value): Value => apply('Exp', [x], {});
export const log = (x: Value): Value => apply('Log', [x], {});
export const sqrt = (x: Value): Value => apply('Sqrt', [x], {});
export const reciprocal = (x: Value): Value => apply('Reciprocal', [x], {});
export const sigmoid = (x: Value): Value => apply('Sigmoid', [x], {});
export const erf = (x: Value): Value => apply('Erf', [x], {});
/** Softmax over the last axis. */
export const softmax = (x: Value): Value => apply('Softmax', [x], {});
export const reduceSum = (x: Value, axes: readonly number[], keep = false): Value =>
  apply('ReduceSum', [x], { axes, keep });
export const reduceMean = (x: Value, axes: readonly number[], keep = false): Value =>
  apply('ReduceMean', [x], { axes, keep });
/** Batched matrix product over the last two axes. */
export const matmul = (a: Value, b: Value): Value => apply('MatMul', [a, b], {});
/** op(a)·op(b) (+ bias row), both of rank 2. */
export const gemm = (
  a: Value,
  b: Value,
  { transA = false, transB = false, bias }: { transA?: boolean; transB?: boolean; bias?: Value } = {},
): Value => apply('Gemm', bias === undefined ? [a, b] : [a, b, bias], { transA, transB });
/**
 * aᵀ·b, both of rank 2; no gradient. A CPU is faster by a tenth with a transposed copy of a than with a product that
 * transposes as it goes, but not where a is wider than high.
 */
export function gemmTransposed(a: Value, b: Value): Value {
  const [rows, columns] = a.shape as [number, number];
  return a.graph.target === 'cpu' && columns <= rows ? gemm(transpose(a, [1, 0]), b) : gemm(a, b, { transA: true });
}
/** a·bᵀ over the last two axes, of one shape before these. */
export function matmulTransposed(a: Value, b: Value): Value {
  const { graph } = a;
  const product = graph.withoutTape(() => matmul(a, swapLast(b)));
  graph.record({
    inputs: [a, b],
    outputs: [product],
    backward: ([g]) => [matmul(g!, b), matmul(swapLast(g!), a)],
  });
  return product;
}
export const reshape = (x: Value, shape: Shape): Value =>
  x.shape.join() === shape.join() ? x : apply('Reshape', [x], { shape });
export const transpose = (x: Value, perm: readonly number[]): Value => apply('Transpose', [x], { perm });
export const expand = (x: Value, shape: Shape): Value => apply('Expand', [x], { shape });
/** x[start:end] along one axis. */
export const slice = (x: Value, axis: number, start: number, end: number): Value =>
  start === 0 && end === x.shape[axis] ? x : apply('Slice', [x], { axis, start, end });
/** Consecutive parts of x along one axis, cut at `starts`; their gradients are joined once. */
export function split(x: Value, axis: number, starts: readonly number[]): Value[] {
  if (starts.length === 1) return [x];
  const { graph } = x;
  const parts = graph.withoutTape(() =>
    starts.map((start, i) => slice(x, axis, start, starts[i + 1] ?? x.shape[axis]!)),
  );
  graph.record({
    inputs: [x],
    outputs: parts,
    backward: (gradients) => [
      concat(
        gradients.map((g, i) => g ?? graph.zeros(parts[i]!.shape)),
        axis,
      ),
    ],
  });
  return parts;
}
export const pad = (x: Value, before: readonly number[], after: readonly number[]): Value =>
  apply('Pad', [x], { before, after });

/** Joins along one axis, as a tree where the graph's device limits the fan. */
export function concat(values: readonly Value[], axis: number): Value {
  if (values.length === 1) return values[0]!;
  const { maxFan } = values[0]!.graph;
  if (values.length <= maxFan) return apply('Concat', values, { axis });
  const groups = Array.from({ length: Math.ceil(values.length / maxFan) }, (_, i) =>
    concat(values.slice(i * maxFan, (i + 1) * maxFan), axis),
  );
  return concat(groups, axis);
}

/** Swaps the last two axes. */
export function swapLast(x: Value): Value {
  const rank = x.shape.length;
  return transpose(
    x,
    x.shape.map((_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i)),
  );
}

/** a > b as a bool tensor; no gradient. */
export function greater(a: Value, b: Value): Value {
  return a.graph.emit('Greater', [a, b], [{ shape: broadcastShapes(a.shape, b.shape), type: 'bool' }])[0]!;
}

/** a = b as a bool tensor; no gradient. */
export function equal(a: Value, b: Value): Value {
  return a.graph.emit('Equal', [a, b], [{ shape: broadcastShapes(a.shape, b.shape), type: 'bool' }])[0]!;
}

/** Largest value along an axis, kept as size 1; no gradient. */
export function reduceMax(x: Value, axis: number): Value {
  const shape = x.shape.map((length, i) => (i === axis ? 1 : length));
  return x.graph.emit('ReduceMax', [x, x.graph.integers([axis])], [{ shape }], { keepdims: 1 })[0]!;
}

/** Sum of squares of all elements, shape []; no gradient. */
export function sumOfSquares(x: Value): Value {
  return x.graph.emit('ReduceSumSquare', [x], [{ shape: [] }], { keepdims: 0 })[0]!;
}

/** The k largest values along the last axis, descending; no gradient. */
export function topK(x: Value, k: number): Value {
  const shape = [...x.shape.slice(0, -1), k];
  return x.graph.emit('TopK', [x, x.graph.integers([k])], [{ shape }, { shape, type: 'int64' }], { axis: -1 })[0]!;
}

/** A bool or uint8 tensor as float32. */
export function asFloat(x: Value): Value {
  return x.graph.emit('Cast', [x], [{ shape: x.shape }], { to: 1 })[0]!;
}

/** The largest whole number not above x; no gradient. */
export function floor(x: Value): Value {
  return x.graph.emit('Floor', [x], [{ shape: x.shape }])[0]!;
}
