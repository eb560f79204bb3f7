/** @file The hover: the votes for the chunk under the pointer. */
import * as vscode from 'vscode';
import type { Services } from './services';
import { errorSentence, isModelProcessExitError, isRequestCancelledError } from '../modelProcess/errors';
import type { DocumentSettings } from './documentSettings';
import { isInspectable, tooLargeSentence } from '../modelProcess/documentTexts';
import { HOVER_COMMANDS, hoverMarkdown } from './hoverContent';
import { escapeMarkdown } from './markdown';
import { chunkStart } from './selection';

export class VotesHover implements vscode.HoverProvider {
  constructor(
    private readonly services: Services,
    private readonly settings: DocumentSettings,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** Nothing while no model can be used; the status bar says why. */
  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    const settings = this.settings.get(document);
    if (!settings.hoverEnabled || !isInspectable(document)) return null;
    const tooLarge = tooLargeSentence(document);
    if (tooLarge !== null) return new vscode.Hover(new vscode.MarkdownString(escapeMarkdown(tooLarge)));

    const { client, documentMemory, models, naming, texts, timings, voters } = this.services;
    const start = performance.now();
    const model = await models.ensure();
    if (model === null || token.isCancellationRequested) return null;
    const text = texts.get(document);
    const offset = chunkStart(text.byteOffset(document.offsetAt(position)), text.bytes.length);
    if (offset === null) return null;
    try {
      const { changes } = voters;
      const alternatives = settings.hoverAlternatives;
      const reading = documentMemory.of(document);
      const [inspection, lesion, memory] = await Promise.all([
        client.askAbout([document], 'inspect/chunk', (ref) => ({ ...ref, offset, alternatives }), { token }),
        changes.length === 0
          ? null
          : client.askAbout([document], 'inspect/lesion', (ref) => ({ ...ref, offset, changes, continuation: 0 }), {
              token,
            }),
        reading === null
          ? null
          : client.askAbout(
              [document],
              'memory/chunk',
              (ref) => ({ ...ref, offset, scope: reading.scope, changes, silenced: voters.memory }),
              { token },
            ),
      ]);
      const changed = lesion === null ? null : { changes, after: lesion.after };
      const ofMemory = reading === null ? null : { reading, silenced: voters.memory, chunk: memory };
      const markdown = new vscode.MarkdownString(hoverMarkdown(inspection, model, naming.names, changed, ofMemory));
      markdown.isTrusted = { enabledCommands: HOVER_COMMANDS };
      timings.record('hover', performance.now() - start);
      return new vscode.Hover(markdown, texts.chunkRange(document, offset));
    } catch (error) {
      if (!isRequestCancelledError(error) && !isModelProcessExitError(error)) {
        this.log.warn(`Hover: ${errorSentence(error)}`);
      }
      return null;
    }
  }
}
