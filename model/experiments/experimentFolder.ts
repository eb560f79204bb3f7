/** @file An experiment's folder as it lies on the disk: what it was begun with, how many runs are done, and what they found. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { atomicWrite } from '../checkpoint/atomicWrite';
import { isFileSystemError } from '../files/fileSystemError';
import { readRegularFile } from '../files/readRegularFile';
import { EXPERIMENT_NAMES } from '../measures/experimentText';
import type { ExperimentName, ExperimentParams, ExperimentResult, StoredExperiment } from '../protocol/experiments';
import { FILES } from './runExperiment';
import { readRunLog } from './runLog';

const BEGINNING = 'experiment.json';
/** A result has some thousand numbers. */
const MOST_BYTES = 50_000_000;

const names = v.picklist(EXPERIMENT_NAMES);
const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const value = v.nullable(v.pipe(v.number(), v.finite()));
const interval = v.nullable(v.tuple([v.pipe(v.number(), v.finite()), v.pipe(v.number(), v.finite())]));
const estimate = v.object({
  value,
  interval,
  n: count,
  of: v.string(),
  unit: v.string(),
  reason: v.exactOptional(v.string()),
});
const axis = v.object({ label: v.string(), unit: v.string(), scale: v.picklist(['linear', 'log']) });
const chart = { title: v.string(), note: v.string() };
const resultSchema: v.GenericSchema<unknown, ExperimentResult> = v.object({
  name: names,
  title: v.string(),
  question: v.string(),
  primary: v.string(),
  setup: v.object({
    quick: v.boolean(),
    seeds: count,
    texts: v.array(v.object({ name: v.string(), files: count, bytes: count, heldOutBytes: count, sha256: v.string() })),
    fixed: v.array(v.string()),
    version: v.string(),
    commit: v.nullable(v.string()),
    environment: v.object({
      processor: v.string(),
      threads: count,
      platform: v.string(),
      node: v.string(),
      onnxRuntime: v.string(),
    }),
  }),
  runs: v.object({ done: count, planned: count }),
  seconds: count,
  findings: v.array(
    v.object({
      claim: v.string(),
      measure: v.string(),
      estimate,
      verdict: v.picklist(['holds', 'fails', 'holds only where', 'not tested']),
      because: v.string(),
    }),
  ),
  charts: v.array(
    v.variant('kind', [
      v.object({
        kind: v.literal('lines'),
        ...chart,
        x: axis,
        y: axis,
        series: v.array(
          v.object({
            arm: v.string(),
            points: v.array(v.object({ x: v.pipe(v.number(), v.finite()), y: value, interval })),
            isFitted: v.exactOptional(v.literal(true)),
          }),
        ),
      }),
      v.object({
        kind: v.literal('dots'),
        ...chart,
        x: axis,
        rows: v.array(v.object({ arm: v.string(), estimate })),
      }),
      v.object({
        kind: v.literal('matrix'),
        ...chart,
        rowTitle: v.string(),
        rows: v.array(v.string()),
        columnTitle: v.string(),
        columns: v.array(v.string()),
        unit: v.string(),
        values: v.array(v.array(value)),
      }),
    ]),
  ),
});
const beginningSchema: v.GenericSchema<unknown, ExperimentParams> = v.object({
  experiment: names,
  quick: v.boolean(),
  seeds: v.nullable(count),
  texts: v.array(v.string()),
  out: v.string(),
  threads: count,
});

/**
 * Notes what an experiment is made of, so that it can be gone on with. In a folder that holds runs already they are of what it was begun
 * with, or are refused.
 * @throws FileSystemError
 */
export async function rememberBeginning(params: ExperimentParams): Promise<void> {
  if ((await readRunLog(path.join(params.out, FILES.log))) !== null) return;
  await atomicWrite(path.join(params.out, BEGINNING), `${JSON.stringify(params, null, 2)}\n`);
}

/** A file's content of a form; undefined where it is not there. @throws FileSystemError, SyntaxError, v.ValiError */
async function readJson<T>(file: string, schema: v.GenericSchema<unknown, T>): Promise<T | undefined> {
  try {
    return v.parse(schema, JSON.parse((await readRegularFile(file, MOST_BYTES)).toString('utf8')));
  } catch (error) {
    if (isFileSystemError(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isName(name: unknown): name is ExperimentName {
  return v.is(names, name);
}

/** Milliseconds since 1970; 0 where it is not there. */
function writtenAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** A result without its runs, as it is published; null where there is none. */
async function readResultAlone(folder: string): Promise<StoredExperiment | null> {
  const file = path.join(folder, FILES.result);
  const result = await readJson(file, resultSchema).catch(() => undefined);
  if (result === undefined) return null;
  const { name: experiment, runs } = result;
  const written = await writtenAt(file);
  return { folder, experiment, runs: runs.done, written, begunWith: null, result, problem: null };
}

/** What a folder holds; null where it holds neither runs of an experiment nor a result. */
export async function readExperiment(folder: string): Promise<StoredExperiment | null> {
  const log = path.join(folder, FILES.log);
  const read = await readRunLog(log).catch(() => null);
  if (read === null) return readResultAlone(folder);
  if (!isName(read.setup.experiment)) return null;
  const stored = { folder, experiment: read.setup.experiment, runs: read.runs, written: await writtenAt(log) };
  const begunWith = (await readJson(path.join(folder, BEGINNING), beginningSchema).catch(() => undefined)) ?? null;
  const file = path.join(folder, FILES.result);
  try {
    return { ...stored, begunWith, result: (await readJson(file, resultSchema)) ?? null, problem: null };
  } catch (error) {
    const reason = isFileSystemError(error) ? error.message : `${file} is no result of an experiment.`;
    return { ...stored, begunWith, result: null, problem: `${reason} Resume makes it anew from the runs.` };
  }
}
