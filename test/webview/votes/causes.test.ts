/** @file Causes in the Voter votes view: sentence, bars over the text and table, by pointer and keyboard, in every look. */
import { describe, expect, it } from 'vitest';
import { useView } from '../useView';
import { inEveryLook } from './votesPage';

const WIDE = { width: 1500, height: 340 };
const { open, sent, asked, view } = useView('votes', WIDE);

/** Shows chunk 3 with 12 causes, of which the last but one did most, and the second less with the other sign. */
async function show(isKnown = true, failure: string | null = null): Promise<void> {
  await view.page.evaluate(
    ([known, sentence]) => {
      const state = window.fake.explained(window.fake.votes(3, 16), known, sentence);
      return window.fake.send(state, { offset: 12, bit: null, voter: null, locked: false });
    },
    [isKnown, failure] as const,
  );
  await view.page.waitForSelector('body[data-state=ready]');
}

describe('causes', () => {
  it('stand below the summary: words first, then a bar for each piece of text, in its direction', async () => {
    await open();
    await show();
    expect(await view.page.innerText('.causes-pane h2')).toMatch(/^Causes of “.+”$/);
    expect(await view.page.innerText('.causes-message')).toContain(
      'By occlusion, “␣␣e↵”, 2 chunks back (−4) and “␣␣e↵”, 11 chunks back (+2.5) contributed most',
    );
    const pieces = view.page.locator('.cause');
    expect(await pieces.count()).toBe(12);
    const boxes = await view.page.locator('.cause-bar').evaluateAll((bars) =>
      bars.map((bar) => {
        const line = bar.parentElement!.getBoundingClientRect();
        const { top, bottom, height } = bar.getBoundingClientRect();
        const middle = (line.top + line.bottom) / 2;
        return { side: height === 0 ? 0 : Math.sign(middle - (top + bottom) / 2), height };
      }),
    );
    expect(boxes[10]!.side).toBe(-1);
    expect(boxes[1]!.side).toBe(1);
    expect(boxes[1]!.height / boxes[10]!.height).toBeCloseTo(2.5 / 4, 1);
    expect(await view.page.innerText('.causes-key')).toContain('highest ±4 · N = 12 chunks');
  });

  it('say what memory made of it, and lead to where that read', async () => {
    await open();
    await show();
    expect(await view.page.innerText('.causes-message')).not.toContain('With memory');
    await view.page.evaluate(() => {
      const state = window.fake.remembered(window.fake.explained(window.fake.votes(3, 16)));
      return window.fake.send(state, { offset: 12, bit: null, voter: null, locked: false });
    });
    const link = view.page.locator('.causes-message button').last();
    await link.waitFor();
    expect(await view.page.innerText('.causes-message')).toMatch(
      /With memory it took [\d.]+ bits; most was done by its .+ voter, which read line 2 \(.+; without it .+ bits more\)\.$/,
    );
    await link.click();
    expect((await asked()).at(-1)).toEqual({ kind: 'pinCauses', pinned: true });
    expect((await sent('select')).at(-1)).toMatchObject({ reveal: true, selection: { offset: 8 } });
  });

  it('of a bit that is selected have a way back to the whole chunk: a button, and Escape', async () => {
    await open();
    await show();
    const whole = view.page.locator('.causes-whole');
    expect(await whole.isVisible()).toBe(false);
    const select = (bit: number | null): Promise<unknown> =>
      view.page.evaluate((chosen) => {
        const state = window.fake.explained(window.fake.votes(3, 16));
        const result = { ...state.causes!.result!, target: { kind: 'bit', bit: 3 } as const };
        const causes = { ...state.causes!, ...(chosen === null ? {} : { result }) };
        return window.fake.send({ ...state, causes }, { offset: 12, bit: chosen, voter: null, locked: false });
      }, bit);
    await select(3);
    await whole.click();
    const chunk = { selection: { offset: 12, bit: null, voter: null, locked: false }, reveal: false };
    expect((await sent('select')).at(-1)).toMatchObject(chunk);
    await open();
    await select(3);
    await view.page.keyboard.press('Escape');
    expect(await sent('select')).toHaveLength(1);
    expect((await sent('select')).at(-1)).toMatchObject(chunk);
    await view.page.keyboard.press('Escape');
    expect(await sent('select')).toHaveLength(1);
  });

  it('go to their text by a click and by keyboard', async () => {
    await open();
    await show();
    await view.page.locator('.cause').nth(2).click();
    // What was asked stays, though the caret goes there.
    expect((await asked()).at(-1)).toEqual({ kind: 'pinCauses', pinned: true });
    expect((await sent('select')).at(-1)).toMatchObject({ reveal: true, selection: { offset: 8, bit: null } });
    // The strongest is the one that Tab reaches.
    expect(await view.page.locator('.cause[tabindex="0"]').getAttribute('aria-label')).toBe(
      '“␣␣e↵”, 2 chunks back: −4 bits of surprise. Go there',
    );
    await view.page.locator('.cause[tabindex="0"]').focus();
    await view.page.keyboard.press('ArrowLeft');
    await view.page.keyboard.press('Enter');
    expect((await sent('select')).at(-1)).toMatchObject({ reveal: true, selection: { offset: 36 } });
  });

  it('are found by the method that is chosen', async () => {
    await open();
    await show();
    await view.page.getByLabel('Method').selectOption('integrated');
    expect((await asked()).at(-1)).toEqual({ kind: 'findCauses', method: 'integrated', unit: 'chunk' });
  });

  it('are a table where numbers are wanted, the strongest first', async () => {
    await open();
    await show();
    await view.page.click('.table-toggle');
    // The bars are not there, and nothing is said of them.
    expect(await view.page.innerText('.causes-key')).toMatch(/^N = 12 chunks/);
    expect(await view.page.isVisible('.causes-strip')).toBe(false);
    const rows = await view.page.locator('.causes-table tbody tr').allInnerTexts();
    expect(rows).toHaveLength(12);
    expect(rows[0]!.split('\t').slice(1)).toEqual(['2 chunks back', '40', '−4']);
  });

  it('are of the pieces of text that are chosen, and stay while the caret moves where they are pinned', async () => {
    await open();
    await show();
    await view.page.selectOption('.causes-head select >> nth=1', 'word');
    expect((await asked()).at(-1)).toEqual({ kind: 'findCauses', method: 'occlusion', unit: 'word' });
    await view.page.getByRole('button', { name: 'Pin', exact: true }).press('Enter');
    expect((await asked()).at(-1)).toEqual({ kind: 'pinCauses', pinned: true });
    await view.page.evaluate(() => {
      const { causes } = window.fake.explained(window.fake.votes(3, 16));
      return window.fake.send({ ...window.fake.votes(5, 16), causes: { ...causes!, isPinned: true } });
    });
    expect(await view.page.innerText('.causes-message')).toMatch(/^Pinned, at byte 12\. By occlusion, /);
    await view.page.getByRole('button', { name: 'Pinned' }).click();
    expect((await asked()).at(-1)).toEqual({ kind: 'pinCauses', pinned: false });
  });

  it('begin with sentences whose clauses lead to the voter and to the text', async () => {
    await open();
    await show();
    const voter = view.page.locator('.causes-message .line-link').first();
    const said = await view.page.innerText('.causes-message');
    const [, bit, number] = /at bit (\d+)[^;]*? voter (\d+) voted/.exec(said)!;
    expect(await voter.innerText()).toBe(`voter ${number}`);
    await voter.press('Enter');
    expect((await sent('select')).at(-1)).toMatchObject({
      selection: { offset: 12, bit: Number(bit), voter: Number(number) },
    });
    await view.page.getByRole('button', { name: '“␣␣e↵”, 11 chunks back', exact: true }).click();
    expect((await sent('select')).at(-1)).toMatchObject({ reveal: true, selection: { offset: 4 } });
  });

  it('wait for an answer, say what failed, and hide where they are off', async () => {
    await open();
    await show(false);
    expect(await view.page.innerText('.causes-message')).toBe('Looking for what contributed…');
    await show(false, 'The model has gone.');
    expect(await view.page.innerText('.causes-message')).toBe('The model has gone.');
    await show();
    await show(false);
    expect(await view.page.locator('.cause').count()).toBe(12);
    expect(await view.page.getAttribute('.causes-pane', 'aria-busy')).toBe('true');
    await view.page.evaluate(() => window.fake.send({ ...window.fake.votes(3, 16), causes: null }));
    await view.page.waitForSelector('.causes-pane', { state: 'hidden' });
    expect(await view.page.getAttribute('.causes-toggle', 'aria-pressed')).toBe('false');
    await view.page.click('.causes-toggle');
    expect((await sent('command')).at(-1)).toEqual({ type: 'command', command: 'smuggler.showCauses' });
  });
});

it('the votes keep their height in a short panel', async () => {
  await open({ width: 920, height: 230 });
  await show();
  expect((await view.page.locator('.matrix').boundingBox())!.height).toBeGreaterThan(120);
  await view.screenshot('votes-dark-short-causes');
});

describe('its looks', () => {
  inEveryLook(
    open,
    { panel: WIDE, half: { width: 450, height: 700 }, sideBar: { width: 320, height: 1100 } },
    async (name) => {
      await show();
      await view.screenshot(`${name}-causes`);
      expect(await view.audit()).toEqual([]);
    },
  );
});
