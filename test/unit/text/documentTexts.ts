/** @file Files with the text that VS Code makes of them when it opens them; the integration tests hold these against VS Code itself. */

export interface DocumentTextCase {
  readonly name: string;
  /** The file's content, as UTF-8. */
  readonly file: string;
  /** `TextDocument.getText()` of it. */
  readonly text: string;
}

export const DOCUMENT_TEXTS: readonly DocumentTextCase[] = [
  { name: 'line feeds', file: 'a\nb\n', text: 'a\nb\n' },
  { name: 'carriage returns with line feeds', file: 'a\r\nb\r\n', text: 'a\r\nb\r\n' },
  { name: 'a byte order mark', file: '\uFEFFgrün\n', text: 'grün\n' },
  { name: 'a byte order mark within', file: 'a\uFEFF\n', text: 'a\uFEFF\n' },
  { name: 'every third line break with CR', file: 'a\nb\nc\r\nd\ne\nf\r\n', text: 'a\nb\nc\nd\ne\nf\n' },
  { name: 'two of three line breaks with CR', file: 'a\r\nb\nc\r\n', text: 'a\r\nb\r\nc\r\n' },
  { name: 'as many of one as of the other', file: 'a\r\nb\n', text: 'a\nb\n' },
  { name: 'carriage returns alone', file: 'a\rb\rc', text: 'a\r\nb\r\nc' },
  { name: 'a lone carriage return among line feeds', file: 'a\nb\rc\nd', text: 'a\nb\nc\nd' },
  { name: 'a carriage return at the end', file: 'a\nb\n\r', text: 'a\nb\n\n' },
  { name: 'CR CR LF', file: 'a\r\r\nb\n', text: 'a\r\n\r\nb\r\n' },
  { name: 'a byte order mark and both', file: '\uFEFFa\r\nb\r\nc\n', text: 'a\r\nb\r\nc\r\n' },
  { name: 'a line separator', file: 'a\u2028b\u0085c\fd\n', text: 'a\u2028b\u0085c\fd\n' },
  { name: 'one line', file: 'a', text: 'a' },
];
