/** @file The Sparsity heatmap's rows of voters in Chromium, and how it scrolls the editor and is scrolled by it. */
import { interpolateCividis } from 'd3-scale-chromatic';
import { describe, expect, it } from 'vitest';
import type { Selection } from '../../../model/protocol/panels/messages';
import { normalTime } from '../normalTime';
import { settled } from '../shown';
import type { OpenOptions } from '../harness';
import type { CanvasPoint } from './heatmapPage';
import { voterCode } from '../page/heatmap';
import { BYTES, useHeatmap } from './heatmapPage';
import { THEME_NAMES } from '../themes';

const SIZE = { width: 900, height: 640 };
const VOTERS = 128;
const { askedFor, editorShows, goHome, measured, open, pixelAt, pointAt, sent, serve, shown, view } = useHeatmap(SIZE);

/** A host that answers, and voters as rows, measured as far as they are seen. */
async function show(
  rows: 'bits' | 'voters' | 'bit',
  options: Partial<OpenOptions> = {},
  selection: Selection | null = { offset: 120, bit: 3, voter: 17, locked: false },
): Promise<void> {
  await open(options);
  await serve(selection);
  await choose('Rows', rows);
}

async function choose(label: string, value: string): Promise<void> {
  await view.page.locator(`label:visible:has-text("${label}") select`).selectOption(value);
  await measured();
}

/** Middle of a voter's row at a chunk, where only the voters of one bit are shown. */
function voterPoint(chunk: number, voter: number): Promise<CanvasPoint> {
  return pointAt(chunk, (height) => ((voter + 0.5) * height) / VOTERS);
}

async function pixelOf(chunk: number, voter: number): Promise<number[]> {
  return pixelAt(await voterPoint(chunk, voter));
}

function codeOf(bit: number, voter: number, chunk: number): Promise<number> {
  return view.page.evaluate(([v, c]) => window.fake.voterCode(v, c), [bit * VOTERS + voter, chunk] as const);
}

function picture(): Promise<string> {
  return view.page.evaluate(() => document.querySelector<HTMLCanvasElement>('.heatmap canvas')!.toDataURL());
}

