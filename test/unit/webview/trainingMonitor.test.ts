/** @file The Training Monitor's pure parts: axes, ticks, columns of the density picture, words, the table. */
import { describe, expect, it } from 'vitest';
import { columnEdges, countPosition } from '../../../webview/trainingMonitor/densityPlot';
import { logTicks, tickText } from '../../../webview/shared/chart/ticks';
import { formatNumber, formatSeconds } from '../../../webview/shared/text';
import { provenanceOf, runSummary, runTable } from '../../../webview/trainingMonitor/describe';
import { axisTitle } from '../../../webview/trainingMonitor/ticks';
import { axisExtent, indexUpTo, smoothed, valueExtent, within, zoomed } from '../../../webview/trainingMonitor/series';
import { monitorRun } from '../../webview/page/trainingMonitor';

describe('axes', () => {
  it('hold all runs, and one point alone', () => {
    const long = monitorRun();
    const short = monitorRun({}, { points: 3, stepsAPoint: 2000, probes: 1 });
    expect(axisExtent([long, short], 'step')).toEqual([10, 6000]);
    expect(axisExtent([monitorRun({}, { points: 1, probes: 1 })], 'step')).toEqual([10, 11]);
    expect(axisExtent([monitorRun({}, { points: 0, probes: 0 })], 'step')).toEqual([0, 1]);
  });

  it('hold all finite values, bands included, and only those above 0 where they are logarithmic', () => {
    const line = {
      x: Float64Array.of(1, 2, 3),
      y: Float32Array.of(2, NaN, 0),
      low: Float32Array.of(-1, NaN, 0),
      high: Float32Array.of(5, Infinity, 0),
    };
    expect(valueExtent([line], false)).toEqual([-1, 5]);
    expect(valueExtent([line], true)).toEqual([2, 5]);
    expect(valueExtent([{ ...line, y: Float32Array.of(NaN), low: null, high: null }], false)).toBeNull();
  });

  it('are labelled in units that fit', () => {
    expect(axisTitle('step', 1e6)).toEqual({ title: 'step', divisor: 1 });
    expect(axisTitle('seconds', 120).title).toBe('seconds trained');
    expect(axisTitle('seconds', 1200)).toEqual({ title: 'minutes trained', divisor: 60 });
    expect(axisTitle('seconds', 40_000)).toEqual({ title: 'hours trained', divisor: 3600 });
    expect(logTicks([0.002, 300])).toEqual([0.01, 0.1, 1, 10, 100]);
    expect(logTicks([16, 512])).toEqual([20, 50, 100, 200, 500]);
    expect(logTicks([0.3, 0.5])).toEqual([0.3, 0.35, 0.4, 0.45, 0.5]);
    expect(logTicks([1e-9, 1e9]).length).toBeLessThanOrEqual(6);
    expect([0, 0.00004, 0.25, 4000, 120_000].map(tickText)).toEqual(['0', '4e-5', '0.25', '4000', '120k']);
  });

  it('are searched for the last place up to one', () => {
    expect([0, 1, 4, 9].map((at) => indexUpTo([1, 3, 5], at))).toEqual([0, 0, 1, 2]);
  });
});

