/** @file What the Training Monitor sends to its page: the newest state, and no more than the page draws. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PanelContent, PanelDefinition } from '../../../../../extension/panels/frame/panelFrame';
import { trainingMonitorPanel } from '../../../../../extension/panels/trainingMonitor/trainingMonitorPanel';
import type { TrainingMonitorService } from '../../../../../extension/panels/trainingMonitor/trainingMonitorService';

type Definition = PanelDefinition<'trainingMonitor'>;

const defined = vi.hoisted((): { last: unknown } => ({ last: null }));
vi.mock('vscode', () => ({}));
vi.mock('../../../../../extension/notifications', () => ({}));
vi.mock('../../../../../extension/panels/frame/definePanel', () => ({
  definePanel: (_services: unknown, definition: Definition) => {
    defined.last = definition;
  },
}));

let content: PanelContent<'trainingMonitor'>;
let tellNews: () => void;
/** Reports in the log. */
let reports = 0;
/** Reports that the page was told of, state by state. */
let posted: number[];

beforeEach(() => {
  vi.useFakeTimers();
  posted = [];
  reports = 1;
  const monitor = {
    onDidChange: (listener: () => void) => {
      tellNews = listener;
      return { dispose: () => undefined };
    },
    shown: () => [{ curves: { reports } }],
    watch: () => undefined,
  };
  const frame = {
    ready: true,
    keep: () => undefined,
    post: ({ runs }: { runs: readonly { curves: { reports: number } }[] }) => {
      posted.push(runs[0]!.curves.reports);
    },
  };
  trainingMonitorPanel({} as never, monitor as unknown as TrainingMonitorService, { posted: 0, drawn: 0 });
  content = (defined.last as Definition).content(frame as never);
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

it('a page that draws at once gets every state of its pace', () => {
  void content.show();
  for (let i = 0; i < 10; i++) {
    content.drawn?.();
    grow(0.2);
  }
  expect(posted.length).toBeGreaterThan(8);
});

it('a slow page is sent the newest state when it has drawn the one before, and none in between', () => {
  void content.show();
  grow(1.5);
  expect(posted).toEqual([1]);
  content.drawn?.();
  vi.advanceTimersByTime(130);
  expect(posted).toEqual([1, 16]);
});

it('a page that never says so is not waited for for ever, and a new page is not waited for at all', () => {
  void content.show();
  grow(2.5);
  expect(posted).toHaveLength(2);
  content.forget?.();
  void content.show();
  expect(posted).toHaveLength(3);
});
