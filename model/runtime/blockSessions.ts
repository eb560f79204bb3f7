/** @file What every block of a network does: its output over a window, and how long it takes. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Graph, Node, Shape, Value } from '../graph/graph';
import { neededNodes, nodeName } from '../graph/serialize';
import { isBlockOutput } from '../network/blocks';
import type { NetworkShape } from '../network/network';
import { BITS, buildNetwork, buildVoterOutputs, groupBitsForCache } from '../network/network';
import type { Weights } from '../network/weights';
import { bytesToSigns } from './bits';
import { graphLimits } from './device';
import type { Inference } from './inference';
import { floatTensor } from './onnxRuntime';
import type { Tensors } from './onnxSession';
import { OnnxSession } from './onnxSession';
import { median } from './timing';

/** Runs that are timed, after as many to warm up as the second number says. */
export const TIMED_RUNS = 15;
const WARM_UP_RUNS = 5;

/** Most of the time that may be spent in nodes of no known block before the times are not to be trusted. */
const MOST_UNKNOWN = 0.02;

type Model = Pick<Inference, 'config' | 'parameters' | 'options'>;

/** What was observed of a block over one window, row-major. */
export interface BlockOutput {
  /** [L, C], L = ⌈T/2^level⌉ or a little more where T is no multiple of 2^S; of attention [1, heads, L, L]. */
  readonly shape: Shape;
  readonly data: Float32Array;
}

function networkShape({ config, options }: Model): NetworkShape {
  return {
    batch: 1,
    context: config.context_chunks,
    ...graphLimits(options.device, () => groupBitsForCache(config, 1, 256)),
  };
}

/** The parameters as the session wants them; not shared with other sessions. */
function parameterTensors(weights: Weights, model: Model, session: OnnxSession): Tensors {
  const state = weights.layout.pack(model.parameters);
  const wanted = new Set(session.inputNames);
  return Object.fromEntries(
    weights.layout.tensors
      .filter(({ name }) => wanted.has(name))
      .map(({ name, shape }) => [name, floatTensor(state.get(name)!, shape)] as const),
  );
}

/** The input that carries a window's T+1 chunks. */
function bitsTensor(bytes: Uint8Array): Tensors {
  return { [BITS]: floatTensor(bytesToSigns(bytes), [1, bytes.length / 4, 32]) };
}

/** Runs one window and keeps what blocks of the trunk make of it. Compiled once. */
export class BlockOutputs {
  private constructor(
    private readonly session: OnnxSession,
    private readonly parameters: Tensors,
    /** By their ids, as `ObserveBlock` is told of them. */
    private readonly outputs: ReadonlyMap<string, Shape>,
  ) {}

  /**
   * @param wanted which of all that `ObserveBlock` is told of is kept; no more is computed than that takes
   * @throws DeviceError, RuntimeMissingError
   */
  static async create(model: Model, wanted: (id: string) => boolean): Promise<BlockOutputs> {
    const seen = new Map<string, Value>();
    const { graph, weights } = buildNetwork(model.config, networkShape(model), undefined, (id, value) => {
      if (wanted(id)) seen.set(id, value);
    });
    for (const [id, value] of seen) graph.output(id, value);
    const session = await OnnxSession.create(graph, model.options);
    const outputs = new Map([...seen].map(([id, value]) => [id, value.shape]));
    return new BlockOutputs(session, parameterTensors(weights, model, session), outputs);
  }

  /** @param bytes [4(T+1)]; of the last chunk only a byte stage looks at the first three bytes */
  async run(bytes: Uint8Array): Promise<ReadonlyMap<string, BlockOutput>> {
    const results = await this.session.run({ ...this.parameters, ...bitsTensor(bytes) });
    return new Map([...this.outputs].map(([id, shape]) => [id, { shape, data: results[id]!.data as Float32Array }]));
  }

  dispose(): Promise<void> {
    return this.session.dispose();
  }
}

/** One event of ONNX Runtime's profile. */
export interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds. */
  readonly dur: number;
}

