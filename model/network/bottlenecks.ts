/** @file The two bottlenecks at the narrowest resolution: causal self-attention, and routed dendrites. */
import { gelu } from '../graph/functions';
import type { Value } from '../graph/graph';
import {
  add,
  asFloat,
  concat,
  expand,
  greater,
  matmul,
  matmulTransposed,
  mul,
  reduceSum,
  reshape,
  slice,
  softmax,
  split,
  topK,
  transpose,
} from '../graph/operators';
import type { ObserveBlock } from './blocks';
import type { ModelConfig } from './config';
import type { Sequence } from './layers';
import { channels, linear, norm } from './layers';
import { ATTENDED, MASKED, narrowPositions } from './past';
import type { Weights } from './weights';

/**
 * Multi-head self-attention in which position t sees positions 0..t.
 * @param mask [L, positions seen] 0, or where one must not be seen a large negative number
 * @param observe told of the weights [B, heads, L, positions seen] under the attention's name
 */
function causalAttention(
  weights: Weights,
  name: string,
  x: Sequence,
  heads: number,
  mask: Value,
  observe: ObserveBlock,
): Value {
  const { batch, length } = x;
  const width = channels(x);
  const perHead = width / heads;
  const { graph } = weights;
  const qkv = linear(weights, `${name}.qkv`, x.value);
  const [query, ...own] = split(qkv, 1, [0, width, 2 * width]) as [Value, Value, Value];
  const earlier = mask.shape[1]! - 1;
  const seen = own.map((rows, i) => {
    const kind = `${name}.${i === 0 ? 'keys' : 'values'}`;
    x.past?.leave(kind, rows, earlier);
    if (x.past?.isStep !== true || earlier === 0) return rows;
    return concat([reshape(x.past.before(kind), [earlier, width]), rows], 0);
  });
  const [q, k, v] = [query, ...seen].map((part) => {
    const positions = part.shape[0]! / batch;
    if (positions === 1) return reshape(part, [batch, heads, 1, perHead]);
    return transpose(reshape(part, [batch, positions, heads, perHead]), [0, 2, 1, 3]);
  }) as [Value, Value, Value];
  const scores = mul(matmulTransposed(q, k), graph.scalar(1 / Math.sqrt(perHead)));
  const attention = softmax(add(scores, mask));
  observe(name, attention);
  const byHead = matmul(attention, v);
  const mixed = reshape(length === 1 ? byHead : transpose(byHead, [0, 2, 1, 3]), [batch * length, width]);
  return linear(weights, `${name}.out`, mixed);
}

/** What positions of a sequence attend to, as `causalAttention` takes it: to themselves and those before. */
function attentionMask({ graph }: Weights, config: ModelConfig, { length, past }: Sequence): Value {
  if (past?.isStep === true) return graph.input(ATTENDED, [1, narrowPositions(config)]);
  const mask = new Float32Array(length * length);
  for (let t = 0; t < length; t++) mask.fill(MASKED, t * length + t + 1, (t + 1) * length);
  return graph.constant(mask, [length, length]);
}

function transformerBlock(
  weights: Weights,
  config: ModelConfig,
  name: string,
  x: Sequence,
  mask: Value,
  observe: ObserveBlock,
): Sequence {
  const normalized = { ...x, value: norm(weights, `${name}.norm1`, x.value) };
  const attended = add(
    x.value,
    causalAttention(weights, `${name}.attention`, normalized, config.attention_heads, mask, observe),
  );
  const hidden = linear(weights, `${name}.feed_forward.expand`, norm(weights, `${name}.norm2`, attended));
  return { ...x, value: add(attended, linear(weights, `${name}.feed_forward.contract`, gelu(hidden))) };
}

/** x + out(GELU(Σ_K g_K·d_K)): the k largest router values are softmaxed among themselves, the others get 0. */
function dendriticBlock(
  weights: Weights,
  config: ModelConfig,
  name: string,
  x: Sequence,
  observe: ObserveBlock,
): Sequence {
  const { graph } = weights;
  const { dendrite_branches: branches, dendrite_active: active } = config;
  const rows = x.value.shape[0]!;
  const width = channels(x);
  const normalized = norm(weights, `${name}.norm`, x.value);
  const router = linear(weights, `${name}.router`, normalized);
  const threshold = slice(topK(router, active), 1, active - 1, active);
  const excluded = graph.withoutTape(() => asFloat(greater(expand(threshold, router.shape), router)));
  const gates = softmax(
    add(
      router,
      graph.withoutTape(() => mul(excluded, graph.scalar(MASKED))),
    ),
  );
  observe(`${name}.gates`, gates);
  const dendrites = reshape(linear(weights, `${name}.branches`, normalized), [rows, branches, width]);
  const mixed = reduceSum(mul(reshape(gates, [rows, branches, 1]), dendrites), [1]);
  return { ...x, value: add(x.value, linear(weights, `${name}.out`, gelu(mixed))) };
}

/** All blocks of the configured bottleneck. */
export function bottleneck(weights: Weights, config: ModelConfig, x: Sequence, observe: ObserveBlock): Sequence {
  const isTransformer = config.bottleneck === 'transformer' && config.bottleneck_layers > 0;
  const mask = isTransformer ? attentionMask(weights, config, x) : null;
  let y = x;
  for (let j = 0; j < config.bottleneck_layers; j++) {
    const name = `processor.bottleneck.blocks.${j}`;
    y =
      mask === null
        ? dendriticBlock(weights, config, name, y, observe)
        : transformerBlock(weights, config, name, y, mask, observe);
    observe(name, y.value);
  }
  return y;
}
