/** @file The voter finder in Chromium: rows that are made where they are seen, sorted, found and chosen by pointer and keyboard, and what is done with them. */
import { describe, expect, it } from 'vitest';
import type { Selection } from '../../model/protocol/panels/messages';
import type { SpecializationReady, VoterFinder } from '../../model/protocol/panels/specialization';
import type { OpenOptions } from './harness';
import { normalTime } from './normalTime';
import { settled } from './shown';
import { THEME_NAMES } from './themes';
import { useView } from './useView';

const SELECTED: Selection = { offset: 40, bit: 3, voter: 17, locked: false };
const { asked, askedFor, open, sent, view } = useView('specialization', { width: 1500, height: 760 });

async function show(
  change: Partial<VoterFinder> = {},
  panel: Partial<SpecializationReady> = {},
  options: Partial<OpenOptions> = {},
): Promise<void> {
  await open(options);
  await send(change, panel);
  await view.page.waitForSelector('body[data-face=voters]');
}

async function send(
  change: Partial<VoterFinder> = {},
  panel: Partial<SpecializationReady> = {},
  selection: Selection | null = SELECTED,
): Promise<void> {
  await view.page.evaluate(
    ([changes, panelChanges, selected]) => window.fake.send(window.fake.finder(changes, panelChanges), selected),
    [change, panel, selection] as const,
  );
}

const ids = (): Promise<string[]> =>
  view.page.locator('.voters tbody th').evaluateAll((cells) => cells.map((cell) => cell.firstChild!.textContent!));
const chosen = (): Promise<string[]> =>
  view.page
    .locator('.voters tr[aria-selected=true] th')
    .evaluateAll((cells) => cells.map((cell) => cell.firstChild!.textContent!));
const row = (id: string) => {
  const [bit, voter] = id.split('/').map(Number);
  return view.page.locator(`.voters tbody tr[data-row="${128 * bit! + voter!}"]`);
};
const count = (): Promise<string> => view.page.innerText('.count');

describe('the panel', () => {
  it('begins at its top when it goes from map to finder and back, and stays where it is meanwhile', async () => {
    await open({ width: 600, height: 500 });
    const scrolled = (): Promise<number> => view.page.evaluate(() => window.scrollY);
    const scrollDown = async (): Promise<void> => {
      await view.page.evaluate(() => {
        window.scrollTo(0, 300);
      });
      expect(await scrolled()).toBe(300);
    };
    const sendMap = (): Promise<void> =>
      view.page.evaluate((selected) => window.fake.send(window.fake.specialization(), selected), SELECTED);
    await sendMap();
    await view.page.waitForSelector('body[data-face=map]');
    await scrollDown();
    await sendMap();
    expect(await scrolled()).toBe(300);
    await send();
    await view.page.waitForSelector('body[data-face=voters]');
    expect(await scrolled()).toBe(0);
    await scrollDown();
    await send();
    expect(await scrolled()).toBe(300);
    await sendMap();
    await view.page.waitForSelector('body[data-face=map]');
    expect(await scrolled()).toBe(0);
  });
});

