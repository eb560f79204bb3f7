/** @file The editor's colour theme, live: VS Code sets variables on the document and classes on the body. */

export interface Theme {
  readonly dark: boolean;
  readonly highContrast: boolean;
  /** For what is drawn on a canvas, which style sheets do not reach. */
  readonly foreground: string;
  readonly background: string;
}

/** The theme now. */
export function readTheme(): Theme {
  const classes = document.body.classList;
  const style = getComputedStyle(document.documentElement);
  const dark = !classes.contains('vscode-light') && !classes.contains('vscode-high-contrast-light');
  const color = (name: string, fallback: string): string => style.getPropertyValue(name).trim() || fallback;
  return {
    dark,
    highContrast: classes.contains('vscode-high-contrast') || classes.contains('vscode-high-contrast-light'),
    foreground: color('--vscode-foreground', dark ? '#cccccc' : '#3b3b3b'),
    background: color('--vscode-editor-background', dark ? '#1f1f1f' : '#ffffff'),
  };
}

/** Calls back after every change of theme, once a change. */
export function watchTheme(onChange: (theme: Theme) => void): () => void {
  let scheduled = false;
  const observer = new MutationObserver(() => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      onChange(readTheme());
    });
  });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return () => {
    observer.disconnect();
  };
}
