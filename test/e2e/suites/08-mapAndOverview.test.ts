/** @file The Specialization Map, the Model Overview, Attention, the Depth Lens, and the heatmap's voters and scrolling, in a real VS Code; their pictures for the README. */
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { isReady, readState, waitForExtension } from '../harness/extension';
import { SAMPLE, screenshotPath, useSession } from '../harness/session';
import type { ThemeKey } from '../harness/themes';
import { seriousFindings, THEME_KEYS, useTheme } from '../harness/themes';
import type { Workbench } from '../harness/workbench';
import { waitForState } from '../harness/workbench';

const session = useSession({
  file: 'inventory.ts',
  viewport: { width: 1280, height: 860 },
  settings: { 'editor.wordWrap': 'off' },
});

const CHUNK_BYTES = 4;
/** The model runs over the text first. */
const MEASURED_MS = 60_000;
const LONG = 'long.ts';
const LONG_LINES = 2000;

beforeAll(async () => {
  const { server, workbench } = session();
  await waitForExtension(server, 'Loading the starter model', isReady);
  // The list of files takes room from the pictures.
  await workbench.page.keyboard.press('Control+b');
}, 120_000);

/** The panel beside the text: of its kind only what is on the screen has a page. */
function panel(): FrameLocator {
  return session().workbench.heatmap;
}

/** Byte offset of the chunk that holds this place of a file; line and column count from 1. */
function chunkOffset(file: string, line: number, column: number): number {
  const lines = session().server.disk(file).split('\n');
  const before = [...lines.slice(0, line - 1), lines[line - 1]!.slice(0, column - 1)].join('\n');
  return CHUNK_BYTES * Math.floor(Buffer.byteLength(before) / CHUNK_BYTES);
}

async function closePanel(workbench: Workbench): Promise<void> {
  await session().server.evaluate(async (code) => {
    const tabs = code.window.tabGroups.all.flatMap((group) => group.tabs);
    await code.window.tabGroups.close(tabs.filter(({ input }) => input instanceof code.TabInputWebview));
  });
  await workbench.page.locator('iframe.webview:not([src*="purpose=webviewView"])').waitFor({ state: 'detached' });
}

/** Opens a panel by its command, beside the text. */
async function openPanel(command: string, file = 'inventory.ts'): Promise<void> {
  const { workbench } = session();
  await workbench.focusEditor(file);
  await workbench.runCommand(command);
  await waitForState(panel(), 'ready');
}

/** The caret goes there, and the panel with it. */
async function follow(line: number, column: number): Promise<void> {
  const { workbench } = session();
  await workbench.focusEditor('inventory.ts');
  await workbench.goTo(line, column);
  await waitForState(panel(), 'ready', chunkOffset('inventory.ts', line, column));
}

/** In every theme nothing serious is found; a picture of those that are named. */
async function inEveryTheme(name: string, pictured: readonly ThemeKey[] = THEME_KEYS): Promise<void> {
  const { server, workbench } = session();
  // The panel without what it says of the place that the keyboard is on.
  await workbench.page.mouse.move(5, 5);
  await workbench.focusEditor('inventory.ts');
  for (const theme of THEME_KEYS) {
    await useTheme(server, theme, [panel()]);
    await waitForState(panel(), 'ready');
    if (pictured.includes(theme)) await workbench.page.screenshot({ path: screenshotPath(`${theme}-${name}`) });
    expect(await seriousFindings(panel()), theme).toEqual([]);
  }
}

test('the map opens from the palette, measures the document and follows the caret', async () => {
  await openPanel('Open Specialization Map');
  await panel().locator('body[data-map]:not([data-map=""])').waitFor({ state: 'attached', timeout: MEASURED_MS });
  await follow(8, 20);
  await follow(20, 3);
  const footer = await panel().locator('footer .provenance').innerText();
  expect(footer).toContain('measured on inventory.ts');
  expect(footer).toMatch(/N = \d+ chunks/);
});

test('keys go through the map: a voter is selected everywhere, and its dashboard shown', async () => {
  const { server } = session();
  await panel().locator('.map').focus();
  await panel().locator('.map').press('ArrowDown');
  const { selection } = await waitForExtension(server, 'Selecting a voter', (state) => state.selection?.voter != null);
  const { bit, voter } = selection!;
  await panel().locator(`body[data-voter="${bit!} ${voter!}"]`).waitFor({ state: 'attached' });
  expect(await panel().locator('.dashboard h2').innerText()).toBe(`Voter ${voter!} of bit ${bit!}`);
  await panel().locator('.map').press(']');
  await panel()
    .locator(`body[data-map="${(bit! + 1) % 32}"]`)
    .waitFor({ state: 'attached', timeout: MEASURED_MS });
  await panel().locator('.map').press('ArrowDown');
  await waitForExtension(server, 'Selecting a voter', (state) => state.selection?.voter != null);
});

