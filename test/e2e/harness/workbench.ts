/** @file A page object over VS Code's workbench: what a user does with keyboard and mouse, and what the page then shows. */
import path from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { errors } from 'playwright-core';
import { expect } from 'vitest';
import type { VsCodeServer } from './server';

/** The extension as the webviews' addresses name it. */
const EXTENSION_ID = 'smuggler.smuggler-inspector';

/** Hosts that VS Code itself names: its webviews' origin (answered by a service worker here) and its marketplace (cut off). */
const OWN_HOSTS = /(^|\.)vscode-cdn\.net$|^open-vsx\.org$/;

export const STARTUP_MS = 60_000;
export const APPEAR_MS = 30_000;

/**
 * Does something with the palette or a quick pick as a user would: once more where it went away. A dialog or panel that gives the focus
 * back late takes along what was opened in between; what is gone then does not come back by waiting.
 */
async function persist(attempt: (timeout: number) => Promise<void>): Promise<void> {
  for (const timeout of [5_000, 10_000, 20_000]) {
    try {
      await attempt(timeout);
      return;
    } catch (error) {
      if (!(error instanceof errors.TimeoutError)) throw error;
    }
  }
  await attempt(STARTUP_MS);
}

export interface OpenOptions {
  /** A workspace file to open in the editor. */
  readonly file?: string;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export class Workbench {
  /** Requests that left for another machine. */
  readonly external: string[] = [];
  readonly consoleErrors: string[] = [];

  private constructor(
    readonly page: Page,
    readonly server: VsCodeServer,
  ) {}

  static async open(browser: Browser, server: VsCodeServer, options: OpenOptions = {}): Promise<Workbench> {
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1400, height: 900 },
      locale: 'en-US',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    const workbench = new Workbench(page, server);
    // Fails at once instead of after a time-out.
    await context.route(
      (url) => url.hostname === 'open-vsx.org',
      (route) => route.abort(),
    );
    page.on('request', (request) => {
      const url = new URL(request.url());
      if (/^(https?|wss?):$/.test(url.protocol) && url.hostname !== '127.0.0.1' && !OWN_HOSTS.test(url.hostname)) {
        workbench.external.push(url.href);
      }
    });
    page.on('console', (message) => {
      if (message.type() === 'error') workbench.consoleErrors.push(message.text().slice(0, 500));
    });
    const query = new URLSearchParams({ folder: server.workspace });
    if (options.file !== undefined) {
      const file = `vscode-remote://${server.host}${path.join(server.workspace, options.file)}`;
      query.set('payload', JSON.stringify([['openFile', file]]));
    }
    await page.goto(`${server.url}/?${query.toString()}`);
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: STARTUP_MS });
    if (options.file !== undefined) {
      await workbench.editor(options.file).locator('.view-lines').waitFor({ timeout: APPEAR_MS });
    }
    return workbench;
  }

  /** The status bar item whose text begins with SMUGGLER. */
  get status(): Locator {
    return this.page.locator('.statusbar-item', { hasText: 'SMUGGLER' }).first();
  }

  /** Waits until the status bar says this. */
  async waitForStatus(text: string | RegExp, timeout = STARTUP_MS): Promise<void> {
    await this.page
      .locator('.statusbar-item', { hasText: 'SMUGGLER' })
      .filter({ hasText: text })
      .first()
      .waitFor({ timeout });
  }

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** Runs a command through the palette, by its title without category. */
  async runCommand(title: string, category = 'SMUGGLER'): Promise<void> {
    // The palette lists what is there when it opens: the extension's commands come with its status bar item.
    await this.status.waitFor({ timeout: STARTUP_MS });
    const name = `${category}: ${title}`;
    await persist(async (timeout) => {
      await this.page.keyboard.press('F1');
      await this.quickInput.locator('input.input').fill(`>${name}`, { timeout });
      await this.#row(name).click({ timeout });
    });
  }

  #row(text: string | RegExp): Locator {
    return this.quickInput.locator('.monaco-list-row', { hasText: text }).first();
  }

  /** Chooses the entry of an open quick pick that shows this text. */
  async pick(text: string | RegExp): Promise<void> {
    await this.#row(text).click({ timeout: APPEAR_MS });
  }

  /** Runs a command that asks with quick picks, one after the other, and chooses the entries that show these texts. */
  async runAndPick(command: string, ...texts: readonly (string | RegExp)[]): Promise<void> {
    await persist(async (timeout) => {
      await this.runCommand(command);
      for (const text of texts) await this.#row(text).click({ timeout });
    });
  }

  /** Answers an open input box. */
  async answer(text: string): Promise<void> {
    const input = this.quickInput.locator('input.input');
    await input.waitFor();
    await this.quickInput.locator('.monaco-list-row').first().waitFor({ state: 'hidden' });
    await input.fill(text);
    await input.press('Enter');
  }

  /**
   * Answers VS Code's own dialog for a file.
   * @param offered what it holds once it has opened
   * @param file a file of the folder that it shows; left out, what is offered is taken
   */
  async chooseFile(offered: string, file?: string): Promise<void> {
    const input = this.quickInput.locator('input.input');
    await expect.poll(() => input.inputValue()).toBe(offered);
    await this.quickInput.locator('.monaco-list-row').first().waitFor();
    if (file !== undefined) await input.fill(file);
    await input.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  editor(file: string): Locator {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri$="/${file}"]`).first();
  }

  /** Puts the keyboard focus into the first editor group. */
  async focusEditor(file: string): Promise<void> {
    await this.page.keyboard.press('Control+1');
    // Keys that are pressed before that go to whatever had the focus.
    await this.page.locator(`.editor-instance .monaco-editor.focused[data-uri$="/${file}"]`).first().waitFor();
  }

  /** Moves the caret; line and column count from 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.page.keyboard.press('Control+g');
    const input = this.quickInput.locator('input.input');
    await input.waitFor();
    await input.fill(`:${line}:${column}`);
    await input.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Shows the hover at the caret and returns the part of it that holds this text. */
  async hover(text: string | RegExp): Promise<Locator> {
    await this.page.keyboard.press('Control+k');
    await this.page.keyboard.press('Control+i');
    const hover = this.page.locator('.monaco-hover:not(.hidden) .hover-row', { hasText: text }).first();
    await hover.waitFor({ timeout: APPEAR_MS });
    // It fades in, which pictures would show.
    await hover.evaluate(async (row) => {
      const animations = row.closest('.monaco-hover')?.getAnimations() ?? [];
      await Promise.all(animations.map(({ finished }) => finished));
    });
    return hover;
  }

  get ghostText(): Locator {
    return this.page.locator('.ghost-text, .ghost-text-decoration').first();
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s');
    await this.page.locator('.tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** The document inside a webview: the Voter votes view. */
  get votes(): FrameLocator {
    return this.webview('[src*="purpose=webviewView"]');
  }

  /** The document inside a webview: the Sparsity heatmap panel. */
  get heatmap(): FrameLocator {
    return this.webview(':not([src*="purpose=webviewView"])');
  }

  /** The document inside a webview: the Training Monitor's panel. */
  get monitor(): FrameLocator {
    return this.webview(':not([src*="purpose=webviewView"])');
  }

  private webview(purpose: string): FrameLocator {
    return this.page
      .frameLocator(`iframe.webview.ready[src*="extensionId=${EXTENSION_ID}"]${purpose}`)
      .frameLocator('#active-frame');
  }

  /** Notifications that are on the screen. */
  get notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item');
  }

  /** Loads the window again by VS Code's own command, which first writes down what is open; a browser's button may not. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Reload Window', 'Developer');
    await loaded;
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: STARTUP_MS });
    await this.status.waitFor({ timeout: STARTUP_MS });
  }

  async clearNotifications(): Promise<void> {
    await this.runCommand('Clear All Notifications', 'Notifications');
    await this.notifications.first().waitFor({ state: 'hidden' });
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Waits until a webview's body says this state (and this byte offset of the selected chunk). */
export async function waitForState(webview: FrameLocator, state: string, offset?: number): Promise<void> {
  const selected = offset === undefined ? '' : `[data-offset="${offset}"]`;
  try {
    await webview.locator(`body[data-state="${state}"]${selected}`).waitFor({ timeout: APPEAR_MS, state: 'attached' });
  } catch (error) {
    const body = webview.locator('body');
    const found = await body
      .evaluate((node) => `${JSON.stringify(node.dataset)}: ${node.textContent.slice(0, 300)}`, undefined, {
        timeout: 1000,
      })
      .catch(() => 'no webview');
    throw new Error(`Expected the state ${state}${selected}, found ${found}.`, { cause: error });
  }
}
