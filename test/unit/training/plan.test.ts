/** @file What a run settles, stores and reads back. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, parseConfig } from '../../../model/network/config';
import { isTrainingError } from '../../../model/training/errors';
import type { TrainingRequest } from '../../../model/training/plan';
import {
  chooseThreads,
  corpusFingerprint,
  parsePlan,
  planTraining,
  requestedConfig,
  resumePlan,
} from '../../../model/training/plan';
import { PRESETS, presetNamed } from '../../../model/training/presets';

const REQUEST: TrainingRequest = {
  text: ['/text'],
  out: '/out',
  preset: 'tiny',
  resume: false,
  steps: null,
  seconds: null,
  seed: 7,
  device: 'cpu',
  threads: 0,
  exclude: [],
  maxFileBytes: 1000,
};

describe('planTraining', () => {
  it("takes the preset's length, batch and rate unless told otherwise", () => {
    const tiny = presetNamed('tiny');
    expect(planTraining(REQUEST)).toMatchObject({ steps: tiny.steps, seconds: null, batch: tiny.batch, seed: 7 });
    expect(planTraining({ ...REQUEST, seconds: 5 })).toMatchObject({ steps: null, seconds: 5 });
    expect(planTraining({ ...REQUEST, steps: 3, seconds: 5 })).toMatchObject({ steps: 3, seconds: 5 });
    const given = planTraining({ ...REQUEST, batch: 2, context: 5, learningRate: 1e-4 });
    expect(given).toMatchObject({ batch: 2, context: 5, schedule: { peak: 1e-4 } });
  });

  it("makes the window's length the model's context", () => {
    expect(requestedConfig({ ...REQUEST, context: 5 }).context_chunks).toBe(5);
    expect(requestedConfig({ ...REQUEST, config: DEFAULT_CONFIG })).toEqual(DEFAULT_CONFIG);
  });
});

describe('presets', () => {
  it('are usable configurations, from small to large', () => {
    for (const { config } of PRESETS) expect(parseConfig({ ...config }, 'preset')).toEqual(config);
    const sizes = PRESETS.map(({ parameters }) => parameters);
    expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
  });

  it('are named in the error where one is unknown', () => {
    expect(() => presetNamed('huge')).toThrow(/"huge".*tiny, small, default, paper/);
  });
});

describe('resumePlan', () => {
  const stored = planTraining({ ...REQUEST, steps: 100, batch: 4 });

  it('keeps everything where nothing is asked for', () => {
    expect(resumePlan(stored, { ...REQUEST, text: [], seed: 99, preset: 'default' })).toEqual(stored);
  });

  it('accepts the same values again, and another length', () => {
    expect(resumePlan(stored, { ...REQUEST, batch: 4, steps: 100 })).toEqual(stored);
    expect(resumePlan(stored, { ...REQUEST, steps: 200 })).toMatchObject({ steps: 200, schedule: { warmup: 0.05 } });
  });

  it('names what cannot change', () => {
    expect(() => resumePlan(stored, { ...REQUEST, batch: 8 })).toThrow('batch 4, which cannot become 8');
    expect(() => resumePlan(stored, { ...REQUEST, learningRate: 1 })).toThrow('learning rate');
  });
});

describe('parsePlan', () => {
  const stored = planTraining(REQUEST);

  it('reads back what was stored', () => {
    expect(parsePlan(JSON.parse(JSON.stringify(stored)), 'folder')).toEqual(stored);
  });

  it('reads the plan of a run that knew neither Muon nor a rate of n-grams, and leaves it so', () => {
    const { muon, ngramRate, ...optimizer } = stored.optimizer;
    expect([muon, ngramRate]).not.toContain(undefined);
    expect(parsePlan({ ...stored, optimizer }, 'folder').optimizer).toEqual(optimizer);
  });

  for (const [key, broken] of [
    ['batch', { ...stored, batch: '8' }],
    ['schedule.peak', { ...stored, schedule: { warmup: 0, floor: 0 } }],
    ['optimizer', { ...stored, optimizer: null }],
    ['optimizer.muon.scale', { ...stored, optimizer: { ...stored.optimizer, muon: { momentum: 0.9 } } }],
    ['optimizer.ngramRate', { ...stored, optimizer: { ...stored.optimizer, ngramRate: '3' } }],
    ['text', { ...stored, text: [1] }],
    ['', null],
  ] as const) {
    it(`names "${key}" where it is missing or wrong`, () => {
      let caught: unknown;
      try {
        parsePlan(broken, 'folder');
      } catch (error) {
        caught = error;
      }
      expect(isTrainingError(caught) && caught.reason).toBe('folder');
      expect((caught as Error).message).toContain(`folder: the stored training state has no usable "${key}"`);
    });
  }
});

describe('corpusFingerprint', () => {
  const file = (text: string) => ({ path: text, bytes: new TextEncoder().encode(text) });

  it('depends on the text and its cuts into files, not on names', () => {
    const whole = corpusFingerprint([file('ab'), file('c')]);
    expect(corpusFingerprint([{ ...file('ab'), path: 'other' }, file('c')])).toBe(whole);
    expect(corpusFingerprint([file('a'), file('bc')])).not.toBe(whole);
    expect(corpusFingerprint([file('ab'), file('d')])).not.toBe(whole);
  });
});

describe('chooseThreads', () => {
  it('keeps what was asked for and leaves the editor half otherwise', () => {
    expect(chooseThreads(3)).toBe(3);
    expect(chooseThreads(0)).toBeGreaterThanOrEqual(1);
    expect(chooseThreads(0)).toBeLessThanOrEqual(8);
  });
});
