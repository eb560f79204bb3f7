/** @file The comparison in Chromium: what it draws, and how it is used by pointer, keyboard and screen reader. */
import { describe, expect, it } from 'vitest';
import type { ComparisonReady } from '../../model/protocol/panels/comparison';
import { about, exportText } from './exportPage';
import { outcomeOf, surpriseOf } from './page/comparison';
import { settled, shown } from './shown';
import { THEME_NAMES } from './themes';
import { useView } from './useView';

const WIDE = { width: 1180, height: 780 };
/** Bytes of the text that is compared unless said otherwise: 300 chunks, the last of 2 bytes. */
const BYTES = 1198;
const { asked, open, sent, view } = useView('comparison', WIDE);

/** Sends a comparison with a chunk selected, and waits until it is drawn. */
async function show(
  chunk: number | null = 40,
  { bytes = BYTES, change = {} }: { bytes?: number; change?: Partial<ComparisonReady> } = {},
): Promise<void> {
  await view.page.evaluate(
    ([byteLength, index, changed]) => {
      const selection = index === null ? null : { offset: 4 * index, bit: 3, voter: null, locked: false };
      return window.fake.send(window.fake.comparison(byteLength, index, changed), selection);
    },
    [bytes, chunk, change] as const,
  );
  await view.page.waitForSelector(`body[data-state=ready][data-offset="${chunk === null ? '' : 4 * chunk}"]`);
}

const attribute = (selector: string, name: string) =>
  view.page.evaluate(([of, what]) => document.querySelector(of)!.getAttribute(what) ?? '', [selector, name] as const);

/** Sizes of the bars in a path of rectangles: x and the signed height of each. */
async function bars(selector: string): Promise<{ x: number; top: number; height: number }[]> {
  const path = await attribute(selector, 'd');
  return Array.from(path.matchAll(/M([\d.-]+),([\d.-]+)h[\d.-]+v([\d.-]+)h/g), ([, x, top, height]) => ({
    x: Number(x),
    top: Number(top),
    height: Number(height),
  }));
}

