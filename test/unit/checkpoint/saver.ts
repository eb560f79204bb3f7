/** @file A program that the tests run and kill: it saves checkpoints, or holds a lock, in a process of its own. */
import { lockFolder } from '../../../model/checkpoint/lock';
import {
  readModelFolder,
  readTrainingState,
  saveCheckpoint,
  writeModelFolder,
} from '../../../model/checkpoint/modelFolder';
import { isFileSystemError } from '../../../model/files/fileSystemError';
import { modelAt, stateAt, variantAt } from './models';

const [mode, folder = '', argument = ''] = process.argv.slice(2);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function save(step: number): Promise<void> {
  await saveCheckpoint(folder, modelAt(step), stateAt(step));
}

/** Saves step after step from where the folder stands, and says each step that was saved. */
async function saveForEver(): Promise<never> {
  let { step } = (await readTrainingState(folder)).optimizer;
  for (;;) {
    await save(++step);
    say(String(step));
  }
}

/** Replaces the model by another one, over and over, and says which one stands. */
async function replaceForEver(): Promise<never> {
  for (let step = (await readModelFolder(folder)).steps! + 1; ; step++) {
    await writeModelFolder(folder, variantAt(step));
    say(String(step));
  }
}

/** Saves one more step and kills this process just before file-system call number `last`; a write stops half-way. */
async function saveUntilCall(last: number): Promise<void> {
  const { step } = (await readTrainingState(folder)).optimizer;
  let calls = 0;
  const isLast = (): boolean => calls++ === last;
  const die = (): never => process.kill(process.pid, 'SIGKILL') as never;
  const { syncBuiltinESMExports } = process.getBuiltinModule('node:module');
  const promises = process.getBuiltinModule('node:fs/promises');
  for (const name of ['mkdir', 'readdir', 'rename', 'rm', 'rmdir'] as const) {
    const call = promises[name] as (...parameters: unknown[]) => unknown;
    Object.assign(promises, { [name]: (...parameters: unknown[]) => (isLast() ? die() : call(...parameters)) });
  }
  const { open } = promises;
  Object.assign(promises, {
    open: async (...parameters: Parameters<typeof open>) => {
      if (isLast()) die();
      const handle = await open(...parameters);
      const writeFile = handle.writeFile.bind(handle);
      const sync = handle.sync.bind(handle);
      handle.writeFile = async (data) => {
        if (!isLast()) return writeFile(data);
        await writeFile(data.slice(0, Math.floor((data as string).length / 2)));
        return die();
      };
      handle.sync = () => (isLast() ? die() : sync());
      return handle;
    },
  });
  syncBuiltinESMExports();
  await save(step + 1);
  say(`completed ${calls}`);
}

/** Saves twice and says how the second one ended. */
async function saveTwice(): Promise<void> {
  await save(1);
  try {
    await save(2);
    say('saved');
  } catch (error) {
    say(isFileSystemError(error) ? `${error.code} ${error.message}` : `unexpected ${String(error)}`);
  }
  const { readdir } = process.getBuiltinModule('node:fs/promises');
  say((await readdir(folder)).sort().join(' '));
  say(String((await readTrainingState(folder)).optimizer.step));
}

async function holdLock(): Promise<void> {
  await lockFolder(folder);
  say('locked');
  setInterval(() => undefined, 1000);
}

switch (mode) {
  case 'for-ever':
    await saveForEver();
    break;
  case 'replace':
    await replaceForEver();
    break;
  case 'until-call':
    await saveUntilCall(Number(argument));
    break;
  case 'twice':
    await saveTwice();
    break;
  case 'lock':
    await holdLock();
    break;
  default:
    throw new Error(`Unknown mode ${String(mode)}.`);
}
