/** @file A model folder: golden ones read, float32 and float16 there and back, and one sentence for everything wrong. */
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFileSystemError } from '../../../model/files/fileSystemError';
import {
  isModelFolderError,
  readModelFolder,
  readTrainingState,
  saveCheckpoint,
  writeModelFolder,
} from '../../../model/checkpoint/modelFolder';
import type { SafeTensor } from '../../../model/checkpoint/safetensors';
import { readSafetensors, writeSafetensors } from '../../../model/checkpoint/safetensors';
import { parameterCount } from '../../../model/network/parameters';
import { GOLDEN_CASES } from '../../golden/golden';
import { unprivileged } from '../text/unprivileged';
import { modelAt, parametersWith, sameParameters, SMALL, stateAt } from './models';

const GOLDEN = path.join(import.meta.dirname, '../../golden');
const CASES = readdirSync(GOLDEN, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'model-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The message of the ModelFolderError that reading `from` must end in: one sentence. */
async function failure(
  reading: Promise<unknown>,
  guard: (error: unknown) => boolean = isModelFolderError,
): Promise<string> {
  const error: unknown = await reading.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(guard(error)).toBe(true);
  const { message } = error as Error;
  expect(message).toMatch(/^[^\n]+\.$/);
  return message;
}

describe('golden folders', () => {
  it('has them all', () => {
    expect(CASES.sort()).toEqual([...GOLDEN_CASES].sort());
  });

  it.each(CASES)('reads and rewrites %s', async (name) => {
    const golden = await readModelFolder(path.join(GOLDEN, name));
    const count = [...golden.parameters.values()].reduce((sum, { data }) => sum + data.length, 0);
    expect(count).toBe(parameterCount(golden.config));
    expect(golden.steps).toBeNull();
    const file = readFileSync(path.join(GOLDEN, name, 'model.safetensors'));
    expect(golden.checkpoint).toBe(createHash('sha256').update(file).digest('hex').slice(0, 12));

    await writeModelFolder(folder, { ...golden, steps: 7 });
    const again = await readModelFolder(folder);
    expect(again.config).toEqual(golden.config);
    expect(sameParameters(again.parameters, golden.parameters)).toBe(true);
    expect(again.steps).toBe(7);
    expect(again.path).toBe(folder);

    await writeModelFolder(folder, golden, { dtype: 'F16' });
    const half = await readModelFolder(folder);
    expect(half.steps).toBeNull();
    for (const [key, { shape, data }] of golden.parameters) {
      const tensor = half.parameters.get(key)!;
      expect(tensor.shape).toEqual(shape);
      // Half a unit in the last of 11 bits, or of the subnormals.
      const far = tensor.data.findIndex(
        (value, i) => Math.abs(value - data[i]!) > Math.max(Math.abs(data[i]!) * 2 ** -11, 2 ** -25),
      );
      expect([key, far]).toEqual([key, -1]);
    }
    expect((await readSafetensors(path.join(folder, 'model.safetensors'))).tensors.get('output_norm.bias')!.dtype).toBe(
      'F16',
    );
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors']);
  });
});

describe('wrong folders', () => {
  const model = (): string => path.join(folder, 'model.safetensors');
  const config = (): string => path.join(folder, 'config.json');

  beforeEach(async () => {
    await writeModelFolder(folder, modelAt(3));
  });

  /** Changes the tensors of the model file. */
  async function change(edit: (tensors: Map<string, SafeTensor>) => void): Promise<void> {
    const { tensors, metadata } = await readSafetensors(model());
    edit(tensors);
    await writeSafetensors(model(), tensors, metadata);
  }

  it('names a missing folder or file', async () => {
    const missing = path.join(folder, 'nowhere');
    expect(await failure(readModelFolder(missing))).toBe(
      `${path.join(missing, 'config.json')}: the file is missing, expected a model folder with config.json and model.safetensors.`,
    );
    rmSync(model());
    expect(await failure(readModelFolder(folder))).toContain(`${model()}: the file is missing`);
    expect(await failure(readModelFolder(config()), isFileSystemError)).toContain('not a folder');
  });

  it('names what is wrong in the configuration', async () => {
    const write = (text: string): void => {
      writeFileSync(config(), text);
    };
    write('{');
    expect(await failure(readModelFolder(folder))).toContain(`${config()}: found text that is not JSON`);
    write(JSON.stringify({ ...SMALL, voters: 3 }));
    expect(await failure(readModelFolder(folder))).toContain(`${config()}: unknown key "voters"`);
    write(JSON.stringify({ ...SMALL, stages: -1 }));
    expect(await failure(readModelFolder(folder))).toContain('"stages" is -1, expected an integer of at least 0');
    write('[]');
    expect(await failure(readModelFolder(folder))).toContain('expected an object');
    writeFileSync(config(), Uint8Array.of(0x7b, 0xff, 0x7d));
    expect(await failure(readModelFolder(folder))).toContain('not JSON');
  });

  it('says which key of config.json is there twice', async () => {
    const text = readFileSync(config(), 'utf8');
    writeFileSync(config(), text.replace('{', '{"embedding_dim":8,'));
    expect(await failure(readModelFolder(folder))).toContain('key "embedding_dim" is there twice in one object');
  });

  it('names a tensor that is missing, extra or of another shape or type', async () => {
    await change((tensors) => tensors.delete('output_norm.bias'));
    expect(await failure(readModelFolder(folder))).toBe(
      `${model()}: tensor "output_norm.bias" is missing, expected [8].`,
    );
    await writeModelFolder(folder, modelAt(3));
    await change((tensors) => tensors.set('more', { dtype: 'F32', shape: [1], data: new Float32Array(1) }));
    expect(await failure(readModelFolder(folder))).toContain('tensor "more" ([1]) is extra');
    await writeModelFolder(folder, modelAt(3));
    await change((tensors) => {
      const { dtype, data } = tensors.get('output_projection.weight')!;
      tensors.set('output_projection.weight', { dtype, shape: [128, 8], data });
    });
    expect(await failure(readModelFolder(folder))).toContain(
      'tensor "output_projection.weight" has shape [128, 8], expected [128, 8, 1]',
    );
    await writeModelFolder(folder, modelAt(3));
    await change((tensors) => tensors.set('output_norm.bias', { dtype: 'F64', shape: [8], data: new Float64Array(8) }));
    expect(await failure(readModelFolder(folder))).toContain(
      'tensor "output_norm.bias" has dtype F64, expected F32 or F16',
    );
    writeFileSync(config(), JSON.stringify({ ...SMALL, bit_decoding: 'chained' }));
    await writeSafetensors(model(), new Map());
    expect(await failure(readModelFolder(folder))).toContain('is missing');
  });

  it('names the first value that is not finite', async () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      await change((tensors) => (tensors.get('output_norm.weight')!.data[5] = value));
      expect(await failure(readModelFolder(folder))).toBe(
        `${model()}: tensor "output_norm.weight" holds ${value} at element 5, expected only finite numbers.`,
      );
    }
  });

  it('tells a truncated or corrupted file', async () => {
    const size = readFileSync(model()).length;
    for (const length of [size - 1, Math.floor(size / 2), 100, 7, 0]) {
      truncateSync(model(), length);
      expect(await failure(readModelFolder(folder))).toContain(`${model()}: `);
    }
    writeFileSync(model(), Buffer.alloc(size, 'text of something else '));
    expect(await failure(readModelFolder(folder))).toContain('not safetensors');
  });

  it('tells a number of steps that is none', async () => {
    for (const steps of ['', 'many', '-1', '1.5', 'null']) {
      const { tensors } = await readSafetensors(model());
      await writeSafetensors(model(), tensors, new Map([['steps', steps]]));
      expect(await failure(readModelFolder(folder))).toContain(`metadata "steps" is "${steps}"`);
    }
  });

  it('names a file that may not be read', async () => {
    chmodSync(folder, 0o755);
    chmodSync(model(), 0);
    expect(await unprivileged(() => failure(readModelFolder(folder), isFileSystemError))).toBe(
      `Cannot read ${model()}: permission denied; change its permissions or choose another folder.`,
    );
    rmSync(model());
    mkdirSync(model());
    expect(await failure(readModelFolder(folder), isFileSystemError)).toBe(
      `Cannot read ${model()}: it is a folder, not a file; choose another path.`,
    );
  });
});

