/** @file The lint rule of the floors: an import that goes up, or through a wall between programs, is an error. */
import type { ESLint } from 'eslint';
import { Linter } from 'eslint';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../../..');
// Not known to the compiler: the scripts are plain JavaScript.
const file: string = path.join(ROOT, 'scripts/lib/floors.mjs');
const { house } = (await import(file)) as { house: ESLint.Plugin };

/** The messages about a line, planted in a file. */
function foundIn(file: string, line: string): string[] {
  const linter = new Linter({ cwd: ROOT });
  const config: Linter.Config = { files: ['**/*.ts'], plugins: { house }, rules: { 'house/floors': 'error' } };
  const found = linter.verify(`${line}\n`, [config], { filename: path.join(ROOT, file) });
  return found.map(({ message }) => message);
}

/** The messages about one import, planted in a file. */
const planted = (file: string, source: string) => foundIn(file, `import { planted } from '${source}'; planted();`);

test.each([
  ['model/network/planted.ts', '../inspection/inspector'],
  ['model/inspection/planted.ts', '../completion/complete'],
  ['model/protocol/planted.ts', '../text/chunks'],
  ['model/runtime/planted.ts', '../host'],
  ['extension/editor/planted.ts', '../panels/frame/provenance'],
  ['extension/modelProcess/planted.ts', '../editor/selection'],
  ['extension/panels/planted.ts', '../extension'],
  ['extension/panels/comparison/planted.ts', '../specialization/specializationData'],
  ['extension/panels/frame/planted.ts', '../votes/votesView'],
  ['extension/panels/planted.ts', '../../webview/shared/dom'],
  ['webview/heatmap/planted.ts', '../votes/matrix'],
  ['webview/shared/planted.ts', '../votes/matrix'],
  ['webview/votes/planted.ts', '../../model/text/chunks'],
  ['webview/votes/planted.ts', '../../extension/lru'],
  ['model/text/planted.ts', '../../extension/lru'],
])('%s may not import %s', (file, source) => {
  expect(planted(file, source)).toEqual([expect.stringMatching(/may not import/)]);
});

test.each([
  ['model/inspection/planted.ts', '../network/config'],
  ['model/inspection/specialization/planted.ts', '../inspector'],
  ['model/modelProcess.ts', './process/door'],
  ['extension/panels/heatmap/planted.ts', '../../editor/selection'],
  ['extension/panels/heatmap/planted.ts', '../frame/placeholder'],
  ['extension/panels/heatmap/planted.ts', './heatmapTiles'],
  ['extension/editor/planted.ts', '../lru'],
  ['extension/editor/planted.ts', '../../model/text/chunks'],
  ['webview/votes/planted.ts', '../shared/dom'],
  ['webview/votes/planted.ts', '../../model/protocol/inspection'],
  ['webview/votes/planted.ts', 'd3-scale'],
])('%s may import %s', (file, source) => {
  expect(planted(file, source)).toEqual([]);
});

test.each([
  [`import '../host';`, 1],
  [`export { planted } from '../host';`, 1],
  [`export * from '../host';`, 1],
  [`await import('../host');`, 1],
  [`export { planted } from '../text/chunks';`, 0],
  [`export * from '../text/chunks';`, 0],
  [`await import('../text/chunks');`, 0],
  [`export const planted = 1;`, 0],
  ['await import(`../${host}`);', 0],
])('%s in model/network: %i problems', (line, problems) => {
  expect(foundIn('model/network/planted.ts', line)).toHaveLength(problems);
});
