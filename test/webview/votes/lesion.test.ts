/** @file Silencing and holding voters in the Voter votes view: keys, marks, numbers before and after, effects, flips. */
import { describe, expect, it } from 'vitest';
import type { Selection } from '../../../model/protocol/panels/messages';
import type { VoterChange } from '../../../model/protocol/inspection';
import { useView } from '../useView';
import { inEveryLook } from './votesPage';

const VOTERS = 128;
const WIDE = { width: 1200, height: 260 };
const SIDE_BAR = { width: 320, height: 900 };
const { askedFor, open, sent, view } = useView('votes', WIDE);

/** Sends a chunk with voters changed and waits until it is drawn. */
async function show(
  changes: readonly VoterChange[] = [],
  selection: Partial<Selection> = {},
  isAnswered = true,
): Promise<void> {
  await view.page.evaluate(
    ([given, chosen, answered]) => {
      const votes = window.fake.votes(3);
      const state = given.length === 0 ? votes : window.fake.lesioned(votes, given, answered);
      return window.fake.send(state, { offset: 12, bit: null, voter: null, locked: false, ...chosen });
    },
    [changes, selection, isAnswered] as const,
  );
}

function path(name: string): Promise<string> {
  return view.page.evaluate((className) => document.querySelector(`path.${className}`)!.getAttribute('d')!, name);
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await view.page.keyboard.press(key);
}

const silenced = (bit: number, ...voters: number[]): VoterChange[] =>
  voters.map((voter) => ({ bit, voter, vote: null }));

describe('by keyboard', () => {
  it.each([['Delete'], ['s']])('%s silences the selected voter', async (key) => {
    await open();
    await show([], { bit: 4, voter: 9 });
    await view.page.focus('.matrix');
    await press(key);
    expect(await askedFor('changeVoters')).toEqual([
      { kind: 'changeVoters', changes: [{ bit: 4, voter: 9, vote: null }] },
    ]);
    expect(await view.page.textContent('[aria-live]')).toBe('Bit 4, voter 9 silenced.');
  });

  it('C holds at 0, then at 1, then restores', async () => {
    await open();
    const selection = { bit: 4, voter: 9 };
    await show([], selection);
    await view.page.focus('.matrix');
    await press('c');
    await show([{ ...selection, vote: 0 }], selection);
    await press('c');
    await show([{ ...selection, vote: 1 }], selection);
    await press('c');
    expect((await askedFor('changeVoters')).map(({ changes }) => changes[0]!.vote)).toEqual([0, 1]);
    expect(await askedFor('restoreVoters')).toEqual([{ kind: 'restoreVoters', voters: [selection] }]);
  });

  it.each([['Backspace'], ['Shift+S']])('%s restores', async (key) => {
    await open();
    await show(silenced(4, 9), { bit: 4, voter: 9 });
    await view.page.focus('.matrix');
    await press(key);
    expect(await askedFor('restoreVoters')).toEqual([{ kind: 'restoreVoters', voters: [{ bit: 4, voter: 9 }] }]);
  });

  it('Shift and arrows select a block of cells, which one key changes', async () => {
    await open();
    await show([], { bit: 4, voter: 9 });
    await view.page.selectOption('select >> nth=0', 'index');
    await view.page.focus('.matrix');
    await press('Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowDown');
    expect(await path('range')).not.toBe('');
    expect(await view.page.textContent('[aria-live]')).toContain('6 voters of bits 4 to 5 selected.');
    await press('s');
    const [{ changes } = { changes: [] }] = await askedFor('changeVoters');
    expect(changes).toEqual([...silenced(4, 9, 10, 11), ...silenced(5, 9, 10, 11)]);
    await press('ArrowLeft');
    expect(await path('range')).toBe('');
  });

  it('changes all voters of a bit that is selected as a whole', async () => {
    await open();
    await show([], { bit: 7, voter: null });
    await view.page.focus('.matrix');
    await press('Delete');
    const [{ changes } = { changes: [] }] = await askedFor('changeVoters');
    expect(changes.length).toBe(VOTERS);
    expect(changes.every(({ bit, vote }) => bit === 7 && vote === null)).toBe(true);
  });

  it('leaves keys with modifiers to the editor', async () => {
    await open();
    await show([], { bit: 4, voter: 9 });
    await view.page.focus('.matrix');
    await press('Control+c', 'Control+s', 'Alt+Backspace');
    expect(await askedFor('changeVoters')).toEqual([]);
    expect(await askedFor('restoreVoters')).toEqual([]);
  });
});

