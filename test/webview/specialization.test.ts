/** @file The Specialization map in Chromium: what it draws and asks for, and how it is used by pointer, keyboard and screen reader. */
import { describe, expect, it } from 'vitest';
import type { Selection, WebviewMessage } from '../../model/protocol/panels/messages';
import type { SpecializationReady } from '../../model/protocol/panels/specialization';
import type { OpenOptions } from './harness';
import { agreement, COLUMNS, maxVote, ranking } from './page/specialization';
import { THEME_NAMES } from './themes';
import { useView } from './useView';

const SIZE = { width: 1200, height: 760 };
const SELECTED: Selection = { offset: 40, bit: 3, voter: 17, locked: false };
/** Voters that vote, in the order in which the map shows them. */
const SHOWN = Array.from({ length: 128 }, (_, place) => ((2 * place) % 128) + (2 * place >= 128 ? 1 : 0)).filter(
  (voter) => maxVote(voter) > 0.5,
);
const { asked, open, sent, view } = useView('specialization', SIZE);

async function show(
  change: Partial<SpecializationReady> = {},
  options: Partial<OpenOptions> = {},
  selection: Selection | null = SELECTED,
): Promise<void> {
  await open(options);
  await send(change, selection);
  await view.page.waitForSelector('body[data-state=ready]');
}

async function send(change: Partial<SpecializationReady>, selection: Selection | null = SELECTED): Promise<void> {
  await view.page.evaluate(([changes, selected]) => window.fake.send(window.fake.specialization(changes), selected), [
    change,
    selection,
  ] as const);
}

async function lastSelect(): Promise<Extract<WebviewMessage, { type: 'select' }> | undefined> {
  return (await sent('select')).at(-1);
}

/** Centre of the cell at a place of the picture in pixels of the canvas; contexts in the order of the data. */
async function cell(row: number, column: number): Promise<{ x: number; y: number; clientX: number; clientY: number }> {
  const box = (await view.page.locator('.map canvas').boundingBox())!;
  const breaks = (end: number): number =>
    COLUMNS.slice(1, end + 1).filter(({ dimension }, index) => dimension !== COLUMNS[index]!.dimension).length;
  const gap = 5;
  const size = (box.width - gap * breaks(COLUMNS.length)) / COLUMNS.length;
  const x = gap * breaks(column) + (column + 0.5) * size;
  const y = ((row + 0.5) * box.height) / SHOWN.length;
  return { x, y, clientX: box.x + x, clientY: box.y + y };
}

/** Blue, grey or orange: which side of ½ a pixel stands for. */
function sideOf([red, , blue]: readonly number[]): 'low' | 'high' | 'middle' {
  if (Math.abs(red! - blue!) < 12) return 'middle';
  return red! > blue! ? 'high' : 'low';
}

describe('in any width', () => {
  it.each([450, 1000])(
    'says beside the search that it takes a regular expression, also once one is there, in %d px',
    async (width) => {
      await show({ ranking: ranking(), agreement: agreement() }, { width });
      const label = view.page.locator('.search label:has(.pattern)');
      await label.locator('input').fill('[aeiou]{2}');
      expect(await label.innerText()).toBe('Regular expression');
      expect(await view.page.getByLabel('Regular expression').inputValue()).toBe('[aeiou]{2}');
      const field = (await label.locator('input').boundingBox())!;
      expect(field.width).toBeGreaterThan(100);
      await view.screenshot(`specialization-search-${width}`);
      await view.page.locator('.agreement').scrollIntoViewIfNeeded();
      await view.screenshot(`specialization-agreement-${width}`);
    },
  );

  it.each([450, 700, 1000, 1200])('has the scale of the tree and the lists whole in %d px', async (width) => {
    await show({ ranking: ranking() }, { width });
    const { text, left, right } = await view.page.locator('.tree-scale').evaluate((node) => {
      const box = node.getBoundingClientRect();
      return { text: node.textContent, left: box.left, right: box.right };
    });
    expect(text).toMatch(/1 − r from 0 at its leaves to \d\.\d\d at its root/);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(right).toBeLessThanOrEqual(width);
    // It is no part of what is scrolled sideways.
    expect(await view.page.locator('.map .tree-scale').count()).toBe(0);
    const lists = await view.page
      .locator('.ranking .table-pane')
      .evaluateAll((panes) => panes.map(({ clientWidth, scrollWidth }) => scrollWidth - clientWidth));
    expect(lists).toEqual([0, 0]);
    await view.screenshot(`specialization-width-${width}`);
    await view.page.selectOption('.controls label:has-text("Order") select', 'number');
    expect(await view.page.isVisible('.tree-scale')).toBe(false);
  });
});

