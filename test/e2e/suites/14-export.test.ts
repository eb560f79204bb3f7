/** @file Export Panel… and Open Exported Panel… in a real VS Code: every format by way of the palette, read-only again, and a page that needs no VS Code. */
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FrameLocator } from 'playwright-core';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { decodePanel } from '../../../model/measures/panelDocument';
import type { ExportFormat } from '../../../model/protocol/panels/export';
import type { Shown } from '../../webview/shown';
import { shown } from '../../webview/shown';
import { isReady, readState, waitForExtension } from '../harness/extension';
import { useSession } from '../harness/session';
import { APPEAR_MS, waitForState } from '../harness/workbench';

/** Wide enough for the note above an exported panel to be one line. */
const VIEWPORT = { width: 1500, height: 860 };

const session = useSession({ file: 'inventory.ts', viewport: VIEWPORT });

/** Height of the line that says that a panel is an exported one. */
const NOTE = 24;
const FORMATS: readonly ExportFormat[] = ['svg', 'png', 'csv', 'json', 'html'];
/** The model runs over the text first. */
const MEASURED_MS = 60_000;

interface Case {
  readonly page: string;
  readonly title: string;
  readonly command: string;
  /** What is there once all that the panel shows has been measured. */
  readonly complete: string;
  /** Chooses something other than the defaults. */
  readonly choose: (panel: FrameLocator) => Promise<unknown>;
  /** Texts of its SVG. */
  readonly words: readonly string[];
  /** First line of its CSV. */
  readonly columns: RegExp;
  /** Rows of its CSV, as the panel says. */
  readonly rows: (panel: FrameLocator) => Promise<number>;
}

const CASES: readonly Case[] = [
  {
    page: 'overview',
    title: 'Model Overview',
    command: 'Open Model Overview',
    complete: 'body[data-offset]:not([data-offset=""])',
    choose: (panel) => panel.locator('.block', { hasText: 'Voters' }).first().click(),
    words: ['Voters', 'Model card', 'N = 1 chunk'],
    columns: /^block,/,
    rows: (panel) => panel.locator('.block').count(),
  },
  {
    page: 'heatmap',
    title: 'Sparsity Heatmap',
    command: 'Open Sparsity Heatmap',
    complete: '.minimap text:has-text("Whole document"):has-text(", N =")',
    choose: (panel) => panel.locator('.controls select').first().selectOption('mistakes'),
    words: ['|p − real bit|: a mistake is above ½', 'Whole document: mistakes per chunk'],
    columns: /^chunk,byte,text,surprise in bits,/,
    rows: async (panel) => Number(/^Chunks 1–(\d+) of/.exec(await panel.locator('.where').innerText())![1]),
  },
  {
    page: 'specialization',
    title: 'Specialization Map',
    command: 'Open Specialization Map',
    complete: 'body[data-map]:not([data-map=""])',
    choose: (panel) => panel.locator('label:has-text("Colour") select').selectOption('meanVote'),
    words: ['mean vote in the context'],
    columns: /^bit,voter,name,"?mean vote, /,
    rows: async (panel) =>
      Number(/(\d+)(?: of \d+)? voters of bit \d+, clustered/.exec(await panel.locator('main').innerText())![1]),
  },
];

/** Where exports are offered to go. */
const EXPORTS = '.smuggler/exports';

/** The editor panel: of its kind only what is on the screen has a page. */
const panel = () => session().workbench.heatmap;

beforeAll(async () => {
  const { server, workbench } = session();
  await waitForExtension(server, 'Loading the starter model', isReady);
  // The list of files takes room from the pictures.
  await workbench.page.keyboard.press('Control+b');
}, 120_000);

async function closePanel(): Promise<void> {
  const { server, workbench } = session();
  await server.evaluate(async (code) => {
    const tabs = code.window.tabGroups.all.flatMap((group) => group.tabs);
    await code.window.tabGroups.close(tabs.filter(({ input }) => input instanceof code.TabInputWebview));
  });
  await workbench.page.locator('iframe.webview:not([src*="purpose=webviewView"])').waitFor({ state: 'detached' });
}

