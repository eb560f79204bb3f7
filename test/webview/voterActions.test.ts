/** @file What can be done with a voter, in every panel that shows one: by its box, by VS Code's menu, by pointer, keyboard and screen reader. */
import { describe, expect, it } from 'vitest';
import type { PageName } from '../../model/protocol/panels/panels';
import type { VoterAtChunk } from '../../model/protocol/panels/voterActions';
import { VOTER_ACTIONS } from '../../model/measures/voterActions';
import type { UsedView } from './useView';
import { useView } from './useView';

const BOX = '.tooltip .voter-actions';
const AT = { bit: 3, voter: 17 } as const;

interface VoterPanel {
  /** Its picture, which takes the keyboard. */
  readonly picture: string;
  /** Opens it with voter 17 of bit 3 selected. */
  readonly show: () => Promise<void>;
  /** The voter's cell in client coordinates. */
  readonly cell: () => Promise<{ readonly x: number; readonly y: number }>;
  /** Byte offset of the chunk of that cell. */
  readonly offset: number;
}

/** What every panel with voters does alike. */
function actsOnVoters<P extends PageName>({ view, sent }: UsedView<P>, panel: VoterPanel): void {
  const voter: VoterAtChunk = { offset: panel.offset, ...AT };
  const context = (): Promise<unknown> =>
    view.page.evaluate((picture) => {
      const text = document.querySelector<HTMLElement>(picture)!.dataset['vscodeContext'];
      return text === undefined ? null : (JSON.parse(text) as unknown);
    }, panel.picture);
  const expected = { webviewSection: 'voter', preventDefaultContextMenuItems: true, ...voter };

  it('a click opens the box of the voter, whose buttons each tell the host what is to be done with it', async () => {
    await panel.show();
    const { x, y } = await panel.cell();
    await view.page.mouse.click(x, y);
    const buttons = view.page.locator(`${BOX} button`);
    expect(await buttons.allInnerTexts()).toEqual(VOTER_ACTIONS.map(({ label }) => label));
    for (const { label } of VOTER_ACTIONS) {
      await view.page
        .getByRole('button', { name: `${label}: voter 17 of bit 3` })
        .first()
        .click();
    }
    expect(await sent('voter')).toEqual(VOTER_ACTIONS.map(({ command }) => ({ type: 'voter', command, voter })));
    expect(await view.audit()).toEqual([]);
  });

  it('the box stays while the pointer is on its way to it, and goes with Escape or a second click', async () => {
    await panel.show();
    const { x, y } = await panel.cell();
    const box = view.page.locator(BOX);
    await view.page.mouse.click(x, y);
    const at = (await view.page.locator('.tooltip').boundingBox())!;
    await view.page.mouse.move(at.x + at.width / 2, at.y + at.height / 2, { steps: 10 });
    await view.page.waitForTimeout(600);
    expect(await box.isVisible()).toBe(true);
    await view.page.focus(panel.picture);
    await view.page.keyboard.press('Escape');
    expect(await box.isVisible()).toBe(false);
    await view.page.mouse.click(x, y);
    expect(await box.isVisible()).toBe(true);
    await view.page.mouse.click(x, y);
    expect(await box.isVisible()).toBe(false);
  });

  it('the keyboard comes from a voter to its buttons, and back by Escape', async () => {
    await panel.show();
    await view.page.focus(panel.picture);
    await view.page.keyboard.press('ArrowDown');
    await view.page.keyboard.press('ArrowUp');
    const group = view.page.locator(BOX);
    await expect.poll(() => group.getAttribute('aria-label')).toMatch(/^For voter \d+ of bit 3$/);
    const named = (await group.getAttribute('aria-label'))!.slice('For '.length);
    await view.page.keyboard.press('Tab');
    await view.page.keyboard.press('Tab');
    expect(await view.page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      `Hold at 1: ${named}`,
    );
    await view.page.keyboard.press('Enter');
    expect((await sent('voter')).at(-1)).toMatchObject({ command: 'smuggler.holdVoterAtOne', voter: { bit: 3 } });
    await view.page.keyboard.press('Escape');
    expect(await group.isVisible()).toBe(false);
    expect(await view.page.evaluate((picture) => document.activeElement?.matches(picture), panel.picture)).toBe(true);
  });

  it('the menu of VS Code is about the voter under the pointer, and by the keyboard about the selected one', async () => {
    await panel.show();
    const { x, y } = await panel.cell();
    await view.page.mouse.click(x, y, { button: 'right' });
    expect(await context()).toEqual(expected);
    // Beside the picture's cells there is no voter, though one is selected.
    const picture = (await view.page.locator(panel.picture).boundingBox())!;
    await view.page.mouse.click(picture.x + picture.width - 2, picture.y + picture.height - 2, { button: 'right' });
    expect(await context()).toBe(null);
    await view.page.focus(panel.picture);
    await view.page.keyboard.press('Shift+F10');
    await expect.poll(context).toEqual(expected);
  });
}