test('the map is drawn in every theme, and accessible', async () => {
  await inEveryTheme('specialization');
  await panel().locator('.table-toggle').click();
  expect(await panel().locator('.tables tbody tr').count()).toBeGreaterThan(0);
  expect(await seriousFindings(panel())).toEqual([]);
  await closePanel(session().workbench);
});

test('Find Voters opens from the palette: all voters measured on the document, found, and silenced together', async () => {
  const { server, workbench } = session();
  await openPanel('Find Voters…');
  await panel().locator('.voters tbody tr[data-row]').first().waitFor({ timeout: MEASURED_MS });
  expect(await panel().locator('footer .provenance').innerText()).toContain('measured on inventory.ts');
  const [shown] = (await panel().locator('.count').innerText()).split(' ');
  expect(Number(shown!.replace(',', ''))).toBeGreaterThan(100);
  const row = panel().locator('.voters tbody tr[data-row]').first();
  await row.click();
  await panel().locator('.dashboard .histogram-ones').waitFor();
  await panel().locator('.voters').press('Shift+ArrowDown');
  await panel().locator('.chosen button:text-is("Silence")').click();
  const { voterChanges } = await waitForExtension(server, 'Silencing', (state) => state.voterChanges.length === 2);
  expect(voterChanges.every(({ vote }) => vote === null)).toBe(true);
  await expect.poll(() => panel().locator('.voter-state').count()).toBe(2);
  await panel().locator('.chosen button:text-is("Restore")').click();
  await waitForExtension(server, 'Restoring', (state) => state.voterChanges.length === 0);
  expect(await seriousFindings(panel())).toEqual([]);
  await closePanel(workbench);
});

test('the overview opens from the palette and follows the caret', async () => {
  await openPanel('Open Model Overview');
  await follow(8, 20);
  await follow(30, 1);
  expect(await panel().locator('header h1').innerText()).toMatch(/starter: [\d,]+ parameters/);
  expect(await panel().locator('footer .provenance').innerText()).toContain('N = 1 chunk');
});

test('the overview is drawn in every theme, and accessible', async () => {
  await inEveryTheme('overview');
  await panel().locator('.table-toggle').click();
  expect(await panel().locator('tbody tr').count()).toBeGreaterThan(5);
  expect(await seriousFindings(panel())).toEqual([]);
  await closePanel(session().workbench);
});

test('attention opens from the palette, measures the document, and goes to what a head reads', async () => {
  await openPanel('Open Attention');
  await panel().locator('.finder tbody tr[data-head]').first().waitFor({ timeout: MEASURED_MS });
  await follow(30, 1);
  await panel().locator('.finder tbody tr[data-head] button').first().click();
  expect(await panel().locator('.said-text').innerText()).toMatch(
    /^Block \d head \d looks .* entropy [\d.]+ of at most/,
  );
  const before = (await readState(session().server)).selection!.offset;
  await panel().locator('.place-text[tabindex="0"]').click();
  await waitForExtension(session().server, 'Going there', ({ selection }) => selection!.offset < before);
  // The click locked the place.
  await panel().locator('.lock').click();
});

test('attention is drawn in every theme, and accessible', async () => {
  await follow(30, 1);
  await inEveryTheme('attention', ['dark', 'light']);
  await panel().locator('.table-toggle').click();
  expect(await panel().locator('.places-table tbody tr').count()).toBeGreaterThan(5);
  expect(await seriousFindings(panel())).toEqual([]);
  await closePanel(session().workbench);
});

test('the depth lens opens from the palette, follows the caret, and moves it', async () => {
  const { server } = session();
  await openPanel('Open Depth Lens');
  await follow(8, 20);
  await follow(30, 1);
  expect(await panel().locator('.sentences').innerText()).toMatch(/Surprise \w+ from [\d.]+ bits without the trunk/);
  // The chunks around come once the caret rests.
  await panel().locator('.lens .unknown[d=""]').waitFor({ state: 'attached', timeout: MEASURED_MS });
  const { selection } = await readState(server);
  await panel().locator('.lens').press('ArrowRight');
  await waitForState(panel(), 'ready', selection!.offset + CHUNK_BYTES);
  await inEveryTheme('depth', []);
  await closePanel(session().workbench);
});

test('the heatmap shows every voter, in every theme, and is accessible', async () => {
  await openPanel('Open Sparsity Heatmap');
  await panel().locator('label:has-text("Rows") select').selectOption('voters');
  await panel().locator('path.unmeasured[d=""]').first().waitFor({ state: 'attached', timeout: MEASURED_MS });
  expect(await panel().locator('footer .provenance').innerText()).toContain('4,096 voters');
  await follow(8, 20);
  // Half a megabyte a picture.
  await inEveryTheme('voters', ['dark']);
  await panel().locator('label:has-text("Rows") select').selectOption('bits');
  await closePanel(session().workbench);
});

/** First line that the editor shows, counted from 0, and the caret's. */
function lines(): Promise<{ first: number; caret: number }> {
  return session().server.evaluate((code, file) => {
    const editor = code.window.visibleTextEditors.find(({ document }) => document.fileName.endsWith(file))!;
    return { first: editor.visibleRanges[0]!.start.line, caret: editor.selection.active.line };
  }, LONG);
}