describe.each(CASES)('$title', ({ page, title, command, complete, choose, words, columns, rows }) => {
  const file = (format: ExportFormat) => path.join(session().server.workspace, EXPORTS, `${page}.${format}`);
  const text = (format: ExportFormat) => readFileSync(file(format), 'utf8');
  /** To look at, beside the reports. */
  const picture = (of: string) => path.join(inject('output'), `screenshots/export-${page}-${of}.png`);
  /** As it was exported. */
  let before: Shown;
  let size = { width: 0, height: 0 };

  test('every format by way of the palette, of what is shown', async () => {
    const { workbench } = session();
    await workbench.focusEditor('inventory.ts');
    await workbench.goTo(8, 20);
    await workbench.runCommand(command);
    await waitForState(panel(), 'ready');
    await panel().locator(complete).waitFor({ state: 'attached', timeout: MEASURED_MS });
    await choose(panel());
    // The active panel is the one that is exported, and an exported one opens beside it in its group.
    await workbench.page.locator('.tab', { hasText: title }).click();
    await workbench.page.mouse.move(5, 5);
    before = await shown(panel());
    size = await panel()
      .locator('html')
      .evaluate(() => ({ width: innerWidth, height: innerHeight }));
    await workbench.page.screenshot({ path: picture('shown') });
    for (const format of FORMATS) {
      await workbench.runAndPick('Export Panel…', format.toUpperCase());
      await workbench.chooseFile(file(format));
      await workbench.notifications.filter({ hasText: `Exported to ${file(format)}.` }).waitFor();
    }
    await workbench.clearNotifications();
    expect(await shown(panel())).toEqual(before);
  });

  test('the picture, twice as large in pixels, and the table hold what is shown', async () => {
    const svg = text('svg');
    for (const word of [title, ...words]) expect(svg).toContain(word);
    const png = readFileSync(file('png'));
    copyFileSync(file('png'), picture('png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const pixels = /<svg [^>]*width="(\d+)" height="(\d+)"/
      .exec(svg)!
      .slice(1)
      .map((length) => 2 * Number(length));
    // A PNG says its size in its first chunk.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(pixels);
    const lines = text('csv').trimEnd().split('\r\n');
    expect(lines[0]).toMatch(columns);
    expect(lines.length - 1).toBe(await rows(panel()));
  });

  test('Open Exported Panel… shows the same, read-only, and says where it comes from', async () => {
    const { server, workbench } = session();
    const { about, caption } = decodePanel(text('json'), file('json'));
    expect(about).toMatchObject({ panel: page, title });
    expect(caption).toContain((await readState(server)).checkpoint!);
    expect(caption).toBe(await panel().locator('footer .provenance').innerText());
    // The note above the panel leaves as much room as it had.
    await workbench.page.setViewportSize({ ...VIEWPORT, height: VIEWPORT.height + NOTE });
    await workbench.runCommand('Open Exported Panel…');
    await workbench.chooseFile(`${path.join(server.workspace, EXPORTS)}/`, file('json'));
    const note = panel().locator('.exported-note');
    // While both are there, neither is the panel.
    await expect.poll(() => note.count().catch(() => 0), { timeout: APPEAR_MS }).toBe(1);
    await waitForState(panel(), 'ready');
    expect(await note.innerText()).toMatch(new RegExp(`^${title}, exported .*Read-only`));
    expect((await note.boundingBox())!.height).toBe(NOTE);
    expect(await shown(panel())).toEqual(before);
    await workbench.page.screenshot({ path: picture('opened') });
    await closePanel();
    await workbench.page.setViewportSize(VIEWPORT);
  });

  test('the HTML file shows the same in a browser without VS Code, and asks for nothing', async () => {
    const context = await session().browser.newContext({ viewport: { ...size, height: size.height + NOTE } });
    const alone = await context.newPage();
    const address = pathToFileURL(file('html')).href;
    const requests: string[] = [];
    const problems: string[] = [];
    alone.on('request', (request) => {
      if (!request.url().startsWith('data:')) requests.push(request.url());
    });
    alone.on('pageerror', (error) => problems.push(error.message));
    alone.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    await alone.goto(address);
    await alone.locator('body[data-state=ready]').waitFor({ state: 'attached' });
    await alone.screenshot({ path: picture('html') });
    expect(await shown(alone)).toEqual(before);
    const tables = alone.locator('main .table-pane table').filter({ visible: true });
    const inPicture = await tables.count();
    await alone.locator('.table-toggle').click();
    expect(await tables.count()).toBeGreaterThan(inPicture);
    expect(requests).toEqual([address]);
    expect(problems).toEqual([]);
    await context.close();
  });
});

test('the votes view is exported beside a panel: asked which', async () => {
  const { server, workbench } = session();
  await workbench.focusEditor('inventory.ts');
  await workbench.runCommand('Open Voter Votes');
  await waitForState(workbench.votes, 'ready');
  await workbench.focusEditor('inventory.ts');
  await workbench.runCommand('Open Model Overview');
  await waitForState(panel(), 'ready');
  await workbench.focusEditor('inventory.ts');
  await workbench.runAndPick('Export Panel…', 'Voter Votes', 'JSON');
  const file = path.join(server.workspace, EXPORTS, 'votes.json');
  await workbench.chooseFile(file);
  await workbench.notifications.filter({ hasText: `Exported to ${file}.` }).waitFor();
  const { about, states } = decodePanel(readFileSync(file, 'utf8'), file);
  expect(about.panel).toBe('votes');
  expect(String((states[0] as { offset: number }).offset)).toBe(
    await workbench.votes.locator('body').getAttribute('data-offset'),
  );
});

test('where the view had the focus last it is asked which, though a panel is the active editor', async () => {
  const { server, workbench } = session();
  await workbench.runCommand('Open Model Overview');
  await waitForState(panel(), 'ready');
  await workbench.votes.locator('header').click({ position: { x: 2, y: 2 } });
  await workbench.runAndPick('Export Panel…', 'Voter Votes', 'CSV');
  const file = path.join(server.workspace, EXPORTS, 'votes.csv');
  await workbench.chooseFile(file);
  await workbench.notifications.filter({ hasText: `Exported to ${file}.` }).waitFor();
});

test('no request leaves the machine', () => {
  expect(session().workbench.external).toEqual([]);
});
