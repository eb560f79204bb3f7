/** @file Light, dark and high contrast: the pictures of the README, and what axe-core finds in the webviews. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { FrameLocator } from 'playwright-core';
import { expect, test } from 'vitest';
import { isReady, waitForExtension } from '../harness/extension';
import { screenshotPath, useSession } from '../harness/session';
import { waitForState } from '../harness/workbench';

const session = useSession({ file: 'inventory.ts', viewport: { width: 1280, height: 860 } });

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** By the name in the pictures: VS Code's theme, and the kind that it tells to webviews. */
const THEMES = {
  light: { name: 'Light Modern', kind: 'vscode-light' },
  dark: { name: 'Dark Modern', kind: 'vscode-dark' },
  hc: { name: 'Default High Contrast', kind: 'vscode-high-contrast' },
} as const;

/** What axe-core calls serious or critical in a webview: one line a finding. */
async function seriousFindings(webview: FrameLocator): Promise<readonly string[]> {
  const body = webview.locator('body');
  // Evaluated by the browser's debugger, so that the page's content security policy stays as it is.
  await body.evaluate(AXE);
  const results = await body.evaluate(async (node) => {
    // The workbench shows through a webview, which axe-core takes for white: it is told the colour that lies behind.
    document.documentElement.style.backgroundColor = getComputedStyle(node).getPropertyValue('--surface');
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
    const found = await axe.run();
    document.documentElement.style.backgroundColor = '';
    return found;
  });
  expect(results.passes.length).toBeGreaterThan(0);
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, impact, nodes }) =>
        `${impact ?? ''} ${id}: ${nodes.map(({ html, any }) => `${html} (${any[0]?.message ?? ''})`).join('; ')}`,
    );
}

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

test.each(Object.entries(THEMES))('%s: drawn in the theme, and accessible', async (picture, { name, kind }) => {
  const { server, workbench } = session();
  const { page, votes, heatmap } = workbench;
  await server.evaluate(async (code, theme) => {
    await code.workspace.getConfiguration('workbench').update('colorTheme', theme, code.ConfigurationTarget.Global);
  }, name);
  for (const webview of [votes, heatmap]) {
    await webview.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor({ state: 'attached' });
  }
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
