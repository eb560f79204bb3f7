/** @file A page that is slower than the caret gets the newest state, every part, and the newest selection; and is not waited for when it is gone. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Channel } from '../../../../../extension/panels/frame/channel';
import type { HostMessage } from '../../../../../model/protocol/panels/messages';
import type { Panels } from '../../../../../model/protocol/panels/panels';
import { selected, SlowPage } from './slowPage';

vi.mock('vscode', () => ({}));

type State = Panels['votes']['state'];

let page: SlowPage<'votes'>;
let channel: Channel<'votes'>;

beforeEach(() => {
  vi.useFakeTimers();
  page = new SlowPage();
  ({ channel } = page);
  page.ready();
});
afterEach(() => {
  channel.dispose();
  vi.useRealTimers();
});

const stateAt = (at: number) => ({ kind: 'ready', at }) as unknown as State;
const MESSAGE: State = { kind: 'loading', message: 'Loading…' };

/** What a message shows: the place of its state, or its kind, and the selected place. */
const told = (message: HostMessage<State>) => [
  message.type === 'selection'
    ? 'selection'
    : message.state.kind === 'ready'
      ? (message.state as unknown as { readonly at: number }).at
      : message.state.kind,
  message.selection?.offset ?? null,
];

/** The caret comes to a place, which is posted. */
function moveTo(at: number): void {
  channel.postState(stateAt(at), selected(at), performance.now());
}

test('of ten states a slow page is sent the first and the newest', () => {
  for (let at = 1; at <= 10; at++) {
    moveTo(at);
    vi.advanceTimersByTime(30);
  }
  expect(page.queue).toHaveLength(1);
  page.draw();
  expect(page.queue).toHaveLength(1);
  page.draw();
  expect(page.queue).toEqual([]);
  expect(page.shown.map(told)).toEqual([
    [1, 1],
    [10, 10],
  ]);
});

test('while the caret moves on there is never more than one state on its way, and the last is drawn', () => {
  for (let at = 1; at <= 60; at++) {
    moveTo(at);
    vi.advanceTimersByTime(30);
    expect(page.queue).toHaveLength(1);
    if (at % 10 === 0) page.draw();
  }
  page.draw();
  expect(page.queue).toEqual([]);
  expect(page.shown.map((message) => told(message)[0])).toEqual([1, 10, 20, 30, 40, 50, 60]);
});

test('a page that draws at once is sent every state', () => {
  for (let at = 1; at <= 10; at++) {
    moveTo(at);
    page.draw();
  }
  expect(page.shown).toHaveLength(10);
});

test('the latency is that of the caret’s move to the place that is drawn', () => {
  moveTo(1);
  vi.advanceTimersByTime(100);
  moveTo(2);
  vi.advanceTimersByTime(100);
  moveTo(3);
  vi.advanceTimersByTime(300);
  page.draw();
  vi.advanceTimersByTime(400);
  page.draw();
  expect(page.latencies).toEqual([500, 700]);
});

test('what is posted without a move takes no latency away, but a message in place of numbers shows no place', () => {
  moveTo(1);
  moveTo(2);
  channel.postState(stateAt(2), selected(2));
  channel.postSelection(selected(2));
  vi.advanceTimersByTime(200);
  page.draw();
  page.draw();
  expect(page.latencies).toEqual([200, 200]);
  moveTo(3);
  moveTo(4);
  channel.postState(MESSAGE, selected(4));
  channel.postSelection(selected(5), performance.now());
  page.draw();
  page.draw();
  expect(page.shown.map(told).slice(2)).toEqual([
    [3, 3],
    ['loading', 5],
  ]);
  expect(page.latencies).toHaveLength(3);
});

