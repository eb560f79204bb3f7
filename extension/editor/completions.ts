/** @file Ghost text from the loaded model. */
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { VoterChange } from '../../model/protocol/inspection';
import type { Settings } from '../configuration';
import { errorSentence, isRequestCancelledError } from '../modelProcess/errors';
import type { Services } from './services';
import { CompletionCache, isWorthOffering, lastBytes } from './completionCache';
import type { DocumentSettings } from './documentSettings';
import { isInspectable, tooLargeSentence } from '../modelProcess/documentTexts';
import { modelKey } from '../modelProcess/modelState';

/** Bytes before the cursor that the model is given. */
const PREFIX_BYTES = 4096;

/** Waits, and says whether the token was not cancelled meanwhile; ends the wait when it is. */
async function quiet(milliseconds: number, token: vscode.CancellationToken): Promise<boolean> {
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

export class ModelCompletions implements vscode.InlineCompletionItemProvider {
  readonly #cache = new CompletionCache();

  constructor(
    private readonly services: Services,
    private readonly settings: DocumentSettings,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  async provideInlineCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    context: vscode.InlineCompletionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlineCompletionItem[]> {
    const settings = this.settings.get(document);
    const asked = context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
    if (!settings.completionsEnabled || !vscode.workspace.isTrusted || !isInspectable(document)) return [];
    // The suggest widget is open and shows its own preview.
    if (context.selectedCompletionInfo !== undefined || tooLargeSentence(document) !== null) return [];
    const model = await this.services.models.ensure();
    if (model === null || token.isCancellationRequested) return [];

    const cursor = document.offsetAt(position);
    const prefix = document.getText(
      new vscode.Range(document.positionAt(Math.max(0, cursor - PREFIX_BYTES)), position),
    );
    const suffix = document.lineAt(position.line).text.slice(position.character);
    const { changes, revision } = this.services.voters;
    const source = `${document.uri.toString()} ${modelKey(model)} ${revision}`;
    const place = { source, offset: cursor, prefix, suffix };
    let text = this.#cache.find(place);
    if (text === undefined) {
      if (!asked && !(await quiet(settings.completionsDelay, token))) return [];
      const answer = await this.#ask({ prefix, suffix, changes }, settings, token);
      if (answer === null) return [];
      text = answer;
      this.#cache.add({ ...place, text });
    }
    if (!isWorthOffering(text, suffix)) return [];
    return [new vscode.InlineCompletionItem(text, new vscode.Range(position, position))];
  }

  /** Settings that change what is offered make what was offered void. */
  forget(): void {
    this.#cache.clear();
  }

  /** Null where there is no answer: cancelled, or failed. */
  async #ask(
    { prefix, suffix, changes }: { prefix: string; suffix: string; changes: readonly VoterChange[] },
    settings: Settings,
    token: vscode.CancellationToken,
  ): Promise<string | null> {
    try {
      const completion = await this.services.client.ask(
        'complete',
        {
          prefix: lastBytes(prefix, PREFIX_BYTES),
          suffix: new TextEncoder().encode(suffix),
          maxBytes: settings.completionsMaxBytes,
          singleLine: !settings.completionsMultiline,
          minConfidence: settings.completionsMinConfidence,
          end: 'saving',
          changes,
        },
        { token },
      );
      return completion.text;
    } catch (error) {
      if (!isRequestCancelledError(error)) this.log.warn(`Completion: ${errorSentence(error)}`);
      return null;
    }
  }
}
