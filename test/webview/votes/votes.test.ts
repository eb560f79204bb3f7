/** @file The Voter votes view in Chromium: what it draws, says to the host, and how it is used by pointer, keyboard and screen reader. */
import { interpolateCividis } from 'd3-scale-chromatic';
import { describe, expect, it } from 'vitest';
import { DECIDING_VOTERS, failedVoters } from '../../../model/measures/decidingVoters';
import type { Selection } from '../../../model/protocol/panels/messages';
import { formatShortEffect } from '../../../webview/shared/text';
import { normalTime } from '../normalTime';
import { settled } from '../shown';
import { useView } from '../useView';
import { inEveryLook } from './votesPage';

const VOTERS = 128;
const WIDE = { width: 1200, height: 260 };
const SIDE_BAR = { width: 320, height: 800 };
const { open, sent, view } = useView('votes', WIDE);

/** Sends the votes of a chunk and waits until they are drawn. */
async function show(index = 3, selection: Partial<Selection> = {}): Promise<void> {
  await view.page.evaluate(
    ([chunk, chosen]) => {
      const state = window.fake.votes(chunk);
      return window.fake.send(state, { offset: state.offset, bit: null, voter: null, locked: false, ...chosen });
    },
    [index, selection] as const,
  );
  await view.page.waitForSelector(`body[data-state=ready][data-offset="${4 * index}"]`);
}

function data(index = 3): Promise<{ bits: number[]; votes: number[]; weights: number[]; probabilities: number[] }> {
  return view.page.evaluate((chunk) => {
    const { bits, votes, weights, probabilities } = window.fake.votes(chunk);
    return {
      bits: Array.from(bits),
      votes: Array.from(votes),
      weights: Array.from(weights),
      probabilities: Array.from(probabilities),
    };
  }, index);
}

/** Client coordinates of a place in the matrix, and canvas coordinates beside them. */
async function cellPoint(
  bit: number,
  place: number,
): Promise<{ x: number; y: number; canvasX: number; canvasY: number }> {
  const box = await view.page.locator('.matrix canvas').boundingBox();
  if (box === null) throw new Error('The matrix is not visible.');
  const row = (box.height - 9) / 32;
  const canvasX = ((place + 0.5) * box.width) / VOTERS;
  const canvasY = 3 * (bit >> 3) + (bit + 0.4) * row;
  return { x: box.x + canvasX, y: box.y + canvasY, canvasX, canvasY };
}

async function pixelOf(bit: number, place: number): Promise<number[]> {
  const { canvasX, canvasY } = await cellPoint(bit, place);
  return view.page.evaluate(([x, y]) => window.fake.pixel(x, y), [canvasX, canvasY] as const);
}

function cividis(value: number): number[] {
  const step = Math.round(value * 255) / 255;
  return [...interpolateCividis(step).match(/\d+/g)!.map(Number), 255];
}

