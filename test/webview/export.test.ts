/** @file Exporting each panel in Chromium: what is exported is what is shown, an import gives the same, the page stands alone. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import type { PageName } from '../../model/protocol/panels/panels';
import { decodePanel, encodePanel } from '../../model/measures/panelDocument';
import { about, exportFailure, exportHtml, exportPng, exportText } from './exportPage';
import type { OpenOptions, OpenView } from './harness';
import { PANELS } from './panelStates';
import { shown } from './shown';
import type { ThemeName } from './themes';
import { useView } from './useView';

const OUTPUT = path.resolve(import.meta.dirname, '../output');
/** Height of the line that says that a panel is an exported one. */
const NOTE = 24;

/** As the harness makes up a model and a text. */
const CAPTION = ['checkpoint 3f9c1ab27d40', 'M = 128', 'τ = 6.4', 'N = ', 'measured on'];

/** Of each panel: the state that is exported, and what it says of where its numbers come from. */
const EXPORTED: Readonly<Record<PageName, { readonly state: string; readonly caption: readonly string[] }>> = {
  votes: { state: 'silenced', caption: ['checkpoint 3f9c1ab27d40', 'M = 16', 'τ = 0.80', 'N = ', 'measured on'] },
  heatmap: { state: 'mistakes', caption: CAPTION },
  specialization: { state: 'found', caption: CAPTION },
  overview: { state: 'main', caption: CAPTION },
  attention: { state: 'main', caption: CAPTION },
  depthLens: { state: 'main', caption: CAPTION },
  comparison: { state: 'main', caption: CAPTION },
  experiments: {
    state: 'main',
    caption: ['48 runs', 'N = 6 seeds', 'commit 25fa8a8c11d2', 'measured on Python (412 files'],
  },
  trainingMonitor: { state: 'main', caption: ['N = 200 reports', 'training.jsonl in'] },
};

const CASES = PANELS.map(({ view, title, size, states }) => {
  const { state, caption } = EXPORTED[view];
  return { view, title, caption, size, ...states[state]! };
});

const created: string[] = [];
async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'smuggler-export-'));
  created.push(made);
  return made;
}
afterAll(async () => {
  await Promise.all(created.map((made) => rm(made, { recursive: true, force: true })));
});

