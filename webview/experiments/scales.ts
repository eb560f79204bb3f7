/** @file The scale of an axis of a result, and its ticks. Pure. */
import type { ScaleContinuousNumeric } from 'd3-scale';
import { scaleLinear, scaleLog, scaleSymlog } from 'd3-scale';
import type { ChartAxis } from '../../model/protocol/experiments';
import { logTicks, tickTexts } from '../shared/chart/ticks';

/** Measured places that are few are the ticks themselves, at most so many. */
const MOST_MEASURED = 10;
/** CSS pixels between two labels. */
const GAP = 10;
/** CSS pixels of a character of a tick, about. */
const CHARACTER = 6;

export interface PlotScale {
  /** CSS pixels of a value. */
  readonly at: ScaleContinuousNumeric<number, number>;
  /** Whether the axis has a place for the value: a logarithmic one has none below 0. */
  readonly holds: (value: number) => boolean;
  readonly ticks: readonly number[];
}

/**
 * The scale for values. A logarithmic axis that begins at 0 has 0 as far left of the least other value as a step below it.
 * @param range CSS pixels of its ends
 * @param fromZero whether an axis of amounts that are not far above 0 begins there
 */
export function plotScale(
  kind: ChartAxis['scale'],
  values: readonly number[],
  range: readonly [number, number],
  fromZero: boolean,
): PlotScale {
  const finite = values.filter(Number.isFinite);
  if (kind === 'log' && finite.some((value) => value > 0)) return logScale(finite, range);
  const [least, most] = finite.length === 0 ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
  const from = fromZero && least >= 0 && least < 0.5 * most ? 0 : least;
  const scale = scaleLinear([from, most > from ? most : from + (Math.abs(from) || 1)], range);
  if (fromZero) scale.nice(5);
  const across = Math.abs(range[1] - range[0]);
  return { at: scale, holds: Number.isFinite, ticks: scale.ticks(Math.max(2, Math.min(6, Math.floor(across / 44)))) };
}

function logScale(finite: readonly number[], range: readonly [number, number]): PlotScale {
  const positive = finite.filter((value) => value > 0);
  const least = Math.min(...positive);
  const most = Math.max(...positive);
  const end = most > least ? most : 2 * least;
  if (!finite.includes(0)) {
    const scale = scaleLog([least, end], range);
    return { at: scale, holds: (value) => value > 0, ticks: logTicks([least, end]) };
  }
  const scale = scaleSymlog([0, end], range).constant(least);
  return { at: scale, holds: (value) => value >= 0, ticks: [0, ...logTicks([least, end])] };
}

/** Ticks whose labels do not touch: the measured places where they are few and far enough apart, else those of the scale. */
export function ticksFor({ at, ticks, holds }: PlotScale, measured: readonly number[]): readonly number[] {
  const isApart = (places: readonly number[]): boolean => {
    const text = tickTexts(places);
    return places.every((place, i) => {
      const next = places[i + 1];
      if (next === undefined) return true;
      const half = (CHARACTER * (text(place).length + text(next).length)) / 2;
      return Math.abs(at(next) - at(place)) >= half + GAP;
    });
  };
  const held = measured.filter(holds);
  if (held.length >= 2 && held.length <= MOST_MEASURED && isApart(held)) return held;
  let shown = ticks;
  for (let every = 2; !isApart(shown) && shown.length > 2; every++) shown = ticks.filter((_, i) => i % every === 0);
  return shown;
}
