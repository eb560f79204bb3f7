/** @file The lens as a table: a row per depth and chunk. Pure. */
import { depthName } from '../../model/measures/depthText';
import type { DepthReady } from '../../model/protocol/panels/depthLens';
import type { ExportTable } from '../shared/export/panel';

/** null where a number is not known yet, or there is none. */
export function lensTable(data: DepthReady): ExportTable {
  const n = data.texts.length;
  return {
    columns: [
      'depth',
      'block',
      'readout',
      'explained variance',
      'chunk',
      'offset',
      'text',
      'likeliest',
      'p of likeliest',
      'likeliest is real',
      'surprise (bits)',
      'wrong bits',
      'effective voters',
    ],
    rows: data.depths.flatMap((depth, r) =>
      data.texts.map((text, column) => {
        const at = r * n + column;
        const top = data.tops[at] ?? null;
        const chunk = data.firstChunk + column;
        const known = <T>(value: T): T | null => (top === null ? null : value);
        return [
          depthName(depth),
          depth.block?.id ?? null,
          depth.readout,
          depth.explained,
          chunk,
          4 * chunk,
          text,
          top?.text ?? null,
          top?.probability ?? null,
          known(top?.isReal === true ? 1 : 0),
          known(data.surprise[at]!),
          known(data.wrongBits[at]!),
          known(data.effectiveVoters[at]!),
        ];
      }),
    ),
  };
}
