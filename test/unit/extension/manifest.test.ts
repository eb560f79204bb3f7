/** @file The manifest says what the extension does: commands, settings, trust, walkthrough. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { CommandTargets } from '../../../extension/commands/commandTable';
import { commandTable } from '../../../extension/commands/commandTable';
import { PAGES } from '../../../extension/panels/frame/html';
import { VOTER_ACTIONS, VOTER_SECTION } from '../../../model/measures/voterActions';

vi.mock('vscode', () => ({}));

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
  };
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
      readonly enablement?: string;
    }[];
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default?: unknown }>> };
    readonly keybindings?: unknown;
    readonly menus: Readonly<
      Record<string, readonly { readonly command: string; readonly when: string; readonly group: string }[]>
    >;
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly walkthroughs: readonly {
      readonly icon: string;
      readonly steps: readonly { readonly description: string; readonly media: { readonly markdown: string } }[];
    }[];
  };
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;
const { commands, configuration, walkthroughs } = manifest.contributes;

describe('commands', () => {
  const titles = [
    'Train Model…',
    'Resume Training…',
    'Stop Training',
    'Load Model…',
    'Unload Model',
    'Open Voter Votes',
    'Open Sparsity Heatmap',
    'Open Specialization Map',
    'Toggle Inline Completions',
    'Show Log',
  ];

  test.each(titles)('%s', (title) => {
    expect(commands.filter((command) => command.title === title)).toHaveLength(1);
  });

  test('all are of the category, have an enablement, and none binds a key', () => {
    for (const { command, category, enablement } of commands) {
      expect(category).toBe('SMUGGLER');
      expect(enablement, command).toMatch(/^!?smuggler\.\w+/);
    }
    expect(manifest.contributes.keybindings).toBeUndefined();
  });

  test('are exactly those of the table', () => {
    const table = Object.keys(commandTable({} as CommandTargets)).map((name) => `smuggler.${name}`);
    expect(table.toSorted()).toEqual(commands.map(({ command }) => command).toSorted());
  });

  test('every context key of an enablement is one that is set', () => {
    const set = readFileSync('extension/configuration.ts', 'utf8');
    for (const { enablement } of commands) {
      for (const [key] of enablement!.matchAll(/smuggler\.\w+/g)) expect(set).toContain(`'${key}'`);
    }
  });
});

test('the menu of a voter in a panel has the same rows as its box, where the panel says that it is on one', () => {
  const menu = manifest.contributes.menus['webview/context']!;
  expect(menu.map(({ command }) => command)).toEqual(VOTER_ACTIONS.map(({ command }) => command));
  for (const { when } of menu) expect(when).toContain(`webviewSection == '${VOTER_SECTION}'`);
  // VS Code sorts by group, then by the number after @.
  const groups = menu.map(({ group }) => group);
  expect(groups).toEqual(groups.toSorted());
});

describe('settings', () => {
  const names = Object.keys(configuration.properties);

  test('are at most thirteen, each with a default', () => {
    expect(names.length).toBeLessThanOrEqual(13);
    for (const name of names) expect(configuration.properties[name]!.default, name).toBeDefined();
  });

  test('are exactly those that are read', () => {
    const read = readFileSync('extension/configuration.ts', 'utf8');
    const keys = [...read.matchAll(/read\('([\w.]+)'\)/g)].map(([, key]) => key!);
    expect(keys.toSorted()).toEqual(names.toSorted());
  });

  test('those that name paths or native code are restricted in an untrusted workspace', () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(supported).toBe('limited');
    for (const name of ['smuggler.model', 'smuggler.training.folder', 'smuggler.device']) {
      expect(restrictedConfigurations).toContain(name);
    }
    for (const name of restrictedConfigurations) expect(names).toContain(name);
  });
});

test('the extension starts without being asked, so that the hover works at once', () => {
  expect(manifest.activationEvents).toContain('onStartupFinished');
});

test('every page is a view, or a panel that wakes the extension after a reload of the window', () => {
  const views = Object.values(manifest.contributes.views).flatMap((group) => group.map(({ id }) => id));
  const panels = ['exported', ...PAGES].map((page) => `smuggler.${page}`).filter((id) => !views.includes(id));
  const woken = manifest.activationEvents.filter((event) => event.startsWith('onWebviewPanel:'));
  expect(woken.toSorted()).toEqual(panels.map((id) => `onWebviewPanel:${id}`).toSorted());
  expect(views.length + panels.length).toBe(1 + PAGES.length);
});

test('the walkthrough has four or five steps whose media are there and whose commands exist', () => {
  expect(existsSync(manifest.icon)).toBe(true);
  for (const { icon, steps } of walkthroughs) {
    expect(existsSync(icon)).toBe(true);
    expect([4, 5]).toContain(steps.length);
    for (const { description, media } of steps) {
      expect(existsSync(media.markdown), media.markdown).toBe(true);
      const pictures = [...readFileSync(media.markdown, 'utf8').matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)];
      expect(pictures, media.markdown).not.toEqual([]);
      for (const [, picture] of pictures)
        expect(existsSync(path.join('media/walkthrough', picture!)), picture).toBe(true);
      for (const [, command] of description.matchAll(/\(command:(smuggler\.\w+)\)/g)) {
        expect(commands.some((known) => known.command === command)).toBe(true);
      }
    }
    expect(steps[0]!.description).toContain('(command:smuggler.showSurprise)');
  }
});
