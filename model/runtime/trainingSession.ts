/** @file Training on a device: parameters and moments stay where the steps run, and are read back to be saved. */
import type { Tensor as OrtTensor } from 'onnxruntime-common';
import { Graph } from '../graph/graph';
import type { ModelConfig } from '../network/config';
import type { EngineTensor, Layout } from '../network/layout';
import { BITS, groupBitsForCache } from '../network/network';
import type { OptimizerOptions } from '../network/optimizer';
import { optimizerInputs, stateNames } from '../network/optimizer';
import type { Parameters } from '../network/parameters';
import { elementCount } from '../network/parameters';
import { buildTrainingStep, keepsSquares, STEP_INPUTS } from '../network/trainingStep';
import { bytesToSigns } from './bits';
import type { Device } from './device';
import { graphLimits } from './device';
import { floatTensor, scalarFeeds } from './onnxRuntime';
import { OnnxSession } from './onnxSession';

/** What the optimizer remembers, in the layout and by the names of the parameters on disk. */
export interface OptimizerState {
  /** Steps taken. */
  readonly step: number;
  /** Running mean of the gradients. */
  readonly firstMoments: Parameters;
  /** Running mean of their squares; zero where Muon moves a matrix, which has none. */
  readonly secondMoments: Parameters;
}

export interface TrainingOptions {
  /** B, windows a step. */
  readonly batch: number;
  /** T, predicted chunks a window. */
  readonly context: number;
  readonly optimizer: OptimizerOptions;
  /** To go on from; without it the moments are zero. */
  readonly state?: OptimizerState;
  readonly device: Device;
  /** Threads of a step; 0 lets ONNX Runtime choose. */
  readonly threads: number;
  /** Prefix of a profile of every node, for the benchmarks. */
  readonly profilePrefix?: string;
}

export interface StepResult {
  /** Binary cross-entropy before the update, nats a bit, mean over the scored bits. */
  readonly loss: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
}

/** The tensors of an engine tensor, by their names in the step graph, and the outputs that replace them. */
function stateTensors(
  tensor: EngineTensor,
  optimizer: OptimizerOptions,
): readonly { readonly input: string; readonly output: string }[] {
  const names = stateNames(tensor.name);
  const moved = [
    { input: tensor.name, output: names.next },
    { input: names.firstMoment, output: names.nextFirstMoment },
  ];
  if (!keepsSquares(optimizer, tensor)) return moved;
  return [...moved, { input: names.secondMoment, output: names.nextSecondMoment }];
}

/** One run of training: its state, and the compiled step. */
export class TrainingSession {
  private stepCount: number;
  private readonly signs: Float32Array;
  private readonly shares: Float32Array;

  private constructor(
    private readonly session: OnnxSession,
    private readonly layout: Layout,
    private readonly options: TrainingOptions,
    private state: Record<string, OrtTensor>,
  ) {
    this.stepCount = options.state?.step ?? 0;
    this.signs = new Float32Array(options.batch * (options.context + 1) * 32);
    this.shares = new Float32Array(options.batch * options.context);
  }

  /** @throws DeviceError where the device is missing or refuses the step */
  static async create(config: ModelConfig, parameters: Parameters, options: TrainingOptions): Promise<TrainingSession> {
    const { batch, context, device } = options;
    const shape = { batch, context, ...graphLimits(device, () => groupBitsForCache(config, batch, context)) };
    const { graph, weights } = buildTrainingStep(config, shape, options.optimizer);
    const { layout } = weights;
    const session = await OnnxSession.create(graph, {
      device,
      threads: options.threads,
      resident: layout.tensors.flatMap((tensor) => stateTensors(tensor, options.optimizer).map(({ output }) => output)),
      ...(options.profilePrefix === undefined ? {} : { profilePrefix: options.profilePrefix }),
    });
    const state: Record<string, OrtTensor> = {};
    const fill = (
      values: Parameters | undefined,
      name: (tensor: EngineTensor) => string,
      tensors: readonly EngineTensor[] = layout.tensors,
    ) => {
      const packed = values === undefined ? undefined : layout.pack(values);
      for (const tensor of tensors) {
        const data = packed?.get(tensor.name) ?? new Float32Array(elementCount(tensor.shape));
        state[name(tensor)] = floatTensor(data, tensor.shape);
      }
    };
    fill(parameters, ({ name }) => name);
    fill(options.state?.firstMoments, ({ name }) => stateNames(name).firstMoment);
    const squared = layout.tensors.filter((tensor) => keepsSquares(options.optimizer, tensor));
    fill(options.state?.secondMoments, ({ name }) => stateNames(name).secondMoment, squared);
    return new TrainingSession(session, layout, options, state);
  }

