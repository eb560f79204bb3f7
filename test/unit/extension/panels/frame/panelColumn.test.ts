/** @file Panels open beside the text, in one group. */
import { expect, it, vi } from 'vitest';
import * as vscode from 'vscode';
import { panelColumn } from '../../../../../extension/panels/frame/panelColumn';

const { FakeWebview } = vi.hoisted(() => ({
  FakeWebview: class {
    constructor(readonly viewType: string) {}
  },
}));
vi.mock('vscode', () => ({
  TabInputWebview: FakeWebview,
  ViewColumn: { Beside: -2, One: 1, Two: 2, Three: 3 },
  Uri: {},
}));

const { Beside, One, Two, Three } = vscode.ViewColumn;
const panel = (name: string) => new FakeWebview(`mainThreadWebview-${name}`);
const groups = (...inputs: (readonly unknown[])[]) =>
  inputs.map((tabs, i) => ({
    viewColumn: i + 1,
    tabs: tabs.map((input) => ({ input })),
  })) as unknown as vscode.TabGroup[];

it.each([
  ['beside the only text', groups([{}]), One, Beside],
  ['with nothing open', groups([]), undefined, Beside],
  ['where the panels are, though one of them has the focus', groups([{}], [panel('smuggler.heatmap')]), undefined, Two],
  ['where the panels are, left of the text', groups([panel('smuggler.overview')], [{}]), Two, One],
  ['in the other group of two texts', groups([{}], [{}]), Two, One],
  ['where the panels are, of three', groups([{}], [{}], [panel('smuggler.heatmap')]), One, Three],
  ['beside a text whose group holds a panel', groups([{}, panel('smuggler.heatmap')]), One, Beside],
  // They open in the place of the text.
  ['not with what was exported or is of others', groups([panel('smuggler.exported'), panel('x.y')]), undefined, Beside],
])('%s', (_, all, text, expected) => {
  expect(panelColumn(all, text)).toBe(expected);
});
