/** @file A model ready to answer: hidden vectors, votes and measurements of batches of windows. */
import type { Tensor as OrtTensor } from 'onnxruntime-common';
import type { Value } from '../graph/graph';
import { reshape } from '../graph/operators';
import type { ModelConfig } from '../network/config';
import { hasTemperature, hiddenSize, hiddenVectors, temperature, votersPerBit } from '../network/config';
import { buildInputContributions, CONTRIBUTION_INPUTS, CONTRIBUTION_OUTPUTS } from '../network/inputContributions';
import type { Layout } from '../network/layout';
import type { Network, NetworkShape } from '../network/network';
import {
  BITS,
  buildHead,
  buildNetwork,
  buildTrunk,
  buildTrunkEnd,
  buildVoterOutputs,
  groupBitsForCache,
  HIDDEN,
  STREAM,
} from '../network/network';
import type { Parameters } from '../network/parameters';
import { bytesToSigns } from './bits';
import type { Device } from './device';
import { graphLimits } from './device';
import { CaretWindows } from './caretWindows';
import { GrowingTrunk } from './growingTrunk';
import { floatTensor } from './onnxRuntime';
import { OnnxSession } from './onnxSession';

/** Everything that SPEC section 8 stores of a forward pass. */
export interface Forward {
  /** [B, T, D], or with a byte stage [B, T, 4, C] */
  readonly hidden: Float32Array;
  /** [B, T, 32, M] */
  readonly votes: Float32Array;
  /** [B, T, 32, M] */
  readonly weights: Float32Array;
  /** [B, T, 32] */
  readonly probabilities: Float32Array;
  /** Mean binary cross-entropy, nats a bit. */
  readonly loss: number;
}

/** What inspecting a document needs, without moving every vote; all [B, T, 32]. */
export interface Scores {
  readonly probabilities: Float32Array;
  /** ln of the probability of the real bit, exact at the extremes. */
  readonly logLikelihoods: Float32Array;
  /** 1/Σw² */
  readonly effectiveVoters: Float32Array;
  /** #{w > 1/M} */
  readonly activeVoters: Float32Array;
  /** Share of voters with v > ½. */
  readonly density: Float32Array;
}

/** Something that the voters of one chunk say, as a sum: what is counted of it, and how much. */
export interface VoterSum {
  /** [32] how much ln of the probability of each real bit counts. */
  readonly ofReal: Float32Array;
  /** [32] the same of each real bit's opposite. */
  readonly ofOpposite: Float32Array;
  /** [32·M] how much each voter's score counts. */
  readonly ofScores: Float32Array;
}

/** What of a window brings how much to a {@link VoterSum}, for each of N shares; see model/network/inputContributions.ts. */
export interface InputContributions {
  /** [N] the sum itself. */
  readonly values: Float32Array;
  /** [N, T, 4] */
  readonly bits: Float32Array;
  /** [N, 4T]; absent without a byte stage */
  readonly bytes: Float32Array | undefined;
  /** [orders, N, 4T]; absent without n-grams */
  readonly ngrams: Float32Array | undefined;
}

export interface InferenceOptions {
  readonly device: Device;
  /** Threads of one run; 0 lets ONNX Runtime choose. */
  readonly threads: number;
}

/** The graphs: what is fetched decides what is computed. */
type Kind = 'forward' | 'score' | 'probabilities' | 'vectors' | 'hidden' | 'trunkEnd' | 'voters' | 'contributions';

interface Prepared {
  readonly session: OnnxSession;
  readonly layout: Layout;
  /** Null where the parameters stand in the graph. */
  weights: Readonly<Record<string, OrtTensor>> | null;
}

/** Sessions of one model; each shape and kind is compiled at its first use. */
export class Inference {
  /** [32] τ of each bit; NaN where the aggregation has none. */
  readonly temperatures: Float32Array;
  /** Windows that grow chunk by chunk. */
  readonly windows: CaretWindows;
  private readonly trunk: GrowingTrunk;
  private readonly prepared = new Map<string, Promise<Prepared>>();
  private readonly packed = new Map<string, OrtTensor>();
  #parameters: Parameters;

  private constructor(
    readonly config: ModelConfig,
    parameters: Parameters,
    readonly options: InferenceOptions,
  ) {
    this.#parameters = parameters;
    this.temperatures = temperaturesOf(config, parameters);
    this.trunk = new GrowingTrunk(config, options.device, (key, build, isStep) =>
      this.prepareGraph(key, build, isStep),
    );
    this.windows = new CaretWindows(this.trunk, config.context_chunks);
  }