it('Shift and a click select from the selected cell to the clicked one', async () => {
  await open();
  await show([], { bit: 4, voter: 9, locked: true });
  await view.page.selectOption('select >> nth=0', 'index');
  const box = (await view.page.locator('.matrix canvas').boundingBox())!;
  const x = box.x + (14.5 * box.width) / VOTERS;
  const y = box.y + 4.5 * ((box.height - 9) / 32);
  await view.page.mouse.move(x, y);
  await view.page.keyboard.down('Shift');
  await view.page.mouse.click(x, y);
  await view.page.keyboard.up('Shift');
  await press('Delete');
  const [{ changes } = { changes: [] }] = await askedFor('changeVoters');
  expect(changes).toEqual(silenced(4, 9, 10, 11, 12, 13, 14));
});

describe('what is changed', () => {
  it('is marked by a shape of its own', async () => {
    await open();
    await show([
      ...silenced(4, 9),
      { bit: 5, voter: 1, vote: 0 },
      { bit: 6, voter: 2, vote: 1 },
      { bit: 7, voter: 3, vote: 0.5 },
    ]);
    for (const name of ['silenced', 'held-zero', 'held-one', 'held-between']) {
      expect((await path(name)).match(/M/g)!.length).toBe(1);
    }
    expect(await view.page.innerText('.shape-key')).toContain('silenced');
    await show();
    for (const name of ['silenced', 'held-zero', 'held-one', 'held-between', 'changed-cell']) {
      expect(await path(name)).toBe('');
    }
  });

  it('is told in words: pane, readout and tables', async () => {
    await open();
    await show([...silenced(4, 9, 10, 11), { bit: 5, voter: 1, vote: 1 }], { bit: 4, voter: 9 });
    expect(await view.page.innerText('.lesion h2')).toBe('3 voters silenced, 1 held');
    expect(await view.page.innerText('.alternatives th')).toBe('Alternative, if all voters vote');
    expect(await view.page.innerText('.voter-chips')).toMatch(/^Who failed, if all voters vote/);
    expect(await view.page.innerText('.changes')).toBe('bit 4: 9–11 · bit 5: 1 = 1');
    expect(await view.page.innerText('.readout')).toContain('Bit 4, voter 9: silenced');
    expect(await view.page.innerText('.readout')).toMatch(/effect: [+−]\S+ bits of surprise without it/);
    await view.page.click('.table-toggle');
    const row = view.page.locator('.tables table >> nth=1').locator('tbody tr').filter({ hasText: 'silenced' });
    expect(await row.count()).toBe(3);
  });

  it('shows surprise, decoded text and continuation before and after', async () => {
    await open();
    await show();
    await show(silenced(20, ...Array(40).keys()));
    const { before, after } = await view.page.evaluate(
      (changes) => {
        const { result } = window.fake.lesioned(window.fake.votes(3), changes).lesion!;
        return { before: result!.before.surprise, after: result!.after.surprise };
      },
      silenced(20, ...Array(40).keys()),
    );
    const rows = await view.page.locator('.lesion tbody tr').allInnerTexts();
    expect(rows[0]).toContain(before.toFixed(2));
    expect(rows[0]).toContain(`${after.toFixed(2)} (`);
    expect(rows[1]).toContain('func 0.210');
    expect(rows[1]).toContain('fung 0.0400');
    expect(rows[2]).toContain('fungible = []↵');
    expect(await view.page.textContent('[aria-live]')).toContain('40 voters silenced. Surprise');
  });

  it('shows what is invisible in the texts', async () => {
    await open();
    await view.page.evaluate(
      (changes) => {
        const state = window.fake.lesioned(window.fake.votes(3), changes);
        const result = state.lesion!.result!;
        const after = { ...result.after, continuation: ' \u202eab\u200b\n' };
        const changed = { ...state, lesion: { ...state.lesion!, result: { ...result, after } } };
        return window.fake.send(changed, { offset: 12, bit: null, voter: null, locked: false });
      },
      silenced(20, 3),
    );
    const cell = view.page.locator('.lesion tbody tr').nth(2).locator('td').last();
    await expect.poll(() => cell.textContent()).toBe('␣\\u202Eab\\u200B↵');
  });

  it('draws p before and after as pairs, and says which bits have no voters', async () => {
    await open();
    await show(silenced(20, ...Array(VOTERS).keys()));
    const bars = `${await path('right')}${await path('wrong')}`.match(/M/g)!.length;
    const before = `${await path('right-before')}${await path('wrong-before')}`.match(/M/g)!.length;
    expect([before, bars]).toEqual([32, 31]);
    expect((await path('no-voters')).match(/M/g)!.length).toBe(1);
    expect(await view.page.innerText('.silent-bits')).toContain('bit 20');
    await show();
    expect(await path('right-before')).toBe('');
    expect(await view.page.locator('.lesion').isVisible()).toBe(false);
  });

  it('says that the model is asked, and why it could not answer', async () => {
    await open();
    await show(silenced(2, 3), {}, false);
    expect(await view.page.getAttribute('.lesion', 'aria-busy')).toBe('true');
    expect(await view.page.innerText('.lesion-message')).toBe('Asking the model…');
    expect(await view.page.locator('.lesion table').isVisible()).toBe(false);
    await view.page.evaluate(
      (changes) => {
        const state = window.fake.lesioned(window.fake.votes(3), changes, false);
        return window.fake.send({ ...state, lesion: { ...state.lesion!, failure: 'The model stopped.' } });
      },
      silenced(2, 3),
    );
    await expect.poll(() => view.page.innerText('.lesion-message')).toBe('The model stopped.');
    expect(await view.page.getAttribute('.lesion', 'aria-busy')).toBe('false');
  });

  it('is cleared by a button', async () => {
    await open();
    await show(silenced(2, 3));
    await view.page.click('.clear');
    expect(await sent('command')).toEqual([{ type: 'command', command: 'smuggler.clearSilencedVoters' }]);
  });
});