describe('drawing', () => {
  it('says how sparse the votes are in three ways, for 1-bits and 0-bits, and what each means', async () => {
    await open();
    await show();
    const sparsity = view.page.locator('footer .sparsity');
    expect(await sparsity.innerText()).toMatch(
      /^Voters of 1-bits: [\d.]+ effective, 3\.2 above ½, k 2 · of 0-bits: [\d.]+ effective, 3\.2 above ½, k 2$/,
    );
    expect(await sparsity.getAttribute('title')).toMatch(/1\/Σw².*vote for a 1.*at most 1 % more/);
  });

  it('colours every cell by its vote, voters in the order of their numbers', async () => {
    await open();
    await show();
    await view.page.selectOption('select >> nth=0', 'index');
    const { votes } = await data();
    for (const [bit, voter] of [
      [0, 0],
      [9, 17],
      [18, 63],
      [31, 127],
    ] as const) {
      expect(await pixelOf(bit, voter)).toEqual(cividis(votes[bit * VOTERS + voter]!));
    }
  });

  it('puts the largest vote first and the smallest last', async () => {
    await open();
    await show();
    const { votes } = await data();
    for (const bit of [1, 14, 30]) {
      const sorted = votes.slice(bit * VOTERS, (bit + 1) * VOTERS).sort((a, b) => b - a);
      expect(await pixelOf(bit, 0)).toEqual(cividis(sorted[0]!));
      expect(await pixelOf(bit, 64)).toEqual(cividis(sorted[64]!));
      expect(await pixelOf(bit, 127)).toEqual(cividis(sorted[127]!));
    }
  });

  it('shows in a narrow view the largest of the voters that share a pixel', async () => {
    await open(SIDE_BAR);
    await show();
    await view.page.selectOption('select >> nth=0', 'index');
    const { votes } = await data();
    const width = await view.page.evaluate(() => document.querySelector('canvas')!.width);
    expect(width).toBeLessThan(VOTERS);
    const from = Math.floor((40 * VOTERS) / width);
    const end = Math.max(Math.floor((41 * VOTERS) / width), from + 1);
    const bit = 9;
    const largest = Math.max(...votes.slice(bit * VOTERS + from, bit * VOTERS + end));
    const { canvasY } = await cellPoint(bit, 0);
    expect(await view.page.evaluate(([y]) => window.fake.pixel(40, y), [canvasY] as const)).toEqual(cividis(largest));
  });

  it('follows a change of theme at once', async () => {
    await open();
    await show();
    await view.page.selectOption('select >> nth=1', 'weight');
    const dark = await pixelOf(0, 60);
    await view.setTheme('light');
    await expect.poll(() => pixelOf(0, 60)).not.toEqual(dark);
    const text = await view.page.evaluate(() => getComputedStyle(document.querySelector('dd')!).color);
    expect(text).toBe('rgb(59, 59, 59)');
  });

  it('draws at the resolution of the screen', async () => {
    await open({ scale: 2 });
    await show();
    const [width, shown] = await view.page.evaluate(() => {
      const canvas = document.querySelector('canvas')!;
      return [canvas.width, canvas.getBoundingClientRect().width] as const;
    });
    expect(width).toBe(Math.round(2 * shown));
  });

  it('says where its numbers come from', async () => {
    await open();
    await show();
    const text = await view.page.innerText('.provenance');
    for (const part of [
      'starter',
      '3f9c1ab27d40',
      'M = 128',
      'τ = 6.4',
      'softmax',
      'chained',
      'N = 1 chunk',
      'order.ts',
    ]) {
      expect(text).toContain(part);
    }
    expect(await view.page.innerText('.shape-key')).toContain('w > 1/M = 0.00781');
  });

  it('marks mistakes by shape and counts them', async () => {
    await open();
    await show();
    const { bits, probabilities } = await data();
    const mistakes = bits.filter((bit, index) => probabilities[index]! >= 0.5 !== (bit === 1)).length;
    expect(mistakes).toBeGreaterThan(0);
    const crosses = await view.page.evaluate(() => document.querySelector('path.cross')!.getAttribute('d')!);
    // A cross is two lines: two moves.
    expect(crosses.match(/m/gi)!.length).toBe(2 * mistakes);
    expect(await view.page.textContent('svg')).toContain(`${mistakes} of 32 wrong`);
  });

  it('leaves out what pads the last chunk', async () => {
    await open();
    await view.page.evaluate(() => {
      return window.fake.send(window.fake.votes(5, 128, 2));
    });
    await view.page.waitForSelector('body[data-state=ready]');
    expect((await pixelOf(20, 3))[3]).toBe(0);
    expect((await pixelOf(10, 3))[3]).toBe(255);
    expect(await view.page.innerText('.provenance')).toContain('16 bits × 128 voters');
  });

  it.each([1, 7, 1024])('draws %i voters per bit', async (voters) => {
    await open();
    await view.page.evaluate((count) => {
      return window.fake.send(window.fake.votes(3, count));
    }, voters);
    await view.page.waitForSelector('body[data-state=ready]');
    expect((await pixelOf(3, 60))[3]).toBe(255);
  });

  it('sets text from the document as text', async () => {
    await open();
    await view.page.evaluate(() => {
      const state = window.fake.votes(3);
      const evil = '<img src=x>';
      return window.fake.send({
        ...state,
        text: evil,
        before: evil,
        after: evil,
        alternatives: [{ ...state.alternatives[0]!, text: evil }],
      });
    });
    await view.page.waitForSelector('body[data-state=ready]');
    expect(await view.page.locator('img').count()).toBe(0);
    expect(await view.page.innerText('mark')).toBe('<img src=x>');
  });

  it('redraws in less than 8 ms', async () => {
    await open();
    await show();
    const timing = await view.page.evaluate(() => {
      const states = Array.from({ length: 30 }, (_, index) => window.fake.votes(index));
      return window.fake.timedInTurns(30, (index) => {
        const message = { type: 'state', version: 100 + index, state: states[index], selection: null };
        window.dispatchEvent(new MessageEvent('message', { data: message }));
      });
    });
    expect(await view.page.getAttribute('body', 'data-offset')).toBe('116');
    expect(normalTime(timing)).toBeLessThan(8);
  });
});

