/** @file An exported .onnx file gives the golden numbers on its own. */
import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { exportOnnx } from '../../model/runtime/exportOnnx';
import { bytesOf, GOLDEN_CASES, configOf, floats, parametersOf, relativeError, tensorsOf } from './golden';

describe.each(GOLDEN_CASES)('export of %s', (name) => {
  it('agrees with the golden forward pass', async () => {
    const config = configOf(name);
    const forward = tensorsOf(`${name}/forward.safetensors`);
    const { data, shape } = bytesOf(forward);
    const [batch, length] = shape as [number, number];
    const session = await ort.InferenceSession.create(exportOnnx(config, parametersOf(`${name}/model.safetensors`)));
    for (let b = 0; b < batch; b++) {
      const bytes = new ort.Tensor('uint8', data.slice(b * length, (b + 1) * length), [1, length]);
      const results = await session.run({ bytes });
      for (const key of ['hidden', 'votes', 'weights', 'probabilities']) {
        const theirs = floats(forward, key);
        const part = theirs.subarray((b * theirs.length) / batch, ((b + 1) * theirs.length) / batch);
        expect(relativeError(results[key]!.data as Float32Array, part), key).toBeLessThan(1e-5);
      }
    }
    await session.release();
  });
});
