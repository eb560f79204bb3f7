/** @file The frame of a chart over training: title, unit, axes, the place that is looked at, and a sentence where there is nothing to draw. */
import { axisBottom } from 'd3-axis';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { tickText } from '../shared/chart/ticks';
import { svgElement } from '../shared/dom';
import type { MonitorAxis } from '../../model/protocol/panels/trainingMonitor';
import { axisTitle } from './ticks';

export const LEFT = 46;
export const TOP = 34;
export const HEIGHT = 106;
/** Baseline of the unit. */
export const UNIT = 25;
const BOTTOM = 32;

export interface MonitorChartHandlers {
  /** The user pointed at a place on the axis. */
  readonly onLook: (at: number) => void;
  /** The part of the axis that is shown is to be `factor` times as long, and `at` to stay where it is. */
  readonly onZoom: (at: number, factor: number) => void;
}

/** How much nearer a notch of the wheel, or the button, brings the axis. */
export const ZOOM_STEP = 1.5;

export class MonitorChart {
  readonly svg = svgElement('svg', { role: 'img', height: String(TOP + HEIGHT + BOTTOM) });
  readonly unit = svgElement('text', { class: 'muted axis-title', x: '4', y: String(UNIT) });
  readonly x = svgElement('g', { class: 'axis' });
  readonly y = svgElement('g', { class: 'axis' });
  readonly title = svgElement('text', { class: 'chart-title', x: '4', y: '12' });
  readonly axisTitle = svgElement('text', {
    class: 'muted axis-title',
    'text-anchor': 'middle',
    y: String(TOP + HEIGHT + BOTTOM - 3),
  });
  readonly none = svgElement('text', { class: 'muted', 'text-anchor': 'middle', y: String(TOP + HEIGHT / 2) });
  #extent: readonly [number, number] = [0, 1];
  #width = 1;

  constructor(title: string, { onLook, onZoom }: MonitorChartHandlers) {
    this.title.textContent = title;
    const placeOf = (event: MouseEvent): number => {
      const { left } = this.svg.getBoundingClientRect();
      const share = Math.max(0, Math.min(1, (event.clientX - left - LEFT) / this.#width));
      const [least, most] = this.#extent;
      return least + share * (most - least);
    };
    const look = (event: PointerEvent): void => {
      onLook(placeOf(event));
    };
    this.svg.addEventListener(
      'wheel',
      (event) => {
        // Without a key the wheel scrolls the charts.
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        onZoom(placeOf(event), event.deltaY < 0 ? 1 / ZOOM_STEP : ZOOM_STEP);
      },
      { passive: false },
    );
    this.svg.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.svg.setPointerCapture(event.pointerId);
      look(event);
    });
    this.svg.addEventListener('pointermove', (event) => {
      if (this.svg.hasPointerCapture(event.pointerId)) look(event);
    });
  }

  /**
   * Draws the axis over training.
   * @param range of the axis in CSS pixels of its group, which stands where the chart put it
   * @param right CSS pixels beside the plot
   * @param perTick CSS pixels that a tick asks for
   */
  drawAxis(
    axis: MonitorAxis,
    extent: readonly [number, number],
    range: readonly [number, number],
    right: number,
    perTick: number,
  ): void {
    const width = range[1] - range[0];
    this.#extent = extent;
    this.#width = width;
    this.svg.setAttribute('width', String(LEFT + width + right));
    const { title, divisor } = axisTitle(axis, extent[1]);
    this.axisTitle.textContent = title;
    for (const text of [this.axisTitle, this.none]) text.setAttribute('x', String(LEFT + width / 2));
    select(this.x).call(
      axisBottom(scaleLinear([extent[0] / divisor, extent[1] / divisor], range))
        .ticks(Math.max(2, Math.floor(width / perTick)))
        .tickSize(3)
        .tickFormat((tick) => tickText(Number(tick))),
    );
  }

  /** What stands in place of a picture. */
  setMeasured(isMeasured: boolean): void {
    this.none.textContent = isMeasured ? '' : 'not measured yet';
  }
}
