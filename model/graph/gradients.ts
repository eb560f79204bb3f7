/** @file Reverse-mode differentiation: walks the tape backwards and adds the gradient's nodes to the same graph. */
import type { Value } from './graph';
import { GraphError } from './graph';
import { add } from './operators';

/**
 * Gradients of one or more seeded values with respect to some differentiable inputs.
 * @param seeds values and the gradients that reach them from outside (∂L/∂value, of the value's shape)
 * @param inputs what to differentiate by
 * @returns ∂L/∂input, of each input's shape, in their order
 * @throws GraphError where an input has no path to any seed
 */
export function gradients(seeds: readonly { value: Value; gradient: Value }[], inputs: readonly Value[]): Value[] {
  const { graph } = seeds[0]!.value;
  const reached = new Map<string, Value>();
  const accumulate = (value: Value, gradient: Value) => {
    const before = reached.get(value.name);
    reached.set(value.name, before === undefined ? gradient : add(before, gradient));
  };
  return graph.withoutTape(() => {
    for (const { value, gradient } of seeds) accumulate(value, gradient);
    for (let i = graph.tape.length - 1; i >= 0; i--) {
      const entry = graph.tape[i]!;
      const outputGradients = entry.outputs.map((output) => reached.get(output.name) ?? null);
      if (outputGradients.every((gradient) => gradient === null)) continue;
      const inputGradients = entry.backward(outputGradients);
      entry.inputs.forEach((input, n) => {
        const gradient = inputGradients[n];
        if (gradient != null && input.differentiable) accumulate(input, gradient);
      });
    }
    return inputs.map((input) => {
      const gradient = reached.get(input.name);
      if (gradient === undefined) throw new GraphError(`${input.name} has no path to what is differentiated.`);
      return gradient;
    });
  });
}
