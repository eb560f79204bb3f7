/** @file A question that takes a while: at most one answer is waited for, with progress, cancelling, and the sentence of a failure. */
import type { CancellationToken, Disposable } from 'vscode-jsonrpc/node';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import type { AnalysisKind, AnalysisWork } from '../../../model/protocol/panels/specialization';
import { errorSentence, isRequestCancelledError } from '../../modelProcess/errors';

export type ReportProgress = (words: string, share: number | null) => void;

/** What happens now: `AnalysisWork`, for any kind of question. */
export interface TaskWork<K> extends Omit<AnalysisWork, 'kind'> {
  readonly kind: K;
}

export class PanelTask<R, K extends string = AnalysisKind> implements Disposable {
  #source: CancellationTokenSource | null = null;
  #work: TaskWork<K> | null = null;
  #failure: string | null = null;

  /** @param onChange progress, failure or the end are to be shown */
  constructor(
    readonly kind: K,
    private readonly onChange: () => void,
  ) {}

  /** What happens now; null where nothing does. */
  get work(): TaskWork<K> | null {
    return this.#work;
  }

  /** Why the last run has no answer, one sentence. */
  get failure(): string | null {
    return this.#failure;
  }

  /** Runs `work` in place of what runs; `onResult` gets its answer, unless something else was asked in the meantime. */
  run(
    words: string,
    work: (token: CancellationToken, report: ReportProgress) => Promise<R>,
    onResult: (result: R) => void,
  ): void {
    this.#source?.cancel();
    const source = new CancellationTokenSource();
    this.#source = source;
    this.#failure = null;
    const isCurrent = (): boolean => this.#source === source;
    const report: ReportProgress = (now, share) => {
      if (!isCurrent()) return;
      this.#work = { kind: this.kind, words: now, share };
      this.onChange();
    };
    report(words, null);
    void work(source.token, report)
      .then(
        (result) => {
          if (isCurrent()) onResult(result);
        },
        (error: unknown) => {
          if (!isCurrent()) return;
          this.#failure = isRequestCancelledError(error) ? 'Cancelled.' : errorSentence(error);
        },
      )
      .finally(() => {
        if (isCurrent()) {
          this.#source = null;
          this.#work = null;
          this.onChange();
        }
        source.dispose();
      });
  }

  /** A question that cannot be asked: the sentence stands where its answer would. */
  refuse(sentence: string): void {
    this.#failure = sentence;
    this.onChange();
  }

  cancel(): void {
    this.#source?.cancel();
  }

  /** Gives up what runs, silently, and forgets the failure. */
  clear(): void {
    this.#source?.cancel();
    this.#source = null;
    this.#work = null;
    this.#failure = null;
  }

  dispose(): void {
    this.clear();
  }
}
