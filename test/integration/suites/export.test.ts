/** @file Export Panel…, Open Exported Panel… and Export Model… in the extension host, with real pages and a real model. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { readModelFolder } from '../../../model/checkpoint/modelFolder';
import { decodePanel } from '../../../model/measures/panelDocument';
import type { HostTests } from '../testing';
import { inspector, waitForState, workspaceFile } from './support';

type Outcome = { readonly panel: string; readonly file: string } | { readonly error: string } | undefined;

let folder = '';

function isDone(outcome: Outcome): outcome is { readonly panel: string; readonly file: string } {
  return outcome !== undefined && 'file' in outcome;
}

/** Exports as soon as the panel shows numbers. */
async function exportPanel(panel: string, format: string, name = `${panel}.${format}`): Promise<string> {
  const file = path.join(folder, name);
  const end = Date.now() + 60_000;
  for (;;) {
    const outcome = await vscode.commands.executeCommand<Outcome>('smuggler.exportPanel', { panel, format, file });
    if (isDone(outcome)) return file;
    assert.ok(Date.now() < end, `${panel} was exported: ${JSON.stringify(outcome)}`);
    await sleep(200);
  }
}

async function showText(): Promise<void> {
  const options = { viewColumn: vscode.ViewColumn.One };
  const editor = await vscode.window.showTextDocument(workspaceFile('notes.txt'), options);
  editor.selection = new vscode.Selection(0, 9, 0, 9);
  await waitForState('Loading the model', ({ status }) => status === 'ready');
}

async function closePanels(): Promise<void> {
  const isPanel = ({ input }: vscode.Tab): boolean => input instanceof vscode.TabInputWebview;
  await vscode.window.tabGroups.close(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter(isPanel));
}

export const tests: HostTests = {
  'every format of a panel, from what it shows': async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'smuggler-export-'));
    await closePanels();
    await showText();
    await vscode.commands.executeCommand('smuggler.openHeatmap');
    const panel = decodePanel(await readFile(await exportPanel('heatmap', 'json'), 'utf8'), 'heatmap.json');
    const { checkpoint } = (await inspector()).state();
    assert.equal((panel.states[0] as { provenance: { checkpoint: string } }).provenance.checkpoint, checkpoint);
    assert.match(panel.caption, /measured on notes\.txt$/);
    assert.match(panel.about.exported, /^\d{4}-\d\d-\d\dT/);
    const version = vscode.extensions.getExtension('smuggler.smuggler-inspector')!.packageJSON as { version: string };
    assert.equal(panel.about.extension, version.version);

    const svg = await readFile(await exportPanel('heatmap', 'svg'), 'utf8');
    assert.match(svg, /^<\?xml .*\n<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    assert.match(svg, /Sparsity Heatmap/);
    const png = await readFile(await exportPanel('heatmap', 'png'));
    assert.equal(png.subarray(1, 4).toString(), 'PNG');
    const size = /<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg)!.slice(1).map(Number);
    assert.deepEqual(
      [png.readUInt32BE(16), png.readUInt32BE(20)],
      size.map((pixels) => 2 * pixels),
    );
    const csv = await readFile(await exportPanel('heatmap', 'csv'), 'utf8');
    assert.match(csv, /^chunk,byte,text,surprise in bits,/);
    assert.match(csv.split('\r\n')[1]!, /^0,0,/);
    const html = await readFile(await exportPanel('heatmap', 'html'), 'utf8');
    assert.match(html, /Content-Security-Policy" content="default-src 'none'; script-src 'sha256-/);
    assert.match(html, /--vscode-foreground:/);
    assert.deepEqual(html.match(/(src|href)="(?!data:)/g), null);
    assert.deepEqual(
      (await readdir(folder)).sort(),
      ['csv', 'html', 'json', 'png', 'svg'].map((end) => `heatmap.${end}`),
    );
  },

  'the votes view, which is no editor panel': async () => {
    await showText();
    await vscode.commands.executeCommand('smuggler.openVotes');
    const panel = decodePanel(await readFile(await exportPanel('votes', 'json'), 'utf8'), 'votes.json');
    const [state] = panel.states as [{ offset: number; votes: Float32Array; provenance: { votersPerBit: number } }];
    assert.equal(state.offset, 8);
    assert.equal(state.votes.length, 32 * state.provenance.votersPerBit);
    assert.match(await readFile(await exportPanel('votes', 'svg'), 'utf8'), /Vote v of \d+ voters per bit/);
    await exportPanel('votes', 'png');
    await exportPanel('votes', 'html');
  },

  'an exported file opens read-only, and exports the same bytes': async () => {
    await closePanels();
    await showText();
    await vscode.commands.executeCommand('smuggler.openOverview');
    const file = await exportPanel('overview', 'json');
    await closePanels();
    const opened = await vscode.commands.executeCommand<Outcome>('smuggler.openExportedPanel', file);
    assert.deepEqual(opened, { panel: 'overview', file });
    const again = await exportPanel('overview', 'json', 'again.json');
    assert.equal(await readFile(again, 'utf8'), await readFile(file, 'utf8'));
    await closePanels();
  },

  'what cannot be exported or opened is one sentence': async () => {
    await closePanels();
    const options = { panel: 'overview', format: 'svg', file: path.join(folder, 'none.svg') };
    const none = await vscode.commands.executeCommand<Outcome>('smuggler.exportPanel', options);
    assert.deepEqual(none, { error: 'No panel "overview" is shown, so it cannot be exported.' });
    const svg = await vscode.commands.executeCommand<Outcome>(
      'smuggler.openExportedPanel',
      path.join(folder, 'heatmap.svg'),
    );
    assert.match(JSON.stringify(svg), /heatmap\.svg is not JSON; choose a file that Export Panel… wrote as JSON/);
    const gone = await vscode.commands.executeCommand<Outcome>('smuggler.openExportedPanel', path.join(folder, 'gone'));
    assert.match(JSON.stringify(gone), /Cannot read .*gone: no such file/);
  },

  'the loaded model as ONNX and as a folder of half the size': async () => {
    await showText();
    const { model, checkpoint } = (await inspector()).state();
    const place = path.join(folder, 'model.onnx');
    const onnx: unknown = await vscode.commands.executeCommand('smuggler.exportModel', { format: 'onnx', place });
    const { length } = await readFile(place);
    assert.deepEqual(onnx, { format: 'onnx', place, checkpoint, bytes: length });
    const half = path.join(folder, 'half');
    await vscode.commands.executeCommand('smuggler.exportModel', { format: 'float16', place: half });
    const [before, after] = await Promise.all([readModelFolder(model!), readModelFolder(half)]);
    assert.deepEqual(after.config, before.config);
    const full: unknown = await vscode.commands.executeCommand('smuggler.exportModel', {
      format: 'float32',
      place: half,
    });
    assert.match(JSON.stringify(full), /half is not empty; choose a folder that does not exist yet/);
    await rm(folder, { recursive: true, force: true });
  },
};