describe('voters as rows', () => {
  it('colours each voter of the selected bit by its vote', async () => {
    await show('bit');
    await goHome();
    for (const [chunk, voter] of [
      [0, 0],
      [5, 17],
      [12, 90],
      [30, 127],
    ] as const) {
      const color = interpolateCividis((await codeOf(3, voter, chunk)) / 255)
        .match(/\d+/g)!
        .map(Number);
      expect(await pixelOf(chunk, voter), `chunk ${chunk}, voter ${voter}`).toEqual([...color, 255]);
    }
  });

  it('shows all voters at once, and something else for each measure', async () => {
    await show('voters');
    await goHome();
    const pictures = new Set<string>();
    for (const [measure, words] of [
      ['vote', 'Vote v'],
      ['weight', '32/M'],
      ['mistake', '|v − real bit|'],
    ] as const) {
      await choose('Measure', measure);
      expect(await view.page.innerText('.legend')).toContain(words);
      pictures.add(await picture());
    }
    expect(pictures.size).toBe(3);
    expect(await view.page.innerText('.provenance')).toContain('× 4,096 voters');
    await choose('Rows', 'bit');
    expect(await view.page.innerText('.provenance')).toContain('× 128 voters of bit 3');
    pictures.add(await picture());
    expect(pictures.size).toBe(4);
  });

  it('asks for voters tile by tile, of weights only where they are shown', async () => {
    await show('voters');
    const wanted = (await askedFor('viewport')).filter(({ voters }) => voters !== null);
    expect(wanted.length).toBeGreaterThan(0);
    for (const { firstChunk, count, voters } of wanted) {
      expect([firstChunk % 256, voters]).toEqual([0, 'vote']);
      expect(count).toBeLessThanOrEqual(256);
    }
    await choose('Measure', 'mistake');
    expect((await askedFor('viewport')).filter(({ voters }) => voters !== null).length).toBe(wanted.length);
    await choose('Measure', 'weight');
    expect((await askedFor('viewport')).some(({ voters }) => voters === 'weight')).toBe(true);
  });

  it('fades voters of the text before an edit until they are measured anew', async () => {
    await show('bit');
    await goHome();
    await view.page.evaluate((bytes) => {
      window.fake.answer(() => undefined);
      return window.fake.send(window.fake.heatmap(bytes, 2, null), null);
    }, BYTES);
    await expect.poll(async () => (await pixelOf(5, 17))[3]).toBe(0x48);
  });

  it('a click selects the voter in all views; the pointer tells what it says', async () => {
    await show('bit');
    await goHome();
    const { x, y } = await voterPoint(40, 77);
    await view.page.mouse.move(x, y);
    // The box of what the keyboard was on gives way once the pointer rests.
    await expect.poll(() => view.page.innerText('.tooltip')).toContain(' · chunk 41, byte 160');
    const tooltip = await view.page.innerText('.tooltip');
    expect(tooltip).toContain(`voter 77 of bit 3: v ≈ ${((await codeOf(3, 77, 40)) / 255).toPrecision(2).slice(0, 3)}`);
    expect(tooltip).toContain('bit 3: real');
    await view.page.mouse.click(x, y);
    expect((await sent('select')).at(-1)).toEqual({
      type: 'select',
      reveal: true,
      selection: { offset: 160, bit: 3, voter: 77, locked: true },
    });
  });

  it('says which of the voters that share a pixel is shown', async () => {
    await show('voters');
    await goHome();
    const box = (await view.page.locator('.heatmap canvas').boundingBox())!;
    await view.page.mouse.move(box.x + 50, box.y + 50);
    expect(await view.page.innerText('.tooltip')).toMatch(
      /shown: the largest of voters \d+–\d+, voter \d+ with v ≈ 0\.\d+/,
    );
    // With other rows there is something else below a pointer that has not moved.
    await choose('Rows', 'bits');
    expect(await view.page.isVisible('.tooltip')).toBe(false);
  });

  it.each([
    [517, 1],
    [640, 1],
    [641, 2],
    [759, 1.25],
  ])(
    'names a voter of those whose largest vote is the colour below the pointer, %d px high at %d',
    async (height, scale) => {
      await show('voters', { height, scale });
      await goHome();
      const box = (await view.page.locator('.heatmap canvas').boundingBox())!;
      const told = await view.page.evaluate(
        ({ left, width, top, bottom }) => {
          const surface = document.querySelector('.heatmap .surface')!;
          const lines: { tooltip: string; color: number[] }[] = [];
          for (let y = 0; y < bottom - top; y++) {
            const at = { clientX: left + width - 5, clientY: top + y, bubbles: true, pointerId: 1 };
            surface.dispatchEvent(new PointerEvent('pointermove', at));
            lines.push({
              tooltip: document.querySelector('.tooltip')!.textContent,
              color: window.fake.pixel(width - 5, y),
            });
          }
          return lines;
        },
        // Away from the box that the keyboard has left at the first chunk.
        { left: box.x, width: box.width, top: box.y, bottom: box.y + box.height },
      );
      let compared = 0;
      for (const { tooltip, color } of told) {
        const chunk = Number(/chunk (\d+),/.exec(tooltip)![1]);
        const [voter, bit] = /voter (\d+) of bit (\d+)/.exec(tooltip)!.slice(1).map(Number) as [number, number];
        const [first, last] = (/of voters (\d+)–(\d+)/.exec(tooltip)?.slice(1).map(Number) ?? [voter, voter]) as [
          number,
          number,
        ];
        expect(voter, tooltip).toBeGreaterThanOrEqual(first);
        expect(voter, tooltip).toBeLessThanOrEqual(last);
        // Nothing is painted between bytes.
        if (color[3] === 0) continue;
        compared += 1;
        const codes = Array.from({ length: last - first + 1 }, (_, index) =>
          voterCode(bit * VOTERS + first + index, chunk - 1),
        );
        const expected = interpolateCividis(Math.max(...codes) / 255)
          .match(/\d+/g)!
          .map(Number);
        expect(color, tooltip).toEqual([...expected, 255]);
      }
      expect(compared).toBeGreaterThan(0.9 * told.length);
    },
  );

  it('keys move from voter to voter, and to the voters of another bit', async () => {
    await show('bit');
    await view.page.focus('.heatmap');
    await view.page.keyboard.press('ArrowDown');
    expect((await sent('select')).at(-1)!.selection).toMatchObject({ offset: 120, bit: 3, voter: 18 });
    await view.page.keyboard.press('ArrowRight');
    expect((await sent('select')).at(-1)!.selection).toMatchObject({ offset: 124, bit: 3, voter: 18 });
    expect(await view.page.textContent('[aria-live]')).toContain('voter 18 of bit 3');
    await view.page.keyboard.press(']');
    expect((await sent('select')).at(-1)!.selection).toMatchObject({ offset: 124, bit: 4, voter: null });
    expect(await view.page.innerText('.provenance')).toContain('voters of bit 4');
  });

  it('shows the same numbers as a table', async () => {
    await show('bit');
    await goHome();
    await view.page.click('.table-toggle');
    expect(await view.page.innerText('caption')).toContain('voters of bit 3: Vote v of a voter');
    const cells = await view.page.locator('tbody tr').nth(3).locator('th, td').allTextContents();
    expect(cells.length).toBe(7 + VOTERS);
    expect(Number(cells[7 + 17])).toBeCloseTo((await codeOf(3, 17, 3)) / 255, 2);
  });

  it('restores rows and measure after a reload', async () => {
    const saved = { version: 1, rows: 'bit', measure: 'density', voterMeasure: 'weight', table: false };
    await open({ saved: { ...saved, window: null, document: '' } });
    await view.page.evaluate((bytes) => {
      window.fake.serve(bytes, 1, null);
    }, BYTES);
    await view.page.waitForSelector('body[data-state=ready]');
    await measured();
    expect(await view.page.innerText('.legend')).toContain('Weight w');
    await choose('Rows', 'bits');
    expect(await view.page.innerText('.legend')).toContain('density');
    await expect
      .poll(() => view.page.evaluate(() => window.fake.saved()))
      .toMatchObject({ rows: 'bits', voterMeasure: 'weight' });
  });

  it.each(THEME_NAMES)('axe finds nothing serious in %s', async (theme) => {
    await show('voters', { theme }, { offset: 200, bit: 11, voter: 40, locked: true });
    for (const measure of ['vote', 'weight', 'mistake']) {
      await choose('Measure', measure);
      await view.screenshot(`heatmap-voters-${theme}-${measure}`);
    }
    expect(await view.audit()).toEqual([]);
    await choose('Rows', 'bit');
    await view.screenshot(`heatmap-voters-${theme}-bit`);
    expect(await view.audit()).toEqual([]);
    await view.page.click('.table-toggle');
    expect(await view.audit()).toEqual([]);
  });

  it('redraws 4,096 voters with a pixel a chunk in less than 16 ms', async () => {
    await open();
    await view.page.evaluate(() => {
      window.fake.serveCheaply(40_000, 1);
    });
    await view.page.waitForSelector('body[data-state=ready]');
    await choose('Rows', 'voters');
    for (let step = 0; step < 8; step++) await view.page.click('[aria-label="Zoom out"]');
    await measured();
    const timing = await view.page.evaluate(() =>
      window.fake.timedInTurns(31, (index) => {
        const selection = { offset: 4 * index, bit: 3, voter: index, locked: false };
        const data = { type: 'selection', version: 1e6 + index, selection };
        window.dispatchEvent(new MessageEvent('message', { data }));
      }),
    );
    expect((await shown()).last).toBeGreaterThan(700);
    // The benchmark holds the 95th percentile to this.
    expect(normalTime(timing)).toBeLessThan(16);
  });
});

