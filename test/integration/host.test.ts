/** @file Runs the suites in the extension host of a real VS Code, and reports each of their tests as one here. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { launchBrowser } from '../e2e/harness/browser';
import { VsCodeServer } from '../e2e/harness/server';
import type { HostResult } from './testing';
import { RESULT_PREFIX } from './testing';

declare module 'vitest' {
  interface ProvidedContext {
    /** The suites as one program with run(). */
    integrationProgram: string;
    /** The extension as it is built for this run. */
    integrationExtension: string;
    repository: string;
  }
}

const TIMEOUT_MS = 540_000;

interface HostRun {
  readonly results: readonly HostResult[];
  readonly exitCode: number | 'time-out';
  readonly log: readonly string[];
}

/** The workspace's copy, the extension from the checkout, and the suites, in a VS Code that ends by itself. */
async function runInHost(): Promise<HostRun> {
  const server = await VsCodeServer.start({
    workspace: `${inject('repository')}/test/integration/workspace`,
    extensions: false,
    extraArguments: ['--vscode-option', 'enable-smoke-test-driver'],
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    const results: HostResult[] = [];
    const log: string[] = [];
    const exit = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
      for (const text of args.map(String)) {
        if (text.startsWith(RESULT_PREFIX)) results.push(JSON.parse(text.slice(RESULT_PREFIX.length)) as HostResult);
        else log.push(`${type}: ${text}`);
      }
    });
    const payload = [
      ['extensionDevelopmentPath', `vscode-remote://${server.host}${inject('integrationExtension')}`],
      ['extensionTestsPath', `vscode-remote://${server.host}${inject('integrationProgram')}`],
    ];
    const query = new URLSearchParams({ folder: server.workspace, payload: JSON.stringify(payload) });
    await page.goto(`${server.url}/?${query.toString()}`);
    const exitCode = await Promise.race([exit, sleep(TIMEOUT_MS).then(() => 'time-out' as const)]);
    return { results, exitCode, log };
  } finally {
    await browser.close();
    await server.stop();
  }
}

const { results, exitCode, log } = await runInHost();

for (const { name, milliseconds, error } of results) {
  test(`${name} (${Math.round(milliseconds)} ms in the host)`, () => {
    expect(error).toBeNull();
  });
}

test('the extension host ran all suites to their end', () => {
  expect(exitCode, log.slice(-40).join('\n')).toBe(0);
  expect(results.length, log.slice(-40).join('\n')).toBeGreaterThan(0);
});
