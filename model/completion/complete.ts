/** @file Text for the cursor: chunks decoded one after the other, as far as the model is sure of them. */
import type { Decoded, DecodingModel, DecodingOptions } from '../inspection/decode';
import { decode } from '../inspection/decode';
import type { CompleteParams, Completion } from '../protocol/completion';
import { utf8Prefix } from '../measures/utf8';
import type { GhostRules } from './postprocess';
import { endOfOffer, mostSaving, offeredText } from './postprocess';

/**
 * Continues the text before the cursor. Every chunk is the most probable one that is printable UTF-8; the offer ends where the
 * probability of all of it falls below `minConfidence`, at the end of line or block, or at `maxBytes`, whatever comes first, or before
 * that, where `end` says so, and holds whole characters only.
 * @throws the signal's reason when it is aborted
 */
export async function complete(
  model: DecodingModel,
  params: CompleteParams,
  options: DecodingOptions = {},
): Promise<Completion> {
  const start = performance.now();
  const { prefix, maxBytes, until, minConfidence, end } = params;
  const before = new TextDecoder().decode(prefix);
  const isOpen = (bytes: readonly number[]) => endOfOffer(wholeCharacters(bytes), { until, before }) < 0;
  const decoded = await decode(model, { prefix, maxBytes, minConfidence, isOpen }, options);
  const between = performance.now();
  const suffix = new TextDecoder().decode(params.suffix);
  const offered = offer(decoded, { until, before, suffix, minConfidence, end });
  return { ...offered, milliseconds: between - start, postMilliseconds: performance.now() - between };
}

/** What of the decoded bytes is offered, with its probability; those that are below `minConfidence` may be there too. */
export function offer(
  { bytes, logProbabilities }: Decoded,
  { minConfidence, end, ...rules }: Omit<GhostRules, 'generated'> & Pick<CompleteParams, 'minConfidence' | 'end'>,
): Pick<Completion, 'text' | 'confidence'> {
  let sure = bytes.length;
  while (sure > 0 && Math.exp(logProbabilities[sure]!) < minConfidence) sure--;
  const whole = offeredText(wholeCharacters(bytes.slice(0, sure)), rules);
  const generated = wholeCharacters(bytes);
  const text = end === 'saving' ? mostSaving(whole, logProbabilities, { ...rules, generated }) : whole;
  const confidence = text === '' ? 0 : Math.exp(logProbabilities[Buffer.byteLength(text)]!);
  return { text: confidence >= minConfidence ? text : '', confidence };
}

/** The text of the bytes without the incomplete character that they may end with. */
function wholeCharacters(bytes: readonly number[]): string {
  const all = Uint8Array.from(bytes);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(all.subarray(0, utf8Prefix(all).length));
}
