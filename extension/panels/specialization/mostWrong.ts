/** @file The bit of a chunk that was the most wrong: what the map opens on. Pure. */
import type { ChunkInspection } from '../../../model/protocol/inspection';
import type { MostWrongBit } from '../../../model/protocol/panels/specialization';

/** The scored bit whose real value has the smallest probability; of equal ones the first. Null where no bit is scored. */
export function mostWrongBit({
  bits,
  scored,
  probabilities,
  offset,
}: Pick<ChunkInspection, 'bits' | 'scored' | 'probabilities' | 'offset'>): MostWrongBit | null {
  let worst: MostWrongBit | null = null;
  probabilities.forEach((p, bit) => {
    if (scored[bit] !== 1) return;
    const surprise = -Math.log2(bits[bit] === 1 ? p : 1 - p);
    if (worst === null || surprise > worst.surprise) worst = { bit, offset, surprise };
  });
  return worst;
}
