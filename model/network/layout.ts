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
          const source = parameters.get(placement.parameter)!.data;
          copyStrided(placement, (p, e) => (data[e] = source[p]!));
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
        const { data } = parameters.get(placement.parameter)!;
        copyStrided(placement, (p, e) => (data[p] = source[e]!));
      }
    }
    return parameters;
  }
}

/** Calls `copy(parameterIndex, engineIndex)` for every element of a placement. */
function copyStrided(placement: Placement, copy: (parameterIndex: number, engineIndex: number) => void): void {
  const { sizes, parameterStrides, engineStrides } = placement;
  const walk = (axis: number, p: number, e: number): void => {
    const length = sizes[axis]!;
    const stepP = parameterStrides[axis]!;
    const stepE = engineStrides[axis]!;
    if (axis === sizes.length - 1) {
      for (let i = 0; i < length; i++) copy(p + i * stepP, e + i * stepE);
    } else {
      for (let i = 0; i < length; i++) walk(axis + 1, p + i * stepP, e + i * stepE);
    }
  };
  walk(0, placement.parameterOffset, placement.engineOffset);
}
