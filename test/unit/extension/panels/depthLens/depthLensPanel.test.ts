/** @file What the Depth Lens tells its page while readouts are fitted: how far that is, in tenths, once per model. */
import { expect, it, vi } from 'vitest';
import { depthLensPanel } from '../../../../../extension/panels/depthLens/depthLensPanel';
import type { PanelDefinition } from '../../../../../extension/panels/frame/panelFrame';
import type { AskOptions } from '../../../../../extension/modelProcess/ask';
import type { AnalysisProgress } from '../../../../../model/protocol/voterAnalyses';

type Definition = PanelDefinition<'depthLens'>;

const defined = vi.hoisted((): { last: unknown } => ({ last: null }));
vi.mock('vscode', () => ({ Uri: { joinPath: () => ({ fsPath: '/sample' }) } }));
vi.mock('../../../../../extension/editor/documentName', () => ({ documentName: () => 'a.ts' }));
vi.mock('../../../../../extension/panels/frame/provenance', () => ({ provenance: () => null }));
vi.mock('../../../../../extension/panels/frame/currentPlaceholder', () => ({ currentPlaceholder: () => null }));
vi.mock('../../../../../extension/panels/frame/definePanel', () => ({
  definePanel: (_services: unknown, definition: Definition) => {
    defined.last = definition;
  },
}));

const WINDOWS = 40;

it('says how far the fit is, in tenths, and nothing of it at the next chunk', async () => {
  const posted: { readonly kind: string; readonly message?: string }[] = [];
  const frame = {
    keep: () => undefined,
    takeMoveTime: () => null,
    post: (state: (typeof posted)[number]) => posted.push(state),
  };
  const selection = { document: { uri: 'file:///a.ts', version: 1 }, selection: { offset: 8 } };
  depthLensPanel({
    extensionUri: null,
    models: { state: { kind: 'ready', model: { name: 'starter', folder: '/starter', checkpoint: '3f9c' } } },
    selection,
    voters: { onDidChange: () => null, changes: [], revision: 0 },
    client: {
      askAbout: (_: unknown, __: unknown, ___: unknown, { onProgress }: AskOptions<AnalysisProgress>) => {
        for (let done = 1; done <= WINDOWS; done++) onProgress?.({ phase: 'votes', done, total: WINDOWS });
        return Promise.resolve({ isWhole: true });
      },
    },
  } as never);
  const content = (defined.last as Definition).content(frame as never);
  await content.show();
  const messages = posted.flatMap(({ message }) => message ?? []);
  expect(messages.map((message) => /once per model and session: (\d+) %$/.exec(message)?.[1])).toEqual(
    Array.from({ length: 11 }, (_, tenth) => String(10 * tenth)),
  );
  expect(posted.at(-1)!.kind).toBe('ready');
  selection.selection = { offset: 12 };
  await content.show();
  expect(posted.slice(12).map(({ kind }) => kind)).toEqual(['ready']);
});
