/** @file Ghost text from the model: it appears as one types, Tab inserts it, and it is on the disk after saving. */
import { expect, test } from 'vitest';
import { isReady, waitForExtension } from '../harness/extension';
import { screenshotPath, useSession } from '../harness/session';

const session = useSession({
  file: 'inventory.ts',
  viewport: { width: 1100, height: 720 },
  settings: { 'smuggler.completions.enabled': true, 'smuggler.completions.minConfidence': 0.05 },
});

/** What is typed on an empty line until the model offers something. */
const BEGINNINGS = ['throw new Er', 'functio', 'expo', 'impor', 'retur', 'this.ite'];

test('ghost text appears, and Tab inserts it', async () => {
  const { server, workbench } = session();
  const { page } = workbench;
  await waitForExtension(server, 'Loading the starter model', isReady);
  await workbench.focusEditor('inventory.ts');
  await page.keyboard.press('Control+End');
  let typed = '';
  let offered = '';
  for (const beginning of BEGINNINGS) {
    await page.keyboard.press('Enter');
    await page.keyboard.type(beginning, { delay: 30 });
    try {
      await workbench.ghostText.waitFor({ timeout: 5_000 });
      typed = beginning;
      offered = await workbench.ghostText.innerText();
      break;
    } catch {
      // Nothing on offer here.
    }
  }
  expect(offered.trim()).not.toBe('');
  await page.screenshot({ path: screenshotPath('dark-ghost-text') });
  await page.keyboard.press('Tab');
  await workbench.ghostText.waitFor({ state: 'detached' }).catch(() => undefined);
  await workbench.save();
  const line = server
    .disk('inventory.ts')
    .split('\n')
    .findLast((text) => text.startsWith(typed));
  // The editor shows spaces of ghost text as no-break spaces.
  expect(line?.slice(0, typed.length + offered.length)).toBe(typed + offered.replaceAll('\u00a0', ' '));
});

test('Toggle Inline Completions turns it off and on', async () => {
  const { server, workbench } = session();
  const enabled = () =>
    server.evaluate((code) => code.workspace.getConfiguration('smuggler').get<boolean>('completions.enabled') ?? null);
  await workbench.runCommand('Toggle Inline Completions');
  await expect.poll(enabled).toBe(false);
  await workbench.runCommand('Toggle Inline Completions');
  await expect.poll(enabled).toBe(true);
});
