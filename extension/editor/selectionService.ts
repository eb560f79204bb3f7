/** @file One selection for editor, view and panels: follows the caret unless it is locked, and is marked in the text. */
import * as vscode from 'vscode';
import type { Selection } from '../../model/protocol/panels/messages';
import { setContext } from '../configuration';
import type { DocumentTexts } from '../modelProcess/documentTexts';
import { isInspectable, tooLargeSentence } from '../modelProcess/documentTexts';
import { clamp, followCaret, sameSelection, sanitize, withinModel } from './selection';

/** What changed: the text or document that is looked at, or only what is selected in it. */
export interface SubjectChange {
  readonly document: boolean;
}

/** A view of the selection that is looked at, until disposed; knows since when the caret is ahead of what is shown there. */
export class SelectionWatch implements vscode.Disposable {
  #movedAt: number | null = null;

  constructor(
    /** Whether a view or panel looks, in which bits and voters are seen; the text shows chunks alone. */
    readonly isPanel: boolean,
    private readonly end: (watch: SelectionWatch) => void,
  ) {}

  /** The caret moves, or turns out to be where it was. */
  note(movedAt: number | null): void {
    this.#movedAt = movedAt === null ? null : (this.#movedAt ?? movedAt);
  }

  /** When the caret began to move to the present selection; null once it was asked for. */
  takeMoveTime(): number | null {
    const moved = this.#movedAt;
    this.#movedAt = null;
    return moved;
  }

  dispose(): void {
    this.end(this);
  }
}

const REMEMBERED = 'smuggler.selection';

/** What is selected beside the caret's chunk. */
type Remembered = Pick<Selection, 'bit' | 'voter'>;

/** Milliseconds after an edit in which the caret's own move is waited for, so that both are followed at once. */
const EDIT_SETTLE = 10;

