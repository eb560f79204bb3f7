/** @file Which language a text is in, by VS Code's identifier or by its name, and how that language is read by the lexer. */
import path from 'node:path';

/** How a language marks what is no code, and its keywords. Patterns are matched where a token may begin. */
export interface LanguageSyntax {
  /** Comments, from their mark to their end. */
  readonly comments: readonly RegExp[];
  /** Strings, from quote to quote; an unfinished one ends with its line, or with the text where it may span lines. */
  readonly strings: readonly RegExp[];
  readonly keywords: ReadonlySet<string>;
  /** SQL's keywords are the same in any case. */
  readonly ignoresCase?: boolean;
}

const DOUBLE = /"(?:[^"\\\n]|\\[^])*"?/y;
const SINGLE = /'(?:[^'\\\n]|\\[^])*'?/y;
const TEMPLATE = /`(?:[^`\\]|\\[^])*`?/y;
const SLASHES = /\/\/[^\n]*/y;
const STARS = /\/\*[^]*?(?:\*\/|$)/y;
const HASH = /#[^\n]*/y;
const DASHES = /--[^\n]*/y;
const TAGS = /<!--[^]*?(?:-->|$)/y;
/** A character literal, so that Rust's lifetimes and C++'s digit separators open no string. */
const CHARACTER = /'(?:[^'\\\n]|\\[^\n]+?)'/y;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const JAVASCRIPT_WORDS =
  'as async await break case catch class const continue debugger default delete do else export extends false finally for from function get if import in instanceof let new null of return set static super switch this throw true try typeof undefined var void while with yield';

const curly = (keywords: string, strings: readonly RegExp[] = [DOUBLE, SINGLE]): LanguageSyntax => ({
  comments: [SLASHES, STARS],
  strings,
  keywords: words(keywords),
});
const hashed = (keywords: string, strings: readonly RegExp[] = [DOUBLE, SINGLE]): LanguageSyntax => ({
  comments: [HASH],
  strings,
  keywords: words(keywords),
});

const JAVASCRIPT = curly(JAVASCRIPT_WORDS, [DOUBLE, SINGLE, TEMPLATE]);
const TYPESCRIPT = curly(
  `${JAVASCRIPT_WORDS} abstract any asserts bigint boolean declare enum implements infer interface is keyof module namespace never number object override private protected public readonly satisfies string symbol type unique unknown`,
  [DOUBLE, SINGLE, TEMPLATE],
);
const C_WORDS =
  'auto bool break case char const continue default do double else enum extern false float for goto if inline int long register return short signed sizeof static struct switch true typedef union unsigned void volatile while';
const MARKUP: LanguageSyntax = { comments: [TAGS], strings: [], keywords: new Set() };
const PROSE: LanguageSyntax = { comments: [], strings: [], keywords: new Set() };
const PYTHON = hashed(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield',
  [
    /[rbfuRBFU]{0,2}"""[^]*?(?:"""|$)/y,
    /[rbfuRBFU]{0,2}'''[^]*?(?:'''|$)/y,
    /[rbfuRBFU]{0,2}"(?:[^"\\\n]|\\[^])*"?/y,
    /[rbfuRBFU]{0,2}'(?:[^'\\\n]|\\[^])*'?/y,
  ],
);

/** By VS Code's language identifier; a language that is not here is read as prose. */
const SYNTAXES: ReadonlyMap<string, LanguageSyntax> = new Map<string, LanguageSyntax>([
  ['javascript', JAVASCRIPT],
  ['javascriptreact', JAVASCRIPT],
  ['typescript', TYPESCRIPT],
  ['typescriptreact', TYPESCRIPT],
  ['c', curly(C_WORDS, [DOUBLE, CHARACTER])],
  [
    'cpp',
    curly(
      `${C_WORDS} alignas alignof catch class co_await co_return co_yield concept consteval constexpr const_cast decltype delete dynamic_cast explicit export final friend mutable namespace new noexcept nullptr operator override private protected public reinterpret_cast requires static_assert static_cast template this throw try typeid typename using virtual`,
      [DOUBLE, CHARACTER],
    ),
  ],
  [
    'csharp',
    curly(
      'abstract as async await base bool break byte case catch char checked class const continue decimal default delegate do double else enum event explicit extern false finally fixed float for foreach get goto if implicit in init int interface internal is lock long namespace new null object operator out override params private protected public readonly record ref return sbyte sealed set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unsafe ushort using var virtual void volatile when where while yield',
      [/[$@]{0,2}"(?:[^"\\\n]|\\[^])*"?/y, CHARACTER],
    ),
  ],
  [
    'java',
    curly(
      'abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally float for goto if implements import instanceof int interface long native new null package permits private protected public record return sealed short static strictfp super switch synchronized this throw throws transient true try var void volatile while yield',
      [/"""[^]*?(?:"""|$)/y, DOUBLE, CHARACTER],
    ),
  ],
  [
    'go',
    curly(
      'break case chan const continue default defer else fallthrough false for func go goto if import interface iota map nil package range return select struct switch true type var',
      [DOUBLE, CHARACTER, /`[^`]*`?/y],
    ),
  ],
  [
    'rust',
    curly(
      'Self as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self static struct super trait true type union unsafe use where while',
      [/b?"(?:[^"\\]|\\[^])*"?/y, CHARACTER],
    ),
  ],
  [
    'kotlin',
    curly(
      'as break by catch class companion const constructor continue data do else enum false final finally for fun if import in init inner interface internal is lateinit null object open operator out override package private protected public return sealed super suspend this throw true try typealias val var vararg when where while',
      [/"""[^]*?(?:"""|$)/y, DOUBLE, CHARACTER],
    ),
  ],
  [
    'swift',
    curly(
      'as associatedtype async await break case catch class continue default defer deinit do else enum extension false fileprivate for func guard if import in init inout internal is let nil open operator private protocol public repeat rethrows return self static struct subscript super switch throw throws true try typealias var where while',
      [/"""[^]*?(?:"""|$)/y, DOUBLE],
    ),
  ],
  [
    'php',
    {
      comments: [SLASHES, STARS, HASH],
      strings: [DOUBLE, SINGLE],
      keywords: words(
        'abstract and array as break callable case catch class clone const continue declare default do echo else elseif empty enum extends false final finally fn for foreach function global goto if implements include instanceof interface isset list match namespace new null or print private protected public readonly require return static switch throw trait true try unset use var while xor yield',
      ),
    },
  ],
  ['python', PYTHON],
  [
    'ruby',
    hashed(
      'BEGIN END alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield',
    ),
  ],
  [
    'shellscript',
    {
      // A # within a word, as in ${#array}, begins no comment.
      comments: [/(?<![^\s;])#[^\n]*/y],
      strings: [/"(?:[^"\\]|\\[^])*"?/y, /'[^']*'?/y],
      keywords: words('case do done elif else esac export fi for function if in local return set then until while'),
    },
  ],
  ['makefile', hashed('define else endef endif export ifdef ifeq ifndef ifneq include override')],
  ['dockerfile', hashed('ADD ARG AS CMD COPY ENTRYPOINT ENV EXPOSE FROM LABEL RUN USER VOLUME WORKDIR')],
  ['yaml', hashed('false no null off on true yes')],
  ['toml', hashed('false true')],
  ['ini', { comments: [/[#;][^\n]*/y], strings: [DOUBLE], keywords: words('false true') }],
  ['r', hashed('FALSE NA NULL TRUE break else for function if in next repeat return while')],
  [
    'sql',
    {
      comments: [DASHES, STARS],
      strings: [/'(?:[^']|'')*'?/y, DOUBLE],
      ignoresCase: true,
      keywords: words(
        'add all alter and as asc begin between by case check column commit constraint create cross default delete desc distinct drop else end exists false foreign from full group having if in index inner insert into is join key left like limit not null offset on or order outer primary references right rollback select set table then true union unique update using values view when where with',
      ),
    },
  ],
  [
    'lua',
    {
      comments: [/--\[\[[^]*?(?:\]\]|$)/y, DASHES],
      strings: [DOUBLE, SINGLE, /\[\[[^]*?(?:\]\]|$)/y],
      keywords: words(
        'and break do else elseif end false for function goto if in local nil not or repeat return then true until while',
      ),
    },
  ],
  [
    'haskell',
    {
      comments: [/\{-[^]*?(?:-\}|$)/y, DASHES],
      strings: [DOUBLE, CHARACTER],
      keywords: words(
        'case class data deriving do else if import in infix instance let module newtype of then type where',
      ),
    },
  ],
  ['json', { comments: [], strings: [DOUBLE], keywords: words('false null true') }],
  ['jsonc', { comments: [SLASHES, STARS], strings: [DOUBLE], keywords: words('false null true') }],
  ['css', { comments: [STARS], strings: [DOUBLE, SINGLE], keywords: words('important inherit initial media unset') }],
  [
    'scss',
    { comments: [STARS, SLASHES], strings: [DOUBLE, SINGLE], keywords: words('important inherit initial media') },
  ],
  ['html', MARKUP],
  ['xml', MARKUP],
  ['markdown', MARKUP],
  ['plaintext', PROSE],
]);

const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ...['js', 'mjs', 'cjs'].map((extension) => [extension, 'javascript'] as const),
  ...['ts', 'mts', 'cts'].map((extension) => [extension, 'typescript'] as const),
  ['jsx', 'javascriptreact'],
  ['tsx', 'typescriptreact'],
  ...['c', 'h'].map((extension) => [extension, 'c'] as const),
  ...['cc', 'cpp', 'cxx', 'hh', 'hpp', 'hxx'].map((extension) => [extension, 'cpp'] as const),
  ['cs', 'csharp'],
  ['java', 'java'],
  ['go', 'go'],
  ['rs', 'rust'],
  ...['kt', 'kts'].map((extension) => [extension, 'kotlin'] as const),
  ['swift', 'swift'],
  ['php', 'php'],
  ...['py', 'pyi'].map((extension) => [extension, 'python'] as const),
  ['rb', 'ruby'],
  ...['sh', 'bash', 'zsh'].map((extension) => [extension, 'shellscript'] as const),
  ['mk', 'makefile'],
  ...['yml', 'yaml'].map((extension) => [extension, 'yaml'] as const),
  ['toml', 'toml'],
  ...['ini', 'cfg'].map((extension) => [extension, 'ini'] as const),
  ['r', 'r'],
  ['sql', 'sql'],
  ['lua', 'lua'],
  ['hs', 'haskell'],
  ['json', 'json'],
  ['jsonc', 'jsonc'],
  ['css', 'css'],
  ['scss', 'scss'],
  ...['html', 'htm'].map((extension) => [extension, 'html'] as const),
  ...['xml', 'svg'].map((extension) => [extension, 'xml'] as const),
  ...['md', 'markdown'].map((extension) => [extension, 'markdown'] as const),
]);

const NAMES: ReadonlyMap<string, string> = new Map([
  ['makefile', 'makefile'],
  ['dockerfile', 'dockerfile'],
]);

/** The language of a file by its name, as VS Code's identifier; `plaintext` where it tells none. */
export function languageOfName(name: string): string {
  const file = path.posix.basename(name.replaceAll('\\', '/')).toLowerCase();
  return NAMES.get(file) ?? EXTENSIONS.get(path.posix.extname(file).slice(1)) ?? 'plaintext';
}

/** How a language is read; prose where it is not known. */
export function syntaxOf(languageId: string): LanguageSyntax {
  return SYNTAXES.get(languageId) ?? PROSE;
}
