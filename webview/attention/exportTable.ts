/** @file The weights of all heads as a table. Pure. */
import { visibleLabel } from '../../model/measures/visibleText';
import type { ChunkAttention } from '../../model/protocol/attention';
import type { ExportTable } from '../shared/export/panel';

/** A row a place of a head, head by head. */
export function attentionTable(at: ChunkAttention): ExportTable {
  const n = at.places.length;
  return {
    columns: ['block', 'head', 'byte', 'bytes', 'text', 'bytes back', 'kinds', 'weight', 'entropy of the head, bits'],
    rows: Array.from(at.weights, (weight, row) => {
      const head = Math.floor(row / n);
      const place = row % n;
      const { offset, length, text, kinds } = at.places[place]!;
      return [
        Math.floor(head / at.heads) + 1,
        (head % at.heads) + 1,
        offset,
        length,
        visibleLabel(text),
        at.bytesPerPlace * (n - 1 - place),
        kinds.join(' '),
        weight,
        at.entropy[head]!,
      ];
    }),
  };
}
