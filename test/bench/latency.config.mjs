// Latency as a user feels it: the packaged extension with a default model, in a real VS Code. Figures are printed.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['../e2e/harness/globalSetup.mjs'],
    pool: 'forks',
    testTimeout: 180_000,
    hookTimeout: 120_000,
  },
});
