/** @file What memory says of the chunk that is shown: asked of the model one at a time, the newest last. */
import type * as vscode from 'vscode';
import type { MemoryChunk } from '../../../model/protocol/memory';
import type { MemoryOfChunk } from '../../../model/protocol/panels/votes';
import type { Services } from '../../editor/services';
import { isModelProcessExitError, isRequestCancelledError } from '../../modelProcess/errors';
import { NewestWins } from '../../newestWins';
import type { LesionSubject } from './chunkLesions';

export class ChunkMemory implements vscode.Disposable {
  readonly #work = new NewestWins();
  #latest: { readonly key: string; readonly chunk: MemoryChunk | null } | null = null;
  /** What is or was asked last, and how far the document was read then. */
  #asked = '';

  /** `onAnswer` is called when the model has answered, `onFailure` with what it failed by. */
  constructor(
    private readonly services: Pick<Services, 'client' | 'voters' | 'documentMemory'>,
    private readonly onAnswer: () => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /**
   * What is known now; null where memory is off.
   * @param mayAsk whether the model is asked where that is not yet all
   */
  of({ key: subjectKey, document, offset }: LesionSubject, mayAsk: boolean): MemoryOfChunk | null {
    const { client, voters, documentMemory } = this.services;
    const reading = documentMemory.of(document);
    if (reading === null) return null;
    const { changes, memory: silenced, revision } = voters;
    const key = `${subjectKey} ${reading.scope} ${revision}`;
    const chunk = this.#latest?.key === key ? this.#latest.chunk : null;
    // What is not read yet is asked for again once more is.
    const asked = `${key} ${reading.progress?.bytes}`;
    if (mayAsk && chunk === null && this.#asked !== asked) {
      this.#asked = asked;
      this.#work.run(async () => {
        try {
          const { scope } = reading;
          const answer = await client.askAbout([document], 'memory/chunk', (ref) => ({
            ...ref,
            offset,
            scope,
            changes,
            silenced,
          }));
          this.#latest = { key, chunk: answer };
          this.onAnswer();
        } catch (error) {
          if (!isRequestCancelledError(error) && !isModelProcessExitError(error)) this.onFailure(error);
        }
      });
    }
    return { reading, silenced, chunk };
  }

  dispose(): void {
    this.#work.dispose();
  }
}
