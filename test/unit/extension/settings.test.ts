/** @file Settings that are set to what package.json does not allow: what is used in their place, that it is told once, and that the model process takes it. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { readSettings } from '../../../extension/configuration';
import { fitted, SETTING_NAMES } from '../../../extension/settingValues';
import type { SettingName, SettingValue } from '../../../extension/settingValues';
import { SettingWarnings } from '../../../extension/settingWarnings';
import { threadsOption } from '../../../model/commandLine/options';
import { completeParams, corpusParams, inspectChunkParams, loadParams } from '../../../model/process/params';
import { validRequests } from '../process/validRequests';

/** Read from the file, so that what the program holds of it is checked too. */
const { properties } = (
  JSON.parse(readFileSync('package.json', 'utf8')) as {
    contributes: {
      configuration: {
        properties: Record<
          SettingName,
          { type: string; default: unknown; minimum?: number; maximum?: number; enum?: string[] }
        >;
      };
    };
  }
).contributes.configuration;

const { set, changed, showWarningMessage, executeCommand } = vi.hoisted(() => ({
  set: new Map<string, unknown>(),
  changed: new Set<(event: { affectsConfiguration: () => boolean }) => void>(),
  showWarningMessage: vi.fn<(sentence: string, button: string) => Promise<string | undefined>>(),
  executeCommand: vi.fn(),
}));
vi.mock('vscode', () => ({
  workspace: {
    getConfiguration: (section: string) => ({ get: (key: string) => set.get(`${section}.${key}`) }),
    onDidChangeConfiguration: (listener: (event: { affectsConfiguration: () => boolean }) => void) => {
      changed.add(listener);
      return { dispose: () => changed.delete(listener) };
    },
  },
  window: { showWarningMessage },
  commands: { executeCommand },
}));

/** Of every type that JSON has, and numbers beyond all bounds. */
const ODD: readonly unknown[] = [null, true, 'odd', '', -1e300, 1e300, 0.5, 2.5, Infinity, [], [3], { a: 1 }];

beforeEach(() => {
  vi.clearAllMocks();
  showWarningMessage.mockResolvedValue(undefined);
  set.clear();
  for (const name of SETTING_NAMES) set.set(name, properties[name].default);
});

test('all of them are known', () => {
  expect([...SETTING_NAMES].toSorted()).toEqual(Object.keys(properties).toSorted());
});

describe.each(SETTING_NAMES)('%s', (name) => {
  const { type, default: usual, minimum, maximum, enum: choices } = properties[name];

  test('keeps what is allowed', () => {
    const allowed = { boolean: [true, false], string: choices ?? ['', 'odd'] }[type] ?? [minimum, maximum];
    for (const value of [usual, ...allowed]) expect(fitted(name, value)).toEqual({ value, problem: null });
  });

  test('is never anything else, and says so in one sentence', () => {
    for (const odd of ODD) {
      const { value, problem } = fitted(name, odd);
      expect(typeof value).toBe(typeof usual);
      if (choices !== undefined) expect(choices).toContain(value);
      if (typeof value === 'number') {
        expect(value).toBeGreaterThanOrEqual(minimum!);
        expect(value).toBeLessThanOrEqual(maximum!);
        if (type === 'integer') expect(Number.isInteger(value)).toBe(true);
      }
      if (value === odd) expect(problem).toBeNull();
      else {
        expect(problem).toContain(`The setting ${name} is `);
        expect(problem).toContain(String(value));
        expect(problem!.length).toBeLessThanOrEqual(300);
      }
    }
  });
});

