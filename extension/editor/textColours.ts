/** @file Colour Text By…: colours the text that the editors show by a measurement of its chunks, with a legend in the status bar. */
import * as vscode from 'vscode';
import { CHUNK_BYTES } from '../../model/measures/chunk';
import { changesNote } from '../../model/measures/changesText';
import { isRead, unreadText } from '../../model/measures/memoryText';
import type { MemoryScope } from '../../model/protocol/memory';
import type { ModelSummary } from '../../model/protocol/models';
import { errorSentence, isModelProcessExitError, isRequestCancelledError } from '../modelProcess/errors';
import { readSettings, SECTION } from '../configuration';
import type { ChunkSpan } from './chunkSpan';
import { chunksOfBytes } from './chunkSpan';
import type { Services } from './services';
import { NewestWins } from '../newestWins';
import { isInspectable, tooLargeSentence } from '../modelProcess/documentTexts';
import { coversSpans, limitSpans, stretches } from './textColoursRanges';
import type { ColourChoice } from './textColoursScale';
import {
  COLOUR_MEASURES,
  isOfMemory,
  readColourChoice,
  scaleOf,
  stepColour,
  STEPS,
  stepsOfRange,
  stepsOfVotes,
} from './textColoursScale';
import { legendMarkdown, legendText } from './textColoursLegend';
import { modelKey } from '../modelProcess/modelState';

/** Where a workspace's own choice is remembered; without one the setting counts. */
const MEMORY = 'smuggler.textColours';
/** Remembered where the workspace's choice is no colours. */
const NONE = 'off';

/** Lines above and below what is visible that are coloured too, so that a little scrolling shows colours at once. */
const MARGIN_LINES = 20;

/** Milliseconds after an event in which more of its kind are waited for. */
const WAIT = { now: 0, scroll: 50, edit: 150 } as const;

/** Two scales in one text could not be told apart. */
const CAUSES_SHOWN = 'Causes colour this text now. These colours come back when SMUGGLER: Show Causes is turned off.';

const MEMORY_OFF = 'Memory is off: SMUGGLER: Toggle Memory switches it on.';

/** What an editor shows in colours. */
interface Shown {
  /** Document, version, model, changed voters and measure. */
  readonly key: string;
  readonly spans: readonly ChunkSpan[];
  /** The steps of each span's chunks. */
  readonly steps: readonly Int8Array[];
  readonly chunks: number;
}