describe('what is shown of a line', () => {
  it('is its exponential mean, which begins at the first value and passes over what is unknown', () => {
    expect(Array.from(smoothed(Float32Array.of(4, 4, NaN, 4), 0.9))).toEqual([4, 4, NaN, 4]);
    const mean = smoothed(Float32Array.of(0, 1), 0.5);
    expect(mean[0]).toBe(0);
    expect(mean[1]).toBeCloseTo(2 / 3, 6);
    const noisy = Float32Array.from({ length: 400 }, (_, i) => 3 + (i % 2));
    expect(smoothed(noisy, 0.98).at(-1)).toBeCloseTo(3.5, 1);
  });

  it('fits its values to the part of the axis', () => {
    const line = { x: Float64Array.of(1, 2, 3, 4), y: Float32Array.of(9, 5, 4, 1), low: null, high: null };
    expect(Array.from(within(line, [2, 3]).y)).toEqual([5, 4]);
    expect(Array.from(within(line, [4.5, 9]).y)).toEqual([]);
    expect(valueExtent([within(line, [1.5, 3.5])], false)).toEqual([4, 5]);
  });

  it('is a part of the axis that keeps the place, stays within all of it, and ends there', () => {
    expect(zoomed([0, 100], [0, 100], 50, 0.5)).toEqual([25, 75]);
    expect(zoomed([0, 100], [0, 100], 100, 0.5)).toEqual([50, 100]);
    expect(zoomed([25, 75], [0, 100], 25, 1.5)).toEqual([25, 100]);
    expect(zoomed([25, 75], [0, 100], 50, 4)).toBeNull();
    const [from, to] = zoomed([10, 10.2], [0, 100], 10, 1e-9)!;
    expect(to - from).toBeCloseTo(0.1, 9);
  });
});

describe('the density picture', () => {
  it('has columns that meet half way and end in the picture', () => {
    expect(columnEdges([10, 20, 40], [0, 100])).toEqual([0, 15, 30, 50]);
    expect(columnEdges([10, 20, 40], [0, 45])).toEqual([0, 15, 30, 45]);
    expect(columnEdges([10], [0, 100])).toEqual([0, 20]);
    expect(columnEdges([], [0, 100])).toEqual([0, 100]);
  });

  it('shows one voter beside thousands, and nothing where there is none', () => {
    expect(countPosition(0, 4096)).toBeNaN();
    expect(countPosition(1, 4096)).toBeGreaterThan(0.05);
    expect(countPosition(4096, 4096)).toBe(1);
  });
});

describe('words', () => {
  it('sum a run up', () => {
    expect(runSummary(monitorRun())).toMatch(
      /^training · step 2,000 of 6,000 · bits per byte: \d\.\d{3} trained on, \d\.\d{3} held out · 95 s left$/,
    );
    expect(runSummary(monitorRun({ state: 'waiting' }, { points: 0, probes: 0 }))).toBe('about to begin');
    expect(runSummary(monitorRun({ state: 'reading' }, { points: 0, probes: 0 }))).toBe('reading its log');
    expect(runSummary(monitorRun({ state: 'stopped', steps: null }))).not.toContain('left');
  });

  it('say what dead means of as many chunks as there are', () => {
    const run = monitorRun();
    const of = (chunks: number) => provenanceOf([run], { ...run, probes: { ...run.probes, chunks } }, 'none');
    expect(of(256)).toContain('dead: active in none of them; dense');
    expect(of(20_000)).toContain('dead: active in fewer than 1 of 10,000; dense');
  });

  it('write times and numbers', () => {
    expect([9, 99.6, 125, 7300].map(formatSeconds)).toEqual(['9 s', '1 min 40 s', '2 min 5 s', '2 h 1 min']);
    expect([0, 0.0004, 0.1234, 12.34, 15_321, 3e6].map(formatNumber)).toEqual([
      '0',
      '4e-4',
      '0.123',
      '12.3',
      '15,321',
      '3e+6',
    ]);
  });

  it('list every point, with measurements where they were made', () => {
    const { columns, rows } = runTable(monitorRun({}, { points: 12, probes: 3 }));
    expect(columns).toHaveLength(11);
    expect(columns.slice(2, 4)).toEqual(['Bits per byte, trained on', 'Bits per byte, held out']);
    expect(rows).toHaveLength(12);
    expect(rows.map((row) => row[0])).toEqual(Array.from({ length: 12 }, (_, i) => 10 * (i + 1)));
    // Six measurements of held-out text and three probes.
    expect(rows.filter((row) => row[3] !== null)).toHaveLength(6);
    expect(rows.filter((row) => row[7] !== null).map((row) => row[0])).toEqual([40, 80, 120]);
  });
});