describe('drawing', () => {
  it('writes two bytes that are no character below one another, each whole', async () => {
    await open();
    await view.page.evaluate((bytes) => {
      const state = window.fake.comparison(bytes, 47);
      const { a, b } = state.chunk!;
      // A: \x9Fe d; B another byte without a character first, and another letter.
      const bits = b.bits.slice();
      bits[1] = 1 - bits[1]!;
      bits[31] = 1 - bits[31]!;
      return window.fake.send({ ...state, chunk: { ...state.chunk!, a, b: { ...b, bits } } }, null);
    }, BYTES);
    const labels = view.page.locator('.plot.votes text.code');
    await expect.poll(() => labels.allTextContents()).toEqual(['\\x9F', '\\xDF', 'e', '␣', 'd|e']);
    const picture = (await view.page.locator('.plot.votes').boundingBox())!;
    const boxes = await Promise.all((await labels.all()).map((label) => label.boundingBox()));
    for (const box of boxes) expect(box!.x).toBeGreaterThanOrEqual(picture.x);
    expect(boxes[1]!.y - boxes[0]!.y).toBe(12);
  });

  it('keeps wide byte offsets off the name of their axis, and whole', async () => {
    await open({ width: 450 });
    await show(2250, { bytes: 40_000 });
    await view.page.focus('.plot.along');
    for (let step = 0; step < 8; step++) await view.page.keyboard.press('+');
    let isFirst = false;
    for (let chunk = 2250; chunk < 7000; chunk += 173) {
      await show(chunk, { bytes: 40_000 });
      await settled(view.page);
      const [name, picture, ticks] = await view.page.evaluate(() => {
        const boxOf = (node: Element): { left: number; right: number } => {
          const { left, right } = node.getBoundingClientRect();
          return { left, right };
        };
        const svg = document.querySelector('.plot.along svg')!;
        const name = Array.from(svg.querySelectorAll('text')).find((node) => node.textContent === 'byte offset')!;
        const labels = Array.from(svg.querySelectorAll('.tick text')).filter((node) =>
          /^\d{1,2},\d{3}$/.test(node.textContent),
        );
        return [boxOf(name).right, boxOf(svg).right, labels.map(boxOf)] as const;
      });
      expect(ticks.length).toBeGreaterThan(0);
      isFirst ||= ticks[0]!.left < name + 8;
      for (const { left, right } of ticks) {
        expect(left).toBeGreaterThan(name + 1);
        expect(right).toBeLessThanOrEqual(picture + 0.5);
      }
    }
    // One of them began beside the name.
    expect(isFirst).toBe(true);
  });

  it('draws A and B with as many pixels per bit, and A−B on a scale that fits it', async () => {
    await open();
    await show();
    const [a, b, more, less] = await Promise.all(['.bar-a', '.bar-b', '.bar-more', '.bar-less'].map(bars));
    expect(a).toHaveLength(300);
    expect(b).toHaveLength(300);
    const unit = a![10]!.height / surpriseOf('a', 10);
    const differences = a!.map((_, chunk) => surpriseOf('a', chunk) - surpriseOf('b', chunk));
    const largest = Math.max(...differences.map(Math.abs));
    const tallest = Math.max(...more!.map(({ height }) => height), ...less!.map(({ height }) => height));
    const ofDifference = tallest / largest;
    // The strip of A−B reaches as far up as that of A, and is used.
    expect(tallest).toBeGreaterThan(0.7 * Math.max(...a!.map(({ height }) => height)));
    expect(ofDifference).toBeGreaterThan(1.5 * unit);
    for (const chunk of [0, 17, 123, 299]) {
      expect(a![chunk]!.height).toBeCloseTo(unit * surpriseOf('a', chunk), 1);
      expect(b![chunk]!.height).toBeCloseTo(unit * surpriseOf('b', chunk), 1);
      const difference = surpriseOf('a', chunk) - surpriseOf('b', chunk);
      const found = (difference > 0 ? more! : less!).find(({ x }) => x === a![chunk]!.x);
      expect(found!.height).toBeCloseTo(ofDifference * Math.abs(difference), 1);
    }
    // Up where A is more surprised, down where B is, from one line.
    const line = more![0]!.top + more![0]!.height;
    for (const { top, height } of more!) expect(top + height).toBeCloseTo(line, 1);
    for (const { top } of less!) expect(top).toBeCloseTo(line, 1);
    const ticks = await view.page.locator('.along .axis text').allTextContents();
    // One end of the scale for A and B, and one of its own for A−B, which is named.
    const end = ticks.find((text) => /^[1-9]\d* bits$/.test(text))!;
    expect(ticks.filter((text) => text === end)).toHaveLength(2);
    const ends = ticks.filter((text) => /^[+−]/.test(text));
    expect(new Set(ends.map((text) => Math.abs(parseFloat(text.replace('−', '-'))))).size).toBe(1);
    expect(parseFloat(ends.find((text) => text.startsWith('+'))!)).toBeLessThan(1.3 * largest);
    expect(await view.page.textContent('.along svg')).toContain('A − B, own scale, bits');
    expect(ticks).toContain('1,000');
  });

  it('has all of the counts in sight, and labels apart, in a narrow panel', async () => {
    await open({ width: 510, height: 900 });
    await show(40, { bytes: 40_000 });
    const pane = (await view.page.locator('.counts-table').boundingBox())!;
    for (const cell of await view.page.locator('.counts tr > :last-child').all()) {
      const box = (await cell.boundingBox())!;
      expect(box.x + box.width).toBeLessThanOrEqual(pane.x + pane.width + 0.5);
    }
    const low = (await view.page.locator('.along .axis text', { hasText: '−' }).boundingBox())!;
    const first = (await view.page.locator('.along .row-name', { hasText: 'only A right' }).boundingBox())!;
    expect(first.y).toBeGreaterThanOrEqual(low.y + low.height);
  });

  it('says who is right, and the four counts add to N', async () => {
    await open();
    await show();
    const cells = (await view.page.locator('.counts tbody tr').allTextContents()).join('\n');
    const rows = await view.page.evaluate(() =>
      Array.from(document.querySelectorAll('.counts tbody tr'), (row) =>
        Array.from(row.querySelectorAll('td'), (cell) => Number(cell.textContent.replace(/\(.*|,/g, ''))),
      ),
    );
    for (const counts of rows) expect(counts.slice(0, 4).reduce((sum, count) => sum + count)).toBe(counts[4]);
    expect(rows.map((row) => row[4])).toEqual([300, 8 * BYTES]);
    expect(cells).toContain('%');
    const text = await view.page.innerText('.bits-per-byte');
    expect(text).toMatch(/A \d\.\d\d\s+B ≤ \d\.\d\d\s+A − B [+-−]\d/);
    expect(text).toContain('B’s independent bits give an upper bound');
  });

  it('shows that a model differs nowhere from itself', async () => {
    await open();
    await view.page.evaluate((bytes) => {
      return window.fake.send(window.fake.equalComparison(bytes, 5), {
        offset: 20,
        bit: null,
        voter: null,
        locked: false,
      });
    }, BYTES);
    await view.page.waitForSelector('body[data-state=ready][data-chunk="20"]');
    expect(await bars('.bar-more')).toEqual([]);
    expect(await bars('.bar-less')).toEqual([]);
    expect(await attribute('.votes .more', 'd')).toBe('');
    expect(await attribute('.votes .less', 'd')).toBe('');
    expect(await view.page.innerText('.bits-per-byte')).toMatch(/A − B 0$/m);
    expect(await view.page.innerText('.places-caption')).toBe('There is no such chunk.');
    expect(await view.page.innerText('.chunk-title')).toContain('= ±0 bits');
  });

  it('draws p of A, B and A−B of the selected chunk on one scale', async () => {
    await open();
    await show(40);
    const { pA, pB } = await view.page.evaluate((bytes) => {
      const { a, b } = window.fake.comparison(bytes, 40).chunk!;
      return { pA: Array.from(a.probabilities), pB: Array.from(b.probabilities) };
    }, BYTES);
    const starts = async (selector: string) =>
      Array.from((await attribute(selector, 'd')).matchAll(/M([\d.]+),([\d.]+)/g), ([, x]) => Number(x));
    const marks = await starts('.votes .halo');
    expect(marks).toHaveLength(64);
    // p of A and of B stand a constant apart where they are equal: unit and places follow from two bits.
    const unit = (marks[5]! - marks[0]!) / (pA[5]! - pA[0]!);
    const left = marks[0]! - unit * pA[0]!;
    const leftB = marks[32]! - unit * pB[0]!;
    for (let bit = 0; bit < 32; bit++) {
      expect(marks[bit]).toBeCloseTo(left + unit * pA[bit]!, 2);
      expect(marks[32 + bit]).toBeCloseTo(leftB + unit * pB[bit]!, 2);
    }
    const widths = Array.from((await attribute('.votes .more', 'd')).matchAll(/h([\d.]+)v/g), ([, width]) =>
      Number(width),
    );
    const expected = pA.map((p, bit) => p - pB[bit]!).filter((difference) => difference > 0);
    expect(widths).toHaveLength(expected.length);
    widths.forEach((width, index) => {
      expect(width).toBeCloseTo(unit * expected[index]!, 2);
    });
    expect(await view.page.innerText('.chunk-title')).toMatch(
      /^Chunk 41 “.+”: surprise A − B: [\d.]+ − [\d.]+ = .+ bits$/,
    );
  });

  it('draws a long text as means of as many chunks as share a pixel', async () => {
    await open();
    await show(100, { bytes: 400_000 });
    await view.page.selectOption('.places select', 'onlyA');
    const drawn = (await bars('.bar-a')).length;
    expect(drawn).toBeGreaterThan(300);
    expect(drawn).toBeLessThan(WIDE.width);
    expect(await view.page.textContent('.along svg')).toMatch(/mean of \d+ chunks/);
    expect(await view.page.locator('.places tbody tr').count()).toBe(100);
    await view.page.click('.more-places');
    expect(await view.page.locator('.places tbody tr').count()).toBe(500);
    expect(await view.page.innerText('.places-caption')).toMatch(/500 of 18,750\.$/);
  });

  it('says what is not known yet, what happens, and what failed', async () => {
    await open();
    await show(null, {
      change: { generation: 0, result: null, work: { words: 'Running the model', share: 0.42 } },
    });
    expect(await view.page.innerText('.status-line')).toContain('Running the model: 42 %');
    expect(await view.page.innerText('.chunk-title')).toBe('No chunk of the compared text is selected.');
    expect(await view.page.isVisible('.along')).toBe(false);
    await view.page.click('.cancel');
    expect(await asked()).toEqual([{ kind: 'cancel' }]);
    await show(null, { change: { generation: 0, result: null, failure: 'Cancelled.' } });
    expect(await view.page.innerText('.status-line')).toContain('Cancelled.');
    await view.page.click('.again');
    expect((await asked()).at(-1)).toEqual({ kind: 'measure' });
    await show(null, { change: { outdated: true } });
    expect(await view.page.innerText('.status-line')).toContain('The text has changed since.');
    await show(null);
    expect(await view.page.isVisible('.status-line')).toBe(false);
  });

  it('keeps a result that was sent once, and drops it with its generation', async () => {
    await open();
    await show(40);
    await show(41, { change: { result: null } });
    expect(await bars('.bar-a')).toHaveLength(300);
    await show(42, { change: { result: null, generation: 2 } });
    expect(await view.page.isVisible('.along')).toBe(false);
  });

  it('shows both texts where there are two', async () => {
    await open();
    await view.page.evaluate((bytes) => {
      const state = window.fake.comparison(bytes, 3);
      const bytesB = state.result!.bytesA.map((byte, at) => (at % 4 === 0 ? 0x23 : byte));
      const b = { ...state.a, document: 'other.ts' };
      return window.fake.send({ ...state, b, result: { ...state.result!, bytesB } }, null);
    }, BYTES);
    await view.page.waitForSelector('body[data-state=ready]');
    expect(await view.page.innerText('h1')).toBe('A: starter on order.ts · B: starter on other.ts');
    expect(await view.page.locator('.place').first().innerText()).toContain('B: #');
  });
});

/** One model with all its voters (A), and with six of them changed (B). */
async function showVoters(change: Partial<ComparisonReady> = {}): Promise<void> {
  await view.page.evaluate(
    ([bytes, changed]) =>
      window.fake.send(window.fake.voterComparison(bytes, 40, changed), {
        offset: 160,
        bit: 3,
        voter: null,
        locked: false,
      }),
    [BYTES, change] as const,
  );
  await view.page.waitForSelector('body[data-state=ready][data-chunk="160"]');
}

describe('voters of A and B', () => {
  it('are told in the titles and as chips, which let them vote again', async () => {
    await open();
    await showVoters();
    expect(await view.page.innerText('h1')).toBe(
      'A: starter, all voters vote · B: starter, “no vowels”: 4 voters silenced, 2 held',
    );
    expect(await view.page.innerText('.headline')).toMatch(
      /^Silencing 4 voters and holding 2 (costs|saves) [\d.]+ bits per byte \([\d.]+ → [\d.]+\)\. The 95 % interval holds 0/,
    );
    const b = view.page.getByRole('group', { name: 'Voters of B' });
    expect(await b.locator('.chip').allInnerTexts()).toEqual([
      '3/3 ×',
      '3/17 ×',
      '3/29 ×',
      '3/64 ×',
      '12/7 = 1 ×',
      '12/90 = 0.25 ×',
    ]);
    expect(await view.page.getByRole('group', { name: 'Voters of A' }).locator('.chip').count()).toBe(0);
    await b
      .getByRole('button', { name: '3/17 ×: bit 3, voter 17, silenced in B. Let it vote by itself again' })
      .click();
    expect((await asked()).at(-1)).toEqual({ kind: 'restoreVoters', side: 'b', voters: [{ bit: 3, voter: 17 }] });
    await b.getByRole('button', { name: 'Clear' }).click();
    expect((await asked()).at(-1)).toEqual({ kind: 'restoreVoters', side: 'b', voters: null });
    await view.page.getByRole('group', { name: 'Voters of A' }).getByRole('button', { name: 'Take Changes' }).click();
    expect((await asked()).at(-1)).toEqual({ kind: 'takeVoters', side: 'a' });
    await b.getByRole('button', { name: 'Voters…' }).click();
    expect((await sent('command')).at(-1)).toEqual({ type: 'command', command: 'smuggler.chooseVotersOfB' });
  });

  it('can be taken out one after the other by the keyboard', async () => {
    await open();
    await showVoters();
    await view.page.locator('.chip').nth(1).focus();
    await view.page.keyboard.press('Enter');
    const changes = await view.page.evaluate((bytes) => window.fake.voterComparison(bytes, 40).voters.b.changes, BYTES);
    await showVoters({
      voters: { a: { name: null, changes: [] }, b: { name: null, changes: changes.filter((_, at) => at !== 1) } },
    });
    expect(await view.page.evaluate(() => document.activeElement?.textContent)).toBe('3/29 ×');
    await showVoters({ voters: { a: { name: null, changes: [] }, b: { name: null, changes: [] } }, present: 0 });
    expect(await view.page.evaluate(() => document.activeElement?.textContent)).toBe('Voters…');
    expect(await view.page.innerText('h1')).toBe('A: starter · B: starter');
    expect(await view.page.getByRole('button', { name: 'Take Changes' }).count()).toBe(0);
  });

  it('that are many are shown when they are asked for', async () => {
    await open();
    const changes = Array.from({ length: 128 }, (_, voter) => ({ bit: 7, voter, vote: null }));
    await showVoters({ voters: { a: { name: null, changes }, b: { name: null, changes: [] } } });
    expect(await view.page.locator('.chip').count()).toBe(24);
    await view.page.click('text=All 128');
    expect(await view.page.locator('.chip').count()).toBe(128);
    await view.page.click('text=First 24');
    expect(await view.page.locator('.chip').count()).toBe(24);
  });

  it('what got better and worse is counted and listed', async () => {
    await open();
    await showVoters();
    const { changed, worst, best } = await view.page.evaluate((bytes) => {
      const { changed: counts, places } = window.fake.voterComparison(bytes, 40).result!;
      return { changed: counts, best: places[3][0]!, worst: places[4][0]! };
    }, BYTES);
    const [less, more] = changed;
    expect(await view.page.innerText('.changed-chunks')).toMatch(
      new RegExp(
        `^B is less surprised than A in ${less} chunks \\(by [\\d.]+ bits on average\\), more in ${more} \\(by [\\d.]+ bits on average\\), alike in ${300 - less - more}\\.$`,
      ),
    );
    expect(await view.page.innerText('.bits-per-byte')).toMatch(/95 %: −0\.300 to \+0\.0200/);
    expect(await view.page.innerText('.places-caption')).toContain(
      'B is more surprised than A, the largest loss first',
    );
    for (const [list, place] of [
      ['worse', worst],
      ['better', best],
    ] as const) {
      await view.page.selectOption('.places select', list);
      await view.page.locator('.place').first().click();
      expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 4 * place }, reveal: true });
    }
  });

  it('a bit without voters is drawn without p, and without a mistake', async () => {
    await open();
    await view.page.evaluate((bytes) => {
      const state = window.fake.voterComparison(bytes, 40);
      const { b } = state.chunk!;
      b.probabilities[5] = NaN;
      b.histogram.fill(0, 160, 192);
      return window.fake.send(state, { offset: 160, bit: 5, voter: null, locked: false });
    }, BYTES);
    await view.page.waitForSelector('body[data-state=ready][data-chunk="160"]');
    const halo = await attribute('.votes .halo', 'd');
    expect(halo).not.toContain('NaN');
    expect(halo.split('M')).toHaveLength(64);
    expect(await attribute('.votes .more', 'd')).not.toContain('NaN');
    await view.page.click('text=Table');
    const row = view.page.locator('.tables table').nth(1).locator('tbody tr').nth(5);
    expect(await row.innerText()).toMatch(/no voters\t–/);
  });

  it('a surprise without end reaches the end of the scale', async () => {
    await open();
    await view.page.evaluate((bytes) => {
      const state = window.fake.voterComparison(bytes, 40);
      state.result!.surpriseB[12] = Infinity;
      return window.fake.send(state, { offset: 160, bit: 5, voter: null, locked: false });
    }, BYTES);
    await view.page.waitForSelector('body[data-state=ready][data-chunk="160"]');
    const b = await bars('.bar-b');
    expect(b).toHaveLength(300);
    expect(b[12]!.height).toBeGreaterThanOrEqual(Math.max(...b.map(({ height }) => height)));
    expect(b[12]!.height).toBeLessThan(300);
    expect(await attribute('.bar-less', 'd')).not.toMatch(/NaN|Infinity/);
  });
});

