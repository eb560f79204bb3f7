/** @file The Sparsity heatmap by pointer, wheel and keyboard: selecting, locking, zooming, panning, and where it is after a reload. */
import { describe, expect, it } from 'vitest';
import { BYTES, useHeatmap } from './heatmapPage';

const { cellPoint, editorShows, measured, open, sent, serve, shown, view } = useHeatmap({ width: 900, height: 600 });

describe('selecting and moving', () => {
  it('follows the selection and names its byte on the body', async () => {
    await open();
    await serve();
    expect(await view.page.getAttribute('body', 'data-offset')).toBe('120');
    await view.page.evaluate(() => window.fake.select({ offset: 1600, bit: null, voter: null, locked: false }));
    await view.page.waitForSelector('body[data-offset="1600"]');
    const { first, last } = await shown();
    expect(first).toBeLessThanOrEqual(400);
    expect(last).toBeGreaterThanOrEqual(400);
    await view.page.evaluate(() => window.fake.select(null));
    await view.page.waitForSelector('body[data-offset=""]');
  });

  it('paints the cells again where the window moves, not where only the marks do', async () => {
    await open();
    await serve();
    /** Whether cells that were wiped away are there again once the chunk is selected. */
    const paintedAfter = (offset: number) =>
      view.page.evaluate(async (at) => {
        const canvas = document.querySelector<HTMLCanvasElement>('.heatmap canvas')!;
        const context = canvas.getContext('2d')!;
        // What is still to be drawn of the step before must not count.
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
        context.clearRect(0, 0, canvas.width, canvas.height);
        void window.fake.select({ offset: at, bit: null, voter: null, locked: false });
        while (document.body.dataset['offset'] !== String(at)) await new Promise(requestAnimationFrame);
        return context.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value !== 0);
      }, offset);
    await view.page.focus('.heatmap');
    for (let step = 0; step < 6; step++) await view.page.keyboard.press('+');
    await measured();
    // The rest of the document, too: what is measured is painted when it comes.
    await expect.poll(() => view.page.textContent('.minimap'), { timeout: 10_000 }).toContain('N = 475 chunks');
    const mark = await view.page.getAttribute('.heatmap .column', 'd');
    const { first, last } = await shown();
    expect(await paintedAfter(124)).toBe(false);
    expect(await view.page.getAttribute('.heatmap .column', 'd')).not.toBe(mark);
    expect(await paintedAfter(800)).toBe(true);
    expect((await shown()).first + (await shown()).last).toBeGreaterThan(first + last);
  });

  it('marks no column where the selected chunk lies outside the window', async () => {
    await open();
    const selected = { offset: 0, bit: 3, voter: null, locked: false };
    await serve(selected);
    await view.page.focus('.heatmap');
    for (let step = 0; step < 6; step++) await view.page.keyboard.press('+');
    await measured();
    expect((await shown()).first).toBe(0);
    const marks = () =>
      Promise.all(['.column', '.mark'].map((mark) => view.page.getAttribute(`.heatmap ${mark}`, 'd')));
    expect(await marks()).toEqual([expect.stringMatching(/^M/), expect.stringMatching(/^M/)]);
    await editorShows(350, 50);
    expect((await shown()).first).toBeGreaterThan(100);
    await measured();
    await expect.poll(marks).toEqual(['', '']);
  });

  it('follows the editor when it scrolls out of the window', async () => {
    await open();
    await serve(null);
    await editorShows(350, 50);
    expect((await shown()).last).toBeGreaterThan(375);
  });

  it.each([
    { what: 'its end', bytes: BYTES, firstChunk: 400, count: 75 },
    { what: 'more than it, as after an edit', bytes: BYTES, firstChunk: 400, count: 175 },
    { what: 'too little of it to be seen', bytes: 50_000_000, firstChunk: 12_499_990, count: 10 },
  ])('the bar of the editor ends with the strip where it shows $what', async ({ bytes, ...visible }) => {
    await open({ width: 450 });
    await view.page.evaluate(
      ([length, shown]) => window.fake.send({ ...window.fake.heatmap(length, 1, null), visible: shown }),
      [bytes, visible] as const,
    );
    await view.page.waitForSelector('body[data-state=ready]');
    const [bar, strip] = await Promise.all(
      ['.editor', '.overlay'].map((part) => view.page.locator(`.minimap ${part}`).boundingBox()),
    );
    expect(bar!.x + bar!.width).toBeCloseTo(strip!.x + strip!.width, 3);
    expect(bar!.width).toBeGreaterThanOrEqual(1.999);
  });

  it('reveals and locks what is clicked, and unlocks by a second click and Escape', async () => {
    await open();
    await serve();
    const { x, y } = await cellPoint(40, 13);
    await view.page.mouse.click(x, y);
    const clicked = (await sent('select')).at(-1)!;
    expect(clicked).toEqual({
      type: 'select',
      reveal: true,
      selection: { offset: 160, bit: 13, voter: null, locked: true },
    });
    await view.page.waitForSelector('body[data-offset="160"]');
    expect(await view.page.innerText('.lock')).toBe('Locked');
    await view.page.mouse.click(x, y);
    expect(await view.page.innerText('.lock')).toBe('Lock');
    await view.page.mouse.click(x, y);
    await view.page.keyboard.press('Escape');
    expect(await view.page.innerText('.lock')).toBe('Lock');
    expect((await sent('select')).at(-1)!.selection).toMatchObject({ offset: 160, locked: false });
  });

  it('selects what the pointer rests on, and tells its numbers', async () => {
    await open();
    await serve();
    const { x, y } = await cellPoint(50, 9);
    await view.page.mouse.move(x, y);
    await view.page.waitForSelector('body[data-offset="200"]');
    expect((await sent('select')).at(-1)).toEqual({
      type: 'select',
      reveal: false,
      selection: { offset: 200, bit: 9, voter: null, locked: false },
    });
    const tooltip = await view.page.innerText('.tooltip');
    for (const part of ['chunk 51, byte 200', 'bit 9: real', 'p(1)', 'effective voters', 'surprise'])
      expect(tooltip).toContain(part);
  });

  it('walks by keyboard', async () => {
    await open();
    await serve();
    await view.page.focus('.heatmap');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowDown', 'ArrowUp'])
      await view.page.keyboard.press(key);
    expect((await sent('select')).at(-1)!.selection).toEqual({ offset: 124, bit: 1, voter: null, locked: false });
    expect(await view.page.textContent('[aria-live]')).toContain('chunk 32, byte 124');
    await view.page.keyboard.press('Enter');
    expect((await sent('select')).at(-1)).toMatchObject({ reveal: true, selection: { offset: 124, locked: true } });
    await view.page.keyboard.press('End');
    await view.page.waitForSelector('body[data-offset="1896"]');
    await view.page.keyboard.press('Home');
    await view.page.waitForSelector('body[data-offset="0"]');
  });

  it('zooms by wheel and keys around what is pointed at, and pans by dragging without selecting', async () => {
    await open();
    await serve();
    const before = await shown();
    const { x, y } = await cellPoint(50, 9);
    await view.page.mouse.move(x, y);
    await view.page.mouse.wheel(0, -300);
    await expect.poll(async () => (await shown()).last).toBeLessThan(before.last);
    const near = await shown();
    expect(near.first).toBeGreaterThan(before.first);
    expect(near.first).toBeLessThanOrEqual(50);
    expect(near.last).toBeGreaterThanOrEqual(50);
    const locks = (await sent('select')).filter(({ selection }) => selection.locked).length;
    await view.page.mouse.down();
    await view.page.mouse.move(x - 100, y, { steps: 4 });
    await view.page.mouse.up();
    await expect.poll(async () => (await shown()).first).toBeGreaterThan(near.first);
    expect((await sent('select')).filter(({ selection }) => selection.locked).length).toBe(locks);
    const panned = await shown();
    await view.page.mouse.wheel(-200, 0);
    await expect.poll(async () => (await shown()).first).toBeLessThan(panned.first);
  });

  it('moves by brush and by a click in the minimap', async () => {
    await open();
    await serve();
    const minimap = (await view.page.locator('.minimap .overlay').boundingBox())!;
    await view.page.mouse.click(minimap.x + 0.9 * minimap.width, minimap.y + 15);
    await expect.poll(async () => (await shown()).last).toBeGreaterThan(420);
    const { first, last } = await shown();
    const brush = (await view.page.locator('.minimap .selection').boundingBox())!;
    await view.page.mouse.move(brush.x + brush.width / 2, brush.y + 15);
    await view.page.mouse.down();
    await view.page.mouse.move(brush.x + brush.width / 2 - 300, brush.y + 15, { steps: 5 });
    await view.page.mouse.up();
    await expect.poll(async () => (await shown()).first).toBeLessThan(first - 100);
    const moved = await shown();
    expect(Math.abs(moved.last - moved.first - (last - first))).toBeLessThanOrEqual(1);
  });

  it('restores measure and place after a reload', async () => {
    const saved = {
      version: 1,
      measure: 'density',
      table: false,
      window: { start: 200, span: 100 },
      document: 'order.ts',
    };
    await open({ saved });
    await serve(null);
    expect(await view.page.inputValue('select')).toBe('density');
    expect(await shown()).toEqual({ first: 200, last: 299 });
    await view.page.selectOption('select', 'surprise');
    await expect
      .poll(() => view.page.evaluate(() => window.fake.saved()))
      .toMatchObject({ version: 1, measure: 'surprise' });
  });
});