describe('the line to the host', () => {
  it('says ready first, and drawn after each version', async () => {
    await open();
    await show(3);
    await show(4);
    const first = await view.page.evaluate(() => window.fake.posted[0]);
    expect(first).toEqual({ type: 'ready' });
    expect(await sent('drawn')).toEqual([
      { type: 'drawn', version: 1 },
      { type: 'drawn', version: 2 },
    ]);
  });

  it('ignores what is older than what it has', async () => {
    await open();
    await show(3);
    await view.page.evaluate(() => {
      void window.fake.send(window.fake.votes(9), null, 7);
      void window.fake.send(window.fake.votes(8), null, 6);
      void window.fake.select({ offset: 0, bit: 1, voter: 1, locked: true }, 5);
    });
    await settled(view.page);
    expect((await sent('drawn')).at(-1)).toEqual({ type: 'drawn', version: 7 });
    expect(await view.page.getAttribute('body', 'data-offset')).toBe('36');
    expect(await view.page.getAttribute('.lock', 'aria-pressed')).toBe('false');
  });

  it('shows a message and one button in place of data', async () => {
    await open();
    expect(await view.page.getAttribute('body', 'data-state')).toBe('loading');
    const error = {
      kind: 'error',
      message: 'The model stopped.',
      action: { label: 'Show Log', command: 'smuggler.showLog' },
    };
    await view.page.evaluate((state) => window.fake.send(state), error);
    await view.page.waitForSelector('body[data-state=error][data-offset=""]');
    expect(await view.page.innerText('.message-text')).toBe('The model stopped.');
    await view.page.click('text=Show Log');
    expect(await sent('command')).toEqual([{ type: 'command', command: 'smuggler.showLog' }]);
    await view.page.evaluate(() => window.fake.send({ kind: 'empty', message: 'Open a file.', action: null }));
    await view.page.waitForSelector('body[data-state=empty]');
    expect(await view.page.locator('.message button').isVisible()).toBe(false);
    await show();
    expect(await view.page.locator('.message').isVisible()).toBe(false);
  });

  it('says so when a state cannot be drawn', async () => {
    await open();
    await view.page.evaluate(() => window.fake.send({ kind: 'ready' }));
    await view.page.waitForSelector('body[data-state=error]');
    expect(await view.page.innerText('.message-text')).toContain('could not be drawn');
  });

  it('shows the next state that can be drawn after one that cannot', async () => {
    await open();
    await show();
    await view.page.evaluate(() => window.fake.send({ kind: 'ready' }));
    await view.page.waitForSelector('body[data-state=error]');
    await show();
    expect(await view.page.locator('.message').isVisible()).toBe(false);
    expect(await view.page.locator('main').isVisible()).toBe(true);
  });

  it('restores what was chosen, but not what another version saved', async () => {
    await open({ saved: { version: 1, order: 'index', color: 'weight', table: false } });
    await show();
    expect(await view.page.inputValue('select >> nth=0')).toBe('index');
    expect(await view.page.inputValue('select >> nth=1')).toBe('weight');
    await view.page.selectOption('select >> nth=0', 'contribution');
    expect(await view.page.evaluate(() => window.fake.saved())).toEqual({
      version: 1,
      order: 'contribution',
      color: 'weight',
      table: false,
    });
    await open({ saved: { version: 0, order: 'index' } });
    await show();
    expect(await view.page.inputValue('select >> nth=0')).toBe('vote');
  });
});