describe('what both write on', () => {
  it('stands side by side, the first character that differs marked, beside the text and its surprise', async () => {
    await open();
    await showVoters();
    const section = view.page.getByRole('region', { name: 'What A and B write on' });
    expect(await section.locator('p').innerText()).toBe('They write the same 10 bytes, and differ from byte 170 on.');
    const text = await view.page.evaluate(
      (bytes) => new TextDecoder().decode(window.fake.voterComparison(bytes, 40).continued!.result!.a.real),
      BYTES,
    );
    const shown = text.replaceAll('\n', '↵');
    const rows = section.locator('dd');
    expect(await rows.nth(0).textContent()).toBe(`${shown.slice(0, 19)}→ größer↵}`);
    expect(await rows.nth(1).textContent()).toBe(`${shown.slice(0, 10)}⇥(value: string)`);
    expect(await rows.nth(2).textContent()).toBe(shown);
    expect(await section.locator('mark').allTextContents()).toEqual([shown[10], '⇥']);
    const words = await section.locator('dt span').allInnerTexts();
    expect(words[0]).toMatch(/^14\.25 bits, its first 19 of \d+ bytes as in the text$/);
    expect(words[2]).toBe('41.50 bits for A, 47.25 for B, A − B −5.75');
  });

  it('is waited for, may fail, and is nothing where no chunk is selected', async () => {
    await open();
    await showVoters({ continued: { result: null, failure: null } });
    expect(await view.page.innerText('.writing')).toContain('Both are asked…');
    expect(await attribute('.writing', 'aria-busy')).toBe('true');
    await showVoters({ continued: { result: null, failure: 'The device failed.' } });
    expect(await view.page.innerText('.writing')).toContain('The device failed.');
    await showVoters({ continued: null });
    expect(await view.page.isVisible('.writing')).toBe(false);
  });
});

