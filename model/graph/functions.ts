/** @file Functions made of several operators whose gradient is written by hand, because it is cheaper or more exact. */
import type { Value } from './graph';
import { add, columnSums, erf, exp, mul, reduceMean, sub } from './operators';

/** ε of every LayerNorm (SPEC section 3). */
export const LAYER_NORM_EPSILON = 1e-5;

/** GELU, the exact one: x·Φ(x). */
export function gelu(x: Value): Value {
  const { graph } = x;
  // With r = x/√2: Φ(x) = ½ + ½·erf r, and x·φ(x) = r·e^(−r²)/√π.
  const [r, phi, y] = graph.withoutTape(() => {
    const scaled = mul(x, graph.scalar(Math.SQRT1_2));
    const cumulative = add(mul(erf(scaled), graph.scalar(0.5)), graph.scalar(0.5));
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
      const normalized = mul(sub(x, mean!), inverseDeviation!);
      const h = mul(g!, weight);
      const centred = sub(sub(h, reduceMean(h, [1], true)), mul(normalized, reduceMean(mul(h, normalized), [1], true)));
      return [mul(centred, inverseDeviation!), columnSums(mul(g!, normalized)), columnSums(g!)];
    },
  });
  return y!;
}
