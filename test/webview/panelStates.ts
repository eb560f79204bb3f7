/** @file Every panel in its main states, as the extension host would bring it there: what is exported, and what is kept as pictures. */
import type { OpenOptions, OpenView, ViewName } from './harness';
import { CONFIG, overview, showOverview } from './overview/overviewState';

type Size = Pick<OpenOptions, 'width' | 'height'>;

export interface PanelState {
  /** Where it differs from the panel's. */
  readonly size?: Size;
  /** Whether its table is kept: not where it is another state's, or long. */
  readonly hasTable: boolean;
  /** Shows data, and chooses something other than the defaults. */
  readonly show: (view: OpenView) => Promise<void>;
}

export interface Panel {
  readonly view: ViewName;
  readonly title: string;
  readonly size: Size;
  /** By name; the first one is what the panel is for. */
  readonly states: Readonly<Record<string, PanelState>> & { readonly main: PanelState };
}

async function ready({ page }: OpenView, offset?: number): Promise<void> {
  await page.waitForSelector(`body[data-state=ready]${offset === undefined ? '' : `[data-offset="${offset}"]`}`);
}

/** Drawn, and measured as far as it is seen. */
async function measured({ page }: OpenView): Promise<void> {
  await page.waitForFunction(() => document.querySelector('.heatmap path.unmeasured')?.getAttribute('d') === '');
}

/** The whole document is known to the heatmap's strip, too. */
async function stripMeasured({ page }: OpenView, chunks: string): Promise<void> {
  await page.waitForFunction(
    (words) => document.querySelector('.overview text')?.textContent.includes(words),
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
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.send(window.fake.votes(3), { offset: 12, bit: 9, voter: 17, locked: false });
          });
          await ready(view, 12);
        },
      },
      silenced: {
        hasTable: true,
        show: async (view) => {
          await view.page.evaluate(() => {
            const state = window.fake.lesioned(window.fake.votes(3, 16), [{ bit: 4, voter: 7, vote: null }]);
            window.fake.send(state, { offset: 12, bit: 9, voter: 7, locked: true });
          });
          await ready(view, 12);
          await view.page.selectOption('select >> nth=0', 'weight');
        },
      },
      pinned: {
        hasTable: false,
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.send(window.fake.pinnedBeside(window.fake.votes(5, 16), window.fake.votes(9, 16)), null);
          });
          await ready(view);
        },
      },
      // The end of a document in a side bar.
      narrow: {
        hasTable: true,
        size: { width: 320, height: 800 },
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.send(window.fake.votes(5, 16, 2), { offset: 20, bit: 3, voter: null, locked: false });
          });
          await ready(view, 20);
        },
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
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.serve(798, 1, { offset: 120, bit: 3, voter: null, locked: false });
          });
          await ready(view);
          await stripMeasured(view, '200');
          await measured(view);
        },
      },
      // Chunks of two blocks; the selected one is out of sight.
      mistakes: {
        size: { width: 800, height: 420 },
        hasTable: true,
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.serve(4000, 1, { offset: 3200, bit: null, voter: null, locked: true });
          });
          await ready(view);
          await stripMeasured(view, '1,000');
          await view.page.locator('.overview .overlay').click({ position: { x: 220, y: 10 } });
          await view.page.selectOption('.controls select >> nth=0', 'mistakes');
          await view.page.waitForFunction(() =>
            /Chunks [1-5]\d\d–/.test(document.querySelector('.where')!.textContent),
          );
          await measured(view);
        },
      },
      voters: {
        hasTable: false,
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.serve(158, 1, { offset: 120, bit: 3, voter: 17, locked: false });
          });
          await ready(view);
          await stripMeasured(view, '40');
          await view.page.locator('label:visible:has-text("Rows") select').selectOption('bit');
          await measured(view);
        },
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
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.send(window.fake.specialization(), { offset: 40, bit: 3, voter: 17, locked: false });
          });
          await ready(view);
        },
      },
      found: {
        hasTable: true,
        show: async (view) => {
          await view.page.evaluate(() => {
            const row = (bit: number, voter: number, auroc: number) => ({
              ...{ bit, voter, auroc, q: 0.001, information: 0.2, informationQ: 0.002 },
              ...{ meanInside: 0.8, meanOutside: 0.2 },
            });
            const place = {
              name: 'file:///a.ts',
              file: 'a.ts',
              offset: 16,
              length: 4,
              before: '',
              text: 'abc',
              after: '',
            };
            const state = window.fake.specialization({
              ranking: {
                ...{
                  concept: '/x/',
                  labelled: 12,
                  chunks: 4820,
                  voters: 4096,
                  firing: 3,
                  silent: 2,
                  foundByInformation: 7,
                  isSmallSample: true,
                },
                ...{ byAuroc: [row(3, 17, 0.93), row(9, 2, 0.87)], byInformation: [row(9, 2, 0.87)] },
                ...{ shuffles: 100, measuredOn: 'order.ts' },
              },
              agreement: {
                ...{ bit: 3, offset: 40, voters: 9, found: 31, matchingChunks: 40, chunks: 4820 },
                places: [
                  { ...place, chunks: 1, agreement: 1, isOrigin: true },
                  { ...place, offset: 96, chunks: 2, agreement: 0.875, isOrigin: false },
                ],
                measuredOn: 'order.ts',
              },
            });
            window.fake.send(state, { offset: 40, bit: 3, voter: 17, locked: false });
          });
          await ready(view);
          await view.page.selectOption('.controls label:has-text("Colour") select', 'meanVote');
          await view.page.selectOption('.controls label:has-text("Order") select', 'number');
        },
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
    view: 'comparison',
    title: 'Comparison',
    size: { width: 1200, height: 760 },
    states: {
      main: {
        hasTable: true,
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.send(window.fake.comparison(320, 20), { offset: 80, bit: 3, voter: null, locked: false });
          });
          await ready(view, 80);
        },
      },
      zoomed: {
        hasTable: false,
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.send(window.fake.comparison(318, 50), { offset: 200, bit: null, voter: null, locked: true });
          });
          await ready(view, 200);
          await view.page.focus('.along');
          await view.page.keyboard.press('+');
          await view.page.keyboard.press('+');
        },
      },
      equal: {
        hasTable: true,
        show: async (view) => {
          await view.page.evaluate(() => {
            window.fake.send(window.fake.equalComparison(200, 3), { offset: 12, bit: 3, voter: null, locked: false });
          });
          await ready(view, 12);
        },
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
        show: async (view) => {
          await view.page.evaluate(() => window.fake.send(window.fake.monitor()));
          await ready(view);
        },
      },
      runs: {
        hasTable: false,
        show: async (view) => {
          await view.page.evaluate(() =>
            window.fake.send(
              window.fake.monitor([
                window.fake.monitorRun(),
                window.fake.monitorRun(
                  { id: '/models/river', name: 'river', slot: 1, state: 'finished', isOwn: false },
                  { scale: 1.2, points: 240 },
                ),
                window.fake.monitorRun(
                  {
                    ...{ id: '/models/wild', name: 'wild', slot: 2, state: 'diverged', isOwn: false },
                    message: 'Training diverged at step 640: the loss is NaN at a learning rate of 1.',
                  },
                  { scale: 1.6, points: 64, probes: 6 },
                ),
              ]),
            ),
          );
          await ready(view);
        },
      },
      lookedBack: {
        hasTable: false,
        show: async (view) => {
          await view.page.evaluate(() => window.fake.send(window.fake.monitor()));
          await ready(view);
          await view.page.focus('input[type=range]');
          await view.page.keyboard.press('Home');
        },
      },
    },
  },
];
