/** @file The gradient of the loss by every parameter, for comparison with other implementations. */
import type { ModelConfig } from '../network/config';
import { BITS, groupBitsForCache } from '../network/network';
import type { Parameters } from '../network/parameters';
import { buildLossAndGradients, equalShares, STEP_INPUTS } from '../network/trainingStep';
import { bytesToSigns } from './bits';
import { graphLimits } from './device';
import type { InferenceOptions } from './inference';
import { floatTensor } from './onnxRuntime';
import { OnnxSession } from './onnxSession';

/**
 * Loss (nats a bit, mean over every bit) and its gradient by every parameter, in the layout on disk.
 * @param bytes [B, 4(T+1)]
 * @throws DeviceError
 */
export async function computeGradients(
  config: ModelConfig,
  parameters: Parameters,
  bytes: Uint8Array,
  batch: number,
  options: InferenceOptions,
): Promise<{ loss: number; gradients: Parameters }> {
  const context = bytes.length / 4 / batch - 1;
  const shape = { batch, context, ...graphLimits(options.device, () => groupBitsForCache(config, batch, context)) };
  const { network, loss, gradients } = buildLossAndGradients(config, shape, 'everywhere');
  const { graph, weights } = network;
  const { layout } = weights;
  graph.output('loss', loss);
  layout.tensors.forEach(({ name }, i) => {
    graph.output(`${name}.gradient`, gradients[i]!);
  });
  const session = await OnnxSession.create(graph, options);
  try {
    const state = layout.pack(parameters);
    const results = await session.run({
      ...Object.fromEntries(layout.tensors.map(({ name, shape: size }) => [name, floatTensor(state.get(name)!, size)])),
      [BITS]: floatTensor(bytesToSigns(bytes), [batch, context + 1, 32]),
      [STEP_INPUTS.shares]: floatTensor(equalShares(batch * context), [batch * context, 1]),
    });
    const packed = new Map(layout.tensors.map(({ name }) => [name, results[`${name}.gradient`]!.data as Float32Array]));
    return { loss: (results['loss']!.data as Float32Array)[0]!, gradients: layout.unpack(packed) };
  } finally {
    await session.dispose();
  }
}