describe('using', () => {
  it('a place goes to the text and locks it; a second click unlocks it', async () => {
    await open();
    await show();
    const first = await view.page.evaluate((bytes) => window.fake.comparison(bytes).result!.places[0][0]!, BYTES);
    expect(outcomeOf(first)).toBe(1);
    await view.page.selectOption('.places select', 'onlyA');
    await view.page.locator('.place').first().click();
    expect((await sent('select')).at(-1)).toEqual({
      type: 'select',
      selection: { offset: 4 * first, bit: 3, voter: null, locked: true },
      reveal: true,
    });
    await view.page.locator('.place').first().click();
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 4 * first, locked: false } });
    expect(await view.page.locator('.place[aria-current]').count()).toBe(1);
    await view.page.selectOption('.places select', 'onlyB');
    expect(await view.page.innerText('.places-caption')).toContain('only B has right');
    const differences = await view.page.evaluate(() =>
      Array.from(document.querySelectorAll('.places tbody tr'), (row) =>
        [1, 2].map((cell) => Number(row.querySelectorAll('td')[cell]!.textContent)),
      ),
    );
    const keys = differences.map(([a, b]) => a! - b!);
    keys.slice(1).forEach((key, index) => {
      expect(key).toBeLessThanOrEqual(keys[index]! + 0.011);
    });
    await view.page.selectOption('.places select', 'bothWrong');
    expect(await view.page.innerText('.places-caption')).toContain('neither has right');
  });

  it('a click in the picture selects the chunk there, locks it, and unlocks it again', async () => {
    await open();
    await show();
    const box = (await view.page.locator('.along').boundingBox())!;
    const a = await bars('.bar-a');
    const at = { x: box.x + a[200]!.x + 1, y: box.y + 60 };
    await view.page.mouse.click(at.x, at.y);
    const select = { type: 'select', reveal: true } as const;
    expect((await sent('select')).at(-1)).toEqual({
      ...select,
      selection: { offset: 800, bit: 3, voter: null, locked: true },
    });
    await view.page.mouse.click(at.x, at.y);
    expect((await sent('select')).at(-1)).toMatchObject({ ...select, selection: { offset: 800, locked: false } });
    expect(await view.page.innerText('.tooltip')).toContain('chunk 201 of 300');
  });

  it.each([320, 450, 820, 1400])('all titles are whole, and no mark crosses one, at %i pixels', async (width) => {
    await open({ width });
    await showVoters();
    const found = await view.page.evaluate(() => {
      const picture = document.querySelector('.along')!.getBoundingClientRect();
      const titles = Array.from(document.querySelectorAll<SVGTextElement>('.along .title'), (title) => {
        const { left, right, top, bottom } = title.getBoundingClientRect();
        return {
          isWhole: left >= picture.left && right <= picture.right,
          top: top - picture.top,
          bottom: bottom - picture.top,
        };
      });
      const chunk = document.querySelector('.chunk-title')!;
      return {
        titles,
        isChunkWhole: chunk.scrollWidth <= chunk.clientWidth,
        mark: document.querySelector('.selected-column')!.getAttribute('d')!,
      };
    });
    expect(found.isChunkWhole).toBe(true);
    expect(found.titles.map(({ isWhole }) => isWhole)).toEqual([true, true, true]);
    const boxes = Array.from(found.mark.matchAll(/M[\d.]+,([\d.]+)h[\d.]+v([\d.]+)/g), ([, top, height]) => ({
      top: Number(top),
      bottom: Number(top) + Number(height),
    }));
    expect(boxes).toHaveLength(3);
    // Fonts have room below their letters.
    for (const title of found.titles) {
      for (const box of boxes) expect(box.top > title.bottom - 4 || box.bottom < title.top + 4).toBe(true);
    }
  });

  it('a click on a bit locks it, and unlocks it again', async () => {
    await open();
    await show();
    const votes = view.page.locator('.votes');
    const position = { x: 100, y: (await votes.boundingBox())!.height / 2 };
    await votes.click({ position });
    const select = (await sent('select')).at(-1);
    expect(select).toMatchObject({ selection: { locked: true }, reveal: false });
    await votes.click({ position });
    expect((await sent('select')).at(-1)).toMatchObject({
      selection: { bit: select!.selection.bit, locked: false },
    });
  });

  it('zooms in, follows the selection, and shows the whole text again', async () => {
    await open();
    await show(150);
    await view.page.focus('.along');
    await view.page.keyboard.press('+');
    await view.page.keyboard.press('+');
    expect(await bars('.bar-a')).toHaveLength(75);
    expect(await view.page.evaluate(() => window.fake.saved())).toMatchObject({ span: { count: 75 } });
    await view.page.evaluate(() => window.fake.select({ offset: 0, bit: null, voter: null, locked: false }));
    await view.page.waitForSelector('body[data-offset="0"]');
    expect(await attribute('.along', 'aria-label')).toBe('Surprise along the text, chunks 1 to 75');
    await view.page.click('text=Whole Text');
    expect(await bars('.bar-a')).toHaveLength(300);
  });

  it('is used by the keyboard alone', async () => {
    await open();
    await show(40);
    await view.page.focus('.along');
    await view.page.keyboard.press('ArrowRight');
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 164 }, reveal: true });
    expect(await view.page.innerText('[aria-live=polite]')).toContain('chunk 42 of 300');
    await view.page.keyboard.press('End');
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 1196 } });
    await view.page.keyboard.press('Enter');
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 1196, locked: true } });
    await view.page.keyboard.press('Escape');
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { locked: false } });
    await view.page.focus('.votes');
    await view.page.keyboard.press('ArrowDown');
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { bit: 4 }, reveal: false });
  });

  it('has the same as tables', async () => {
    await open();
    await show(40);
    await view.page.click('text=Table');
    const captions = await view.page.locator('.tables caption').allTextContents();
    expect(captions).toEqual([
      'Chunks 1 to 64 of 300',
      'Votes for chunk 41; voters are effective voters 1/Σw²',
      'Who has each bit of a chunk right',
    ]);
    expect(await view.page.locator('.tables table').nth(1).locator('tbody tr').count()).toBe(32);
    const row = view.page.locator('.tables table').first().locator('tbody tr').nth(40);
    const [a, b] = [surpriseOf('a', 40), surpriseOf('b', 40)];
    expect(await row.innerText()).toContain(`${a.toFixed(2)}\t${b.toFixed(2)}`);
    await view.page.click('text=Next 64');
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 416 }, reveal: true });
    expect(await view.page.evaluate(() => window.fake.saved())).toMatchObject({ table: true });
  });

  it('comes back as it was left', async () => {
    await open({ saved: { version: 1, list: 'bothWrong', table: false, span: { first: 100, count: 50 } } });
    await show(null);
    expect(await bars('.bar-a')).toHaveLength(50);
    expect(await view.page.inputValue('.places select')).toBe('bothWrong');
  });
});