/** Which block each node of a graph belongs to: the first that was observed after it, else `last`. */
function blocksOfNodes(graph: Graph, ends: ReadonlyMap<string, number>, last: string): ReadonlyMap<Node, string> {
  const sorted = [...ends].sort(([, a], [, b]) => a - b);
  return new Map(graph.nodes.map((node, i) => [node, sorted.find(([, end]) => i < end)?.[0] ?? last]));
}

/**
 * Milliseconds that each block takes for one window of T chunks, all its voters' measurements included: the median over
 * {@link TIMED_RUNS} runs of the sums that ONNX Runtime's profiler measures for the block's nodes. Null where the profiler does not
 * tell the nodes apart, as on devices that run several as one.
 * @param giveWay awaited before each run, so that what is more urgent goes first
 * @throws DeviceError, RuntimeMissingError
 */
export async function measureBlockTimes(
  model: Model,
  giveWay: () => Promise<void>,
): Promise<ReadonlyMap<string, number> | null> {
  const ends = new Map<string, number>();
  const network = buildNetwork(model.config, networkShape(model), undefined, (id, value) => {
    if (isBlockOutput(id)) ends.set(id, value.graph.nodes.length);
  });
  const { graph, weights } = network;
  const { probabilities, logLikelihoods, effectiveVoters, activeVoters, density } = buildVoterOutputs(
    network,
    model.config,
  );
  for (const [name, value] of Object.entries({
    probabilities,
    logLikelihoods,
    effectiveVoters,
    activeVoters,
    density,
  })) {
    graph.output(name, value);
  }
  const window = new Uint8Array(4 * (model.config.context_chunks + 1));
  const events = await profile(graph, model, giveWay, (session) => ({
    ...parameterTensors(weights, model, session),
    ...bitsTensor(window),
  }));
  const blocks = blocksOfNodes(graph, ends, 'output_projection');
  const blockOf = new Map(neededNodes(graph).map((node, i) => [`${nodeName(node, i)}_kernel_time`, blocks.get(node)!]));
  return blockTimes(events, blockOf, WARM_UP_RUNS + TIMED_RUNS);
}

/**
 * The median over the later runs of each block's time, from the events of all runs.
 * @param blockOf block by the name of an event
 * @param runs how often the graph was run; of them the last {@link TIMED_RUNS} count
 */
export function blockTimes(
  events: readonly ProfileEvent[],
  blockOf: ReadonlyMap<string, string>,
  runs: number,
): ReadonlyMap<string, number> | null {
  const sums = new Map([...new Set(blockOf.values())].map((id) => [id, new Float64Array(runs)]));
  const seen = new Map<string, number>();
  let known = 0;
  let unknown = 0;
  for (const { cat, name, dur } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    const id = blockOf.get(name);
    const run = seen.get(name) ?? 0;
    seen.set(name, run + 1);
    if (id === undefined || run >= runs) unknown += dur;
    else {
      known += dur;
      sums.get(id)![run]! += dur;
    }
  }
  if (known === 0 || unknown > MOST_UNKNOWN * (known + unknown)) return null;
  return new Map([...sums].map(([id, perRun]) => [id, median([...perRun.slice(-TIMED_RUNS)]) / 1000]));
}

/** The profile of a graph that is run as often as the times need. */
async function profile(
  graph: Graph,
  model: Model,
  giveWay: () => Promise<void>,
  inputs: (session: OnnxSession) => Tensors,
): Promise<readonly ProfileEvent[]> {
  const folder = await mkdtemp(join(tmpdir(), 'smuggler-profile-'));
  try {
    const session = await OnnxSession.create(graph, { ...model.options, profilePrefix: join(folder, 'profile') });
    try {
      const fed = inputs(session);
      for (let run = 0; run < WARM_UP_RUNS + TIMED_RUNS; run++) {
        await giveWay();
        await session.run(fed);
      }
      session.endProfiling();
    } finally {
      await session.dispose();
    }
    const [file] = await readdir(folder);
    return file === undefined ? [] : (JSON.parse(await readFile(join(folder, file), 'utf8')) as ProfileEvent[]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
