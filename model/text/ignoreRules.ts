/** @file Which paths under a folder are left out: `.gitignore` at every level as git reads it, and exclude patterns as VS Code reads them. */
import { access, lstat } from 'node:fs/promises';
import path from 'node:path';
import ignore from 'ignore';
import picomatch from 'picomatch';
import { readRegularFile } from '../files/readRegularFile';

// As git and VS Code do by default on these file systems.
const ignoreCase = process.platform === 'win32' || process.platform === 'darwin';

/** A larger `.gitignore` rules nothing, as in git. */
const MOST_RULES_BYTES = 100 * 2 ** 20;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

/** The `.gitignore` rules in force in one folder. Immutable: a folder with its own file makes its own rules. */
export class GitignoreRules {
  private constructor(
    /** Absolute path that the rules' patterns are relative to. */
    private readonly base: string,
    private readonly matcher: ignore.Ignore,
  ) {}

  /**
   * The rules that reach `folder` from above: those of every folder from the root of its repository, where it is in
   * one, down to its parent. A folder that these ignore was named on purpose, so that they do not count for it.
   */
  static async above(folder: string): Promise<GitignoreRules> {
    const parents = await repositoryParents(folder);
    const none = new GitignoreRules(parents[0] ?? folder, ignore({ ignoreCase }));
    let rules = none;
    for (const parent of parents) rules = await rules.enter(parent);
    return folder !== rules.base && rules.ignores(folder, true) ? none : rules;
  }

  /** The rules within `folder`: these and its own `.gitignore`'s, which come last and so win. */
  async enter(folder: string): Promise<GitignoreRules> {
    const bytes = await readRules(path.join(folder, '.gitignore'));
    if (bytes === null) return this;
    const prefix = byteUnits(Buffer.from(posix(path.relative(this.base, folder))));
    const patterns = byteUnits(bytes)
      .split(/\r?\n/)
      .map((pattern) => anchor(pattern, prefix))
      .filter((pattern) => pattern !== '');
    return new GitignoreRules(this.base, ignore({ ignoreCase }).add(this.matcher).add(patterns));
  }

  /** Whether an entry below the base is ignored. */
  ignores(entry: string, isFolder: boolean): boolean {
    const relative = byteUnits(Buffer.from(posix(path.relative(this.base, entry))));
    return this.matcher.ignores(relative + (isFolder ? '/' : ''));
  }
}

/** The content of a `.gitignore` without its byte order mark; null where it rules nothing. */
async function readRules(file: string): Promise<Buffer | null> {
  try {
    // Git does not follow a link here, and a pipe or a device could be read for ever.
    if (!(await lstat(file)).isFile()) return null;
    const bytes = await readRegularFile(file, MOST_RULES_BYTES);
    const hasMark = bytes.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK);
    return hasMark ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes;
  } catch {
    // Most folders have none; one that cannot be read rules nothing, as in git.
    return null;
  }
}

/**
 * A unit per byte, since in git `?` and `[…]` match a byte, not a character. Bytes beyond ASCII are units for private use, which are
 * neither white space nor letters with a case.
 */
function byteUnits(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/[\x80-\xff]/g, (byte) => String.fromCharCode(0xe000 + byte.charCodeAt(0)));
}

/** The folders from the root of the repository that holds `folder` to its parent; none where there is no repository. */
async function repositoryParents(folder: string): Promise<string[]> {
  const parents: string[] = [];
  let at = folder;
  while (!(await exists(path.join(at, '.git')))) {
    const parent = path.dirname(at);
    if (parent === at) return [];
    at = parent;
    parents.unshift(at);
  }
  return parents;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

/**
 * A pattern of the `.gitignore` in `prefix`, said from the base. All patterns then live in one matcher, in git's
 * order, so that a deeper file can take back what a higher one ignores.
 */
function anchor(pattern: string, prefix: string): string {
  if (prefix === '' || pattern.trim() === '' || pattern.startsWith('#')) return pattern;
  const negated = pattern.startsWith('!');
  // A backslash that only kept a first # or ! from its meaning has no use behind the prefix.
  const body = pattern.slice(negated ? 1 : 0).replace(/^\\([#!])/, '$1');
  const inner = body.replace(/\s+$/, '').replace(/\/$/, '');
  // A lone slash names nothing.
  if (inner === '') return '';
  // Without a slash in it, a pattern holds at every depth.
  const anywhere = !inner.includes('/');
  const folder = prefix.replace(/[\\*?[\] !#]/g, '\\$&');
  return `${negated ? '!' : ''}/${folder}/${anywhere ? '**/' : ''}${body.replace(/^\//, '')}`;
}

/**
 * A test for exclude patterns in the form of `files.exclude`: matched against the whole path below the folder that
 * was named, with `/` between names, so that `*.log` means the top level and `**\/*.log` every level.
 * (`.gitignore` syntax would not do: it has no braces and holds slashless patterns at every level.)
 */
export function excludeTest(patterns: readonly string[]): (relative: string) => boolean {
  const globs = patterns
    .map((pattern) =>
      posix(pattern)
        .replace(/^\.?\//, '')
        .replace(/\/$/, ''),
    )
    .filter((p) => p !== '');
  const isMatch = picomatch(globs, { dot: true, nocase: ignoreCase, nonegate: true });
  return (relative) => globs.length > 0 && isMatch(posix(relative));
}

function posix(file: string): string {
  return path.sep === '\\' ? file.replaceAll('\\', '/') : file;
}
