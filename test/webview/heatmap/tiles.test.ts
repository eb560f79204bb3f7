/** @file What the Sparsity heatmap asks its host to measure, and when. */
import { describe, expect, it } from 'vitest';
import { settled } from '../shown';
import { BYTES, useHeatmap } from './heatmapPage';

const { measured, open, askedFor, serve, shown, view } = useHeatmap({ width: 900, height: 600 });

describe('asking for tiles', () => {
  /** A document without a host that answers. */
  async function unanswered(byteLength: number): Promise<void> {
    await view.page.evaluate((bytes) => {
      return window.fake.send(window.fake.heatmap(bytes, 1, null));
    }, byteLength);
    await view.page.waitForSelector('body[data-state=ready]');
  }

  it('asks for what is on the screen, once', async () => {
    await open();
    await unanswered(40_000);
    const { first, last } = await shown();
    await view.page.click('[aria-label="Zoom out"]');
    await expect.poll(async () => (await askedFor('viewport')).length).toBeGreaterThan(0);
    await view.page.waitForTimeout(100);
    const wanted = await askedFor('viewport');
    expect(wanted.length).toBe(1);
    expect(wanted[0]!.count).toBeLessThanOrEqual(1024);
    expect(wanted[0]!.firstChunk).toBeLessThanOrEqual(first);
    expect(wanted[0]!.firstChunk + wanted[0]!.count).toBeGreaterThan(last);
  });

  it('gives up a request that was left behind: the newest wins', async () => {
    await open();
    await unanswered(40_000);
    await view.page.focus('.heatmap');
    await view.page.keyboard.press('End');
    await expect.poll(async () => (await askedFor('viewport')).length).toBe(2);
    const [old, newest] = await askedFor('viewport');
    expect(newest!.firstChunk + newest!.count).toBe(10_000);
    // The late answer to the old request neither shows nor ends the wait for the new one.
    await view.page.evaluate((wanted) => {
      return window.fake.send(
        window.fake.heatmap(40_000, 1, window.fake.tile(wanted.firstChunk, wanted.count, 40_000)),
      );
    }, old!);
    await view.page.waitForTimeout(100);
    expect((await askedFor('viewport')).length).toBe(2);
    expect(await view.page.getAttribute('.heatmap path.unmeasured', 'd')).not.toBe('');
    await view.page.evaluate((wanted) => {
      return window.fake.send(
        window.fake.heatmap(40_000, 1, window.fake.tile(wanted.firstChunk, wanted.count, 40_000)),
      );
    }, newest!);
    await measured();
  });

  it('voids what was measured when text or model change, and ignores older states', async () => {
    await open();
    await serve();
    await view.page.evaluate((bytes) => {
      return window.fake.send(window.fake.heatmap(bytes, 2, null), null, 500);
    }, BYTES);
    await expect.poll(async () => (await askedFor('viewport')).at(-1)!.generation).toBe(2);
    // Before, the rest of the document may have been asked for.
    expect((await askedFor('viewport')).filter(({ generation }) => generation === 2).length).toBe(1);
    expect(await view.page.innerText('.provenance')).toContain('N = 0 measured chunks');
    await view.page.evaluate((bytes) => {
      void window.fake.send(window.fake.heatmap(bytes, 1, window.fake.tile(0, 256, bytes)), null, 499);
    }, BYTES);
    await view.page.waitForTimeout(100);
    expect(await view.page.innerText('.provenance')).toContain('N = 0 measured chunks');
  });

  it('measures the rest of a small document when nothing else is wanted', async () => {
    await open();
    await serve();
    await expect.poll(() => view.page.textContent('.minimap'), { timeout: 10_000 }).toContain('N = 475 chunks');
  });

  it('leaves the rest alone for as long as the user moves in the text', async () => {
    await open();
    // By a clock of the test's own: a machine that is busy is not a user at rest.
    const setClock = (milliseconds: number): Promise<void> =>
      view.page.evaluate((now) => {
        performance.now = () => now;
      }, milliseconds);
    await setClock(0);
    await serve();
    for (let step = 1; step <= 10; step++) {
      await setClock(900 * step);
      await view.page.evaluate((at) => {
        return window.fake.select({ offset: 120 + 4 * at, bit: null, voter: null, locked: false });
      }, step);
      await settled(view.page);
    }
    // What is on the screen, alone.
    expect(await askedFor('viewport')).toHaveLength(1);
    expect(await view.page.textContent('.minimap')).not.toContain('N = 475 chunks');
    await setClock(10_000);
    await expect.poll(() => view.page.textContent('.minimap'), { timeout: 10_000 }).toContain('N = 475 chunks');
  });

  it('works on 1 MB and on 50 MB', async () => {
    await open();
    for (const [generation, bytes] of [
      [1, 1_000_000],
      [2, 50_000_000],
    ] as const) {
      await view.page.evaluate(
        ([length, number]) => {
          return window.fake.send(window.fake.heatmap(length, number, null));
        },
        [bytes, generation] as const,
      );
      await view.page.waitForSelector('body[data-state=ready]');
      await view.page.focus('.heatmap');
      await view.page.keyboard.press('End');
      await expect.poll(async () => (await shown()).last).toBe(bytes / 4 - 1);
      for (let step = 0; step < 12; step++) await view.page.keyboard.press('-');
      await view.page.waitForTimeout(50);
      const { first, last } = await shown();
      expect(last - first).toBeLessThanOrEqual(1024);
      expect((await askedFor('viewport')).every(({ count }) => count <= 1024)).toBe(true);
    }
  });
});
