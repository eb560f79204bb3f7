/** @file The words around the picture: which part of the document it shows, the colour scale, where the numbers come from. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import { divergingColors, sequentialColors } from '../shared/chart/colors';
import { element } from '../shared/dom';
import { Legend } from '../shared/chart/legend';
import type { HeatmapReady } from '../../model/protocol/panels/heatmap';
import { provenanceText } from '../shared/page/page';
import { formatCount } from '../shared/text';
import { readTheme } from '../shared/page/theme';
import type { HeatmapChoice } from './controls';
import { describeWindow, UNMEASURED } from './describe';
import type { MeasureRange } from './measured/measures';
import { MEASURES } from './measured/measures';
import type { HeatmapCell } from './picture/cell';
import type { ChunkRange } from './measured/tiles';
import { VOTER_MEASURES } from './measured/voterMeasures';

export interface CaptionContent {
  readonly data: HeatmapReady;
  readonly choice: HeatmapChoice;
  /** Of the measure of bits. */
  readonly range: MeasureRange;
  /** The bit whose voters are shown, where the rows are those. */
  readonly bit: number;
  readonly shown: ChunkRange;
  /** N, chunks among them that have been measured. */
  readonly measured: number;
  readonly selected: HeatmapCell | null;
}

export class HeatmapCaption {
  readonly where = element('p', { class: 'where' });
  readonly footer: HTMLElement;
  readonly #legend = new Legend();
  readonly #key = element('span', { class: 'shape-key' });
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #sequential = sequentialColors();
  #diverging = divergingColors(readTheme().dark);

  constructor() {
    this.footer = element('footer', {}, this.#legend.node, this.#key, this.#provenance);
  }

  setTheme(isDark: boolean): void {
    this.#diverging = divergingColors(isDark);
  }

  /** Where the numbers come from, in full. */
  get provenance(): string {
    return this.#provenance.textContent;
  }

  /** The colour scale of the cells. */
  pixels({ rows, measure, voterMeasure }: HeatmapChoice): Uint32Array {
    const { scale } = rows === 'bits' ? MEASURES[measure] : VOTER_MEASURES[voterMeasure];
    return scale === 'sequential' ? this.#sequential : this.#diverging;
  }

  set({ data, choice, range, bit, shown, measured, selected }: CaptionContent): void {
    const { votersPerBit: M } = data.provenance;
    const pixels = this.pixels(choice);
    if (choice.rows === 'bits') {
      const measure = MEASURES[choice.measure];
      this.#legend.set(measure.title, pixels, measure.low, measure.high(range), measure.middle);
    } else {
      const measure = VOTER_MEASURES[choice.voterMeasure];
      this.#legend.set(measure.title, pixels, measure.low, measure.high, measure.middle(M));
    }
    const isOfMemory = choice.rows === 'bits' && MEASURES[choice.measure].isOfMemory;
    const shapes = ['▬ the editor shows', '▼ selected', `▨ ${UNMEASURED}`];
    if (isOfMemory) shapes.push('╌ surprise of a chunk with memory');
    this.#key.textContent = shapes.join('  ');
    const where = describeWindow(data, shown, selected, isOfMemory);
    this.where.textContent = where;
    this.where.title = where;
    const rows = {
      bits: `${CHUNK_BITS} bits`,
      voters: `${formatCount(CHUNK_BITS * M)} voters`,
      bit: `${formatCount(M)} voters of bit ${bit}`,
    }[choice.rows];
    const samples = `N = ${formatCount(measured)} measured chunks in view × ${rows}`;
    this.#provenance.textContent = provenanceText(data.provenance, samples);
  }
}