describe('selecting', () => {
  it('walks by keyboard and tells host and screen reader', async () => {
    await open();
    await show();
    await view.page.selectOption('select >> nth=0', 'index');
    await view.page.focus('.matrix');
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowLeft', 'ArrowUp']) {
      await view.page.keyboard.press(key);
    }
    expect((await sent('select')).at(-1)).toEqual({
      type: 'select',
      reveal: false,
      selection: { offset: 12, bit: 0, voter: 1, locked: false },
    });
    const { votes } = await data();
    const live = await view.page.textContent('[aria-live]');
    expect(live).toContain('Bit 0, voter 1');
    expect(live).toContain(`v ${votes[1]!.toFixed(3)}`.slice(0, 5));
    await view.page.keyboard.press('End');
    expect((await sent('select')).at(-1)!.selection.voter).toBe(127);
    await view.page.keyboard.press('ArrowRight');
    expect((await sent('select')).at(-1)!.selection.voter).toBe(127);
  });

  it('locks by Enter, click and button, and unlocks by Escape, a second click and button', async () => {
    await open();
    await show(3, { bit: 2, voter: 5 });
    const locked = (): Promise<string | null> => view.page.getAttribute('.lock', 'aria-pressed');
    await view.page.focus('.matrix');
    await view.page.keyboard.press('Enter');
    expect(await locked()).toBe('true');
    expect((await sent('select')).at(-1)!.selection).toEqual({ offset: 12, bit: 2, voter: 5, locked: true });
    await view.page.keyboard.press('Escape');
    expect(await locked()).toBe('false');
    expect((await sent('select')).at(-1)!.selection.locked).toBe(false);
    const { x, y } = await cellPoint(17, 30);
    await view.page.mouse.click(x, y);
    expect(await locked()).toBe('true');
    expect((await sent('select')).at(-1)!.selection).toMatchObject({ bit: 17, locked: true });
    await view.page.mouse.click(x, y);
    expect(await locked()).toBe('false');
    await view.page.click('.lock');
    expect(await view.page.innerText('.lock')).toBe('Locked');
    await view.page.click('.lock');
    expect(await locked()).toBe('false');
  });

  it('selects what the pointer rests on, unless locked', async () => {
    await open();
    await show();
    await view.page.selectOption('select >> nth=0', 'index');
    const { x, y } = await cellPoint(12, 77);
    await view.page.mouse.move(x, y);
    await expect
      .poll(async () => (await sent('select')).at(-1)?.selection)
      .toEqual({ offset: 12, bit: 12, voter: 77, locked: false });
    expect(await view.page.innerText('.tooltip')).toContain('Bit 12, voter 77');
    await view.page.mouse.click(x, y);
    const count = (await sent('select')).length;
    const other = await cellPoint(3, 3);
    await view.page.mouse.move(other.x, other.y);
    await expect.poll(() => view.page.innerText('.tooltip')).toContain('Bit 3, voter 3');
    await view.page.waitForTimeout(250);
    expect((await sent('select')).length).toBe(count);
    await view.page.mouse.move(5, 5);
    expect(await view.page.locator('.tooltip').isVisible()).toBe(false);
    expect(await view.page.innerText('.readout')).toContain('Bit 12, voter 77');
  });

  it('lets the caret move on under a pointer that rests', async () => {
    await open();
    await show();
    const { x, y } = await cellPoint(12, 77);
    await view.page.mouse.move(x, y);
    await expect.poll(async () => (await sent('select')).length).toBe(1);
    // The pointer has just moved on, and the caret moves before the wish is granted.
    await view.page.mouse.move(x + 20, y);
    await show(7);
    await view.page.evaluate(
      ([clientX, clientY]) => {
        document.querySelector('.matrix')!.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY }));
      },
      [x + 20, y] as const,
    );
    await view.page.waitForTimeout(300);
    expect((await sent('select')).filter(({ selection }) => selection.offset === 28)).toEqual([]);
    expect(await view.page.getAttribute('body', 'data-offset')).toBe('28');
  });

  it('takes over what is selected elsewhere', async () => {
    await open();
    await show();
    await view.page.evaluate(() => window.fake.select({ offset: 12, bit: 20, voter: 99, locked: true }));
    await expect.poll(() => view.page.innerText('.readout')).toContain('Bit 20, voter 99');
    expect(await view.page.getAttribute('.lock', 'aria-pressed')).toBe('true');
    expect(await view.page.evaluate(() => document.querySelector('path.mark')!.getAttribute('d'))).not.toBe('');
  });
});