describe('scrolling with the editor', () => {
  async function wheel(pixels: number): Promise<void> {
    const box = (await view.page.locator('.heatmap canvas').boundingBox())!;
    await view.page.mouse.move(box.x + box.width / 2, box.y + 50);
    await view.page.mouse.wheel(pixels, 0);
    await settled(view.page);
  }

  async function pan(): Promise<void> {
    await wheel(900);
    await expect.poll(async () => (await shown()).first).toBeGreaterThan(20);
    await expect.poll(async () => (await askedFor('scroll')).length).toBeGreaterThan(0);
  }

  it('panning takes the editor along as far as is needed', async () => {
    await show('bits', {}, null);
    expect(await askedFor('scroll')).toEqual([]);
    await pan();
    const { first, last } = await shown();
    const { firstChunk, generation } = (await askedFor('scroll')).at(-1)!;
    expect(generation).toBe(1);
    expect(firstChunk).toBeGreaterThanOrEqual(first);
    expect(firstChunk + 60).toBeLessThanOrEqual(last + 2);
  });

  it('what the editor answers does not move the picture', async () => {
    await show('bits', {}, null);
    await pan();
    const before = await shown();
    const wanted = (await askedFor('scroll')).at(-1)!.firstChunk;
    // Smoothly: on its way first, and then to the beginning of a line.
    for (const at of [25, 40, Math.max(0, wanted - 9)]) await editorShows(at, 60);
    expect(await shown()).toEqual(before);
    expect((await askedFor('scroll')).at(-1)!.firstChunk).toBe(wanted);
  });

  it('what the pointer was on before is not selected after the picture has moved under it', async () => {
    await show('bits', {}, null);
    await pan();
    const before = await shown();
    await view.page.waitForTimeout(400);
    expect(await sent('select')).toEqual([]);
    expect(await shown()).toEqual(before);
  });

  it('a picture that shows what the editor shows leaves it where it is', async () => {
    await show('bits', {}, null);
    await editorShows(40, 10);
    await wheel(20);
    expect(await askedFor('scroll')).toEqual([]);
  });

  it('scrolling in the editor takes the picture along, and asks for nothing back', async () => {
    await show('bits', {}, null);
    await editorShows(300, 60);
    await expect.poll(async () => (await shown()).last).toBeGreaterThanOrEqual(359);
    expect((await shown()).first).toBeLessThanOrEqual(300);
    expect(await askedFor('scroll')).toEqual([]);
    await editorShows(10, 60);
    await expect.poll(async () => (await shown()).first).toBeLessThanOrEqual(10);
    expect(await askedFor('scroll')).toEqual([]);
  });

  it('the brush and the pages of the table scroll the editor too', async () => {
    await show('bits', {}, null);
    const minimap = (await view.page.locator('.minimap .overlay').boundingBox())!;
    await view.page.mouse.click(minimap.x + 0.9 * minimap.width, minimap.y + 15);
    await expect.poll(async () => (await askedFor('scroll')).length).toBe(1);
    const { firstChunk } = (await askedFor('scroll'))[0]!;
    // The picture is drawn in the frame after the editor has been told.
    await expect.poll(async () => (await shown()).last + 2).toBeGreaterThanOrEqual(firstChunk + 60);
    expect((await shown()).first - 1).toBeLessThanOrEqual(firstChunk);
    await editorShows(firstChunk, 60);
    await view.page.click('.table-toggle');
    for (let page = 0; page < 3; page++) await view.page.click('text=Previous 64');
    await expect.poll(async () => (await askedFor('scroll')).at(-1)!.firstChunk).toBeLessThan(firstChunk);
  });
});
