/** @file Under the picture: the colour scale with its unit, what the shapes mean, how sparse the votes are, where the numbers come from. */
import { countMistakes } from '../../model/measures/decidingVoters';
import { format } from 'd3-format';
import { divergingColors, sequentialColors } from '../shared/chart/colors';
import { SPARSITY_MEANING, sparsityText } from '../../model/measures/sparsityText';
import { element } from '../shared/dom';
import { Legend } from '../shared/chart/legend';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { provenanceText } from '../shared/page/page';
import { formatCount, formatEffect, formatShare } from '../shared/text';
import { readTheme } from '../shared/page/theme';
import type { CellColor } from './cells';
import { effectPosition, effectScale, effectTicks, WEIGHT_FACTOR } from './cells';

/** A power of ten: 0.1, 10. */
const formatPower = format('~r');

export class VotesCaption {
  readonly node: HTMLElement;
  readonly #legend = new Legend();
  readonly #key = element('span', { class: 'shape-key' });
  readonly #sparsity = element('span', { class: 'sparsity', title: SPARSITY_MEANING });
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #sequential = sequentialColors();
  #diverging = divergingColors(readTheme().dark);
  /** Blue is what helps, as it is for bits that are right: the other end than for weights. */
  #effects = this.#diverging.toReversed();

  constructor() {
    this.node = element('footer', {}, this.#legend.node, this.#key, this.#sparsity, this.#provenance);
  }

  setTheme(isDark: boolean): void {
    this.#diverging = divergingColors(isDark);
    this.#effects = this.#diverging.toReversed();
  }

  /** The colour scale of the cells. */
  pixels(color: CellColor): Uint32Array {
    return { vote: this.#sequential, weight: this.#diverging, effect: this.#effects }[color];
  }

  /** Where the numbers come from, in full. */
  get provenance(): string {
    return this.#provenance.textContent;
  }

  set(data: VotesReady, color: CellColor): void {
    const voters = data.provenance.votersPerBit;
    const share = formatShare(1 / voters);
    const pixels = this.pixels(color);
    if (color === 'vote') this.#legend.set('Vote v', pixels, '0', '1', null);
    else if (color === 'weight') {
      const ends = [`≤ 1/(${WEIGHT_FACTOR}M)`, `≥ ${WEIGHT_FACTOR}/M`] as const;
      this.#legend.set('Weight w', pixels, ...ends, `log scale, middle 1/M = ${share}`);
    } else this.#setEffects(data.effects, voters, pixels);
    const shapes = ['■ real 1', '□ real 0', '✕ mistake', '┊ p = ½', `┃ active voters (w > 1/M = ${share})`];
    if (data.memory?.chunk != null) shapes.push('◆ p with memory');
    if (countMistakes(data) > 0) shapes.push('▯ who failed');
    if (data.lesion !== null) shapes.push('╱ silenced', '▽ held at 0', '▲ held at 1', '◇ held between');
    this.#key.textContent = shapes.join('  ');
    const { ones, zeros } = data.sparsity;
    const whose = data.lesion === null ? 'Voters' : 'If all vote, voters';
    this.#sparsity.textContent = `${whose} of 1-bits: ${sparsityText(ones)} · of 0-bits: ${sparsityText(zeros)}`;
    const text = provenanceText(
      data.provenance,
      `N = 1 chunk (number ${formatCount(data.index + 1)} of ${formatCount(data.chunkCount)}), ${8 * data.length} bits × ${voters} voters`,
    );
    this.#provenance.textContent = text;
    this.#provenance.title = text;
  }

  #setEffects(effects: Float32Array, voters: number, pixels: Uint32Array): void {
    const scale = effectScale(effects, voters);
    const { background, limit } = scale;
    const title = 'Effect: bits of surprise without the voter';
    if (limit === background) {
      this.#legend.set(title, pixels, '', '', 'none is more than any voter of weight 1/M has');
      return;
    }
    const ticks = effectTicks(scale).map((effect) => ({
      position: effectPosition(effect, scale),
      label: effect === 0 ? '0' : `${effect < 0 ? '−' : '+'}${formatPower(Math.abs(effect))}`,
    }));
    const note = `log scale; no colour within ±${formatShare(background)}, as any voter of weight 1/M has`;
    this.#legend.set(title, pixels, formatEffect(-limit), formatEffect(limit), note, ticks);
  }
}
