/** @file The model process as its tests start it: bundled as it ships, forked, spoken to over the real channel. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import type { AskOptions } from '../../../extension/modelProcess/ask';
import { ask } from '../../../extension/modelProcess/ask';
import type {
  AnswerOf,
  NotificationName,
  Notifications,
  ParamsOf,
  ProgressOf,
  RequestName,
} from '../../../model/protocol/requests';

const ROOT = join(import.meta.dirname, '../../..');

/** Bundles the program into a folder of its own, from where `onnxruntime-node` resolves to the checkout's. */
export async function bundleHost(): Promise<{ program: string; folder: string; remove(): void }> {
  const parent = join(ROOT, 'out/test');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'host-'));
  const program = join(folder, 'modelProcess.js');
  await build({
    entryPoints: [join(ROOT, 'model/modelProcess.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['onnxruntime-node'],
    outfile: program,
    tsconfigRaw: {},
  });
  return {
    program,
    folder,
    remove() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface HostProcess {
  readonly child: ChildProcess;
  readonly connection: MessageConnection;
  ask<Name extends RequestName>(
    name: Name,
    params: ParamsOf<Name>,
    options?: AskOptions<ProgressOf<Name>>,
  ): Promise<AnswerOf<Name>>;
  tell<Name extends NotificationName>(name: Name, params: Notifications[Name]): Promise<void>;
  /** Resolves with how it ended. */
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** What it wrote to its standard error so far. */
  errors(): string;
}

/** Forks the program as the extension does, without ONNX Runtime's telemetry switch in the environment. */
export function forkHost(program: string, role: 'answer' | 'train', execArgv: readonly string[] = []): HostProcess {
  const env = { ...process.env };
  delete env['ORT_DISABLE_TELEMETRY'];
  const child = fork(program, ['--role', role], {
    serialization: 'advanced',
    execArgv: [...execArgv],
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr!.on('data', (data: Buffer) => (errors += data.toString()));
  const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  connection.onError(() => undefined);
  connection.listen();
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      connection.dispose();
      resolve({ code, signal });
    });
  });
  return {
    child,
    connection,
    ask: (name, params, options) => ask(connection, name, params, options),
    tell: (name, params) => connection.sendNotification(name, params),
    exit,
    errors: () => errors,
  };
}

/** Whether a process is there; one that has ended and was not waited for yet (a zombie) is not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s*Z/m.test(process.platform === 'linux' ? readFileSync(`/proc/${pid}/status`, 'utf8') : '');
  } catch {
    return false;
  }
}
