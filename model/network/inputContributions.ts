/** @file Gradient × input as a graph: what each byte of a window brings to something that the voters of one chunk say. */
import type { Value } from '../graph/graph';
import { gradients } from '../graph/gradients';
import { add, gemm, mul, neg, reduceSum, reshape, slice } from '../graph/operators';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { ModelConfig } from './config';
import { votersPerBit } from './config';
import type { EntryName } from './entries';
import type { Network, NetworkShape } from './network';
import { buildNetwork } from './network';
import { logLikelihood, temperatures, voterInputs, voterScores } from './voters';

/** Names of the inputs beside the window's bits. */
export const CONTRIBUTION_INPUTS = {
  /** [B, 1] what all that enters is multiplied with: 1 for the text as it is, 0 for none. */
  share: 'share',
  /** [B, B·T] one-hot rows: the position whose voters are asked. */
  position: 'position',
  /** [B, 32] the bits that it predicts, as ±1. */
  real: 'real',
  /** [B, 32] how much ln of the probability of each of these counts. */
  ofReal: 'ofReal',
  /** [B, 32] the same of their opposites. */
  ofOpposite: 'ofOpposite',
  /** [B, 32, M] how much each voter's score counts. */
  ofScores: 'ofScores',
} as const;

/** Names of the outputs. */
export const CONTRIBUTION_OUTPUTS = {
  /** [B] what is asked about: the sum of what counts. */
  value: 'value',
  /** [B, T, 4] of the bits of each byte that the trunk reads. */
  bits: 'bits.contribution',
  /** [B·4T] of the row of the byte before each predicted one. */
  bytes: 'bytes.contribution',
  /** [orders, B·4T] of each n-gram's row. */
  ngrams: 'ngrams.contribution',
} as const;

/**
 * Value and contributions: for each entry its gradient where all entries are multiplied with `share`, times the entry as it is. The
 * mean over shares from 0 to 1 is the integrated gradient (Sundararajan et al. 2017) from no text at all, whose bits are the middle of
 * their two values and whose bytes and n-grams have no rows.
 */
export function buildInputContributions(config: ModelConfig, shape: NetworkShape): Pick<Network, 'graph' | 'weights'> {
  const { batch, context } = shape;
  const entries: { readonly name: EntryName; readonly real: Value; readonly scaled: Value }[] = [];
  let share: Value | undefined;
  const network = buildNetwork(
    config,
    shape,
    undefined,
    undefined,
    // What enters is where gradients end, so how it was made is not recorded.
    (name, real) =>
      real.graph.withoutTape(() => {
        const { graph } = real;
        share ??= graph.input(CONTRIBUTION_INPUTS.share, [batch, 1], { differentiable: true });
        const count = real.shape.reduce((product, length) => product * length, 1);
        const rows = name === 'ngrams' ? real.shape[0]! : 1;
        const byWindow = reshape(real, [rows, batch, count / rows / batch]);
        const scaled = reshape(mul(byWindow, share), real.shape);
        entries.push({ name, real, scaled });
        return scaled;
      }),
  );
  const { graph, weights, groups } = network;
  const bit = [batch, CHUNK_BITS];
  const hidden = gemm(graph.input(CONTRIBUTION_INPUTS.position, [batch, batch * context]), network.hidden);
  const real = graph.input(CONTRIBUTION_INPUTS.real, bit);
  const ofReal = graph.input(CONTRIBUTION_INPUTS.ofReal, bit);
  const ofOpposite = graph.input(CONTRIBUTION_INPUTS.ofOpposite, bit);
  const ofScores = graph.input(CONTRIBUTION_INPUTS.ofScores, [...bit, votersPerBit(config)]);
  const inputs = voterInputs(config, hidden, real);
  const seeds = groups.flatMap((group) => {
    const of = (x: Value) => graph.withoutTape(() => slice(x, 1, group.start, group.end));
    const z = voterScores(weights, config, group, inputs);
    const tau = temperatures(weights, config, group);
    const signs = of(real);
    return [
      { value: logLikelihood(config, z, signs, tau, 'everywhere'), gradient: of(ofReal) },
      {
        value: logLikelihood(
          config,
          z,
          graph.withoutTape(() => neg(signs)),
          tau,
          'everywhere',
        ),
        gradient: of(ofOpposite),
      },
      { value: z, gradient: of(ofScores) },
    ];
  });
  const found = gradients(
    seeds,
    entries.map(({ scaled }) => scaled),
  );
  graph.withoutTape(() => {
    const sums = seeds.map(({ value, gradient }) => {
      const counted = mul(value, gradient);
      return reduceSum(counted, counted.shape.length === 2 ? [1] : [1, 2]);
    });
    graph.output(
      CONTRIBUTION_OUTPUTS.value,
      sums.reduce((sum, next) => add(sum, next)),
    );
    entries.forEach(({ name, real: value }, i) => {
      const product = mul(found[i]!, value);
      const parts =
        name === 'bits' ? reshape(product, [batch, context, CHUNK_BYTES, CHUNK_BITS / CHUNK_BYTES]) : product;
      graph.output(CONTRIBUTION_OUTPUTS[name], reduceSum(parts, [parts.shape.length - 1]));
    });
  });
  return { graph, weights };
}
