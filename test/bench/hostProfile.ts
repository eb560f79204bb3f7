/** @file Stretches of time that a thread spent in one extension's code, read from a V8 CPU profile. */
import type { Profiler } from 'node:inspector';

export interface Stretch {
  /** In code and what it calls. */
  readonly milliseconds: number;
  /** The same with the garbage collector, which collects what all extensions of the host have left. */
  readonly withCollector: number;
  /** The function in which most of it passed, and where that was called from in the extension. */
  readonly where: string;
}

/**
 * Microseconds that one sample may stand for. The profiler interrupts the thread every 0.2 ms, in native code as well; a
 * longer gap is time in which another process had the core.
 */
const LONGEST_SAMPLE = 1000;

const GARBAGE_COLLECTOR = '(garbage collector)';

/**
 * Consecutive samples whose stack holds a function of the extension; samples of the garbage collector in between do not
 * end a stretch, and are told apart.
 * @param extension part of the URL of the extension's code
 */
export function stretches({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, extension: string): Stretch[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  /** Id of a node → the extension's innermost function on its stack, or null. */
  const ours = new Map<number, string | null>();
  const walk = (id: number, inherited: string | null): void => {
    const { callFrame, children = [] } = byId.get(id)!;
    const own = callFrame.url.includes(extension) ? callFrame.functionName || '(anonymous)' : inherited;
    ours.set(id, own);
    for (const child of children) walk(child, own);
  };
  walk(nodes[0]!.id, null);

  const found: Stretch[] = [];
  let microseconds = 0;
  let collected = 0;
  let tally = new Map<string, number>();
  const end = (): void => {
    if (microseconds > 0) {
      const [where] = [...tally].reduce((most, one) => (one[1] > most[1] ? one : most));
      found.push({ milliseconds: microseconds / 1000, withCollector: (microseconds + collected) / 1000, where });
    }
    microseconds = 0;
    collected = 0;
    tally = new Map();
  };
  samples.forEach((id, i) => {
    const own = ours.get(id) ?? null;
    const name = byId.get(id)!.callFrame.functionName;
    const collecting = name === GARBAGE_COLLECTOR && microseconds > 0;
    if (own === null && !collecting) {
      end();
      return;
    }
    // A sample stands for the time until the next one.
    const time = Math.min(timeDeltas[i + 1] ?? 0, LONGEST_SAMPLE);
    if (own === null) {
      collected += time;
      return;
    }
    const where = name === own ? own : `${name} from ${own}`;
    microseconds += time;
    tally.set(where, (tally.get(where) ?? 0) + time);
  });
  end();
  return found;
}
