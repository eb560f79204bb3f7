/** @file A workspace with models planted in it: until it is trusted nothing of it is loaded or run, and it says so; after that what is hostile in it is refused or shown as text. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { isReady, readState, waitForExtension } from '../harness/extension';
import { SAMPLE, useSession } from '../harness/session';
import { APPEAR_MS } from '../harness/workbench';
import type { ModelConfig } from '../../../model/network/config';
import { votersPerBit } from '../../../model/network/config';

const MODELS = '.smuggler/models';
/** The one that the workspace's settings name. */
const PLANTED = `${MODELS}/planted`;
const STARTER = path.join(SAMPLE, '../starter');
/** VS Code makes a link of this in notifications and Markdown, which runs the command. */
const LINK = '[Repair](command:workbench.action.closeAllEditors)';
const SECRET = 'the diary of the user, which is none of the workspace';

/** Models by what is hostile in them: changes to the starter's configuration, and files in place of its own. */
const HOSTILE = {
  planted: { config: { [LINK]: 1 } },
  huge: { config: { embedding_dim: 2 ** 31, voters_per_bit: 1e9 } },
  large: { config: { embedding_dim: 4096, voters_per_bit: 4096 } },
  linked: { config: {} },
  named: { config: {} },
} as const;

/** The sample texts with models, their findings, a log that grows, an export, and settings that name them. */
function plantedWorkspace(): string {
  const workspace = mkdtempSync(path.join(tmpdir(), 'smuggler-planted-'));
  cpSync(SAMPLE, workspace, { recursive: true });
  const folder = path.join(workspace, PLANTED);
  const config = JSON.parse(readFileSync(path.join(STARTER, 'config.json'), 'utf8')) as ModelConfig;
  for (const [name, { config: changes }] of Object.entries(HOSTILE)) {
    const model = path.join(workspace, MODELS, name);
    cpSync(STARTER, model, { recursive: true });
    writeFileSync(path.join(model, 'config.json'), JSON.stringify({ ...config, ...changes }));
  }
  // Outside of the workspace, and a file of which every line could be told in an error.
  const diary = path.join(mkdtempSync(path.join(tmpdir(), 'smuggler-diary-')), 'diary.txt');
  writeFileSync(diary, SECRET);
  const weights = path.join(workspace, MODELS, 'linked/model.safetensors');
  rmSync(weights);
  symlinkSync(diary, weights);
  const voters = votersPerBit(config);
  const notes = Array.from({ length: 32 * voters }, (_, row) => ({
    bit: Math.floor(row / voters),
    voter: row % voters,
    name: LINK,
    note: LINK,
    updated: '2026-01-31',
  }));
  const lines = [{ votersPerBit: voters }, ...notes].map((line) => JSON.stringify(line));
  writeFileSync(path.join(workspace, MODELS, 'named/voters.jsonl'), lines.join('\n'));
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

/** Does what needs the model, which is loaded then. */
async function needModel(): Promise<void> {
  await session().server.evaluate(async (code) => {
    const { uri } = code.window.visibleTextEditors[0]!.document;
    await code.commands.executeCommand('vscode.executeHoverProvider', uri, new code.Position(2, 20));
  });
}

/** Load Model… with a planted model: the sentence of its refusal, null where it was loaded. */
async function refusal(name: keyof typeof HOSTILE): Promise<string | null> {
  const { server } = session();
  const answer = await server.evaluate(
    (code, folder) => code.commands.executeCommand<{ error?: string }>('smuggler.loadModel', folder),
    path.join(server.workspace, MODELS, name),
  );
  return answer.error ?? null;
}

test('once it is trusted, the model that its settings name is loaded, and refused where it is hostile', async () => {
  const { server, workbench } = session();
  await workbench.clearNotifications();
  const before = written(path.join(server.workspace, '.smuggler'));
  await workbench.runCommand('Manage Workspace Trust', 'Workspaces');
  await workbench.page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).click();
  await server.evaluate((code) => code.commands.executeCommand('workbench.action.closeActiveEditor'));
  await waitForExtension(server, 'Choosing it', ({ model }) => model?.endsWith(PLANTED) === true);
  await needModel();
  const { message } = await waitForExtension(server, 'Refusing', ({ status }) => status === 'error');
  expect(message).toContain(`${PLANTED}/config.json`);
  expect(message).toContain(LINK);
  // What the user is told names the key, and is no link.
  const told = workbench.notifications.filter({ hasText: 'config.json' });
  await told.waitFor({ timeout: APPEAR_MS });
  expect(await told.innerText()).toContain('[Repair] (command:');
  expect(await told.locator('.notification-list-item-message a').count()).toBe(0);
  expect(written(path.join(server.workspace, '.smuggler'))).toEqual(before);
});

test('where its settings name none, nothing that is planted in it is loaded', async () => {
  const { server } = session();
  await server.evaluate(async (code) => {
    await code.workspace.getConfiguration('smuggler').update('model', undefined, code.ConfigurationTarget.Workspace);
  });
  await needModel();
  const state = await waitForExtension(server, 'Loading the starter model', isReady);
  expect(state.model).toMatch(/media\/starter$/);
});

test.each([
  ['huge', /config\.json.*expected.*at most/],
  ['large', /model\.safetensors/],
  ['linked', /linked\/model\.safetensors/],
] as const)('a model that is %s is refused at once, and nothing outside is told of', async (name, sentence) => {
  const begun = performance.now();
  const error = await refusal(name);
  expect(error).toMatch(sentence);
  expect(error).not.toContain(SECRET.slice(0, 8));
  expect(performance.now() - begun).toBeLessThan(10_000);
  expect((await readState(session().server)).model).toMatch(/media\/starter$/);
});

test('names of voters that look like links run nothing in the hover', async () => {
  const { workbench } = session();
  expect(await refusal('named')).toBeNull();
  await workbench.clearNotifications();
  await workbench.focusEditor('story.md');
  await workbench.goTo(3, 20);
  const hover = await workbench.hover('Who decided');
  expect(await hover.innerText()).toContain(LINK);
  const links = await hover.locator('a').evaluateAll((found) => found.map((link) => link.dataset['href'] ?? ''));
  expect(links.length).toBeGreaterThan(1);
  for (const link of links) expect(link).toMatch(/^command:smuggler\.open(Votes|Heatmap)\?/);
});
