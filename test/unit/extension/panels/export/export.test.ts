/** @file The stand-alone page, and exports that a page has not answered yet. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ExportRequest } from '../../../../../model/protocol/panels/export';
import { exportedPanelElement, standAlonePage } from '../../../../../model/report/standAlonePage';
import { PendingExports } from '../../../../../extension/panels/frame/pendingExports';

const ABOUT = { panel: 'votes', title: 'Voter Votes', exported: '2026-11-24T15:30:00.000Z', extension: '0.1.0' };

/** The text between a tag's ends. */
function inside(html: string, open: RegExp, close: string): string {
  const start = open.exec(html)!;
  const from = start.index + start[0].length;
  return html.slice(from, html.indexOf(close, from));
}

describe('the stand-alone page', () => {
  const html = standAlonePage({
    title: 'Votes <of> "a"',
    document: '{"text": "</script><!--"}',
    theme: {
      bodyClass: 'vscode-light',
      variables: { '--vscode-foreground': '#123456', '--vscode-unused': 'red', '--vscode-evil': 'x}</style>' },
    },
    script: `const a = '</script>'; // <!--\nconst evil = '--vscode-evil';\n//# sourceMappingURL=votes.js.map\n`,
    style: 'body { color: var(--vscode-foreground); }\n/*# sourceMappingURL=votes.css.map */\n',
  });
  const script = inside(html, /<script>/, '</script>');
  const style = inside(html, /<style>/, '</style>');

  it('allows its own program and style sheet by their hashes, and nothing else', () => {
    const policy = /content="(default-src[^"]*)"/.exec(html)![1]!;
    const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      `default-src 'none'`,
      `script-src ${hash(script)}`,
      `style-src ${hash(style)}`,
      'img-src data:',
      `base-uri 'none'`,
      `form-action 'none'`,
    ]);
  });

  it('ends where it should, whatever stands in its parts', () => {
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(html.match(/<!--/g)).toBeNull();
    expect(html.match(/<\/style/g)).toHaveLength(1);
    expect(html).toContain('<title>Votes &lt;of> &quot;a&quot;</title>');
    const data = inside(html, /id="exported-panel">/, '</script>');
    expect(JSON.parse(data)).toEqual({ text: '</script><!--' });
  });

  it('has the variables that it uses, and asks for no source map', () => {
    expect(style).toContain('--vscode-foreground:#123456;');
    expect(style).toContain('color-scheme:light');
    expect(style).not.toMatch(/unused|evil/);
    expect(html).not.toContain('sourceMappingURL');
    expect(html).toContain('<body class="vscode-light"');
  });

  it('names its file where it has one', () => {
    expect(exportedPanelElement('{}', '/a "b"/<c>.json')).toContain('data-file="/a &quot;b&quot;/&lt;c>.json"');
  });
});

describe('exports that are under way', () => {
  it('each gets its own answer, once', async () => {
    const pending = new PendingExports();
    const posted: ExportRequest[] = [];
    const post = (request: ExportRequest) => posted.push(request);
    const first = pending.ask('csv', ABOUT, post);
    const second = pending.ask('svg', ABOUT, post);
    expect(posted.map(({ format }) => format)).toEqual(['csv', 'svg']);
    pending.answered({ type: 'exported', id: posted[1]!.id, content: { kind: 'text', text: 'second' } });
    pending.answered({ type: 'exported', id: posted[0]!.id, content: { kind: 'text', text: 'first' } });
    pending.answered({ type: 'exported', id: posted[0]!.id, content: { kind: 'text', text: 'again' } });
    expect(await first).toEqual({ kind: 'text', text: 'first' });
    expect(await second).toEqual({ kind: 'text', text: 'second' });
  });

  it('one whose page is gone or silent ends in a sentence', async () => {
    const pending = new PendingExports(5);
    const silent = await pending.ask('png', ABOUT, () => undefined);
    expect(silent).toEqual({ kind: 'failure', message: 'Voter Votes did not answer, so it could not be exported.' });
    const hidden = pending.ask('png', ABOUT, () => undefined);
    pending.abandon();
    expect(await hidden).toMatchObject({
      kind: 'failure',
      message: expect.stringContaining('closed or hidden') as string,
    });
  });
});
