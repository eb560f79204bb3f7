/** @file Parameters as graph inputs: each layer asks here for its weights in the form that its products want. */
import type { Graph, Value } from '../graph/graph';
import { slice } from '../graph/operators';
import type { ModelConfig } from './config';
import type { Placement } from './layout';
import { Layout, VECTORS } from './layout';

/** The inputs of one graph that carry parameters. */
export class Weights {
  readonly layout: Layout;
  /** Engine tensors as inputs of the graph, in the layout's order. */
  readonly inputs: Value[] = [];

  constructor(
    readonly graph: Graph,
    config: ModelConfig,
  ) {
    this.layout = new Layout(config);
    this.inputs.push(graph.input(VECTORS, [this.layout.vectorCount], { differentiable: true }));
  }

  /** A parameter of one dimension, or the part [start, end) of it. */
  vector(parameter: string, start = 0, end = this.layout.shape(parameter)[0]!): Value {
    const offset = this.layout.vectorOffsets.get(parameter)!;
    return slice(this.inputs[0]!, 0, offset + start, offset + end);
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
    return this.matrix(parameter, [input, out], [
      {
        parameter,
        sizes: [out, input],
        parameterOffset: 0,
        parameterStrides: [input, 1],
        engineOffset: 0,
        engineStrides: [1, out],
      },
    ]);
  }
}
