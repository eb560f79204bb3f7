/** @file Show Causes: colours the text before the selected chunk by what it contributed to it, with a legend in the status bar. */
import * as vscode from 'vscode';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { CAUSE_METHODS, CAUSE_PIECES } from '../../model/measures/causesText';
import type { CauseMethod, Causes, CauseTarget, CauseUnit } from '../../model/protocol/causes';
import type { VoterChange } from '../../model/protocol/inspection';
import type { CausesOfChunk } from '../../model/protocol/panels/votes';
import type { Selection } from '../../model/protocol/panels/messages';
import { errorSentence, isModelProcessExitError, isRequestCancelledError } from '../modelProcess/errors';
import { modelKey } from '../modelProcess/modelState';
import { NewestWins } from '../newestWins';
import type { SelectionWatch } from './selectionService';
import type { Services } from './services';
import { stretches } from './textColoursRanges';
import { CAUSE_STYLES, causesLegend, causesMarkdown, causeSteps } from './textCausesScale';

/** Where a workspace's method is remembered; it also says whether causes are shown. */
const MEMORY = 'smuggler.causes';
const FIRST_METHOD: CauseMethod = 'occlusion';
/** Where its pieces of text are remembered. */
const UNIT_MEMORY = 'smuggler.causeUnit';

/** What is shown, for those who look from outside. */
export interface CausesState {
  readonly method: CauseMethod;
  readonly unit: CauseUnit;
  readonly isPinned: boolean;
  /** Byte offset of the chunk whose causes are coloured; null where none are yet. */
  readonly offset: number | null;
  /** Stretches of text that are coloured. */
  readonly stretches: number;
  readonly legend: string;
}

/** What is asked, of which text and model. */
interface Question {
  readonly key: string;
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly offset: number;
  readonly target: CauseTarget;
  readonly method: CauseMethod;
  readonly unit: CauseUnit;
  readonly changes: readonly VoterChange[];
}

/** @param showsBits whether the user sees which bit and voter are selected */
function targetOf({ bit, voter }: Selection, showsBits: boolean): CauseTarget {
  if (bit === null || !showsBits) return { kind: 'chunk' };
  return voter === null ? { kind: 'bit', bit } : { kind: 'voter', bit, voter };
}

