/** @file The first minute: colours with one offer, a click on a strongly coloured word, the voters that failed. */
import { expect, test } from 'vitest';
import { readState, waitForExtension } from '../harness/extension';
import { useSession } from '../harness/session';
import { APPEAR_MS, waitForState } from '../harness/workbench';

const session = useSession({ file: 'story.md', settings: { 'smuggler.textColours': 'offer' } });

test('the open text is coloured by surprise, with one offer; what is kept becomes the setting', async () => {
  const { server, workbench } = session();
  const { colours } = await waitForExtension(server, 'Colouring', (state) => (state.colours?.chunks ?? 0) > 0);
  expect(colours?.measure).toBe('surprise');
  const offer = workbench.notifications.filter({ hasText: 'The text is coloured by how much it surprised' });
  await offer.waitFor({ timeout: APPEAR_MS });
  expect(await offer.locator('.monaco-button').allInnerTexts()).toEqual(['Keep Colours', 'Turn Off']);
  await offer.locator('.monaco-button', { hasText: 'Keep Colours' }).click();
  const setting = () => server.evaluate((code) => code.workspace.getConfiguration('smuggler').get('textColours'));
  await expect.poll(setting, { timeout: APPEAR_MS }).toBe('surprise');
  expect((await readState(server)).colours?.measure).toBe('surprise');
});

test('a click on a strongly coloured word shows the votes with the voters that failed, and the text keeps the focus', async () => {
  const { server, workbench } = session();
  const { page } = workbench;
  // The strongest background of all that is coloured.
  const place = await page.locator('.view-overlays .cdr').evaluateAll((nodes) => {
    const shown = nodes.map((node) => {
      const alpha = Number(/, ([\d.]+)\)$/.exec(getComputedStyle(node).backgroundColor)?.[1] ?? 0);
      const { x, y, width, height } = node.getBoundingClientRect();
      return { alpha, x: x + width / 4, y: y + height / 2 };
    });
    return shown.reduce((most, each) => (each.alpha > most.alpha ? each : most));
  });
  expect(place.alpha).toBeGreaterThan(0.3);
  await page.mouse.click(place.x, place.y);
  await waitForState(workbench.votes, 'ready');
  const chips = workbench.votes.locator('.voter-chips', { hasText: 'Who failed' }).locator('.chip');
  await chips.first().waitFor({ timeout: APPEAR_MS });
  for (const chip of await chips.allInnerTexts()) expect(chip).toMatch(/\d+\/\d+/);
  expect((await readState(server)).selection).not.toBeNull();
  // The view took room from the text, and the word that was clicked is still in sight.
  await expect
    .poll(() =>
      server.evaluate((code) => {
        const editor = code.window.activeTextEditor!;
        return editor.visibleRanges.some((range) => range.contains(editor.selection.active));
      }),
    )
    .toBe(true);
  await page.locator('.editor-instance .monaco-editor.focused').first().waitFor();
});

test('the offer is not made again', async () => {
  const { server, workbench } = session();
  await server.evaluate((code) =>
    code.workspace.getConfiguration('smuggler').update('textColours', undefined, code.ConfigurationTarget.Global),
  );
  await workbench.reload();
  await waitForExtension(server, 'Loading', (state) => state.status === 'ready');
  expect((await readState(server)).colours).toBeNull();
  expect(await workbench.notifications.filter({ hasText: 'coloured' }).count()).toBe(0);
});