  get parameters(): Parameters {
    return this.#parameters;
  }

  /**
   * @throws DeviceError where the device cannot run the model
   * @throws RuntimeMissingError where this platform has no ONNX Runtime
   */
  static async create(config: ModelConfig, parameters: Parameters, options: InferenceOptions): Promise<Inference> {
    const inference = new Inference(config, parameters, options);
    await inference.prepare('hidden', 1, config.context_chunks);
    return inference;
  }

  /** @param bytes [B, 4(T+1)]: inputs are chunks 0..T−1, targets chunks 1..T */
  async forward(bytes: Uint8Array, batch: number): Promise<Forward> {
    const out = await this.run('forward', bytes, batch, windowChunks(bytes, batch) - 1);
    const logLikelihoods = out['logLikelihoods']!;
    return {
      hidden: out['hidden']!,
      votes: out['votes']!,
      weights: out['weights']!,
      probabilities: out['probabilities']!,
      loss: -logLikelihoods.reduce((sum, value) => sum + value, 0) / logLikelihoods.length,
    };
  }

  /** @param bytes [B, 4(T+1)] */
  async score(bytes: Uint8Array, batch: number): Promise<Scores> {
    const out = await this.run('score', bytes, batch, windowChunks(bytes, batch) - 1);
    return {
      probabilities: out['probabilities']!,
      logLikelihoods: out['logLikelihoods']!,
      effectiveVoters: out['effectiveVoters']!,
      activeVoters: out['activeVoters']!,
      density: out['density']!,
    };
  }

  /** p of every bit and nothing else, [B, T, 32]: the least that a prediction takes. @param bytes [B, 4(T+1)] */
  async probabilities(bytes: Uint8Array, batch: number): Promise<Float32Array> {
    return (await this.run('probabilities', bytes, batch, windowChunks(bytes, batch) - 1))['probabilities']!;
  }

  /** Hidden vectors of windows whose next chunk is not known, or with a byte stage what that is given: [B, T, D]. @param bytes [B, 4T] */
  async hidden(bytes: Uint8Array, batch: number): Promise<Float32Array> {
    return (await this.run('hidden', bytes, batch, windowChunks(bytes, batch)))['hidden']!;
  }

  /**
   * What `hidden` would give if other vectors stood in place of the output of the trunk's last block.
   * @param stream [B, T, D]
   * @returns [B, T, D]
   */
  async trunkEnd(stream: Float32Array, batch: number): Promise<Float32Array> {
    const D = this.config.embedding_dim;
    const context = stream.length / D / batch;
    const inputs = { [STREAM]: floatTensor(stream, [batch * context, D]) };
    return (await this.fetch('trunkEnd', batch, context, inputs))['hidden']!;
  }

  /** The hidden vectors of windows whose chunks are all known: [B, T, D], or with a byte stage [B, T, 4, C]. @param bytes [B, 4(T+1)] */
  async vectors(bytes: Uint8Array, batch: number): Promise<Float32Array> {
    // One window without a stage is a run for which a session is there already: its last chunk changes nothing.
    if (batch === 1 && this.config.byte_channels === undefined) return this.hidden(bytes.subarray(0, -4), 1);
    return (await this.run('vectors', bytes, batch, windowChunks(bytes, batch) - 1))['hidden']!;
  }

  /**
   * The voters of positions whose hidden vectors are known: what `forward` does after `vectors`.
   * @param hidden [N, D], or with a byte stage [N, 4, C]
   * @param bytes [4N] the chunks that the positions predict
   * @returns votes and weights [N, 32, M], probabilities [N, 32]
   */
  async voters(hidden: Float32Array, bytes: Uint8Array): Promise<Pick<Forward, 'votes' | 'weights' | 'probabilities'>> {
    const N = bytes.length / 4;
    const { count, width } = hiddenVectors(this.config);
    const out = await this.fetch('voters', N, 1, {
      [HIDDEN]: floatTensor(hidden, [N, count * width]),
      [BITS]: floatTensor(bytesToSigns(bytes), [N, 32]),
    });
    return { votes: out['votes']!, weights: out['weights']!, probabilities: out['probabilities']! };
  }

