/** @file Runs other programs: with their output shown, captured, or thrown as an error with its last lines. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const running = new Set();

/** Ends every program started here, with all that it started in turn. */
export function stopAll() {
  for (const child of running) kill(child, 'SIGKILL');
}

/** Signals a program and its descendants: it leads a process group of its own where the platform has such groups. */
function kill(child, signal) {
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/**
 * Runs a program to its end.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean | number, timeoutSeconds?: number }} [options] `show` lets
 * its output through, or writes it into the open file of this number
 * @returns {Promise<{ code: number, output: string, timedOut: boolean }>} with `show`, output is ''
 */
export function run(file, args, { cwd = ROOT, env = process.env, show = false, timeoutSeconds } = {}) {
  return new Promise((resolve) => {
    const out = show === true ? 'inherit' : show === false ? 'pipe' : show;
    const child = spawn(file, args, {
      cwd,
      env,
      stdio: ['ignore', out, out],
      detached: process.platform !== 'win32',
      shell: process.platform === 'win32' && !path.isAbsolute(file),
    });
    running.add(child);
    let output = '';
    let timedOut = false;
    const collect = (data) => (output += data);
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const timer =
      timeoutSeconds === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            kill(child, 'SIGKILL');
          }, timeoutSeconds * 1000);
    const settle = (code) => {
      clearTimeout(timer);
      // What the program started and left behind ends with it.
      if (child.pid !== undefined) kill(child, 'SIGKILL');
      running.delete(child);
      resolve({ code, output, timedOut });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      settle(127);
    });
    child.on('exit', (code, signal) => {
      if (signal !== null) output += `ended by ${signal}\n`;
      settle(code ?? 1);
    });
  });
}

/** Runs a program and throws with its last lines where it fails. */
export async function mustRun(file, args, options) {
  const { code, output } = await run(file, args, options);
  if (code !== 0) {
    const tail = output.trimEnd().split('\n').slice(-15).join('\n');
    throw new Error(`${[file, ...args].join(' ')} ended with exit code ${code}.\n${tail}`);
  }
  return output;
}

/** The full path of the first of these programs that is on PATH, or undefined. */
export function findOnPath(...names) {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
      if (folder === '' || folder.includes(`node_modules${path.sep}.bin`)) continue;
      for (const suffix of suffixes) {
        const candidate = path.join(folder, name + suffix);
        try {
          accessSync(candidate, constants.X_OK);
          return candidate;
        } catch {
          // Not here.
        }
      }
    }
  }
  return undefined;
}
