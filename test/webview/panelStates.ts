/** @file Every panel in its main states, as the extension host would bring it there: what is exported, and what is kept as pictures. */
import type { PageName } from '../../model/protocol/panels/panels';
import type { OpenOptions, OpenView } from './harness';
import { CONFIG, overview, showOverview } from './overview/overviewState';

type Size = Pick<OpenOptions, 'width' | 'height'>;

export interface PanelState {
  /** Where it differs from the panel's. */
  readonly size?: Size;
  /** Whether its table is kept: not where it is another state's, or long. */
  readonly hasTable: boolean;
  /** Brings an opened panel into the state. */
  readonly show: (view: OpenView) => Promise<void>;
}

export interface Panel {
  readonly view: PageName;
  readonly title: string;
  readonly size: Size;
  /** By name; the first one is what the panel is for. */
  readonly states: Readonly<Record<string, PanelState>> & { readonly main: PanelState };
}

/**
 * Shows what is sent, and goes on once it is drawn.
 * @param send runs in the page
 * @param offset byte that the body then names
 * @param choose what the user does then
 */
function sent(
  send: () => unknown,
  offset?: number,
  choose: (view: OpenView) => Promise<unknown> = () => Promise.resolve(),
): PanelState['show'] {
  return async (view) => {
    await view.page.evaluate(send);
    await view.page.waitForSelector(`body[data-state=ready]${offset === undefined ? '' : `[data-offset="${offset}"]`}`);
    await choose(view);
  };
}

/** Drawn, and measured as far as it is seen. */
async function measured({ page }: OpenView): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.heatmap path.unmeasured')?.getAttribute('d') === '');
}

/** The whole document is known to the heatmap's strip, too. */
async function stripMeasured({ page }: OpenView, chunks: string): Promise<void> {
  await page.waitForFunction(
    (words) => document.querySelector('.minimap text')?.textContent.includes(words),
    `N = ${chunks}`,
  );
}

