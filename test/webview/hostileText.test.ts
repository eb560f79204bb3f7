/** @file Whatever names, notes and texts a model or a file brings, every panel and its exports show them as text and never as elements. */
import { describe, expect, it } from 'vitest';
import { about, exportText } from './exportPage';
import type { Panel } from './panelStates';
import { PANELS } from './panelStates';
import { settled } from './shown';
import { useView } from './useView';

/** Keys of what is written by others than this program. */
const FREE_TEXT = [
  ...['name', 'note', 'label', 'text', 'document', 'model', 'folder', 'measuredOn', 'sample', 'message'],
  ...['arm', 'because', 'primary', 'processor', 'question', 'reason', 'rowTitle', 'sha256', 'unit'],
];
const HOSTILE = '<img src=x onerror=hostile()><a href=javascript:hostile()>';

describe.each(PANELS)('$title', ({ view: name, title, size, states }: Panel) => {
  const { open } = useView(name, size);

  it('shows hostile text as text', async () => {
    const view = await open();
    await view.page.evaluate(
      ({ keys, hostile }) => {
        const spoil = (value: unknown): void => {
          if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
          for (const [key, inner] of Object.entries(value) as [string, unknown][]) {
            if (typeof inner === 'string' && keys.includes(key)) {
              (value as Record<string, unknown>)[key] = `${hostile}${inner}`;
            } else spoil(inner);
          }
        };
        // Before it is sent: a panel may have copied what came by the time that others hear of it.
        const post = window.postMessage.bind(window);
        window.postMessage = (message: unknown): void => {
          spoil(message);
          post(message, '*');
        };
      },
      { keys: FREE_TEXT, hostile: HOSTILE },
    );
    await states.main.show(view);
    await settled(view.page);
    expect(await view.page.locator('body').innerText()).toContain('onerror');
    expect(await view.page.locator(':is(img, [onerror], [href^="javascript"])').count()).toBe(0);
    const svg = await exportText(view, 'svg', about(name, title));
    expect(svg).not.toContain('<img');
  });
});
