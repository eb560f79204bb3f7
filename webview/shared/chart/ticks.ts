/** @file Where the ticks of an axis stand, and what they say. Pure. */
import { ticks } from 'd3-array';
import { format } from 'd3-format';

const formatTick = format('.3~r');
const formatSmall = format('.1~e');
const formatShort = format('.3~s');

export function tickText(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.001) return formatSmall(value);
  return Math.abs(value) >= 10_000 ? formatShort(value) : formatTick(value);
}

/** Labels of ticks that stand on one axis: with as many digits as tell them all apart. */
export function tickTexts(places: readonly number[]): (place: number) => string {
  const digits = [4, 5, 6, 7].map((count) => format(`.${count}~r`));
  const areApart = (text: (place: number) => string): boolean => new Set(places.map(text)).size === places.length;
  return [tickText, ...digits].find(areApart) ?? tickText;
}

/** Powers of ten in a range, at most five; where it holds fewer than three, also their doubles and halves; and where even these are few, round places. */
export function logTicks([least, most]: readonly [number, number]): number[] {
  const first = Math.floor(Math.log10(least));
  const last = Math.ceil(Math.log10(most));
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const places = (factors: readonly number[]): number[] =>
    powers
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((place) => place >= least && place <= most);
  const whole = places([1]);
  const every = Math.ceil(whole.length / 5);
  if (whole.length >= 3) return whole.filter((_, i) => i % every === 0);
  const parted = places([1, 2, 5]);
  return parted.length >= 3 ? parted : ticks(least, most, 4);
}
