/** @file A workspace that is not trusted: inspection with the starter model works, training and loading do not, and it says so. */
import { expect, test } from 'vitest';
import { isReady, waitForExtension } from '../harness/extension';
import { useSession } from '../harness/session';

const session = useSession({ file: 'story.md', trusted: false });

test('the workspace is not trusted', async () => {
  expect(await session().server.evaluate((code) => code.workspace.isTrusted)).toBe(false);
});

test('the hover works with the starter model', async () => {
  const { server, workbench } = session();
  const state = await waitForExtension(server, 'Loading the starter model', isReady);
  expect(state.model).toMatch(/media\/starter$/);
  await workbench.focusEditor('story.md');
  await workbench.goTo(3, 20);
  await workbench.hover('Surprise');
  await workbench.page.keyboard.press('Escape');
});

test.each(['smuggler.trainModel', 'smuggler.loadModel'])('%s refuses, and says why', async (command) => {
  const answer = await session().server.evaluate(async (code, name) => {
    const given = name === 'smuggler.loadModel' ? '/nowhere' : { text: ['/nowhere'], out: '/nowhere', preset: 'tiny' };
    return code.commands.executeCommand<{ error?: string } | undefined>(name, given);
  }, command);
  expect(answer?.error).toMatch(/needs a trusted workspace/);
  await session().workbench.notifications.filter({ hasText: 'needs a trusted workspace' }).first().waitFor();
});
