// End-to-end tests: the packaged VSIX in a real VS Code (code-server), driven in a real Chromium. One file at a time.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['suites/**/*.test.ts'],
    globalSetup: ['./harness/globalSetup.mjs'],
    pool: 'forks',
    fileParallelism: false,
    // The tests of a file share one workbench and follow one another.
    sequence: { concurrent: false, shuffle: false },
    // What is waited for comes when the machine gets to it.
    expect: { poll: { timeout: 30_000 } },
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
