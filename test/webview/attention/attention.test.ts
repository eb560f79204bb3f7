/** @file The Attention panel in Chromium: what it draws and says, and how it is used by pointer, keyboard and screen reader. */
import { describe, expect, it } from 'vitest';
import type { AttentionReady } from '../../../model/protocol/panels/attention';
import { settled } from '../shown';
import { THEME_NAMES } from '../themes';
import { useView } from '../useView';

const WIDE = { width: 1300, height: 900 };
const { open, view, sent, asked } = useView('attention', WIDE);

/** Chunk 240 repeats what came before it in its window. */
async function show(change: Partial<AttentionReady> = {}, index = 240): Promise<void> {
  await view.page.evaluate(
    ([chunk, given]) => {
      const selection = { offset: 4 * chunk, bit: null, voter: null, locked: false };
      return window.fake.send(window.fake.attention(chunk, given), selection);
    },
    [index, change] as const,
  );
  await view.page.waitForSelector(`body[data-state=ready][data-offset="${4 * index}"]`);
}

const levels = () =>
  view.page.evaluate(() =>
    Array.from(document.querySelectorAll<HTMLElement>('.place-text'), (place) =>
      Number(place.style.getPropertyValue('--level')),
    ),
  );
const chosenHead = () => view.page.locator('.head-cell[aria-pressed=true] .head-title span').first().innerText();
const firstColumn = () =>
  view.page.evaluate(() =>
    Array.from(document.querySelectorAll('.finder tbody tr[data-head] th'), (cell) => cell.textContent),
  );

describe('drawing', () => {
  it('shows the text in its places, the largest weight strongest, and the chunk that is predicted', async () => {
    await open();
    await show();
    const expected = await view.page.evaluate(() => {
      const { at } = window.fake.attention(240);
      const n = at.places.length;
      const mean = Array.from({ length: n }, (_, place) =>
        at.weights.reduce((sum, weight, i) => (i % n === place ? sum + weight : sum), 0),
      );
      return { text: at.places.map(({ text }) => text).join('') + at.unread + at.text, mean };
    });
    expect(await view.page.locator('.text-places').evaluate((node) => node.textContent)).toBe(expected.text);
    const shown = await levels();
    const most = Math.max(...expected.mean);
    shown.forEach((level, place) => {
      expect(level).toBeCloseTo(expected.mean[place]! / most, 2);
    });
    expect(await view.page.innerText('h1')).toMatch(/^“.+” at byte 960: heads read \d+ places of 8 bytes$/);
  });

  it('says what the most decided head looks at, each clause with its number, and what weights are not', async () => {
    await open();
    await show();
    expect(await view.page.innerText('.said-text')).toMatch(
      /^Block \d head \d looks most at “.+”, \d+ bytes back, .+ \(\d+ %, [\d.]+ % if it read all places alike\); entropy [\d.]+ of at most [\d.]+ bits\.$/,
    );
    expect(await view.page.innerText('.caution')).toContain('not what caused the prediction');
    await view.page.click('.show-causes');
    expect(await asked()).toEqual(['causes']);
  });

  it('shows every head small, with what it looks at', async () => {
    await open();
    await show();
    expect(await view.page.locator('.head-cell').count()).toBe(9);
    const texts = await view.page.locator('.head-cell').allInnerTexts();
    expect(texts[0]).toMatch(/^all heads/);
    expect(texts[1]).toMatch(/head 1[\s\S]*7\d %[\s\S]*previous place/);
    expect(texts[1]).toMatch(/max 7\d %/);
    expect(texts[6]).toMatch(/same text earlier 6\d\u00a0%/);
    const cut = await view.page
      .locator('.head-kind')
      .evaluateAll((kinds) => kinds.filter((kind) => kind.scrollWidth > kind.clientWidth).length);
    expect(cut).toBe(0);
    // The four heads of a block stand beside each other.
    const tops = await view.page
      .locator('.head-cell')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().top));
    expect(new Set(tops).size).toBe(3);
    const bars = await view.page.evaluate(() =>
      Array.from(document.querySelectorAll('.head-bars'), (path) => path.getAttribute('d')!.split('M').length - 1),
    );
    expect(new Set(bars)).toEqual(new Set([await view.page.locator('.place-text').count()]));
  });

  it('says where its numbers come from', async () => {
    await open();
    await show();
    const text = await view.page.innerText('.provenance');
    for (const part of ['starter', '3f9c1ab27d40', 'N = 1 chunk', 'positions over the document', 'order.ts']) {
      expect(text).toContain(part);
    }
    expect(await view.page.innerText('.finder-measured')).toMatch(
      /^Means over N = \d+ positions \(300 chunks\); \d+ of them/,
    );
  });

  it('draws the beginning of a text, where there is nothing to read', async () => {
    await open();
    await show({ findings: null }, 0);
    expect(await view.page.locator('.place-text').count()).toBe(1);
    await view.page.locator('.place-text').click({ force: true });
    expect(await sent('select')).toEqual([]);
    expect(await view.page.innerText('.finder-status')).toContain('too short');
    expect(await view.page.locator('.finder .table-pane').isVisible()).toBe(false);
  });
});