describe('effects', () => {
  it('are coloured around 0 with a symmetric scale that ends with the largest, its unit, and ticks', async () => {
    await open();
    await show();
    await view.page.selectOption('select >> nth=1', 'effect');
    const most = await view.page.evaluate(() => Math.max(...window.fake.votes(3).effects.map(Math.abs)));
    const labels = await view.page.locator('.legend-label:visible').allInnerTexts();
    expect(labels.slice(0, 2)).toEqual([`−${most.toPrecision(3)}`, `+${most.toPrecision(3)}`]);
    expect(labels[2]).toContain('no colour within ±0.0113');
    expect(await view.page.innerText('.legend-title:visible')).toContain('bits of surprise');
    const ticks = await view.page.locator('.legend-tick:visible').allInnerTexts();
    expect(ticks).toEqual(['−0.1', '0', '+0.1']);
    // Each tick is where its colour is: 0 in the middle.
    const bar = (await view.page.locator('.legend-gradient:visible').first().boundingBox())!;
    const zero = (await view.page.locator('.legend-tick').nth(1).boundingBox())!;
    expect(zero.x + zero.width / 2).toBeCloseTo(bar.x + bar.width / 2, 0);
  });

  it('sort the voter that did most first, whether it helped or not', async () => {
    await open();
    await show([], { bit: 19, voter: 0 });
    await view.page.selectOption('select >> nth=0', 'effectSize');
    await view.page.focus('.matrix');
    await press('Home');
    const sizes = await view.page.evaluate(() =>
      Array.from(
        window.fake
          .votes(3)
          .effects.slice(19 * 128, 20 * 128)
          .map(Math.abs),
      ),
    );
    expect((await sent('select')).at(-1)!.selection.voter).toBe(sizes.indexOf(Math.max(...sizes)));
  });

  it('sort the voter that helped most first', async () => {
    await open({ ...WIDE, width: 1400 });
    await show([], { bit: 19, voter: 0 });
    await view.page.selectOption('select >> nth=0', 'effect');
    await view.page.focus('.matrix');
    await press('Home');
    const effects = await view.page.evaluate(() => Array.from(window.fake.votes(3).effects.slice(19 * 128, 20 * 128)));
    expect((await sent('select')).at(-1)!.selection.voter).toBe(effects.indexOf(Math.max(...effects)));
    await press('End');
    expect((await sent('select')).at(-1)!.selection.voter).toBe(effects.lastIndexOf(Math.min(...effects)));
  });
});

