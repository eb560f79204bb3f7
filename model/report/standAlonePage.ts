/** @file An exported panel as part of a page, and as a page that stands alone: one file, no request, a CSP that allows only what is in it. Pure. */
import { createHash } from 'node:crypto';
import type { PageTheme } from '../protocol/panels/export';
import { escapeHtml } from '../measures/escapeHtml';

export interface StandAlonePage {
  readonly title: string;
  /** The exported panel as JSON. */
  readonly document: string;
  readonly theme: PageTheme;
  /** The page's program and style sheet. */
  readonly script: string;
  readonly style: string;
}

/**
 * The element in which a page finds the panel that it is to show.
 * @param document the exported panel as JSON
 * @param file where it was read from; a reload opens it again
 */
export function exportedPanelElement(document: string, file: string | null = null): string {
  const data = file === null ? '' : ` data-file="${escapeHtml(file)}"`;
  // In JSON, < stands only in strings: as an escape it cannot end the element.
  return `<script type="application/json" id="exported-panel"${data}>${document.replaceAll('<', '\\u003c')}</script>`;
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** The theme's variables that the page uses, as a rule; a value that could end the rule is left out. */
function themeRule({ variables, bodyClass }: PageTheme, uses: string): string {
  const used = new Set(uses.match(/--vscode-[\w-]+/g));
  const declarations = Object.entries(variables)
    .filter(([name, value]) => used.has(name) && !/[{}<;]/.test(value))
    .map(([name, value]) => `${name}:${value};`);
  const scheme = bodyClass.includes('light') ? 'light' : 'dark';
  return `:root{color-scheme:${scheme};${declarations.join('')}}\nhtml{background:var(--surface)}\n`;
}

/** The page's HTML. */
export function standAlonePage({ title, document, theme, script, style }: StandAlonePage): string {
  const code = script
    .replace(/\n?\/\/# sourceMappingURL=.*\s*$/, '\n')
    .replaceAll('</script', '<\\/script')
    .replaceAll('<!--', '<\\!--');
  const css = (themeRule(theme, script + style) + style)
    .replace(/\/\*# sourceMappingURL=.*?\*\/\s*$/, '')
    .replaceAll('</style', '<\\/style');
  const policy = [
    `default-src 'none'`,
    `script-src ${hash(code)}`,
    `style-src ${hash(css)}`,
    'img-src data:',
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>${escapeHtml(title)}</title>
<style>${css}</style>
</head>
<body class="${escapeHtml(theme.bodyClass)}" data-state="loading">
${exportedPanelElement(document)}
<script>${code}</script>
</body>
</html>
`;
}
