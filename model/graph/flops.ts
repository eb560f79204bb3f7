/** @file Counted arithmetic of a graph: the floating-point operations of its matrix products. */
import type { Graph } from './graph';
import { size } from './operators';

/**
 * Floating-point operations of every Gemm and MatMul of a graph, a multiplication and an addition each: 2·rows·inner·columns.
 * Elementwise work is not counted, as is the custom when a share of the matrix-product peak is stated.
 */
export function matrixFlops(graph: Graph): number {
  let total = 0;
  for (const node of graph.nodes) {
    if (node.operator !== 'Gemm' && node.operator !== 'MatMul') continue;
    const a = graph.shapes.get(node.inputs[0]!)!;
    const inner = node.attributes['transA'] === 1 ? a.at(-2)! : a.at(-1)!;
    total += 2 * size(graph.shapes.get(node.outputs[0]!)!) * inner;
  }
  return total;
}
