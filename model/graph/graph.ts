/** @file Symbolic tensors and the graph that they belong to: what is computed, and a tape of how to differentiate it. */

export type Shape = readonly number[];
export type DataType = 'float32' | 'int64' | 'uint8' | 'bool';

/** An ONNX attribute: whole numbers become INT(S), `{float}` becomes FLOAT, text STRING. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** One ONNX node. Empty input names stand for optional inputs that are left out. */
export interface Node {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A tensor known only by name, shape and type. */
export interface Value {
  readonly graph: Graph;
  readonly name: string;
  readonly shape: Shape;
  readonly type: DataType;
  /** Whether a gradient can flow through it to a differentiable input. */
  readonly differentiable: boolean;
}

export interface Initializer {
  readonly name: string;
  readonly shape: Shape;
  readonly type: DataType;
  readonly data: Float32Array | BigInt64Array | Uint8Array;
}

/** How to carry the gradients of some outputs to the inputs they were computed from. */
export interface TapeEntry {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** One gradient an output (null: none reached it) → one an input (null: none flows). */
  readonly backward: (outputGradients: readonly (Value | null)[]) => readonly (Value | null)[];
}

/** A graph that breaks a rule of its operators: a defect of the caller, not of the user. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}

/** What the nodes of a graph are fitted to. */
export type GraphTarget = 'cpu' | 'gpu';

/** Inputs of one Concat that every GPU takes (WebGPU guarantees 8 storage buffers a shader, one is the output). */
const GPU_FAN = 6;

/** A graph under construction. Nodes are in order of computation. */
export class Graph {
  readonly nodes: Node[] = [];
  readonly initializers: Initializer[] = [];
  readonly inputs: Value[] = [];
  readonly outputs: Value[] = [];
  readonly tape: TapeEntry[] = [];
  /** Names under which values leave the graph: value → output. */
  readonly aliases = new Map<string, string>();
  /** Most inputs that one Concat may take. */
  readonly maxFan: number;
  /** Shape of every value by its name. */
  readonly shapes = new Map<string, Shape>();
  private readonly constants = new Map<string, Value>();
  private recording = true;
  private counter = 0;

  /** @param target a graph for either runs on both, but its nodes are those that are fast there */
  constructor(readonly target: GraphTarget = 'cpu') {
    this.maxFan = target === 'cpu' ? Infinity : GPU_FAN;
  }

  /** A tensor that is fed at every run. */
  input(name: string, shape: Shape, options: { type?: DataType; differentiable?: boolean } = {}): Value {
    const value = this.value(name, shape, options.type ?? 'float32', options.differentiable ?? false);
    this.inputs.push(value);
    return value;
  }

  /** Turns a float32 input into a tensor that is stored in the graph. */
  bind(name: string, data: Float32Array): void {
    const at = this.inputs.findIndex((input) => input.name === name);
    const [input] = this.inputs.splice(at, 1);
    this.initializers.push({ name, shape: input!.shape, type: 'float32', data });
  }

  /** A float32 tensor that is stored in the graph. */
  constant(data: Float32Array, shape: Shape): Value {
    const value = this.value(this.fresh('constant'), shape, 'float32', false);
    this.initializers.push({ name: value.name, shape, type: 'float32', data });
    return value;
  }

  /** The scalar `x`, shape [], stored once. */
  scalar(x: number): Value {
    return this.shared(`scalar:${x}`, () => ({ shape: [], type: 'float32', data: Float32Array.of(x) }));
  }

  /** Ones of a shape, stored once. */
  ones(shape: Shape): Value {
    const count = shape.reduce((product, length) => product * length, 1);
    return this.shared(`ones:${shape.join()}`, () => ({
      shape,
      type: 'float32',
      data: new Float32Array(count).fill(1),
    }));
  }

  /** Zeros of a shape, stored once. */
  zeros(shape: Shape): Value {
    const count = shape.reduce((product, length) => product * length, 1);
    return this.shared(`zeros:${shape.join()}`, () => ({ shape, type: 'float32', data: new Float32Array(count) }));
  }

  /** A list of whole numbers (a shape, axes, pads), stored once. */
  integers(list: readonly number[]): Value {
    return this.shared(`integers:${list.join()}`, () => ({
      shape: [list.length],
      type: 'int64',
      data: BigInt64Array.from(list, BigInt),
    }));
  }

  /** Adds one node with one output or several; nothing is recorded on the tape. */
  emit(
    operator: string,
    inputs: readonly (Value | null)[],
    outputs: readonly { readonly shape: Shape; readonly type?: DataType }[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): Value[] {
    const differentiable = inputs.some((input) => input?.differentiable === true);
    const values = outputs.map(({ shape, type }) =>
      this.value(this.fresh(operator), shape, type ?? 'float32', differentiable),
    );
    this.nodes.push({
      operator,
      inputs: inputs.map((input) => input?.name ?? ''),
      outputs: values.map((value) => value.name),
      attributes,
    });
    return values;
  }

  /** Whether a gradient may be wanted of what is built. */
  get isRecording(): boolean {
    return this.recording;
  }

  /** Records how `outputs` differentiate, unless recording is off or nothing differentiable went in. */
  record(entry: TapeEntry): void {
    if (this.recording && entry.inputs.some((input) => input.differentiable)) this.tape.push(entry);
  }

  /** Runs `build` without recording: for gradients, and for the inside of operators that bring a gradient of their own. */
  withoutTape<T>(build: () => T): T {
    const before = this.recording;
    this.recording = false;
    try {
      return build();
    } finally {
      this.recording = before;
    }
  }

  /** Makes `value` an output of the graph under `name`; it must be the result of a node, and keeps that name only. */
  output(name: string, value: Value): void {
    this.outputs.push({ ...value, name });
    this.aliases.set(value.name, name);
  }

  private value(name: string, shape: Shape, type: DataType, differentiable: boolean): Value {
    if (shape.some((size) => !Number.isInteger(size) || size < 0)) {
      throw new GraphError(`${name}: shape [${shape.join()}] holds a size that is not a whole number.`);
    }
    this.shapes.set(name, shape);
    return { graph: this, name, shape, type, differentiable };
  }

  private shared(key: string, make: () => Omit<Initializer, 'name'>): Value {
    let value = this.constants.get(key);
    if (value === undefined) {
      const { shape, type, data } = make();
      value = this.value(this.fresh('constant'), shape, type, false);
      this.initializers.push({ name: value.name, shape, type, data });
      this.constants.set(key, value);
    }
    return value;
  }

  private fresh(prefix: string): string {
    return `${prefix}_${this.counter++}`;
  }
}
