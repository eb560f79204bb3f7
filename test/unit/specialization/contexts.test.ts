/** @file The contexts of a chunk: kinds of characters, places in lines, indentation, languages, syntax. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { byteClass, CHARACTER_CLASSES } from '../../../model/inspection/specialization/characterClass';
import { contextLabels } from '../../../model/inspection/specialization/contexts';
import { languageOfName } from '../../../model/inspection/specialization/languages';
import { SYNTACTIC_CLASSES, syntacticClasses } from '../../../model/inspection/specialization/lexer';
import { lineContext } from '../../../model/inspection/specialization/lineContext';
import type { SourceText } from '../../../model/inspection/specialization/voteMatrix';

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('kinds of characters', () => {
  it.each([
    ['az', 'lower case'],
    ['AZ', 'upper case'],
    ['09', 'digit'],
    [' \t', 'space or tab'],
    ['\n\r', 'line break'],
    ['([{}])', 'bracket'],
    [`"'\``, 'quote'],
    ['+-*/%=<>!&|^~?', 'operator'],
    ['.,;:_#@$\\', 'punctuation'],
    ['é€😀', 'non-ASCII'],
    ['\u0000\u007f', 'control'],
  ])('%j is %s', (characters, name) => {
    for (const byte of utf8(characters)) expect(CHARACTER_CLASSES[byteClass(byte)]).toBe(name);
  });
});

describe('places in lines', () => {
  const positionsOf = (text: string) => [...lineContext(utf8(text), 1, utf8(text).length).positions];
  const depthsOf = (text: string) => [...lineContext(utf8(text), 1, utf8(text).length).depths];

  it('count characters since the line began, whose break belongs to it', () => {
    expect(positionsOf('ab\ncd')).toEqual([0, 1, 1, 0, 1]);
    expect(positionsOf('a\r\nb\rc')).toEqual([0, 1, 1, 0, 1, 0]);
    expect(positionsOf('x'.repeat(42))).toEqual([
      ...Array<number>(1).fill(0),
      ...Array<number>(4).fill(1),
      ...Array<number>(12).fill(2),
      ...Array<number>(24).fill(3),
      4,
    ]);
  });

  it('count a character of several bytes once', () => {
    // Four characters of 3 bytes: places 0 to 3, then x at place 4 and y at place 5.
    expect(positionsOf('€€€€xy')).toEqual([0, 0, 0, ...Array<number>(9).fill(1), 1, 2]);
  });

  it('know the depth of the line in tabs, or in the step that the text uses', () => {
    expect(depthsOf('a\n\tb')).toEqual([0, 0, 1, 1]);
    expect(depthsOf('a\n  b\n    c\n').filter((_, i, all) => i === 0 || all[i - 1] !== all[i])).toEqual([0, 1, 2]);
    expect(depthsOf('a\n    b\n        c\n').filter((_, i, all) => i === 0 || all[i - 1] !== all[i])).toEqual([
      0, 1, 2,
    ]);
    expect(Math.max(...depthsOf(`a\n${'\t'.repeat(9)}b`))).toBe(4);
  });
});

describe('languages', () => {
  it.each([
    ['file:///home/me/a.b.ts', 'typescript'],
    ['C:\\src\\Main.PY', 'python'],
    ['/src/Makefile', 'makefile'],
    ['notes', 'plaintext'],
    ['x.unknown', 'plaintext'],
  ])('%s is %s', (name, language) => {
    expect(languageOfName(name)).toBe(language);
  });
});

/** The text's runs of one class, as `class:text`. */
function lexed(text: string, language: string): string[] {
  const bytes = utf8(text);
  const classes = syntacticClasses(bytes, language);
  const out: string[] = [];
  for (let from = 0; from < bytes.length;) {
    let to = from;
    while (to < bytes.length && classes[to] === classes[from]) to++;
    const name = SYNTACTIC_CLASSES[classes[from]!]!;
    if (name !== 'white space') out.push(`${name}:${new TextDecoder().decode(bytes.subarray(from, to))}`);
    from = to;
  }
  return out;
}

