/** @file Completions that were offered, found again while the user types along them; and what is worth offering. */
import { isWorthTaking } from '../../model/measures/words';

/** Where a completion is asked for. */
export interface CompletionPlace {
  /** The document and model that it belongs to. */
  readonly source: string;
  /** UTF-16 offset of the cursor. */
  readonly offset: number;
  /** Text before the cursor, as far back as the model was given it. */
  readonly prefix: string;
  /** What follows the cursor on its line. */
  readonly suffix: string;
}

/** What came of asking there. */
export interface CachedCompletion extends CompletionPlace {
  /** '' when the model had nothing to offer, which is worth knowing too. */
  readonly text: string;
}

/** Completions kept: enough for going back and forth by a few keys. */
const KEPT = 32;

/** Whether one text's end is the other's: texts before one place, cut at different lengths. */
function sameEnd(a: string, b: string): boolean {
  return a.length >= b.length ? a.endsWith(b) : b.endsWith(a);
}

export class CompletionCache {
  readonly #entries: CachedCompletion[] = [];

  add(entry: CachedCompletion): void {
    this.#entries.unshift(entry);
    if (this.#entries.length > KEPT) this.#entries.pop();
  }

  /**
   * What is left of a completion that was offered here, or at a place from which the user has typed along it;
   * undefined where the model has to be asked, '' where it is known to have nothing to offer.
   */
  find({ source, offset, prefix, suffix }: CompletionPlace): string | undefined {
    for (const entry of this.#entries) {
      if (entry.source !== source || entry.suffix !== suffix) continue;
      const typed = offset - entry.offset;
      if (typed < 0 || typed > prefix.length) continue;
      // At its end a completion says nothing about what comes next.
      if (typed > 0 && !isWorthTaking(entry.text.slice(typed))) continue;
      if (!prefix.endsWith(entry.text.slice(0, typed))) continue;
      if (sameEnd(prefix.slice(0, prefix.length - typed), entry.prefix)) return entry.text.slice(typed);
    }
    return undefined;
  }

  clear(): void {
    this.#entries.length = 0;
  }
}

/** Whether a completion says something: two characters that can be seen, and not what already follows the cursor. */
export function isWorthOffering(text: string, suffix: string): boolean {
  if (!isWorthTaking(text)) return false;
  return !(suffix !== '' && (suffix.startsWith(text) || text.trim() === suffix.trim()));
}
