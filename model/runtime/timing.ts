/** @file How long something takes that is run again and again: medians, the first run left out. */

/** Rounds that are timed: until there are so many or their time is over, but at least one. */
const MOST_ROUNDS = 15;
const MOST_MILLISECONDS = 700;

/** The value in the middle; of an even number of them the lower one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[(values.length - 1) >> 1] ?? NaN;
}

/** Milliseconds of one run. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Median milliseconds of a run. The first, which may compile, is not among them. */
export async function timeRuns(run: () => Promise<unknown>): Promise<number> {
  await run();
  const times: number[] = [];
  await inRounds(async () => {
    times.push(await timed(run));
  });
  return median(times);
}

/** Does a round up to 15 times, as long as they have not taken `mostMilliseconds`. */
export async function inRounds(round: () => Promise<void>, mostMilliseconds = MOST_MILLISECONDS): Promise<void> {
  const begun = performance.now();
  let rounds = 0;
  do {
    await round();
    rounds++;
  } while (rounds < MOST_ROUNDS && performance.now() - begun < mostMilliseconds);
}
