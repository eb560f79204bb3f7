/** @file Renders a webview's bundle in Chromium as VS Code would: strict CSP, the theme's variables, a stand-in host. No network, no port. */
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { exportedPanelElement } from '../../model/report/standAlonePage';
import type { PageName } from '../../model/protocol/panels/panels';
import type { ThemeName } from './themes';
import { THEMES } from './themes';

const ROOT = path.resolve(import.meta.dirname, '../..');
const OUTPUT = path.join(ROOT, 'test/output');
/** Where the axe rules are read from. */
const AXE = path.join(ROOT, 'node_modules/axe-core/axe.min.js');
const ADDRESS = 'https://webview.invalid/';

export interface OpenOptions {
  readonly theme: ThemeName;
  readonly width: number;
  readonly height: number;
  readonly scale?: number;
  /** What the webview saved before it was reloaded. */
  readonly saved?: unknown;
  /** An exported panel as JSON, which the page shows in place of what a host sends. */
  readonly exported?: string;
}

export interface OpenView {
  readonly page: Page;
  /** Errors of the page: exceptions, console errors, requests that left the page, CSP violations. */
  errors(): Promise<string[]>;
  /** Sets body class and variables as VS Code does when the user changes the theme. */
  setTheme(theme: ThemeName): Promise<void>;
  /** Picture into test/output. */
  screenshot(name: string): Promise<void>;
  /** Serious and critical findings of axe. */
  audit(): Promise<string[]>;
  close(): Promise<void>;
}

/** What VS Code puts into every webview before the webview's own styles. */
const DEFAULT_STYLES = `
  html { scrollbar-color: auto; }
  body { overscroll-behavior-x: none; background-color: transparent; color: var(--vscode-editor-foreground);
    font-family: var(--vscode-font-family); font-weight: normal; font-size: var(--vscode-font-size); margin: 0; padding: 0 20px; }
  a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; outline-offset: -1px; }`;

