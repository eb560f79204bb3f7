/** @file A model's folder from the setting: absolute, in the workspace, or a sentence. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { modelFolderOf } from '../../../extension/modelProcess/modelSetting';

test('an absolute folder is itself, a relative one is in the workspace', () => {
  expect(modelFolderOf('/models/tides', null)).toEqual({ folder: '/models/tides' });
  expect(modelFolderOf('models/tides', '/work space')).toEqual({ folder: join('/work space', 'models/tides') });
  expect(modelFolderOf('../tides', '/a/b')).toEqual({ folder: join('/a', 'tides') });
});

test('without a workspace a relative one is told in one sentence', () => {
  const found = modelFolderOf('models/tides', null);
  if (!('problem' in found)) expect.fail('expected a sentence');
  expect(found.problem).toMatch(/^The setting smuggler\.model is “models\/tides”, [^\n]*\.$/);
});
