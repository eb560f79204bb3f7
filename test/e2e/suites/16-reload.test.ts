/** @file Every panel behind another one and back, and after the window was loaded again: as it was left, and drawn. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { isReady, readState, waitForExtension } from '../harness/extension';
import { useSession } from '../harness/session';
import { waitForState } from '../harness/workbench';

const session = useSession({
  file: 'inventory.ts',
  viewport: { width: 1500, height: 940 },
  // The address names a file to open; what was open before is opened beside it only where a user wants it so.
  settings: { 'window.restoreWindows': 'preserve' },
});

const STARTER = path.resolve(import.meta.dirname, '../../../media/starter');
/** The model runs over the text first. */
const MEASURED_MS = 60_000;
/** All panels, one after the other. */
const ALL_MS = 180_000;

interface Row {
  readonly command: string;
  readonly frame: () => FrameLocator;
  /** What the user changes: drop-down lists by their label … */
  readonly lists: Readonly<Record<string, string>>;
  /** … and buttons by their text, once each. */
  readonly buttons: readonly string[];
  /** There once it is drawn. */
  readonly drawn: string;
}

const panel = () => session().workbench.heatmap;

/** The one that is opened last is on the screen when the window is loaded again. */
const PANELS: readonly Row[] = [
  {
    command: 'smuggler.openVotes',
    frame: () => session().workbench.votes,
    lists: { Sort: 'effectSize', Colour: 'weight' },
    buttons: [],
    drawn: '.matrix canvas',
  },
  {
    command: 'smuggler.openSpecialization',
    frame: panel,
    lists: { Colour: 'meanVote', Order: 'number' },
    buttons: [],
    drawn: 'body[data-map]:not([data-map=""]) .map canvas',
  },
  {
    command: 'smuggler.openHeatmap',
    frame: panel,
    lists: { Rows: 'voters' },
    buttons: ['+', '+'],
    drawn: 'path.unmeasured[d=""]',
  },
  {
    command: 'smuggler.openOverview',
    frame: panel,
    lists: { Bars: 'activity' },
    buttons: ['Table'],
    drawn: 'tbody tr',
  },
  // None was run in this workspace.
  { command: 'smuggler.openExperiments', frame: panel, lists: {}, buttons: [], drawn: '.controls button.primary' },
  {
    command: 'smuggler.openTrainingMonitor',
    frame: panel,
    lists: { Over: 'seconds', Smooth: '0.9', 'Value axis': 'logarithmic' },
    buttons: ['+'],
    drawn: '.chart:first-child .line[d^=M]',
  },
  {
    command: 'smuggler.openComparison',
    frame: panel,
    lists: { Where: 'bothWrong' },
    buttons: ['+'],
    drawn: '.bar-more[d^=M]',
  },
];

/** What a page says of the choices in it, and of the part that it shows. */
function read(frame: FrameLocator): Promise<unknown> {
  return frame.locator('body').evaluate((body) => ({
    lists: Array.from(body.querySelectorAll('select'), ({ value }) => value),
    pressed: Array.from(body.querySelectorAll('[aria-pressed]'), (node) => node.getAttribute('aria-pressed')),
    ticks: Array.from(body.querySelectorAll('.axis text'), ({ textContent }) => textContent),
    selected: [body.dataset['map'], body.dataset['voter'], body.dataset['offset']],
  }));
}

/** What a page says once that does not change any more: a page that comes back draws what it was left with, then what is measured. */
async function settled(frame: FrameLocator): Promise<unknown> {
  let last: unknown = null;
  await expect
    .poll(
      async () => {
        const before = JSON.stringify(last);
        last = await read(frame);
        return JSON.stringify(last) === before;
      },
      { interval: 500 },
    )
    .toBe(true);
  return last;
}

/** Opens a panel, or goes to the tab that it has. */
async function show({ command, frame, drawn }: Row): Promise<void> {
  const { server } = session();
  await server.evaluate(
    (code, name, model) => code.commands.executeCommand(name, model),
    command === 'smuggler.openComparison' ? 'smuggler.compareWithModel' : command,
    { folder: path.join(server.workspace, 'mild') },
  );
  await frame().locator(drawn).first().waitFor({ state: 'attached', timeout: MEASURED_MS });
  await waitForState(frame(), 'ready');
}

