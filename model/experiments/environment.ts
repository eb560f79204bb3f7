/** @file On what an experiment runs: machine, versions, and the commit of the source. */
import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { cpus } from 'node:os';
import { promisify } from 'node:util';
import { version } from '../../package.json';
import type { ExperimentSetup } from '../protocol/experiments';
import { loadOnnxRuntime } from '../runtime/onnxRuntime';

const call = promisify(execFile);

/**
 * Versions and machine of this process.
 * @param program the folder that the program is in, a checkout or an installation
 */
export async function describeProgram(
  program: string,
  threads: number,
): Promise<Pick<ExperimentSetup, 'version' | 'commit' | 'environment'>> {
  const { env } = await loadOnnxRuntime();
  return {
    version,
    commit: await commitOf(program),
    environment: {
      processor: cpus()[0]?.model.trim() ?? 'unknown',
      threads,
      platform: `${process.platform}-${process.arch}`,
      node: process.versions.node,
      onnxRuntime: env.versions.node ?? env.versions.common,
    },
  };
}

/** Null where the folder is no checkout of its own, or there is no git. */
async function commitOf(folder: string): Promise<string | null> {
  try {
    const git = async (...args: string[]) => (await call('git', ['rev-parse', ...args], { cwd: folder })).stdout.trim();
    // An installation may lie within a repository of something else.
    if ((await realpath(await git('--show-toplevel'))) !== (await realpath(folder))) return null;
    return await git('HEAD');
  } catch {
    return null;
  }
}
