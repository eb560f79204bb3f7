/** @file Runs inside the test page: times what a page draws beside work of the browser's own, in turns. */

/** Milliseconds of each round, of what a test asks about and of the reference beside it. */
export interface Timing {
  readonly work: readonly number[];
  readonly reference: readonly number[];
}

function milliseconds(work: () => void): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}

/** Sorts 5,000 numbers, and makes, lays out and removes 300 elements: what pages do, by the browser alone. */
function referenceWork(): void {
  const numbers = Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 5_003);
  numbers.sort((a, b) => a - b);
  const holder = document.createElement('div');
  holder.style.cssText = 'position: absolute; visibility: hidden; width: 400px';
  for (let index = 0; index < 300; index++) {
    const item = document.createElement('span');
    item.className = 'reference';
    item.textContent = String(numbers[index]);
    item.style.left = `${index}px`;
    holder.append(item, ' ');
  }
  document.body.append(holder);
  holder.getBoundingClientRect();
  holder.remove();
}

/** A machine that is slow or shared is so for both. */
export function timedInTurns(rounds: number, work: (round: number) => void): Timing {
  const timing = { work: [] as number[], reference: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    timing.reference.push(milliseconds(referenceWork));
    timing.work.push(
      milliseconds(() => {
        work(round);
      }),
    );
  }
  return timing;
}
