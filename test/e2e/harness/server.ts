/** @file Starts an isolated VS Code in the browser: own home, own settings, own copy of a workspace, a port of the system's choice. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as vscode from 'vscode';
import { inject } from 'vitest';
import './context';
import defaultSettings from './settings.json';

export interface ServerOptions {
  /** Copied into the server's own workspace folder. */
  readonly workspace: string;
  /** On top of settings.json. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether the workspace is trusted; true where it is not said. */
  readonly trusted?: boolean;
  readonly extraArguments?: readonly string[];
  /** False: no extension at all (the integration tests bring their own). */
  readonly extensions?: boolean;
}

const START_TIMEOUT_MS = 60_000;
/** Ten in a second. */
const DRIVER_TRIES = 300;
/** It waits longer than that for browsers to come back, and keeps nothing that matters. */
const STOP_TIMEOUT_MS = 1_000;

export class VsCodeServer {
  private constructor(
    readonly url: string,
    /** Its home, and below it all that it writes. */
    readonly home: string,
    readonly workspace: string,
    private readonly child: ReturnType<typeof spawn>,
    private readonly output: { text: string },
  ) {}

  static async start(options: ServerOptions): Promise<VsCodeServer> {
    const home = mkdtempSync(path.join(tmpdir(), 'smuggler-e2e-'));
    const workspace = path.join(home, 'workspace');
    const data = path.join(home, 'data');
    mkdirSync(path.join(data, 'User'), { recursive: true });
    cpSync(options.workspace, workspace, { recursive: true });
    writeFileSync(
      path.join(data, 'User/settings.json'),
      JSON.stringify({ ...defaultSettings, ...options.settings }, null, 2),
    );
    writeFileSync(path.join(home, 'config.yaml'), 'auth: none\n');
    const env: NodeJS.ProcessEnv = {};
    for (const [key, value] of Object.entries(process.env)) {
      // What npm, vitest or an outer VS Code put there is not what a user's VS Code would see.
      if (!/^(npm_|VITEST|VSCODE_|ORT_|XDG_|NODE_)/i.test(key)) env[key] = value;
    }
    Object.assign(env, {
      HOME: home,
      PATH: `${inject('node')}${path.delimiter}${process.env['PATH'] ?? ''}`,
      E2E_DRIVER_FILE: path.join(home, 'driver.json'),
    });
    const child = spawn(
      inject('codeServer'),
      [
        ...['--config', path.join(home, 'config.yaml'), '--user-data-dir', data],
        ...['--extensions-dir', options.extensions === false ? path.join(home, 'extensions') : inject('extensions')],
        ...['--auth', 'none', '--bind-addr', '127.0.0.1:0'],
        ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
        ...['--disable-proxy', '--disable-file-downloads', '--ignore-last-opened'],
        ...(options.trusted === false ? [] : ['--disable-workspace-trust']),
        ...(options.extraArguments ?? []),
      ],
      { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const output = { text: '' };
    const url = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`The server does not listen.\n${output.text}`));
      }, START_TIMEOUT_MS);
      const read = (chunk: Buffer): void => {
        output.text += chunk.toString();
        const address = /listening on (http:\/\/127\.0\.0\.1:\d+)\//.exec(output.text)?.[1];
        if (address === undefined) return;
        clearTimeout(timer);
        resolve(address);
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.on('error', reject);
      child.on('exit', (code) => {
        clearTimeout(timer);
        reject(new Error(`The server ended with ${code ?? 'a signal'}.\n${output.text}`));
      });
    });
    return new VsCodeServer(url, home, workspace, child, output);
  }

  get host(): string {
    return new URL(this.url).host;
  }

  get log(): string {
    return this.output.text;
  }

  /** The text of a workspace file as it is on disk. */
  disk(file: string): string {
    return readFileSync(path.join(this.workspace, file), 'utf8');
  }

  /**
   * Runs a function in the extension host and returns its JSON result.
   * @param body must not refer to anything outside itself
   */
  async evaluate<Arguments extends readonly unknown[], Result>(
    body: (code: typeof vscode, ...args: Arguments) => Result | PromiseLike<Result>,
    ...args: Arguments
  ): Promise<Result> {
    const response = await this.driver(JSON.stringify({ source: body.toString(), args }));
    const answer = (await response.json()) as { result: Result } | { error: string };
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  }

  /** Sends to the driver in the extension host. While a window loads again there is none: the old one is gone, the next not there yet. */
  private async driver(body: string): Promise<Response> {
    const file = path.join(this.home, 'driver.json');
    for (let tries = 1; ; tries++) {
      try {
        const { port, token } = JSON.parse(readFileSync(file, 'utf8')) as { port: number; token: string };
        const headers = { authorization: `Bearer ${token}` };
        return await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });
      } catch (error) {
        // Only what has not arrived is sent again.
        const cause = error instanceof TypeError ? error.cause : error;
        const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
        if ((code !== 'ENOENT' && code !== 'ECONNREFUSED') || tries === DRIVER_TRIES) throw error;
        await sleep(100);
      }
    }
  }

  /** Kills the server and everything it started at once; `stop` then removes its home. */
  kill(): void {
    this.signal('SIGKILL');
  }

  /** Ends the server with everything it started, and removes its home. */
  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.signal('SIGTERM');
    await Promise.race([gone, sleep(STOP_TIMEOUT_MS)]);
    this.signal('SIGKILL');
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.child.pid === undefined) return;
    try {
      process.kill(-this.child.pid, signal);
    } catch {
      // It has ended.
    }
  }
}
