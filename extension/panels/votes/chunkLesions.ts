/** @file What silenced and held voters do to the chunk that is shown: asked of the model one at a time, the newest last. */
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import type * as vscode from 'vscode';
import type { VoterChange } from '../../../model/protocol/inspection';
import type { Lesion } from '../../../model/protocol/panels/votes';
import { errorSentence, isModelProcessExitError, isRequestCancelledError } from '../../modelProcess/errors';
import type { ModelClient } from '../../modelProcess/modelClient';
import { NewestWins } from '../../newestWins';

/** Bytes that are decoded from the chunk on, before and after. */
const CONTINUATION = 32;

/** A chunk of a document in one version, under one model. */
export interface LesionSubject {
  /** Names document, version, model and chunk. */
  readonly key: string;
  readonly document: vscode.TextDocument;
  readonly offset: number;
}

export class ChunkLesions implements vscode.Disposable {
  readonly #work = new NewestWins();
  /** What the model answered last, and to what. */
  #latest: { readonly key: string; readonly changes: readonly VoterChange[]; readonly lesion: Lesion } | null = null;
  /** What the model is asked now, or next. */
  #asked: { readonly key: string; readonly changes: readonly VoterChange[] } | null = null;
  #running: { readonly key: string; readonly cancel: CancellationTokenSource } | null = null;

  /** `onAnswer` is called when the model has answered, or said that it cannot. */
  constructor(
    private readonly client: ModelClient,
    private readonly onAnswer: () => void,
  ) {}

  /** What is known now; asks the model where that is not yet all. Null where nothing is changed. */
  of(subject: LesionSubject, changes: readonly VoterChange[]): Lesion | null {
    if (changes.length === 0) return null;
    const latest = this.#latest;
    if (latest?.key === subject.key && latest.changes === changes) return latest.lesion;
    if (this.#asked?.key !== subject.key || this.#asked.changes !== changes) {
      const asked = { key: subject.key, changes };
      this.#asked = asked;
      this.#work.run(async () => {
        const isAnswered = await this.#ask(subject, changes);
        if (this.#asked === asked) this.#asked = null;
        if (isAnswered) this.onAnswer();
      });
    }
    return { changes, result: null, bitsWithoutVoters: [], failure: null };
  }

  /** Another chunk is shown next: what is still decoded for the one before would hold up its votes. */
  leave(key: string): void {
    if (this.#running !== null && this.#running.key !== key) this.#running.cancel.cancel();
  }

  dispose(): void {
    this.#work.dispose();
    this.#running?.cancel.cancel();
  }

  /** Whether there is an answer now: there is none where the request was cancelled, or its process ended. */
  async #ask({ key, document, offset }: LesionSubject, changes: readonly VoterChange[]): Promise<boolean> {
    const cancel = new CancellationTokenSource();
    this.#running = { key, cancel };
    try {
      const result = await this.client.askAbout(
        [document],
        'inspect/lesion',
        (ref) => ({ ...ref, offset, changes, continuation: CONTINUATION }),
        { token: cancel.token },
      );
      this.#latest = {
        key,
        changes,
        lesion: { changes, result, bitsWithoutVoters: result.bitsWithoutVoters, failure: null },
      };
    } catch (error) {
      if (isRequestCancelledError(error) || isModelProcessExitError(error)) return false;
      const lesion = { changes, result: null, bitsWithoutVoters: [], failure: errorSentence(error) };
      this.#latest = { key, changes, lesion };
    } finally {
      this.#running = null;
      cancel.dispose();
    }
    return true;
  }
}
