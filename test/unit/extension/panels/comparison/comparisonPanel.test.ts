/** @file The comparison at a page that draws slowly: the result, which comes in one state only, arrives. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { comparisonPanel } from '../../../../../extension/panels/comparison/comparisonPanel';
import type { PanelDefinition } from '../../../../../extension/panels/frame/panelFrame';
import type { ComparisonReady } from '../../../../../model/protocol/panels/comparison';
import { selected, SlowPage } from '../frame/slowPage';

type Definition = PanelDefinition<'comparison'>;

const defined = vi.hoisted((): { last: unknown } => ({ last: null }));
vi.mock('vscode', () => ({ workspace: { onDidChangeTextDocument: () => null } }));
vi.mock('../../../../../extension/editor/documentName', () => ({ documentName: () => 'a.ts' }));
vi.mock('../../../../../extension/panels/frame/provenance', () => ({ provenance: () => null }));
vi.mock('../../../../../extension/panels/frame/currentPlaceholder', () => ({ placeholderFor: () => null }));
vi.mock('../../../../../extension/panels/comparison/comparisonData', () => ({
  changesFor: () => [],
  comparisonNotes: () => [],
  continuationTexts: () => null,
  resultOf: () => ({ result: true }),
  summaryOf: () => ({}),
}));
vi.mock('../../../../../extension/panels/frame/definePanel', () => ({
  definePanel: (_services: unknown, definition: Definition) => {
    defined.last = definition;
  },
}));

const onDidChange = () => null;
const document = { uri: 'file:///a.ts', version: 1 };
const selection = { document, selection: selected(0) };
let page: SlowPage<'comparison'>;

beforeEach(() => {
  vi.useFakeTimers();
  page = new SlowPage();
  const services = {
    models: {
      onDidChange,
      state: { kind: 'ready', model: { name: 'starter', folder: '/starter', checkpoint: '3f9c' } },
    },
    selection,
    texts: { get: () => ({ bytes: new Uint8Array(400) }) },
    timings: { measure: (_: unknown, work: () => Promise<unknown>) => work() },
    voters: { onDidChange, changes: [] },
    documentMemory: { onDidChange, chosen: null },
    client: {
      askAbout: async (_: unknown, question: string, of: (a: object, b: object) => object) => {
        // The first state is on its way by then.
        if (question === 'comparison/texts') await new Promise((resolve) => setTimeout(resolve, 300));
        return of({}, {});
      },
    },
  };
  const voters = { name: '', changes: [] };
  const subject = { texts: null, folder: null, voters: { a: voters, b: voters } };
  comparisonPanel(services as never, { onDidChange, subject, summary: null } as never);
  page.content = (defined.last as Definition).content(page.frame);
  page.ready();
});
afterEach(() => {
  page.content?.dispose();
  page.channel.dispose();
  vi.useRealTimers();
});

it('the result is sent, however far the caret has moved on before the page could draw it', async () => {
  await vi.advanceTimersByTimeAsync(500);
  expect(page.queue).toMatchObject([{ state: { result: null } }]);
  for (let at = 1; at <= 10; at++) {
    selection.selection = page.selection = selected(4 * at);
    await page.content?.show();
    await vi.advanceTimersByTimeAsync(30);
  }
  expect(page.queue).toHaveLength(1);
  page.drawAll();
  const states = page.states as ComparisonReady[];
  expect(states.length).toBeLessThanOrEqual(4);
  expect(states.filter(({ result }) => result !== null)).toHaveLength(1);
  expect(states.at(-1)?.chunk?.offset).toBe(40);
  // A new page has it again.
  page.channel.hidden();
  page.ready();
  await vi.advanceTimersByTimeAsync(500);
  expect((page.states.at(-1) as ComparisonReady).result).not.toBeNull();
});