describe('the table', () => {
  it('makes only the rows that are seen, also at its end, and says how many there are', async () => {
    await show();
    await view.page.fill('.query', '');
    expect(await count()).toBe('4,096 of 4,096 voters shown');
    expect(await view.page.getAttribute('.voters', 'aria-rowcount')).toBe('4097');
    await view.page.click('.voters th.column-voter button');
    expect((await ids()).slice(0, 2)).toEqual(['0/0', '0/1']);
    await view.page.locator('.voters-pane').evaluate((pane) => {
      pane.scrollTop = pane.scrollHeight;
    });
    await expect.poll(async () => (await ids()).at(-1)).toBe('31/127');
    expect((await ids()).length).toBeLessThan(80);
    const last = view.page.locator('.voters tbody tr[data-row="4095"]');
    expect(await last.getAttribute('aria-rowindex')).toBe('4097');
    expect(await last.evaluate((node) => node.getBoundingClientRect().bottom)).toBeLessThanOrEqual(
      await view.page.locator('.voters-pane').evaluate((node) => node.getBoundingClientRect().bottom + 1),
    );
  });

  it('is sorted by any column with the keyboard, and says which way', async () => {
    await show();
    await view.page.focus('.voters th.column-votes button');
    await view.page.keyboard.press('Enter');
    const head = view.page.locator('.voters th.column-votes');
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect(await view.page.locator('.voters th[aria-sort]').count()).toBe(1);
    const votes = async (): Promise<number[]> =>
      (await view.page.locator('.voters td.column-votes').allInnerTexts()).map(Number);
    expect(await votes()).toEqual((await votes()).toSorted((a, b) => b - a));
    await view.page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect(await votes()).toEqual((await votes()).toSorted((a, b) => a - b));
    expect(await view.page.innerText('.spread-words')).toMatch(
      /^Votes \(% of chunks\): least .*, median .*, most 40; N = /,
    );
    expect(await view.page.evaluate(() => window.fake.saved())).toMatchObject({
      sorting: { key: 'votes', descending: false },
    });
  });

  it('sorts and draws 4,096 rows in less than 50 ms', async () => {
    await show();
    await view.page.fill('.query', '');
    const timing = await view.page.evaluate(() => {
      const columns = ['name', 'votes', 'evidence', 'promotes', 'auroc', 'effect', 'classes'];
      return window.fake.timedInTurns(2 * columns.length, (index) => {
        document.querySelector<HTMLButtonElement>(`.voters th.column-${columns[index >> 1]!} button`)!.click();
        // Laid out, too.
        document.querySelector('.voters')!.getBoundingClientRect();
      });
    });
    expect(normalTime(timing)).toBeLessThan(50);
  });

  it('finds voters by words, kinds and terms, and says what it does not understand', async () => {
    await show();
    expect(await count()).toBe('2,731 of 4,096 voters shown: alive');
    await view.page.fill('.query', 'dead bit:6');
    expect(await count()).toBe('43 of 4,096 voters shown: dead bit:6');
    expect((await ids()).every((id) => id.startsWith('6/'))).toBe(true);
    await view.page.fill('.query', 'name:vowel wins>5');
    expect(await view.page.locator('.voters td.column-name').allInnerTexts()).toContain('auto herebefore a vowel');
    await view.page.fill('.query', 'wns>5');
    expect(await view.page.innerText('.query-problem')).toContain('“wns>5” is not understood.');
    await view.page.fill('.query', 'nobody');
    expect(await view.page.innerText('.finder .none')).toBe('No voter is like that.');
    expect(await view.page.isVisible('.query-problem')).toBe(false);
    expect(await view.page.innerText('footer .provenance')).toContain('0 of 4,096 voters shown (“nobody”)');
  });

  it('says that not all voters are shown, and shows all at a click', async () => {
    await show();
    expect(await view.page.getAttribute('.count', 'title')).toContain('votes above ½ in fewer than 1 of 10,000 chunks');
    await view.page.click('.show-all');
    expect(await count()).toBe('4,096 of 4,096 voters shown');
    expect(await view.page.isVisible('.show-all')).toBe(false);
    expect(await view.page.inputValue('.query')).toBe('');
    expect(await view.page.evaluate(() => window.fake.saved())).toMatchObject({ query: '' });
  });

  it('says what marks of rows mean, and where a voter is chosen', async () => {
    await show({}, { voter: null });
    expect(await view.page.innerText('.row-key')).toBe(
      'votes above ½ at the selected chunk · struck through: silenced or held',
    );
    expect(await view.page.locator('.votes-here-key').evaluate((node) => getComputedStyle(node).backgroundColor)).toBe(
      'rgb(217, 119, 15)',
    );
    expect(await view.page.innerText('.dashboard .none')).toBe('Choose a row: its dashboard stands here.');
    await send({ changes: [], here: null });
    await expect.poll(() => view.page.innerText('.row-key')).toBe('');
  });

  it.each([1000, 1400])(
    'at %i pixels names are whole, and columns out of sight are counted and a click away',
    async (width) => {
      await show({}, {}, { width });
      const cut = await view.page
        .locator('.voters td.column-name')
        .evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
      expect(cut).toBe(0);
      const pane = (await view.page.locator('.voters-pane').boundingBox())!;
      const heads = () =>
        view.page
          .locator('.voters thead th')
          .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().right));
      const hidden = (await heads()).filter((right) => right > pane.x + pane.width).length;
      expect(hidden).toBeGreaterThan(2);
      const more = view.page.locator('.more-columns');
      expect(await more.innerText()).toBe(`${hidden} more columns ▸`);
      for (let clicks = 0; clicks < 9 && (await more.innerText()).endsWith('▸'); clicks++) {
        await more.click();
        await settled(view.page);
      }
      expect(Math.max(...(await heads()))).toBeLessThanOrEqual(pane.x + pane.width + 1);
      for (const [column, left] of [
        ['voter', 0],
        ['name', 112],
      ] as const) {
        const box = (await view.page.locator(`.voters thead .column-${column}`).boundingBox())!;
        expect(box.x - pane.x, column).toBeCloseTo(left, -1);
      }
      await more.click();
      await expect.poll(() => more.innerText()).toBe(`${hidden} more columns ▸`);
    },
  );

  it.each([
    [450, ['voter', 'name', 'effect', 'votes']],
    [500, ['voter', 'name', 'effect', 'votes', 'wins']],
    [570, ['voter', 'name', 'effect', 'votes', 'wins', 'here']],
  ])('at %i pixels numbers are whole, and names have the room that they leave', async (width, seen) => {
    await open({ width, height: 900 });
    await view.page.evaluate((selected) => {
      const here = window.fake.finder().finder!.here!;
      return window.fake.send(
        window.fake.finder({ here: { ...here, votes: here.votes.map(() => 0.00143) } }),
        selected,
      );
    }, SELECTED);
    await view.page.waitForSelector('body[data-face=voters]');
    await view.screenshot(`finder-${width}`);
    const pane = await view.page
      .locator('.voters-pane')
      .evaluate((node) => node.getBoundingClientRect().left + node.clientLeft + node.clientWidth);
    const heads = await view.page.locator('.voters thead th').evaluateAll((cells) =>
      cells.map((cell) => {
        const { left, right } = cell.getBoundingClientRect();
        return { column: cell.getAttribute('class')!.replace('column-', ''), left, right };
      }),
    );
    expect(heads.filter(({ right }) => right <= pane + 0.5).map(({ column }) => column)).toEqual(seen);
    // None is cut at the edge.
    expect(heads.filter(({ left, right }) => left < pane - 0.5 && right > pane + 0.5)).toEqual([]);
    expect(await view.page.locator('td.column-here').first().innerText()).toBe('0.00143');
    for (const column of ['effect', 'votes', 'wins', 'here', 'effectHere', 'auroc', 'weight']) {
      const cut = await view.page
        .locator(`.voters td.column-${column}`)
        .evaluateAll((cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length);
      expect(cut, column).toBe(0);
    }
    expect(heads[1]!.right - heads[1]!.left).toBeGreaterThanOrEqual(88);
  });

  it('tells automatic names from those that the user gave, and marks who is changed and who votes at the caret', async () => {
    await show();
    await view.page.fill('.query', '3/17');
    expect(await row('3/17').locator('.column-name').innerText()).toBe('opens a word');
    await view.page.fill('.query', 'bit:0');
    await view.page.click('.voters th.column-voter button');
    // Hover and panels have those of the gathered statistics, which may be others.
    const automatic = (): Promise<string> => row('0/0').locator('.column-name .automatic').innerText();
    expect(await automatic()).toBe('auto here');
    await send({ scope: 'gathered' });
    await expect.poll(automatic).toBe('auto');
    expect(await row('0/0').locator('.voter-state').innerText()).toBe('silenced');
    expect(await row('0/2').locator('.voter-state').innerText()).toBe('held at 1');
    expect(await row('0/3').getAttribute('class')).toContain('votes-here');
    expect(await row('0/4').getAttribute('class')).not.toContain('votes-here');
    await send({ changes: [] });
    await expect.poll(() => view.page.locator('.voter-state').count()).toBe(0);
    expect(await view.page.innerText('footer .provenance')).toContain(
      'N = 4,820 of 48,200 chunks · 128 of 4,096 voters shown (“bit:0”) · measured on order.ts',
    );
  });
});