describe('writing', () => {
  it('refuses values that are not finite or too large for float16, and leaves what stands', async () => {
    await writeModelFolder(folder, modelAt(1));
    const broken = parametersWith(2);
    broken.get('output_norm.weight')!.data[3] = NaN;
    expect(await failure(writeModelFolder(folder, { ...modelAt(2), parameters: broken }))).toContain(
      'tensor "output_norm.weight" holds NaN at element 3',
    );
    expect(await failure(saveCheckpoint(folder, { ...modelAt(2), parameters: broken }, stateAt(2)))).toContain('NaN');
    const large = parametersWith(2);
    large.get('output_norm.weight')!.data[3] = -65520;
    expect(await failure(writeModelFolder(folder, { ...modelAt(2), parameters: large }, { dtype: 'F16' }))).toContain(
      'holds -65520 at element 3, expected at most 65504 in float16',
    );
    const read = await readModelFolder(folder);
    expect(read.steps).toBe(1);
    expect(read.parameters).toEqual(parametersWith(1));
    large.get('output_norm.weight')!.data[3] = -65519;
    await writeModelFolder(folder, { ...modelAt(2), parameters: large }, { dtype: 'F16' });
    expect((await readModelFolder(folder)).parameters.get('output_norm.weight')!.data[3]).toBe(-65504);
  });

  it('makes the folder, and says so when a file is in its way', async () => {
    const deep = path.join(folder, 'a/b/c');
    await writeModelFolder(deep, modelAt(1));
    expect((await readModelFolder(deep)).steps).toBe(1);
    const file = path.join(deep, 'config.json');
    expect(await failure(writeModelFolder(file, modelAt(1)), isFileSystemError)).toBe(
      `Cannot write ${file}: it is a file, not a folder; choose another folder.`,
    );
    expect(await failure(writeModelFolder(path.join(file, 'x'), modelAt(1)), isFileSystemError)).toContain(
      'not a folder',
    );
  });
});

