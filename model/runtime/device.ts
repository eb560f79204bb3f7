/** @file Where a model runs: ONNX Runtime's execution providers by the names that people use. */

/** Devices by their ONNX Runtime provider name. Which of them exist depends on platform and build. */
export type Device = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