/** A drop-down list by its label. */
function list({ frame }: Row, label: string): Locator {
  return frame().locator(`label:has-text("${label}") select`).first();
}

const left = new Map<Row, unknown>();

beforeAll(async () => {
  const { server, workbench } = session();
  // Another τ makes another function of the same weights.
  const mild = path.join(server.workspace, 'mild');
  cpSync(STARTER, mild, { recursive: true });
  const config = JSON.parse(readFileSync(path.join(STARTER, 'config.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(path.join(mild, 'config.json'), JSON.stringify({ ...config, temperature: 8 }));
  mkdirSync(path.join(server.workspace, 'run'));
  const reports = Array.from({ length: 200 }, (_, i) => {
    const step = i + 1;
    return JSON.stringify({ step, steps: 200, loss: 1 / step, bitsPerByte: 8 / step, elapsedSeconds: step / 4 });
  });
  writeFileSync(path.join(server.workspace, 'run/training.jsonl'), `${reports.join('\n')}\n`);
  await waitForExtension(server, 'Loading the starter model', isReady);
  await workbench.focusEditor('inventory.ts');
  await workbench.goTo(8, 20);
}, 120_000);

test(
  'every panel opens, and something is chosen in it',
  async () => {
    for (const row of PANELS) {
      await show(row);
      const before = await read(row.frame());
      for (const [label, value] of Object.entries(row.lists)) {
        await list(row, label).selectOption(value);
      }
      for (const text of row.buttons) await row.frame().locator('.controls').getByText(text, { exact: true }).click();
      if (row.command === 'smuggler.openSpecialization') {
        await row.frame().locator('.map').press('ArrowDown');
        await waitForExtension(session().server, 'Selecting a voter', ({ selection }) => selection?.voter != null);
        await row.frame().locator('body[data-voter]:not([data-voter=""])').waitFor({ state: 'attached' });
      }
      await row.frame().locator(row.drawn).first().waitFor({ state: 'attached', timeout: MEASURED_MS });
      if (row.buttons.length > 0 || Object.keys(row.lists).length > 0) {
        await expect.poll(() => read(row.frame())).not.toEqual(before);
      }
    }
  },
  ALL_MS,
);

test(
  'every panel comes back from behind another one as it was left',
  async () => {
    for (const row of PANELS) {
      await show(row);
      for (const [label, value] of Object.entries(row.lists)) {
        await expect.poll(() => list(row, label).inputValue(), { message: `${row.command}: ${label}` }).toBe(value);
      }
      left.set(row, await settled(row.frame()));
    }
  },
  ALL_MS,
);

test(
  'every panel comes back after the window was loaded again as it was left, and none twice',
  async () => {
    const { server, workbench } = session();
    const { selection: before } = await readState(server);
    expect(before?.voter).not.toBeNull();
    await workbench.reload();
    // The one that was on the screen, by itself.
    const last = PANELS.at(-1)!;
    await panel().locator(last.drawn).first().waitFor({ state: 'attached', timeout: MEASURED_MS });
    await waitForState(workbench.votes, 'ready');
    const { selection, comparison } = await waitForExtension(server, 'Selecting', (state) => state.selection !== null);
    expect(selection).toEqual(before);
    expect(comparison?.folder).toBe(path.join(server.workspace, 'mild'));
    for (const row of PANELS.toReversed()) {
      if (row !== last) await show(row);
      await expect.poll(() => read(row.frame()), { message: row.command }).toEqual(left.get(row));
    }
    const tabs = await server.evaluate((code) =>
      code.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .flatMap(({ input }) => (input instanceof code.TabInputWebview ? [input.viewType] : [])),
    );
    expect(tabs).toHaveLength(PANELS.length - 1);
    expect(new Set(tabs).size).toBe(tabs.length);
  },
  ALL_MS,
);

test('no request leaves the machine', () => {
  expect(session().workbench.external).toEqual([]);
});
