/** @file Train Model… through the palette: runs, is cancelled, resumes, finishes; the trained model loads and is shown. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { waitForExtension } from '../harness/extension';
import { screenshotPath, useSession } from '../harness/session';
import { waitForState } from '../harness/workbench';

const session = useSession({ file: 'story.md', viewport: { width: 1100, height: 720 } });

const TRAINING_MS = 300_000;
/** A preset takes seconds to measure, the largest longest. */
const MEASURED_MS = 60_000;
const NAME = 'harbour';
/** What is trained after resuming. */
const MORE_STEPS = 50;

/** Where this session's training goes. */
let folder = '';

/** The step of the last line of training.jsonl. */
function lastStep(): number {
  const lines = readFileSync(path.join(folder, 'training.jsonl'), 'utf8').trim().split('\n');
  return (JSON.parse(lines.at(-1)!) as { step: number }).step;
}

test('presets tell what they take on this machine, measured again where the user asks', async () => {
  const { workbench } = session();
  await workbench.focusEditor('story.md');
  await workbench.runAndPick('Train Model…', 'Workspace');
  // What is read is told before anything is.
  const read = workbench.quickInput.locator('.monaco-list-row');
  await read.filter({ hasText: /Markdown.*\d+ files?, / }).waitFor();
  await workbench.pick(/Train on \d+ Files/);
  const rows = workbench.quickInput.locator('.monaco-list-row');
  const measuring = rows.filter({ hasText: 'measuring…' });
  const tiny = rows.filter({ hasText: /^tiny.* · about \d+ s · \d+ MB of memory/ });
  await tiny.waitFor({ timeout: MEASURED_MS });
  await expect.poll(() => measuring.count(), { timeout: MEASURED_MS }).toBe(0);
  await workbench.quickInput.getByRole('button', { name: 'Measure Again' }).click();
  await expect.poll(() => measuring.count()).toBeGreaterThan(0);
  await tiny.waitFor({ timeout: MEASURED_MS });
  await workbench.page.keyboard.press('Escape');
  await workbench.quickInput.waitFor({ state: 'hidden' });
}, 150_000);

test('Train Model… asks for text, shows what is read, asks for preset and name, then trains in the background', async () => {
  const { server, workbench } = session();
  await workbench.focusEditor('story.md');
  await workbench.runAndPick('Train Model…', 'Workspace');
  await workbench.pick(/Train on \d+ Files/);
  // Large enough that it is still training when it is cancelled.
  await workbench.pick(/^small/);
  await workbench.answer(NAME);
  const { training } = await waitForExtension(server, 'Training', (state) => (state.training?.step ?? 0) > 0);
  folder = training!.folder;
  expect(path.basename(folder)).toBe(NAME);
  const notification = workbench.notifications.filter({ hasText: `training ${NAME}` });
  await notification.filter({ hasText: /step \d+ of \d+ · [\d.]+ bits per byte/ }).waitFor();
  await workbench.waitForStatus('training');
  await workbench.page.screenshot({ path: screenshotPath('dark-training') });
});

test('cancelling the notification stops it, and what was trained is saved', async () => {
  const { server, workbench } = session();
  const notification = workbench.notifications.filter({ hasText: `training ${NAME}` });
  await notification.hover();
  await notification.getByText('Cancel', { exact: true }).click();
  await waitForExtension(server, 'Stopping', (state) => state.training === null);
  await workbench.notifications.filter({ hasText: `Training of ${NAME} was stopped at step` }).waitFor();
  expect(lastStep()).toBeGreaterThan(0);
  await workbench.clearNotifications();
});

test(
  'Resume Training… goes on from there to the end',
  async () => {
    const { server, workbench } = session();
    const stoppedAt = lastStep();
    await workbench.runAndPick('Resume Training…', NAME);
    await workbench.answer(String(stoppedAt + MORE_STEPS));
    await waitForExtension(server, 'Resuming', (state) => (state.training?.step ?? 0) > stoppedAt);
    await waitForExtension(server, 'Finishing', (state) => state.training === null, TRAINING_MS);
    await workbench.notifications.filter({ hasText: `Training of ${NAME} has finished after` }).waitFor();
    expect(lastStep()).toBe(stoppedAt + MORE_STEPS);
  },
  TRAINING_MS,
);

test('the trained model loads from the notification', async () => {
  const { server, workbench } = session();
  const notification = workbench.notifications.filter({ hasText: `Training of ${NAME} has finished after` });
  await notification.getByText('Load Model', { exact: true }).click();
  await waitForExtension(server, 'Loading', (state) => state.status === 'ready' && state.model === folder);
  await workbench.waitForStatus(NAME);
  await workbench.clearNotifications();
});

test('hover, votes view and heatmap show the trained model', async () => {
  const { workbench } = session();
  await workbench.focusEditor('story.md');
  await workbench.goTo(5, 10);
  const hover = await workbench.hover('Surprise');
  expect(await hover.innerText()).toContain(NAME);
  await workbench.page.keyboard.press('Escape');
  await workbench.runCommand('Open Voter Votes');
  await waitForState(workbench.votes, 'ready');
  expect(await workbench.votes.locator('.provenance').innerText()).toContain(NAME);
  await workbench.focusEditor('story.md');
  await workbench.runCommand('Open Sparsity Heatmap');
  await waitForState(workbench.heatmap, 'ready');
  expect(await workbench.heatmap.locator('.provenance').innerText()).toContain(NAME);
});

test('a model of the workspace is offered by Load Model…, and so is the starter model', async () => {
  const { server, workbench } = session();
  await workbench.focusEditor('story.md');
  await workbench.runCommand('Load Model…');
  await workbench.quickInput.locator('.monaco-list-row', { hasText: NAME }).first().waitFor();
  await workbench.pick('Starter Model');
  await waitForExtension(server, 'Loading the starter model', (state) => /starter$/.test(state.model ?? ''));
});

test('no request leaves the machine', () => {
  expect(session().workbench.external).toEqual([]);
});
