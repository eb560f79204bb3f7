/** @file Where the numbers of a figure come from, in the words that every figure shows. */
import type { ModelSummary } from '../../../model/protocol/models';
import type { Provenance } from '../../../model/protocol/panels/messages';
import { hasTemperature } from '../../../model/network/config';

/** τ for people: one number, or its range where it is learned a bit; null where the aggregation has none. */
export function temperatureText(model: ModelSummary): string | null {
  if (!hasTemperature(model.config)) return null;
  const least = Math.min(...model.temperatures);
  const most = Math.max(...model.temperatures);
  const text = (value: number) => String(Number(value.toPrecision(3)));
  return text(least) === text(most) ? text(least) : `${text(least)} to ${text(most)}`;
}

/** @param document the document's name as people know it */
export function provenance(model: ModelSummary, document: string): Provenance {
  return {
    model: model.name,
    checkpoint: model.checkpoint,
    votersPerBit: model.votersPerBit,
    temperature: temperatureText(model),
    aggregation: model.config.aggregation,
    bitDecoding: model.config.bit_decoding,
    document,
  };
}
