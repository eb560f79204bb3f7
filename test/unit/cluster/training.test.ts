/** @file Runs of the PyTorch program: several processes as one, folders that go back and forth with the library, stops, kills, refusals. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../../model/checkpoint/lock';
import { readModelFolder, readTrainingState, saveCheckpoint } from '../../../model/checkpoint/modelFolder';
import { isTrainingEnd, parseEntries, readReports } from '../../../model/checkpoint/trainingLog';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import type { TrainingReport } from '../../../model/protocol/training';
import { Inference } from '../../../model/runtime/inference';
import { readCorpus, splitCorpus } from '../../../model/text/corpus';
import { evaluate } from '../../../model/training/evaluate';
import { train } from '../../../model/training/train';
import { BundledCli, expectOneSentence, jsonLines, SMALL_CONFIG } from '../cli/bundle';
import { relativeError } from '../../golden/golden';
import type { Ended } from './support';
import { runPython, startPython, startTwo, TRAIN } from './support';

const STEPS = 120;
/** Not a multiple of two: the processes have 3 and 4 windows. */
const BATCH = 7;

let root: string;
let text: string;
let recipe: readonly string[];

beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'cluster-'));
  text = path.join(root, 'text');
  mkdirSync(text);
  for (let i = 0; i < 40; i++) {
    writeFileSync(
      path.join(text, `${i}.txt`),
      `${i}: the quick brown fox — naïve — jumps over the lazy dog.\n`.repeat(1 + (i % 7)),
    );
  }
  const config = path.join(root, 'config.json');
  writeFileSync(config, JSON.stringify({ ...SMALL_CONFIG, temperature_learned: true }));
  recipe = [
    ...['--text', text, '--config', config, '--steps', String(STEPS), '--batch', String(BATCH), '--seed', '3'],
    ...['--device', 'cpu', '--threads', '1', '--json'],
  ];
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const folder = (name: string): string => path.join(root, name);
const reportsOf = ({ code, stdout, stderr }: Ended, expected = 0): TrainingReport[] => {
  expect(code, stderr).toBe(expected);
  return jsonLines<TrainingReport>(stdout);
};

function expectSameLosses(found: readonly TrainingReport[], expected: readonly TrainingReport[], bound: number): void {
  expect(found.length).toBeGreaterThan(0);
  for (const { step, loss, learningRate } of found) {
    const other = expected[step - 1]!;
    expect(other.step).toBe(step);
    expect(Math.abs(loss - other.loss), `loss of step ${step}`).toBeLessThan(bound);
    expect(learningRate).toBeCloseTo(other.learningRate, 12);
  }
}

