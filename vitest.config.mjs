// Unit and golden tests: plain Node, no VS Code. What runs a model goes one file at a time, because ONNX Runtime's
// threads would compete; all else has no need to wait for it.
import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests that run models, or programs that are killed or timed. */
const ENGINE = [
  'test/golden/**/*.test.ts',
  'test/unit/{attribution,cli,cluster,depth,graph,process,inspection,network,resume,runtime,tensorflow,training}/**/*.test.ts',
  'test/unit/checkpoint/{killedSave,lock}.test.ts',
  'test/unit/completion/complete.test.ts',
  'test/unit/experiments/{commandLine,modelMeasurement,*Run}.test.ts',
  'test/unit/extension/modelProcess.test.ts',
  'test/unit/specialization/{requests,votes}.test.ts',
];

/** Tests on a software device, which compiles for minutes. */
const WEBGPU = ['test/golden/webgpu.test.ts'];

const common = {
  pool: 'forks',
  // What is waited for comes when the machine gets to it.
  expect: { poll: { timeout: 10_000 } },
  testTimeout: 60_000,
  hookTimeout: 60_000,
  env: { ORT_DISABLE_TELEMETRY: '1' },
};

export default defineConfig({
  test: {
    projects: [
      {
        resolve: { alias: { 'onnxruntime-node': path.resolve(import.meta.dirname, 'test/unit/noEngine.ts') } },
        test: {
          ...common,
          name: 'pure',
          include: ['test/unit/**/*.test.ts'],
          exclude: ENGINE,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: 'engine',
          include: ENGINE,
          exclude: WEBGPU,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      { test: { ...common, name: 'webgpu', include: WEBGPU, fileParallelism: false, sequence: { groupOrder: 2 } } },
    ],
  },
});
