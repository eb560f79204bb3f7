/** @file The extension's own account of itself, read in the extension host, and waiting until it says something. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { InspectorApi, InspectorState } from '../../../extension/api';
import type { VsCodeServer } from './server';

export function readState(server: VsCodeServer): Promise<InspectorState> {
  return server.evaluate(async (code) => {
    const extension = code.extensions.getExtension<InspectorApi>('smuggler.smuggler-inspector');
    if (extension === undefined) throw new Error('The extension is not installed.');
    return (await extension.activate()).state();
  });
}

/** The latencies that the extension has measured so far. */
export function readTimings(server: VsCodeServer): Promise<ReturnType<InspectorApi['timings']>> {
  return server.evaluate(async (code) => {
    const extension = code.extensions.getExtension<InspectorApi>('smuggler.smuggler-inspector');
    if (extension === undefined) throw new Error('The extension is not installed.');
    return (await extension.activate()).timings();
  });
}

/** Waits until the state satisfies `test`; throws with the last state and `what` after the time. */
export async function waitForExtension(
  server: VsCodeServer,
  what: string,
  test: (state: InspectorState) => boolean,
  timeoutMilliseconds = 60_000,
): Promise<InspectorState> {
  const end = Date.now() + timeoutMilliseconds;
  for (;;) {
    const state = await readState(server);
    if (test(state)) return state;
    if (Date.now() > end) throw new Error(`${what} did not happen; the state is ${JSON.stringify(state)}.`);
    await sleep(100);
  }
}

/** The model of the state is loaded and answers. */
export function isReady(state: InspectorState): boolean {
  return state.status === 'ready';
}
