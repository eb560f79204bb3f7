/** @file Reading a corpus: what is read, what is skipped and why, in which order; and splitting off held-out text. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Corpus } from '../../../model/text/corpus';
import { isCorpusError, readCorpus } from '../../../model/text/corpus';
import { unprivileged } from './unprivileged';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'corpus-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Writes files below the root; their folders are made. */
function write(files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

const LIMIT = 1_000_000;
const read = (paths: readonly string[] = ['.'], exclude: readonly string[] = []): Promise<Corpus> =>
  readCorpus(
    paths.map((name) => path.join(root, name)),
    { exclude, maxFileBytes: LIMIT },
  );
const names = (list: readonly { readonly path: string }[]): string[] =>
  list.map((entry) => path.relative(root, entry.path).replaceAll('\\', '/'));
const reasons = (corpus: Corpus): Record<string, string> =>
  Object.fromEntries(corpus.skipped.map((entry, i) => [names(corpus.skipped)[i]!, entry.reason]));

async function failure(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(isCorpusError(error)).toBe(true);
  return (error as Error).message;
}

describe('readCorpus', () => {
  it('reads folders recursively in the order of their paths, each file once', async () => {
    write({ 'b/2.txt': 'two', 'b/1.txt': 'one', 'a.txt': 'é\n', 'c.md': 'see' });
    const corpus = await read(['b/1.txt', '.', 'b', 'b/1.txt']);
    expect(names(corpus.files)).toEqual(['a.txt', 'b/1.txt', 'b/2.txt', 'c.md']);
    expect(corpus.bytes).toBe(3 + 3 + 3 + 3);
    expect(new TextDecoder().decode(corpus.files[0]!.bytes)).toBe('é\n');
    expect(corpus.skipped).toEqual([]);
    expect(await read(['b', '.'])).toEqual(corpus);
  });

  it('reads the text that an editor shows: without a byte order mark, all line breaks the same', async () => {
    write({ 'a.txt': '\uFEFFa\r\nb\r\nc\n', 'b.txt': '\uFEFF' });
    const corpus = await read();
    expect(corpus.files.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['a\r\nb\r\nc\r\n']);
    expect(corpus.bytes).toBe(9);
    expect(reasons(corpus)).toEqual({ 'b.txt': 'empty' });
  });

  it('skips and reports what is no text', async () => {
    write({
      'fine.txt': 'text',
      'empty.txt': '',
      'nul.txt': 'a\0b',
      'late-nul.txt': new Uint8Array(200_000).fill(97).map((byte, i) => (i === 199_999 ? 0 : byte)),
      'latin1.txt': Uint8Array.from(Buffer.from('Größe\tist\n', 'latin1')),
      'truncated.txt': Uint8Array.of(0x61, 0xe2, 0x82),
      'surrogate.txt': Uint8Array.of(0xed, 0xa0, 0x80),
      'utf16le.txt': Uint8Array.from([0xff, 0xfe, ...Buffer.from('hello', 'utf16le')]),
      'image.png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
      'large.txt': 'x'.repeat(LIMIT + 1),
      'just.txt': 'x'.repeat(LIMIT),
    });
    const corpus = await read();
    expect(names(corpus.files)).toEqual(['fine.txt', 'just.txt']);
    expect(reasons(corpus)).toEqual({
      'empty.txt': 'empty',
      'nul.txt': 'binary',
      'late-nul.txt': 'binary',
      'latin1.txt': 'not UTF-8',
      'truncated.txt': 'not UTF-8',
      'surrogate.txt': 'not UTF-8',
      'utf16le.txt': 'UTF-16',
      'image.png': 'binary',
      'large.txt': 'too large',
    });
  });

  it('skips a 50 MB file by its size, without reading it', async () => {
    write({ 'a.txt': 'text', 'huge.txt': '' });
    truncateSync(path.join(root, 'huge.txt'), 50_000_000);
    const before = process.memoryUsage().arrayBuffers;
    const corpus = await read();
    expect(reasons(corpus)).toEqual({ 'huge.txt': 'too large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000);
  });

  it('never reads .git and node_modules, nor follows symbolic links, loops among them', async () => {
    write({ 'a.txt': 'text', '.git/config': 'x', 'sub/node_modules/p/index.js': 'x', 'sub/b.txt': 'text' });
    symlinkSync('..', path.join(root, 'sub', 'loop'));
    symlinkSync('a.txt', path.join(root, 'again.txt'));
    symlinkSync('nowhere', path.join(root, 'broken.txt'));
    const corpus = await read();
    expect(names(corpus.files)).toEqual(['a.txt', 'sub/b.txt']);
    expect(reasons(corpus)).toEqual({
      '.git': 'ignored',
      'again.txt': 'ignored',
      'broken.txt': 'ignored',
      'sub/loop': 'ignored',
      'sub/node_modules': 'ignored',
    });
    // A link that is named itself is followed, and its text is read once.
    expect(names((await read(['again.txt', 'sub/loop'])).files)).toEqual(['again.txt', 'sub/loop/sub/b.txt']);
  });

  it('does not read model folders, unless they are named', async () => {
    write({ 'a.txt': 'text', 'run/config.json': '{}', 'run/model.safetensors': '\0', 'run/training.jsonl': '{}' });
    write({ 'app/config.json': '{}' });
    const corpus = await read();
    expect(names(corpus.files)).toEqual(['a.txt', 'app/config.json']);
    expect(reasons(corpus)).toEqual({ run: 'ignored' });
    expect(names((await read(['run'])).files)).toEqual(['run/config.json', 'run/training.jsonl']);
  });

  it('does not wait for a pipe', async () => {
    write({ 'a.txt': 'text' });
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    expect(reasons(await read())).toEqual({ pipe: 'unreadable' });
  });

  it('reports folders and files that cannot be read', async () => {
    write({ 'a.txt': 'text', 'closed.txt': 'x', 'closed/b.txt': 'x', 'shut/c.txt': 'x' });
    chmodSync(root, 0o755);
    for (const name of ['closed.txt', 'closed', 'shut']) chmodSync(path.join(root, name), 0);
    try {
      const corpus = await unprivileged(() => read(['.', 'shut']));
      expect(names(corpus.files)).toEqual(['a.txt']);
      expect(reasons(corpus)).toEqual({ closed: 'unreadable', 'closed.txt': 'unreadable', shut: 'unreadable' });
      expect(corpus.skipped.length).toBe(3);
      expect(await unprivileged(() => failure(read(['closed', 'closed.txt', 'closed/b.txt'])))).toContain(
        '3 unreadable',
      );
    } finally {
      for (const name of ['closed', 'shut']) chmodSync(path.join(root, name), 0o700);
    }
  });

  it('says that a path does not exist', async () => {
    write({ 'a.txt': 'text' });
    expect(await failure(read(['a.txt', 'missing']))).toBe(
      `${path.join(root, 'missing')}: no such file or folder, expected text to read.`,
    );
    expect(await failure(read(['a.txt/below']))).toContain('no such file or folder');
  });

  it('counts in one sentence why nothing is left', async () => {
    write({ 'a.bin': '\0', 'b.bin': '\0', 'c.txt': Uint8Array.of(0xff), '.gitignore': 'd.txt', 'd.txt': 'x' });
    rmSync(path.join(root, '.gitignore'));
    const message = await failure(read(['.'], ['d.txt']));
    expect(message).toMatch(/^Nothing to read in .*: everything found was skipped \(/);
    for (const part of ['2 binary', '1 not UTF-8', '1 ignored']) expect(message).toContain(part);
    expect(message).not.toContain('\n');
    rmSync(root, { recursive: true });
    mkdirSync(root);
    expect(await failure(read())).toMatch(/^Nothing to read in .*: expected at least one text file in UTF-8\.$/);
    const many = Array.from({ length: 9 }, (_, i) => `${i}.txt`);
    for (const name of many) write({ [name]: '' });
    expect(await failure(read(many))).toContain('2.txt and 6 more: everything found was skipped (9 empty)');
    expect(await failure(read([]))).toMatch(/^No path was given/);
  });

  it('tells its progress and stops when it is cancelled', async () => {
    for (let i = 0; i < 100; i++) write({ [`${i}.txt`]: 'four' });
    const progress: (readonly [number, number])[] = [];
    const abort = new AbortController();
    const whole = await readCorpus([root], {
      exclude: [],
      maxFileBytes: LIMIT,
      onProgress: (files, bytes) => progress.push([files, bytes]),
    });
    expect(whole.files.length).toBe(100);
    expect(progress.length).toBeGreaterThan(3);
    expect(progress.at(-1)).toEqual([100, 400]);
    expect(progress.every(([files, bytes], i) => bytes === 4 * files && (i === 0 || files > progress[i - 1]![0]))).toBe(
      true,
    );
    let calls = 0;
    const stopped = readCorpus([root], {
      exclude: [],
      maxFileBytes: LIMIT,
      onProgress: () => {
        calls++;
        abort.abort();
      },
      signal: abort.signal,
    });
    const thrown: unknown = await stopped.catch((reason: unknown) => reason);
    expect(thrown).toBe(abort.signal.reason);
    expect(calls).toBe(1);
  });
});

describe('.gitignore', () => {
  it('holds at every level, deeper files last, as git reads it', async () => {
    const files = {
      '.gitignore': '# comment\n*.log\nbuild/\n/top.txt\nsub/deep/*.tmp\n!keep.log\n\\#odd.txt\n',
      'a.log': 'x',
      'keep.log': 'x',
      'top.txt': 'x',
      '#odd.txt': 'x',
      'build/x.txt': 'x',
      'sub/top.txt': 'x',
      'sub/build/x.txt': 'x',
      'sub/b.log': 'x',
      'sub/deep/c.tmp': 'x',
      'sub/deep/c.txt': 'x',
      'other/.gitignore':
        '!build/\n!*.log\n/only-here.txt\nname.txt\na/b.txt\n\\!bang.txt\n*.d.ts\r\n/\n!\n**/deep.txt\nx/**/end.txt\n',
      'other/x/y/deep.txt': 'x',
      'other/x/y/z/end.txt': 'x',
      'x/end.txt': 'x',
      'other/build/kept.txt': 'x',
      'other/build/kept.log': 'x',
      'other/only-here.txt': 'x',
      'other/x/only-here.txt': 'x',
      'other/x/name.txt': 'x',
      'other/a/b.txt': 'x',
      'other/x/a/b.txt': 'x',
      'other/!bang.txt': 'x',
      'other/t.d.ts': 'x',
      'odd [name]/.gitignore': 'gone.txt\n',
      'odd [name]/gone.txt': 'x',
      'odd [name]/stays.txt': 'x',
      'Case.LOG': 'x',
    };
    write(files);
    execFileSync('git', ['init', '-q', root]);
    const listed = execFileSync('git', ['-C', root, 'ls-files', '-z', '--others', '--exclude-standard'], {
      encoding: 'utf8',
    });
    const expected = listed.split('\0').filter((name) => name !== '');
    expect(expected).toContain('other/build/kept.log');
    expect(names((await read()).files).sort()).toEqual(expected.sort());
  });

  it('is bytes, of which ? and [ ] match one each, as in git', async () => {
    write({
      '.gitignore': '\uFEFF?a.txt\n[äöü]b.txt\n??c.txt\nvoilà\n*\u00a0\nÜ*.md\n',
      'äa.txt': 'x',
      'xa.txt': 'x',
      'äb.txt': 'x',
      'äc.txt': 'x',
      'xyc.txt': 'x',
      voilà: 'x',
      voil: 'x',
      'end\u00a0': 'x',
      'Über.md': 'x',
      'über.md': 'x',
      'ü/.gitignore': '/é.txt\n',
      'ü/é.txt': 'x',
      'ü/ü/é.txt': 'x',
    });
    execFileSync('git', ['init', '-q', root]);
    const listed = execFileSync('git', ['-C', root, 'ls-files', '-z', '--others', '--exclude-standard'], {
      encoding: 'utf8',
    });
    const expected = listed.split('\0').filter((name) => name !== '');
    expect(expected).toContain('äa.txt');
    expect(expected).not.toContain('äc.txt');
    expect(names((await read()).files).sort()).toEqual(expected.sort());
  });

  it('rules nothing where it is a link, a folder, a pipe or too large', async () => {
    for (const name of ['link', 'device', 'folder', 'pipe', 'large']) write({ [`${name}/a.txt`]: 'x' });
    write({ 'link/rules': '*.txt\n', 'folder/.gitignore/a.md': 'x', 'large/.gitignore': '*.txt\n' });
    symlinkSync('rules', path.join(root, 'link/.gitignore'));
    symlinkSync('/dev/zero', path.join(root, 'device/.gitignore'));
    execFileSync('mkfifo', [path.join(root, 'pipe/.gitignore')]);
    truncateSync(path.join(root, 'large/.gitignore'), 101 * 2 ** 20);
    expect(names((await read()).files).filter((name) => name.endsWith('a.txt'))).toHaveLength(5);
  });

  it('of the folders above holds too, up to the root of the repository', async () => {
    write({ '.gitignore': '*.log\nout/\n', 'x.log': 'x', 'repo/.gitignore': '*.tmp\n/sub/c.txt\n' });
    write({
      'repo/sub/a.txt': 'x',
      'repo/sub/a.log': 'x',
      'repo/sub/a.tmp': 'x',
      'repo/sub/c.txt': 'x',
      'repo/sub/out/b.txt': 'x',
    });
    mkdirSync(path.join(root, 'repo/.git'));
    expect(names((await read(['repo/sub'])).files)).toEqual(['repo/sub/a.log', 'repo/sub/a.txt', 'repo/sub/out/b.txt']);
  });

  it('does not hide what is named itself: an ignored folder or file', async () => {
    write({ '.gitignore': 'out/\n*.log\n', 'out/a.txt': 'x', 'out/b.log': 'x', 'c.log': 'x' });
    mkdirSync(path.join(root, '.git'));
    expect(names((await read(['out'])).files)).toEqual(['out/a.txt', 'out/b.log']);
    const both = await read(['.', 'c.log']);
    expect(names(both.files)).toEqual(['.gitignore', 'c.log']);
    expect(reasons(both)).toEqual({ '.git': 'ignored', out: 'ignored' });
  });

  it('reports an ignored folder once', async () => {
    write({ '.gitignore': 'out/\n', 'out/a.txt': 'x', 'out/deep/b.txt': 'x', 'c.txt': 'x' });
    expect(reasons(await read())).toEqual({ out: 'ignored' });
  });
});

describe('exclude patterns', () => {
  it('are read as files.exclude reads them', async () => {
    write({
      'a.min.js': 'x',
      'sub/b.min.js': 'x',
      'sub/b.js': 'x',
      'top.log': 'x',
      'sub/top.log': 'x',
      'dist/x.txt': 'x',
      'sub/dist/x.txt': 'x',
      '.hidden/x.txt': 'x',
      'a.lock': 'x',
      'b.sum': 'x',
      'bang.txt': 'x',
    });
    const corpus = await read(
      ['.'],
      ['**/*.min.js', '*.log', 'dist/**', '**/.hidden', '*.{lock,sum}', '!bang.txt', ''],
    );
    expect(names(corpus.files)).toEqual(['bang.txt', 'sub/b.js', 'sub/dist/x.txt', 'sub/top.log']);
    expect(names((await read(['.'], ['**/dist', 'sub/'])).files)).not.toContain('sub/b.js');
  });
});
