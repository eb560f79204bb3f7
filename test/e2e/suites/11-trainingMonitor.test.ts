/** @file The Training Monitor in a real VS Code: a run as it goes, scrubbing back, hiding, a reload in the middle, going on from there. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readState, waitForExtension } from '../harness/extension';
import { screenshotPath, useSession } from '../harness/session';
import { waitForState } from '../harness/workbench';

const session = useSession({
  file: 'story.md',
  viewport: { width: 1500, height: 940 },
  settings: { 'window.restoreWindows': 'preserve' },
});

const NAME = 'tides';
const folder = () => path.join(session().server.workspace, '.smuggler/models', NAME);

/** Lines of the log that are reports. */
function reports(): { step: number; probe?: object }[] {
  const lines = readFileSync(path.join(folder(), 'training.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as { step: number; end?: string }).filter(({ end }) => end === undefined);
}

const row = () => session().workbench.monitor.locator('.run', { hasText: NAME });

async function followed() {
  return (await readState(session().server)).monitor.runs.find((run) => run.folder === folder());
}

test('it opens from the palette and says what to do where nothing was trained', async () => {
  const { workbench } = session();
  await workbench.focusEditor('story.md');
  await workbench.runCommand('Open Training Monitor');
  await waitForState(workbench.monitor, 'empty');
  expect(await workbench.monitor.locator('.message-text').innerText()).toContain('No training run is shown');
});

test('a run that begins is shown at once, at least twice a second', async () => {
  const { server, workbench } = session();
  await server.evaluate(
    (code, out, text) => {
      void code.commands.executeCommand('smuggler.trainModel', { text: [text], out, preset: 'tiny', steps: 1_000_000 });
    },
    folder(),
    server.workspace,
  );
  await waitForState(workbench.monitor, 'ready');
  await row()
    .getByText(/training · step [\d,]+ of 1,000,000/)
    .waitFor();
  const summary = row().locator('.summary');
  const seen = new Set<string>();
  const begun = performance.now();
  while (performance.now() - begun < 5000) {
    seen.add(await summary.innerText());
    await sleep(60);
  }
  expect((1000 * seen.size) / (performance.now() - begun)).toBeGreaterThanOrEqual(2);
});

test('it shows voters, densities and a sample while the run goes on', async () => {
  const { workbench } = session();
  const { monitor } = workbench;
  await monitor.locator('.chart:nth-child(2) .mark-circle.slot-0[d^=M]').waitFor({ state: 'attached' });
  await monitor.locator('.sample .written').filter({ hasText: /./ }).waitFor();
  expect(await monitor.locator('aside').innerText()).toMatch(/Effective voters, 1-bits\s+[\d.]+/);
  await monitor.locator('.bars[d^=M]').waitFor({ state: 'attached' });
  await waitForExtension(session().server, 'Learning for a while', (state) => (state.training?.step ?? 0) > 400);
  await session().server.evaluate((code) => code.commands.executeCommand('notifications.hideToasts'));
  await workbench.page.screenshot({ path: screenshotPath('dark-monitor') });
});

test('looking back holds still, and Escape follows the newest again', async () => {
  const { monitor } = session().workbench;
  const slider = monitor.locator('input[type=range]');
  await slider.focus();
  await slider.press('Home');
  await monitor.locator('.place', { hasText: /^step / }).waitFor();
  const place = await monitor.locator('.place').innerText();
  const figures = monitor.locator('aside td').first();
  await expect.poll(() => figures.innerText(), { timeout: 10_000 }).toBe(place.replace('step ', ''));
  const { reports: before } = (await followed())!;
  await expect.poll(async () => (await followed())!.reports, { timeout: 20_000 }).toBeGreaterThan(before + 2);
  expect(await monitor.locator('.place').innerText()).toBe(place);
  expect(await figures.innerText()).toBe(place.replace('step ', ''));
  await slider.press('Escape');
  await monitor.locator('.place', { hasText: /^the newest/ }).waitFor();
});

test('nothing is lost while it is hidden', async () => {
  const { server, workbench } = session();
  await server.evaluate(async (code) => {
    const tab = code.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .find(({ input }) => input instanceof code.TabInputWebview && input.viewType.includes('trainingMonitor'));
    const document = await code.workspace.openTextDocument({ content: 'in front of the monitor' });
    await code.window.showTextDocument(document, { viewColumn: tab!.group.viewColumn });
  });
  const hidden = (await followed())!.reports;
  await sleep(2500);
  await workbench.runCommand('Open Training Monitor');
  await waitForState(workbench.monitor, 'ready');
  await expect.poll(async () => (await followed())!.reports, { timeout: 20_000 }).toBeGreaterThan(hidden + 4);
  const { reports: now } = (await followed())!;
  expect(Math.abs(reports().length - now)).toBeLessThan(6);
});

test('a reload ends the run with what it learned, and the monitor comes back with it', async () => {
  const { server, workbench } = session();
  await workbench.reload();
  await waitForState(workbench.monitor, 'ready');
  // It saves within its grace, or was too busy to say so: the log is there in either case.
  await row()
    .getByText(/(stopped|interrupted) · step/)
    .waitFor({ timeout: 60_000 });
  const run = (await waitForExtension(server, 'Finding the run', (state) => state.monitor.runs.length > 0)).monitor
    .runs;
  expect(run.map((one) => one.folder)).toEqual([folder()]);
  expect(run[0]!.reports).toBe(reports().length);
  expect(await workbench.monitor.locator('.chart:first-child .line').first().getAttribute('d')).toMatch(/^M.*L/);
});

test('from there it goes on by its own button, and is stopped by another', async () => {
  const { server } = session();
  const before = reports().at(-1)!.step;
  await row().getByText('Resume Training').click();
  await row()
    .getByText(/training · step/)
    .waitFor({ timeout: 60_000 });
  await waitForExtension(server, 'Going on', (state) => (state.training?.step ?? 0) > before);
  await row().getByText('Stop', { exact: true }).click();
  await row()
    .getByText(/stopped · step/)
    .waitFor({ timeout: 60_000 });
  const steps = reports().map(({ step }) => step);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(new Set(steps).size).toBe(steps.length);
  expect(steps.at(-1)).toBeGreaterThan(before);
});

test('no request leaves the machine', () => {
  expect(session().workbench.external).toEqual([]);
});
