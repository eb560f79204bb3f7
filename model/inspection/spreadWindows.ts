/** @file Which windows of texts are looked at where not every chunk can be: as many as there is room for, spread evenly. */
import { CHUNK_BYTES } from '../measures/chunk';
import type { DocumentWindow } from '../text/windows';
import { documentWindows } from '../text/windows';

export interface SpreadWindow extends DocumentWindow {
  /** Index of its text. */
  readonly text: number;
}

export interface SpreadWindows {
  /** In the order of the texts. */
  readonly windows: readonly SpreadWindow[];
  /** N, chunks that they score. */
  readonly count: number;
  /** Complete chunks of all texts; a last one that is padded is not counted. */
  readonly total: number;
}

/**
 * Every window that scores complete chunks of the texts, or as many as fit; at least one where there is a chunk.
 * @param context T
 * @param limit chunks scored at most
 */
export function spreadWindows(
  texts: readonly { readonly bytes: Uint8Array }[],
  context: number,
  limit: number,
): SpreadWindows {
  const all = texts.flatMap(({ bytes }, text) => {
    const chunkCount = Math.floor(bytes.length / CHUNK_BYTES);
    return documentWindows(0, chunkCount, chunkCount, context).map((window) => ({ ...window, text }));
  });
  const total = all.reduce((sum, { scoreFrom, scoreTo }) => sum + scoreTo - scoreFrom, 0);
  const kept = Math.min(1, limit / total);
  const windows: SpreadWindow[] = [];
  let count = 0;
  let seen = 0;
  for (const window of all) {
    const scored = window.scoreTo - window.scoreFrom;
    seen += scored;
    // Kept as soon as its share of the chunks seen so far leaves room for it.
    if (count + scored > Math.ceil(seen * kept) || count + scored > limit) {
      if (windows.length > 0 || seen < total) continue;
    }
    windows.push(window);
    count += scored;
  }
  return { windows, count, total };
}
