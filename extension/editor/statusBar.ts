/** @file The status bar item: model, device, state; its tooltip has the legend of coloured text, the changed voters and the timings. */
import * as vscode from 'vscode';
import { knewText } from '../../model/measures/memoryText';
import { shortCount } from '../../model/measures/numberText';
import { temperatureText } from '../temperatureText';
import type { ModelService } from '../modelProcess/modelService';
import type { TrainingService } from '../modelProcess/trainingService';
import { labelledTimings } from '../timings';
import type { Timings } from '../timings';
import { escapeMarkdown } from './markdown';
import type { DocumentMemory } from './documentMemory';
import type { SelectionService } from './selectionService';
import type { SilencedVoters } from './silencedVoters';
import { readShare, statusBarText } from './statusBarText';
import type { TextColours } from './textColours';
import { changesSentence, changesText } from '../../model/measures/changesText';

/** Milliseconds after which the tooltip's timings are brought up to date when the caret moves. */
const TOOLTIP_AGE = 2_000;

/** The palette with the commands that can be used now. */
const PALETTE: vscode.Command = {
  command: 'workbench.action.quickOpen',
  title: 'SMUGGLER Commands',
  arguments: ['>SMUGGLER: '],
};

export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('smuggler.status', vscode.StatusBarAlignment.Right, 90);
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #locked = false;
  #updatedAt = 0;

  constructor(
    private readonly models: ModelService,
    private readonly training: TrainingService,
    private readonly selection: SelectionService,
    private readonly voters: SilencedVoters,
    private readonly memory: DocumentMemory,
    private readonly colours: TextColours,
    private readonly timings: Timings,
  ) {
    const update = () => {
      this.#update();
    };
    this.#item.name = 'SMUGGLER Inspector';
    this.#item.command = PALETTE;
    this.#subscriptions = [
      this.#item,
      models.onDidChange(update),
      training.onDidChange(update),
      voters.onDidChange(update),
      memory.onDidChange(() => {
        // Each edit has a pass, which is over in a moment where only its end is new.
        if (this.#text !== this.#item.text) this.#update();
      }),
      colours.onDidChange(update),
      selection.onDidChange(() => {
        // The caret moves often, and each update is a message to the window.
        const locked = selection.selection?.locked === true;
        if (locked !== this.#locked || performance.now() - this.#updatedAt > TOOLTIP_AGE) this.#update();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(update),
    ];
    this.#update();
    this.#item.show();
  }

  get text(): string {
    return this.#item.text;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #update(): void {
    const { state } = this.models;
    this.#locked = this.selection.selection?.locked === true;
    this.#updatedAt = performance.now();
    const text = this.#text;
    if (text !== this.#item.text) this.#item.text = text;
    this.#item.tooltip = this.#tooltip();
    this.#item.backgroundColor =
      state.kind === 'error' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  }

  get #text(): string {
    const { state, engineProblem } = this.models;
    const memory = { silenced: this.voters.memory, busy: this.memory.busy };
    const { changes } = this.voters;
    return statusBarText(state, this.training.run, this.#locked, changes, memory, engineProblem !== null);
  }

  #tooltip(): vscode.MarkdownString {
    const { state, engineProblem } = this.models;
    const lines: string[] = ['**SMUGGLER Inspector**'];
    if (engineProblem !== null) lines.push(escapeMarkdown(engineProblem));
    else if (state.kind === 'ready') {
      const { model } = state;
      const tau = temperatureText(model);
      lines.push(
        `${escapeMarkdown(model.folder)}, checkpoint ${model.checkpoint}${model.steps === null ? '' : `, step ${model.steps}`}`,
        `${shortCount(model.parameters)} parameters · ${model.votersPerBit} voters per bit · ${tau === null ? 'no τ' : `τ ${tau}`} · ${model.config.aggregation} · ${model.config.bit_decoding} bits · on ${model.device}`,
      );
    } else if (state.kind === 'none') lines.push(escapeMarkdown(state.message ?? 'No model is loaded.'));
    else lines.push(escapeMarkdown(state.kind === 'error' ? state.message : state.folder));
    if (this.voters.changes.length > 0) {
      const { changes } = this.voters;
      lines.push(
        `${changesSentence(changes)}: ${escapeMarkdown(changesText(changes))}. In force in hovers, coloured text, the heatmap’s bits and ghost text; Clear Silenced Voters ends it.`,
      );
    }
    if (this.voters.memory.length > 0) {
      const { memory } = this.voters;
      lines.push(
        `${changesSentence([], memory)}: ${memory.join(' · ')}. In force in every number with memory; Clear Silenced Voters ends it.`,
      );
    }
    const { chosen, reading } = this.memory;
    if (chosen === null) lines.push('Memory is off; Toggle Memory switches it.');
    else if (reading !== null) {
      const read = reading.progress === null ? '' : ` reads ${readShare(reading.progress)} of the document.`;
      lines.push(`Memory of the ${reading.scope}${read || '.'} ${escapeMarkdown(knewText(reading))}`.trim());
    }
    if (!vscode.workspace.isTrusted) {
      lines.push(
        'This workspace is not trusted: the starter model inspects it; training, completions and other models are off.',
      );
    }
    const { explanation } = this.colours;
    if (explanation !== null) lines.push(explanation);
    const tooltip = new vscode.MarkdownString(lines.join('\n\n'));
    const rows = labelledTimings(this.timings.summary()).map(
      ({ label, p50, p95, count: samples }) => `| ${label} | ${p50.toFixed(0)} | ${p95.toFixed(0)} | ${samples} |`,
    );
    if (rows.length > 0) {
      tooltip.appendMarkdown(`\n\n| Milliseconds | median | 95 % | of |\n|:--|--:|--:|--:|\n${rows.join('\n')}\n`);
    }
    return tooltip;
  }
}
