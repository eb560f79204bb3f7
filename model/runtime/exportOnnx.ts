/** @file A model as one self-contained `.onnx` file for other programs: bytes in, votes out. */
import type { Graph, Shape, Value } from '../graph/graph';
import { serializeGraph } from '../graph/serialize';
import { asFloat, div, floor, mul, reshape, sub } from '../graph/operators';
import type { ModelConfig } from '../network/config';
import { hiddenSize, votersPerBit } from '../network/config';
import { buildNetwork, buildVoterOutputs } from '../network/network';
import type { Parameters } from '../network/parameters';

/** Every bit of the input `bytes` as ±1: floor(x/2^j) − 2·floor(x/2^(j+1)) is bit j. */
function bitsOfBytes(graph: Graph, [batch, chunks]: Shape): Value {
  const bytes = graph.input('bytes', [batch!, 4 * chunks!], { type: 'uint8' });
  const powers = (first: number) =>
    graph.constant(
      Float32Array.from({ length: 8 }, (_, i) => 2 ** (first - i)),
      [8],
    );
  const column = reshape(asFloat(bytes), [batch!, chunks! * 4, 1]);
  const bits = sub(floor(div(column, powers(7))), mul(floor(div(column, powers(8))), graph.scalar(2)));
  return reshape(sub(mul(bits, graph.scalar(2)), graph.scalar(1)), [batch!, chunks!, 32]);
}

/**
 * The model as an ONNX file of opset 20, standard operators only, for one window of the longest context T.
 *
 * Input `bytes` uint8 [1, 4(T+1)]: chunks 0..T−1 are read, chunks 1..T predicted (with chained bits each bit knows the
 * real ones before it in its chunk). Outputs `hidden` [1, T, D] (with a byte stage [1, T, 4, C]), `votes` and `weights` [1, T, 32, M], `probabilities`
 * and `log_likelihoods` [1, T, 32].
 */
export function exportOnnx(config: ModelConfig, parameters: Parameters): Uint8Array {
  const T = config.context_chunks;
  const shape = { batch: 1, context: T, groupBits: 32, target: 'gpu' } as const;
  const network = buildNetwork(config, shape, bitsOfBytes);
  const { graph, weights } = network;
  const outputs = buildVoterOutputs(network, config);
  const M = votersPerBit(config);
  graph.output('hidden', reshape(network.hidden, [1, T, ...hiddenSize(config)]));
  graph.output('votes', reshape(outputs.votes, [1, T, 32, M]));
  graph.output('weights', reshape(outputs.weights, [1, T, 32, M]));
  graph.output('probabilities', reshape(outputs.probabilities, [1, T, 32]));
  graph.output('log_likelihoods', reshape(outputs.logLikelihoods, [1, T, 32]));
  for (const [name, data] of weights.layout.pack(parameters)) graph.bind(name, data);
  return serializeGraph(graph, { 'smuggler.config': JSON.stringify(config) });
}
