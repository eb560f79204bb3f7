/** @file Functions made of several operators whose gradient is written by hand, because it is cheaper or more exact. */
import type { Value } from './graph';
import { add, columnSums, erf, exp, gemm, mul, reduceMean, reshape, size, sub } from './operators';

/** ONNX's number of the type. */
const INT64 = 7;

/** ε of every LayerNorm (SPEC section 3). */
export const LAYER_NORM_EPSILON = 1e-5;

/**
 * scale·(x − centre) + shift with a scale, a centre and a shift a row (the last axis of x); no gradient. A CPU does it in
 * one pass as an inference BatchNormalization whose channels are the rows, in less time than one product with a column.
 * @param x [.., C]
 * @param scale one a row, [..] or [.., 1], as are the others
 * @param shift null for none
 * @param centre null for none
 */
export function affineRows(x: Value, scale: Value, shift: Value | null, centre: Value | null = null): Value {
  const { graph } = x;
  if (graph.target === 'gpu') {
    const column = (value: Value) => reshape(value, [...x.shape.slice(0, -1), 1]);
    const product = mul(centre === null ? x : sub(x, column(centre)), column(scale));
    return shift === null ? product : add(product, column(shift));
  }
  const length = x.shape.at(-1)!;
  const rows = size(x.shape) / length;
  const zeros = () => graph.zeros([rows]);
  const row = (value: Value | null) => (value === null ? zeros() : reshape(value, [rows]));
  const shape = [1, rows, length];
  const [y] = graph.emit(
    'BatchNormalization',
    [reshape(x, shape), row(scale), row(shift), row(centre), graph.ones([rows])],
    [{ shape }],
    { epsilon: { float: 0 } },
  );
  return reshape(y!, x.shape);
}

/** ½ + ½·x in one pass, for x within ±1; no gradient. */
function halfway(x: Value): Value {
  const half = { float: 0.5 };
  return x.graph.emit('HardSigmoid', [x], [{ shape: x.shape }], { alpha: half, beta: half })[0]!;
}

/** GELU, the exact one: x·Φ(x). */
export function gelu(x: Value): Value {
  const { graph } = x;
  if (!graph.isRecording) return graph.emit('Gelu', [x], [{ shape: x.shape }])[0]!;
  // With r = x/√2: Φ(x) = ½ + ½·erf r, and x·φ(x) = r·e^(−r²)/√π.
  const [r, phi, y] = graph.withoutTape(() => {
    const scaled = mul(x, graph.scalar(Math.SQRT1_2));
    const cumulative = halfway(erf(scaled));
    return [scaled, cumulative, mul(x, cumulative)] as const;
  });
  graph.record({
    inputs: [x],
    outputs: [y],
    // d/dx x·Φ(x) = Φ(x) + x·φ(x)
    backward: ([g]) => {
      const density = exp(sub(graph.scalar(-0.5 * Math.log(Math.PI)), mul(r, r)));
      return [mul(g!, add(phi, mul(r, density)))];
    },
  });
  return y;
}

/**
 * Rows of a table, by their numbers; the gradient of a row is the sum of those of its places.
 * @param table [R, C]
 * @param rows [N] whole numbers below R, as float32; no gradient
 * @returns [N, C]
 */
export function embedding(table: Value, rows: Value): Value {
  const { graph } = table;
  const [count] = rows.shape as [number];
  const channels = table.shape[1]!;
  // A column from the start: the scatter wants one, and no GPU has whole numbers reshaped.
  const column = [count, 1];
  const [places, found] = graph.withoutTape(() => {
    const [indices] = graph.emit('Cast', [reshape(rows, column)], [{ shape: column, type: 'int64' }], { to: INT64 });
    const [gathered] = graph.emit('Gather', [table, indices!], [{ shape: [...column, channels] }], { axis: 0 });
    return [indices!, reshape(gathered!, [count, channels])] as const;
  });
  graph.record({
    inputs: [table],
    outputs: [found],
    backward: ([g]) =>
      graph.emit('ScatterND', [graph.zeros(table.shape), places, g!], [{ shape: table.shape }], { reduction: 'add' }),
  });
  return found;
}

/** LayerNorm over the last axis of [N, C], with scale and shift of shape [C]. */
export function layerNorm(x: Value, weight: Value, bias: Value): Value {
  const { graph } = x;
  const column = [x.shape[0]!, 1];
  const [y, mean, inverseDeviation] = graph.emit(
    'LayerNormalization',
    [x, weight, bias],
    [{ shape: x.shape }, { shape: column }, { shape: column }],
    { axis: -1, epsilon: { float: LAYER_NORM_EPSILON } },
  );
  graph.record({
    inputs: [x, weight, bias],
    outputs: [y!],
    // With x̂ the normalised input and h = g·weight: dx = (h − mean h − x̂·mean(h·x̂))/σ.
    backward: ([g]) => {
      const channels = x.shape[1]!;
      const normalized = affineRows(x, inverseDeviation!, null, mean);
      const h = mul(g!, weight);
      const ofWeight = mul(g!, normalized);
      // mean(h·x̂) as a product with weight/C: no further pass over [N, C].
      const share = reshape(mul(weight, graph.scalar(1 / channels)), [channels, 1]);
      const along = mul(gemm(ofWeight, share), inverseDeviation!);
      const across = mul(reduceMean(h, [1], true), inverseDeviation!);
      const dx = sub(affineRows(h, inverseDeviation!, null), affineRows(normalized, along, across));
      return [dx, columnSums(ofWeight), columnSums(g!)];
    },
  });
  return y!;
}