describe('training state', () => {
  it('comes back bit by bit', async () => {
    await saveCheckpoint(folder, modelAt(12), stateAt(12));
    expect(await readTrainingState(folder)).toEqual(stateAt(12));
    const read = await readModelFolder(folder);
    expect([read.steps, read.parameters, read.config]).toEqual([12, parametersWith(12), SMALL]);
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors', 'optimizer.safetensors']);
  });

  it('must belong to the model beside it', async () => {
    const optimizer = path.join(folder, 'optimizer.safetensors');
    await writeModelFolder(folder, modelAt(12));
    expect(await failure(readTrainingState(folder))).toContain(`${optimizer}: the file is missing`);
    await saveCheckpoint(folder, modelAt(12), stateAt(12));
    await writeModelFolder(folder, modelAt(13));
    expect(await failure(readTrainingState(folder))).toBe(
      `${optimizer}: metadata "step" is 12, expected 13, the step of the model beside it.`,
    );
    await writeModelFolder(folder, { ...modelAt(12), parameters: parametersWith(99) });
    expect(await failure(readTrainingState(folder))).toContain('metadata "checkpoint" is');
    await writeModelFolder(folder, modelAt(12));
    expect(await readTrainingState(folder)).toEqual(stateAt(12));
  });

  it('names what is wrong in it', async () => {
    const optimizer = path.join(folder, 'optimizer.safetensors');
    await saveCheckpoint(folder, modelAt(12), stateAt(12));
    const { tensors, metadata } = await readSafetensors(optimizer);
    const wrong = async (key: string, value: string | null): Promise<string> => {
      const changed = new Map(metadata);
      if (value === null) changed.delete(key);
      else changed.set(key, value);
      await writeSafetensors(optimizer, tensors, changed);
      return failure(readTrainingState(folder));
    };
    expect(await wrong('step', null)).toBe(`${optimizer}: metadata "step" is missing, expected JSON.`);
    expect(await wrong('step', '-3')).toContain('"step" is -3, expected a non-negative integer');
    expect(await wrong('sampler', '{"words":[1,2]}')).toContain('"sampler" is {"words":[1,2]}, expected the state');
    expect(await wrong('sampler', '{"words":[0,0,0,0]}')).toContain('"sampler" is');
    expect(await wrong('schedule', '[]')).toContain('"schedule" is []');
    const fewer = new Map(tensors);
    fewer.delete('second_moment.output_norm.bias');
    await writeSafetensors(optimizer, fewer, metadata);
    expect(await failure(readTrainingState(folder))).toContain('tensor "second_moment.output_norm.bias" is missing');
    truncateSync(optimizer, 1000);
    expect(await failure(readTrainingState(folder))).toContain(`${optimizer}: `);
  });
});
