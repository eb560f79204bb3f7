/** @file What a notification says is shown and never obeyed: VS Code reads links to commands in it. */
import { beforeEach, expect, test, vi } from 'vitest';

const window = vi.hoisted(() => ({
  showInformationMessage: vi.fn<(text: string, ...buttons: string[]) => Promise<string | undefined>>(),
  showWarningMessage: vi.fn<(text: string, ...buttons: string[]) => Promise<string | undefined>>(),
  showErrorMessage: vi.fn<(text: string, ...buttons: string[]) => Promise<string | undefined>>(),
}));
vi.mock('vscode', () => ({ window }));

const { showError, showInformation, showWarning, withoutLinks } = await import('../../../extension/notifications');

/** What VS Code takes for a link in a notification, in the message of a progress and below an input box. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

beforeEach(() => {
  for (const show of Object.values(window)) show.mockReset().mockResolvedValue(undefined);
});

test.each([
  '[Repair](command:workbench.action.terminal.new)',
  'key "[x](command:evil "title")" is unknown',
  '[[a](command:b)](file:///c)',
  '[a](https://example.com/)[b](COMMAND:c)',
])('%s is no link', (text) => {
  expect(text).toMatch(LINK);
  expect(withoutLinks(text)).not.toMatch(LINK);
  expect(withoutLinks(text).replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
});

test.each([
  [showInformation, window.showInformationMessage],
  [showWarning, window.showWarningMessage],
  [showError, window.showErrorMessage],
])('notifications of each kind are without links, and have their buttons', async (show, shown) => {
  shown.mockResolvedValueOnce('Load');
  expect(await show('a/[b](command:c).txt is missing.', 'Load', 'Log')).toBe('Load');
  expect(shown.mock.calls).toEqual([['a/[b] (command:c).txt is missing.', 'Load', 'Log']]);
});
