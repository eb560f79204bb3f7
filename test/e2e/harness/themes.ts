/** @file Light, dark and high contrast in VS Code, and what axe-core finds in a webview. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { FrameLocator } from 'playwright-core';
import { expect } from 'vitest';
import type { VsCodeServer } from './server';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** By the name in the pictures: VS Code's theme, and the kind that it tells to webviews. */
export const THEMES = {
  light: { name: 'Light Modern', kind: 'vscode-light' },
  dark: { name: 'Dark Modern', kind: 'vscode-dark' },
  hc: { name: 'Default High Contrast', kind: 'vscode-high-contrast' },
} as const;

export type ThemeKey = keyof typeof THEMES;
export const THEME_KEYS = Object.keys(THEMES) as readonly ThemeKey[];

/** Changes VS Code's theme, and waits until the webviews have been told. */
export async function useTheme(server: VsCodeServer, key: ThemeKey, webviews: readonly FrameLocator[]): Promise<void> {
  const { name, kind } = THEMES[key];
  await server.evaluate(async (code, theme) => {
    await code.workspace.getConfiguration('workbench').update('colorTheme', theme, code.ConfigurationTarget.Global);
  }, name);
  for (const webview of webviews) {
    await webview.locator(`body[data-vscode-theme-kind="${kind}"]`).waitFor({ state: 'attached' });
  }
}

/** What axe-core calls serious or critical in a webview: one line a finding. */
export async function seriousFindings(webview: FrameLocator): Promise<readonly string[]> {
  const body = webview.locator('body');
  // Evaluated by the browser's debugger, so that the page's content security policy stays as it is.
  await body.evaluate(AXE);
  const results = await body.evaluate(async (node) => {
    // The workbench shows through a webview, which axe-core takes for white: it is told the colour that lies behind.
    document.documentElement.style.backgroundColor = getComputedStyle(node).getPropertyValue('--surface');
    const { axe } = globalThis as unknown as { axe: { run: () => Promise<AxeResults> } };
    const found = await axe.run();
    document.documentElement.style.backgroundColor = '';
    return found;
  });
  expect(results.passes.length).toBeGreaterThan(0);
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, impact, nodes }) =>
        `${impact ?? ''} ${id}: ${nodes.map(({ html, any }) => `${html} (${any[0]?.message ?? ''})`).join('; ')}`,
    );
}
