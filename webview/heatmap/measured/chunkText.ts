/** @file The text of a measured chunk. */
import { visibleLabel } from '../../../model/measures/visibleText';
import type { MeasuredChunk } from './tiles';

/**
 * The chunk as text, without what pads it at the end of the document.
 * @param scored its bits of text, as `scoredBits` counts them
 */
export function chunkText({ tile, local }: MeasuredChunk, scored: number): string {
  return visibleLabel(tile.bytes.subarray(4 * local, 4 * local + scored / 8));
}