describe('alternatives and tables', () => {
  it('lists probability and flips, and marks invalid UTF-8 and the flipped bits', async () => {
    await open();
    await show();
    const rows = await view.page.locator('.alternatives tbody tr').allInnerTexts();
    expect(rows.length).toBe(6);
    expect(rows.filter((row) => row.includes('invalid UTF-8')).length).toBe(1);
    expect(rows.filter((row) => row.includes('= text')).length).toBe(1);
    expect(rows[4]).toMatch(/7\.00e-4\s+1$/);
    await view.page.hover('.alternatives tbody tr >> nth=4');
    const flips = await view.page.evaluate(() => document.querySelector('path.flip')!.getAttribute('d')!);
    expect(flips.match(/M/g)!.length).toBe(1);
  });

  it.each([{ width: 1000, height: 280 }, SIDE_BAR])('both tables are whole at $width px', async (size) => {
    await open(size);
    await show();
    await view.page.click('.table-toggle');
    const seen = await view.page.locator('.tables').evaluate((pane) => {
      const { right } = pane.getBoundingClientRect();
      const tables = Array.from(pane.querySelectorAll('table'), (table) => table.getBoundingClientRect());
      return { room: pane.clientWidth, beyond: tables[1]!.right - right, isBelow: tables[1]!.top >= tables[0]!.bottom };
    });
    expect(seen.isBelow).toBe(true);
    // A side bar is narrower than the tables, which are scrolled there.
    if (seen.room > 600) expect(seen.beyond).toBeLessThanOrEqual(0);
  });

  it('shows the same numbers as tables', async () => {
    await open();
    await show(3, { bit: 9, voter: null });
    await view.page.click('.table-toggle');
    const { votes, weights, bits } = await data();
    const rows = view.page.locator('.tables table >> nth=0').locator('tbody tr');
    expect(await rows.count()).toBe(32);
    expect(await rows.nth(9).locator('td').first().innerText()).toBe(String(bits[9]!));
    const voters = view.page.locator('.tables table >> nth=1').locator('tbody tr');
    expect(await voters.count()).toBe(VOTERS);
    const number = Number(await voters.first().locator('th').innerText());
    const ofBit = votes.slice(9 * VOTERS, 10 * VOTERS);
    expect(ofBit[number]).toBe(Math.max(...ofBit));
    const weight = Number(await voters.first().locator('td >> nth=1').innerText());
    expect(weight).toBeCloseTo(weights[9 * VOTERS + number]!, 3);
    await view.page.locator('.tables select').selectOption('30');
    expect((await sent('select')).at(-1)!.selection.bit).toBe(30);
    expect(await view.page.locator('.tables table >> nth=1').locator('caption').innerText()).toBe('Voters of bit 30');
    await view.page.click('.table-toggle');
    expect((await pixelOf(3, 60))[3]).toBe(255);
  });
});

