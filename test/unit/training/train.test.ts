/** @file Training a model folder on a real session: it learns, stops, resumes bit for bit, and keeps the last good save. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFolderLockedError } from '../../../model/checkpoint/lock';
import { readModelFolder, readTrainingState } from '../../../model/checkpoint/modelFolder';
import { readReports } from '../../../model/checkpoint/trainingLog';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import type { CorpusSummary, TrainingReport } from '../../../model/protocol/training';
import { isCorpusError } from '../../../model/text/corpus';
import { isTrainingError } from '../../../model/training/errors';
import type { TrainingRequest } from '../../../model/training/plan';
import { train } from '../../../model/training/train';

const CONFIG: ModelConfig = {
  ...DEFAULT_CONFIG,
  embedding_dim: 8,
  stages: 1,
  bottleneck_layers: 1,
  attention_heads: 2,
  voters_per_bit: 4,
  bit_decoding: 'chained',
  context_chunks: 8,
};
const TEXT = 'The quick brown fox jumps over the lazy dog. ';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smuggler-train-'));
  writeFileSync(join(folder, 'text.txt'), TEXT.repeat(100));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function request(changes: Partial<TrainingRequest>): TrainingRequest {
  return {
    text: [join(folder, 'text.txt')],
    out: join(folder, 'model'),
    preset: 'tiny',
    config: CONFIG,
    resume: false,
    steps: 40,
    seconds: null,
    batch: 4,
    learningRate: 1e-2,
    seed: 3,
    device: 'cpu',
    threads: 1,
    exclude: [],
    maxFileBytes: 1e6,
    ...changes,
  };
}

/** Trains with a report a step. */
async function run(changes: Partial<TrainingRequest>, stopAfter = Infinity) {
  const reports: TrainingReport[] = [];
  const warnings: string[] = [];
  const saved: number[] = [];
  const controller = new AbortController();
  let corpus: CorpusSummary | undefined;
  const result = await train(request(changes), {
    signal: controller.signal,
    times: { reportMilliseconds: 0 },
    onCorpus: (summary) => (corpus = summary),
    onReport: (report) => {
      reports.push(report);
      if (report.step === stopAfter) controller.abort();
    },
    onSaved: (step) => saved.push(step),
    onWarning: (message) => warnings.push(message),
  });
  return { result, reports, warnings, saved, corpus };
}

function weights(name: string): Buffer {
  return readFileSync(join(folder, name, 'model.safetensors'));
}

/** The lines of a run's log. */
function log(name: string): object[] {
  const text = readFileSync(join(folder, name, 'training.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
}

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error as Error,
  );
}

