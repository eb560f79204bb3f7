/** @file Parameters as graph inputs: each layer asks here for its weights in the form that its products want. */
import type { Graph, Value } from '../graph/graph';
import { concat, slice } from '../graph/operators';
import type { ModelConfig } from './config';
import type { Placement } from './layout';
import { Layout, VECTORS } from './layout';

/** The inputs of one graph that carry parameters. */
export class Weights {
  readonly layout: Layout;
  /** Engine tensors as inputs of the graph, in the layout's order. */
  readonly inputs: Value[] = [];
  /** Parts of `vectors` that were asked for, by their first element. */
  private readonly parts = new Map<number, Value>();
  private readonly partList: Value[];

  constructor(
    readonly graph: Graph,
    config: ModelConfig,
  ) {
    this.layout = new Layout(config);
    const vectors = graph.input(VECTORS, [this.layout.vectorCount], { differentiable: true });
    this.inputs.push(vectors);
    // First on the tape, so last in the backward pass: by then every part has its gradient, and they are joined once.
    const outputs: Value[] = [];
    graph.record({
      inputs: [vectors],
      outputs,
      backward: (partGradients) => [this.joinParts(outputs, partGradients)],
    });
    this.partList = outputs;
  }

  /** A parameter of one dimension, or the part [start, end) of it. */
  vector(parameter: string, start = 0, end = this.layout.shape(parameter)[0]!): Value {
    const offset = this.layout.vectorOffsets.get(parameter)!;
    let part = this.parts.get(offset + start);
    if (part === undefined) {
      part = this.graph.withoutTape(() => slice(this.inputs[0]!, 0, offset + start, offset + end));
      this.parts.set(offset + start, part);
      this.partList.push(part);
    }
    return part;
  }

  /** A matrix of the engine, filled from parameters by `placements`. */
  matrix(name: string, shape: readonly number[], placements: readonly Placement[]): Value {
    this.layout.addMatrix(name, shape, placements);
    const input = this.graph.input(name, shape, { differentiable: true });
    this.inputs.push(input);
    return input;
  }

  /** A Linear's or a 1×1 Conv1d's weight [out, in(, 1)] as [in, out]. */
  linear(parameter: string): Value {
    const [out, input] = this.layout.shape(parameter) as [number, number];
    return this.matrix(
      parameter,
      [input, out],
      [
        {
          parameter,
          sizes: [out, input],
          parameterOffset: 0,
          parameterStrides: [input, 1],
          engineOffset: 0,
          engineStrides: [1, out],
        },
      ],
    );
  }

  /** The gradient of `vectors` from those of its parts; zero where no part was asked for or none flowed. */
  private joinParts(parts: readonly Value[], partGradients: readonly (Value | null)[]): Value {
    const zeros = (count: number) => this.graph.constant(new Float32Array(count), [count]);
    const byOffset = new Map(parts.map((part, i) => [part.name, partGradients[i] ?? zeros(part.shape[0]!)]));
    const pieces: Value[] = [];
    let at = 0;
    for (const [offset, part] of [...this.parts].sort(([a], [b]) => a - b)) {
      if (offset > at) pieces.push(zeros(offset - at));
      pieces.push(byOffset.get(part.name)!);
      at = offset + part.shape[0]!;
    }
    if (at < this.layout.vectorCount) pieces.push(zeros(this.layout.vectorCount - at));
    return concat(pieces, 0);
  }
}
