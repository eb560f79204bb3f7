/** @file The trunk over windows that grow at their end: a chunk more costs one position of each resolution that has a new one, not a window. */
import type { Tensor as OrtTensor } from 'onnxruntime-common';
import type { Graph } from '../graph/graph';
import { CHUNK_BYTES } from '../measures/chunk';
import type { ModelConfig } from '../network/config';
import { BITS, buildTrunk, HIDDEN } from '../network/network';
import type { PastRows } from '../network/past';
import { AFTER, ATTENDED, BEFORE, MASKED, narrowPositions, Past, POSITION } from '../network/past';
import { sinusoidalPositions } from '../network/processor';
import type { Weights } from '../network/weights';
import { bytesToSigns } from './bits';
import type { Device } from './device';
import { graphLimits } from './device';
import { floatTensor } from './onnxRuntime';
import type { OnnxSession } from './onnxSession';

/** A compiled graph with the parameters that it is fed; null where they stand in it. */
interface Prepared {
  readonly session: OnnxSession;
  readonly weights: Readonly<Record<string, OrtTensor>> | null;
}

/** Compiles a graph at its first use. */
export type Prepare = (
  key: string,
  build: () => { readonly graph: Graph; readonly weights: Weights },
  isStep: boolean,
) => Promise<Prepared>;

/** A window of at most T chunks whose hidden vectors are known, and what the trunk needs of them to go on. */
export class GrowingWindow {
  /**
   * @param inputs [4·T] its chunks from the left, then zeros
   * @param hidden [T, D] as `Inference.hidden` gives it, for the chunks that there are
   * @param rows what its positions left to later ones, as steps take it
   */
  constructor(
    readonly inputs: Uint8Array,
    readonly hidden: Float32Array,
    readonly rows: Float32Array,
    public chunks: number,
  ) {}

  /** One that grows by itself. */
  copy(): GrowingWindow {
    return new GrowingWindow(this.inputs.slice(), this.hidden.slice(), this.rows.slice(), this.chunks);
  }
}

/** Begins windows and lets them grow; each hidden vector is what a run of the whole window from its first chunk on would give. */
export class GrowingTrunk {
  readonly #positions: Float32Array;
  /** What a whole window leaves; known once its graph is built. */
  #rows: ReadonlyMap<string, PastRows> | undefined;
  /** By the narrowest resolution that has a new position: which of it a step leaves. */
  readonly #left: (readonly string[])[] = [];

  constructor(
    private readonly config: ModelConfig,
    private readonly device: Device,
    private readonly prepare: Prepare,
  ) {
    this.#positions = sinusoidalPositions(config.context_chunks, config.embedding_dim);
  }

  /** Runs a whole window. @param chunks [4·n] with 1 ≤ n ≤ T */
  async begin(chunks: Uint8Array): Promise<GrowingWindow> {
    const { context_chunks: T, stages: S } = this.config;
    const { session, weights } = await this.#whole();
    const inputs = new Uint8Array(CHUNK_BYTES * T);
    inputs.set(chunks);
    const results = await session.run({ ...weights, [BITS]: floatTensor(bytesToSigns(inputs), [1, T, 32]) });
    const count = chunks.length / CHUNK_BYTES;
    const length = 2 ** S * narrowPositions(this.config);
    const kinds = [...this.#rows!];
    const rows = new Float32Array(kinds.reduce((sum, [, { count: most, width }]) => sum + most * width, 0));
    for (const [name, { count: most, width, length: left, paired, offset }] of kinds) {
      const position = Math.floor(((count - 1) * left) / length);
      const end = (paired ? position | 1 : position) + 1;
      const latest = Math.min(most, end);
      const data = results[`${AFTER}:${name}`]!.data as Float32Array;
      rows.set(data.subarray((end - latest) * width, end * width), offset + (most - latest) * width);
    }
    return new GrowingWindow(inputs, results[HIDDEN]!.data as Float32Array, rows, count);
  }

  /** Appends a chunk to a window of fewer than T. */
  async append(window: GrowingWindow, chunk: Uint8Array): Promise<void> {
    const { embedding_dim: D, stages: S } = this.config;
    const t = window.chunks;
    let deepest = 0;
    while (deepest < S && t % 2 ** (deepest + 1) === 0) deepest++;
    const { session } = await this.#step(deepest);
    const feeds: Record<string, OrtTensor> = {
      [BITS]: floatTensor(bytesToSigns(chunk), [1, 1, 32]),
      [POSITION]: floatTensor(this.#positions.subarray(t * D, (t + 1) * D), [1, D]),
    };
    if (session.inputNames.includes(BEFORE)) feeds[BEFORE] = floatTensor(window.rows, [1, window.rows.length]);
    if (session.inputNames.includes(ATTENDED)) {
      const mask = new Float32Array(narrowPositions(this.config));
      feeds[ATTENDED] = floatTensor(mask.fill(MASKED, 0, mask.length - 1 - t / 2 ** S), [1, mask.length]);
    }
    const results = await session.run(feeds);
    let at = 0;
    for (const name of this.#left[deepest]!) {
      const { count, width, offset } = this.#rows!.get(name)!;
      const end = offset + count * width;
      window.rows.copyWithin(offset, offset + width, end);
      window.rows.set((results[AFTER]!.data as Float32Array).subarray(at, (at += width)), end - width);
    }
    window.hidden.set(results[HIDDEN]!.data as Float32Array, t * D);
    window.inputs.set(chunk, CHUNK_BYTES * t);
    window.chunks++;
  }

  /** Compiles what windows need. */
  async warmUp(): Promise<void> {
    await this.#whole();
    for (let deepest = 0; deepest <= this.config.stages; deepest++) await this.#step(deepest);
  }

  #whole(): Promise<Prepared> {
    const { config } = this;
    return this.prepare(
      'whole',
      () => {
        const { target } = graphLimits(this.device, () => 32);
        const shape = { batch: 1, context: config.context_chunks, target };
        const trunk = buildTrunk(config, shape, (graph) => new Past(graph));
        trunk.graph.output(HIDDEN, trunk.hidden);
        this.#rows = trunk.past!.rows;
        return trunk;
      },
      false,
    );
  }

  #step(deepest: number): Promise<Prepared> {
    return this.prepare(
      `step ${deepest}`,
      () => {
        const shape = { batch: 1, context: 1, target: 'cpu' as const };
        const trunk = buildTrunk(this.config, shape, (graph) => new Past(graph, { rows: this.#rows!, deepest }));
        trunk.graph.output(HIDDEN, trunk.hidden);
        this.#left[deepest] = [...trunk.past!.rows.keys()];
        return trunk;
      },
      true,
    );
  }
}