describe('training with PyTorch', { timeout: 120_000 }, () => {
  let alone: readonly TrainingReport[];

  it('reports every step with the keys of the library, and leaves a folder that it reads', async () => {
    alone = reportsOf(await startPython(TRAIN, ...recipe, '--out', folder('alone')).ended);
    expect(alone.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
    const config = { ...DEFAULT_CONFIG, ...SMALL_CONFIG, temperature_learned: true };
    const ours: TrainingReport[] = [];
    await train(
      {
        ...{
          text: [text],
          out: folder('ours'),
          preset: 'tiny',
          config,
          resume: false,
          steps: 1,
          seconds: null,
          seed: 3,
        },
        ...{ device: 'cpu', threads: 1, exclude: [], maxFileBytes: 1e6, batch: BATCH },
      },
      { times: { reportMilliseconds: 0 }, onReport: (report) => ours.push(report) },
    );
    const { probe, ...last } = ours.at(-1)!;
    expect(probe).toBeDefined();
    const keys = Object.keys(last).sort();
    expect(Object.keys(alone.at(-1)!).sort()).toEqual(keys);
    expect(Object.keys(alone[5]!).sort()).toEqual(keys.filter((key) => key !== 'heldOutBitsPerByte'));
    // The same seed, the same model, the same windows.
    expect(alone[0]!.loss).toBeCloseTo(ours[0]!.loss, 5);
    expect(await readReports(folder('alone'))).toEqual(alone);
    const entries = parseEntries(readFileSync(path.join(folder('alone'), 'training.jsonl'), 'utf8'));
    expect(entries.at(-1)).toEqual({
      step: STEPS,
      end: 'finished',
      message: `Training has finished at step ${STEPS}.`,
    });
    expect((await readModelFolder(folder('alone'))).steps).toBe(STEPS);
    expect(alone.at(-1)!.loss).toBeLessThan(0.8 * alone[0]!.loss);
  });

  it('in two processes has the losses of one process with the joined batch', async () => {
    const two = reportsOf(await (await startTwo(...recipe, '--out', folder('two'))).ended);
    expect(two).toHaveLength(STEPS);
    // Sums of float32 in another order: about 1e-7 a step, which the steps then carry on.
    expectSameLosses(two.slice(0, 20), alone, 2e-6);
    expectSameLosses(two, alone, 1e-4);
    two.slice(0, 20).forEach(({ gradientNorm }, i) => {
      expect(Math.abs(gradientNorm / alone[i]!.gradientNorm - 1), `gradient norm of step ${i + 1}`).toBeLessThan(1e-4);
    });
    const [found, expected] = await Promise.all([readTrainingState(folder('two')), readTrainingState(folder('alone'))]);
    expect(found.sampler).toEqual(expected.sampler);
    const [model, other] = await Promise.all([readModelFolder(folder('two')), readModelFolder(folder('alone'))]);
    for (const [name, { data }] of model.parameters) {
      // A bias of keys has no gradient but rounding, which AdamW scales up.
      const bound = name.endsWith('.qkv.bias') ? 0.05 : 1e-3;
      expect(relativeError(data, other.parameters.get(name)!.data), name).toBeLessThan(bound);
    }
  });

  it('measures held-out text as the library does', async () => {
    const { config, parameters } = await readModelFolder(folder('two'));
    const corpus = await readCorpus([text], { exclude: [], maxFileBytes: 1e6 });
    const { heldOut } = splitCorpus(corpus, 0.05, 3);
    const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
    try {
      const { bitsPerByte } = await evaluate(inference, heldOut);
      const reports = await readReports(folder('two'));
      expect(Math.abs(reports.at(-1)!.heldOutBitsPerByte! - bitsPerByte)).toBeLessThan(1e-4);
    } finally {
      await inference.dispose();
    }
  });

  it('leaves folders that the command line evaluates and inspects', async () => {
    const cli = await BundledCli.create();
    try {
      const evaluated = await cli.run('evaluate', '--model', folder('two'), text, '--json');
      expect(evaluated.code, evaluated.stderr).toBe(0);
      const [result] = jsonLines<{ bitsPerByte: number }>(evaluated.stdout);
      expect(result!.bitsPerByte).toBeLessThan(alone[0]!.bitsPerByte);
      const inspected = await cli.run('inspect', '--model', folder('two'), path.join(text, '1.txt'), '--json');
      expect(inspected.code, inspected.stderr).toBe(0);
      expect(inspected.stdout).not.toBe('');
    } finally {
      cli.dispose();
    }
  });

  it('stops, goes on in the library, stops, and goes on here, as if it never had', async () => {
    const out = folder('relay');
    const begun = startPython(TRAIN, ...recipe, '--out', out);
    await begun.sawOutput('{"step": 10,');
    begun.signal('SIGTERM');
    const first = reportsOf(await begun.ended, 130);
    expect(first.length).toBeLessThan(STEPS);
    expectSameLosses(first, alone, 1e-9);

    const stop = new AbortController();
    const second: TrainingReport[] = [];
    const resumed = await train(
      {
        ...{ text: [], out, preset: 'tiny', resume: true, steps: null, seconds: null, seed: 0 },
        ...{ device: 'cpu', threads: 1, exclude: [], maxFileBytes: 1e6 },
      },
      {
        signal: stop.signal,
        times: { reportMilliseconds: 0, measure: false },
        onReport: (report) => {
          second.push(report);
          if (second.length === 10) stop.abort();
        },
      },
    );
    expect(resumed.outcome).toBe('stopped');
    expect(second[0]!.step).toBe(first.length + 1);
    expectSameLosses(second, alone, 1e-4);

    const last = reportsOf(
      await startPython(TRAIN, '--out', out, '--resume', '--threads', '1', '--device', 'cpu', '--json').ended,
    );
    expect(last[0]!.step).toBe(resumed.step + 1);
    expect(last.at(-1)!.step).toBe(STEPS);
    expectSameLosses(last, alone, 1e-4);
    // Every step is in the log once.
    const reports = await readReports(out);
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
  });

  it('in two processes stops at Ctrl-C, and every process ends', async () => {
    const out = folder('interrupted');
    const running = await startTwo(...recipe, '--steps', '100000', '--out', out);
    await running.sawOutput('{"step": 5,');
    running.signal('SIGINT');
    const { stderr } = await running.ended;
    expect(stderr).toContain('Stopped at step');
    const { step } = (await readTrainingState(out)).optimizer;
    const entries = parseEntries(readFileSync(path.join(out, 'training.jsonl'), 'utf8'));
    expect(entries.at(-1)).toEqual({ step, end: 'stopped', message: `Training was stopped at step ${step}.` });
    expect(entries.filter((entry) => !isTrainingEnd(entry)).at(-1)!.step).toBe(step);
    expect(readdirSync(out).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'optimizer.safetensors',
      'training.jsonl',
    ]);
  });

  it('killed at any call of a save leaves the old pair or the new one', async () => {
    const copies = folder('copies');
    mkdirSync(copies);
    const start = (await readTrainingState(folder('alone'))).optimizer.step;
    const kills = Number(await runPython(path.join(__dirname, 'kills.py'), folder('alone'), copies));
    expect(kills).toBeGreaterThan(20);
    let expected = start;
    const outcomes = { old: 0, new: 0 };
    for (let kill = 0; kill < kills; kill++) {
      const killed = path.join(copies, String(kill));
      const model = await readModelFolder(killed);
      const { optimizer } = await readTrainingState(killed);
      expect([expected, expected + 1]).toContain(optimizer.step);
      outcomes[optimizer.step === expected ? 'old' : 'new']++;
      expected = optimizer.step;
      expect(model.steps).toBe(expected);
      if (expected === start) continue;
      for (const { data } of model.parameters.values()) expect(data.every((value) => value === expected)).toBe(true);
      for (const { data } of optimizer.firstMoments.values())
        expect(data.every((value) => value === -expected)).toBe(true);
    }
    expect(outcomes.old).toBeGreaterThan(9);
    expect(outcomes.new).toBeGreaterThan(3);
    // The completed save removed what the killed ones had left.
    expect(readdirSync(folder('alone')).sort()).toEqual([
      ...['config.json', 'model.safetensors', 'optimizer.safetensors', 'training.jsonl'],
    ]);
  });

  it('does not write over a model that another program trained there while the text was read', async () => {
    const file = path.join(folder('taken'), 'model.safetensors');
    const program = `
import os, sys
sys.path.insert(0, ${JSON.stringify(path.dirname(TRAIN))})
from smuggler import main

def corpus(self, *_):
    os.makedirs(${JSON.stringify(folder('taken'))})
    open(${JSON.stringify(file)}, "w").close()

main._Terminal.corpus = corpus
sys.exit(main.main(sys.argv[1:]))`;
    const refused = await startPython('-c', program, ...recipe, '--out', folder('taken')).ended;
    expect(refused.code).toBe(1);
    expectOneSentence(refused, /taken is not empty; choose another folder/);
    expect(readFileSync(file, 'utf8')).toBe('');
    expect(readdirSync(folder('taken'))).toEqual(['model.safetensors']);
  });

  it('refuses in one sentence what it cannot do', async () => {
    expectOneSentence(
      await startPython(TRAIN, ...recipe, '--out', folder('two')).ended,
      /is not empty; choose another folder/,
    );
    expectOneSentence(
      await startPython(TRAIN, '--resume', '--out', folder('two')).ended,
      /has already been trained to its end, 120 steps/,
    );
    const lock = await lockFolder(folder('interrupted'));
    try {
      const refused = await startPython(TRAIN, '--resume', '--out', folder('interrupted')).ended;
      expect(refused.code).toBe(1);
      expectOneSentence(refused, /is being trained by process \d+; stop that training/);
    } finally {
      await lock.release();
    }
    // As a run of the library with another optimizer leaves it.
    const model = await readModelFolder(folder('interrupted'));
    const state = await readTrainingState(folder('interrupted'));
    const optimizer = { ...(state.schedule['optimizer'] as object), other: 1 };
    await saveCheckpoint(folder('muon'), model, { ...state, schedule: { ...state.schedule, optimizer } });
    expectOneSentence(await startPython(TRAIN, '--resume', '--out', folder('muon')).ended, /no usable "optimizer"/);
  });

  it('that diverges says so once, whatever the number of processes, and keeps the last save', async () => {
    const running = await startTwo(...recipe, '--out', folder('diverged'), '--learning-rate', '1e9');
    const { code, stderr } = await running.ended;
    expect(code).not.toBe(0);
    expect(stderr.match(/smuggler: Training diverged at step \d+: the (loss|gradient norm) /g)).toHaveLength(1);
    expect(stderr).not.toMatch(/File ".*smuggler/);
    expect((await readTrainingState(folder('diverged'))).optimizer.step).toBe(0);
    const entries = parseEntries(readFileSync(path.join(folder('diverged'), 'training.jsonl'), 'utf8'));
    const last = entries.at(-1)!;
    expect(isTrainingEnd(last) && last.end).toBe('diverged');
  });
});