describe('the lexer', () => {
  it.each([
    [
      'typescript',
      "const größe = 0x1F + 2.5e-3; // 'note'",
      [
        'keyword:const',
        'identifier:größe',
        'punctuation:=',
        'number:0x1F',
        'punctuation:+',
        'number:2.5e-3',
        'punctuation:;',
        "comment:// 'note'",
      ],
    ],
    [
      'typescript',
      '/* a\nb */ f("x\\"y", `m\nn`)',
      [
        'comment:/* a\nb */',
        'identifier:f',
        'punctuation:(',
        'string:"x\\"y"',
        'punctuation:,',
        'string:`m\nn`',
        'punctuation:)',
      ],
    ],
    ['typescript', "'open\nlet x", ["string:'open", 'keyword:let', 'identifier:x']],
    [
      'python',
      'def f(): # "no"\n  r"""a\n"b" """',
      ['keyword:def', 'identifier:f', 'punctuation:():', 'comment:# "no"', 'string:r"""a\n"b" """'],
    ],
    [
      'rust',
      "fn f<'a>(c: char) { 'x' }",
      [
        'keyword:fn',
        'identifier:f',
        "punctuation:<'",
        'identifier:a',
        'punctuation:>(',
        'identifier:c',
        'punctuation::',
        'identifier:char',
        'punctuation:)',
        'punctuation:{',
        "string:'x'",
        'punctuation:}',
      ],
    ],
    [
      'shellscript',
      'echo ${#a} # end',
      ['identifier:echo', 'identifier:$', 'punctuation:{#', 'identifier:a', 'punctuation:}', 'comment:# end'],
    ],
    ['sql', "SELECT 'it''s' -- x", ['keyword:SELECT', "string:'it''s'", 'comment:-- x']],
    [
      'html',
      '<b><!-- x --></b>',
      [
        'punctuation:<',
        'identifier:b',
        'punctuation:>',
        'comment:<!-- x -->',
        'punctuation:</',
        'identifier:b',
        'punctuation:>',
      ],
    ],
    ['plaintext', "it's 5", ['identifier:it', "punctuation:'", 'identifier:s', 'number:5']],
    ['typescript', '/* open', ['comment:/* open']],
  ])('reads %s: %s', (language, text, expected) => {
    expect(lexed(text, language)).toEqual(expected);
  });

  it('has an answer for any bytes, long unfinished strings included, in linear time', () => {
    const start = performance.now();
    expect(syntacticClasses(utf8(`\`${'x'.repeat(4_000_000)}`), 'typescript').at(-1)).toBe(
      SYNTACTIC_CLASSES.indexOf('string'),
    );
    const noise = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 256);
    expect(syntacticClasses(noise, 'python')).toHaveLength(noise.length);
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it('agrees with the TypeScript compiler on at least 99 % of the bytes of real code', () => {
    const root = path.join(import.meta.dirname, '../../..');
    let right = 0;
    let all = 0;
    for (const file of [
      'model/protocol/voterAnalyses.ts',
      'model/inspection/inspector.ts',
      'model/text/corpus.ts',
      'model/modelProcess.ts',
    ]) {
      const bytes = readFileSync(path.join(root, file));
      const ours = syntacticClasses(bytes, 'typescript');
      const theirs = compilerClasses(bytes.toString('latin1'));
      ours.forEach((kind, i) => {
        all++;
        if (SYNTACTIC_CLASSES[kind] === theirs[i]) right++;
      });
    }
    expect(right / all).toBeGreaterThan(0.99);
  });
});

/** The classes by TypeScript's own scanner, templates with code inside as strings. */
function compilerClasses(text: string): string[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  const classes: string[] = [];
  const braces: boolean[] = [];
  for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
    if (token === ts.SyntaxKind.TemplateHead) braces.push(true);
    else if (token === ts.SyntaxKind.OpenBraceToken) braces.push(false);
    else if (token === ts.SyntaxKind.CloseBraceToken && braces.pop() === true) {
      token = scanner.reScanTemplateToken(false);
      if (token === ts.SyntaxKind.TemplateMiddle) braces.push(true);
    }
    const name = braces.includes(true) ? 'string' : compilerClass(token);
    classes.push(...Array<string>(scanner.getTokenEnd() - scanner.getTokenStart()).fill(name));
  }
  return classes;
}

function compilerClass(token: ts.SyntaxKind): string {
  if (token === ts.SyntaxKind.Identifier) return 'identifier';
  if (token >= ts.SyntaxKind.FirstKeyword && token <= ts.SyntaxKind.LastKeyword) return 'keyword';
  if (token === ts.SyntaxKind.NumericLiteral) return 'number';
  if (
    token === ts.SyntaxKind.StringLiteral ||
    (token >= ts.SyntaxKind.FirstTemplateToken && token <= ts.SyntaxKind.LastTemplateToken)
  )
    return 'string';
  if (token === ts.SyntaxKind.SingleLineCommentTrivia || token === ts.SyntaxKind.MultiLineCommentTrivia) {
    return 'comment';
  }
  if (token === ts.SyntaxKind.WhitespaceTrivia || token === ts.SyntaxKind.NewLineTrivia) return 'white space';
  return 'punctuation';
}

describe('labels of evaluated chunks', () => {
  const texts: SourceText[] = [
    { name: 'a.ts', bytes: utf8('let x = "s";\n  y();\n') },
    { name: 'untitled:1', bytes: utf8('Ab12'), languageId: 'markdown' },
  ];
  const chunks = {
    texts,
    runs: [
      { text: 0, firstChunk: 1, column: 0, count: 4 },
      { text: 1, firstChunk: 0, column: 4, count: 1 },
    ],
    count: 5,
    totalChunks: 6,
  };

  it('look at the first byte of the predicted chunk and at the one before it', async () => {
    const named = Object.fromEntries(
      (await contextLabels(chunks)).map(({ dimension, classes, labels }) => [
        dimension,
        [...labels].map((k) => classes[k]),
      ]),
    );
    // Chunks: "x = ", ""s";" and so on: bytes 4, 8, 12, 16 of the first text, 0 of the second.
    expect(named['character']).toEqual(['lower case', 'quote', 'line break', 'bracket', 'upper case']);
    expect(named['characterBefore']).toEqual([
      'space or tab',
      'space or tab',
      'punctuation',
      'lower case',
      'start of text',
    ]);
    expect(named['syntax']).toEqual(['identifier', 'string', 'white space', 'punctuation', 'identifier']);
    expect(named['linePosition']).toEqual(['1–4', '5–16', '5–16', '1–4', 'first']);
    expect(named['indentation']).toEqual(['not indented', 'not indented', 'not indented', '1 level', 'not indented']);
    expect(named['language']).toEqual(['typescript', 'typescript', 'typescript', 'typescript', 'markdown']);
  });

  it('are counted', async () => {
    for (const { counts, labels } of await contextLabels(chunks)) {
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
      counts.forEach((count, k) => {
        expect(count).toBe(labels.filter((label) => label === k).length);
      });
    }
  });
});
