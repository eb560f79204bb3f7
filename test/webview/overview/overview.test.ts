/** @file The Model overview in Chromium: what it draws, and how it is used by pointer, keyboard and screen reader. */
import { describe, expect, it } from 'vitest';
import { networkBlocks } from '../../../model/network/blocks';
import type { ModelConfig } from '../../../model/network/config';
import type { PlainOverview } from './overviewState';
import { CONFIG, overview, showOverview } from './overviewState';
import { THEME_NAMES } from '../themes';
import { useView } from '../useView';

const WIDE = { width: 1100, height: 700 };
const { open, sent, view } = useView('overview', WIDE);

const show = (state?: PlainOverview): Promise<void> => showOverview(view.page, state);

/** Left and top of a block's box, by its name. */
async function place(name: string): Promise<{ x: number; y: number; width: number }> {
  const box = await view.page.locator('.block', { hasText: name }).first().locator('.box').boundingBox();
  if (box === null) throw new Error(`${name} is not visible.`);
  return box;
}

const focused = () =>
  view.page.evaluate(
    () => `${document.activeElement?.textContent}: ${document.activeElement?.getAttribute('aria-description')}`,
  );

it('tells the host whenever it gets the focus', async () => {
  await open();
  await show();
  const before = (await sent('focus')).length;
  await view.page.evaluate(() => window.dispatchEvent(new FocusEvent('focus')));
  expect(await sent('focus')).toHaveLength(before + 1);
});

describe('drawing', () => {
  it('shows every block with its shape and parameters', async () => {
    await open();
    const state = overview();
    await show(state);
    expect(await view.page.locator('.block').count()).toBe(state.blocks.length);
    const text = await view.page.textContent('.diagram');
    for (const part of [
      'Input embedding',
      '64 × 64 · 2,112',
      'Encoder 2',
      '32 × 128',
      'Transformer 2',
      '16 × 256',
      'Voters',
      '64 × 32 × 128',
    ]) {
      expect(text).toContain(part);
    }
    expect(await view.page.innerText('h1')).toMatch(/^starter: [\d,]+ parameters, 12,000 steps$/);
  });

  it('is a U: encoder and decoder of one level at one height, the bottleneck below and between', async () => {
    await open();
    await show();
    const [encoder, decoder] = [await place('Encoder 2'), await place('Decoder 1')];
    expect(encoder.y).toBe(decoder.y);
    expect(decoder.x).toBeGreaterThan(encoder.x + encoder.width);
    const bottleneck = await place('Transformer 1');
    expect(bottleneck.y).toBeGreaterThan(encoder.y);
    expect(bottleneck.x).toBeGreaterThan(encoder.x);
    expect(bottleneck.x).toBeLessThan(decoder.x);
    // The chosen block has a thicker edge.
    expect(Math.abs((await place('Voters')).y - (await place('Input embedding')).y)).toBeLessThan(2);
    expect(await view.page.locator('.connection.skip').count()).toBe(2);
  });

  it('draws bars of what is chosen, the longest over the whole track', async () => {
    await open();
    await show();
    const widths = () =>
      view.page.evaluate(() =>
        Array.from(document.querySelectorAll('.bar'), (bar) => Number(bar.getAttribute('width'))),
      );
    const track = await view.page.evaluate(() => Number(document.querySelector('.bar-track')!.getAttribute('width')));
    const parameters = await widths();
    expect(Math.max(...parameters)).toBeCloseTo(track, 3);
    await view.page.selectOption('select', 'time');
    const time = await widths();
    expect(time.indexOf(Math.max(...time))).toBe(overview().blocks.length - 1);
    expect(await view.page.innerText('.caption')).toMatch(
      /one window of 64 chunks on cpu, median of 15 runs\. All: [\d.]+ ms/,
    );
    await view.page.selectOption('select', 'activity');
    const { activity } = overview();
    const most = Math.max(...activity!.rms);
    expect((await widths())[3]).toBeCloseTo((activity!.rms[3]! / most) * track, 1);
    expect(await view.page.innerText('.caption')).toContain('where chunk 3 is predicted');
  });

  it.each([
    ['no stages', { stages: 0 }],
    ['many stages and layers', { stages: 4, bottleneck_layers: 5 }],
    ['dendrites', { bottleneck: 'dendritic' as const }],
  ])('draws %s without overlap', async (_, change) => {
    await open();
    const config = { ...CONFIG, ...change };
    await show(overview({}, config));
    const boxes = await view.page.evaluate(() =>
      Array.from(document.querySelectorAll('.box'), (box) => box.getBoundingClientRect().toJSON() as DOMRect),
    );
    expect(boxes.length).toBe(networkBlocks(config).length);
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        expect(apart, `${i}`).toBe(true);
      }
    }
  });

  it('says what is missing: times, a card, a chunk', async () => {
    await open();
    const state = overview({
      card: null,
      activity: null,
      activityProblem: 'Open a text file to see the activity for its text.',
    });
    await show({ ...state, blocks: state.blocks.map((block) => ({ ...block, milliseconds: null })) });
    expect(await view.page.innerText('aside')).toContain('There is no card.md in /models/starter.');
    expect(await view.page.innerText('.chunk')).toContain('Open a text file');
    await view.page.selectOption('select', 'time');
    expect(await view.page.innerText('.caption')).toContain('cannot be measured');
    await view.page.selectOption('select', 'activity');
    expect(await view.page.innerText('.caption')).toContain('Open a text file');
  });

  it('says where its numbers come from', async () => {
    await open();
    await show();
    const text = await view.page.innerText('.provenance');
    for (const part of ['starter', '3f9c1ab27d40', 'M = 128', 'τ = 6.4', 'N = 1 chunk', 'order.ts']) {
      expect(text).toContain(part);
    }
  });

  it('shows the configuration', async () => {
    await open();
    await show();
    const table = await view.page.locator('details table').innerText();
    expect(table).toMatch(/voters_per_bit\s+128/);
    expect(table).toMatch(/kernel_sizes\s+\[3,5,7\]/);
  });
});

