/** @file `runs.jsonl`: the setup, then a line for every finished run with all its rows; at most the run that was under way is ever lost. */
import { open, truncate } from 'node:fs/promises';
import { atomicWrite } from '../checkpoint/atomicWrite';
import { isFileSystemError, told } from '../files/fileSystemError';
import { readRegularFile } from '../files/readRegularFile';
import type { ExperimentName } from '../protocol/experiments';
import type { FinishedRun } from './experiment';

/** What all runs of a log have in common; a log of anything else is not gone on with. */
export interface LogSetup {
  readonly experiment: ExperimentName;
  /** Of the plan. */
  readonly version: number;
  readonly quick: boolean;
  /** What all arms have in common. */
  readonly fixed: readonly string[];
  readonly texts: readonly { readonly name: string; readonly sha256: string }[];
}

/** A log that cannot be gone on with; the message is for the user. */
export class RunLogError extends Error {
  override readonly name = 'RunLogError';
}

export function isRunLogError(error: unknown): error is RunLogError {
  return error instanceof RunLogError;
}

/** More than months of runs. */
const MOST_BYTES = 1_000_000_000;

/** The runs that are done, and where further ones are added. */
export class RunLog {
  private constructor(
    private readonly file: string,
    private readonly runs: Map<string, FinishedRun>,
  ) {}

  /**
   * Opens a log, or begins it. A last line that a killed process left unfinished is removed.
   * @throws RunLogError where the log is of another setup, or broken
   * @throws FileSystemError
   */
  static async open(file: string, setup: LogSetup): Promise<RunLog> {
    const bytes = await readIfThere(file);
    if (bytes === null) {
      await atomicWrite(file, `${JSON.stringify(setup)}\n`);
      return new RunLog(file, new Map());
    }
    const end = bytes.lastIndexOf(0x0a) + 1;
    const [first, ...rest] = bytes.toString('utf8', 0, end).split('\n').slice(0, -1).map(parseLine);
    refuseOther(file, first, setup);
    const runs = new Map<string, FinishedRun>();
    rest.forEach((run, i) => {
      if (!isFinishedRun(run)) {
        throw new RunLogError(`${file}: line ${i + 2} is no run, so the log is broken; choose another --out.`);
      }
      runs.set(run.key, run);
    });
    if (end < bytes.length) await told('write', file, () => truncate(file, end));
    return new RunLog(file, runs);
  }

  /** The runs that are done, by key. */
  get finished(): ReadonlyMap<string, FinishedRun> {
    return this.runs;
  }

  /** Adds a run, which is on the disk when this returns. @throws FileSystemError */
  async append(run: FinishedRun): Promise<void> {
    await told('write', this.file, async () => {
      const handle = await open(this.file, 'a');
      try {
        await handle.appendFile(`${JSON.stringify(run)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
    this.runs.set(run.key, run);
  }
}

/**
 * What a log says without being gone on with: null where there is none, or it is of no experiment.
 * @throws FileSystemError
 */
export async function readRunLog(file: string): Promise<{ readonly setup: LogSetup; readonly runs: number } | null> {
  const bytes = await readIfThere(file);
  if (bytes === null) return null;
  const end = bytes.lastIndexOf(0x0a) + 1;
  const [first, ...rest] = bytes.toString('utf8', 0, end).split('\n').slice(0, -1).map(parseLine);
  const isSetup = typeof first === 'object' && first !== null && 'experiment' in first;
  if (!isSetup) return null;
  const keys = rest.filter(isFinishedRun).map(({ key }) => key);
  return { setup: first as LogSetup, runs: new Set(keys).size };
}

async function readIfThere(file: string): Promise<Buffer | null> {
  try {
    return await readRegularFile(file, MOST_BYTES);
  } catch (error) {
    if (isFileSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isFinishedRun(value: unknown): value is FinishedRun {
  return typeof value === 'object' && value !== null && 'key' in value && 'rows' in value && Array.isArray(value.rows);
}

/** Seeds are no part of the setup: more of them go on with what is there. */
function refuseOther(file: string, found: unknown, setup: LogSetup): void {
  const stored = (typeof found === 'object' && found !== null ? found : {}) as Partial<LogSetup>;
  const differing = [
    ['experiment', stored.experiment, setup.experiment],
    ['size', stored.quick === true ? 'quick' : 'full', setup.quick ? 'quick' : 'full'],
    ['version of the plan', stored.version, setup.version],
    ['recipe', JSON.stringify(stored.fixed), JSON.stringify(setup.fixed)],
    ['text', JSON.stringify(stored.texts), JSON.stringify(setup.texts)],
  ].find(([, was, is]) => was !== is);
  if (differing === undefined) return;
  const [what, was, is] = differing;
  const how = what === 'text' || what === 'recipe' ? `another ${what}` : `${what} ${was ?? 'unknown'}, not ${is}`;
  throw new RunLogError(`${file} has runs of ${how}: choose another --out, or delete that folder to begin anew.`);
}