describe('train', () => {
  it('learns a text that repeats, and measures it on held-out text', async () => {
    const { result, reports, saved, corpus } = await run({ steps: 300 });
    expect(result).toMatchObject({ outcome: 'finished', step: 300 });
    expect(reports).toHaveLength(300);
    expect(result.bitsPerByte).toBeLessThan(0.5 * reports[0]!.bitsPerByte);
    expect(result.heldOutBitsPerByte).toBeLessThan(0.5 * reports[0]!.bitsPerByte);
    expect(reports.at(-1)!.heldOutBitsPerByte).toBe(result.heldOutBitsPerByte);
    expect(saved).toEqual([300]);
    expect(corpus).toMatchObject({ files: 1, bytes: TEXT.length * 100, skipped: [] });
    expect(corpus!.trainBytes + corpus!.heldOutBytes).toBe(corpus!.bytes);
    expect((await readModelFolder(result.folder)).steps).toBe(300);
    expect(log('model').slice(0, -1)).toEqual(reports);
    expect(log('model').at(-1)).toEqual({
      step: 300,
      end: 'finished',
      message: 'Training has finished at step 300.',
    });
  });

  for (const aggregation of ['softmax', 'confidence'] as const) {
    it(`stopped and resumed is bit for bit as never stopped (${aggregation})`, async () => {
      const config: ModelConfig = { ...CONFIG, aggregation, temperature_learned: aggregation === 'confidence' };
      const whole = await run({ config, out: join(folder, 'whole') });
      const first = await run({ config }, 17);
      expect(first.result.outcome).toBe('stopped');
      expect(first.result.step).toBe(17);
      const rest = await run({ text: [], steps: null, batch: undefined, learningRate: undefined, resume: true });
      expect(rest.result).toMatchObject({ outcome: 'finished', step: 40 });
      expect(rest.warnings).toEqual([]);
      const losses = (reports: readonly TrainingReport[]) =>
        reports.map(({ step, loss, learningRate }) => [step, loss, learningRate]);
      expect(losses([...first.reports, ...rest.reports])).toEqual(losses(whole.reports));
      expect(weights('model').equals(weights('whole'))).toBe(true);
      const ends = log('model').filter((entry) => 'end' in entry);
      expect(ends).toMatchObject([
        { step: 17, end: 'stopped' },
        { step: 40, end: 'finished' },
      ]);
      expect(log('model')).toHaveLength(40 + ends.length);
    });
  }

  it('learns the same whether it is looked at or not', async () => {
    const losses = async (out: string, measure: boolean) => {
      const reports: TrainingReport[] = [];
      // Long enough that a run that is looked at is measured in between.
      await train(request({ out: join(folder, out), steps: 400 }), {
        times: { reportMilliseconds: 0, measure },
        onReport: (report) => reports.push(report),
      });
      return reports;
    };
    const watched = await losses('watched', true);
    const alone = await losses('alone', false);
    expect(watched.filter(({ probe }) => probe !== undefined).length).toBeGreaterThan(1);
    expect(alone.filter(({ probe }) => probe !== undefined).length).toBe(1);
    const learned = (reports: readonly TrainingReport[]) =>
      reports.map(({ step, loss, gradientNorm }) => [step, loss, gradientNorm]);
    expect(learned(watched)).toEqual(learned(alone));
    expect(weights('watched').equals(weights('alone'))).toBe(true);
  });

  it('has the same losses with the same seed and others with another', async () => {
    const losses = async (out: string, seed: number) =>
      (await run({ out: join(folder, out), seed, steps: 3 })).reports.map(({ loss }) => loss);
    const first = await losses('a', 1);
    expect(await losses('b', 1)).toEqual(first);
    expect(await losses('c', 2)).not.toEqual(first);
  });

  it('starts near the entropy of the bits taken one by one', async () => {
    const { reports } = await run({ steps: 1 });
    // An even guess costs ln 2 a bit; the bits' own rates are worth a good part of that.
    expect(reports[0]!.loss).toBeLessThan(0.85 * Math.LN2);
    expect(reports[0]!.loss).toBeGreaterThan(0.2 * Math.LN2);
  });

  it('warns and goes on when the text has changed since', async () => {
    await run({}, 5);
    writeFileSync(join(folder, 'text.txt'), TEXT.repeat(90));
    const { result, warnings } = await run({ resume: true });
    expect(result.outcome).toBe('finished');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/text has changed/);
  });

  it('trains on from other weights, with their configuration', async () => {
    await run({ steps: 100 });
    const init = await readModelFolder(join(folder, 'model'));
    const { reports } = await run({ steps: 1, init, config: undefined, out: join(folder, 'second') });
    const fresh = await run({ steps: 1, out: join(folder, 'third') });
    expect(reports[0]!.loss).toBeLessThan(0.8 * fresh.reports[0]!.loss);
    expect((await readModelFolder(join(folder, 'second'))).config).toEqual(CONFIG);
  });

  it('ends after the time it was given', async () => {
    const { result } = await run({ steps: null, seconds: 0.3 });
    expect(result.outcome).toBe('finished');
    expect(result.step).toBeGreaterThan(0);
    expect((await readTrainingState(result.folder)).schedule['trainedSeconds']).toBeGreaterThanOrEqual(0.3);
  });

  it('keeps the last good save when it diverges', async () => {
    await run({}, 10);
    const init = await readModelFolder(join(folder, 'model'));
    // A rate that no model survives: taken over by a new run that starts from the same weights.
    const error = await failure(run({ init, learningRate: 1e6, out: join(folder, 'wild') }));
    if (!isTrainingError(error)) throw error;
    expect(error.reason).toBe('diverged');
    expect(error.message).toMatch(/^Training diverged at step \d+: .*learning rate\.$/);
    // The save from before the first step.
    const kept = await readModelFolder(join(folder, 'wild'));
    expect(kept.steps).toBe(0);
    expect(kept.parameters).toEqual(init.parameters);
    // What a monitor shows: the good steps, then the sentence.
    expect(log('wild').at(-1)).toEqual({
      step: error.step,
      end: 'diverged',
      message: error.message,
    });
    // From there it goes on, at a rate that is not taken from the wild run.
    const { result } = await run({ init: kept, out: join(folder, 'tame'), steps: 3 });
    expect(result.outcome).toBe('finished');
  });

  it('refuses weights that are not finite and writes nothing', async () => {
    await run({ steps: 1 });
    const { config, parameters } = await readModelFolder(join(folder, 'model'));
    const broken = new Map(parameters);
    const bias = broken.get('output_norm.bias')!;
    broken.set('output_norm.bias', { ...bias, data: bias.data.map((value, i) => (i === 3 ? NaN : value)) });
    const error = await failure(run({ init: { config, parameters: broken }, out: join(folder, 'broken') }));
    expect(isTrainingError(error) && error.reason).toBe('diverged');
    expect(error.message).toContain('output_norm.bias holds a value that is not finite');
    await expect(readModelFolder(join(folder, 'broken'))).rejects.toThrow();
  });

  it('does not write over a folder that holds something', async () => {
    await run({ steps: 1 });
    const before = weights('model');
    const error = await failure(run({ steps: 1 }));
    expect(isTrainingError(error) && error.reason).toBe('folder');
    expect(error.message).toContain('is not empty');
    expect(weights('model').equals(before)).toBe(true);
    const file = await failure(run({ out: join(folder, 'text.txt') }));
    expect(isTrainingError(file) && file.reason).toBe('folder');
  });

  it('does not write over a model that was trained there while the text was read', async () => {
    await run({ steps: 1, out: join(folder, 'other') });
    const error = await failure(
      train(request({ steps: 1 }), {
        onCorpus: () => {
          cpSync(join(folder, 'other'), join(folder, 'model'), { recursive: true });
        },
      }),
    );
    expect(error.message).toContain('is not empty');
    expect(weights('model').equals(weights('other'))).toBe(true);
    expect(existsSync(join(folder, 'model', '.training.lock'))).toBe(false);
  });

  it.each([true, false])(
    'refuses a folder that another training is at work in, and frees it at its end (resume: %s)',
    async (resume) => {
      let second: Promise<Error> | undefined;
      await train(request({ steps: 20 }), {
        times: { reportMilliseconds: 0 },
        onReport: ({ step }) => {
          if (step === 5) second = failure(run({ resume }));
        },
      });
      const error = await second!;
      expect(isFolderLockedError(error)).toBe(true);
      expect(error.message).toContain(`is being trained by process ${process.pid};`);
      expect((await run({ resume: true, steps: 25 })).result.step).toBe(25);
    },
  );

  it('drops from the log what came after the save it resumes from', async () => {
    await run({}, 10);
    const file = join(folder, 'model', 'training.jsonl');
    writeFileSync(file, '{"step":11,"loss":1}\n{"step":12,"lo', { flag: 'a' });
    await run({ resume: true });
    expect((await readReports(join(folder, 'model'))).map(({ step }) => step)).toEqual(
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
  });

  it('says that a folder to resume does not exist, and does not make it', async () => {
    const error = await failure(run({ resume: true }));
    expect(isTrainingError(error) && error.reason).toBe('folder');
    expect(existsSync(join(folder, 'model'))).toBe(false);
  });

  it('has nothing to do when it is resumed at its end, unless more is asked for', async () => {
    await run({ steps: 5 });
    const error = await failure(run({ steps: 5, resume: true }));
    expect(error.message).toContain('already been trained to its end, 5 steps');
    expect((await run({ steps: 8, resume: true })).result.step).toBe(8);
  });

  it('says what is wrong with a folder that was never trained', async () => {
    cpSync(join(__dirname, '../../golden/chained'), join(folder, 'model'), { recursive: true });
    const error = await failure(run({ resume: true }));
    expect(error.message).toContain('optimizer.safetensors');
  });

  it('says that there is no text', async () => {
    writeFileSync(join(folder, 'text.txt'), '');
    const error = await failure(run({}));
    expect(isCorpusError(error) || isTrainingError(error)).toBe(true);
    writeFileSync(join(folder, 'text.txt'), 'abc');
    const short = await failure(run({}));
    expect(isCorpusError(short) || isTrainingError(short)).toBe(true);
    await expect(readModelFolder(join(folder, 'model'))).rejects.toThrow();
  });
});