describe('choosing a head', () => {
  it('a head that is clicked weighs the text, and is said first; again, all are shown', async () => {
    await open();
    await show();
    await view.page.click('.head-cell >> nth=6');
    const expected = await view.page.evaluate(() => {
      const { at } = window.fake.attention(240);
      const n = at.places.length;
      return Array.from(at.weights.subarray(5 * n, 6 * n));
    });
    const most = Math.max(...expected);
    (await levels()).forEach((level, place) => {
      expect(level).toBeCloseTo(expected[place]! / most, 2);
    });
    expect(await view.page.innerText('.said-text')).toMatch(
      /^Block 2 head 2 looks most at “.+”, \d+ bytes back, the same text earlier, “.+” \(6\d %, [\d.]+ % if it read all places alike\)/,
    );
    expect(await view.page.evaluate(() => window.fake.saved())).toMatchObject({ head: 5 });
    await view.page.click('text=Show All Heads');
    expect(await chosenHead()).toBe('all heads');
    await view.page.click('text=Show This Head');
    expect(await chosenHead()).not.toBe('all heads');
  });

  it('is kept while the caret moves, and over a reload', async () => {
    await open({ saved: { version: 1, head: 2, table: false, sort: 'head', ascending: false } });
    await show();
    expect(await chosenHead()).toBe('head 3');
    await show({}, 244);
    expect(await chosenHead()).toBe('head 3');
    expect((await firstColumn())[0]).toBe('block 1 head 1');
  });

  it('the keyboard goes through the heads as they stand, and chooses', async () => {
    await open();
    await show();
    await view.page.focus('.head-cell[tabindex="0"]');
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown']) await view.page.keyboard.press(key);
    await view.page.keyboard.press('Enter');
    expect(await view.page.innerText('.said-text')).toMatch(/^Block 2 head 2/);
    expect(await view.page.locator('.head-cell[tabindex="0"]').count()).toBe(1);
  });
});

describe('the text', () => {
  it('a place that is clicked is locked, and shown in the editor', async () => {
    await open();
    await show();
    const offset = await view.page.evaluate(() => window.fake.attention(240).at.places[5]!.offset);
    await view.page.locator('.place-text >> nth=5').click();
    expect(await sent('select')).toEqual([
      { type: 'select', selection: { offset, bit: null, voter: null, locked: true }, reveal: true },
    ]);
  });

  it('the keyboard begins at the largest weight, moves, and goes to the text', async () => {
    await open();
    await show();
    const shown = await levels();
    const strongest = shown.indexOf(1);
    await view.page.focus('.place-text[tabindex="0"]');
    const label = () => view.page.evaluate(() => document.activeElement!.getAttribute('aria-label'));
    const offsets = await view.page.evaluate(() => window.fake.attention(240).at.places.map(({ offset }) => offset));
    expect(await label()).toMatch(/^“.+”, .*: \d+(\.\d)? %$/);
    await view.page.keyboard.press('ArrowLeft');
    await view.page.keyboard.press('Enter');
    expect((await sent('select')).map(({ selection }) => selection.offset)).toEqual([offsets[strongest - 1]]);
  });

  it('is a table, too: each place with what it is and its weight, largest first', async () => {
    await open();
    await show();
    await view.page.click('.head-cell >> nth=6');
    await view.page.click('.table-toggle');
    expect(await view.page.locator('.text-places').isVisible()).toBe(false);
    const rows = await view.page.locator('.places-table tbody tr').allInnerTexts();
    expect(rows).toHaveLength(await view.page.evaluate(() => window.fake.attention(240).at.places.length));
    expect(rows[0]).toMatch(/^“.*”\s+\d+ bytes back\s+\d+\s+same text earlier.*\s+\d+ %$/);
  });
});

