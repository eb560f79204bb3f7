/** @file The command line as users run it: bundled once for the tests, and started as a process of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { expect } from 'vitest';

const ROOT = resolve(__dirname, '../../..');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when stdout has held this text. */
  sawOutput(text: string): Promise<void>;
  /** Resolves when stdout has held this many lines. */
  sawLines(count: number): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** A bundled command line and a folder for its files, both inside the checkout, where ONNX Runtime is found. */
export class BundledCli {
  private constructor(readonly folder: string) {}

  static async create(): Promise<BundledCli> {
    const parent = join(ROOT, 'test/output');
    mkdirSync(parent, { recursive: true });
    const cli = new BundledCli(mkdtempSync(join(parent, 'cli-')));
    await build({
      entryPoints: [join(ROOT, 'model/cli.ts')],
      bundle: true,
      platform: 'node',
      target: 'node20',
      external: ['onnxruntime-node'],
      tsconfigRaw: {},
      outfile: cli.path('out/cli.js'),
      logLevel: 'error',
    });
    return cli;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  start(...args: readonly string[]): Running {
    return this.spawn(process.execPath, [this.path('out/cli.js'), ...args]);
  }

  /** Runs within a shell script, to which the command line is "$@". */
  runIn(script: string, ...args: readonly string[]): Promise<Ended> {
    return this.spawn('sh', ['-c', script, 'sh', process.execPath, this.path('out/cli.js'), ...args]).ended;
  }

  private spawn(program: string, args: readonly string[]): Running {
    const child = spawn(program, args, {
      cwd: this.folder,
      env: { ...process.env, DEBUG: undefined },
    });
    let stdout = '';
    let stderr = '';
    const waiting: { isOver: () => boolean; done: () => void }[] = [];
    const until = (isOver: () => boolean): Promise<void> =>
      new Promise((done) => {
        if (isOver()) done();
        else waiting.push({ isOver, done });
      });
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      for (const { done } of waiting.filter(({ isOver }) => isOver())) done();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    return {
      ended: new Promise((done, fail) => {
        child.on('error', fail);
        child.on('close', (code) => {
          done({ code, stdout, stderr });
        });
      }),
      sawOutput: (text) => until(() => stdout.includes(text)),
      sawLines: (count) => until(() => stdout.split('\n').length > count),
      signal: (name) => child.kill(name),
    };
  }

  run(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The objects of a stdout that holds one a line. */
export function jsonLines<T>(stdout: string): T[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** A failure says one sentence and no stack. */
export function expectOneSentence({ stderr, stdout }: Ended, pattern: RegExp): void {
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(pattern);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
  expect(stdout).toBe('');
}

/** A configuration that trains hundreds of steps a second. */
export const SMALL_CONFIG = {
  embedding_dim: 8,
  stages: 1,
  bottleneck_layers: 1,
  attention_heads: 2,
  voters_per_bit: 4,
  bit_decoding: 'chained',
  context_chunks: 8,
} as const;

export const SENTENCE = 'The quick brown fox jumps over the lazy dog. ';