it('draws the bits that an alternative would flip', async () => {
  await open();
  await show();
  const bars = await view.page.evaluate(() =>
    Array.from(document.querySelectorAll('.alternatives tbody tr'), (row) => {
      const d = row.querySelector('.flips-bars')!.getAttribute('d')!;
      return [(d.match(/M/g) ?? []).length, Number(row.querySelector('td:last-child')!.textContent)];
    }),
  );
  expect(bars.length).toBe(6);
  expect(bars.some(([count]) => count! > 1)).toBe(true);
  for (const [drawn, told] of bars) expect(drawn).toBe(told);
});

describe('accessibility and looks', () => {
  const changes = [
    ...silenced(3, ...Array(VOTERS).keys()),
    ...silenced(11, ...Array(20).keys()),
    ...silenced(19, 3, 5, 60, 61),
    ...[40, 41, 90].map((voter) => ({ bit: 24, voter, vote: 1 })),
    ...[2, 7, 100].map((voter) => ({ bit: 25, voter, vote: 0 })),
    { bit: 28, voter: 64, vote: 0.5 },
  ];

  inEveryLook(open, { panel: WIDE, 'side-bar': SIDE_BAR }, async (name) => {
    await show(changes, { bit: 19, voter: 60, locked: true });
    await view.screenshot(`${name}-lesion`);
    expect(await view.audit()).toEqual([]);
    await view.page.selectOption('select >> nth=0', 'effect');
    await view.page.selectOption('select >> nth=1', 'effect');
    await view.page.focus('.matrix');
    await press('Home', 'Shift+PageDown', 'Shift+ArrowDown');
    await view.screenshot(`${name}-effects`);
    expect(await view.audit()).toEqual([]);
  });

  it('keeps the line over the picture clear of it where the panel is small', async () => {
    await open({ width: 920, height: 200 });
    await show(changes);
    await view.screenshot('votes-dark-small-lesion');
    const box = async (selector: string) => (await view.page.locator(selector).boundingBox())!;
    const header = await box('header');
    for (const selector of ['.figure', '.lesion', 'aside']) {
      expect((await box(selector)).y).toBeGreaterThanOrEqual(header.y + header.height);
    }
    const controls = await box('.controls');
    expect(header.y + header.height).toBeGreaterThanOrEqual(controls.y + controls.height);
  });

  it.each([WIDE, SIDE_BAR])('does not scroll sideways at $width × $height', async (size) => {
    await open(size);
    await show(changes);
    const [content, window] = await view.page.evaluate(
      () => [document.documentElement.scrollWidth, innerWidth] as const,
    );
    expect(content).toBeLessThanOrEqual(window);
  });
});

it('says that the surprise is infinite where the real bits have become impossible', async () => {
  await open();
  await view.page.evaluate(() => {
    const state = window.fake.lesioned(window.fake.votes(3), [{ bit: 4, voter: 7, vote: 0 }]);
    const { result } = state.lesion!;
    const after = { ...result!.after, surprise: Infinity };
    return window.fake.send({ ...state, lesion: { ...state.lesion!, result: { ...result!, after } } });
  });
  await view.page.waitForSelector('body[data-state=ready]');
  expect(await view.page.innerText('.lesion')).toContain('∞ (+∞)');
});

it.each([320, 450, 700, 1200])('the title of p says before and after in words, whole, at %i px', async (width) => {
  await open({ width, height: 900 });
  // Nine of the thirty-two and more: two digits each.
  await view.page.evaluate(() => {
    const state = window.fake.votes(3);
    const probabilities = state.probabilities.map((_, bit) => (bit < 12 ? 1 - state.bits[bit]! : state.bits[bit]!));
    const changes = [{ bit: 20, voter: 3, vote: null }];
    const changed = window.fake.lesioned({ ...state, probabilities }, changes);
    return window.fake.send(changed, { offset: 12, bit: null, voter: null, locked: false });
  });
  const titles = view.page.locator('.matrix > svg > text');
  await expect.poll(() => titles.nth(1).textContent()).toMatch(width < 560 ? /^12→12 (wrong|✕)$/ : /12 → 12 wrong$/);
  const boxes = await Promise.all([1, 2].map((part) => titles.nth(part).boundingBox()));
  expect(boxes[0]!.x + boxes[0]!.width).toBeLessThan(boxes[1]!.x);
  await show(silenced(20, 3));
  await expect.poll(() => titles.nth(1).textContent()).toMatch(/^\d ?→ ?\d wrong$|^p\(1\).*: \d → \d wrong$/);
  await show();
  await expect.poll(() => titles.nth(1).textContent()).toMatch(/^p.*: \d( of 32)? wrong$/);
});
