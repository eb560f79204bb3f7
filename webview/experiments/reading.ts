/** @file Reading a chart place by place, by pointer and by keyboard: a box beside the place says its numbers, and so does a screen reader. */
import type { ChartFrame } from '../shared/chart/frame';
import { isPlainKey } from '../shared/page/panelFrame';
import type { ChartTools } from './chartFigure';

/** What can be read in a chart: places with numbers from 0 on. */
export interface Readable {
  readonly count: number;
  /** Keys that go one place back and one on. */
  readonly keys: readonly [back: string, on: string];
  /** The place at a point of the picture. */
  readonly placeAt: (x: number, y: number) => number | null;
  /** What is said of a place; the first line is its title. */
  readonly linesOf: (place: number) => readonly string[];
  /** The point of the picture beside which that stands for the keyboard. */
  readonly pointOf: (place: number) => readonly [x: number, y: number];
  /** The place is to be marked; null marks none. */
  readonly mark: (place: number | null) => void;
}

/** Listens in the element that holds the frame. */
export function listenToReading(
  plot: HTMLElement,
  frame: ChartFrame<string>,
  { tooltip, live }: ChartTools,
  { count, keys: [back, on], placeAt, linesOf, pointOf, mark }: Readable,
): void {
  let at: number | null = null;
  const set = (place: number | null): void => {
    at = place;
    mark(place);
  };
  const leave = (): void => {
    set(null);
    tooltip.hide();
  };
  const point = (place: number | null, event: MouseEvent): void => {
    set(place);
    if (place === null) tooltip.unpoint();
    else tooltip.show(linesOf(place), event.clientX, event.clientY);
  };
  const last = count - 1;
  frame.listen<number>((x, y) => (count === 0 ? null : placeAt(x, y)), {
    onHover: point,
    onClick: point,
    onKey: (event) => {
      if (event.key === 'Escape') leave();
      const next = new Map([
        [back, Math.max(0, (at ?? count) - 1)],
        [on, Math.min(last, (at ?? -1) + 1)],
        ['Home', 0],
        ['End', last],
      ]).get(event.key);
      if (next === undefined || count === 0 || !isPlainKey(event)) return;
      event.preventDefault();
      set(next);
      const { x, y } = frame.clientPoint(...pointOf(next));
      tooltip.show(linesOf(next), x, y);
      live.say(linesOf(next).join(', '));
    },
  });
  plot.addEventListener('blur', leave);
}
