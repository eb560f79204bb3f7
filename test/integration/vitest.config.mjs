// Tests inside a real extension host: run there, reported here.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['host.test.ts', 'killed.test.ts'],
    globalSetup: ['./globalSetup.mjs'],
    pool: 'forks',
    // Two VS Codes at once would wait for each other.
    fileParallelism: false,
  },
});
