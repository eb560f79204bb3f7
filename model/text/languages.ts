/** @file What languages a corpus is in, as its files' names tell. */
import path from 'node:path';
import type { CorpusContents, LanguageShare } from '../protocol/training';
import type { Corpus, CorpusFile } from './corpus';

/** Display name → endings. */
const ENDINGS: readonly (readonly [string, string])[] = [
  ['TypeScript', 'ts mts cts tsx'],
  ['JavaScript', 'js mjs cjs jsx'],
  ['Python', 'py pyi'],
  ['Markdown', 'md markdown mdx'],
  ['Plain text', 'txt text'],
  ['JSON', 'json jsonc jsonl json5 ipynb'],
  ['YAML', 'yml yaml'],
  ['TOML', 'toml'],
  ['HTML', 'html htm xhtml'],
  ['XML', 'xml xsd xsl svg'],
  ['CSS', 'css scss sass less'],
  ['C', 'c h'],
  ['C++', 'cc cpp cxx hh hpp hxx'],
  ['C#', 'cs'],
  ['Java', 'java'],
  ['Kotlin', 'kt kts'],
  ['Scala', 'scala'],
  ['Swift', 'swift'],
  ['Objective-C', 'm mm'],
  ['Go', 'go'],
  ['Rust', 'rs'],
  ['Ruby', 'rb'],
  ['PHP', 'php'],
  ['Perl', 'pl pm'],
  ['Lua', 'lua'],
  ['R', 'r'],
  ['Julia', 'jl'],
  ['Haskell', 'hs'],
  ['Shell', 'sh bash zsh fish'],
  ['PowerShell', 'ps1 psm1'],
  ['SQL', 'sql'],
  ['TeX', 'tex bib sty'],
  ['reStructuredText', 'rst'],
  ['CSV', 'csv tsv'],
];

const NAMES: ReadonlyMap<string, string> = new Map(
  ENDINGS.flatMap(([name, endings]) => endings.split(' ').map((ending) => [ending, name] as const)),
);

/** What is in a file by its ending; the ending itself where it is not known, 'No ending' where there is none. */
export function languageName(file: string): string {
  const ending = path.extname(file).toLowerCase();
  return ending === '' ? 'No ending' : (NAMES.get(ending.slice(1)) ?? ending);
}

/** Files and bytes of each language, the largest first. */
export function languageShares(files: readonly CorpusFile[]): LanguageShare[] {
  const shares = new Map<string, { files: number; bytes: number }>();
  for (const { path: file, bytes } of files) {
    const name = languageName(file);
    const share = shares.get(name) ?? { files: 0, bytes: 0 };
    shares.set(name, { files: share.files + 1, bytes: share.bytes + bytes.length });
  }
  return [...shares]
    .map(([name, share]) => ({ name, ...share }))
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}

/** What a corpus holds, as it is told. */
export function contentsOf({ files, bytes, skipped }: Corpus): CorpusContents {
  return { files: files.length, bytes, languages: languageShares(files), skipped };
}

/** Languages named in a summary; smaller ones are counted. */
const NAMED = 4;

/** 'TypeScript 80 %, Markdown 15 %, 2 others 5 %', of the bytes. */
export function languagesText(shares: readonly LanguageShare[]): string {
  const sum = (some: readonly LanguageShare[]) => some.reduce((bytes, share) => bytes + share.bytes, 0);
  const whole = sum(shares);
  const percent = (bytes: number) => `${Math.round((100 * bytes) / whole)} %`;
  const parts = shares.slice(0, NAMED).map(({ name, bytes }) => `${name} ${percent(bytes)}`);
  const others = shares.slice(NAMED);
  if (others.length > 0) {
    parts.push(`${others.length} ${others.length === 1 ? 'other' : 'others'} ${percent(sum(others))}`);
  }
  return parts.join(', ');
}
