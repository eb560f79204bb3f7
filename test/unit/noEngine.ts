/** @file Stands in for ONNX Runtime where tests run side by side: a test that needs it belongs among those that run one at a time. */
throw new Error('This test loads ONNX Runtime: name it in ENGINE in vitest.config.mjs.');
