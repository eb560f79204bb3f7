/** @file Text learned piece by piece, with turns for other work between. */
import type { Turns } from '../inspection/turns';
import type { Memory } from './memory';

/** Bytes learned between two looks at whether others wait. */
const LEARNED_AT_ONCE = 1024;

/** @throws the signal's reason when it is aborted */
export async function learnText(memory: Memory, bytes: Uint8Array, turns: Turns): Promise<void> {
  for (let at = 0; at < bytes.length; at += LEARNED_AT_ONCE) {
    if (turns.isDue) await turns.give();
    memory.learn(bytes.subarray(at, at + LEARNED_AT_ONCE));
  }
}
