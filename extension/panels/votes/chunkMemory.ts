/** @file What memory says of the chunk that is shown, or of its document: asked of the model one at a time, the newest last. */
import type * as vscode from 'vscode';
import { isRead } from '../../../model/measures/memoryText';
import type { MemoryChunk, MemoryReading, MemoryVoters } from '../../../model/protocol/memory';
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
  readonly #voterWork = new NewestWins();
  #latestVoters: { readonly key: string; readonly voters: MemoryVoters | null } | null = null;
  #askedVoters = '';
  #isOverDocument = false;

  /** `onAnswer` is called when the model has answered, `onFailure` with what it failed by. */
  constructor(
    private readonly services: Pick<Services, 'client' | 'voters' | 'documentMemory'>,
    private readonly onAnswer: () => void,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  /** Shows what the voters did over the document, or at the chunk. */
  show(overDocument: boolean): void {
    this.#isOverDocument = overDocument;
    this.onAnswer();
  }

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
      this.#run(this.#work, async () => {
        const { scope } = reading;
        const answer = await client.askAbout([document], 'memory/chunk', (ref) => ({
          ...ref,
          offset,
          scope,
          changes,
          silenced,
        }));
        this.#latest = { key, chunk: answer };
      });
    }
    const isOverDocument = this.#isOverDocument;
    const overDocument = isOverDocument ? this.#votersOf(document, reading, mayAsk) : null;
    return { reading, silenced, chunk, isOverDocument, voters: overDocument };
  }

  dispose(): void {
    this.#work.dispose();
    this.#voterWork.dispose();
  }

  /** Asked for where the whole document is read. */
  #votersOf(document: vscode.TextDocument, reading: MemoryReading, mayAsk: boolean): MemoryVoters | null {
    const { client, voters } = this.services;
    const { memory: silenced } = voters;
    const { scope } = reading;
    const key = `${document.uri.toString()} ${document.version} ${scope} ${silenced.join()}`;
    const known = this.#latestVoters?.key === key ? this.#latestVoters.voters : null;
    if (mayAsk && known === null && this.#askedVoters !== key && isRead(reading)) {
      this.#askedVoters = key;
      this.#run(this.#voterWork, async () => {
        const answer = await client.askAbout([document], 'memory/voters', (ref) => ({ ...ref, scope, silenced }));
        this.#latestVoters = { key, voters: answer };
      });
    }
    return known;
  }

  #run(work: NewestWins, ask: () => Promise<void>): void {
    work.run(async () => {
      try {
        await ask();
        this.onAnswer();
      } catch (error) {
        if (!isRequestCancelledError(error) && !isModelProcessExitError(error)) this.onFailure(error);
      }
    });
  }
}
