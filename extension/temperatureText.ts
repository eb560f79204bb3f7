/** @file The temperature of a model, for users. */
import { hasTemperature } from '../model/network/config';
import type { ModelSummary } from '../model/protocol/models';

/** τ for users: one number, or its range where it is learned a bit; null where the aggregation has none. */
export function temperatureText(model: ModelSummary): string | null {
  if (!hasTemperature(model.config)) return null;
  const least = Math.min(...model.temperatures);
  const most = Math.max(...model.temperatures);
  const text = (value: number) => String(Number(value.toPrecision(3)));
  return text(least) === text(most) ? text(least) : `${text(least)} to ${text(most)}`;
}
