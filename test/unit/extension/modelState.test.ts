/** @file Which model numbers are of: weights alone do not say. */
import { expect, test, vi } from 'vitest';
import type { ModelClient } from '../../../extension/modelProcess/modelClient';
import type { ModelService } from '../../../extension/modelProcess/modelService';
import type { ModelState } from '../../../extension/modelProcess/modelState';
import { modelKey } from '../../../extension/modelProcess/modelState';
import type { ModelSummary } from '../../../model/protocol/models';
import { model } from './inspection';

vi.mock('vscode', () => ({
  EventEmitter: class {
    event = () => ({ dispose: () => undefined });
    fire = () => undefined;
    dispose = () => undefined;
  },
}));
const { VoterNaming } = await import('../../../extension/modelProcess/voterNaming');

const OTHERS: readonly (readonly [string, Partial<ModelSummary>])[] = [
  ['other weights', { checkpoint: 'ffffffffffff' }],
  ['another τ', { config: { ...model.config, temperature: 3 } }],
  ['another folder', { folder: '/copy' }],
];

test.each(OTHERS)('%s are another model', (_, changes) => {
  expect(modelKey({ ...model, ...changes })).not.toBe(modelKey(model));
  expect(modelKey({ ...model, device: 'webgpu' })).toBe(modelKey(model));
});

test('names of voters are read for each model, a copy in another folder included, and once', () => {
  let load: (state: ModelState) => void = () => undefined;
  const onDidChange = (listener: typeof load) => {
    load = listener;
    return { dispose: () => undefined };
  };
  const asked: string[] = [];
  const ask = (name: string) => {
    asked.push(name);
    return Promise.resolve({ notes: [], automatic: [] });
  };
  new VoterNaming({ ask } as unknown as ModelClient, { onDidChange } as unknown as ModelService);
  for (const changes of [{}, ...OTHERS.map(([, changes]) => changes)]) {
    const summary = { ...model, ...changes };
    const before = asked.length;
    for (let times = 0; times < 2; times++) load({ kind: 'ready', folder: summary.folder, model: summary });
    expect(asked.slice(before)).toEqual(['voters/notes']);
  }
});
