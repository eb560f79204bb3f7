/** @file Colour Text By… where memory is off: it is told, and turned on by a button. */
import { afterEach, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { ColourCommands } from '../../../../extension/commands/colourCommands';
import type { Services } from '../../../../extension/editor/services';
import type { TextColours } from '../../../../extension/editor/textColours';
import type { ColourChoice } from '../../../../extension/editor/textColoursScale';

const host = vi.hoisted(() => ({
  button: undefined as string | undefined,
  told: [] as string[],
  ran: [] as string[],
  items: [] as { readonly label: string; readonly description?: string }[],
}));
vi.mock('vscode', () => ({
  window: {
    showInformationMessage: (sentence: string) => {
      host.told.push(sentence);
      return Promise.resolve(host.button);
    },
    showQuickPick: (items: typeof host.items) => {
      host.items = items;
      return Promise.resolve(undefined);
    },
  },
  commands: {
    executeCommand: (command: string) => {
      host.ran.push(command);
      return Promise.resolve();
    },
  },
}));
afterEach(() => {
  Object.assign(host, { button: undefined, told: [], ran: [], items: [] });
});

function commandsWith(chosen: 'document' | null) {
  const coloured: (ColourChoice | null)[] = [];
  const colours = {
    choice: { name: 'surprise' },
    colourBy: (choice: ColourChoice | null) => {
      coloured.push(choice);
      return Promise.resolve();
    },
  } as unknown as TextColours;
  const services = { documentMemory: { chosen } } as unknown as Services;
  return { coloured, commands: new ColourCommands(colours, services, {} as vscode.LogOutputChannel) };
}

test('colours that need memory offer to turn it on where it is off', async () => {
  const { coloured, commands } = commandsWith(null);
  await commands.colourTextBy('surpriseWithMemory');
  expect(coloured).toEqual([{ name: 'surpriseWithMemory' }]);
  expect(host.told).toEqual(['These colours show what memory says, and memory is off.']);
  expect(host.ran).toEqual([]);
  host.button = 'Turn On Memory';
  await commands.colourTextBy('decidedByMemory');
  await vi.waitFor(() => {
    expect(host.ran).toEqual(['smuggler.toggleMemory']);
  });
});

test('nothing is told of other colours, nor where memory is on', async () => {
  await commandsWith(null).commands.colourTextBy('surprise');
  await commandsWith(null).commands.colourTextBy('off');
  await commandsWith('document').commands.colourTextBy('surpriseWithMemory');
  expect(host.told).toEqual([]);
});

test('the question says which colours need memory', async () => {
  await commandsWith(null).commands.colourTextBy();
  const described = host.items.filter(({ description }) => description !== undefined);
  expect(described.map(({ description }) => description)).toEqual(['now', 'memory is off', 'memory is off']);
  await commandsWith('document').commands.colourTextBy();
  expect(host.items.filter(({ description }) => description === 'memory is off')).toEqual([]);
});