describe('drawing', () => {
  it('colours a cell by the side of ½ that its voter is on, in the order of the clusters', async () => {
    await show();
    for (const [row, column] of [
      [0, 0],
      [3, 2],
      [17, 10],
      [30, 20],
      [41, 28],
    ] as const) {
      const voter = SHOWN[row]!;
      const value = await view.page.evaluate(([v, c]) => window.fake.cellValue(v, c), [voter, column] as const);
      if (Math.abs(value - 0.5) < 0.08) continue;
      const { x, y } = await cell(row, column);
      const pixel = await view.page.evaluate(([px, py]) => window.fake.pixel(px, py), [x, y] as const);
      expect(sideOf(pixel), `row ${row}, column ${column}, value ${value}`).toBe(value > 0.5 ? 'high' : 'low');
    }
  });

  it('says what it shows, of what, and on how much text', async () => {
    await show();
    expect(await view.page.innerText('.legend')).toContain('AUROC');
    const provenance = await view.page.innerText('footer .provenance');
    for (const part of ['starter', '3f9c1ab27d40', 'M = 128', 'N = 4,820 chunks', 'measured on order.ts']) {
      expect(provenance).toContain(part);
    }
    const labels = await view.page.locator('.context-label').allTextContents();
    expect(labels.length).toBe(COLUMNS.length);
    expect(labels[0]).toContain('lower case · 2,400');
  });

  it('names of contexts do not touch each other where columns are narrow', async () => {
    await show({}, { width: 510, height: 800 });
    await view.screenshot('specialization-510');
    const boxes = await view.page.locator('.map .corner, .context-label').evaluateAll((labels) =>
      labels
        .map((label) => {
          const { left, right, top } = label.getBoundingClientRect();
          return { left, right, top, isCorner: label.classList.contains('corner') };
        })
        .toSorted((a, b) => a.left - b.left),
    );
    expect(boxes).toHaveLength(COLUMNS.length + 2);
    const plot = (await view.page.locator('.plot.map').boundingBox())!;
    boxes.forEach(({ right, top, isCorner }, at) => {
      expect(top).toBeGreaterThanOrEqual(plot.y);
      // What stands in the corner are two words, one above the other.
      const next = boxes.slice(at + 1).find((other) => !(isCorner && other.isCorner));
      if (next !== undefined) expect(right).toBeLessThanOrEqual(next.left + 0.5);
    });
  });

  it.each([450, 510, 570, 1000])('names of dimensions are whole in %d px, in one line or two', async (width) => {
    await show({}, { width, height: 800 });
    await view.screenshot(`specialization-dimensions-${width}`);
    const plot = (await view.page.locator('.plot.map').boundingBox())!;
    const lines = await view.page.locator('.dimension').evaluateAll((labels) =>
      labels.map((label) => {
        const { left, right, top, bottom } = label.getBoundingClientRect();
        return { line: label.firstChild!.textContent!, left, right, top, bottom };
      }),
    );
    expect(lines.map(({ line }) => line).join(' ')).toBe(
      'first character character before position in line indent syntax',
    );
    for (const [at, one] of lines.entries()) {
      expect(one.bottom, one.line).toBeLessThanOrEqual(plot.y + plot.height);
      for (const other of lines.slice(at + 1)) {
        const isBeside = one.right <= other.left || other.right <= one.left;
        expect(isBeside || Math.abs(one.top - other.top) > 8, `${one.line}, ${other.line}`).toBe(true);
      }
    }
  });

  it('leaves out contexts that are met too rarely, and says so', async () => {
    await show();
    await view.page.evaluate(() => {
      const state = window.fake.specialization();
      const contexts = state.map!.contexts.map((context, index) => (index < 3 ? { ...context, count: 9 } : context));
      return window.fake.send({ ...state, map: { ...state.map!, contexts } });
    });
    await expect.poll(() => view.page.locator('.context-label').count()).toBe(COLUMNS.length - 3);
    expect(await view.page.innerText('footer .provenance')).toContain('3 contexts of fewer than 10 chunks left out');
  });

  it('shows the voters that vote, says how many of how many, and why none is shown', async () => {
    await show();
    const options = view.page.locator('.controls label:has(span:text-is("Voters")) option');
    expect(await options.allInnerTexts()).toEqual([
      'that vote (above ½ somewhere): 42 of 128',
      'above 0.1 somewhere: 85 of 128',
      'all: 128 of 128',
    ]);
    expect(await view.page.innerText('footer .provenance')).toContain('42 of 128 voters shown');
    expect(await view.page.textContent('.axis-title')).toContain('42 of 128 voters of bit 3');
    await view.page.selectOption('.controls label:has(span:text-is("Voters")) select', 'all');
    expect(await view.page.textContent('.axis-title')).toContain('128 of 128 voters of bit 3');
    await view.page.selectOption('.controls label:has(span:text-is("Voters")) select', 'half');
    await view.page.evaluate(() => {
      const state = window.fake.specialization();
      return window.fake.send({ ...state, map: { ...state.map!, maxVotes: state.map!.maxVotes.map(() => 0.4) } });
    });
    await expect.poll(() => view.page.innerText('.figure .none')).toContain('None of the 128 voters of bit 3 votes');
  });

  it('says that it opened on the bit that was most wrong, and asks for that of another place', async () => {
    await show();
    expect(await view.page.innerText('.most-wrong-bit')).toBe(
      'Bit 3: the most wrong at byte 40, 5.25 bits of surprise.',
    );
    await view.page.click('.most-wrong');
    expect(await asked()).toContainEqual({ kind: 'mostWrong' });
  });

  it('draws something else for mean votes, and for another order', async () => {
    await show();
    const picture = (): Promise<string> =>
      view.page.evaluate(() => document.querySelector<HTMLCanvasElement>('.map canvas')!.toDataURL());
    const pictures = new Set([await picture()]);
    await view.page.selectOption('.controls label:has-text("Colour") select', 'meanVote');
    expect(await view.page.innerText('.legend')).toContain('mean vote');
    pictures.add(await picture());
    for (const order of ['clustered', 'number']) {
      await view.page.selectOption('.controls label:has-text("Order") select', order);
      pictures.add(await picture());
    }
    expect(pictures.size).toBe(4);
    expect(await view.page.evaluate(() => window.fake.saved())).toMatchObject({ value: 'meanVote', order: 'number' });
  });

  it('shows work with its progress, cancels it, and says why an answer is missing', async () => {
    await show({ map: null, work: [{ kind: 'map', words: 'Running the model', share: 0.42 }] });
    expect(await view.page.innerText('[data-work=map]')).toContain('Running the model… 42 %');
    await view.page.click('[data-work=map] button');
    expect(await asked()).toContainEqual({ kind: 'cancel', work: 'map' });
    await send({ map: null, failures: { map: 'Cancelled.' } });
    await expect.poll(() => view.page.innerText('[data-work=map]')).toContain('Cancelled.');
    await view.page.click('.measure');
    expect(await asked()).toContainEqual({ kind: 'measure', scope: 'text' });
  });

  it('says that the text has changed since', async () => {
    await show();
    expect(await view.page.isVisible('.outdated')).toBe(false);
    const map = await view.page.evaluate(() => window.fake.specialization().map!);
    await view.page.evaluate(() => {
      const state = window.fake.specialization();
      return window.fake.send({ ...state, map: { ...state.map!, outdated: true } });
    });
    expect(map.outdated).toBe(false);
    await expect.poll(() => view.page.isVisible('.outdated')).toBe(true);
  });

  it.each(THEME_NAMES)('is accessible in %s', async (theme) => {
    const { higher, lower } = ranking();
    const found = { labelled: 92, higher: { ...higher, count: 140 }, lower: { ...lower, count: 73 } };
    await show({ ranking: ranking({ ...found, isSmallSample: false }) }, { theme });
    await view.screenshot(`specialization-${theme}`);
    expect(await view.audit()).toEqual([]);
    await view.page.click('.table-toggle');
    expect(await view.audit()).toEqual([]);
  });

  it('fits a narrow panel', async () => {
    await show({}, { width: 520, height: 900 });
    await view.screenshot('specialization-narrow');
    const overflow = await view.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
});

describe('choosing', () => {
  it('a click selects and locks the voter, a second one lets go', async () => {
    await show();
    const { clientX, clientY } = await cell(10, 4);
    await view.page.mouse.click(clientX, clientY);
    expect((await lastSelect())?.selection).toEqual({ offset: 40, bit: 3, voter: SHOWN[10], locked: true });
    await view.page.mouse.click(clientX, clientY);
    expect((await lastSelect())?.selection.locked).toBe(false);
  });

  it('the pointer tells voter, context, N and both values', async () => {
    await show();
    const { clientX, clientY } = await cell(SHOWN.indexOf(17), 1);
    await view.page.mouse.move(clientX, clientY);
    const text = await view.page.innerText('.tooltip');
    expect(text).toContain('Voter 17 of bit 3: opens a word');
    expect(text).toContain('first character: upper case, N = 1,200 of 4,820 chunks');
    expect(text).toMatch(/AUROC 0\.\d+/);
    expect(text).toMatch(/mean vote 0\.\d+/);
  });

  it('keys move through the shown order, change the bit, lock and unlock', async () => {
    await show();
    await view.page.focus('.map');
    await view.page.keyboard.press('ArrowDown');
    expect((await lastSelect())?.selection.voter).toBe(SHOWN[SHOWN.indexOf(17) + 1]);
    await view.page.keyboard.press('Home');
    expect((await lastSelect())?.selection.voter).toBe(SHOWN[0]);
    await view.page.keyboard.press('ArrowRight');
    expect(await view.page.innerText('.tooltip')).toContain('upper case');
    await view.page.keyboard.press('Enter');
    expect((await lastSelect())?.selection.locked).toBe(true);
    await view.page.keyboard.press('Escape');
    expect((await lastSelect())?.selection.locked).toBe(false);
    await view.page.keyboard.press(']');
    expect((await lastSelect())?.selection).toMatchObject({ bit: 4, voter: null });
  });

  it('the bit is chosen for all views', async () => {
    await show();
    await view.page.selectOption('.controls label:has-text("Bit") select', '21');
    expect((await lastSelect())?.selection).toEqual({ offset: 40, bit: 21, voter: null, locked: false });
  });

  it('the table has the numbers of the picture', async () => {
    await show();
    await view.page.click('.table-toggle');
    const row = view.page.locator('.tables tbody tr').first();
    expect(await row.locator('th').innerText()).toBe(String(SHOWN[0]));
    const value = await view.page.evaluate((voter) => window.fake.cellValue(voter, 0), SHOWN[0]!);
    expect(await row.locator('td').first().innerText()).toBe(value.toFixed(3));
    expect(await view.page.locator('.tables tbody tr').count()).toBe(SHOWN.length);
    await view.page.selectOption('.controls label:has(span:text-is("Voters")) select', 'all');
    expect(await row.locator('th').innerText()).toBe('0');
    await view.page.click('text=Next 64');
    expect(await row.locator('th').innerText()).toBe('1');
  });
});

describe('the voter', () => {
  it('has its histogram by real bit, the present vote in it, figures, classes and examples', async () => {
    await show();
    const dashboard = view.page.locator('.dashboard');
    expect(await dashboard.locator('h2').innerText()).toBe('Voter 17 of bit 3');
    expect(await dashboard.innerText()).toContain('v 0.830, w 0.0310, real bit 1');
    expect(await dashboard.innerText()).toContain('broad, like 412 of the model’s 1,823 voters that vote');
    expect(await dashboard.innerText()).toContain(
      'Automatic name: after a space. 1,210 of its 1,842 votes above ½ (66 %)',
    );
    expect(await dashboard.locator('.badge').nth(1).getAttribute('title')).toMatch(/^twin: .*more than 0\.98/);
    expect(await dashboard.innerText()).toContain('N = 4,820 of 48,200 chunks, spread evenly · measured on 14 files');
    const bars = async (name: string): Promise<number> =>
      ((await dashboard.locator(name).getAttribute('d')) ?? '').split('M').length - 1;
    expect(await bars('.histogram-ones')).toBeGreaterThan(20);
    expect(await bars('.histogram-zeros')).toBeGreaterThan(20);
    const [ones, current] = await Promise.all(
      ['.histogram-middle', '.current'].map((name) => dashboard.locator(name).boundingBox()),
    );
    expect((current!.x + current!.width / 2 - ones!.x) / ones!.width).toBeCloseTo(0.83, 1);
    expect(await dashboard.locator('.places li').count()).toBe(6);
    await dashboard.locator('.place').nth(1).click();
    expect(await asked()).toContainEqual({ kind: 'open', name: '/shop/order.ts', offset: 72 });
    await dashboard.locator('.examples-random').click();
    expect(await dashboard.locator('.places li').count()).toBe(4);
  });

  it('draws a voter that says only 0 or 1 as two bars', async () => {
    await show();
    await view.page.evaluate(() => {
      const state = window.fake.specialization();
      const zeros = new Int32Array(64);
      const ones = new Int32Array(64);
      zeros[0] = 900;
      ones[63] = 100;
      const figures = { ...state.voter!.figures!, zeros, ones };
      return window.fake.send({ ...state, voter: { ...state.voter!, figures } });
    });
    const bars = (name: string): Promise<string | null> => view.page.getAttribute(name, 'd');
    await expect.poll(async () => (await bars('.histogram-zeros'))!.split('M').length).toBe(2);
    expect((await bars('.histogram-ones'))!.split('M').length).toBe(2);
    const before = (await view.page.locator('.histogram-ones').boundingBox())!.height;
    await view.page.click('.log-toggle');
    // With the logarithm the smaller bar is longer than its ninth.
    expect((await view.page.locator('.histogram-ones').boundingBox())!.height).toBeGreaterThan(2 * before);
  });

  it('is named, and what is typed is not overwritten', async () => {
    await show();
    const name = view.page.locator('.dashboard input');
    expect(await name.inputValue()).toBe('opens a word');
    await name.fill('closes a word');
    await send({});
    await view.page.waitForTimeout(50);
    expect(await name.inputValue()).toBe('closes a word');
    await name.press('Enter');
    expect(await asked()).toContainEqual({ kind: 'name', bit: 3, voter: 17, name: 'closes a word', note: '' });
  });

  it('offers to gather statistics where those that came with the model have no examples', async () => {
    await show();
    await view.page.evaluate(() => {
      const state = window.fake.specialization();
      const figures = { ...state.voter!.figures!, top: [], sample: [] };
      return window.fake.send({ ...state, voter: { ...state.voter!, figures } });
    });
    await expect.poll(() => view.page.innerText('.missing')).toContain('came with the model, without examples');
    expect(await view.page.isVisible('.figures-of-voter')).toBe(true);
    expect(await view.page.isVisible('.examples-top')).toBe(false);
    await view.page.click('.missing button');
    expect(await asked()).toContainEqual({ kind: 'gather' });
  });

  it('offers to gather statistics where there are none', async () => {
    const voter = { bit: 3, voter: 17, name: '', note: '', current: null, figures: null };
    await show({ voter });
    await view.page.click('text=Gather Statistics');
    expect(await asked()).toContainEqual({ kind: 'gather' });
    await send({ voter, work: [{ kind: 'statistics', words: 'Gathering statistics', share: null }] });
    await expect.poll(() => view.page.isVisible('[data-work=statistics] progress')).toBe(true);
    expect(await view.page.isVisible('text=Gather Statistics')).toBe(false);
  });
});

describe('searching', () => {
  it('asks for a regular expression, a context, the selected text, and places of agreement', async () => {
    await show();
    await view.page.fill('.pattern', '\\bfunction\\b');
    await view.page.press('.pattern', 'Enter');
    await view.page.selectOption('select[aria-label=Context]', { label: 'syntax: keyword' });
    await view.page.click('text=Selected text');
    await view.page.click('text=Voters of This Bit');
    expect(await asked()).toEqual([
      { kind: 'search', concept: { kind: 'regex', pattern: '\\bfunction\\b', ignoreCase: false, begins: false } },
      { kind: 'search', concept: { kind: 'context', dimension: 'syntax', name: 'keyword' } },
      { kind: 'search', concept: { kind: 'selection' } },
      { kind: 'agree', bit: 3 },
    ]);
  });

  it('ranks voters by either measure; a click selects one everywhere', async () => {
    await show({ ranking: ranking() });
    const first = view.page.locator('.ranking tbody tr').first().locator('button');
    expect(await first.innerText()).toBe('3 · 17 opens a word');
    expect(await view.page.innerText('.ranking')).toContain(
      'N = 12 labelled of 4,820 chunks: few, so take it as a hint',
    );
    expect(await view.page.innerText('.ranking .found')).toContain(
      '/x/: higher there: 3, lower there: 1, of 1,823 voters that vote (4,096 in all).',
    );
    expect(await view.page.locator('.ranking h3').allInnerTexts()).toEqual([
      'Higher there: 3, the best 2 of them listed',
      'Lower there: 1',
    ]);
    expect(await view.page.getAttribute('.ranking h3', 'title')).toContain('AUROC 0.6 or more');
    const cells = view.page.locator('.ranking tr').filter({ hasText: /AUROC|in a number/ });
    expect((await cells.allInnerTexts()).map((text) => text.split('\t').slice(2)).slice(1)).toEqual([
      ['AUROC', 'median there', 'elsewhere'],
      ['0.210', '0.200', '0.800'],
    ]);
    expect(await view.page.locator('[aria-label="Lower there"] tbody button').innerText()).toBe(
      '14 · 5 in a number (automatic)',
    );
    await view.page.selectOption('.ranking select', 'information');
    expect(await first.innerText()).toBe('9 · 2');
    expect(await view.page.innerText('.ranking .found')).toContain('know of it: 7, of 1,823 voters that vote');
    await first.click();
    expect((await lastSelect())?.selection).toEqual({ offset: 40, bit: 9, voter: 2, locked: false });
  });

  it('lists places where voters agree, and goes there', async () => {
    await show({ agreement: agreement() });
    const list = view.page.locator('.agreement');
    expect(await list.locator('.found').innerText()).toBe(
      '9 voters of bit 3 are on at byte 40. 80 % or more of them are on at 40 of 4,820 chunks, in 31 places: ' +
        'chunks in a row are one. Listed: the 2 with the largest shares, of equal ones the longest first.',
    );
    expect(await list.locator('.provenance').innerText()).toBe('N = 4,820 chunks · measured on order.ts');
    const second = list.locator('.place').nth(1);
    expect(await second.locator('.place-value').innerText()).toBe('88 %');
    expect(await second.locator('.place-text').innerText()).toBe('// Simple compression of');
    expect(await second.locator('mark').innerText()).toBe('comp');
    await list.locator('.place').nth(1).click();
    expect(await asked()).toContainEqual({ kind: 'open', name: 'file:///a.ts', offset: 96 });
  });
});

it.each(['empty', 'loading', 'error'] as const)('shows the state %s', async (kind) => {
  await open();
  await view.page.evaluate(
    (state) => window.fake.send({ kind: state, message: `It is ${state}.`, action: null }),
    kind,
  );
  await view.page.waitForSelector(`body[data-state=${kind}]`);
  expect(await view.page.innerText('.message-text')).toBe(`It is ${kind}.`);
});
