/** @file The memory of the open text: has the document that is looked at and another one in sight read in the background, and for `workspace` the workspace's files first. */
import * as vscode from 'vscode';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { MOST_READ } from '../../model/measures/memoryDocuments';
import type { MemoryProgress, MemoryReading, MemoryScope, MemoryWorkspace } from '../../model/protocol/memory';
import { excludedPatterns, readSettings, SECTION } from '../configuration';
import { isInspectable, textLength, tooLargeSentence } from '../modelProcess/documentTexts';
import { errorSentence, isModelProcessExitError, isRequestCancelledError } from '../modelProcess/errors';
import type { ModelClient } from '../modelProcess/modelClient';
import type { ModelService } from '../modelProcess/modelService';
import { LruMap } from '../lru';
import { NewestWins } from '../newestWins';
import { diskFolders } from '../workspaceFolders';
import type { SelectionService } from './selectionService';

/** Milliseconds without an edit after which the document is read again. */
const EDIT_SETTLE = 300;
/** A pass is told of once it takes longer than these milliseconds. */
const SHOWN_AFTER = 1_000;
/** Bytes of the workspace's files that are learned. */
const WORKSPACE_BYTES = 4_000_000;

/** UTF-16 units of other open documents that are known beforehand. */
const MOST_OF_OTHERS = 200_000;

/** How far which version of a document is read, in which scope. */
interface Read {
  readonly key: string;
  /** Null before the first of it is told. */
  readonly progress: MemoryProgress | null;
  /** Other open files that it knew beforehand. */
  readonly open: number;
}

/** What is read now. */
interface Pass {
  readonly of: MemoryScope;
  readonly cancel: CancellationTokenSource;
  readonly since: number;
  progress: MemoryProgress | null;
}

export interface DocumentMemoryOptions {
  readonly models: ModelService;
  readonly client: ModelClient;
  readonly selection: SelectionService;
  readonly log: vscode.LogOutputChannel;
}

/** The setting, without what it has no name for. */
function chosenScope(): MemoryScope | null {
  const { memory } = readSettings();
  return memory === 'document' || memory === 'workspace' ? memory : null;
}

/** Paths of the files that the window has open: they are known as they are in the editor, and the one that is read not beforehand. */
function openPaths(): string[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .flatMap(({ input }) =>
      input instanceof vscode.TabInputText && input.uri.scheme === 'file' ? [input.uri.fsPath] : [],
    );
}

export class DocumentMemory implements vscode.Disposable {
  readonly #work = new NewestWins();
  readonly #didChange = new vscode.EventEmitter<void>();
  readonly #subscriptions: readonly { dispose(): unknown }[];
  #chosen = chosenScope();
  /** Files that were left out of the workspace's memory; null while that is not learned. */
  #heldOut: ReadonlySet<string> | null = null;
  /** What of the workspace is learned. */
  #workspace: MemoryWorkspace = { files: 0, bytes: 0 };
  /** The workspace's files could not be learned, and are not tried again. */
  #hasFailed = false;
  #pass: Pass | null = null;
  /** By the document's URI. */
  readonly #read = new LruMap<string, Read>(MOST_READ);
  /** Documents as they were looked at, the latest last. */
  #lookedAt: vscode.Uri[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: DocumentMemoryOptions) {
    const { models, client, selection } = options;
    this.#subscriptions = [
      selection.onDidChange(({ document }) => {
        if (!document) return;
        this.#leaveDocument();
        this.#schedule(EDIT_SETTLE);
      }),
      models.onDidChange(({ kind }) => {
        // Whatever model comes next, the process begins each document anew.
        if (kind !== 'ready') {
          this.#read.clear();
          this.#leaveDocument();
        }
        this.#schedule(0);
      }),
      client.onDidStartProcess(() => {
        this.#read.clear();
        this.#heldOut = null;
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => {
        this.#schedule(0);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // Of the document that is looked at the selection tells.
        if (contentChanges.length === 0 || document === selection.document || !this.#inSight.includes(document)) return;
        this.#leaveDocument();
        this.#schedule(EDIT_SETTLE);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        // Another document may get its name and versions: Untitled-1.
        this.#read.delete(uri.toString());
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        this.#schedule(0);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.memory`)) this.#follow();
      }),
    ];
    this.#schedule(0);
  }

