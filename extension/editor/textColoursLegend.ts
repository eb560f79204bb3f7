/** @file The legend of coloured text: what the colours mean, on what they are measured, and how many chunks they show. */
import type { ModelSummary } from '../../model/protocol/models';
import { shortNumber } from '../format';
import { temperatureText } from '../panels/frame/provenance';
import { escapeMarkdown } from './markdown';
import type { ColourScale } from './textColoursScale';
import { STEPS, stepColour } from './textColoursScale';

/** What the legend says of a step: from which value up to which. */
export function stepLabels(thresholds: readonly number[]): string[] {
  return Array.from({ length: STEPS }, (_, step) => {
    const from = thresholds[step - 1];
    const to = thresholds[step];
    if (from === undefined) return `under ${shortNumber(to!)}`;
    if (to === undefined) return `${shortNumber(from)} or more`;
    return `${shortNumber(from)} to under ${shortNumber(to)}`;
  });
}

/** The status bar item's text. */
export function legendText(measure: ColourScale, model: ModelSummary): string {
  const thresholds = measure.thresholds(model.votersPerBit);
  const [first, last] = [shortNumber(thresholds[0]!), shortNumber(thresholds.at(-1)!)];
  return `$(paintcan) ${measure.label}: < ${first} … ≥ ${last} ${measure.unit}`;
}

/**
 * The item's tooltip as Markdown with a little HTML: measure, scale with swatches, units, checkpoint, N.
 * @param shown chunks that are coloured now
 */
export function legendMarkdown(
  measure: ColourScale,
  model: ModelSummary,
  shown: number,
  theme: 'light' | 'dark',
): string {
  const labels = stepLabels(measure.thresholds(model.votersPerBit));
  const rows = labels.map(
    (label, step) =>
      `| <span style="background-color:${stepColour(step, theme)};">&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;</span> | ${label} |`,
  );
  const tau = temperatureText(model);
  return [
    `**Text coloured by ${measure.label.toLowerCase()}**: ${measure.description}, in ${measure.unit}`,
    ['| Colour | Value |', '|:--|:--|', ...rows].join('\n'),
    `${escapeMarkdown(model.name)} · checkpoint ${model.checkpoint} · M = ${model.votersPerBit} · ${tau === null ? 'no τ' : `τ = ${tau}`} · N = ${shown} chunks shown`,
    'Click to choose another measure, or none.',
  ].join('\n\n');
}
