/** @file The Sparsity Heatmap at a page that draws slowly: what was measured arrives, whatever else is posted meanwhile. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PanelDefinition } from '../../../../../extension/panels/frame/panelFrame';
import { heatmapPanel } from '../../../../../extension/panels/heatmap/heatmapPanel';
import type { HeatmapReady } from '../../../../../model/protocol/panels/heatmap';
import { selected, SlowPage } from '../frame/slowPage';

type Definition = PanelDefinition<'heatmap'>;

const defined = vi.hoisted((): { last: unknown } => ({ last: null }));
vi.mock('vscode', () => ({ window: { onDidChangeTextEditorVisibleRanges: () => null } }));
vi.mock('../../../../../extension/editor/documentName', () => ({ documentName: () => 'a.ts' }));
vi.mock('../../../../../extension/panels/frame/provenance', () => ({ provenance: () => null }));
vi.mock('../../../../../extension/panels/frame/currentPlaceholder', () => ({ currentPlaceholder: () => null }));
vi.mock('../../../../../extension/panels/frame/definePanel', () => ({
  definePanel: (_services: unknown, definition: Definition) => {
    defined.last = definition;
  },
}));

const onDidChange = () => null;
let page: SlowPage<'heatmap'>;

beforeEach(() => {
  page = new SlowPage();
  heatmapPanel({
    models: { state: { kind: 'ready', model: { name: 'starter', folder: '/starter', checkpoint: '3f9c' } } },
    selection: { document: { uri: 'file:///a.ts', version: 1 }, editor: null },
    texts: { get: () => ({ bytes: new Uint8Array(400) }) },
    voters: { onDidChange, changes: [], memory: [], revision: 0 },
    documentMemory: { onDidChange, of: () => null, chosen: null },
    client: { askAbout: (_: unknown, question: string) => Promise.resolve({ question }) },
  } as never);
  page.content = (defined.last as Definition).content(page.frame);
  page.ready();
});
afterEach(() => {
  page.channel.dispose();
});

const last = () => page.states.at(-1) as HeatmapReady;
const ask = (generation: number, voters: 'vote' | null) => {
  page.content?.answer?.({ kind: 'viewport', generation, firstChunk: 0, count: 10, voters, memory: false });
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

it('tiles of bits and of voters that were measured while the page draws are sent when it has, with the newest selection', async () => {
  const { generation } = last();
  ask(generation, null);
  ask(generation, 'vote');
  await settled();
  for (let at = 1; at <= 10; at++) {
    void page.content?.show();
    page.selection = selected(4 * at);
    page.content?.showSelection?.();
  }
  expect(page.queue).toHaveLength(1);
  page.drawAll();
  const measured = page.states.map((state) => (state as HeatmapReady).tile ?? (state as HeatmapReady).voters);
  expect(measured).toEqual([null, { question: 'inspect/range' }, { question: 'inspect/voters' }, null]);
  expect(page.shown.at(-1)?.selection).toEqual(selected(40));
});

it('after a failure, which may never be seen, the page asks for everything anew', () => {
  const { generation } = last();
  page.draw();
  page.content?.forget?.();
  void page.content?.show();
  expect(last().generation).toBeGreaterThan(generation);
});
