/** @file How far memory voters are to be trusted at a place, learned on the text before it alone. */
import type { Inspector } from '../inspection/inspector';
import type { Memory } from './memory';
import { scoreRange } from './scoreRange';
import type { Weighing } from './weighing';

/** Bytes that are scored for it. */
const WEIGHED_BYTES = 16_384;

/**
 * @param base what is in memory beside that text
 * @throws the signal's reason when it is aborted
 */
export async function weighingBefore(
  inspector: Pick<Inspector, 'inspectRange'>,
  prefix: Uint8Array,
  base: Memory,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Weighing> {
  const bytes = prefix.subarray(-WEIGHED_BYTES);
  const memory = base.copy();
  const range = await inspector.inspectRange({ uri: '', version: 0, bytes }, 0, bytes.length, options);
  scoreRange(memory, range, bytes.length);
  return memory.weighing;
}