describe('accessibility and looks', () => {
  inEveryLook(open, { panel: WIDE, 'side-bar': SIDE_BAR }, async (name) => {
    await view.screenshot(`${name}-loading`);
    expect(await view.audit()).toEqual([]);
    await show(3, { bit: 11, voter: 40, locked: true });
    await view.screenshot(name);
    expect(await view.audit()).toEqual([]);
    await view.page.selectOption('select >> nth=1', 'weight');
    await view.screenshot(`${name}-weights`);
    await view.page.click('.table-toggle');
    await view.screenshot(`${name}-table`);
    expect(await view.audit()).toEqual([]);
    for (const kind of ['empty', 'error']) {
      await view.page.evaluate((state) => window.fake.send(state), {
        kind,
        message: 'No model is loaded: load one, or train one on your own text.',
        action: { label: 'Load Model…', command: 'smuggler.loadModel' },
      });
      await view.page.waitForSelector(`body[data-state=${kind}]`);
      await view.screenshot(`${name}-${kind}`);
      expect(await view.audit()).toEqual([]);
    }
  });

  it.each([320, 450, 600, 701, 900, 1200])(
    'no text or control over the picture lies on another at %i px',
    async (width) => {
      await open({ width, height: 600 });
      await show();
      const boxes = await view.page.evaluate(() =>
        Array.from(
          document.querySelectorAll('header :is(.where, .stats div:not([hidden]), .controls > *), .matrix svg > text'),
          (node) => node.getBoundingClientRect().toJSON() as DOMRect,
        ),
      );
      expect(boxes).toHaveLength(15);
      for (const [i, a] of boxes.entries()) {
        for (const b of boxes.slice(i + 1)) {
          const isApart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
          expect(isApart, JSON.stringify([a, b])).toBe(true);
        }
      }
    },
  );

  it.each([WIDE, SIDE_BAR])('does not scroll sideways at $width × $height', async (size) => {
    await open(size);
    await show();
    const [content, window] = await view.page.evaluate(
      () => [document.documentElement.scrollWidth, innerWidth] as const,
    );
    expect(content).toBeLessThanOrEqual(window);
  });
});

it('shows bytes that are no character in one form, each whole: in the header, the picture and the buttons', async () => {
  await open();
  // “Größe” is cut within the ß before this chunk.
  await show(47);
  expect(await view.page.innerText('mark')).toBe('\\x9Fe d');
  // All ten characters of the context end in the middle of an escape, so that fewer are shown.
  await view.page.evaluate(() => {
    const cut = { before: 'a\\xE2\\x86\\x92', after: '\\x86\\x92 \\x2A' };
    return window.fake.send({ ...window.fake.votes(47), ...cut }, null);
  });
  await expect
    .poll(() => view.page.locator('.where .context').allTextContents())
    .toEqual(['\\x86\\x92', '\\x86\\x92 ']);
  const label = view.page.locator('.matrix text.code', { hasText: '9F' });
  expect(await label.textContent()).toBe('\\x9F');
  const [picture, box] = await Promise.all([view.page.locator('.matrix').boundingBox(), label.boundingBox()]);
  expect(box!.x).toBeGreaterThanOrEqual(picture!.x);
  await view.page.evaluate(() => {
    const state = window.fake.votes(47);
    const [probabilities, effects] = [Float32Array.from(state.bits), state.effects.map(() => 0)];
    probabilities[3] = 1 - state.bits[3]!;
    effects[3 * 128 + 17] = -1;
    return window.fake.send({ ...state, probabilities, effects }, null);
  });
  await expect.poll(() => view.page.innerText('.voter-chips .chip')).toMatch(/^“\\x9F” 3\/17 opens a word\s−1\.0$/);
});