describe('choosing', () => {
  it('one, up to another, and beside the others; what is done is done with all of them', async () => {
    await show();
    await view.page.fill('.query', 'bit:5');
    await view.page.click('.voters th.column-voter button');
    await row('5/2').click();
    expect((await sent('select')).at(-1)!.selection).toMatchObject({ bit: 5, voter: 2, offset: 40 });
    await row('5/4').click({ modifiers: ['Shift'] });
    expect(await chosen()).toEqual(['5/2', '5/3', '5/4']);
    await row('5/3').click({ modifiers: ['Control'] });
    await row('5/9').click({ modifiers: ['Control'] });
    expect(await chosen()).toEqual(['5/2', '5/4', '5/9']);
    expect(await view.page.innerText('.chosen-count')).toBe('3 chosen');
    const voters = [2, 4, 9].map((voter) => ({ bit: 5, voter }));
    for (const [label, vote] of [
      ['Silence', null],
      ['Hold at 1', 1],
      ['Hold at 0', 0],
    ] as const) {
      await view.page.click(`.chosen button:text-is("${label}")`);
      const changes = (await askedFor('changeVoters')).at(-1)!.changes;
      expect(changes.toSorted((a, b) => a.voter - b.voter)).toEqual(voters.map((place) => ({ ...place, vote })));
    }
    await view.page.click('.chosen button:text-is("Restore")');
    expect((await askedFor('restoreVoters')).at(-1)!.voters).toHaveLength(3);
    // What comes from the host meanwhile leaves them chosen.
    await send({}, {}, (await sent('select')).at(-1)!.selection);
    expect(await chosen()).toEqual(['5/2', '5/4', '5/9']);
  });

  it('by the keyboard alone: from the query into the rows, along them, and several', async () => {
    await show();
    await view.page.fill('.query', 'bit:5');
    await view.page.click('.voters th.column-voter button');
    await view.page.focus('.query');
    await view.page.keyboard.press('Enter');
    expect(await chosen()).toEqual(['5/0']);
    await view.page.keyboard.press('ArrowDown');
    expect(await chosen()).toEqual(['5/1']);
    expect(await view.page.getAttribute('.voters', 'aria-activedescendant')).toBe(`voter-${5 * 128 + 1}`);
    await view.page.keyboard.press('Shift+ArrowDown');
    expect(await chosen()).toEqual(['5/1', '5/2']);
    await view.page.keyboard.press('Control+ArrowDown');
    await view.page.keyboard.press('Control+ArrowDown');
    await view.page.keyboard.press(' ');
    expect(await chosen()).toEqual(['5/1', '5/2', '5/4']);
    expect(await view.page.textContent('.visually-hidden[role=status]')).toContain('Voter 5/4');
    await view.page.keyboard.press('End');
    expect(await chosen()).toEqual(['5/127']);
    await view.page.keyboard.press('PageUp');
    await view.page.keyboard.press('Home');
    expect(await chosen()).toEqual(['5/0']);
    await view.page.keyboard.press('Control+a');
    expect(await view.page.innerText('.chosen-count')).toBe('128 chosen');
  });

  it('follows a voter that is selected elsewhere, and brings its row into sight', async () => {
    await show();
    await view.page.fill('.query', '');
    await view.page.click('.voters th.column-voter button');
    await send({}, {}, { ...SELECTED, bit: 20, voter: 5 });
    await expect.poll(() => chosen()).toEqual(['20/5']);
    const [pane, box] = await Promise.all([view.page.locator('.voters-pane').boundingBox(), row('20/5').boundingBox()]);
    expect(box!.y).toBeGreaterThan(pane!.y);
    expect(box!.y + box!.height).toBeLessThanOrEqual(pane!.y + pane!.height);
  });

  it('one that is selected elsewhere is chosen only where its row is shown', async () => {
    await show();
    const chosenCount = (): Promise<string> => view.page.innerText('.chosen-count');
    const silence = view.page.locator('.chosen button:text-is("Silence")');
    const said = view.page.locator('.visually-hidden[role=status]');
    expect(await chosenCount()).toBe('1 chosen');
    await view.page.fill('.query', 'bit:6');
    expect([await chosen(), await chosenCount(), await silence.isDisabled()]).toEqual([[], '0 chosen', true]);
    expect(await said.textContent()).toBe('0 chosen');
    await send({}, {}, { ...SELECTED, bit: 2, voter: 52 });
    expect([await chosen(), await chosenCount(), await silence.isDisabled()]).toEqual([[], '0 chosen', true]);
    await view.page.click('.voters th.column-voter button');
    // Nothing reaches from it, and the keyboard does not act on it.
    await view.page.focus('.voters');
    await view.page.keyboard.press(' ');
    expect(await chosenCount()).toBe('0 chosen');
    await row('6/3').click({ modifiers: ['Shift'] });
    expect(await chosen()).toEqual(['6/3']);
    await send({}, {}, { ...SELECTED, bit: 6, voter: 4 });
    await expect.poll(chosen).toEqual(['6/4']);
    await view.page.fill('.query', '');
    expect(await chosenCount()).toBe('1 chosen');
  });

  it('what was chosen in the table and is hidden by another search stays chosen, and is counted', async () => {
    await show();
    await view.page.fill('.query', 'bit:5');
    await view.page.click('.voters th.column-voter button');
    await row('5/2').click();
    await row('5/4').click({ modifiers: ['Shift'] });
    await view.page.fill('.query', 'bit:5 voter:3-9');
    expect(await chosen()).toEqual(['5/3', '5/4']);
    expect(await view.page.innerText('.chosen-count')).toBe('3 chosen, 1 not shown');
    expect(await view.page.textContent('.visually-hidden[role=status]')).toBe('3 chosen, 1 not shown');
    await row('5/8').click({ modifiers: ['Control'] });
    expect(await view.page.textContent('.visually-hidden[role=status]')).toMatch(/, 4 chosen, 1 not shown$/);
    await view.page.click('.chosen button:text-is("Silence")');
    const changes = (await askedFor('changeVoters')).at(-1)!.changes;
    expect(changes.map(({ voter }) => voter).toSorted((a, b) => a - b)).toEqual([2, 3, 4, 8]);
    await view.page.fill('.query', 'bit:5');
    expect(await view.page.innerText('.chosen-count')).toBe('4 chosen');
    // Another one that is selected elsewhere ends it, shown or not.
    await send({}, {}, { ...SELECTED, bit: 2, voter: 52 });
    await expect.poll(() => view.page.innerText('.chosen-count')).toBe('0 chosen');
  });

  it('two are compared side by side, until that is ended', async () => {
    await show();
    await view.page.fill('.query', 'bit:5');
    await view.page.click('.voters th.column-voter button');
    const compare = view.page.locator('.compare-voters');
    expect(await compare.isDisabled()).toBe(true);
    await row('5/2').click();
    await row('5/4').click({ modifiers: ['Control'] });
    await compare.click();
    expect((await askedFor('compare')).at(-1)!.voter).toEqual({ bit: 5, voter: 2 });
    await view.page.evaluate(
      (selection) => window.fake.send(window.fake.finder({ compared: window.fake.comparedVoter() }), selection),
      SELECTED,
    );
    await expect
      .poll(() => view.page.locator('.dashboard:visible h2').allInnerTexts())
      .toEqual(['Voter 17 of bit 3', 'Voter 2 of bit 9']);
    const [left, right] = await view.page
      .locator('.dashboard:visible')
      .evaluateAll((nodes) => nodes.map((node) => node.getBoundingClientRect()));
    expect(right!.left).toBeGreaterThanOrEqual(left!.right);
    expect(right!.top).toBe(left!.top);
    // Every automatic name with its evidence.
    expect(await view.page.locator('.dashboard:visible .voter-context').first().innerText()).toContain(
      'Automatic name: after a space. 1,210 of its 1,842 votes above ½',
    );
    await compare.click();
    expect((await askedFor('compare')).at(-1)!.voter).toBeNull();
  });

  it('all shown rows are copied as CSV with every column', async () => {
    await show();
    await view.page.fill('.query', 'bit:5 dead');
    await view.page.click('.chosen button:text-matches("^Copy")');
    const lines = (await askedFor('copy')).at(-1)!.text.split('\r\n');
    expect(lines[0]).toMatch(/^bit,voter,name,automatic name,/);
    expect(lines).toHaveLength(2 + Number((await count()).split(' ')[0]));
    expect(lines[1]).toMatch(/^5,\d+,,/);
  });
});

