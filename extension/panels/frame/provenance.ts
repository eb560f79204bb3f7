/** @file Where the numbers of a figure come from, in the words that every figure shows. */
import type { ModelSummary } from '../../../model/protocol/models';
import type { Provenance } from '../../../model/protocol/panels/messages';
import { temperatureText } from '../../temperatureText';

/**
 * @param document the document's name as users know it
 * @param voters from `changesNote`
 */
export function provenance(model: ModelSummary, document: string, voters: string | undefined): Provenance {
  return {
    model: model.name,
    checkpoint: model.checkpoint,
    votersPerBit: model.votersPerBit,
    temperature: temperatureText(model),
    aggregation: model.config.aggregation,
    bitDecoding: model.config.bit_decoding,
    document,
    ...(voters === undefined ? {} : { voters }),
  };
}
