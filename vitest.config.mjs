// Unit and golden tests: plain Node, no VS Code. One file at a time, because ONNX Runtime's threads would compete.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    // What is waited for comes when the machine gets to it.
    expect: { poll: { timeout: 10_000 } },
    testTimeout: 60_000,
    env: { ORT_DISABLE_TELEMETRY: '1' },
  },
});
