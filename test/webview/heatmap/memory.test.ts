/** @file The heatmap by what memory says: measures that come once the document is read, and say how far that is until then. */
import { interpolateCividis } from 'd3-scale-chromatic';
import { describe, expect, it } from 'vitest';
import { BYTES, useHeatmap } from './heatmapPage';

const { askedFor, cellPoint, goHome, measured, open, pixelAt, sent, serve, view } = useHeatmap({
  width: 900,
  height: 600,
});

async function choose(measure: string): Promise<void> {
  await view.page.selectOption('select >> nth=0', measure);
}

describe('measures of memory', () => {
  it.each(['surpriseWithMemory', 'decidedByMemory'] as const)('colour cells: %s', async (measure) => {
    await open();
    await serve();
    await goHome();
    await choose(measure);
    await measured();
    expect(await view.page.innerText('.legend')).toMatch(/memory/);
    const cells = await view.page.evaluate((bytes) => {
      const { bits, memory } = window.fake.withMemory(window.fake.tile(0, 256, bytes));
      const surprises = memory!.probabilities.map((p, cell) => -Math.log2(bits[cell] === 1 ? p : 1 - p) / 4);
      return { surpriseWithMemory: Array.from(surprises), decidedByMemory: Array.from(memory!.bitShare) };
    }, BYTES);
    for (const [chunk, bit] of [
      [0, 0],
      [3, 5],
      [10, 20],
    ] as const) {
      const position = Math.round(Math.min(1, cells[measure][32 * chunk + bit]!) * 255) / 255;
      expect(await pixelAt(await cellPoint(chunk, bit))).toEqual([
        ...interpolateCividis(position).match(/\d+/g)!.map(Number),
        255,
      ]);
    }
    expect(await view.page.getAttribute('path.strip-memory', 'd')).toMatch(/^M/);
    expect((await askedFor('viewport')).at(-1)).toMatchObject({ memory: true, voters: null });
  });

  it('say both numbers of a chunk', async () => {
    await open();
    await serve();
    await goHome();
    await choose('surpriseWithMemory');
    await measured();
    const { x, y } = await cellPoint(3, 5);
    await view.page.mouse.move(x, y);
    const text = await view.page.locator('.tooltip').innerText();
    expect(text).toMatch(/surprise with memory [\d.]+ bits/);
    expect(text).toMatch(/chunk: surprise [\d.]+ bits, with memory [\d.]+, \d+ mistakes?/);
  });

  it('are asked for anew when another measure follows, without memory', async () => {
    await open();
    await serve();
    await choose('decidedByMemory');
    await measured();
    await choose('surprise');
    await measured();
    const asks = (await askedFor('viewport')).map(({ generation, memory }) => [generation, memory]);
    expect(asks.at(-1)![1]).toBe(false);
    expect(new Set(asks.map(([generation]) => generation)).size).toBeGreaterThan(2);
  });

  it('say how far memory is, and that it is off, while nothing is measured', async () => {
    await open();
    await view.page.evaluate((bytes) => {
      const progress = { bytes: 0.43 * bytes, total: bytes };
      return window.fake.send({ ...window.fake.heatmap(bytes, 1, null), memory: { scope: 'document', progress } });
    }, BYTES);
    await view.page.waitForSelector('body[data-state=ready]');
    await choose('decidedByMemory');
    expect(await view.page.innerText('.where')).toMatch(/^Memory reads the document: 43 %\. · Chunks /);
    expect(await view.page.getAttribute('.memory-toggle', 'aria-pressed')).toBe('true');
    expect(await view.page.innerText('.memory-toggle')).toBe('Memory On');
    await view.page.evaluate(
      (bytes) => window.fake.send({ ...window.fake.heatmap(bytes, 2, null), memory: null }),
      BYTES,
    );
    await expect.poll(() => view.page.innerText('.where')).toMatch(/^Memory is off\. · Chunks /);
    expect(await view.page.innerText('.memory-toggle')).toBe('Memory Off');
    expect(await view.page.getAttribute('.heatmap path.unmeasured', 'd')).not.toBe('');
    await view.page.click('.memory-toggle');
    expect((await sent('command')).at(-1)).toEqual({ type: 'command', command: 'smuggler.toggleMemory' });
  });
});
