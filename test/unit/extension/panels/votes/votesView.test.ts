/** @file Voter Votes at a page that is slower than the caret: it jumps to the newest place. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PanelDefinition } from '../../../../../extension/panels/frame/panelFrame';
import { votesView } from '../../../../../extension/panels/votes/votesView';
import { selected, SlowPage } from '../frame/slowPage';

type Definition = PanelDefinition<'votes'>;

const defined = vi.hoisted((): { last: unknown } => ({ last: null }));
vi.mock('vscode', () => ({}));
vi.mock('../../../../../extension/editor/documentName', () => ({ documentName: () => 'a.ts' }));
vi.mock('../../../../../extension/panels/frame/currentPlaceholder', () => ({ currentPlaceholder: () => null }));
vi.mock('../../../../../extension/panels/votes/pinChunk', () => ({
  votesOf: (at: object) => ({ ...at, kind: 'ready' }),
}));
vi.mock('../../../../../extension/panels/votes/chunkLesions', () => ({
  ChunkLesions: class {
    leave = () => undefined;
    of = () => null;
    dispose = () => undefined;
  },
}));
vi.mock('../../../../../extension/panels/votes/chunkMemory', () => ({
  ChunkMemory: class {
    of = () => null;
    dispose = () => undefined;
  },
}));
vi.mock('../../../../../extension/panels/frame/definePanel', () => ({
  defineView: (_services: unknown, definition: Definition) => {
    defined.last = definition;
  },
}));

const onDidChange = () => null;
const selection = { document: { uri: 'file:///a.ts', version: 1 }, selection: selected(0) };
let page: SlowPage<'votes'>;

beforeEach(() => {
  vi.useFakeTimers();
  page = new SlowPage();
  const services = {
    models: { state: { kind: 'ready', model: { name: 'starter', folder: '/starter', checkpoint: '3f9c' } } },
    selection,
    voters: { onDidChange, changes: [] },
    documentMemory: { onDidChange },
    naming: { onDidChange, names: [] },
    causes: { onDidChange, of: () => null },
    client: { askAbout: (_: unknown, __: unknown, of: (ref: object) => object) => Promise.resolve(of({})) },
  };
  votesView(services as never, { onDidChange, chunk: null } as never);
  page.content = (defined.last as Definition).content(page.frame);
  page.selection = selected(0);
  page.ready();
});
afterEach(() => {
  page.content?.dispose();
  page.channel.dispose();
  vi.useRealTimers();
});

it('while Right is held, and after, the page draws the newest place and none that is long gone', async () => {
  for (let at = 1; at <= 60; at++) {
    selection.selection = page.selection = selected(4 * at);
    page.movedAt = performance.now();
    await page.content?.show();
    await vi.advanceTimersByTimeAsync(30);
    expect(page.queue).toHaveLength(1);
    if (at % 20 === 0) page.draw();
  }
  await vi.advanceTimersByTimeAsync(100);
  // It stands at the newest place one drawing after the last key.
  page.draw();
  expect(page.shown.map(({ selection: shown }) => shown?.offset)).toEqual([0, 80, 160, 240]);
  // The last is what memory says of it.
  expect(page.states.map((state) => ('offset' in state ? state.offset : null))).toEqual([0, 80, 160, 240, 240]);
  expect(Math.max(...page.latencies)).toBeLessThan(700);
});