export const PANELS: readonly Panel[] = [
  {
    view: 'votes',
    title: 'Voter Votes',
    size: { width: 1200, height: 320 },
    states: {
      main: {
        hasTable: false,
        show: sent(() => window.fake.send(window.fake.votes(3), { offset: 12, bit: 9, voter: 17, locked: false }), 12),
      },
      silenced: {
        hasTable: true,
        show: sent(
          () => {
            const state = window.fake.lesioned(window.fake.votes(3, 16), [{ bit: 4, voter: 7, vote: null }]);
            return window.fake.send(state, { offset: 12, bit: 9, voter: 7, locked: true });
          },
          12,
          ({ page }) => page.selectOption('select >> nth=0', 'weight'),
        ),
      },
      pinned: {
        hasTable: false,
        show: sent(() =>
          window.fake.send(window.fake.pinnedBeside(window.fake.votes(5, 16), window.fake.votes(9, 16))),
        ),
      },
      memory: {
        hasTable: true,
        size: { width: 1500, height: 340 },
        show: sent(
          () =>
            window.fake.send(window.fake.remembered(window.fake.votes(3, 16)), {
              offset: 12,
              bit: 9,
              voter: 7,
              locked: false,
            }),
          12,
        ),
      },
      causes: {
        hasTable: true,
        size: { width: 1200, height: 400 },
        show: sent(
          () =>
            window.fake.send(window.fake.explained(window.fake.votes(3, 16)), {
              offset: 12,
              bit: null,
              voter: null,
              locked: false,
            }),
          12,
        ),
      },
      // Bytes that are no character, with a voter silenced, in a side bar.
      escaped: {
        hasTable: false,
        size: { width: 320, height: 800 },
        show: sent(() => {
          const state = window.fake.lesioned(window.fake.votes(47, 16), [{ bit: 4, voter: 7, vote: null }]);
          return window.fake.send(state, { offset: 188, bit: 4, voter: 7, locked: false });
        }, 188),
      },
      // The end of a document in a side bar.
      narrow: {
        hasTable: true,
        size: { width: 320, height: 800 },
        show: sent(
          () => window.fake.send(window.fake.votes(5, 16, 2), { offset: 20, bit: 3, voter: null, locked: false }),
          20,
        ),
      },
    },
  },
  {
    view: 'heatmap',
    title: 'Sparsity Heatmap',
    size: { width: 900, height: 600 },
    states: {
      main: {
        hasTable: true,
        show: sent(
          () => {
            window.fake.serve(798, 1, { offset: 120, bit: 3, voter: null, locked: false });
          },
          120,
          async (view) => {
            await stripMeasured(view, '200');
            await measured(view);
          },
        ),
      },
      // Chunks of two tiles; the selected one is out of sight.
      mistakes: {
        size: { width: 800, height: 420 },
        hasTable: true,
        show: sent(
          () => {
            window.fake.serve(4000, 1, { offset: 3200, bit: null, voter: null, locked: true });
          },
          3200,
          async (view) => {
            await stripMeasured(view, '1,000');
            await view.page.locator('.minimap .overlay').click({ position: { x: 220, y: 10 } });
            await view.page.selectOption('.controls select >> nth=0', 'mistakes');
            await view.page.waitForFunction(() =>
              /Chunks [1-5]\d\d–/.test(document.querySelector('.where')!.textContent),
            );
            await measured(view);
          },
        ),
      },
      memory: {
        hasTable: true,
        show: sent(
          () => {
            window.fake.serve(798, 1, { offset: 120, bit: 3, voter: null, locked: false });
          },
          120,
          async (view) => {
            await view.page.selectOption('.controls select >> nth=0', 'surpriseWithMemory');
            await stripMeasured(view, '200');
            await measured(view);
          },
        ),
      },
      voters: {
        hasTable: false,
        show: sent(
          () => {
            window.fake.serve(158, 1, { offset: 120, bit: 3, voter: 17, locked: false });
          },
          120,
          async (view) => {
            await stripMeasured(view, '40');
            await view.page.locator('label:visible:has-text("Rows") select').selectOption('bit');
            await measured(view);
          },
        ),
      },
    },
  },
  {
    view: 'specialization',
    title: 'Specialization Map',
    size: { width: 1200, height: 760 },
    states: {
      main: {
        hasTable: true,
        show: sent(
          () => window.fake.send(window.fake.specialization(), { offset: 40, bit: 3, voter: 17, locked: false }),
          40,
        ),
      },
      found: {
        hasTable: true,
        show: sent(
          () => {
            const { ranking, agreement, specialization } = window.fake;
            const state = specialization({ ranking: ranking(), agreement: agreement() });
            return window.fake.send(state, { offset: 40, bit: 3, voter: 17, locked: false });
          },
          40,
          async ({ page }) => {
            await page.selectOption('.controls label:has-text("Colour") select', 'meanVote');
            await page.selectOption('.controls label:has-text("Order") select', 'number');
          },
        ),
      },
      voters: {
        hasTable: true,
        size: { width: 1500, height: 760 },
        show: sent(
          () => window.fake.send(window.fake.finder(), { offset: 40, bit: 3, voter: 17, locked: false }),
          40,
          ({ page }) => page.fill('.query', 'bit:0-3 auto'),
        ),
      },
    },
  },
  {
    view: 'overview',
    title: 'Model Overview',
    size: { width: 1100, height: 700 },
    states: {
      main: {
        hasTable: true,
        show: async ({ page }) => {
          await showOverview(page);
          await page.selectOption('select', 'time');
          await page.locator('.block', { hasText: 'Encoder 1' }).click();
        },
      },
      routed: {
        hasTable: true,
        show: async ({ page }) => {
          const state = overview({}, { ...CONFIG, bottleneck: 'dendritic' });
          const gates = [{ block: 'processor.bottleneck.blocks.0', gates: [0, 0.25, 0, 0, 0.75, 0, 0, 0] }];
          await showOverview(page, { ...state, card: null, activity: { ...state.activity!, gates } });
          await page.selectOption('select', 'activity');
          await page.locator('.block', { hasText: 'Dendrites 1' }).click();
        },
      },
    },
  },
  {
    view: 'attention',
    title: 'Attention',
    size: { width: 1300, height: 900 },
    states: {
      main: {
        hasTable: true,
        show: sent(
          () => window.fake.send(window.fake.attention(240), { offset: 960, bit: null, voter: null, locked: false }),
          960,
        ),
      },
      head: {
        hasTable: false,
        show: sent(
          () => window.fake.send(window.fake.attention(240), { offset: 960, bit: null, voter: null, locked: false }),
          960,
          ({ page }) => page.click('.finder tr[data-head="5"] button'),
        ),
      },
      // The first chunk of a text, whose document is being measured.
      beginning: {
        size: { width: 700, height: 900 },
        hasTable: true,
        show: sent(
          () =>
            window.fake.send(
              window.fake.attention(0, { findings: null, work: { words: 'Running the model', share: 0.25 } }),
              { offset: 0, bit: null, voter: null, locked: true },
            ),
          0,
        ),
      },
    },
  },
  {
    view: 'depthLens',
    title: 'Depth Lens',
    size: { width: 1180, height: 760 },
    states: {
      main: {
        hasTable: true,
        show: sent(
          () =>
            window.fake.send(window.fake.depthLens(798, 30), { offset: 120, bit: null, voter: null, locked: false }),
          120,
        ),
      },
      // The document's last bytes, of which the chunks around are not known yet; another depth is chosen.
      end: {
        hasTable: false,
        show: sent(
          () =>
            window.fake.send(window.fake.depthLens(798, 199, false), {
              offset: 796,
              bit: null,
              voter: null,
              locked: true,
            }),
          796,
          async ({ page }) => {
            await page.selectOption('.controls select >> nth=0', 'effectiveVoters');
            await page.locator('.lens').press('ArrowUp');
          },
        ),
      },
    },
  },
  {
    view: 'comparison',
    title: 'Comparison',
    size: { width: 1200, height: 760 },
    states: {
      main: {
        hasTable: true,
        show: sent(
          () => window.fake.send(window.fake.comparison(320, 20), { offset: 80, bit: 3, voter: null, locked: false }),
          80,
        ),
      },
      zoomed: {
        hasTable: false,
        show: sent(
          () =>
            window.fake.send(window.fake.comparison(318, 50), { offset: 200, bit: null, voter: null, locked: true }),
          200,
          async ({ page }) => {
            await page.focus('.along');
            await page.keyboard.press('+');
            await page.keyboard.press('+');
          },
        ),
      },
      voters: {
        hasTable: true,
        show: sent(
          () =>
            window.fake.send(window.fake.voterComparison(320, 20), { offset: 80, bit: 3, voter: null, locked: false }),
          80,
        ),
      },
      equal: {
        hasTable: true,
        show: sent(
          () =>
            window.fake.send(window.fake.equalComparison(200, 3), { offset: 12, bit: 3, voter: null, locked: false }),
          12,
        ),
      },
    },
  },
  {
    view: 'experiments',
    title: 'Experiments',
    size: { width: 1200, height: 1300 },
    states: {
      main: {
        hasTable: true,
        show: sent(() => window.fake.send(window.fake.experiments())),
      },
      running: {
        hasTable: false,
        show: sent(() => window.fake.send(window.fake.experiments(window.fake.threeExperiments()))),
      },
      claims: {
        hasTable: true,
        show: sent(
          () => window.fake.send(window.fake.experiments(window.fake.threeExperiments())),
          undefined,
          ({ page }) => page.click('text=Claims'),
        ),
      },
      model: {
        hasTable: true,
        show: sent(
          () => window.fake.send(window.fake.experiments(window.fake.threeExperiments(), window.fake.measuredModel())),
          undefined,
          ({ page }) => page.click('text=Loaded model'),
        ),
      },
    },
  },
  {
    view: 'trainingMonitor',
    title: 'Training Monitor',
    size: { width: 1200, height: 800 },
    states: {
      main: {
        hasTable: true,
        show: sent(() => window.fake.send(window.fake.monitor())),
      },
      runs: {
        hasTable: false,
        show: sent(() => window.fake.send(window.fake.monitor(window.fake.threeRuns()))),
      },
      lookedBack: {
        hasTable: false,
        show: sent(
          () => window.fake.send(window.fake.monitor()),
          undefined,
          async ({ page }) => {
            await page.focus('input[type=range]');
            await page.keyboard.press('Home');
            // The host answers with the figures of that place.
            await page.evaluate(() => {
              const run = window.fake.monitorRun({ moment: window.fake.monitorMoment(10, 5.8) });
              return window.fake.send({ ...window.fake.monitor([run]), look: { axis: 'step', at: 10 } });
            });
            await page.waitForSelector('body[data-offset="10"], aside caption:text("At step 10")');
          },
        ),
      },
    },
  },
];