describe.each(CASES)('$title', ({ view: name, title, size, show, caption }) => {
  const said = about(name, title);
  const { open, harness } = useView(name, size);

  async function openShowing(options: Partial<OpenOptions> = {}): Promise<OpenView> {
    const view = await open(options);
    await show(view);
    return view;
  }

  /** The stand-alone page in a browser that knows nothing of VS Code; every request but that for the file is told. */
  async function openFile(html: string): Promise<{ page: Page; problems: string[] }> {
    const file = path.join(await folder(), `${name}.html`);
    await writeFile(file, html);
    const page = await harness().plainPage({ width: size.width, height: size.height + NOTE });
    const problems: string[] = [];
    const address = pathToFileURL(file).href;
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
    });
    page.on('request', (request) => {
      if (request.url() !== address && !request.url().startsWith('data:')) problems.push(request.url());
    });
    await page.goto(address);
    await page.waitForSelector('body[data-state=ready]');
    return { page, problems };
  }

  it('exports nothing while it shows nothing', async () => {
    const view = await open();
    expect(await exportFailure(view, said)).toBe(`${title} shows no numbers now, so there is nothing to export.`);
  });

  it('its JSON holds the states with their arrays, and where they come from', async () => {
    const view = await openShowing();
    const text = await exportText(view, 'json', said);
    const raw = JSON.parse(text) as Record<string, unknown>;
    expect(raw).toMatchObject({ format: 'smuggler-panel', version: 2, panel: name, exported: said.exported });
    const [first] = raw['states'] as [Record<string, unknown>];
    expect(raw['provenance']).toEqual(first['provenance'] ?? null);
    for (const part of caption) expect(raw['caption']).toContain(part);
    const panel = decodePanel(text, 'it');
    expect(encodePanel(panel)).toBe(text);
  });

  it('an import shows the same, and exports the same bytes', async () => {
    const view = await openShowing();
    const text = await exportText(view, 'json', said);
    const before = await shown(view.page);
    const imported = await open({ exported: text, height: size.height + NOTE });
    await imported.page.waitForSelector('body[data-state=ready]');
    expect(await imported.page.locator('.exported-note').evaluate((note: HTMLElement) => note.offsetHeight)).toBe(NOTE);
    expect(await shown(imported.page)).toEqual(before);
    expect(await exportText(imported, 'json', said)).toBe(text);
    expect(await exportText(imported, 'csv', said)).toBe(await exportText(view, 'csv', said));
    await imported.screenshot(`export-${name}-imported`);
  });

  it('an import is read-only, and is found again after a reload', async () => {
    const view = await openShowing();
    const imported = await open({ exported: await exportText(view, 'json', said) });
    await imported.page.waitForSelector('body[data-state=ready]');
    const types = await imported.page.evaluate(() => window.fake.posted.map(({ type }) => type));
    expect(types.filter((type) => type !== 'focus')).toEqual(['ready']);
    expect(await imported.page.evaluate(() => window.fake.saved())).toMatchObject({ file: '/tmp/panel.json' });
    for (const control of await imported.page.locator('[data-live]:is(button, select, input, textarea)').all()) {
      expect(await control.isDisabled()).toBe(true);
      expect(await control.getAttribute('title')).toContain('exported panel');
    }
  });

  it('its page stands alone: no VS Code, no request, the same to see', async () => {
    const view = await openShowing();
    const before = await shown(view.page);
    const { page, problems } = await openFile(await exportHtml(harness(), view, said));
    expect(await shown(page)).toEqual(before);
    expect(await page.evaluate(() => 'acquireVsCodeApi' in globalThis)).toBe(false);
    const tables = page.locator('main .table-pane table').filter({ visible: true });
    const inPicture = await tables.count();
    await page.click('.table-toggle');
    expect(await tables.count()).toBeGreaterThan(inPicture);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.each<ThemeName>(['dark', 'high-contrast-light'])('its page is accessible in %s', async (theme) => {
    const view = await openShowing({ theme });
    const { page, problems } = await openFile(await exportHtml(harness(), view, said));
    await page.screenshot({ path: path.join(OUTPUT, `export-${name}-${theme}-html.png`) });
    expect(await page.locator('main').evaluate((main) => getComputedStyle(main).colorScheme)).toBe(
      theme === 'dark' ? 'dark' : 'light',
    );
    expect(await harness().audit(page)).toEqual([]);
    expect(problems).toEqual([]);
    await page.context().close();
  });

  it.each<ThemeName>(['dark', 'light', 'high-contrast'])('its SVG and PNG are readable in %s', async (theme) => {
    const view = await openShowing({ theme });
    const svg = await exportText(view, 'svg', said);
    await writeFile(path.join(OUTPUT, `export-${name}-${theme}.svg`), svg);
    const png = await exportPng(view, said);
    await writeFile(path.join(OUTPUT, `export-${name}-${theme}.png`), png);
    const facts = await view.page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, 'image/svg+xml');
      const root = document.documentElement;
      return {
        error: document.querySelector('parsererror')?.textContent ?? null,
        width: Number(root.getAttribute('width')),
        height: Number(root.getAttribute('height')),
        texts: Array.from(document.querySelectorAll('text'), (node) => node.textContent),
        title: document.querySelector('title')?.textContent,
        references: Array.from(text.matchAll(/url\(#([^)]+)\)/g), ([, id]) => document.getElementById(id!) !== null),
        small: Array.from(document.querySelectorAll('text'), (node) => Number(node.getAttribute('font-size'))).filter(
          (fontSize) => fontSize < 9,
        ).length,
      };
    }, svg);
    expect(facts.error).toBeNull();
    expect(facts.title).toBe(title);
    expect(facts.references.every(Boolean)).toBe(true);
    expect(facts.small).toBe(0);
    const texts = facts.texts.join('\n');
    const expected = [title, ...caption, '2026-11-24 15:30 UTC'];
    expect(expected.filter((word) => !texts.includes(word))).toEqual([]);
    // What the browser paints of controls has the theme's colours, too: a slider was a white box.
    if (theme === 'dark') expect(svg).not.toMatch(/<rect[^>]* fill="#f{6}"/);
    const sliders = await view.page.locator('main input[type=range]').count();
    expect(svg.match(/<circle[^>]* r="8"/g) ?? []).toHaveLength(sliders);
    // Nothing of the page is left that another program would not know.
    expect(svg).not.toMatch(/var\(|color-mix|color\(|class=|style=|foreignObject|<script/);
    expect(svg.match(/https?:\/\/[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
    // A PNG says its size in its first chunk.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2 * facts.width, 2 * facts.height]);
  });
});
