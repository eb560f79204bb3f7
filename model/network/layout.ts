/** @file How the engine holds the parameters: few, packed tensors in the order that its products want. */
import type { ModelConfig } from './config';
import type { Parameters, Tensor } from './parameters';
import { elementCount, parameterShapes } from './parameters';

/**
 * A strided copy between a parameter on disk and an engine tensor: element (i, j, …) of `sizes` stands at
 * `parameterOffset + Σ i·parameterStrides` there and at `engineOffset + Σ i·engineStrides` here.
 */
export interface Placement {
  readonly parameter: string;
  readonly sizes: readonly number[];
  readonly parameterOffset: number;
  readonly parameterStrides: readonly number[];
  readonly engineOffset: number;
  readonly engineStrides: readonly number[];
}

/** One tensor that the engine feeds, updates and fetches. */
export interface EngineTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether AdamW decays it: parameters of two or more dimensions (SPEC section 7). */
  readonly decay: boolean;
  readonly placements: readonly Placement[];
}

/** Values of every engine tensor by name. */
export type EngineState = Map<string, Float32Array>;

/** Name of the engine tensor that holds all parameters of one dimension. */
export const VECTORS = 'vectors';

/** The engine tensors of a model, collected while its graph is described. */
export class Layout {
  readonly tensors: EngineTensor[] = [];
  /** Where each one-dimensional parameter starts in `vectors`. */
  readonly vectorOffsets = new Map<string, number>();
  readonly vectorCount: number;
  private readonly shapes: ReadonlyMap<string, readonly number[]>;

  constructor(config: ModelConfig) {
    this.shapes = parameterShapes(config);
    const placements: Placement[] = [];
    let offset = 0;
    for (const [parameter, shape] of this.shapes) {
      if (shape.length !== 1) continue;
      this.vectorOffsets.set(parameter, offset);
      placements.push({
        parameter,
        sizes: shape,
        parameterOffset: 0,
        parameterStrides: [1],
        engineOffset: offset,
        engineStrides: [1],
      });
      offset += shape[0]!;
    }
    this.vectorCount = offset;
    this.tensors.push({ name: VECTORS, shape: [offset], decay: false, placements });
  }

  /** Shape of a parameter on disk. */
  shape(parameter: string): readonly number[] {
    return this.shapes.get(parameter)!;
  }

  /** Adds a matrix of the engine. */
  addMatrix(name: string, shape: readonly number[], placements: readonly Placement[]): void {
    this.tensors.push({ name, shape, decay: true, placements });
  }

  /** Parameters as on disk → engine tensors. Values with no place (the upper triangle of `bit_chain`) are dropped. */
  pack(parameters: Parameters): EngineState {
    return new Map(
      this.tensors.map(({ name, shape, placements }) => {
        const data = new Float32Array(elementCount(shape));
        for (const placement of placements) {
          copyStrided(placement, parameters.get(placement.parameter)!.data, data, 'toEngine');
        }
        return [name, data];
      }),
    );
  }

  /** Engine tensors → parameters as on disk. */
  unpack(state: EngineState): Map<string, Tensor> {
    const parameters = new Map<string, Tensor>();
    for (const [name, shape] of this.shapes) {
      parameters.set(name, { shape, data: new Float32Array(elementCount(shape)) });
    }
    for (const { name, placements } of this.tensors) {
      const source = state.get(name)!;
      for (const placement of placements) {
        copyStrided(placement, source, parameters.get(placement.parameter)!.data, 'toParameter');
      }
    }
    return parameters;
  }
}

/** Copies every element of a placement from where it stands in `source` to where it stands in `target`. */
function copyStrided(
  placement: Placement,
  source: Float32Array,
  target: Float32Array,
  direction: 'toEngine' | 'toParameter',
): void {
  const { sizes, parameterOffset, parameterStrides, engineOffset, engineStrides } = placement;
  const toEngine = direction === 'toEngine';
  const from = toEngine ? parameterStrides : engineStrides;
  const to = toEngine ? engineStrides : parameterStrides;
  const last = sizes.length - 1;
  const walk = (axis: number, start: number, end: number): void => {
    const length = sizes[axis]!;
    const stepFrom = from[axis]!;
    const stepTo = to[axis]!;
    if (axis === last) {
      for (let i = 0, f = start, t = end; i < length; i++, f += stepFrom, t += stepTo) target[t] = source[f]!;
    } else {
      for (let i = 0; i < length; i++) walk(axis + 1, start + i * stepFrom, end + i * stepTo);
    }
  };
  walk(0, toEngine ? parameterOffset : engineOffset, toEngine ? engineOffset : parameterOffset);
}