/** First chunk that the heatmap shows, counted from 0. */
async function firstChunk(): Promise<number> {
  const text = (await panel().locator('.where').innerText()).replaceAll(',', '');
  return Number(/Chunks (\d+)–/.exec(text)![1]) - 1;
}

test('panning the heatmap of a long document scrolls the editor, whose caret stays, and rests', async () => {
  const { server, workbench } = session();
  const source = Array.from(
    { length: LONG_LINES },
    (_, line) => `export const harbour${line} = boats[${line}] + tide;\n`,
  );
  writeFileSync(path.join(server.workspace, LONG), source.join(''));
  await server.evaluate(async (code, file) => {
    const uri = code.Uri.joinPath(code.workspace.workspaceFolders![0]!.uri, file);
    await code.window.showTextDocument(uri, { viewColumn: code.ViewColumn.One });
  }, LONG);
  await openPanel('Open Sparsity Heatmap', LONG);
  await panel().locator('path.unmeasured[d=""]').first().waitFor({ state: 'attached', timeout: MEASURED_MS });
  const minimap = panel().locator('.minimap .overlay');
  const box = (await minimap.boundingBox())!;
  await minimap.click({ position: { x: 0.5 * box.width, y: 10 }, force: true });
  await expect.poll(async () => (await lines()).first).toBeGreaterThan(LONG_LINES * 0.45);
  const { first, caret } = await lines();
  expect(first).toBeLessThan(LONG_LINES * 0.55);
  expect(caret).toBe(0);
  // Neither chases the other.
  const chunk = await firstChunk();
  await workbench.page.waitForTimeout(1500);
  expect(await firstChunk()).toBe(chunk);
  expect((await lines()).first).toBe(first);
});

test('scrolling the editor takes the heatmap along, and rests', async () => {
  const { server, workbench } = session();
  await workbench.page.waitForTimeout(1000);
  await server.evaluate((code, line) => {
    const position = new code.Position(line, 0);
    code.window.visibleTextEditors[0]!.revealRange(new code.Range(position, position), code.TextEditorRevealType.AtTop);
  }, LONG_LINES - 300);
  const offset = Math.floor(Buffer.byteLength(session().server.disk(LONG)) / CHUNK_BYTES);
  await expect.poll(firstChunk).toBeGreaterThan(offset * 0.8);
  const { first } = await lines();
  // VS Code leaves some lines above what it reveals.
  expect(Math.abs(first - (LONG_LINES - 300))).toBeLessThan(15);
  const chunk = await firstChunk();
  await workbench.page.waitForTimeout(1500);
  expect([await firstChunk(), (await lines()).first]).toEqual([chunk, first]);
  expect((await readState(server)).status).toBe('ready');
});

test('the loaded model is measured on the open text, and tells of the claims', async () => {
  const { workbench } = session();
  await workbench.focusEditor(LONG);
  await workbench.runCommand('Open Experiments');
  await waitForState(panel(), 'ready');
  // Nobody has run one here: those of the package are shown.
  await expect.poll(() => panel().locator('.run', { hasText: 'came with the extension' }).count()).toBe(6);
  await panel().locator('.run button', { hasText: 'Loaded model' }).click();
  await panel().locator('.model button', { hasText: 'Measure on the Open Text' }).click();
  const matrix = panel().locator('.model .chart-matrix');
  await matrix.waitFor({ timeout: MEASURED_MS });
  expect(await matrix.innerText()).toContain('effective voters 1/Σw²');
  expect(await panel().locator('.provenance').innerText()).toContain(`measured on ${LONG}`);
  await panel().locator('.run button', { hasText: 'Claims' }).click();
  await expect.poll(() => panel().locator('.claims button', { hasText: 'Loaded model' }).count()).toBe(3);
  await closePanel(workbench);
});

test('a link in the card of a stranger’s model is opened only by VS Code, which asks', async () => {
  const { server, workbench } = session();
  const folder = path.join(server.workspace, 'stranger');
  cpSync(path.join(SAMPLE, '../starter'), folder, { recursive: true });
  const card = '# Stranger\n\n[paper](https://example.com/paper) [run](command:workbench.action.closeAllEditors)\n';
  writeFileSync(path.join(folder, 'card.md'), `${card}\n![](https://example.com/picture.png)\n`);
  await server.evaluate(async (code, model) => {
    await code.commands.executeCommand('smuggler.loadModel', model);
  }, folder);
  await openPanel('Open Model Overview', LONG);
  const links = panel().locator('.card a');
  await links.first().waitFor({ timeout: MEASURED_MS });
  expect(await links.allInnerTexts()).toEqual(['paper']);
  await links.first().click();
  const question = workbench.page.locator('.monaco-dialog-box');
  await question.waitFor();
  expect(await question.innerText()).toContain('https://example.com/paper');
  await workbench.page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
});

test('no request leaves the machine', () => {
  expect(session().workbench.external).toEqual([]);
});
