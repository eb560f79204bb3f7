/** @file What commands do with the argument of a caller. */
import { expect, test, vi } from 'vitest';
import type { CommandTargets } from '../../../../extension/commands/commandTable';
import { commandTable } from '../../../../extension/commands/commandTable';
import { VOTER_ACTIONS } from '../../../../model/measures/voterActions';

/** The table over targets that note what they are asked for. */
function noted() {
  const calls: unknown[][] = [];
  const target = (name: string) =>
    new Proxy(
      {},
      {
        get:
          (_, method) =>
          (...given: unknown[]) =>
            calls.push([`${name}.${String(method)}`, ...given]),
      },
    );
  const targets = new Proxy({}, { get: (_, name) => target(String(name)) }) as CommandTargets;
  return { calls, table: commandTable(targets) };
}

test('what skips the questions is handed on', () => {
  const { calls, table } = noted();
  const train = { text: ['/a.txt'], out: '/m', preset: 'tiny', steps: 3 };
  table.trainModel(train);
  table.loadModel('/m');
  table.openHeatmap({ offset: 17 });
  table.compareWithModel({ folder: null, file: '/b.txt' });
  table.colourTextBy('mistakes');
  table.colourTextBy({ name: 'vote', bit: 9, voter: 3 });
  const experiment = { experiment: 'sparsity', quick: true, text: ['/a'], out: '/e', seeds: null };
  table.runExperiment(experiment);
  table.exportPanel({ panel: 'votes', format: 'csv', file: '/v.csv' });
  // As the menu of VS Code gives it.
  const menu = { webview: 'smuggler.votes', webviewSection: 'voter', bit: 9, voter: 3, offset: 12 };
  for (const { command } of VOTER_ACTIONS) table[command.slice('smuggler.'.length) as keyof typeof table](menu);
  expect(calls).toEqual([
    ['training.train', train],
    ['models.load', '/m'],
    ['views.openHeatmap', { offset: 17 }],
    ['comparison.compare', { folder: null, file: '/b.txt' }],
    ['colours.colourTextBy', 'mistakes'],
    ['colours.colourTextBy', { name: 'vote', bit: 9, voter: 3 }],
    ['experiments.run', experiment],
    ['panelExport.exportPanel', { panel: 'votes', format: 'csv', file: '/v.csv' }],
    ['voters.silenceVoter', menu],
    ['voters.holdVoterAtOne', menu],
    ['voters.holdVoterAtZero', menu],
    ['voters.restoreVoter', menu],
    ['voters.pin', menu],
    ['views.openDashboard', menu],
    ['colours.colourTextByVoter', menu],
  ]);
});

test.each([undefined, null])('without an argument (%s) every command runs, and asks', (none) => {
  const { calls, table } = noted();
  for (const run of Object.values(table)) run(none);
  expect(calls).toHaveLength(Object.keys(table).length);
  for (const [, ...given] of calls) expect(given.every((argument) => argument == null)).toBe(true);
});

test('what a menu gives is ignored by commands that take nothing', () => {
  const { calls, table } = noted();
  table.toggleLock({ scheme: 'file', path: '/a.txt' });
  table.reload([1, 2]);
  expect(calls).toEqual([['views.toggleLock'], ['models.reload']]);
});

test.each([
  ['trainModel', { text: '/a.txt', out: '/m', preset: 'tiny' }, 'takes { text, out, preset, steps, seconds, seed }'],
  ['trainModel', { text: ['/a.txt'], out: '/m', preset: 'tiny', steps: '3' }, 'takes { text,'],
  ['trainModel', { text: [3], out: '/m', preset: 'tiny' }, 'takes { text,'],
  ['resumeTraining', {}, 'takes { out, text, steps }, not {}.'],
  ['runExperiment', { experiment: 'other', quick: true, text: ['/a'], out: '/e' }, 'takes { experiment, quick,'],
  ['loadModel', { path: '/m' }, "takes the path of a folder, not { path: '/m' }."],
  ['chooseDevice', 3, 'takes the name of a device, not 3.'],
  ['openHeatmap', { offset: NaN }, 'takes { offset } with the byte offset of a chunk, not { offset: NaN }.'],
  ['pinChunk', { offset: '7' }, 'takes { offset }'],
  ['addTrainingRun', '/m', "takes { folder }, not '/m'."],
  ['compareWithModel', {}, 'takes { folder, file }, not {}.'],
  ['silenceVoters', { voters: 3 }, 'takes { voters }'],
  ['silenceVoter', { bit: '3', voter: 1 }, "takes { bit, voter, offset }, not { bit: '3', voter: 1 }."],
  ['openDashboard', { bit: 3, offset: 0 }, 'takes { bit, voter, offset }'],
  ['colourTextBy', 'nothing', "takes 'off', the name of a measure or { name: 'vote', bit, voter }, not 'nothing'."],
  ['colourTextBy', { name: 'vote', bit: 32, voter: 0 }, "takes 'off', the name of a measure"],
  ['exportModel', { format: 'zip' }, 'takes { format, place }'],
  ['exportPanel', { format: 'pdf' }, 'takes { panel, format, file }'],
  ['openExportedPanel', () => undefined, 'takes the path of a file, not [Function (anonymous)].'],
] as const)('%s refuses %j', (name, given, sentence) => {
  const { calls, table } = noted();
  const run = vi.fn(table[name]);
  expect(() => run(given)).toThrow(sentence);
  expect(calls).toEqual([]);
});

test('of a long argument the sentence repeats the beginning', () => {
  const { table } = noted();
  expect(() => table.loadModel(['x'.repeat(1000)])).toThrow(/^takes the path of a folder, not \[ 'x{77}…\.$/);
});

test('what JSON has no words for is named, and nothing of it runs', () => {
  const { table } = noted();
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const trap = {
    toJSON: () => {
      throw new Error('It was run.');
    },
  };
  expect(() => table.loadModel(cycle)).toThrow('takes the path of a folder, not <ref *1> { self: [Circular *1] }.');
  expect(() => table.loadModel({ size: 3n })).toThrow('takes the path of a folder, not { size: 3n }.');
  expect(() => table.loadModel(trap)).toThrow('takes the path of a folder, not { toJSON: [Function: toJSON] }.');
});
