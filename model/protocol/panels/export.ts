/** @file How the extension host asks a webview to export what it shows, and what the webview answers. */

export type ExportFormat = 'svg' | 'png' | 'csv' | 'json' | 'html';

/** What an export says of itself. */
export interface ExportAbout {
  /** Name of the panel's page, such as `votes`: an import opens the same one. */
  readonly panel: string;
  /** The panel's title, for users. */
  readonly title: string;
  /** When it was exported, ISO 8601 in UTC. */
  readonly exported: string;
  /** Version of the extension that exported it. */
  readonly extension: string;
}

/** Host → webview. */
export interface ExportRequest {
  readonly type: 'export';
  readonly id: number;
  readonly format: ExportFormat;
  readonly about: ExportAbout;
}

/** The editor's theme as the page has it. */
export interface PageTheme {
  readonly bodyClass: string;
  /** `--vscode-…` → value. */
  readonly variables: Readonly<Record<string, string>>;
}

export type ExportContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** For a stand-alone page: the exported panel as JSON. The host has the page's program and style sheet. */
  | { readonly kind: 'page'; readonly document: string; readonly theme: PageTheme }
  /** One sentence for the user. */
  | { readonly kind: 'failure'; readonly message: string };

/** Webview → host. */
export interface ExportAnswer {
  readonly type: 'exported';
  readonly id: number;
  readonly content: ExportContent;
}
