/** @file Which panel Export Panel… means, and in which order it offers several. */
import { expect, test, vi } from 'vitest';
import type { ExportablePanel } from '../../../../../extension/panels/frame/exportablePanels';
import { ExportablePanels } from '../../../../../extension/panels/frame/exportablePanels';

vi.mock('vscode', () => ({
  commands: { executeCommand: () => Promise.resolve() },
  Disposable: class {
    constructor(readonly dispose: () => void) {}
  },
}));

/** @param active undefined for a view, which VS Code does not say it of */
function panelOf(page: 'heatmap' | 'votes', focusedAt: number, active?: boolean, visible = true): ExportablePanel {
  return {
    page,
    title: page,
    channel: { ready: true, focusedAt, export: () => Promise.reject(new Error('not asked for')) },
    panel: { visible, ...(active === undefined ? {} : { active }) } as unknown as ExportablePanel['panel'],
  };
}

function opened(...panels: readonly ExportablePanel[]): ExportablePanels {
  const exports = new ExportablePanels();
  for (const panel of panels) exports.add(panel);
  return exports;
}

test('it is the active editor where no page had the focus after it', () => {
  expect(opened(panelOf('votes', -Infinity), panelOf('heatmap', -Infinity, true)).active?.page).toBe('heatmap');
  expect(opened(panelOf('votes', 1), panelOf('heatmap', 2, true)).active?.page).toBe('heatmap');
  expect(opened(panelOf('votes', 3, undefined, false), panelOf('heatmap', 2, true)).active?.page).toBe('heatmap');
});

test('where a view had the focus after the active editor, none is meant, and the view is offered first', () => {
  const exports = opened(panelOf('heatmap', 1, true), panelOf('votes', 2));
  expect(exports.active).toBeUndefined();
  expect(exports.shown.map(({ page }) => page)).toEqual(['votes', 'heatmap']);
});

test('none is meant while a text has the focus', () => {
  expect(opened(panelOf('votes', 1), panelOf('heatmap', 2, false)).active).toBeUndefined();
});