describe('Voter Votes', () => {
  const used = useView('votes', { width: 1200, height: 320 });
  actsOnVoters(used, {
    picture: '.matrix',
    offset: 12,
    show: async () => {
      await used.open({ saved: { version: 1, order: 'index' } });
      await used.view.page.evaluate(
        (at) => window.fake.send(window.fake.votes(3), { offset: 12, ...at, locked: false }),
        AT,
      );
      await used.view.page.waitForSelector('body[data-state=ready][data-offset="12"]');
    },
    cell: async () => {
      const box = (await used.view.page.locator('.matrix canvas').boundingBox())!;
      return { x: box.x + (17.5 * box.width) / 128, y: box.y + 3.5 * ((box.height - 9) / 32) };
    },
  });

  it('the box says what has become of its voter', async () => {
    await used.open({ saved: { version: 1, order: 'index' } });
    const send = (isSilenced: boolean): Promise<unknown> =>
      used.view.page.evaluate((silenced) => {
        const votes = window.fake.votes(3);
        const state = silenced ? window.fake.lesioned(votes, [{ bit: 3, voter: 17, vote: null }]) : votes;
        return window.fake.send(state, { offset: 12, bit: 3, voter: 17, locked: false });
      }, isSilenced);
    await send(false);
    await used.view.page.waitForSelector('body[data-state=ready][data-offset="12"]');
    await used.view.page.focus('.matrix');
    await used.view.page.keyboard.press('ArrowRight');
    await used.view.page.keyboard.press('ArrowLeft');
    const lines = used.view.page.locator('.tooltip-lines');
    expect(await lines.innerText()).toContain('Bit 3, voter 17 “opens a word”\n');
    await send(true);
    await expect.poll(() => lines.innerText()).toContain('Bit 3, voter 17 “opens a word”: silenced\n');
  });
});

describe('Sparsity Heatmap', () => {
  const used = useView('heatmap', { width: 900, height: 640 });
  actsOnVoters(used, {
    picture: '.plot.heatmap',
    offset: 40,
    show: async () => {
      await used.open({ saved: { version: 1, rows: 'bit', bit: 3, document: '' } });
      await used.view.page.evaluate((at) => {
        window.fake.serve(158, 1, { offset: 40, ...at, locked: false });
      }, AT);
      await used.view.page.waitForSelector('body[data-state=ready]');
      await used.view.page.waitForFunction(
        () => document.querySelector('.heatmap path.unmeasured')?.getAttribute('d') === '',
      );
    },
    cell: async () => {
      const box = (await used.view.page.locator('.heatmap canvas').boundingBox())!;
      return { x: box.x + (10.5 * box.width) / 40, y: box.y + (17.5 * box.height) / 128 };
    },
  });

  it('offers nothing for a voter where the rows are bits: none is to be seen', async () => {
    await used.open();
    await used.view.page.evaluate((at) => {
      window.fake.serve(158, 1, { offset: 40, ...at, locked: false });
    }, AT);
    await used.view.page.waitForSelector('body[data-state=ready]');
    await used.view.page.focus('.plot.heatmap');
    await used.view.page.keyboard.press('ArrowRight');
    expect(await used.view.page.locator('.tooltip').isVisible()).toBe(true);
    expect(await used.view.page.locator(BOX).isVisible()).toBe(false);
    await used.view.page.keyboard.press('Shift+F10');
    expect(await used.view.page.locator('[data-vscode-context]').count()).toBe(0);
  });
});

describe('Specialization Map', () => {
  const used = useView('specialization', { width: 1200, height: 760 });
  const show = async (): Promise<void> => {
    await used.open();
    await used.view.page.evaluate(
      (at) => window.fake.send(window.fake.specialization(), { offset: 40, ...at, locked: false }),
      AT,
    );
    await used.view.page.waitForSelector('body[data-state=ready]');
    await used.view.page.selectOption('.controls label:has-text("Order") select', 'number');
  };
  actsOnVoters(used, {
    picture: '.map',
    offset: 40,
    show,
    cell: async () => {
      const box = (await used.view.page.locator('.map canvas').boundingBox())!;
      return { x: box.x + 6, y: box.y + (17.5 * box.height) / 128 };
    },
  });

  it('the dashboard has the same buttons', async () => {
    await show();
    const buttons = used.view.page.locator('.dashboard .voter-actions button');
    expect(await buttons.allInnerTexts()).toEqual(VOTER_ACTIONS.map(({ label }) => label));
    await buttons.first().click();
    expect(await used.sent('voter')).toEqual([
      { type: 'voter', command: 'smuggler.silenceVoter', voter: { offset: 40, ...AT } },
    ]);
  });
});