  /** Steps taken since training began, resumed ones included. */
  get steps(): number {
    return this.stepCount;
  }

  /**
   * One step of the optimizer.
   * @param bytes [B, 4(T+1)]
   * @param scored [B, T], 0 where the predicted chunk is padding; without it every chunk counts
   */
  async step(bytes: Uint8Array, learningRate: number, scored?: Uint8Array): Promise<StepResult> {
    const { batch, context, optimizer, device } = this.options;
    const t = this.stepCount + 1;
    const count = scored === undefined ? batch * context : scored.reduce((sum, one) => sum + one, 0);
    const share = count === 0 ? 0 : 1 / (32 * count);
    for (let i = 0; i < this.shares.length; i++) this.shares[i] = scored === undefined || scored[i] === 1 ? share : 0;
    const feeds = {
      ...this.state,
      [BITS]: floatTensor(bytesToSigns(bytes, this.signs), [batch, context + 1, 32]),
      [STEP_INPUTS.shares]: floatTensor(this.shares, [batch * context, 1]),
      ...scalarFeeds(optimizerInputs(optimizer, learningRate, t)),
    };
    const results = device === 'cpu' ? await this.runInPlace(feeds) : await this.runResident(feeds);
    this.stepCount = t;
    return {
      loss: (results['loss']!.data as Float32Array)[0]!,
      gradientNorm: (results['gradientNorm']!.data as Float32Array)[0]!,
    };
  }

  /** Parameters and optimizer state as they stand, in the layout on disk. */
  async read(): Promise<{ parameters: Parameters; state: OptimizerState }> {
    const values = await this.readState(Object.keys(this.state));
    const unpack = (name: (tensor: EngineTensor) => string) =>
      this.layout.unpack(
        new Map(
          this.layout.tensors.map((tensor) => [
            tensor.name,
            values.get(name(tensor)) ?? new Float32Array(elementCount(tensor.shape)),
          ]),
        ),
      );
    return {
      parameters: unpack(({ name }) => name),
      state: {
        step: this.stepCount,
        firstMoments: unpack(({ name }) => stateNames(name).firstMoment),
        secondMoments: unpack(({ name }) => stateNames(name).secondMoment),
      },
    };
  }

  /** The parameters alone, as they stand: for looking at a model while it trains. */
  async readParameters(): Promise<Parameters> {
    return this.layout.unpack(await this.readState(this.layout.tensors.map(({ name }) => name)));
  }

  /** Ends profiling, where it was asked for. */
  endProfiling(): void {
    this.session.endProfiling();
  }

  async dispose(): Promise<void> {
    if (this.options.device !== 'cpu') for (const tensor of Object.values(this.state)) tensor.dispose();
    await this.session.dispose();
  }

  /**
   * On the CPU the outputs are written over the inputs. That is sound because the gradient norm needs every gradient,
   * and every update needs the norm: nothing reads a parameter after it has been written.
   */
  private runInPlace(feeds: Record<string, OrtTensor>): Promise<Readonly<Record<string, OrtTensor>>> {
    const fetches: Record<string, OrtTensor | null> = { loss: null, gradientNorm: null };
    for (const tensor of this.layout.tensors) {
      for (const { input, output } of stateTensors(tensor, this.options.optimizer))
        fetches[output] = this.state[input]!;
    }
    return this.session.run(feeds, fetches);
  }

  private async runResident(feeds: Record<string, OrtTensor>): Promise<Readonly<Record<string, OrtTensor>>> {
    const results = await this.session.run(feeds);
    for (const tensor of this.layout.tensors) {
      for (const { input, output } of stateTensors(tensor, this.options.optimizer)) {
        this.state[input]!.dispose();
        this.state[input] = results[output]!;
      }
    }
    return results;
  }

  /** The values of these state tensors. */
  private async readState(names: readonly string[]): Promise<Map<string, Float32Array>> {
    if (this.options.device === 'cpu') {
      return new Map(names.map((name) => [name, this.state[name]!.data as Float32Array]));
    }
    // A graph that only passes its inputs on brings them back from the device.
    const graph = new Graph();
    for (const name of names) {
      const { dims } = this.state[name]!;
      const [copy] = graph.emit('Identity', [graph.input(name, dims)], [{ shape: dims }]);
      graph.output(`${name}.read`, copy!);
    }
    const reader = await OnnxSession.create(graph, { device: this.options.device, threads: 1 });
    try {
      const results = await reader.run(Object.fromEntries(names.map((name) => [name, this.state[name]!])));
      return new Map(names.map((name) => [name, results[`${name}.read`]!.data as Float32Array]));
    } finally {
      await reader.dispose();
    }
  }
}