describe('around the table', () => {
  it('texts are chosen and measured again, work is shown and cancelled, and the map is a click away', async () => {
    await show();
    await view.page.selectOption('.finder select', 'gathered');
    expect(await asked()).toContainEqual({ kind: 'table', scope: 'gathered' });
    await view.page.click('.finder .measure');
    expect(await asked()).toContainEqual({ kind: 'table', scope: 'text' });
    await send({ table: null }, { work: [{ kind: 'table', words: 'Running the model', share: 0.42 }] });
    await expect.poll(() => view.page.innerText('[data-work=table]')).toContain('Running the model… 42 %');
    expect(await view.page.isVisible('.voters')).toBe(false);
    await view.page.click('[data-work=table] button');
    expect(await asked()).toContainEqual({ kind: 'cancel', work: 'table' });
    await view.page.click('.face');
    expect(await asked()).toContainEqual({ kind: 'face', face: 'map' });
    await view.page.evaluate((selection) => window.fake.send(window.fake.specialization(), selection), SELECTED);
    await view.page.waitForSelector('body[data-face=map]');
    expect(await view.page.isVisible('.finder')).toBe(false);
    await view.page.click('.face');
    expect(await asked()).toContainEqual({ kind: 'face', face: 'voters' });
  });

  it('says on how many chunks wins were counted where those are not all', async () => {
    await open();
    await view.page.evaluate((selection) => {
      const table = window.fake.voterTable();
      const contributions = { ...table.contributions!, chunks: 2410 };
      return window.fake.send(window.fake.finder({ table: { ...table, contributions } }), selection);
    }, SELECTED);
    await view.page.waitForSelector('body[data-face=voters]');
    expect(await view.page.innerText('footer .provenance')).toContain(
      'N = 4,820 of 48,200 chunks · 2,731 of 4,096 voters shown (“alive”) · wins, effects and bytes on N = 2,410 chunks',
    );
  });

  it('statistics that came without contributions say what is missing, and how to get it', async () => {
    await open();
    await view.page.evaluate(
      (selection) =>
        window.fake.send(window.fake.finder({ table: window.fake.voterTable({ contributions: null }) }), selection),
      SELECTED,
    );
    await view.page.waitForSelector('body[data-face=voters]');
    expect(await view.page.innerText('.finder .none')).toContain(
      'were not counted when these statistics were gathered',
    );
    expect(await view.page.locator('td.column-wins').first().innerText()).toBe('');
  });

  it.each(THEME_NAMES)('is accessible in %s', async (theme) => {
    await show({}, {}, { theme });
    expect(await view.audit()).toEqual([]);
  });

  it('fits 435 pixels: what matters most is seen beside a scroll bar, the rest is scrolled to', async () => {
    await show({}, {}, { width: 435, height: 900 });
    expect(await view.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(435);
    const pane = (await view.page.locator('.voters-pane').boundingBox())!;
    // As wide as VS Code's.
    const scrollBar = 14;
    for (const column of ['voter', 'name', 'effect']) {
      const box = (await view.page.locator(`.voters thead .column-${column}`).boundingBox())!;
      expect(box.x + box.width, column).toBeLessThanOrEqual(pane.x + pane.width - scrollBar);
    }
    await view.page.locator('.voters-pane').evaluate((node) => {
      node.scrollLeft = node.scrollWidth;
    });
    const weight = (await view.page.locator('.voters thead .column-weight').boundingBox())!;
    expect(weight.x + weight.width).toBeLessThanOrEqual(pane.x + pane.width + 1);
    const voter = (await view.page.locator('.voters thead .column-voter').boundingBox())!;
    expect(voter.x).toBeCloseTo(pane.x, -1);
  });
});
