/** @file What the Training Monitor sends to its page: the newest state, and no more than the page draws. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Channel } from '../../../../../extension/panels/frame/channel';
import type { PanelContent, PanelDefinition } from '../../../../../extension/panels/frame/panelFrame';
import { trainingMonitorPanel } from '../../../../../extension/panels/trainingMonitor/trainingMonitorPanel';
import type { MonitorState } from '../../../../../model/protocol/panels/trainingMonitor';
import type { MonitorCounts } from '../../../../../extension/panels/trainingMonitor/trainingMonitorPanel';
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
let say: (message: unknown) => void;
/** Reports in the log. */
let reports = 0;
/** Reports that the page was told of, state by state. */
let posted: number[];
/** The version of the last of them. */
let newest: number;
let counts: MonitorCounts;

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
  const webview = {
    postMessage: ({
      version,
      state,
    }: {
      version: number;
      state: { runs: readonly { curves: { reports: number } }[] };
    }) => {
      posted.push(state.runs[0]!.curves.reports);
      newest = version;
    },
    onDidReceiveMessage: (listener: typeof say) => {
      say = listener;
      return { dispose: () => undefined };
    },
  };
  const channel = new Channel<'trainingMonitor'>(webview as never, {
    onReady: () => void content.show(),
    onDrawn: () => content.drawn?.(),
  });
  const frame = {
    get ready() {
      return channel.ready;
    },
    keep: () => undefined,
    post: (state: MonitorState, movedAt: number) => {
      channel.postState(state, null, movedAt);
    },
  };
  counts = { drawn: 0 };
  trainingMonitorPanel({} as never, monitor as unknown as TrainingMonitorService, counts);
  content = (defined.last as Definition).content(frame as never);
  say({ type: 'ready' });
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

/** The page has drawn what it was sent. */
function draw(): void {
  say({ type: 'drawn', version: newest });
}

it('a page that draws at once gets every state of its pace', () => {
  for (let i = 0; i < 10; i++) {
    draw();
    grow(0.2);
  }
  expect(posted.length).toBeGreaterThan(8);
  expect(counts.drawn).toBe(10);
});

it('a slow page is sent the newest state when it has drawn the one before, and none in between', () => {
  grow(1.5);
  expect(posted).toEqual([1]);
  draw();
  vi.advanceTimersByTime(130);
  expect(posted[1]).toBeGreaterThanOrEqual(15);
  draw();
  expect(posted.at(-1)).toBe(16);
});

it('a page that never says so is not waited for for ever, and a new page is not waited for at all', () => {
  grow(5.5);
  expect(posted).toHaveLength(2);
  say({ type: 'ready' });
  expect(posted).toHaveLength(3);
});
