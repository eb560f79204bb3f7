/** @file Counted arithmetic of a graph: the floating-point operations of its matrix products. */
import type { Graph } from './graph';
import { size } from './operators';

/** ONNX's products: of a matrix with weights, and of two tensors that are both computed, as in attention. */
export type MatrixProduct = 'Gemm' | 'MatMul';

/**
 * Floating-point operations of every Gemm and MatMul of a graph, a multiplication and an addition each: 2·rows·inner·columns.
 * Elementwise work is not counted, as is the custom when a share of the matrix-product peak is stated.
 * @param products those that count; both unless given
 */
export function matrixFlops(graph: Graph, products: readonly MatrixProduct[] = ['Gemm', 'MatMul']): number {
  let total = 0;
  for (const node of graph.nodes) {
    if (!products.some((product) => product === node.operator)) continue;
    const a = graph.shapes.get(node.inputs[0]!)!;
    const inner = node.attributes['transA'] === 1 ? a.at(-2)! : a.at(-1)!;
    total += 2 * size(graph.shapes.get(node.outputs[0]!)!) * inner;
  }
  return total;
}
