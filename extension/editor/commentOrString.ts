/** @file Whether a caret stands in a comment or a string, by the few rules that most languages share. No `vscode`. */

/** What begins and ends a comment or a string. */
interface Quote {
  readonly begin: string;
  readonly end: string;
  /** Whether a line break does not end it. */
  readonly lines?: true;
  /** Whether what follows a backslash does not end it. */
  readonly escapes?: true;
}

const line = (begin: string): Quote => ({ begin, end: '\n' });
const SINGLE: Quote = { begin: "'", end: "'", escapes: true };
const DOUBLE: Quote = { begin: '"', end: '"', escapes: true };
const TEMPLATE: Quote = { begin: '`', end: '`', lines: true, escapes: true };
const BLOCK: Quote = { begin: '/*', end: '*/', lines: true };
const TRIPLE: readonly Quote[] = ['"""', "'''"].map((begin) => ({ begin, end: begin, lines: true, escapes: true }));
const MARKUP: Quote = { begin: '<!--', end: '-->', lines: true };

/** Of each family what begins first counts, longer ones before shorter ones. */
const FAMILIES: readonly (readonly [languages: string, quotes: readonly Quote[]])[] = [
  [
    'typescript typescriptreact javascript javascriptreact json jsonc java c cpp csharp go kotlin scala swift dart php objective-c groovy',
    [line('//'), BLOCK, ...TRIPLE, SINGLE, DOUBLE, TEMPLATE],
  ],
  // Its apostrophes are lifetimes more often than characters.
  ['rust', [line('//'), BLOCK, DOUBLE]],
  ['css scss less', [BLOCK, line('//'), SINGLE, DOUBLE]],
  ['python', [line('#'), ...TRIPLE, SINGLE, DOUBLE]],
  [
    'ruby perl shellscript r yaml toml makefile dockerfile coffeescript julia elixir powershell',
    [line('#'), SINGLE, DOUBLE],
  ],
  ['sql lua haskell', [line('--'), { begin: '--[[', end: ']]', lines: true }, BLOCK, SINGLE, DOUBLE]],
  ['html xml vue svelte', [MARKUP]],
].map(([languages, quotes]) => [
  languages as string,
  (quotes as readonly Quote[]).toSorted((a, b) => b.begin.length - a.begin.length),
]);

/**
 * Whether the text ends within a comment or a string. Languages that are not known have neither.
 * @param languageId VS Code's
 * @param before the text before the caret, from a place on that is code
 */
export function isInCommentOrString(languageId: string, before: string): boolean {
  const quotes = FAMILIES.find(([languages]) => languages.split(' ').includes(languageId))?.[1] ?? [];
  let open: Quote | undefined;
  for (let at = 0; at < before.length; at++) {
    if (open === undefined) {
      open = quotes.find(({ begin }) => before.startsWith(begin, at));
      if (open !== undefined) at += open.begin.length - 1;
    } else if (open.escapes === true && before[at] === '\\') {
      at++;
    } else if (before.startsWith(open.end, at)) {
      at += open.end.length - 1;
      open = undefined;
    } else if (open.lines !== true && before[at] === '\n') {
      open = undefined;
    }
  }
  return open !== undefined;
}