describe('exporting', () => {
  const said = about('comparison', 'Comparison');

  it('an import shows the same, and exports the same bytes', async () => {
    await open();
    await show(40, { change: { result: null, generation: 0 } });
    await show(40);
    // The state that is exported has the result although the last one that came did not bring it.
    await show(40, { change: { result: null } });
    const json = await exportText(view, 'json', said);
    const csv = await exportText(view, 'csv', said);
    const before = await shown(view.page);
    await open({ exported: json, height: WIDE.height + 24 });
    await view.page.waitForSelector('body[data-state=ready]');
    expect(await shown(view.page)).toEqual(before);
    expect(await exportText(view, 'json', said)).toBe(json);
    expect(await exportText(view, 'csv', said)).toBe(csv);
  });

  it('has a chunk a row as CSV, and everything in sight as SVG', async () => {
    await open();
    await show(40);
    const lines = (await exportText(view, 'csv', said)).trimEnd().split('\r\n');
    expect(lines).toHaveLength(301);
    const [chunk, byte] = lines[41]!.split(',');
    expect([chunk, byte]).toEqual(['41', '160']);
    expect(lines[41]).toContain(`,${surpriseOf('a', 40)},${surpriseOf('b', 40)},`);
    const svg = await exportText(view, 'svg', said);
    for (const word of ['A − B', 'only A right', 'byte offset', 'checkpoint b07c55e91d02', 'A−B of p(1)']) {
      expect(svg).toContain(word);
    }
    expect(svg).not.toMatch(/var\(|color-mix|class=|style=/);
  });
});

describe('themes', () => {
  it.each(THEME_NAMES)('%s is accessible', async (theme) => {
    await open({ theme });
    await show(40);
    expect(await view.audit()).toEqual([]);
    await view.page.click('text=Table');
    expect(await view.audit()).toEqual([]);
  });

  it.each(THEME_NAMES)('%s is accessible with changed voters', async (theme) => {
    await open({ theme });
    await showVoters();
    expect(await view.audit()).toEqual([]);
  });

  it('has changed voters in a narrow panel', async () => {
    await open({ width: 450, height: 1400 });
    await showVoters();
    await view.screenshot('comparison-voters-narrow');
    expect(await view.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(450);
    expect(await view.audit()).toEqual([]);
  });

  it('fits a narrow panel', async () => {
    await open({ width: 520, height: 700 });
    await show(40);
    await view.screenshot('comparison-narrow');
    expect(await view.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(520);
    expect(await view.audit()).toEqual([]);
  });
});
