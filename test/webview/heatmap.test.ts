/** @file The Sparsity heatmap in Chromium: what it draws and asks for, and how it is used by pointer, keyboard and screen reader. */
import { interpolateCividis } from 'd3-scale-chromatic';
import { describe, expect, it } from 'vitest';
import type { Selection, WebviewMessage } from '../../webview/shared/messages';
import { spread } from '../bench/report';
import type { ThemeName } from './themes';
import { useView } from './useView';

const SIZE = { width: 900, height: 600 };
/** Bytes of the document that is served unless told otherwise: 475 chunks, the last one of two bytes. */
const BYTES = 1898;
const { view, open } = useView('heatmap', SIZE);

/** A host that answers, and the picture measured as far as it is seen. */
async function serve(
  selection: Selection | null = { offset: 120, bit: null, voter: null, locked: false },
): Promise<void> {
  await view.page.evaluate(
    ([bytes, selected]) => {
      window.fake.serve(bytes, 1, selected);
    },
    [BYTES, selection] as const,
  );
  await view.page.waitForSelector('body[data-state=ready]');
  await measured();
}

async function measured(): Promise<void> {
  await view.page.waitForFunction(() => document.querySelector('.heatmap path.unmeasured')?.getAttribute('d') === '');
}

type Viewport = Extract<WebviewMessage, { type: 'viewport' }>;

async function viewports(): Promise<Viewport[]> {
  const messages = await view.page.evaluate(() => window.fake.of('viewport'));
  return messages.filter((message) => message.type === 'viewport');
}

async function selects(): Promise<Extract<WebviewMessage, { type: 'select' }>[]> {
  const messages = await view.page.evaluate(() => window.fake.of('select'));
  return messages.filter((message) => message.type === 'select');
}

/** First and last chunk on the screen, counted from 0. */
async function shown(): Promise<{ first: number; last: number }> {
  const text = (await view.page.innerText('.where')).replaceAll(',', '');
  const match = /Chunks (\d+)–(\d+) of/.exec(text)!;
  return { first: Number(match[1]) - 1, last: Number(match[2]) - 1 };
}

/** Client and canvas coordinates of a cell; the window begins with a whole chunk after `Home`. */
async function cellPoint(
  chunk: number,
  bit: number,
): Promise<{ x: number; y: number; canvasX: number; canvasY: number }> {
  const box = (await view.page.locator('.heatmap canvas').boundingBox())!;
  const { first, last } = await shown();
  const canvasX = ((chunk - first + 0.4) * box.width) / (last - first + 1);
  const canvasY = 4 * (bit >> 3) + ((bit + 0.4) * (box.height - 12)) / 32;
  return { x: box.x + canvasX, y: box.y + canvasY, canvasX, canvasY };
}

async function pixelOf(chunk: number, bit: number): Promise<number[]> {
  const { canvasX, canvasY } = await cellPoint(chunk, bit);
  return view.page.evaluate(([x, y]) => window.fake.pixel(x, y), [canvasX, canvasY] as const);
}

async function goHome(): Promise<void> {
  await view.page.focus('.heatmap');
  await view.page.keyboard.press('Home');
  await expect.poll(async () => (await shown()).first).toBe(0);
}

