/** @file What both sides write on from the selected chunk: asked once the caret rests, cancelled when it moves on. */
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import type * as vscode from 'vscode';
import type { ComparedContinuations } from '../../../model/protocol/comparison';
import type { Continued } from '../../../model/protocol/panels/comparison';
import { errorSentence, isModelProcessExitError, isRequestCancelledError } from '../../modelProcess/errors';

/** Milliseconds without another chunk after which both are asked to go on: while the caret moves, its votes come first. */
const REST = 120;

type Ask = (token: CancellationTokenSource['token']) => Promise<ComparedContinuations>;

export class Continuations implements vscode.Disposable {
  /** What was asked last, answered or not. */
  #key: string | null = null;
  #known: Continued = { result: null, failure: null };
  #timer: NodeJS.Timeout | undefined;
  #running: CancellationTokenSource | null = null;

  /** `onAnswer` is called when both have answered, or said that they cannot. */
  constructor(private readonly onAnswer: () => void) {}

  /**
   * What is known now; asks after a while where that is nothing.
   * @param key names chunk, texts, models and voters
   */
  of(key: string, ask: Ask): Continued {
    if (this.#key !== key) {
      this.leave();
      this.#key = key;
      this.#timer = setTimeout(() => {
        void this.#ask(key, ask);
      }, REST);
    }
    return this.#known;
  }

  /** Gives up what is decoded: nobody looks at it any more. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#running?.cancel();
    this.#running = null;
    this.#key = null;
    this.#known = { result: null, failure: null };
  }

  dispose(): void {
    this.leave();
  }

  async #ask(key: string, ask: Ask): Promise<void> {
    const source = new CancellationTokenSource();
    this.#running = source;
    const isCurrent = () => this.#key === key && this.#running === source;
    try {
      const result = await ask(source.token);
      if (isCurrent()) this.#known = { result, failure: null };
    } catch (error) {
      if (!isCurrent()) return;
      // Asked again by whoever is told that the model is there once more.
      if (isRequestCancelledError(error) || isModelProcessExitError(error)) this.#key = null;
      else this.#known = { result: null, failure: errorSentence(error) };
    } finally {
      if (isCurrent()) {
        this.#running = null;
        this.onAnswer();
      }
      source.dispose();
    }
  }
}