  /** Fires when more is read, or something else is to be. */
  readonly onDidChange = this.#didChange.event;

  /** What is set; null where memory is off. */
  get chosen(): MemoryScope | null {
    return this.#chosen;
  }

  /** What reads now and for longer than a moment; null where nothing does. */
  get busy(): { readonly of: MemoryScope; readonly progress: MemoryProgress } | null {
    const pass = this.#pass;
    if (pass?.progress == null || performance.now() - pass.since < SHOWN_AFTER) return null;
    return { of: pass.of, progress: pass.progress };
  }

  /** That of the document that is looked at; null where memory is off or nothing is looked at. */
  get reading(): MemoryReading | null {
    const { document } = this.options.selection;
    return document === null ? null : this.of(document);
  }

  /** How a document's memory is asked for, and how far that is read; null where memory is off. */
  of(document: vscode.TextDocument): MemoryReading | null {
    const scope = this.#scopeOf(document);
    if (scope === null) return null;
    const read = this.#read.get(document.uri.toString());
    const progress = read?.key === readKey(document, scope) ? read.progress : null;
    return { scope, progress, knew: scope === 'workspace' ? { ...this.#workspace, open: read?.open ?? 0 } : null };
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#pass?.cancel.cancel();
    this.#work.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#didChange.dispose();
  }

  /** The document that is looked at, and of the others in sight the one that was looked at last: as many as the process keeps. */
  get #inSight(): readonly vscode.TextDocument[] {
    const { document } = this.options.selection;
    const others = vscode.window.visibleTextEditors
      .map((editor) => editor.document)
      .toSorted((a, b) => this.#rank(b) - this.#rank(a));
    return [...new Set(document === null ? others : [document, ...others])]
      .filter((one) => isInspectable(one) && tooLargeSentence(one) === null)
      .slice(0, MOST_READ);
  }

  /** The later a document was looked at, the higher; −1 where it never was. */
  #rank({ uri }: vscode.TextDocument): number {
    return this.#lookedAt.findIndex((one) => one.toString() === uri.toString());
  }

  /** A file whose own text is among what was learned has a memory of the document alone. */
  #scopeOf({ uri }: vscode.TextDocument): MemoryScope | null {
    if (this.#chosen !== 'workspace') return this.#chosen;
    return this.#heldOut === null || this.#isLearned(uri) ? 'document' : 'workspace';
  }

  /** Whether the file is among what the workspace's memory may have learned. */
  #isLearned(uri: vscode.Uri): boolean {
    return (
      uri.scheme === 'file' &&
      vscode.workspace.getWorkspaceFolder(uri) !== undefined &&
      this.#heldOut?.has(uri.fsPath) === false
    );
  }

  /** Open files that the workspace's memory has left out, those looked at last at the end, as far as they are not too long together. */
  #others(document: vscode.TextDocument): vscode.TextDocument[] {
    const open = vscode.workspace.textDocuments
      .filter((one) => one !== document && one.uri.scheme === 'file' && this.#heldOut?.has(one.uri.fsPath) === true)
      .toSorted((a, b) => this.#rank(a) - this.#rank(b));
    let units = 0;
    const nearest = open.toReversed().filter((one) => (units += textLength(one)) <= MOST_OF_OTHERS);
    return nearest.toReversed();
  }

  #follow(): void {
    this.#chosen = chosenScope();
    this.#pass?.cancel.cancel();
    this.#read.clear();
    this.#heldOut = null;
    this.#hasFailed = false;
    this.#didChange.fire();
    this.#schedule(0);
  }

  /** Its text is another one soon, or its model. */
  #leaveDocument(): void {
    if (this.#pass?.of === 'document') this.#pass.cancel.cancel();
  }