export class SelectionService implements vscode.Disposable {
  #document: vscode.TextDocument | null = null;
  /** Version of the document that the last change event told of. */
  #version = -1;
  #selection: Selection | null = null;
  /** `showsBits` when the last change event was fired. */
  #showedBits = false;
  /** What was selected when the last of those who look went away, or there was no text to select in. */
  #resting: Selection | null = null;
  #timer: NodeJS.Timeout | undefined;
  /** M of the model that is looked into. */
  #votersPerBit = Infinity;
  /** Views and panels on the screen: without any, no caret is followed and nothing is marked. */
  readonly #watches = new Set<SelectionWatch>();
  readonly #didChange = new vscode.EventEmitter<SubjectChange>();
  readonly #mark = vscode.window.createTextEditorDecorationType({
    // An outline, because VS Code itself marks words and matches by their background.
    border: '1px solid',
    borderColor: new vscode.ThemeColor('focusBorder'),
    borderRadius: '2px',
    overviewRulerColor: new vscode.ThemeColor('focusBorder'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  readonly #subscriptions: vscode.Disposable[];

  constructor(
    private readonly texts: DocumentTexts,
    private readonly memory: vscode.Memento,
  ) {
    this.#subscriptions = [
      vscode.window.onDidChangeActiveTextEditor(() => {
        this.#settle();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        if (this.#document === null) this.#settle();
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === vscode.window.activeTextEditor) {
          this.#note(performance.now());
          this.#settle();
        }
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document === this.#document) this.#settle(EDIT_SETTLE);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document !== this.#document) return;
        this.#document = null;
        this.#update(null);
        this.#settle();
      }),
    ];
    this.#settle();
  }

  readonly onDidChange = this.#didChange.event;

  /** The document that is looked at: the active one, or the one that holds the locked selection. */
  get document(): vscode.TextDocument | null {
    return this.#document;
  }

  get selection(): Selection | null {
    return this.#selection;
  }

  /** Whether the selected bit and voter are on the screen: they stay selected while no view or panel shows them. */
  get showsBits(): boolean {
    return Array.from(this.#watches).some(({ isPanel }) => isPanel);
  }

  /** An editor that shows the document, the active one if it does. */
  get editor(): vscode.TextEditor | null {
    const active = vscode.window.activeTextEditor;
    if (active !== undefined && active.document === this.#document) return active;
    return vscode.window.visibleTextEditors.find(({ document }) => document === this.#document) ?? null;
  }

  /** Follows the caret for as long as the user looks, until the result is disposed. */
  watch(where: 'panel' | 'text' = 'panel'): SelectionWatch {
    const watch = new SelectionWatch(where === 'panel', (one) => {
      if (this.#watches.delete(one)) this.#settle();
    });
    this.#watches.add(watch);
    this.#settle();
    return watch;
  }

  /**
   * Takes over what was chosen in a view or panel.
   * @param reveal also puts the caret at the chunk's beginning, and scrolls there where it is out of sight
   */
  select(selection: Selection, votersPerBit: number, reveal: boolean): void {
    const length = this.#length();
    const chosen = length === null ? null : sanitize(selection, length, votersPerBit);
    if (chosen === null || this.#document === null) return;
    const unlocked = this.#selection?.locked === true && !chosen.locked;
    this.#update(chosen);
    if (unlocked) this.#settle();
    const editor = reveal ? this.editor : null;
    if (editor !== null) {
      const range = this.texts.chunkRange(this.#document, chosen.offset);
      editor.selection = new vscode.Selection(range.start, range.start);
      editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }

  /** Selects the bit and voter of the window before it was loaded again, for a panel that comes back with it. */
  restore(): void {
    const last = this.#selection ?? this.#resting;
    const remembered = this.memory.get<Remembered>(REMEMBERED);
    if (last?.bit != null || remembered === undefined) return;
    const restored = { offset: 0, locked: false, ...last, ...remembered };
    if (this.#selection === null) this.#resting = restored;
    else this.#update(restored);
  }

  /** Another model is looked into: a voter that it does not have is no longer selected. @param votersPerBit its M */
  fitTo(votersPerBit: number): void {
    this.#votersPerBit = votersPerBit;
    this.#update(this.#selection);
  }

  /** Locks the selection, or lets it follow the caret again. */
  toggleLock(): void {
    if (this.#selection === null) return;
    this.#update({ ...this.#selection, locked: !this.#selection.locked });
    this.#settle();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#mark.dispose();
    this.#didChange.dispose();
  }

  /** Bytes of the document; null where there is none, or it is too large to inspect. */
  #length(): number | null {
    const document = this.#document;
    if (document === null || tooLargeSentence(document) !== null) return null;
    return this.texts.get(document).bytes.length;
  }

  /** Follows the caret once what happens now has happened, and after `wait` milliseconds unless something else is due sooner. */
  #settle(wait = 0): void {
    if (this.#timer !== undefined) {
      if (wait > 0) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#follow();
    }, wait);
  }

  #follow(): void {
    const editor = vscode.window.activeTextEditor;
    const locked = this.#selection?.locked === true && this.#document?.isClosed === false;
    // A panel that gets the focus leaves no active text editor: the document stays the one that was looked at.
    const document = locked ? this.#document : this.#next(editor);
    const documentChanged = document !== this.#document || document?.version !== this.#version;
    // Bit and voter stay in another text, and while nobody looks: a list of places is of use only while its voter is selected.
    const last = this.#selection ?? this.#resting;
    const before = last !== null && document !== this.#document ? { ...last, locked: false } : last;
    this.#document = document;
    this.#version = document?.version ?? -1;

    const length = this.#watches.size > 0 ? this.#length() : null;
    let selection: Selection | null = null;
    if (document !== null && length !== null) {
      // Where a panel has the focus, a selection that was given up while nobody looked begins at the caret again.
      const shown = editor?.document === document || this.#selection === null ? this.editor : null;
      if (shown !== null) {
        selection = followCaret(before, this.texts.byteOffset(document, shown.selection.active), length);
      } else if (before !== null) selection = clamp(before, length);
    }
    this.#resting = selection === null ? before : null;
    this.#update(selection, documentChanged);
  }

  #note(movedAt: number | null): void {
    for (const watch of this.#watches) watch.note(movedAt);
  }

  #next(editor: vscode.TextEditor | undefined): vscode.TextDocument | null {
    if (editor !== undefined && isInspectable(editor.document)) return editor.document;
    if (this.#document?.isClosed === false) return this.#document;
    // After a reload a panel can have the focus before any text had it.
    return vscode.window.visibleTextEditors.find(({ document }) => isInspectable(document))?.document ?? null;
  }

  #update(asked: Selection | null, document = false): void {
    const selection = asked === null ? null : withinModel(asked, this.#votersPerBit);
    const { showsBits } = this;
    if (!document && showsBits === this.#showedBits && sameSelection(selection, this.#selection)) {
      this.#note(null);
      return;
    }
    const locked = selection?.locked === true;
    if (locked !== (this.#selection?.locked === true)) setContext('smuggler.locked', locked);
    this.#remember(selection);
    this.#showedBits = showsBits;
    this.#selection = selection;
    this.#draw();
    this.#didChange.fire({ document });
  }

  /** The caret's place VS Code keeps itself. */
  #remember(selection: Selection | null): void {
    if (selection === null) return;
    const { bit, voter } = selection;
    if (bit === (this.#selection?.bit ?? null) && voter === (this.#selection?.voter ?? null)) return;
    void this.memory.update(REMEMBERED, { bit, voter } satisfies Remembered);
  }

  #draw(): void {
    const subject = this.#document;
    const selection = this.#selection;
    for (const editor of vscode.window.visibleTextEditors) {
      const marked = subject !== null && selection !== null && editor.document === subject;
      editor.setDecorations(this.#mark, marked ? [this.texts.chunkRange(subject, selection.offset)] : []);
    }
  }
}