describe('the head finder', () => {
  it('has the heads that look most decidedly first, and sorts by any column, both ways', async () => {
    await open();
    await show();
    expect(await view.page.getAttribute('.finder th >> nth=1', 'aria-sort')).toBe('descending');
    const looks = await view.page.locator('.finder tbody tr[data-head] td:nth-child(2)').allInnerTexts();
    expect(looks.at(-1)).toBe('other places');
    expect(looks[0]).toMatch(/^[a-z ]+ [\d.]+ % \(all alike: [\d.]+ %\)$/);
    expect(await view.page.innerText('.finder th >> nth=1')).toContain('most above “all alike”');
    expect(await view.page.innerText('.finder')).toContain(
      '“other places”: no kind of place has at least 10 % of the head’s weight more than if it read all places alike.',
    );
    const cell = view.page.locator('.head-cell', { hasText: 'other places' }).first();
    expect(await cell.getAttribute('title')).toContain('no kind of place has at least 10 %');
    await view.page.click('.sort:text("same text earlier")');
    expect((await firstColumn())[0]).toBe('block 2 head 2');
    await view.page.click('.sort:text("after the same text")');
    expect((await firstColumn())[0]).toBe('block 2 head 3');
    await view.page.click('.sort:text("line start")');
    expect((await firstColumn())[0]).toBe('block 1 head 3');
    await view.page.click('.sort:text("Head")');
    const down = await firstColumn();
    expect(down[0]).toBe('block 1 head 1');
    await view.page.click('.sort:text("Head")');
    expect(await firstColumn()).toEqual(down.toReversed());
    expect(await view.page.evaluate(() => window.fake.saved())).toMatchObject({ sort: 'head', ascending: true });
  });

  it('says how many columns are out of sight in little room, brings them into it, and keeps the heads’ names', async () => {
    await open({ width: 470, height: 1500 });
    await show();
    await settled(view.page);
    const more = view.page.locator('.more-columns');
    expect(await more.innerText()).toMatch(/^[3-8] more columns ▸$/);
    const pane = (await view.page.locator('.finder .table-pane').boundingBox())!;
    for (let clicks = 0; clicks < 9 && (await more.innerText()).endsWith('▸'); clicks++) {
      await more.click();
      await settled(view.page);
    }
    const last = (await view.page.locator('.finder thead th').last().boundingBox())!;
    expect(last.x + last.width).toBeLessThanOrEqual(pane.x + pane.width + 1);
    expect((await view.page.locator('.finder tbody th').nth(1).boundingBox())!.x).toBeCloseTo(pane.x, 0);
  });

  it('shows beside the heads what one has that reads all places alike', async () => {
    await open();
    await show();
    const even = await view.page.innerText('.finder tr.even');
    expect(even).toMatch(/^all alike/);
    expect(even.match(/[\d.]+ %/g)).toHaveLength(6);
  });

  it('a row chooses its head, and says so', async () => {
    await open();
    await show();
    await view.page.click('.finder tr[data-head="6"] button');
    expect(await chosenHead()).toBe('head 3');
    expect(await view.page.getAttribute('.finder tr[data-head="6"]', 'aria-current')).toBe('true');
    expect(await view.page.evaluate(() => document.activeElement!.closest('tr')?.dataset['head'])).toBe('6');
  });

  it('tells how far it is and can be cancelled; asks again where the text has changed or it failed', async () => {
    await open();
    await show({ findings: null, work: { words: 'Running the model', share: 0.25 } });
    expect(await view.page.innerText('.finder-status')).toBe('Running the model… 25 %');
    await view.page.click('text=Cancel');
    await show({ failure: 'Cancelled.', findings: null });
    expect(await view.page.innerText('.finder-status')).toBe('Cancelled.');
    await view.page.click('text=Measure Again');
    expect(await asked()).toEqual(['cancel', 'measure']);
    await show({ outdated: true });
    expect(await view.page.innerText('.finder-status')).toContain('has changed');
  });
});

describe('everywhere', () => {
  it.each(THEME_NAMES)('is accessible in %s', async (theme) => {
    const opened = await open({ theme });
    await show();
    await settled(view.page);
    await opened.screenshot(`attention-${theme}`);
    expect(await view.audit()).toEqual([]);
    await view.page.click('.head-cell >> nth=6');
    await view.page.click('.table-toggle');
    expect(await view.audit()).toEqual([]);
  });

  it('half a narrow window', async () => {
    const opened = await open({ width: 450, height: 1500 });
    await show();
    await settled(view.page);
    await opened.screenshot('attention-narrow');
    expect(await view.audit()).toEqual([]);
  });
});
