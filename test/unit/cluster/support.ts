/** @file Runs the PyTorch program of model/cluster: alone, or as processes of one run that talk over the loopback. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';

export const TRAIN = path.resolve(__dirname, '../../../model/cluster/train.py');

/** The Python that has PyTorch; Debian's own is another than what may be first on PATH. */
function findPython(): string {
  const found = ['/usr/bin/python3', 'python3'].find(
    (candidate) => spawnSync(candidate, ['-c', 'import torch, numpy']).status === 0,
  );
  if (found === undefined) {
    throw new Error('No Python with PyTorch was found: install python3-torch and python3-numpy, and run this again.');
  }
  return found;
}

let python: string | undefined;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when stdout has held this text. */
  sawOutput(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

/** Starts Python in a process group of its own, so that a signal reaches all that it starts, as one from a terminal does. */
export function startPython(...args: readonly string[]): Running {
  python ??= findPython();
  const child = spawn(python, args, {
    detached: true,
    env: { ...process.env, OMP_NUM_THREADS: '1', GLOO_SOCKET_IFNAME: 'lo', PYTHONDONTWRITEBYTECODE: '1' },
  });
  let stdout = '';
  let stderr = '';
  let told = (): void => undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    told();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    ended: closed.then(([code]) => ({ code, stdout, stderr })),
    sawOutput: (text) =>
      new Promise((done, fail) => {
        told = () => {
          if (stdout.includes(text)) done();
        };
        told();
        void closed.then(() => {
          fail(new Error(`Python ended before it printed ${text}: ${stderr}`));
        });
      }),
    signal: (name) => process.kill(-child.pid!, name),
  };
}

/** Runs a Python program to its end, and throws with what it said where it fails. */
export async function runPython(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await startPython(...args).ended;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with exit code ${code}.\n${stderr}`);
  return stdout;
}

/** Starts the training program as `torchrun` would, in two processes. */
export async function startTwo(...args: readonly string[]): Promise<Running> {
  return startPython(
    ...['-m', 'torch.distributed.run', '--nproc_per_node', '2', '--master_addr', '127.0.0.1'],
    ...['--master_port', String(await freePort())],
    // PyTorch 1.13 does not start on Python 3.11 without these: they redirect nothing of a process that is not there.
    ...['--redirects', '9:0', '--tee', '9:0'],
    TRAIN,
    ...args,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port was free.');
  return address.port;
}
