// The webviews in Chromium, outside VS Code. One file at a time: each has its own browser.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/webview/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    // What is waited for comes when the machine gets to it.
    expect: { poll: { timeout: 10_000 } },
    // A picture that is missing is a failure: only -u writes.
    update: 'none',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
