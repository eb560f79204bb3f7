/** @file Beside the causes of a chunk: outlines where in the text its memory voters had seen what they said. */
import * as vscode from 'vscode';
import type { MemoryChunk } from '../../model/protocol/memory';
import { errorSentence, isModelProcessExitError, isRequestCancelledError } from '../modelProcess/errors';
import { NewestWins } from '../newestWins';
import { escapeMarkdown } from './markdown';
import { memoryPlaces } from './memoryPlaces';
import type { Services } from './services';

/** As memory has it in the panels. */
const COLOUR = { dark: '#d58fd0', light: '#8a3f86' } as const;

export class TextMemoryPlaces implements vscode.Disposable {
  /** What was asked last: chunk, model, memory and how far that is read. */
  #key: string | null = null;
  #marked: vscode.TextEditor | null = null;
  #count = 0;
  readonly #work = new NewestWins();
  readonly #type: vscode.TextEditorDecorationType;
  readonly #subscriptions: readonly vscode.Disposable[];

  constructor(
    private readonly services: Pick<Services, 'causes' | 'client' | 'documentMemory' | 'models' | 'texts' | 'voters'>,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const style = (colour: string) => ({ borderColor: colour, overviewRulerColor: colour });
    this.#type = vscode.window.createTextEditorDecorationType({
      light: style(COLOUR.light),
      dark: style(COLOUR.dark),
      borderWidth: '1px',
      borderStyle: 'dashed',
      borderRadius: '2px',
      overviewRulerLane: vscode.OverviewRulerLane.Right,
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
    const update = () => {
      this.#update();
    };
    const { causes, documentMemory, voters } = services;
    this.#subscriptions = [causes.onDidChange(update), documentMemory.onDidChange(update), voters.onDidChange(update)];
    this.#update();
  }

  /** Places that are outlined. */
  get count(): number {
    return this.#count;
  }

  dispose(): void {
    this.#work.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#type.dispose();
  }

  #update(): void {
    const { causes, documentMemory, models, voters } = this.services;
    const chunk = causes.chunk;
    const reading = chunk === null ? null : documentMemory.of(chunk.document);
    if (chunk === null || reading === null || models.state.kind !== 'ready') {
      this.#key = null;
      this.#clear();
      return;
    }
    const { document, offset } = chunk;
    const { scope, progress } = reading;
    const { checkpoint } = models.state.model;
    // What is not read yet is asked for again once more is.
    const key = `${document.uri.toString()} ${document.version} ${offset} ${checkpoint} ${scope} ${progress?.bytes} ${voters.revision}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#clear();
    const { changes, memory: silenced } = voters;
    this.#work.run(async () => {
      const { client } = this.services;
      if (this.#key !== key) return;
      try {
        const asked = { offset, scope, changes, silenced };
        const ofMemory = await client.askAbout([document], 'memory/chunk', (ref) => ({ ...ref, ...asked }));
        if (this.#key === key && ofMemory !== null) this.#mark(document, ofMemory);
      } catch (error) {
        if (isRequestCancelledError(error) || isModelProcessExitError(error)) return;
        this.log.warn(`Causes in memory: ${errorSentence(error)}`);
      }
    });
  }

  #mark(document: vscode.TextDocument, chunk: MemoryChunk): void {
    const { causes, texts } = this.services;
    const { editor } = causes;
    if (editor?.document !== document) return;
    const places = memoryPlaces(chunk, texts.get(document).bytes);
    editor.setDecorations(
      this.#type,
      places.map(({ offset, end, sentences }) => ({
        range: new vscode.Range(texts.position(document, offset), texts.position(document, end)),
        hoverMessage: new vscode.MarkdownString(sentences.map(escapeMarkdown).join('  \n')),
      })),
    );
    this.#marked = editor;
    this.#count = places.length;
  }

  #clear(): void {
    this.#marked?.setDecorations(this.#type, []);
    this.#marked = null;
    this.#count = 0;
  }
}
