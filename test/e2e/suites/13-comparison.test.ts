/** @file Compare With Model… in a real VS Code: chosen from the palette, along the text, rows that jump, two texts, themes. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isReady, readState, waitForExtension } from '../harness/extension';
import { screenshotPath, useSession } from '../harness/session';
import { seriousFindings, THEME_KEYS, useTheme } from '../harness/themes';
import { waitForState } from '../harness/workbench';

const session = useSession({
  file: 'inventory.ts',
  viewport: { width: 1500, height: 940 },
});

const STARTER = path.resolve(import.meta.dirname, '../../../media/starter');

/** The document inside the panel, the only webview that is open. */
const panel = () => session().workbench.heatmap;

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/** Answers the palette's questions. */
async function choose(model: string | RegExp, text: string): Promise<void> {
  const { workbench } = session();
  await workbench.focusEditor('inventory.ts');
  await workbench.runAndPick('Compare With Model…', model, text);
}

test('a model differs nowhere from itself: chosen from the palette', async () => {
  const { server, workbench } = session();
  await waitForExtension(server, 'Loading the starter model', isReady);
  await workbench.page.keyboard.press('Control+b');
  await choose('Starter Model', 'The Same Text');
  await waitForState(panel(), 'ready');
  await panel().locator('body[data-generation]:not([data-generation="0"])').waitFor({ state: 'attached' });
  expect(await panel().locator('.notes').innerText()).toContain('every difference is 0');
  expect(await panel().locator('.bar-more').getAttribute('d')).toBe('');
  expect(await panel().locator('.bar-less').getAttribute('d')).toBe('');
  const { comparison } = await readState(server);
  const bytes = Buffer.byteLength(server.disk('inventory.ts'));
  expect(comparison!.largestDifference).toBe(0);
  expect(sum(comparison!.chunks)).toBe(Math.ceil(bytes / 4));
  expect(sum(comparison!.bits)).toBe(8 * bytes);
});

test('another model from the workspace: its differences, and rows that jump to the text', async () => {
  const { server, workbench } = session();
  const folder = path.join(server.workspace, 'mild');
  cpSync(STARTER, folder, { recursive: true });
  const file = path.join(folder, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  // Another τ makes another function of the same weights.
  writeFileSync(file, JSON.stringify({ ...config, temperature: 8 }));
  await choose('mild', 'The Same Text');
  await waitForExtension(server, 'Comparing', ({ comparison }) => comparison?.folder === folder);
  await panel().locator('.bar-more[d^=M]').waitFor({ state: 'attached' });
  const { comparison } = await readState(server);
  expect(comparison!.largestDifference).toBeGreaterThan(0);
  expect(sum(comparison!.chunks)).toBe(Math.ceil(Buffer.byteLength(server.disk('inventory.ts')) / 4));

  await panel().locator('.places select').selectOption('bothWrong');
  const row = panel().locator('.places tbody tr').nth(2);
  const offset = Number((await row.locator('td').first().innerText()).replace(',', ''));
  await row.locator('button').click();
  await waitForState(panel(), 'ready', offset);
  await panel().locator(`body[data-chunk="${offset}"]`).waitFor({ state: 'attached' });
  const caret = await server.evaluate((code) => {
    const editor = code.window.visibleTextEditors.find(({ document }) => document.fileName.endsWith('inventory.ts'));
    if (editor === undefined) throw new Error('The text is not visible.');
    return Buffer.byteLength(editor.document.getText(new code.Range(new code.Position(0, 0), editor.selection.active)));
  });
  // Where a chunk begins within a character, the caret stands before that.
  expect(offset - caret).toBeLessThan(4);
  expect(caret).toBeLessThanOrEqual(offset);
  // The click locked the place.
  await panel().locator('.lock').click();
  await workbench.page.mouse.move(5, 5);
});

test('it follows the caret', async () => {
  const { workbench } = session();
  await workbench.focusEditor('inventory.ts');
  await workbench.goTo(1, 1);
  await panel().locator('body[data-chunk="0"]').waitFor({ state: 'attached' });
  await workbench.goTo(1, 10);
  await panel().locator('body[data-chunk="8"]').waitFor({ state: 'attached' });
});

test.each(THEME_KEYS)('%s: drawn in the theme, and accessible', async (key) => {
  const { server, workbench } = session();
  await useTheme(server, key, [panel()]);
  await waitForState(panel(), 'ready');
  await panel().locator('h1').scrollIntoViewIfNeeded();
  await workbench.page.mouse.move(5, 5);
  await workbench.page.screenshot({ path: screenshotPath(`${key}-comparison`) });
  expect(await seriousFindings(panel())).toEqual([]);
});

test('no request leaves the machine', () => {
  expect(session().workbench.external).toEqual([]);
});
