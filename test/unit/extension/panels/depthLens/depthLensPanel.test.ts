/** @file What the Depth Lens tells its page while readouts are fitted, and which chunks around the selected one it asks about. */
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

interface Posted {
  readonly kind: string;
  readonly message?: string;
}

/** A lens on chunk 2 of a document, whose questions are answered at once. */
function lens() {
  const posted: Posted[] = [];
  const asked: unknown[] = [];
  const frame = {
    keep: () => undefined,
    takeMoveTime: () => null,
    post: (state: Posted) => posted.push(state),
  };
  const selection = { document: { uri: 'file:///a.ts', version: 1 }, selection: { offset: 8 } };
  depthLensPanel({
    extensionUri: null,
    models: { state: { kind: 'ready', model: { name: 'starter', folder: '/starter', checkpoint: '3f9c' } } },
    selection,
    voters: { onDidChange: () => null, changes: [], revision: 0 },
    client: {
      askAbout: (
        _: unknown,
        __: unknown,
        params: (ref: object) => unknown,
        { onProgress }: AskOptions<AnalysisProgress>,
      ) => {
        asked.push(params({}));
        for (let done = 1; done <= WINDOWS; done++) onProgress?.({ phase: 'votes', done, total: WINDOWS });
        return Promise.resolve({ isWhole: true });
      },
    },
  } as never);
  return { content: (defined.last as Definition).content(frame as never), selection, posted, asked };
}

it('says how far the fit is, in tenths, and nothing of it at the next chunk', async () => {
  const { content, selection, posted } = lens();
  await content.show();
  const messages = posted.flatMap(({ message }) => message ?? []);
  expect(messages.map((message) => /once each time it is loaded: (\d+) %$/.exec(message)?.[1])).toEqual(
    Array.from({ length: 11 }, (_, tenth) => String(10 * tenth)),
  );
  expect(posted.at(-1)!.kind).toBe('ready');
  selection.selection = { offset: 12 };
  await content.show();
  expect(posted.slice(12).map(({ kind }) => kind)).toEqual(['ready']);
});

it('asks about the same chunks while the selected one is among them', async () => {
  const { content, selection, asked } = lens();
  for (const chunk of [40, 45, 32, 49, 48]) {
    selection.selection = { offset: 4 * chunk + 1 };
    await content.show();
  }
  selection.document = { uri: 'file:///b.ts', version: 1 };
  await content.show();
  expect(asked).toMatchObject([
    { offset: 161, before: 8, after: 8 },
    { offset: 181, before: 13, after: 3 },
    { offset: 129, before: 0, after: 16 },
    { offset: 197, before: 8, after: 8 },
    { offset: 193, before: 7, after: 9 },
    { offset: 193, before: 8, after: 8 },
  ]);
});
