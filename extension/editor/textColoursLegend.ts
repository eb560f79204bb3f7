/** @file The legend of coloured text: what the colours mean, on what they are measured, and how many chunks they show. */
import { changesSentence } from '../../model/measures/changesText';
import type { VoterChange } from '../../model/protocol/inspection';
import type { MemoryVoter } from '../../model/protocol/memory';
import type { ModelSummary } from '../../model/protocol/models';
import { shortNumber } from '../../model/measures/numberText';
import { temperatureText } from '../temperatureText';
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

/** A step's colour as a picture: VS Code takes the colour from a span in a tooltip of the status bar. */
function swatch(step: number, theme: 'light' | 'dark'): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="24" height="14"><rect width="24" height="14" fill="${theme === 'dark' ? '#1f1f1f' : '#ffffff'}"/><rect width="24" height="14" fill="${stepColour(step, theme)}" stroke="#8a8a8a"/></svg>`;
  return `![](data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}|width=24,height=14)`;
}

/** The status bar item's text. */
export function legendText(
  measure: ColourScale,
  model: ModelSummary,
  changes: readonly VoterChange[],
  memory: readonly MemoryVoter[] = [],
): string {
  const thresholds = measure.thresholds(model.votersPerBit);
  const [first, last] = [shortNumber(thresholds[0]!), shortNumber(thresholds.at(-1)!)];
  const sentence = changesSentence(changes, memory);
  const note = sentence === '' ? '' : ` · ${sentence}`;
  return `$(paintcan) ${measure.label}: ░ < ${first} … █ ≥ ${last} ${measure.unit}${note}`;
}

/**
 * What the colours mean, as Markdown: measure, scale with swatches, units, checkpoint, N, changed voters.
 * @param shown chunks that are coloured now
 * @param note from `changesNote`
 */
export function legendMarkdown(
  measure: ColourScale,
  model: ModelSummary,
  shown: number,
  theme: 'light' | 'dark',
  note: string | undefined,
): string {
  const labels = stepLabels(measure.thresholds(model.votersPerBit));
  // No table: the size of a picture is told behind a bar, which would end its cell.
  const rows = labels.map((label, step) => `${swatch(step, theme)} ${label}`);
  const tau = temperatureText(model);
  return [
    `**Text coloured by ${measure.label.toLowerCase()}**: ${measure.description}, in ${measure.unit}`,
    rows.join('  \n'),
    `${escapeMarkdown(model.name)} · checkpoint ${model.checkpoint} · M = ${model.votersPerBit} · ${tau === null ? 'no τ' : `τ = ${tau}`} · N = ${shown} chunks shown${note === undefined ? '' : ` · ${note}`}`,
  ].join('\n\n');
}