test.each<[SettingName, unknown, SettingValue<SettingName>, string]>([
  ['smuggler.threads', 999, 256, 'is 999, but must be a whole number from 0 to 256: 256 is used.'],
  ['smuggler.threads', -3, 0, 'is -3, but must be a whole number from 0 to 256: 0, the default, is used.'],
  ['smuggler.threads', 2.5, 3, 'is 2.5, but must be a whole number from 0 to 256: 3 is used.'],
  ['smuggler.hover.alternatives', '3', 3, 'is "3", but must be a whole number from 0 to 8: 3, the default, is used.'],
  ['smuggler.completions.minConfidence', 30, 1, 'is 30, but must be a number from 0 to 1: 1 is used.'],
  ['smuggler.hover.enabled', 'no', true, 'is "no", but must be true or false: true, the default, is used.'],
  ['smuggler.textColours', 'red', 'offer', 'is "red", but must be one of offer, off, surprise, '],
  ['smuggler.model', 'x'.repeat(9).split(''), '', 'but must be a text: '],
])('%s of %o is %o', (name, odd, value, sentence) => {
  expect(fitted(name, odd)).toEqual({ value, problem: expect.stringContaining(sentence) as string });
});

test('a sentence quotes little of what is set, and nothing invisible', () => {
  const { problem } = fitted('smuggler.device', `\u202E${'gpu'.repeat(9_999)}`);
  expect(problem).toMatch(/^The setting smuggler\.device is "\\u202Egpugpu[gpu]*…, but must be one of cpu, /);
});

test('they are read within their bounds', () => {
  set.set('smuggler.threads', 999);
  set.set('smuggler.hover.alternatives', -1);
  expect(readSettings()).toMatchObject({ threads: 256, hoverAlternatives: 0, device: 'cpu' });
});

test('what is used in place of what is set is told once for each value, with a way to the setting', async () => {
  const log = { warn: vi.fn() };
  showWarningMessage.mockResolvedValueOnce('Open Settings');
  set.set('smuggler.threads', 999);
  const warnings = new SettingWarnings(log as unknown as vscode.LogOutputChannel);
  const change = () => {
    for (const listener of changed) listener({ affectsConfiguration: () => true });
  };
  change();
  expect(showWarningMessage.mock.calls).toEqual([
    [expect.stringContaining('smuggler.threads is 999'), 'Open Settings'],
  ]);
  await vi.waitFor(() => {
    expect(executeCommand).toHaveBeenCalledWith('workbench.action.openSettings', '@id:smuggler.threads');
  });
  set.set('smuggler.threads', 1000);
  change();
  set.set('smuggler.threads', 1);
  change();
  expect(showWarningMessage).toHaveBeenCalledTimes(2);
  expect(log.warn).toHaveBeenCalledTimes(2);
  warnings.dispose();
  expect(changed.size).toBe(0);
});

test('the model process takes every number that a setting can be', () => {
  const valid = validRequests('/folder');
  const taken: Partial<Record<SettingName, (value: number) => boolean>> = {
    'smuggler.threads': (threads) => v.is(loadParams, { ...valid['model/load'], threads }),
    'smuggler.hover.alternatives': (alternatives) =>
      v.is(inspectChunkParams, { ...valid['inspect/chunk'], alternatives }),
    'smuggler.completions.minConfidence': (minConfidence) => v.is(completeParams, { ...valid.complete, minConfidence }),
    'smuggler.training.maxFileSize': (kilobytes) =>
      v.is(corpusParams, { ...valid['train/contents'], maxFileBytes: 1024 * kilobytes }),
  };
  const numbers = SETTING_NAMES.filter((name) => typeof properties[name].default === 'number');
  expect(Object.keys(taken).toSorted()).toEqual(numbers.toSorted());
  for (const name of numbers) {
    const { minimum, maximum } = properties[name];
    expect(
      [minimum, maximum].map((value) => taken[name]!(value!)),
      name,
    ).toEqual([true, true]);
  }
});

test('the command line takes as many threads as the setting', () => {
  const { maximum } = properties['smuggler.threads'];
  const { parseArg } = threadsOption();
  expect(parseArg!(String(maximum), 0)).toBe(maximum);
  expect(() => parseArg!(String(maximum! + 1), 0)).toThrow(`from 0 to ${maximum}`);
});
