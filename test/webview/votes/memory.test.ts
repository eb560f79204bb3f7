/** @file Memory in the Voter votes view: both numbers, each voter with what it saw, and silencing it. */
import { describe, expect, it } from 'vitest';
import { useView } from '../useView';
import { inEveryLook } from './votesPage';

const WIDE = { width: 1500, height: 340 };
const { open, sent, asked, view } = useView('votes', WIDE);

/** Shows chunk 3 with its memory, and bit 9 of it selected. */
async function show(silenced: readonly 'word'[] = [], isRead = true): Promise<void> {
  await view.page.evaluate(
    ([voters, read]) => {
      const state = window.fake.remembered(window.fake.votes(3, 16), voters, read);
      return window.fake.send(state, { offset: 12, bit: 9, voter: 7, locked: false });
    },
    [silenced, isRead] as const,
  );
  await view.page.waitForSelector('body[data-state=ready]');
}

/** What the page showed of the chunk's memory. */
async function memory() {
  return view.page.evaluate(() => {
    const { memory } = window.fake.remembered(window.fake.votes(3, 16));
    return { surprise: memory!.chunk!.surprise, p: memory!.chunk!.probabilities[9]! };
  });
}

describe('memory', () => {
  it('what each voter saw can be read in a narrow side bar: the table is scrolled to it', async () => {
    await open({ width: 320, height: 900 });
    await show();
    const saw = view.page.locator('.memory-table .saw .line-link').first();
    await view.page.locator('.memory-scroll').evaluate((pane) => {
      pane.scrollLeft = pane.scrollWidth;
    });
    const [link, pane] = [(await saw.boundingBox())!, (await view.page.locator('.memory-scroll').boundingBox())!];
    expect(link.x + link.width).toBeLessThanOrEqual(pane.x + pane.width);
    expect(
      await view.page
        .locator('.memory-table .saw')
        .first()
        .evaluate((cell) => cell.clientWidth),
    ).toBeGreaterThan(100);
  });

  it.each([450, 560, 700])('shows all that each voter saw at %i px, without scrolling sideways', async (width) => {
    await open({ width, height: 1200 });
    await show();
    const wider = await view.page.evaluate(() => {
      const pane = document.querySelector('.memory-scroll')!;
      return pane.scrollWidth - pane.clientWidth;
    });
    expect(wider).toBeLessThanOrEqual(0);
    expect(await view.page.locator('.memory-table .saw').first().innerText()).toContain('line');
    const column = view.page.locator('.memory-table thead th').last();
    expect(await column.innerText()).toBe('Saw before byte 2 of 4, “o”');
    expect((await column.boundingBox())!.width).toBeGreaterThan(100);
    await view.screenshot(`votes-memory-${width}`);
  });

  it('stands beside the trained voters, in the header, in each bit and as a table', async () => {
    await open();
    await show();
    const { surprise, p } = await memory();
    expect(await view.page.innerText('dd.surprise')).toMatch(/^[\d.]+ bits$/);
    expect(await view.page.innerText('dd.with-memory')).toBe(`${surprise.toFixed(2)} bits`);
    expect(await view.page.innerText('.readout')).toContain(`, with memory ${p.toFixed(3)} · `);
    const marks = await view.page.getAttribute('path.with-memory', 'd');
    expect(marks!.match(/M/g)).toHaveLength(32);
    const rows = view.page.locator('.memory-table tbody tr');
    expect(await rows.locator('th').allInnerTexts()).toEqual([
      ...['order 1', 'order 2', 'order 3', 'order 4', 'order 5', 'order 6', 'order 8', 'word', 'indentation', 'match'],
      ...['trained voters', 'with memory'],
    ]);
    expect(await view.page.innerText('.memory-pane h2')).toBe('Memory: bit 9 of “o”');
    expect(await rows.nth(4).innerText()).toMatch(/5 times, 4 × “o”\s+line 2/);
    expect(await rows.nth(6).innerText()).toContain('nothing in this document');
    expect(await rows.nth(11).innerText()).toContain(p.toFixed(3));
    const origin = await view.page.innerText('.memory-origin');
    expect(origin).toContain('not the paper’s');
    expect(origin).toContain('need not sum to 1');
  });

  it('goes to the line where a voter saw it last, by keyboard too', async () => {
    await open();
    await show();
    await view.page.getByRole('button', { name: 'order 5, last seen: go to line 2' }).press('Enter');
    expect((await sent('select')).at(-1)).toMatchObject({ reveal: true, selection: { offset: 8, locked: false } });
  });

  it('silences one voter or all, and restores them', async () => {
    await open();
    await show();
    await view.page.getByRole('button', { name: 'Silence: memory voter word' }).press('Enter');
    await view.page.getByRole('button', { name: 'Silence All' }).click();
    await show(['word']);
    expect(await view.page.evaluate(() => document.activeElement?.textContent)).toBe('Restore All');
    await view.page.getByRole('button', { name: 'Restore: memory voter word' }).click();
    await view.page.getByRole('button', { name: 'Restore All' }).click();
    const asks = await asked();
    expect(asks.map((ask) => [ask.kind, 'voters' in ask ? ask.voters.length : null])).toEqual([
      ['silenceMemory', 1],
      ['silenceMemory', 10],
      ['restoreMemory', 1],
      ['restoreMemory', 10],
    ]);
    expect(await view.page.innerText('[role=status].visually-hidden, [aria-live]')).toContain('silenced: word');
  });

  it('says how far the document is read where that is not this chunk, and nothing where memory is off', async () => {
    await open();
    await show([], false);
    expect(await view.page.innerText('.memory-message')).toBe('Memory reads the document: 0 %.');
    expect(await view.page.innerText('dd.with-memory')).toBe('…');
    expect(await view.page.getAttribute('.memory-toggle', 'aria-pressed')).toBe('true');
    expect(await view.page.innerText('.memory-toggle')).toBe('Memory On');
    await view.page.evaluate(() => window.fake.send({ ...window.fake.votes(3, 16), memory: null }));
    await view.page.waitForSelector('.memory-pane', { state: 'hidden' });
    expect(await view.page.getAttribute('.memory-toggle', 'aria-pressed')).toBe('false');
    expect(await view.page.innerText('.memory-toggle')).toBe('Memory Off');
    await view.page.click('.memory-toggle');
    expect((await sent('command')).at(-1)).toEqual({ type: 'command', command: 'smuggler.toggleMemory' });
  });

  it('tells over the document what each voter did, with what was counted, and goes back to the chunk', async () => {
    const showDocument = (isCounted: boolean) =>
      view.page.evaluate(
        (counted) => window.fake.send(window.fake.rememberedDocument(window.fake.votes(3, 16), counted)),
        isCounted,
      );
    await open();
    await show();
    await view.page.getByRole('button', { name: 'Document', exact: true }).press('Enter');
    expect(await asked()).toEqual([{ kind: 'showMemory', overDocument: true }]);
    await showDocument(false);
    expect(await view.page.innerText('.memory-message')).toBe('Counting…');
    await showDocument(true);
    expect(await view.page.innerText('.memory-message')).toBe(
      '2,048 of 4,096 bytes, evenly spaced: 1.26 bits per byte with memory, 2.38 without; effect in bits per byte without the voter',
    );
    expect(await view.page.locator('.memory-table thead th:visible').allInnerTexts()).toEqual([
      ...['Voter', 'State', 'Right', 'Weight', 'Effect', 'Votes on'],
    ]);
    const rows = view.page.locator('.memory-table tbody tr');
    expect(await rows.locator('th').allInnerTexts()).toHaveLength(13);
    expect((await rows.nth(9).locator('td:visible').allInnerTexts()).slice(1)).toEqual([
      ...['87 %', '0.330', '+0.15', '54 % of bits'],
    ]);
    expect(await view.page.isVisible('.memory-pane .legend')).toBe(false);
    await view.page.getByRole('button', { name: 'Document', exact: true }).click();
    expect((await asked()).at(-1)).toEqual({ kind: 'showMemory', overDocument: false });
    await show();
    expect(await view.page.innerText('.memory-pane h2')).toBe('Memory: bit 9 of “o”');
    expect(await rows.locator('th').allInnerTexts()).toHaveLength(12);
  });

  it('stands in the table of bits, too', async () => {
    await open();
    await show();
    await view.page.click('.table-toggle');
    const { p } = await memory();
    expect(await view.page.locator('.tables table').first().locator('tbody tr').nth(9).innerText()).toContain(
      p.toFixed(3),
    );
  });
});

describe('its looks', () => {
  inEveryLook(open, { panel: WIDE, sideBar: { width: 320, height: 1100 } }, async (name) => {
    await show(['word']);
    await view.screenshot(`${name}-memory`);
    expect(await view.audit()).toEqual([]);
    await view.page.evaluate(() => window.fake.send(window.fake.rememberedDocument(window.fake.votes(3, 16))));
    await view.screenshot(`${name}-memory-document`);
    expect(await view.audit()).toEqual([]);
  });
});