  /**
   * Gradient × input of one window, with all that enters it multiplied with each of N shares.
   * @param bytes [4(T+1)]
   * @param position whose voters are asked: 0 … T − 1
   */
  async inputContributions(
    bytes: Uint8Array,
    position: number,
    sum: VoterSum,
    shares: readonly number[],
  ): Promise<InputContributions> {
    const N = shares.length;
    const T = windowChunks(bytes, 1) - 1;
    const { share, position: rows, real, ofReal, ofOpposite, ofScores } = CONTRIBUTION_INPUTS;
    const signs = bytesToSigns(bytes);
    const chosen = new Float32Array(N * N * T);
    for (let n = 0; n < N; n++) chosen[n * N * T + n * T + position] = 1;
    const out = await this.fetch('contributions', N, T, {
      [BITS]: floatTensor(repeated(signs, N), [N, T + 1, 32]),
      [share]: floatTensor(Float32Array.from(shares), [N, 1]),
      [rows]: floatTensor(chosen, [N, N * T]),
      [real]: floatTensor(repeated(signs.subarray(32 * (position + 1), 32 * (position + 2)), N), [N, 32]),
      [ofReal]: floatTensor(repeated(sum.ofReal, N), [N, 32]),
      [ofOpposite]: floatTensor(repeated(sum.ofOpposite, N), [N, 32]),
      [ofScores]: floatTensor(repeated(sum.ofScores, N), [N, 32, votersPerBit(this.config)]),
    });
    const { value, bits, bytes: ofBytes, ngrams } = CONTRIBUTION_OUTPUTS;
    return { values: out[value]!, bits: out[bits]!, bytes: out[ofBytes], ngrams: out[ngrams] };
  }

  /**
   * Goes on with other values of the parameters, in the sessions that are compiled already: how a training looks at itself time and
   * again. Not to be called while something runs.
   */
  async replaceParameters(parameters: Parameters): Promise<void> {
    this.#parameters = parameters;
    this.temperatures.set(temperaturesOf(this.config, parameters));
    this.packed.clear();
    this.windows.clear();
    for (const [key, prepared] of await Promise.all([...this.prepared].map(async ([k, v]) => [k, await v] as const))) {
      if (prepared.weights !== null) prepared.weights = this.feeds(prepared.layout, prepared.session);
      else {
        this.prepared.delete(key);
        await prepared.session.dispose();
      }
    }
  }

  /** Compiles what the windows need, so that the first is as quick as the others. */
  warmUpWindows(): Promise<void> {
    return this.trunk.warmUp();
  }

  async dispose(): Promise<void> {
    const sessions = await Promise.allSettled(this.prepared.values());
    this.prepared.clear();
    for (const result of sessions) if (result.status === 'fulfilled') await result.value.session.dispose();
  }

  private async run(
    kind: Kind,
    bytes: Uint8Array,
    batch: number,
    context: number,
  ): Promise<Readonly<Record<string, Float32Array>>> {
    const chunks = windowChunks(bytes, batch);
    return this.fetch(kind, batch, context, { [BITS]: floatTensor(bytesToSigns(bytes), [batch, chunks, 32]) });
  }

  private async fetch(
    kind: Kind,
    batch: number,
    context: number,
    inputs: Readonly<Record<string, OrtTensor>>,
  ): Promise<Readonly<Record<string, Float32Array>>> {
    const { session, weights } = await this.prepare(kind, batch, context);
    const results = await session.run({ ...weights, ...inputs });
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]));
  }

  private prepare(kind: Kind, batch: number, context: number): Promise<Prepared> {
    const { config, options } = this;
    return this.prepareGraph(`${kind} ${batch} ${context}`, () =>
      GRAPHS[kind](config, {
        batch,
        context,
        ...graphLimits(options.device, () => groupBitsForCache(config, 1, 256)),
      }),
    );
  }

  /** @param isStep whether the graph is so small that it is quickest on the CPU, in one thread, with the parameters in it */
  private prepareGraph(key: string, build: () => BuiltGraph, isStep = false): Promise<Prepared> {
    let prepared = this.prepared.get(key);
    if (prepared === undefined) {
      prepared = this.compile(build(), isStep);
      this.prepared.set(key, prepared);
      prepared.catch(() => this.prepared.delete(key));
    }
    return prepared;
  }

  private async compile({ graph, weights: { layout } }: BuiltGraph, isStep: boolean): Promise<Prepared> {
    if (!isStep) {
      const session = await OnnxSession.create(graph, this.options);
      return { session, layout, weights: this.feeds(layout, session) };
    }
    const state = layout.pack(this.parameters);
    for (const { name } of layout.tensors) graph.bind(name, state.get(name)!);
    const session = await OnnxSession.create(graph, { device: 'cpu', threads: 1, optimized: true });
    return { session, layout, weights: null };
  }

  /** Packed parameters, shared between the sessions (their layouts agree wherever they share a tensor). */
  private feeds(layout: Layout, session: OnnxSession): Record<string, OrtTensor> {
    const missing = layout.tensors.some(({ name }) => !this.packed.has(name));
    if (missing) {
      const state = layout.pack(this.parameters);
      for (const { name, shape } of layout.tensors) {
        if (!this.packed.has(name)) this.packed.set(name, floatTensor(state.get(name)!, shape));
      }
    }
    const wanted = new Set(session.inputNames);
    return Object.fromEntries([...this.packed].filter(([name]) => wanted.has(name)));
  }
}

