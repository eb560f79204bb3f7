/** @file Light, dark and high contrast: the pictures of the README, and what axe-core finds in the webviews. */
import { expect, test } from 'vitest';
import { isReady, waitForExtension } from '../harness/extension';
import { screenshotPath, useSession } from '../harness/session';
import { seriousFindings, THEME_KEYS, useTheme } from '../harness/themes';
import { waitForState } from '../harness/workbench';

const session = useSession({ file: 'inventory.ts', viewport: { width: 1280, height: 860 } });

test('view and panel are open', async () => {
  const { server, workbench } = session();
  await waitForExtension(server, 'Loading the starter model', isReady);
  // The list of files takes room from the pictures.
  await workbench.page.keyboard.press('Control+b');
  await workbench.runCommand('Open Voter Votes');
  await waitForState(workbench.votes, 'ready');
  await workbench.focusEditor('inventory.ts');
  await workbench.runCommand('Open Sparsity Heatmap');
  await waitForState(workbench.heatmap, 'ready');
});

test.each(THEME_KEYS)('%s: drawn in the theme, and accessible', async (picture) => {
  const { server, workbench } = session();
  const { page, votes, heatmap } = workbench;
  await useTheme(server, picture, [votes, heatmap]);
  await workbench.focusEditor('inventory.ts');
  await workbench.goTo(8, 20);
  await waitForState(votes, 'ready');
  await waitForState(heatmap, 'ready');
  await page.mouse.move(5, 5);
  await page.screenshot({ path: screenshotPath(`${picture}-panels`) });

  await workbench.focusEditor('inventory.ts');
  await workbench.hover('Surprise');
  await page.screenshot({ path: screenshotPath(`${picture}-hover`) });
  await page.keyboard.press('Escape');

  expect(await seriousFindings(votes)).toEqual([]);
  expect(await seriousFindings(heatmap)).toEqual([]);
});