export class TextColours implements vscode.Disposable {
  #choice: ColourChoice | null;
  readonly #shown = new Map<vscode.TextEditor, Shown>();
  readonly #types: readonly vscode.TextEditorDecorationType[];
  readonly #legend = vscode.window.createStatusBarItem('smuggler.colours', vscode.StatusBarAlignment.Right, 89);
  readonly #work = new NewestWins();
  readonly #didChange = new vscode.EventEmitter<void>();
  /** Not coloured here, because its text is coloured by causes. */
  #yielded: vscode.TextEditor | null = null;
  /** A sentence that the legend shows in place of the scale. */
  #problem: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #due = Infinity;
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly services: Services,
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.#choice = this.#remembered();
    this.#types = Array.from({ length: STEPS }, (_, step) =>
      vscode.window.createTextEditorDecorationType({
        light: { backgroundColor: stepColour(step, 'light') },
        dark: { backgroundColor: stepColour(step, 'dark') },
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      }),
    );
    this.#legend.name = 'SMUGGLER Text Colours';
    this.#legend.command = 'smuggler.colourTextBy';
    const soon = (wait: number) => () => {
      this.#schedule(wait);
    };
    this.#subscriptions = [
      services.models.onDidChange(soon(WAIT.now)),
      services.voters.onDidChange(soon(WAIT.now)),
      services.documentMemory.onDidChange(() => {
        if (isOfMemory(this.#choice)) this.#schedule(WAIT.scroll);
      }),
      services.causes.onDidChange(() => {
        if (services.causes.editor !== this.#yielded) this.#schedule(WAIT.now);
      }),
      vscode.window.onDidChangeVisibleTextEditors(soon(WAIT.now)),
      vscode.window.onDidChangeTextEditorVisibleRanges(soon(WAIT.scroll)),
      vscode.workspace.onDidChangeTextDocument(soon(WAIT.edit)),
      vscode.window.onDidChangeActiveColorTheme(() => {
        this.#showLegend();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.textColours`)) this.show(this.#remembered());
      }),
    ];
    this.#schedule(WAIT.now);
  }

  /** Fires when other chunks are coloured, or the colours mean something else. */
  readonly onDidChange = this.#didChange.event;

  /** What the text is coloured by; null where it is not. */
  get choice(): ColourChoice | null {
    return this.#choice;
  }

  /** Chunks that are coloured in all editors together, and what the legend says; null while nothing is coloured. */
  get state(): { readonly measure: string; readonly chunks: number; readonly legend: string } | null {
    if (this.#choice === null) return null;
    return { measure: this.#choice.name, chunks: this.#chunks(), legend: this.#legend.text };
  }

  /** Whether the user has chosen, for this workspace or for all of them. */
  get isChosen(): boolean {
    return this.memory.get<unknown>(MEMORY) !== undefined || readSettings().textColours !== 'offer';
  }

  /** Colours by another measure, or by none, and remembers it for the workspace. */
  async colourBy(choice: ColourChoice | null): Promise<void> {
    this.show(choice);
    await this.memory.update(MEMORY, choice ?? NONE);
  }

  /** The same without remembering it. */
  show(choice: ColourChoice | null): void {
    this.#choice = choice;
    this.#schedule(WAIT.now);
  }

  /** How strongly a place is coloured: its step, or −1 where it has none. */
  stepAt(editor: vscode.TextEditor, position: vscode.Position): number {
    const shown = this.#shown.get(editor);
    if (shown === undefined) return -1;
    const chunk = Math.floor(this.services.texts.byteOffset(editor.document, position) / CHUNK_BYTES);
    const span = shown.spans.findIndex(({ firstChunk, count }) => firstChunk <= chunk && chunk < firstChunk + count);
    return span < 0 ? -1 : (shown.steps[span]![chunk - shown.spans[span]!.firstChunk] ?? -1);
  }

  /** What the colours mean, as Markdown; null while nothing is coloured. */
  get explanation(): string | null {
    const { models, voters } = this.services;
    if (this.#choice === null || this.#problem !== null || models.state.kind !== 'ready') return null;
    const { kind } = vscode.window.activeColorTheme;
    const isLight = kind === vscode.ColorThemeKind.Light || kind === vscode.ColorThemeKind.HighContrastLight;
    const silenced = isOfMemory(this.#choice) ? voters.memory : [];
    const note = changesNote(voters.changes, this.#choice.name !== 'vote', silenced);
    return legendMarkdown(scaleOf(this.#choice), models.state.model, this.#chunks(), isLight ? 'light' : 'dark', note);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#work.dispose();
    this.#didChange.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const type of this.#types) type.dispose();
    this.#legend.dispose();
  }

  #remembered(): ColourChoice | null {
    const own = this.memory.get<unknown>(MEMORY);
    return readColourChoice(own === undefined ? { name: readSettings().textColours } : own);
  }

  #chunks(): number {
    return [...this.#shown.values()].reduce((sum, { chunks }) => sum + chunks, 0);
  }

  /** Colours after `wait` milliseconds; what is due sooner stays due then. */
  #schedule(wait: number): void {
    if (this.#choice === null && this.#shown.size === 0) {
      this.#legend.hide();
      return;
    }
    const due = performance.now() + wait;
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => {
      this.#due = Infinity;
      this.#work.run(() => this.#colour());
    }, wait);
  }

  async #colour(): Promise<void> {
    const { causes, models } = this.services;
    this.#yielded = causes.editor;
    const visible = vscode.window.visibleTextEditors;
    for (const editor of this.#shown.keys()) if (!visible.includes(editor)) this.#shown.delete(editor);
    const choice = this.#choice;
    if (choice !== null && models.state.kind === 'idle') void models.ensure();
    if (choice === null || models.state.kind !== 'ready') {
      for (const editor of this.#shown.keys()) this.#clear(editor);
      this.#problem = null;
      this.#showLegend();
      return;
    }
    const { model } = models.state;
    let problem: string | null = null;
    for (const editor of visible) {
      if (!isInspectable(editor.document)) continue;
      if (editor === this.#yielded) {
        this.#clear(editor);
        continue;
      }
      const tooLarge = tooLargeSentence(editor.document);
      if (tooLarge === null) problem = (await this.#colourEditor(editor, choice, model)) ?? problem;
      else {
        this.#clear(editor);
        if (editor === vscode.window.activeTextEditor) problem = tooLarge;
      }
    }
    // Another editor may still be coloured.
    if (this.#yielded !== null && this.#shown.size === 0) problem ??= CAUSES_SHOWN;
    this.#problem = problem;
    this.#showLegend();
  }

  /** A sentence where it cannot be done. */
  async #colourEditor(editor: vscode.TextEditor, choice: ColourChoice, model: ModelSummary): Promise<string | null> {
    const { documentMemory, models, texts, voters } = this.services;
    const { document } = editor;
    const reading = isOfMemory(choice) ? documentMemory.of(document) : undefined;
    // What is coloured stays until there is more: its text moves with it.
    if (reading === null) {
      this.#clear(editor);
      return MEMORY_OFF;
    }
    if (reading !== undefined && !isRead(reading)) {
      return editor === vscode.window.activeTextEditor ? unreadText(reading, 0) : null;
    }
    const keyNow = () =>
      `${document.uri.toString()} ${document.version} ${modelKey(model)} ${voters.revision} ${JSON.stringify(choice)} ${reading?.scope}`;
    const key = keyNow();
    const chunkCount = Math.ceil(texts.get(document).bytes.length / CHUNK_BYTES);
    const shown = this.#shown.get(editor);
    if (shown?.key === key && coversSpans(shown.spans, limitSpans(this.#spans(editor, 0), chunkCount))) return null;
    const spans = limitSpans(this.#spans(editor, MARGIN_LINES), chunkCount);
    const ranges: vscode.Range[][] = Array.from({ length: STEPS }, () => []);
    const allSteps: Int8Array[] = [];
    let chunks = 0;
    let busy = 0;
    try {
      for (const { firstChunk, count } of spans) {
        const steps = await this.#steps(document, firstChunk, count, choice, model, reading?.scope);
        const isLoaded = models.state.kind === 'ready' && modelKey(models.state.model) === modelKey(model);
        // Text, model or choice have changed meanwhile, and what follows is on its way.
        if (keyNow() !== key || !isLoaded || this.#choice !== choice || document.isClosed) return null;
        const start = performance.now();
        const { bytes } = texts.get(document);
        const at = texts.position(document, CHUNK_BYTES * firstChunk);
        for (const { step, start: from, end: to } of stretches(bytes, firstChunk, at, steps)) {
          ranges[step]!.push(new vscode.Range(from.line, from.character, to.line, to.character));
        }
        allSteps.push(steps);
        chunks += steps.length;
        busy += performance.now() - start;
      }
    } catch (error) {
      this.#clear(editor);
      if (isRequestCancelledError(error) || isModelProcessExitError(error)) return null;
      const sentence = errorSentence(error);
      this.log.warn(`Colour Text: ${sentence}`);
      return sentence;
    }
    const start = performance.now();
    this.#types.forEach((type, step) => {
      editor.setDecorations(type, ranges[step]!);
    });
    this.#shown.set(editor, { key, spans, steps: allSteps, chunks });
    this.services.timings.record('colourText', busy + performance.now() - start);
    return null;
  }

  /**
   * The step of each of `count` chunks from `firstChunk` on, which are all in the document.
   * @param scope of the memory, where the choice needs it
   */
  async #steps(
    document: vscode.TextDocument,
    firstChunk: number,
    count: number,
    choice: ColourChoice,
    model: ModelSummary,
    scope: MemoryScope | undefined,
  ): Promise<Int8Array> {
    const { client, texts, voters } = this.services;
    if (choice.name === 'vote') {
      const { bit, voter } = choice;
      const { votes } = await client.askAbout([document], 'inspect/voter', (ref) => ({
        ...ref,
        firstChunk,
        count,
        bit,
        voter,
      }));
      return stepsOfVotes(votes);
    }
    const byteLength = texts.get(document).bytes.length;
    const { changes, memory: silenced } = voters;
    const span = { firstChunk, count, changes };
    const range = await client.askAbout([document], 'inspect/range', (ref) => ({ ...ref, ...span }));
    const measured =
      scope === undefined
        ? range
        : {
            ...range,
            memory: await client.askAbout([document], 'memory/range', (ref) => ({ ...ref, ...span, scope, silenced })),
          };
    return stepsOfRange(COLOUR_MEASURES[choice.name], measured, model.votersPerBit, byteLength);
  }

  /** Chunks of what an editor shows, `margin` lines more at both ends. */
  #spans({ document, visibleRanges }: vscode.TextEditor, margin: number): ChunkSpan[] {
    const { texts } = this.services;
    return visibleRanges.map(({ start, end }) => {
      const last = Math.min(document.lineCount - 1, end.line + margin);
      const from = margin === 0 ? start : new vscode.Position(Math.max(0, start.line - margin), 0);
      const to = margin === 0 ? end : document.lineAt(last).range.end;
      return chunksOfBytes(texts.byteOffset(document, from), texts.byteOffset(document, to), CHUNK_BYTES);
    });
  }

  #clear(editor: vscode.TextEditor): void {
    if (!this.#shown.delete(editor)) return;
    for (const type of this.#types) editor.setDecorations(type, []);
  }

  #showLegend(): void {
    const { models, voters } = this.services;
    const { explanation } = this;
    this.#didChange.fire();
    if (this.#choice === null || models.state.kind === 'none') {
      this.#legend.hide();
      return;
    }
    const scale = scaleOf(this.#choice);
    if (explanation === null || models.state.kind !== 'ready') {
      this.#legend.text = `$(paintcan) ${scale.label}${this.#problem === CAUSES_SHOWN ? ' (paused)' : ''}`;
      this.#legend.tooltip = this.#problem ?? 'The text is coloured as soon as the model is loaded.';
    } else {
      const changes = this.#choice.name === 'vote' ? [] : voters.changes;
      this.#legend.text = legendText(scale, models.state.model, changes, isOfMemory(this.#choice) ? voters.memory : []);
      this.#legend.tooltip = new vscode.MarkdownString(`${explanation}\n\nClick to choose another measure, or none.`);
    }
    this.#legend.show();
  }
}
