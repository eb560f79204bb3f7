/** @file A model process that is killed: one sentence, and everything goes on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isReady, waitForExtension } from '../harness/extension';
import { useSession } from '../harness/session';
import { waitForState } from '../harness/workbench';

const session = useSession({ file: 'story.md' });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number, milliseconds: number): Promise<void> {
  for (let waited = 0; waited < milliseconds && isAlive(pid); waited += 100) await sleep(100);
}

test('a killed model process is reported in one sentence, starts again, and loses nothing', async () => {
  const { server, workbench } = session();
  await workbench.focusEditor('story.md');
  await workbench.goTo(5, 10);
  await workbench.runCommand('Open Voter Votes');
  await waitForState(workbench.votes, 'ready');
  const before = await waitForExtension(server, 'Loading the starter model', isReady);
  const pid = before.processes.answer!;
  process.kill(pid, 'SIGKILL');

  await workbench.notifications.first().waitFor();
  expect(await workbench.notifications.count()).toBe(1);
  const sentence = await workbench.notifications.first().locator('.notification-list-item-message').innerText();
  expect(sentence).toMatch(/^[A-Z][^.]*model process[^.]*\.$/);

  await workbench.focusEditor('story.md');
  await workbench.goTo(8, 10);
  const after = await waitForExtension(
    server,
    'Starting again',
    (state) => isReady(state) && state.processes.answer !== null && state.processes.answer !== pid,
  );
  expect(after.checkpoint).toBe(before.checkpoint);
  await waitForState(workbench.votes, 'ready');
  await workbench.focusEditor('story.md');
  await workbench.hover('Surprise');
});

test('the model process ends when the editor ends', async () => {
  const { server, workbench } = session();
  const { processes } = await waitForExtension(server, 'Running', (state) => state.processes.answer !== null);
  const host = await server.evaluate(() => process.pid);
  await workbench.close();
  // The extension host goes with its window, or may be kept for a while in case that one comes back: as it crashes then.
  await untilGone(host, 2_000);
  if (isAlive(host)) process.kill(host, 'SIGKILL');
  await untilGone(processes.answer!, 10_000);
  expect(isAlive(processes.answer!)).toBe(false);
});