test('the newest selection goes with the state that waits, or after the one that is on its way', () => {
  moveTo(1);
  moveTo(2);
  channel.postSelection(selected(3));
  channel.postSelection(selected(4));
  page.draw();
  page.draw();
  moveTo(5);
  channel.postSelection(selected(6));
  channel.postSelection(selected(7), performance.now());
  vi.advanceTimersByTime(50);
  page.draw();
  page.draw();
  channel.postSelection(selected(8));
  moveTo(9);
  channel.postSelection(selected(8));
  page.draw();
  page.draw();
  expect(page.queue).toEqual([]);
  expect(page.shown.map(told)).toEqual([
    [1, 1],
    [2, 4],
    [5, 5],
    ['selection', 7],
    ['selection', 8],
    [9, 8],
  ]);
  expect(page.latencies.slice(2)).toEqual([50, 50, 0]);
});

test('parts are all sent, in order, and take the place of a whole state that waits', () => {
  const post = (at: number) => {
    channel.postState(stateAt(at), null);
  };
  const postPart = (at: number) => {
    channel.postPart(stateAt(at), null);
  };
  post(1);
  post(2);
  postPart(3);
  postPart(4);
  post(5);
  channel.postState(stateAt(6), selected(6));
  for (let i = 0; i < 4; i++) {
    expect(page.queue).toHaveLength(1);
    page.draw();
  }
  expect(page.queue).toEqual([]);
  expect(page.shown.map(told)).toEqual([
    [1, null],
    [3, 6],
    [4, 6],
    [6, 6],
  ]);
});

test('messages in place of numbers are drawn like states, and what follows replaces those that wait', () => {
  moveTo(1);
  channel.postState(MESSAGE, null);
  channel.postState({ kind: 'error', message: 'It failed.', action: null }, null);
  page.draw();
  page.draw();
  channel.postState(MESSAGE, null);
  page.draw();
  moveTo(2);
  page.draw();
  expect(page.shown.map((message) => told(message)[0])).toEqual([1, 'error', 'loading', 2]);
});

test('a page that is hidden is not waited for: the next one is sent what is posted then', () => {
  moveTo(1);
  moveTo(2);
  channel.hidden();
  moveTo(3);
  expect(page.queue).toHaveLength(1);
  page.ready();
  moveTo(4);
  expect(page.queue.map(told)).toEqual([
    [1, 1],
    [4, 4],
  ]);
  // What the page of before says last is not about this one.
  page.draw();
  moveTo(5);
  expect(page.queue).toHaveLength(1);
  expect(page.latencies).toEqual([]);
  page.draw();
  expect(page.queue.map(told)).toEqual([[5, 5]]);
});

test('a page that is loaded again without having been hidden is not waited for either', () => {
  moveTo(1);
  moveTo(2);
  page.ready();
  moveTo(3);
  expect(page.queue.map(told)).toEqual([
    [1, 1],
    [3, 3],
  ]);
});

test('a page that does not answer is sent the newest state after a while, and one that is slow but there is waited for', () => {
  moveTo(1);
  moveTo(2);
  vi.advanceTimersByTime(4900);
  expect(page.queue).toHaveLength(1);
  vi.advanceTimersByTime(200);
  expect(page.queue.map(told)).toEqual([
    [1, 1],
    [2, 2],
  ]);
  moveTo(3);
  vi.advanceTimersByTime(4000);
  // It is there, and draws the other one now.
  page.draw();
  vi.advanceTimersByTime(4000);
  expect(page.queue).toHaveLength(1);
  page.draw();
  expect(page.queue.map(told)).toEqual([[3, 3]]);
  expect(page.latencies).toEqual([9100, 13100]);
});

test('a page is exported with the newest that was posted', () => {
  moveTo(1);
  channel.postPart(stateAt(2), null);
  moveTo(3);
  void channel.export('svg', { panel: 'votes', title: 'Voter Votes' } as never);
  expect(page.queue.map(({ type }) => type)).toEqual(['state', 'state', 'state', 'export']);
  expect(told(page.queue[2]!)).toEqual([3, 3]);
});

test('once it is closed nothing more is sent', () => {
  moveTo(1);
  moveTo(2);
  channel.dispose();
  vi.advanceTimersByTime(10_000);
  expect(page.queue).toHaveLength(1);
});