export class TextCauses implements vscode.Disposable {
  #method: CauseMethod | null;
  #lastMethod: CauseMethod;
  #unit: CauseUnit;
  /** Stays while the caret moves. */
  #pinned: Question | null = null;
  #question: Question | null = null;
  #answer: { readonly key: string; readonly causes: Causes | null; readonly failure: string | null } | null = null;
  #running: { readonly key: string; readonly cancel: CancellationTokenSource } | null = null;
  #coloured: vscode.TextEditor | null = null;
  #stretches = 0;
  /** While causes are shown the caret is followed. */
  #watch: SelectionWatch | null = null;
  readonly #types: readonly vscode.TextEditorDecorationType[];
  readonly #legend = vscode.window.createStatusBarItem('smuggler.causes', vscode.StatusBarAlignment.Right, 88);
  readonly #work = new NewestWins();
  readonly #didChange = new vscode.EventEmitter<void>();
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly services: Pick<Services, 'models' | 'client' | 'texts' | 'selection' | 'voters'>,
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const remembered = memory.get<unknown>(MEMORY);
    this.#method = isMethod(remembered) ? remembered : null;
    this.#lastMethod = this.#method ?? FIRST_METHOD;
    const unit = memory.get<unknown>(UNIT_MEMORY);
    this.#unit = isUnit(unit) ? unit : 'chunk';
    this.#types = CAUSE_STYLES.map(({ light, dark, line }) => {
      const style = (colour: string) => ({ backgroundColor: colour, borderColor: colour });
      return vscode.window.createTextEditorDecorationType({
        light: style(light),
        dark: style(dark),
        borderWidth: '0 0 2px 0',
        borderStyle: line,
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      });
    });
    this.#legend.name = 'SMUGGLER Causes';
    this.#legend.command = 'smuggler.showCauses';
    const update = () => {
      this.#update();
    };
    const { models, selection, voters } = services;
    this.#subscriptions = [models.onDidChange(update), selection.onDidChange(update), voters.onDidChange(update)];
    this.#update();
  }

  /** Fires when other causes are shown, or none. */
  readonly onDidChange = this.#didChange.event;

  /** What is known of the chunk at a byte offset of the document that is looked at; null where causes are not shown. */
  of(offset: number): CausesOfChunk | null {
    if (this.#method === null) return null;
    const isPinned = this.#pinned !== null;
    const isAsked = isPinned || this.#question?.offset === offset;
    const answer = isAsked && this.#answer?.key === this.#question?.key ? this.#answer : null;
    const [result, failure] = [answer?.causes ?? null, answer?.failure ?? null];
    return { method: this.#method, unit: this.#unit, isPinned, result, failure };
  }

  /** The chunk that is explained as a whole; null where none is, or a part of it. */
  get chunk(): { readonly document: vscode.TextDocument; readonly offset: number } | null {
    return this.#question?.target.kind === 'chunk' ? this.#question : null;
  }

  /** Whose text causes colour, or will once they are known; null while causes are not shown. */
  get editor(): vscode.TextEditor | null {
    return this.#method === null ? null : this.services.selection.editor;
  }

  /** Null while causes are not shown. */
  get state(): CausesState | null {
    if (this.#method === null) return null;
    const offset = this.#coloured === null ? null : (this.#question?.offset ?? null);
    const isPinned = this.#pinned !== null;
    return {
      ...{ method: this.#method, unit: this.#unit, isPinned, offset },
      ...{ stretches: this.#stretches, legend: this.#legend.text },
    };
  }

  /** Shows causes by a method, or none; unless given turns them on or off. @returns what is shown now */
  async show(given?: CauseMethod | 'off', unit = this.#unit): Promise<CauseMethod | 'off'> {
    const next = given ?? (this.#method === null ? this.#lastMethod : 'off');
    this.#method = next === 'off' ? null : next;
    this.#lastMethod = this.#method ?? this.#lastMethod;
    this.#unit = unit;
    // Of what was pinned the same is asked in another way.
    const pinned = this.#pinned;
    this.#pinned = null;
    if (pinned !== null && this.#method !== null) this.#pinned = this.#ask(pinned);
    this.#update();
    await this.memory.update(MEMORY, next);
    await this.memory.update(UNIT_MEMORY, unit);
    return next;
  }

  /** Keeps the causes that are shown while the caret moves, until their text is edited; or follows the caret again. */
  pin(isPinned: boolean): void {
    this.#pinned = isPinned ? this.#question : null;
    this.#update();
    this.#didChange.fire();
  }

  dispose(): void {
    this.#work.dispose();
    this.#running?.cancel.cancel();
    this.#watch?.dispose();
    this.#didChange.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    for (const type of this.#types) type.dispose();
    this.#legend.dispose();
  }

  #update(): void {
    if (this.#method !== null) this.#watch ??= this.services.selection.watch('text');
    else if (this.#watch !== null) {
      const watch = this.#watch;
      this.#watch = null;
      watch.dispose();
    }
    const before = this.#question?.key;
    const { document } = this.services.selection;
    const pinned = this.#pinned;
    if (pinned !== null && (document !== pinned.document || document.version !== pinned.version)) this.#pinned = null;
    this.#question = this.#ask(this.#pinned);
    const question = this.#question;
    if (question?.key === before) return;
    if (this.#running !== null && this.#running.key !== question?.key) this.#running.cancel.cancel();
    if (question !== null) this.#work.run(() => this.#find(question));
    this.#draw();
  }

  /** What is to be explained now; null where that is nothing. @param kept what is explained in place of what is selected */
  #ask(kept: Question | null): Question | null {
    const { models, selection, voters } = this.services;
    const method = this.#method;
    const unit = this.#unit;
    if (method === null) return null;
    if (models.state.kind === 'idle') void models.ensure();
    const { document, selection: selected } = selection;
    if (models.state.kind !== 'ready' || document === null || selected === null) return null;
    const { offset, target } = kept ?? { offset: selected.offset, target: targetOf(selected, selection.showsBits) };
    const { version } = document;
    // The gradients are of the model as it is.
    const changes = method === 'occlusion' ? voters.changes : [];
    const of = `${document.uri.toString()} ${version} ${modelKey(models.state.model)} ${offset}`;
    const key = `${of} ${JSON.stringify([target, method, unit, changes])}`;
    return { key, document, version, offset, target, method, unit, changes };
  }

  async #find({ key, document, offset, target, method, unit, changes }: Question): Promise<void> {
    if (this.#question?.key !== key) return;
    const cancel = new CancellationTokenSource();
    this.#running = { key, cancel };
    try {
      const causes = await this.services.client.askAbout(
        [document],
        'inspect/causes',
        (ref) => ({ ...ref, offset, target, method, unit, changes }),
        { token: cancel.token },
      );
      this.#answer = { key, causes, failure: null };
    } catch (error) {
      if (isRequestCancelledError(error) || isModelProcessExitError(error)) return;
      this.#answer = { key, causes: null, failure: errorSentence(error) };
      this.log.warn(`Causes: ${errorSentence(error)}`);
    } finally {
      this.#running = null;
      cancel.dispose();
    }
    if (this.#question.key === key) this.#draw();
  }

  #draw(): void {
    const question = this.#question;
    const answer = question !== null && this.#answer?.key === question.key ? this.#answer : null;
    this.#colour(question, answer?.causes ?? null);
    this.#showLegend(answer?.causes ?? null, answer?.failure ?? null);
    this.#didChange.fire();
  }

  #colour(question: Question | null, causes: Causes | null): void {
    const { selection, texts } = this.services;
    const { editor } = selection;
    if (this.#coloured !== null && (this.#coloured !== editor || causes === null)) {
      for (const type of this.#types) this.#coloured.setDecorations(type, []);
      this.#coloured = null;
      this.#stretches = 0;
    }
    if (question === null || causes === null || editor === null) return;
    const { document } = question;
    const { firstByte, steps } = causeSteps(causes);
    const ranges: vscode.Range[][] = CAUSE_STYLES.map(() => []);
    const { bytes } = texts.get(document);
    const at = texts.position(document, firstByte);
    for (const { step, start, end } of stretches(bytes, firstByte, at, steps, 1)) {
      ranges[step]!.push(new vscode.Range(start.line, start.character, end.line, end.character));
    }
    this.#types.forEach((type, step) => {
      editor.setDecorations(type, ranges[step]!);
    });
    this.#coloured = editor;
    this.#stretches = ranges.reduce((sum, { length }) => sum + length, 0);
  }

  #showLegend(causes: Causes | null, failure: string | null): void {
    if (this.#method === null) {
      this.#legend.hide();
      return;
    }
    this.#legend.text =
      causes === null ? `$(lightbulb) Causes by ${CAUSE_METHODS[this.#method]}` : causesLegend(causes);
    this.#legend.tooltip =
      causes === null
        ? (failure ?? 'Put the caret on a word: the text that it was predicted from is coloured.')
        : new vscode.MarkdownString(`${causesMarkdown(causes)}\n\nClick to show no causes.`);
    this.#legend.show();
  }
}

/** Whether a value that was remembered, or comes from a page, is a method. */
export function isMethod(value: unknown): value is CauseMethod {
  return typeof value === 'string' && Object.hasOwn(CAUSE_METHODS, value);
}

/** Whether a value that was remembered, or comes from a page, is a piece of text that causes may be. */
export function isUnit(value: unknown): value is CauseUnit {
  return typeof value === 'string' && Object.hasOwn(CAUSE_PIECES, value);
}