function documentOf(view: PageName, { saved = null, exported }: Pick<OpenOptions, 'saved' | 'exported'>): string {
  const policy = "default-src 'none'; style-src https://webview.invalid; script-src 'nonce-test'; img-src data:";
  const restored = JSON.stringify(saved).replaceAll('<', '\\u003c');
  const block = exported === undefined ? '' : exportedPanelElement(exported, '/tmp/panel.json');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<script nonce="test">window.restoredState = ${restored};</script><script nonce="test" src="fake.js"></script>
<link rel="stylesheet" href="default.css"><link rel="stylesheet" href="${view}.css"><title>${view}</title></head>
<body data-state="loading" data-offset="">${block}<script nonce="test" src="${view}.js"></script></body></html>`;
}

/** A page that is used by one test after another: to open a new one takes longer than most tests. */
interface ReusedPage {
  readonly page: Page;
  readonly scale: number;
  /** What it shows now, and what went wrong since. */
  shown: { readonly options: OpenOptions; readonly errors: string[] };
}

/** One browser and one build for all tests of a file. */
export class Harness {
  readonly #idle: ReusedPage[] = [];

  private constructor(
    private readonly view: PageName,
    private readonly browser: Browser,
    private readonly files: ReadonlyMap<string, string>,
    private readonly axe: string,
    private readonly background: string,
  ) {}

  static async start(view: PageName): Promise<Harness> {
    const folder = await mkdtemp(path.join(tmpdir(), 'smuggler-webview-'));
    try {
      const common = { bundle: true, format: 'iife', target: 'es2022', logLevel: 'error' } as const;
      await build({
        ...common,
        entryPoints: [`main.ts`, `main.css`].map((name) => path.join(ROOT, 'webview', view, name)),
        outdir: folder,
      });
      await build({
        ...common,
        entryPoints: [path.join(import.meta.dirname, 'page/fake.ts')],
        outfile: path.join(folder, 'fake.js'),
      });
      const files = new Map([
        ['/default.css', DEFAULT_STYLES],
        [`/${view}.js`, await readFile(path.join(folder, 'main.js'), 'utf8')],
        [`/${view}.css`, await readFile(path.join(folder, 'main.css'), 'utf8')],
        ['/fake.js', await readFile(path.join(folder, 'fake.js'), 'utf8')],
      ]);
      const browser = await chromium.launch({
        executablePath: process.env['HEADLESS_SHELL'] ?? process.env['CHROMIUM'] ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu'],
      });
      await mkdir(OUTPUT, { recursive: true });
      return new Harness(
        view,
        browser,
        files,
        await readFile(AXE, 'utf8'),
        view === 'votes' ? '--vscode-panel-background' : '--vscode-editor-background',
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async open(options: OpenOptions): Promise<OpenView> {
    const used = await this.#pageFor(options);
    const { page } = used;
    const { errors } = used.shown;
    const setTheme = async (theme: ThemeName): Promise<void> => {
      await page.evaluate(
        ([{ bodyClass, variables }, background]) => {
          document.body.classList.remove(
            ...Array.from(document.body.classList).filter((name) => name.startsWith('vscode-')),
          );
          document.body.classList.add(bodyClass);
          const style = document.documentElement.style;
          for (const name of Array.from(style)) style.removeProperty(name);
          for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
          style.backgroundColor = variables[background] ?? '';
        },
        [THEMES[theme], this.background] as const,
      );
    };
    await page.goto(ADDRESS);
    await setTheme(options.theme);
    return {
      page,
      setTheme,
      errors: async () => [...errors, ...(await page.evaluate(() => window.fake.violations))],
      screenshot: async (name) => {
        await page.screenshot({ path: path.join(OUTPUT, `${name}.png`) });
      },
      audit: () => this.audit(page),
      close: async () => {
        await page.goto('about:blank');
        await page.mouse.move(-1, -1);
        this.#idle.push(used);
      },
    };
  }

  /** An empty page of the size, with the pointer outside it. */
  async #pageFor(options: OpenOptions): Promise<ReusedPage> {
    const { width, height, scale = 1 } = options;
    const shown = { options, errors: [] };
    const at = this.#idle.findIndex((used) => used.scale === scale);
    if (at >= 0) {
      const [used] = this.#idle.splice(at, 1);
      await used!.page.setViewportSize({ width, height });
      used!.shown = shown;
      return used!;
    }
    const page = await this.browser.newPage({
      viewport: { width, height },
      deviceScaleFactor: scale,
      reducedMotion: 'reduce',
    });
    const used: ReusedPage = { page, scale, shown };
    page.on('pageerror', (error) => used.shown.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') used.shown.errors.push(message.text());
    });
    await page.route('**/*', async (route) => {
      const url = new URL(route.request().url());
      const file = url.href.startsWith(ADDRESS) ? this.files.get(url.pathname) : undefined;
      const body = url.href === ADDRESS ? documentOf(this.view, used.shown.options) : file;
      if (body === undefined) {
        if (url.pathname !== '/favicon.ico') used.shown.errors.push(`request for ${url.href}`);
        await route.abort();
        return;
      }
      const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };
      await route.fulfill({ body, contentType: types[path.extname(url.pathname)] ?? 'text/html; charset=utf-8' });
    });
    return used;
  }

  /** Serious and critical findings of axe on a page. */
  async audit(page: Page): Promise<string[]> {
    await page.evaluate(this.axe);
    return page.evaluate(async () => {
      const axe = (window as unknown as { axe: { run(): Promise<{ violations: AxeViolation[] }> } }).axe;
      interface AxeViolation {
        readonly id: string;
        readonly impact: string;
        readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
      }
      const { violations } = await axe.run();
      return violations
        .filter((violation) => violation.impact === 'serious' || violation.impact === 'critical')
        .map(
          (violation) =>
            `${violation.id}: ${violation.nodes.map((node) => node.html + node.failureSummary).join(' | ')}`,
        );
    });
  }

  /** The view's built program or style sheet. */
  built(kind: 'js' | 'css'): string {
    return this.files.get(`/${this.view}.${kind}`)!;
  }

  /** A page without anything of VS Code, as a user's browser has it. */
  async plainPage(size: { readonly width: number; readonly height: number }): Promise<Page> {
    const context = await this.browser.newContext({ viewport: size, deviceScaleFactor: 1, reducedMotion: 'reduce' });
    return context.newPage();
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}
