/** @file A workspace that is not trusted, with a model planted in it: the starter model inspects it, nothing of the workspace is loaded or run, and it says so. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isReady, readState, waitForExtension } from '../harness/extension';
import { SAMPLE, useSession } from '../harness/session';

const PLANTED = '.smuggler/models/planted';

/** The sample texts with a model, its findings, a log that grows, an export, and settings that name them. */
function plantedWorkspace(): string {
  const workspace = mkdtempSync(path.join(tmpdir(), 'smuggler-planted-'));
  cpSync(SAMPLE, workspace, { recursive: true });
  const folder = path.join(workspace, PLANTED);
  cpSync(path.join(SAMPLE, '../starter'), folder, { recursive: true });
  writeFileSync(path.join(folder, 'training.jsonl'), '{"step":1,"loss":0.1,"elapsedSeconds":1}\n');
  writeFileSync(path.join(folder, 'voters.jsonl'), '{"bit":0,"voter":0,"name":"planted","note":""}\n');
  writeFileSync(path.join(folder, 'statistics.safetensors'), 'no statistics');
  mkdirSync(path.join(workspace, '.smuggler/exports'));
  writeFileSync(path.join(workspace, '.smuggler/exports/planted.json'), '{}');
  mkdirSync(path.join(workspace, '.vscode'));
  const settings = { 'smuggler.model': PLANTED, 'smuggler.device': 'webgpu', 'smuggler.training.folder': '/tmp' };
  writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify(settings));
  return workspace;
}

const session = useSession({ file: 'story.md', trusted: false, workspace: plantedWorkspace() });

/** Every file below a folder with the time it was written. */
function written(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${name} ${statSync(path.join(folder, name)).mtimeMs}`)
    .sort();
}

test('the workspace is not trusted', async () => {
  expect(await session().server.evaluate((code) => code.workspace.isTrusted)).toBe(false);
});

test('the hover works with the starter model', async () => {
  const { server, workbench } = session();
  const state = await waitForExtension(server, 'Loading the starter model', isReady);
  expect(state.model).toMatch(/media\/starter$/);
  await workbench.focusEditor('story.md');
  await workbench.goTo(3, 20);
  await workbench.hover('Surprise');
  await workbench.page.keyboard.press('Escape');
});

test('nothing of a planted model is loaded, run or written', async () => {
  const { server } = session();
  const before = written(path.join(server.workspace, '.smuggler'));
  await server.evaluate(async (code) => {
    for (const panel of ['openOverview', 'openSpecialization', 'openTrainingMonitor']) {
      await code.commands.executeCommand(`smuggler.${panel}`);
    }
  });
  const state = await waitForExtension(server, 'Showing the monitor', ({ monitor }) => monitor.drawn > 0);
  expect(state.model).toMatch(/media\/starter$/);
  expect(state.statusBar).toContain('(cpu)');
  expect(state.processes.train).toBeNull();
  expect(written(path.join(server.workspace, '.smuggler'))).toEqual(before);
  await server.evaluate((code) => code.commands.executeCommand('workbench.action.closeEditorsInOtherGroups'));
  expect((await readState(server)).checkpoint).not.toBeNull();
});

test.each(['smuggler.trainModel', 'smuggler.loadModel'])('%s refuses, and says why', async (command) => {
  const answer = await session().server.evaluate(async (code, name) => {
    const given = name === 'smuggler.loadModel' ? '/nowhere' : { text: ['/nowhere'], out: '/nowhere', preset: 'tiny' };
    return code.commands.executeCommand<{ error?: string } | undefined>(name, given);
  }, command);
  expect(answer?.error).toMatch(/needs a trusted workspace/);
  await session().workbench.notifications.filter({ hasText: 'needs a trusted workspace' }).first().waitFor();
});