/** [32] τ of each bit; NaN where the aggregation has none. */
function temperaturesOf(config: ModelConfig, parameters: Parameters): Float32Array {
  const learned = config.temperature_learned ? parameters.get('log_temperature') : undefined;
  const constant = hasTemperature(config) ? temperature(config) : NaN;
  return learned === undefined ? new Float32Array(32).fill(constant) : learned.data.map((value) => Math.exp(value));
}

function windowChunks(bytes: Uint8Array, batch: number): number {
  return bytes.length / 4 / batch;
}

/** The same values N times, one after the other. */
function repeated(values: Float32Array, N: number): Float32Array {
  const all = new Float32Array(N * values.length);
  for (let n = 0; n < N; n++) all.set(values, n * values.length);
  return all;
}

type BuiltGraph = Pick<Network, 'graph' | 'weights'>;

const GRAPHS: Readonly<Record<Kind, (config: ModelConfig, shape: NetworkShape) => BuiltGraph>> = {
  forward: (config, shape) => voterGraph(config, shape, 'forward'),
  score: (config, shape) => voterGraph(config, shape, 'score'),
  probabilities: (config, shape) => {
    const network = buildNetwork(config, shape);
    const { probabilities } = buildVoterOutputs(network, config);
    network.graph.output('probabilities', reshape(probabilities, [shape.batch, shape.context, 32]));
    return network;
  },
  vectors: (config, shape) => {
    const network = buildNetwork(config, shape);
    network.graph.output('hidden', reshape(network.hidden, [shape.batch, shape.context, ...hiddenSize(config)]));
    return network;
  },
  voters: (config, shape) => {
    const network = buildHead(config, shape);
    const { votes, weights, probabilities } = buildVoterOutputs(network, config);
    network.graph.output('votes', votes);
    network.graph.output('weights', weights);
    network.graph.output('probabilities', probabilities);
    return network;
  },
  contributions: buildInputContributions,
  hidden: (config, shape) => hiddenGraph(buildTrunk(config, shape), config, shape),
  trunkEnd: (config, shape) => hiddenGraph(buildTrunkEnd(config, shape), config, shape),
};

function hiddenGraph(
  { graph, weights, hidden }: Pick<Network, 'graph' | 'weights' | 'hidden'>,
  config: ModelConfig,
  { batch, context }: NetworkShape,
): BuiltGraph {
  graph.output('hidden', reshape(hidden, [batch, context, config.embedding_dim]));
  return { graph, weights };
}

function voterGraph(config: ModelConfig, shape: NetworkShape, kind: 'forward' | 'score'): BuiltGraph {
  const network = buildNetwork(config, shape);
  const outputs = buildVoterOutputs(network, config);
  const { batch, context } = shape;
  const bit = [batch, context, 32];
  const give = (name: string, value: Value, size: readonly number[]) => {
    network.graph.output(name, reshape(value, size));
  };
  give('probabilities', outputs.probabilities, bit);
  give('logLikelihoods', outputs.logLikelihoods, bit);
  if (kind === 'score') {
    give('effectiveVoters', outputs.effectiveVoters, bit);
    give('activeVoters', outputs.activeVoters, bit);
    give('density', outputs.density, bit);
  } else {
    give('hidden', network.hidden, [batch, context, ...hiddenSize(config)]);
    give('votes', outputs.votes, [...bit, votersPerBit(config)]);
    give('weights', outputs.weights, [...bit, votersPerBit(config)]);
  }
  return network;
}
