/** @file A fresh install: the packaged extension is there, activates, and names itself in the status bar. */
import { expect, test } from 'vitest';
import { useSession } from '../harness/session';

const session = useSession({ file: 'story.md' });

test('the packaged extension activates', async () => {
  const state = await session().server.evaluate(async (code) => {
    const extension = code.extensions.getExtension('smuggler.smuggler-inspector');
    await extension?.activate();
    return extension?.isActive ?? null;
  });
  expect(state).toBe(true);
});
