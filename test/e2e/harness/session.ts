/** @file One workbench on one server for all tests of a file, with a picture and the logs where a test fails. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { launchBrowser } from './browser';
import type { ServerOptions } from './server';
import { VsCodeServer } from './server';
import type { OpenOptions } from './workbench';
import { Workbench } from './workbench';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** The sample folder that the extension ships: the workspace of the tests. */
export const SAMPLE = path.join(REPOSITORY, 'media/sample');

export interface Session {
  readonly server: VsCodeServer;
  readonly workbench: Workbench;
  readonly browser: Browser;
}

/**
 * Sets up a session before the tests of this file and ends it after them.
 * @returns gives the session; to be called inside a test
 */
export function useSession(options: Partial<ServerOptions> & OpenOptions): () => Session {
  let session: Session | undefined;
  let browser: Browser | undefined;
  let server: VsCodeServer | undefined;
  beforeAll(async () => {
    [server, browser] = await Promise.all([VsCodeServer.start({ workspace: SAMPLE, ...options }), launchBrowser()]);
    session = { server, browser, workbench: await Workbench.open(browser, server, options) };
  });
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || session === undefined) return;
    const name = path.join(inject('output'), `failed ${task.name.replace(/[^\w ]+/g, '')}`);
    await session.workbench.page.screenshot({ path: `${name}.png` }).catch(() => undefined);
    writeFileSync(`${name}.log`, [...session.workbench.consoleErrors, session.server.log].join('\n'));
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  return () => {
    if (session === undefined) throw new Error('The session is not open.');
    return session;
  };
}

/** Where a picture for the README goes: into media/screenshots/ with UPDATE_SCREENSHOTS=1, else beside the reports. */
export function screenshotPath(name: string): string {
  const update = process.env['UPDATE_SCREENSHOTS'] === '1';
  const folder = update ? path.join(REPOSITORY, 'media/screenshots') : path.join(inject('output'), 'screenshots');
  mkdirSync(folder, { recursive: true });
  return path.join(folder, `${name}.png`);
}
