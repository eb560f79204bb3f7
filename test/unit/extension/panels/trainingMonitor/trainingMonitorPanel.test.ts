/** @file What the Training Monitor sends to its page: the newest state, and no more than the page draws. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PanelDefinition } from '../../../../../extension/panels/frame/panelFrame';
import { trainingMonitorPanel } from '../../../../../extension/panels/trainingMonitor/trainingMonitorPanel';
import type { MonitorCounts } from '../../../../../extension/panels/trainingMonitor/trainingMonitorPanel';
import type { TrainingMonitorService } from '../../../../../extension/panels/trainingMonitor/trainingMonitorService';
import { SlowPage } from '../frame/slowPage';

type Definition = PanelDefinition<'trainingMonitor'>;

const defined = vi.hoisted((): { last: unknown } => ({ last: null }));
vi.mock('vscode', () => ({}));
vi.mock('../../../../../extension/notifications', () => ({}));
vi.mock('../../../../../extension/panels/frame/definePanel', () => ({
  definePanel: (_services: unknown, definition: Definition) => {
    defined.last = definition;
  },
}));

let page: SlowPage<'trainingMonitor'>;
let tellNews: () => void;
/** Reports in the log. */
let reports = 0;
let counts: MonitorCounts;

beforeEach(() => {
  vi.useFakeTimers();
  reports = 1;
  const monitor = {
    onDidChange: (listener: () => void) => {
      tellNews = listener;
      return { dispose: () => undefined };
    },
    shown: () => [{ curves: { reports } }],
    watch: () => undefined,
  };
  page = new SlowPage();
  counts = { drawn: 0 };
  trainingMonitorPanel({} as never, monitor as unknown as TrainingMonitorService, counts);
  page.content = (defined.last as Definition).content(page.frame);
  page.ready();
});
afterEach(() => {
  vi.useRealTimers();
});

/** The log grows by a report every tenth of a second. */
function grow(seconds: number): void {
  for (let i = 0; i < 10 * seconds; i++) {
    reports++;
    tellNews();
    vi.advanceTimersByTime(100);
  }
}

/** Reports that the page was told of, state by state. */
function posted(): number[] {
  return page.states.map(
    (state) => (state as unknown as { runs: [{ curves: { reports: number } }] }).runs[0].curves.reports,
  );
}

it('a page that draws at once gets every state of its pace', () => {
  for (let i = 0; i < 10; i++) {
    page.draw();
    grow(0.2);
  }
  expect(posted().length).toBeGreaterThan(8);
  expect(counts.drawn).toBe(10);
});

it('a slow page is sent the newest state when it has drawn the one before, and none in between', () => {
  grow(1.5);
  expect(posted()).toEqual([1]);
  page.draw();
  vi.advanceTimersByTime(130);
  expect(posted()[1]).toBeGreaterThanOrEqual(15);
  page.draw();
  expect(posted().at(-1)).toBe(16);
});

it('a page that never says so is not waited for for ever, and a new page is not waited for at all', () => {
  grow(5.5);
  expect(posted()).toHaveLength(2);
  page.ready();
  expect(posted()).toHaveLength(3);
});
