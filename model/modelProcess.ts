/** @file The model process: everything numeric, in a process of its own, spoken to over the channel of `child_process.fork`. */
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { Answering } from './process/answering';
import { openDoor } from './process/door';
import { endWithParent } from './process/lifetime';
import { Trainings } from './process/trainings';
import { performTrial } from './training/trials';

function main(): void {
  const options = { role: { type: 'string' }, trial: { type: 'string' } } as const;
  const { role, trial } = parseArgs({ options, strict: true }).values;
  if (process.send !== undefined && trial !== undefined) {
    void performTrial(trial, process.send.bind(process));
    return;
  }
  if (process.send === undefined || (role !== 'answer' && role !== 'train')) {
    process.stderr.write(
      'This program is started by the SMUGGLER extension, with --role answer, --role train or --trial.\n',
    );
    process.exitCode = 2;
    return;
  }
  process.title = `smuggler ${role}`;
  // Training takes what the editor leaves.
  if (role === 'train') setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  // The channel fails when the parent is gone, and then the process ends.
  connection.onError(() => undefined);
  const trainings = new Trainings();
  openDoor(connection, role, { answering: new Answering(), trainings, program: join(__dirname, '..') });
  // Nothing else that is held is worth saving: of an experiment every run that is done is.
  endWithParent(() => trainings.stop());
  connection.listen();
}

main();
