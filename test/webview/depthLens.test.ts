/** @file The Depth Lens in Chromium: what it draws, how it is used by pointer and keyboard, its tables, and that it can be read in every theme. */
import { describe, expect, it } from 'vitest';
import { THEME_NAMES } from './themes';
import { useView } from './useView';

const { open, sent, asked, view } = useView('depthLens', { width: 1180, height: 760 });

async function show(index = 30, isWhole = true): Promise<void> {
  await view.page.evaluate(
    ([chunk, whole]) => {
      const state = window.fake.depthLens(798, chunk, whole);
      return window.fake.send(state, { offset: 4 * chunk, bit: null, voter: null, locked: false });
    },
    [index, isWhole] as const,
  );
  await view.page.waitForSelector(`body[data-state=ready][data-offset="${4 * index}"]`);
}

/** The middle of a cell in client coordinates. */
async function cell(depth: number, column: number): Promise<{ x: number; y: number }> {
  const box = await view.page
    .locator('.lens svg > g:first-child > g > rect')
    .nth(17 * depth + column)
    .boundingBox();
  return { x: box!.x + box!.width / 2, y: box!.y + box!.height / 2 };
}

const words = () => view.page.innerText('.depth-words');

describe('drawing', () => {
  it('says in words what happens, names every depth and how it is read, and writes the likeliest chunk into each cell', async () => {
    await open();
    await show();
    const text = await view.page.innerText('.sentences');
    expect(text).toMatch(
      /^At the end “.*” is the likeliest chunk \(p [\d.]+\), not “vote”.* Surprise falls from [\d.]+ bits without the trunk to [\d.]+, most at .* \(−/,
    );
    const explained = await view.page.innerText('.explanation');
    expect(explained).toMatch(
      /^Trunk: .*without it they hear at most the bytes and bits just before theirs\. Fitted map: /,
    );
    const labels = await view.page.locator('.lens text').allTextContents();
    for (const label of [
      'No trunk',
      'mean only',
      'Transformer 4',
      'fitted, R² 0.65',
      'Decoder 1',
      'the model itself',
    ]) {
      expect(labels).toContain(label);
    }
    const state = await view.page.evaluate(() => {
      const { tops, surprise, texts } = window.fake.depthLens(798, 30);
      return {
        tops,
        texts,
        least: surprise.indexOf(Math.min(...surprise)),
        most: surprise.indexOf(Math.max(...surprise)),
      };
    });
    const cells = view.page.locator('.lens svg > g:first-child > g');
    expect(await cells.locator('text').allTextContents()).toEqual(state.tops.map((top) => top!.text));
    // Marked where the likeliest is the real text.
    const marks = await cells
      .locator('path')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d') !== ''));
    expect(marks).toEqual(state.tops.map((top) => top!.isReal));
    const blue = async (at: number) => {
      const fill = await cells.nth(at).locator('rect').getAttribute('fill');
      return fill!.match(/\d+/g)!.map(Number);
    };
    // Dark blue for little, towards yellow for much.
    expect((await blue(state.least))[0]).toBeLessThan((await blue(state.most))[0]!);
    expect(await view.page.innerText('.shape-key')).toMatch(
      /Maps fitted on 5,136 chunks of 6 sample texts.*Memory is no part/,
    );
  });

  it('shows the chunk alone until those around it are known', async () => {
    await open();
    await show(30, false);
    expect(await view.page.locator('.lens svg > g:first-child > g').count()).toBe(11);
    expect(await view.page.locator('.lens .unknown').getAttribute('d')).not.toBe('');
    await show(30);
    expect(await view.page.locator('.lens svg > g:first-child > g').count()).toBe(11 * 17);
    expect(await view.page.locator('.lens .unknown').getAttribute('d')).toBe('');
  });

  it('crosses out every bit that is decided wrong', async () => {
    await open();
    await show();
    const wrong = await view.page.evaluate(() => {
      const { probabilities, bits } = window.fake.depthLens(798, 30);
      return probabilities.filter((p, at) => p >= 0.5 !== (bits[at % 32] === 1)).length;
    });
    expect((await view.page.locator('.bits .wrong').getAttribute('d'))!.match(/M/g)).toHaveLength(wrong);
  });

  it.each(THEME_NAMES)('is accessible in %s', async (theme) => {
    await open({ theme });
    await show();
    expect(await view.audit()).toEqual([]);
  });
});

describe('using', () => {
  it('a click chooses the depth, moves the caret to the chunk and locks it; a second click unlocks it', async () => {
    await open();
    await show();
    const { x, y } = await cell(4, 10);
    await view.page.mouse.move(x, y);
    expect(await view.page.innerText('.tooltip')).toMatch(/^Downsampling 1, “.*” \(chunk 33\)\nlikeliest: /);
    await view.page.mouse.click(x, y);
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 4 * 32, locked: true }, reveal: true });
    expect(await words()).toMatch(/^Downsampling 1: A fitted map .* It has one output for 2 chunks\.$/);
    // Another depth of the same chunk is not the same thing.
    const other = await cell(0, 10);
    await view.page.mouse.click(other.x, other.y);
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 4 * 32, locked: true } });
    expect(await words()).toMatch(/^No trunk: /);
    await view.page.mouse.click(other.x, other.y);
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 4 * 32, locked: false } });
  });

  it('a click on a bit locks its depth', async () => {
    await open();
    await show();
    const bit = (await view.page.locator('.bits svg > g:first-child > rect').first().boundingBox())!;
    await view.page.mouse.click(bit.x + 3, bit.y + 3);
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 4 * 30, locked: true } });
    expect(await words()).toMatch(/^No trunk: /);
  });

  it('columns stay where they are while the chunk is among them', async () => {
    await open({ width: 820 });
    await show();
    const heads = () => view.page.locator('.lens text.code[y="13"]').allTextContents();
    const shown = await heads();
    expect(shown.length).toBeLessThan(15);
    await show(30 + 2);
    expect(await heads()).toEqual(shown);
    await show(30 + 12);
    expect(await heads()).not.toEqual(shown);
  });

  it('by keyboard, and each place is said', async () => {
    await open();
    await show();
    await view.page.focus('.lens');
    await view.page.keyboard.press('ArrowUp');
    expect(await words()).toMatch(/^Upsampling 1: /);
    expect(await view.page.innerText('[aria-live].visually-hidden')).toMatch(
      /^Upsampling 1, “vote” \(chunk 31\), likeliest/,
    );
    await view.page.keyboard.press('ArrowLeft');
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 116 }, reveal: true });
    await view.page.keyboard.press('PageDown');
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 148 }, reveal: true });
    await view.page.keyboard.press('Enter');
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { locked: true }, reveal: false });
  });

  it('another reading is asked for, and what is chosen outlives a reload', async () => {
    await open();
    await show();
    await view.page.selectOption('.controls select >> nth=1', 'direct');
    expect(await asked()).toEqual([{ kind: 'read', reading: 'direct' }]);
    await view.page.selectOption('.controls select >> nth=0', 'wrongBits');
    await view.page.locator('.lens').press('Home');
    const saved = await view.page.evaluate(() => window.fake.saved());
    await open({ saved });
    await show();
    expect(await view.page.innerText('.legend-title >> nth=0')).toBe('Bits decided wrong, per chunk');
    expect(await words()).toMatch(/^No trunk: /);
  });

  it('the tables have all numbers', async () => {
    await open();
    await show();
    await view.page.click('text=Table');
    const tables = view.page.locator('.tables table');
    expect(await tables.count()).toBe(3);
    expect(await tables.nth(0).locator('tbody tr').count()).toBe(11);
    expect(await tables.nth(1).locator('thead th').count()).toBe(18);
    expect(await tables.nth(2).locator('thead th').count()).toBe(33);
    expect(await view.page.isHidden('.lens')).toBe(true);
  });
});