describe('drawing', () => {
  it('colours cells by effective voters, 1 to M', async () => {
    await open();
    await serve();
    await goHome();
    const effective = await view.page.evaluate(
      (bytes) => Array.from(window.fake.tile(0, 20, bytes).effectiveVoters),
      BYTES,
    );
    for (const [chunk, bit] of [
      [0, 0],
      [3, 5],
      [10, 20],
      [19, 31],
    ] as const) {
      const position = Math.round(((effective[32 * chunk + bit]! - 1) / 127) * 255) / 255;
      const color = interpolateCividis(position).match(/\d+/g)!.map(Number);
      expect(await pixelOf(chunk, bit)).toEqual([...color, 255]);
    }
  });

  it('changes the colours with the measure, and says which and in what unit', async () => {
    await open();
    await serve();
    await goHome();
    const pictures = new Set<string>();
    for (const [measure, words] of [
      ['effectiveVoters', '1/Σw²'],
      ['density', 'v > ½'],
      ['surprise', 'bits'],
      ['mistakes', 'above ½'],
    ] as const) {
      await view.page.selectOption('select', measure);
      expect(await view.page.innerText('.legend')).toContain(words);
      pictures.add(
        await view.page.evaluate(() => document.querySelector<HTMLCanvasElement>('.heatmap canvas')!.toDataURL()),
      );
    }
    expect(pictures.size).toBe(4);
    const text = await view.page.innerText('.provenance');
    for (const part of ['starter', '3f9c1ab27d40', 'M = 128', 'τ = 6.4', 'measured on order.ts'])
      expect(text).toContain(part);
    expect(text).toMatch(/N = \d+ measured chunks/);
  });

  it('marks mistakes with a cross where there is room', async () => {
    await open();
    await serve();
    await goHome();
    await view.page.selectOption('select', 'mistakes');
    for (let step = 0; step < 8; step++) await view.page.keyboard.press('+');
    await expect.poll(async () => (await shown()).last).toBeLessThan(9);
    const mistake = await view.page.evaluate((bytes) => {
      const { probabilities, bits } = window.fake.tile(0, 8, bytes);
      return Array.from(bits.keys()).find((cell) => probabilities[cell]! >= 0.5 !== (bits[cell] === 1))!;
    }, BYTES);
    const box = (await view.page.locator('.heatmap canvas').boundingBox())!;
    const { last, first } = await shown();
    const width = box.width / (last - first + 1);
    const bit = mistake & 31;
    const centre = [((mistake >> 5) + 0.5) * width, 4 * (bit >> 3) + ((bit + 0.5) * (box.height - 12)) / 32] as const;
    const [atCentre, aside] = await view.page.evaluate(
      ([[x, y], away]) => [window.fake.pixel(x, y), window.fake.pixel(x + away, y)] as const,
      [centre, width / 4] as const,
    );
    expect(atCentre).not.toEqual(aside);
  });

  it('leaves out what pads the last chunk', async () => {
    await open();
    await serve();
    await view.page.focus('.heatmap');
    await view.page.keyboard.press('End');
    await expect.poll(async () => (await shown()).last).toBe(474);
    await measured();
    expect((await pixelOf(474, 15))[3]).toBe(255);
    expect((await pixelOf(474, 17))[3]).toBe(0);
  });

  it('writes the chunks under the axis when they are wide enough', async () => {
    await open();
    await serve();
    await goHome();
    expect(await view.page.locator('.chunk-texts text').count()).toBe(0);
    for (let step = 0; step < 8; step++) await view.page.keyboard.press('+');
    await expect.poll(() => view.page.locator('.chunk-texts text').first().textContent()).toBe('expo');
  });

  it('is still when nothing happens', async () => {
    await open();
    await serve();
    await expect.poll(() => view.page.textContent('.overview'), { timeout: 10_000 }).toContain('N = 475 chunks');
    const changes = await view.page.evaluate(async () => {
      let count = 0;
      const observer = new MutationObserver((records) => {
        count += records.length;
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      observer.observe(document.body, { attributes: true, childList: true, subtree: true });
      await new Promise((resolve) => setTimeout(resolve, 400));
      return count;
    });
    expect(changes).toBe(0);
  });

  it('draws a chunk that the model held for impossible', async () => {
    await open();
    await view.page.evaluate((bytes) => {
      const part = window.fake.tile(0, 256, bytes);
      part.surprise[30] = Infinity;
      part.probabilities.fill(0, 32 * 30, 32 * 31);
      window.fake.send(window.fake.heatmap(bytes, 1, part));
    }, BYTES);
    await view.page.waitForSelector('body[data-state=ready]');
    await view.page.selectOption('select', 'surprise');
    const box = (await view.page.locator('.heatmap .strip').boundingBox())!;
    expect(box.height).toBeGreaterThan(40);
  });

  it('says that an empty document has nothing to measure', async () => {
    await open();
    await view.page.evaluate(() => window.fake.send(window.fake.heatmap(0, 1, null)));
    await view.page.waitForSelector('body[data-state=empty]');
    expect(await view.page.innerText('.message-text')).toContain('empty');
  });

  it('redraws in less than 16 ms with a pixel a chunk', async () => {
    await open();
    await view.page.evaluate(() => {
      window.fake.serve(3200, 1, null);
    });
    await view.page.waitForSelector('body[data-state=ready]');
    for (let step = 0; step < 8; step++) await view.page.click('[aria-label="Zoom out"]');
    await measured();
    const times = await view.page.evaluate(() => {
      return Array.from({ length: 20 }, (_, index) => {
        // Another bit, so that the whole picture is drawn.
        const selection = { offset: 4 * index, bit: index, voter: null, locked: false };
        const begin = performance.now();
        const message = { type: 'selection', version: 1000 + index, selection };
        window.dispatchEvent(new MessageEvent('message', { data: message }));
        return performance.now() - begin;
      });
    });
    expect((await shown()).last).toBeGreaterThan(700);
    // The benchmark holds the 95th percentile to this.
    expect(spread(times).median).toBeLessThan(16);
  });
});

describe('asking for tiles', () => {
  /** A document without a host that answers. */
  async function unanswered(byteLength: number): Promise<void> {
    await view.page.evaluate((bytes) => {
      window.fake.send(window.fake.heatmap(bytes, 1, null));
    }, byteLength);
    await view.page.waitForSelector('body[data-state=ready]');
  }

  it('asks for what is on the screen, once', async () => {
    await open();
    await unanswered(40_000);
    const { first, last } = await shown();
    await view.page.click('[aria-label="Zoom out"]');
    await view.page.waitForTimeout(100);
    const asked = await viewports();
    expect(asked.length).toBe(1);
    expect(asked[0]!.count).toBeLessThanOrEqual(1024);
    expect(asked[0]!.firstChunk).toBeLessThanOrEqual(first);
    expect(asked[0]!.firstChunk + asked[0]!.count).toBeGreaterThan(last);
  });

  it('gives up a request that was left behind: the newest wins', async () => {
    await open();
    await unanswered(40_000);
    await view.page.focus('.heatmap');
    await view.page.keyboard.press('End');
    await expect.poll(async () => (await viewports()).length).toBe(2);
    const [old, newest] = await viewports();
    expect(newest!.firstChunk + newest!.count).toBe(10_000);
    // The late answer to the old request neither shows nor ends the wait for the new one.
    await view.page.evaluate((asked) => {
      window.fake.send(window.fake.heatmap(40_000, 1, window.fake.tile(asked.firstChunk, asked.count, 40_000)));
    }, old!);
    await view.page.waitForTimeout(100);
    expect((await viewports()).length).toBe(2);
    expect(await view.page.getAttribute('.heatmap path.unmeasured', 'd')).not.toBe('');
    await view.page.evaluate((asked) => {
      window.fake.send(window.fake.heatmap(40_000, 1, window.fake.tile(asked.firstChunk, asked.count, 40_000)));
    }, newest!);
    await measured();
  });

  it('voids what was measured when text or model change, and ignores older states', async () => {
    await open();
    await serve();
    const before = (await viewports()).length;
    await view.page.evaluate((bytes) => {
      window.fake.send(window.fake.heatmap(bytes, 2, null), null, 500);
    }, BYTES);
    await expect.poll(async () => (await viewports()).at(-1)!.generation).toBe(2);
    expect((await viewports()).length).toBe(before + 1);
    expect(await view.page.innerText('.provenance')).toContain('N = 0 measured chunks');
    await view.page.evaluate((bytes) => {
      window.fake.send(window.fake.heatmap(bytes, 1, window.fake.tile(0, 256, bytes)), null, 499);
    }, BYTES);
    await view.page.waitForTimeout(100);
    expect(await view.page.innerText('.provenance')).toContain('N = 0 measured chunks');
  });

  it('measures the rest of a small document when nothing else is wanted', async () => {
    await open();
    await serve();
    await expect.poll(() => view.page.textContent('.overview'), { timeout: 10_000 }).toContain('N = 475 chunks');
  });

  it('leaves the rest alone for as long as somebody moves in the text', async () => {
    await open();
    await serve();
    const before = (await viewports()).length;
    for (let step = 0; step < 10; step++) {
      await view.page.evaluate((at) => {
        window.fake.select({ offset: 120 + 4 * at, bit: null, voter: null, locked: false });
      }, step);
      await view.page.waitForTimeout(200);
    }
    expect((await viewports()).length).toBe(before);
    expect(await view.page.textContent('.overview')).not.toContain('N = 475 chunks');
    await expect.poll(() => view.page.textContent('.overview'), { timeout: 10_000 }).toContain('N = 475 chunks');
  });

  it('works on 1 MB and on 50 MB', async () => {
    await open();
    for (const [generation, bytes] of [
      [1, 1_000_000],
      [2, 50_000_000],
    ] as const) {
      await view.page.evaluate(
        ([length, number]) => {
          window.fake.send(window.fake.heatmap(length, number, null));
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
      expect((await viewports()).every(({ count }) => count <= 1024)).toBe(true);
    }
  });
});

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
        window.fake.select({ offset: at, bit: null, voter: null, locked: false });
        while (document.body.dataset['offset'] !== String(at)) await new Promise(requestAnimationFrame);
        return context.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value !== 0);
      }, offset);
    await view.page.focus('.heatmap');
    for (let step = 0; step < 6; step++) await view.page.keyboard.press('+');
    await measured();
    const mark = await view.page.getAttribute('.heatmap .column', 'd');
    const { first, last } = await shown();
    expect(await paintedAfter(124)).toBe(false);
    expect(await view.page.getAttribute('.heatmap .column', 'd')).not.toBe(mark);
    expect(await paintedAfter(800)).toBe(true);
    expect((await shown()).first + (await shown()).last).toBeGreaterThan(first + last);
  });

  it('follows the editor when it scrolls out of the window', async () => {
    await open();
    await serve(null);
    await view.page.evaluate((bytes) => {
      window.fake.send({ ...window.fake.heatmap(bytes, 1, null), visible: { firstChunk: 350, count: 50 } });
    }, BYTES);
    await expect.poll(async () => (await shown()).last).toBeGreaterThan(375);
  });

  it('reveals and locks what is clicked, and unlocks by a second click and Escape', async () => {
    await open();
    await serve();
    const { x, y } = await cellPoint(40, 13);
    await view.page.mouse.click(x, y);
    const clicked = (await selects()).at(-1)!;
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
    expect((await selects()).at(-1)!.selection).toMatchObject({ offset: 160, locked: false });
  });

  it('selects what the pointer rests on, and tells its numbers', async () => {
    await open();
    await serve();
    const { x, y } = await cellPoint(50, 9);
    await view.page.mouse.move(x, y);
    await view.page.waitForSelector('body[data-offset="200"]');
    expect((await selects()).at(-1)).toEqual({
      type: 'select',
      reveal: false,
      selection: { offset: 200, bit: 9, voter: null, locked: false },
    });
    const tooltip = await view.page.innerText('.tooltip');
    for (const part of ['Chunk 51, byte 200', 'bit 9: real', 'p(1)', 'effective voters', 'surprise'])
      expect(tooltip).toContain(part);
  });

  it('walks by keyboard', async () => {
    await open();
    await serve();
    await view.page.focus('.heatmap');
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowDown', 'ArrowUp'])
      await view.page.keyboard.press(key);
    expect((await selects()).at(-1)!.selection).toEqual({ offset: 124, bit: 1, voter: null, locked: false });
    expect(await view.page.textContent('[aria-live]')).toContain('Chunk 32, byte 124');
    await view.page.keyboard.press('Enter');
    expect((await selects()).at(-1)).toMatchObject({ reveal: true, selection: { offset: 124, locked: true } });
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
    const locks = (await selects()).filter(({ selection }) => selection.locked).length;
    await view.page.mouse.down();
    await view.page.mouse.move(x - 100, y, { steps: 4 });
    await view.page.mouse.up();
    await expect.poll(async () => (await shown()).first).toBeGreaterThan(near.first);
    expect((await selects()).filter(({ selection }) => selection.locked).length).toBe(locks);
    const panned = await shown();
    await view.page.mouse.wheel(-200, 0);
    await expect.poll(async () => (await shown()).first).toBeLessThan(panned.first);
  });

  it('moves by brush and by a click in the overview', async () => {
    await open();
    await serve();
    const overview = (await view.page.locator('.overview .overlay').boundingBox())!;
    await view.page.mouse.click(overview.x + 0.9 * overview.width, overview.y + 15);
    await expect.poll(async () => (await shown()).last).toBeGreaterThan(420);
    const { first, last } = await shown();
    const brush = (await view.page.locator('.overview .selection').boundingBox())!;
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

describe('accessibility and looks', () => {
  it('shows the same numbers as a table', async () => {
    await open();
    await serve();
    await goHome();
    await view.page.click('.table-toggle');
    const row = view.page.locator('tbody tr').nth(3);
    const tile = await view.page.evaluate((bytes) => {
      const { surprise, effectiveVoters } = window.fake.tile(3, 1, bytes);
      return { surprise: surprise[0]!, effective: effectiveVoters[4]! };
    }, BYTES);
    const cells = await row.locator('th, td').allTextContents();
    expect(cells[0]).toBe('4 (byte 12)');
    expect(cells[1]).toBe('ion ');
    expect(cells[2]).toBe(tile.surprise.toFixed(2));
    expect(cells[7 + 4]).toBe(tile.effective.toFixed(1));
    expect(await view.page.locator('tbody tr').count()).toBe(64);
    await view.page.click('text=Next 64');
    await expect.poll(() => view.page.locator('tbody tr th').first().textContent()).toBe('65 (byte 256)');
    await view.page.click('.table-toggle');
    await measured();
  });

  const themes: readonly ThemeName[] = ['dark', 'light', 'high-contrast', 'high-contrast-light'];

  it.each(themes)('axe finds nothing serious in %s', async (theme) => {
    await open({ theme });
    expect(await view.audit()).toEqual([]);
    await serve({ offset: 120, bit: 11, voter: null, locked: true });
    for (const measure of ['effectiveVoters', 'density', 'surprise', 'mistakes']) {
      await view.page.selectOption('select', measure);
      await view.screenshot(`heatmap-${theme}-${measure}`);
    }
    expect(await view.audit()).toEqual([]);
    for (let step = 0; step < 8; step++) await view.page.click('[aria-label="Zoom in"]');
    await view.page.waitForTimeout(100);
    await view.screenshot(`heatmap-${theme}-near`);
    await view.page.click('.table-toggle');
    await view.screenshot(`heatmap-${theme}-table`);
    expect(await view.audit()).toEqual([]);
    for (const kind of ['empty', 'error']) {
      await view.page.evaluate((state) => window.fake.send(state), {
        kind,
        message: 'No model is loaded: load one, or train one on your own text.',
        action: { label: 'Load Model…', command: 'smuggler.loadModel' },
      });
      await view.page.waitForSelector(`body[data-state=${kind}][data-offset=""]`);
      expect(await view.audit()).toEqual([]);
    }
  });

  it('does not scroll sideways in a narrow panel', async () => {
    await open({ width: 420, height: 600 });
    await serve();
    await view.screenshot('heatmap-dark-narrow');
    const [content, window] = await view.page.evaluate(
      () => [document.documentElement.scrollWidth, innerWidth] as const,
    );
    expect(content).toBeLessThanOrEqual(window);
  });
});