describe('use', () => {
  it('a block that is clicked shows its parameters', async () => {
    await open();
    await show();
    await view.page.locator('.block', { hasText: 'Encoder 1' }).click();
    expect(await view.page.innerText('aside h2')).toBe('Encoder 1');
    const details = await view.page.innerText('.block-details');
    expect(details).toMatch(/\.0\.convs\.0\.weight\s+22 × 64 × 3/);
    expect(details).toContain('.name stands for processor.encoder.stages.0.blocks.name');
    expect(details).toContain('Activity (RMS)');
  });

  it('the router’s choice is shown, strongest first', async () => {
    await open();
    const config: ModelConfig = { ...CONFIG, bottleneck: 'dendritic' };
    const state = overview({}, config);
    const gates = [{ block: 'processor.bottleneck.blocks.0', gates: [0, 0.25, 0, 0, 0.75, 0, 0, 0] }];
    await show({ ...state, activity: { ...state.activity!, gates } });
    await view.page.locator('.block', { hasText: 'Dendrites 1' }).click();
    expect(await view.page.innerText('aside dl')).toMatch(/Router \(of 8\)\s+dendrite 4: 0\.750, dendrite 1: 0\.250/);
  });

  it('the keyboard goes through the blocks in their order', async () => {
    await open();
    await show();
    await view.page.locator('.block[tabindex="0"]').focus();
    expect(await focused()).toMatch(/^Input embedding/);
    await view.page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(
      /^Input convolution 64 × 64 · 12\.4 k: positions × channels · parameters, time 0\.\d+ ms, activity \d/,
    );
    await view.page.keyboard.press('ArrowRight');
    await view.page.keyboard.press('ArrowLeft');
    await view.page.keyboard.press('End');
    expect(await focused()).toMatch(/^Voters/);
    expect(await view.page.innerText('aside h2')).toBe('Voters');
    await view.page.keyboard.press('ArrowDown');
    expect(await focused()).toMatch(/^Voters/);
    await view.page.keyboard.press('Home');
    expect(await focused()).toMatch(/^Input embedding/);
    expect(await view.page.locator('.block[tabindex="0"]').count()).toBe(1);
  });

  it('leaves the boxes as they are while the activity follows the caret', async () => {
    await open();
    const state = overview();
    await show(state);
    await view.page.selectOption('select', 'activity');
    const bar = () => view.page.getAttribute('.block .bar', 'width');
    const before = await bar();
    await view.page.evaluate(() => {
      const changes: string[] = [];
      Object.assign(window, { changes });
      new MutationObserver((records) => {
        for (const { type, attributeName } of records) changes.push(attributeName ?? type);
      }).observe(document.querySelector('.diagram')!, { subtree: true, childList: true, attributes: true });
    });
    const { activity } = state;
    const rms = activity!.rms.map((value, i) => (i === 0 ? 9 * value : value));
    await show({ ...state, activity: { ...activity!, index: 3, offset: 12, rms } });
    expect(await bar()).not.toBe(before);
    const changes = await view.page.evaluate(() => (window as unknown as { changes: string[] }).changes);
    expect([...new Set(changes)].toSorted()).toEqual(['aria-description', 'width']);
  });

  it('what has the focus keeps it when the caret moves', async () => {
    await open();
    await show();
    await view.page.locator('.block', { hasText: 'Decoder 2' }).click();
    const state = overview();
    await show({ ...state, activity: { ...state.activity!, index: 3, offset: 12, text: 'tion' } });
    expect(await focused()).toMatch(/^Decoder 2/);
    expect(await view.page.innerText('.chunk')).toBe('chunk 4 of 120: tion');
  });

  it('shows the same as a table', async () => {
    await open();
    await show();
    await view.page.click('.table-toggle');
    const rows = view.page.locator('.figure tbody tr');
    expect(await rows.count()).toBe(overview().blocks.length);
    expect(await rows.last().innerText()).toMatch(/Voters\s+64 × 32 × 128\s+[\d,]+\s+[\d.]+ ms\s+[\d.]+/);
    expect(await view.page.locator('.diagram').isVisible()).toBe(false);
  });

  it('restores what was chosen after a reload', async () => {
    await open({ saved: { bar: 'time', block: 6, table: false, version: 1 } });
    await show();
    expect(await view.page.innerText('aside h2')).toBe('Transformer 1');
    expect(await view.page.inputValue('select')).toBe('time');
    await view.page.locator('.block', { hasText: 'Voters' }).click();
    expect(await view.page.evaluate(() => window.fake.saved())).toEqual({
      bar: 'time',
      block: 13,
      table: false,
      version: 1,
    });
  });

  it('shows a message and its button in place of data', async () => {
    await open();
    await show();
    await view.page.evaluate(() => {
      return window.fake.send({
        kind: 'empty',
        message: 'No model is loaded.',
        action: { label: 'Load Model…', command: 'smuggler.loadModel' },
      });
    });
    await view.page.waitForSelector('body[data-state=empty]');
    await view.page.click('.message button');
    expect(await sent('command')).toEqual([{ type: 'command', command: 'smuggler.loadModel' }]);
  });
});

describe.each(THEME_NAMES)('in %s', (theme) => {
  it('is accessible, as a picture and as a table', async () => {
    await open({ theme });
    await show();
    await view.page.selectOption('select', 'time');
    await view.page.locator('.block', { hasText: 'Transformer 1' }).click();
    await view.screenshot(`overview-${theme}`);
    expect(await view.audit()).toEqual([]);
    await view.page.click('.table-toggle');
    await view.screenshot(`overview-table-${theme}`);
    expect(await view.audit()).toEqual([]);
  });
});

it('fits a narrow panel', async () => {
  await open({ theme: 'light', width: 520, height: 900 });
  await show();
  await view.screenshot('overview-narrow');
  expect(await view.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(520);
});
