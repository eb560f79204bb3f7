/** @file A program that stands for the extension host: it starts the model process, has it train, and is killed by the test. */
import { fork } from 'node:child_process';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { ask } from '../../../extension/modelProcess/ask';
import type { TrainParams } from '../../../model/protocol/training';

/** A line that the program writes. */
export type ParentLine =
  | { readonly kind: 'started'; readonly pid: number }
  | { readonly kind: 'report'; readonly step: number; readonly elapsedSeconds: number }
  | { readonly kind: 'ended'; readonly step: number };

function say(line: ParentLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function train(connection: MessageConnection, params: TrainParams): Promise<void> {
  const { step } = await ask(connection, 'train/run', params, {
    onProgress: (progress) => {
      if (progress.kind !== 'report') return;
      const { step, elapsedSeconds } = progress.report;
      say({ kind: 'report', step, elapsedSeconds });
    },
  });
  say({ kind: 'ended', step });
}

const [program, params] = process.argv.slice(2);
const child = fork(program!, ['--role', 'train'], {
  serialization: 'advanced',
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
const connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
connection.listen();
say({ kind: 'started', pid: child.pid! });
await train(connection, JSON.parse(params!) as TrainParams);
child.disconnect();
connection.dispose();