  #schedule(wait: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#work.run(() => this.#readAll());
    }, wait);
  }

  async #readAll(): Promise<void> {
    if (this.#chosen === null || this.options.models.state.kind !== 'ready') return;
    const { document } = this.options.selection;
    if (document !== null) {
      this.#lookedAt = [...this.#lookedAt.filter((uri) => uri.toString() !== document.uri.toString()), document.uri];
    }
    await this.#readInSight();
    if (this.#chosen !== 'workspace' || this.#hasFailed) return;
    // A file that was opened since is left out, as it should have been.
    if (this.#heldOut !== null && (document === null || !this.#isLearned(document.uri))) return;
    // What begins with the workspace is read once more.
    if (await this.#learnWorkspace()) await this.#readInSight();
  }

  async #readInSight(): Promise<void> {
    for (const document of this.#inSight) {
      // What was cancelled is on its way again.
      if ((await this.#readDocument(document)) === null) return;
    }
  }

  /** @returns what `#run` does; true where nothing is to be done */
  async #readDocument(document: vscode.TextDocument): Promise<boolean | null> {
    const { client } = this.options;
    const scope = this.#scopeOf(document);
    if (scope === null) return true;
    const key = readKey(document, scope);
    const name = document.uri.toString();
    const before = this.#read.get(name);
    if (before?.key === key && before.progress !== null && before.progress.bytes >= before.progress.total) return true;
    const others = scope === 'workspace' ? this.#others(document) : [];
    const progress = before?.key === key ? before.progress : null;
    this.#read.set(name, { key, progress, open: others.length });
    return this.#run('document', async ({ token, onProgress }) => {
      const note = (read: MemoryProgress) => {
        // An answer about an older text says nothing of this one.
        if (readKey(document, scope) === key) this.#read.set(name, { key, progress: read, open: others.length });
      };
      note(
        await client.askAbout(
          [document, ...others],
          'memory/read',
          (ref, ...rest) => ({ ...ref, scope, others: rest }),
          {
            token,
            onProgress: (read) => {
              note(read);
              onProgress(read);
            },
          },
        ),
      );
    });
  }

  async #learnWorkspace(): Promise<boolean> {
    const paths = diskFolders().map(({ uri }) => uri.fsPath);
    if (!vscode.workspace.isTrusted || paths.length === 0) return false;
    const { document } = this.options.selection;
    const without = [...openPaths(), ...(document?.uri.scheme === 'file' ? [document.uri.fsPath] : [])];
    const isDone = await this.#run('workspace', async (options) => {
      this.#workspace = await this.options.client.ask(
        'memory/workspace',
        {
          paths,
          exclude: excludedPatterns(),
          without,
          maxFileBytes: 1024 * readSettings().trainingMaxFileKilobytes,
          maxBytes: WORKSPACE_BYTES,
        },
        options,
      );
      this.#heldOut = new Set(without);
    });
    this.#hasFailed = isDone === false;
    return isDone === true;
  }

  /** @returns whether it was done; null where it was cancelled, or its process ended */
  async #run(
    of: MemoryScope,
    work: (options: {
      token: vscode.CancellationToken;
      onProgress: (progress: MemoryProgress) => void;
    }) => Promise<void>,
  ): Promise<boolean | null> {
    const pass: Pass = { of, cancel: new CancellationTokenSource(), since: performance.now(), progress: null };
    this.#pass = pass;
    try {
      await work({
        token: pass.cancel.token,
        onProgress: (progress) => {
          pass.progress = progress;
          this.#didChange.fire();
        },
      });
      return true;
    } catch (error) {
      if (isRequestCancelledError(error) || isModelProcessExitError(error)) return null;
      this.options.log.warn(`Memory: ${errorSentence(error)}`);
      return false;
    } finally {
      pass.cancel.dispose();
      this.#pass = null;
      this.#didChange.fire();
    }
  }
}

function readKey({ uri, version }: vscode.TextDocument, scope: MemoryScope): string {
  return `${scope} ${uri.toString()} ${version}`;
}