describe('who decided', () => {
  const chips = (): Promise<string[]> => view.page.locator('.voter-chips >> nth=0 >> .chip').allTextContents();
  const ofBit = (): Promise<string[]> => view.page.locator('.voter-chips >> nth=1 >> .chip').allTextContents();
  /** Voters of a bit, the one with the largest |effect| first. */
  const byEffect = (bit: number): Promise<{ voter: number; effect: number }[]> =>
    view.page.evaluate(
      ([of, count]) =>
        Array.from(window.fake.votes(3).effects.slice(of * count, (of + 1) * count), (effect, voter) => ({
          voter,
          effect,
        })).sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)),
      [bit, VOTERS] as const,
    );

  it('names who failed, of each wrong byte first one: as buttons, which select the voter, and marked in the picture', async () => {
    await open();
    await show(3);
    const chunk = await view.page.evaluate(() => window.fake.votes(3));
    const failed = failedVoters(chunk, VOTERS, DECIDING_VOTERS);
    expect(failed.length).toBeGreaterThan(1);
    // The two wrong bytes of this chunk.
    expect(
      failed
        .slice(0, 2)
        .map(({ bit }) => bit >> 3)
        .toSorted(),
    ).toEqual([2, 3]);
    const bytes = ['i', 'o', 'n', '␣'];
    expect(await chips()).toEqual(
      failed.map(({ bit, voter, effect }) => `“${bytes[bit >> 3]!}” ${bit}/${voter} ${formatShortEffect(effect)}`),
    );
    const outlines = (await view.page.getAttribute('path.failed', 'd'))!;
    expect(outlines.match(/M/g)).toHaveLength(failed.length);
    expect(await view.page.innerText('.shape-key')).toContain('who failed');
    await view.page.click('.voter-chips .chip');
    const { bit, voter } = failed[0]!;
    expect((await sent('select')).at(-1)).toMatchObject({ selection: { offset: 12, bit, voter }, reveal: false });
  });

  it('says of the other wrong bits that nobody voted for their 1, and what else is wrong where nobody failed', async () => {
    await open();
    const line = view.page.locator('.voter-chips >> nth=0');
    const [failed] = failedVoters(await view.page.evaluate(() => window.fake.votes(3)), VOTERS, 1);
    // The real 1s below bit 8, none of which is among those that failed, get no votes.
    const showUnvoted = (cost: number | null): Promise<number> =>
      view.page.evaluate(
        async ([count, at, change]) => {
          const state = window.fake.votes(3);
          const [probabilities, votes] = [Float32Array.from(state.bits), state.votes.slice()];
          const effects = state.effects.map(() => 0);
          let unvoted = 0;
          for (let bit = 0; bit < 8; bit++) {
            if (state.bits[bit] !== 1) continue;
            probabilities[bit] = 0.2;
            votes.fill(0.1, bit * count, (bit + 1) * count);
            unvoted++;
          }
          if (change !== null) {
            probabilities[at.bit] = 1 - state.bits[at.bit]!;
            effects[at.bit * count + at.voter] = change;
          }
          await window.fake.send({ ...state, probabilities, votes, effects }, null);
          return unvoted;
        },
        [VOTERS, failed!, cost] as const,
      );
    expect(failed!.bit).toBeGreaterThan(7);
    const unvoted = await showUnvoted(-0.67);
    await expect
      .poll(() => line.innerText())
      .toMatch(new RegExp(`^Who failed.*−0\\.67\\s+${unvoted} more wrong bits: nobody voted for the 1$`, 's'));
    expect(await chips()).toHaveLength(1);
    await showUnvoted(null);
    await expect
      .poll(() => line.innerText())
      .toMatch(new RegExp(`^No voter alone decided.*\\. ${unvoted} wrong bits: nobody voted for the 1\\.$`));
  });

  it('names who decided where no bit is wrong, whichever way', async () => {
    await open();
    await view.page.evaluate(() => {
      const state = window.fake.votes(3);
      return window.fake.send({ ...state, probabilities: Float32Array.from(state.bits) }, null);
    });
    await view.page.waitForSelector('body[data-state=ready]');
    expect(await view.page.innerText('.voter-chips')).toMatch(/^Who decided/);
    expect(await chips()).toHaveLength(3);
    expect(await view.page.getAttribute('path.failed', 'd')).toBe('');
    expect(await view.page.innerText('.shape-key')).not.toContain('who failed');
  });

  it('names the voters with the largest effect on the bit that is selected, with what the user calls them', async () => {
    await open();
    await show(3, { bit: 19 });
    const strongest = (await byEffect(19)).slice(0, 3);
    const words = strongest.map(({ voter, effect }) => `${voter} ${formatShortEffect(effect)}`);
    expect(await ofBit()).toEqual(words);
    expect(await view.page.locator('.voter-chips >> nth=1').innerText()).toMatch(/^Bit 19 by/);
    const { voter } = strongest[0]!;
    await view.page.evaluate((named) => {
      const names = { [`19/${named}`]: 'ends a word' };
      return window.fake.send({ ...window.fake.votes(3), names }, { offset: 12, bit: 19, voter: named, locked: false });
    }, voter);
    await expect.poll(ofBit).toEqual([words[0]!.replace(' ', ' ends a word '), ...words.slice(1)]);
    expect(await view.page.innerText('.readout')).toContain(`Bit 19, voter ${voter} “ends a word”`);
  });

  it('cut the name where it is too long, never the number', async () => {
    await open();
    const [failed] = failedVoters(await view.page.evaluate(() => window.fake.votes(3)), VOTERS, 1);
    await view.page.evaluate((place) => {
      const names = { [place]: 'a name that is much longer than there is room for beside the votes' };
      return window.fake.send({ ...window.fake.votes(3), names }, null);
    }, `${failed!.bit}/${failed!.voter}`);
    await view.page.waitForSelector('body[data-state=ready]');
    const chip = view.page.locator('.voter-chips >> nth=0 >> .chip >> nth=0');
    const name = chip.locator('.chip-name');
    expect(await name.evaluate((node) => node.scrollWidth > node.clientWidth)).toBe(true);
    const [outer, number] = await Promise.all([chip.boundingBox(), chip.locator('span >> nth=1').boundingBox()]);
    expect(number!.x + number!.width).toBeLessThanOrEqual(outer!.x + outer!.width);
  });

  it('columns carry the numbers of the voters of the selected bit, in any order', async () => {
    await open();
    await show(3);
    const ticks = (): Promise<string[]> => view.page.locator('.matrix .axis >> nth=0 >> .tick text').allTextContents();
    expect((await ticks())[0]).toBe('1');
    await view.page.selectOption('select >> nth=0', 'effectSize');
    await show(3, { bit: 19 });
    const sorted = await byEffect(19);
    const shown = await ticks();
    expect(shown[0]).toBe(`#${sorted[0]!.voter}`);
    expect(shown.at(-1)).toBe(`#${sorted.at(-1)!.voter}`);
  });

  it('where no bit is wrong, says given what, and where the text stands among the alternatives', async () => {
    await open();
    await view.page.evaluate(() => {
      const state = window.fake.votes(3);
      return window.fake.send({
        ...state,
        probabilities: state.probabilities.map((_, bit) => (state.bits[bit] === 1 ? 0.9 : 0.1)),
      });
    });
    await view.page.waitForSelector('body[data-state=ready]');
    expect(await view.page.innerText('.wrong-bits')).toBe('0 of 32, given the bits before');
    expect(await view.page.innerText('dd.rank')).toBe('2nd');
    await view.page.evaluate(() => {
      const state = window.fake.votes(3);
      const alternatives = state.alternatives.filter(({ flippedBits }) => flippedBits.length > 0);
      const provenance = { ...state.provenance, bitDecoding: 'independent' };
      return window.fake.send({ ...state, alternatives, provenance });
    });
    await expect.poll(() => view.page.innerText('dd.rank')).toBe('below the 5th');
    expect(await view.page.innerText('.wrong-bits')).toBe('4 of 32');
  });
});
