/** @file The command line as scripts call it from the checkout: `npx smuggler`, without a network. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

function smuggler(...args: readonly string[]) {
  return spawnSync('npx', ['--offline', 'smuggler', ...args], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
}

test('npx runs the checkout', () => {
  const { status, stdout } = smuggler('--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: smuggler /);
});

test('npx passes the exit code on', () => {
  expect(smuggler('no-such-command').status).toBe(2);
});
