/** @file Ghost text from the loaded model. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { caretTextStart, OFFERED_BYTES } from '../../model/measures/caretText';
import { isInsideWord } from '../../model/measures/words';
import type { Until } from '../../model/protocol/completion';
import type { VoterChange } from '../../model/protocol/inspection';
import type { MemoryScope, MemoryVoter } from '../../model/protocol/memory';
import type { Settings } from '../configuration';
import { errorSentence, isRequestCancelledError } from '../modelProcess/errors';
import type { Services } from './services';
import { isInCommentOrString } from './commentOrString';
import { CompletionCache, isWorthOffering } from './completionCache';
import { CompletionPacing } from './completionPacing';
import type { DocumentSettings } from './documentSettings';
import { isInspectable, tooLargeSentence } from '../modelProcess/documentTexts';
import { modelKey } from '../modelProcess/modelState';

/** UTF-16 units before the caret in which a comment or a string may have begun. */
const COMMENT_REACH = 1 << 16;

/** Waits, and says whether the token was not cancelled meanwhile; ends the wait when it is. */
async function quiet(milliseconds: number, token: vscode.CancellationToken): Promise<boolean> {
  if (token.isCancellationRequested) return false;
  const abort = new AbortController();
  const subscription = token.onCancellationRequested(() => {
    abort.abort();
  });
  try {
    await sleep(milliseconds, undefined, { signal: abort.signal });
    return true;
  } catch {
    return false;
  } finally {
    subscription.dispose();
  }
}

/** What the model is asked. */
interface Question {
  readonly prefix: string;
  readonly suffix: string;
  readonly changes: readonly VoterChange[];
  readonly until: Until;
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  /** Null where memory is off. */
  readonly memory: MemoryScope | null;
  readonly silenced: readonly MemoryVoter[];
}

export class ModelCompletions implements vscode.InlineCompletionItemProvider {
  readonly #cache = new CompletionCache();
  /** The request before, whose end the next waits for. */
  #inFlight: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly services: Pick<Services, 'models' | 'client' | 'texts' | 'voters' | 'documentMemory' | 'timings'>,
    private readonly settings: Pick<DocumentSettings, 'get'>,
    private readonly log: Pick<vscode.LogOutputChannel, 'warn'>,
    private readonly pacing = new CompletionPacing(),
  ) {}

  async provideInlineCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.InlineCompletionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlineCompletionItem[]> {
    const settings = this.settings.get(document);
    const isInvoked = context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
    if (!settings.completionsEnabled || !vscode.workspace.isTrusted || !isInspectable(document)) return [];
    if (!isInvoked && !isFocused(document)) return [];
    // The suggest widget is open and shows its own preview.
    if (context.selectedCompletionInfo !== undefined || tooLargeSentence(document) !== null) return [];
    const cursor = document.offsetAt(position);
    const suffix = document.lineAt(position.line).text.slice(position.character);
    const textFrom = (offset: number) =>
      document.getText(new vscode.Range(document.positionAt(Math.max(0, offset)), position));
    const prefix = textFrom(caretTextStart(cursor));
    // Within a word nothing is ever offered.
    if (isInsideWord(prefix, suffix)) return [];
    if (
      !settings.completionsInCommentsAndStrings &&
      isInCommentOrString(document.languageId, textFrom(cursor - COMMENT_REACH))
    ) {
      return [];
    }
    const keyAt = performance.now();
    this.pacing.keyed(keyAt);
    const model = await this.services.models.ensure();
    if (model === null || token.isCancellationRequested) return [];

    const { changes, memory: silenced, revision } = this.services.voters;
    const memory = this.services.documentMemory.of(document)?.scope ?? null;
    const until = isInvoked ? 'statement' : settings.completionsMultiline ? 'paragraph' : 'line';
    const source = `${document.uri.toString()} ${modelKey(model)} ${revision} ${until} ${memory ?? ''}`;
    const place = { source, offset: cursor, prefix, suffix };
    let text = this.#cache.find(place);
    if (text === undefined) {
      const wait = isInvoked ? 0 : this.pacing.wait;
      if (!(await quiet(wait, token))) return [];
      this.services.timings.record('completeWait', wait);
      const question: Question = { prefix, suffix, changes, until, document, position, memory, silenced };
      const answer = await this.#oneAtATime(token, question, settings);
      if (answer === null) return [];
      text = answer;
      this.#cache.add({ ...place, text });
      this.services.timings.record('complete', performance.now() - keyAt);
    }
    if (!isWorthOffering(text, suffix)) return [];
    return [new vscode.InlineCompletionItem(text, new vscode.Range(position, position))];
  }

  /** Settings that change what is offered make what was offered void. */
  forget(): void {
    this.#cache.clear();
  }

  /** Asks when the request before has ended, which cancelling ends soon; of those who wait, VS Code cancels all but the last. */
  async #oneAtATime(token: vscode.CancellationToken, question: Question, settings: Settings): Promise<string | null> {
    const before = this.#inFlight;
    const answer = before.then(() => (token.isCancellationRequested ? null : this.#ask(question, settings, token)));
    this.#inFlight = answer;
    return answer;
  }

  /** Null where there is no answer: cancelled, or failed. */
  async #ask(
    { prefix, suffix, changes, until, document, position, memory, silenced }: Question,
    settings: Settings,
    token: vscode.CancellationToken,
  ): Promise<string | null> {
    const start = performance.now();
    try {
      const { text, milliseconds, postMilliseconds } = await this.services.client.askAbout(
        memory === null ? [] : [document],
        'complete',
        (...[ref]) => ({
          prefix: new TextEncoder().encode(prefix),
          suffix: new TextEncoder().encode(suffix),
          maxBytes: OFFERED_BYTES,
          until,
          minConfidence: settings.completionsMinConfidence,
          end: 'saving',
          changes,
          memory:
            memory === null || ref === undefined
              ? null
              : { ...ref, scope: memory, offset: this.services.texts.byteOffset(document, position), silenced },
        }),
        { token },
      );
      const { timings } = this.services;
      const whole = performance.now() - start;
      this.pacing.answered(whole);
      timings.record('completeQueue', Math.max(0, whole - milliseconds - postMilliseconds));
      timings.record('completeModel', milliseconds);
      timings.record('completePost', postMilliseconds);
      return text;
    } catch (error) {
      if (!isRequestCancelledError(error)) this.log.warn(`Completion: ${errorSentence(error)}`);
      return null;
    }
  }
}

/** Whether the user types there: of editors that show the document, and windows, the one that has the keyboard. */
function isFocused(document: vscode.TextDocument): boolean {
  return vscode.window.state.focused && vscode.window.activeTextEditor?.document === document;
}
