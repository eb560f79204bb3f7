/** @file The pinned chunk beside the live one in the Voter votes view. */
import { describe, expect, it } from 'vitest';
import { useView } from '../useView';
import { inEveryLook } from './votesPage';

const WIDE = { width: 1200, height: 260 };
const SIDE_BAR = { width: 320, height: 1100 };
const { open, sent, view } = useView('votes', WIDE);

/** Shows chunk `live`, with chunk `pinned` (of `length` bytes) pinned. */
async function show(live: number, pinned: number, length = 4, isChanged = false): Promise<void> {
  await view.page.evaluate(
    ([b, a, bytes, changed]) => {
      const state = window.fake.pinnedBeside(window.fake.votes(b), window.fake.votes(a, 128, bytes));
      const changes = [{ bit: 4, voter: 9, vote: null }];
      return window.fake.send(changed ? window.fake.lesioned(state, changes) : state);
    },
    [live, pinned, length, isChanged] as const,
  );
}

async function shapes(name: string): Promise<number> {
  const d = await view.page.evaluate(
    (className) => document.querySelector(`.pinned-pane path.${className}`)!.getAttribute('d')!,
    name,
  );
  return (d.match(/M/g) ?? []).length;
}

describe('the pinned chunk', () => {
  it('has no difference to itself', async () => {
    await open();
    await show(5, 5);
    expect([await shapes('more'), await shapes('less')]).toEqual([0, 0]);
    expect([await shapes('right'), await shapes('effective')]).toEqual([64, 64]);
    expect(await view.page.innerText('.pinned-title')).toContain('= ±0 bits · ');
  });

  it('is drawn beside the live one, with the difference of every bit', async () => {
    await open();
    await show(5, 9);
    expect((await shapes('more')) + (await shapes('less'))).toBe(64);
    const title = await view.page.innerText('.pinned-title');
    expect(title).toContain('pinned at byte 36');
    const [a, b] = await view.page.evaluate(
      () => [window.fake.votes(9).surprise, window.fake.votes(5).surprise] as const,
    );
    expect(title).toContain(`surprise ${a.toFixed(2)} − ${b.toFixed(2)} = `);
    expect(await view.page.getAttribute('.pinned-plot', 'aria-label')).toContain(title);
  });

  it('has one scale for A, B and A−B', async () => {
    await open();
    await show(5, 9);
    const ticks = await view.page.evaluate(() =>
      Array.from(
        document.querySelectorAll('.pinned-pane .axis'),
        (axis) => axis.querySelector('path')!.getBBox().width,
      ),
    );
    for (const trio of [ticks.slice(0, 3), ticks.slice(3)]) {
      expect(trio[0]).toBeCloseTo(trio[1]!, 0);
      expect(trio[2]).toBeCloseTo(2 * trio[0]!, 0);
    }
  });

  it('leaves out bits that are padding in either', async () => {
    await open();
    await show(5, 9, 2);
    expect((await shapes('more')) + (await shapes('less'))).toBe(32);
    await view.page.click('.table-toggle');
    const cells = await view.page.locator('.pinned-pane tbody tr').nth(20).locator('td').allInnerTexts();
    expect([cells[0], cells[2], cells[4], cells[7]]).toEqual(['–', '–', '–', '–']);
    expect(cells[1]).toMatch(/^[01]$/);
  });

  it('is a table too, and can be unpinned', async () => {
    await open();
    await show(5, 9);
    await view.page.click('.table-toggle');
    expect(await view.page.locator('.pinned-pane tbody tr').count()).toBe(32);
    await view.page.click('.unpin');
    expect(await sent('command')).toEqual([{ type: 'command', command: 'smuggler.unpinChunk' }]);
    await view.page.evaluate(() => window.fake.send(window.fake.votes(5)));
    await expect.poll(() => view.page.locator('.pinned-pane').isVisible()).toBe(false);
  });
});

describe('accessibility and looks', () => {
  inEveryLook(open, { panel: WIDE, 'side-bar': SIDE_BAR }, async (name) => {
    await show(5, 9);
    await view.screenshot(`${name}-pinned`);
    expect(await view.audit()).toEqual([]);
    await show(5, 9, 4, true);
    await view.screenshot(`${name}-pinned-lesion`);
    const [content, window] = await view.page.evaluate(
      () => [document.documentElement.scrollWidth, innerWidth] as const,
    );
    expect(content).toBeLessThanOrEqual(window);
    await view.page.click('.table-toggle');
    await view.screenshot(`${name}-pinned-table`);
    expect(await view.audit()).toEqual([]);
  });
});
