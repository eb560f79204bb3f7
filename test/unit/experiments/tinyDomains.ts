/** @file Four domains that a model learns in seconds, and what a quick run on them may use. */
import type { Domain, FinishedRun, RunContext } from '../../../model/experiments/experiment';
import { joined } from '../../../model/experiments/texts';

export const WORDS = ['ham and eggs', 'the tide is low', 'const x = 1;', '12, 345, 6789'];

function domains(): Domain[] {
  return WORDS.map((words, i) => {
    const file = (name: string, count: number) => [
      { path: name, bytes: new TextEncoder().encode(`${words}\n`.repeat(count)) },
    ];
    return { name: `${i}`, train: file('t', 100), validation: file('v', 30), heldOut: file('h', 30) };
  });
}

export function contextOf(finished: ReadonlyMap<string, FinishedRun>): RunContext {
  const all = domains();
  return { quick: true, domains: all, text: joined(all), threads: 1, signal: undefined, finished };
}
