/** @file How long to wait before the model is asked: hardly, where answers come faster than keys. No `vscode`. */
import { quantile } from '../timings';

/** Milliseconds that the model is left alone after a key where answers are slow, or none has come. */
const LONGEST_WAIT = 75;

/** Answers and keys that count. */
const KEPT = 8;

export class CompletionPacing {
  readonly #answers: number[] = [];
  #keyAt = -Infinity;
  #interval = Infinity;

  /** @param longest wait, in milliseconds */
  constructor(private readonly longest = LONGEST_WAIT) {}

  /** A key was typed, or a caret moved, `now`. */
  keyed(now: number): void {
    this.#interval = now - this.#keyAt;
    this.#keyAt = now;
  }

  /** An answer took so many milliseconds. */
  answered(milliseconds: number): void {
    this.#answers.push(milliseconds);
    if (this.#answers.length > KEPT) this.#answers.shift();
  }

  /**
   * Milliseconds to wait for another key. As long as an answer takes (the median of the latest), so that at most half of what is
   * computed is thrown away; the longest wait where none has come yet, or where keys come faster than an answer would.
   */
  get wait(): number {
    const { longest } = this;
    if (this.#answers.length === 0) return longest;
    const answer = quantile(
      this.#answers.toSorted((a, b) => a - b),
      0.5,
    );
    return this.#interval < 2 * answer ? longest : Math.min(longest, answer);
  }
}
