/** @file Writes a graph as an ONNX model. */
import { create, toBinary } from '@bufbuild/protobuf';
import type { DataType, Graph, Node, OnnxAttribute, Value } from './graph';
import type { AttributeProto, ValueInfoProto } from './onnx_pb';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType,
  ValueInfoProtoSchema,
} from './onnx_pb';

/** Opset 20: the first with Gelu, the last whose every operator here runs on all of ONNX Runtime's devices. */
const OPSET = 20n;
const IR_VERSION = 9n;

const DATA_TYPES: Readonly<Record<DataType, TensorProto_DataType>> = {
  float32: TensorProto_DataType.FLOAT,
  int64: TensorProto_DataType.INT64,
  uint8: TensorProto_DataType.UINT8,
  bool: TensorProto_DataType.BOOL,
};

function attribute(name: string, value: OnnxAttribute): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, i: BigInt(value), type: AttributeProto_AttributeType.INT });
  }
  if (typeof value === 'string') {
    const s = new TextEncoder().encode(value);
    return create(AttributeProtoSchema, { name, s, type: AttributeProto_AttributeType.STRING });
  }
  if ('float' in value) {
    return create(AttributeProtoSchema, { name, f: value.float, type: AttributeProto_AttributeType.FLOAT });
  }
  return create(AttributeProtoSchema, { name, ints: value.map(BigInt), type: AttributeProto_AttributeType.INTS });
}

function valueInfo({ name, shape, type }: Value): ValueInfoProto {
  const dim = shape.map((size) => ({ value: { case: 'dimValue' as const, value: BigInt(size) } }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType: DATA_TYPES[type], shape: { dim } } } },
  });
}

/** The nodes that some output needs, in their order. */
export function neededNodes(graph: Graph): Node[] {
  const needed = new Set(graph.aliases.keys());
  return graph.nodes
    .toReversed()
    .filter((node) => {
      if (!node.outputs.some((output) => needed.has(output))) return false;
      for (const input of node.inputs) needed.add(input);
      return true;
    })
    .reverse();
}

/** Name in the file of the node that stands at `index` of the needed ones. */
export function nodeName(node: Node, index: number): string {
  return `${node.operator}_${index}`;
}

/**
 * The graph as the bytes of an `.onnx` file. Nodes that no output needs are left out.
 * @param metadata key-value pairs stored in the model
 */
export function serializeGraph(graph: Graph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const { aliases } = graph;
  const named = (name: string) => aliases.get(name) ?? name;
  const nodes = neededNodes(graph);
  const needed = new Set([...aliases.keys(), ...nodes.flatMap(({ inputs }) => inputs)]);
  const model = create(ModelProtoSchema, {
    irVersion: IR_VERSION,
    producerName: 'smuggler-inspector',
    opsetImport: [{ domain: '', version: OPSET }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'smuggler',
      node: nodes.map((node, i) => ({
        name: nodeName(node, i),
        opType: node.operator,
        input: node.inputs.map(named),
        output: node.outputs.map(named),
        attribute: Object.entries(node.attributes).map(([name, value]) => attribute(name, value)),
      })),
      initializer: graph.initializers
        .filter(({ name }) => needed.has(name))
        .map(({ name, shape, type, data }) => ({
          name,
          dims: shape.map(BigInt),
          dataType: DATA_TYPES[type],
          rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
        })),
      input: graph.inputs.filter(({ name }) => needed.has(name)).map(valueInfo),
      output: graph.outputs.map(valueInfo),
    },
  });
  return toBinary(ModelProtoSchema, model);
}
