/** @file The Depth Lens's pure parts: which columns are shown, what fits into a cell, keys, scales, the exported table. */
import { describe, expect, it } from 'vitest';
import { lensTable } from '../../../webview/depthLens/exportTable';
import { lensAction } from '../../../webview/depthLens/keys';
import { BARS, fitted, LABELS, lensColumns } from '../../../webview/depthLens/layout';
import { scaleEnd } from '../../../webview/depthLens/measures';
import { cellPaint } from '../../../webview/depthLens/paint';
import { depthLens } from '../../webview/page/depthLens';

describe('columns', () => {
  it('are as many as there is room for, with the chunk in their middle where it can be', () => {
    for (const available of [260, 450, 700, 1100, 2000]) {
      for (const own of [0, 3, 8, 16]) {
        const { first, count, width, total } = lensColumns(available, 17, own);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(first + count).toBeLessThanOrEqual(17);
        expect(own).toBeGreaterThanOrEqual(first);
        expect(own).toBeLessThan(first + count);
        expect(width).toBeGreaterThanOrEqual(48);
        expect(total).toBeLessThanOrEqual(available);
      }
    }
    expect(lensColumns(450, 17, 8)).toMatchObject({ count: 6, first: 5, hasBars: false });
    expect(lensColumns(1076, 17, 8)).toMatchObject({ count: 16, hasBars: true, first: 0 });
    expect(lensColumns(LABELS + 17 * 48 + BARS, 17, 8)).toMatchObject({ count: 17, hasBars: true });
    expect(lensColumns(700, 2, 1)).toMatchObject({ first: 0, count: 2 });
  });

  it('stay where they are while the chunk is among them', () => {
    expect(lensColumns(450, 17, 9, 6)).toMatchObject({ count: 6, first: 6 });
    expect(lensColumns(450, 17, 6, 6)).toMatchObject({ first: 6 });
    // Out of sight, or not among those that there are.
    expect(lensColumns(450, 17, 8, 9)).toMatchObject({ first: 5 });
    expect(lensColumns(450, 17, 8, 2)).toMatchObject({ first: 5 });
    expect(lensColumns(450, 17, 3, -1)).toMatchObject({ first: 0 });
    expect(lensColumns(450, 17, 16, 12)).toMatchObject({ first: 11 });
  });

  it('texts that do not fit end with an ellipsis, wide characters counted twice', () => {
    expect(fitted('four', 44)).toBe('four');
    expect(fitted('x00x01', 44)).toBe('x00x01');
    expect(fitted('x00x01x', 44)).toBe('x00x0…');
    expect(fitted('\\x00\\x01', 44)).toBe('\\x00…');
    expect(fitted('漢字漢', 44)).toBe('漢字漢');
    expect(fitted('漢字漢字', 44)).toBe('漢字…');
  });
});

it('keys move between depths and chunks, and stop at the ends', () => {
  const size = { depths: 5, chunks: 30 };
  const at = (depth: number, chunk: number) => (key: string) => lensAction(key, { depth, chunk }, size);
  expect(at(4, 29)('ArrowDown')).toEqual({ kind: 'depth', depth: 4 });
  expect(at(4, 29)('ArrowUp')).toEqual({ kind: 'depth', depth: 3 });
  expect(at(4, 29)('Home')).toEqual({ kind: 'depth', depth: 0 });
  expect(at(0, 29)('End')).toEqual({ kind: 'depth', depth: 4 });
  expect(at(4, 29)('ArrowRight')).toEqual({ kind: 'chunk', chunk: 29 });
  expect(at(4, 3)('PageUp')).toEqual({ kind: 'chunk', chunk: 0 });
  expect(at(4, 3)('PageDown')).toEqual({ kind: 'chunk', chunk: 11 });
  expect(at(4, 3)('Enter')).toEqual({ kind: 'toggleLock' });
  expect(at(4, 3)('x')).toBeNull();
});

it('a scale ends little above what is known', () => {
  expect(scaleEnd([3, NaN, 26.2, Infinity])).toBe(30);
  expect(scaleEnd([0.83])).toBeCloseTo(0.85, 9);
  expect(scaleEnd([20])).toBe(20);
  expect(scaleEnd([NaN])).toBe(1);
});

it('what is written on a cell can be read', () => {
  const of = (grey: number) => cellPaint(new Uint32Array(256).fill(((255 << 24) | (grey * 0x10101)) >>> 0), 0.5);
  expect(of(0)).toEqual({ fill: 'rgb(0,0,0)', isLight: false });
  expect(of(255)).toEqual({ fill: 'rgb(255,255,255)', isLight: true });
});

it('the table has a row per depth and chunk, and nothing where nothing is known', () => {
  const whole = depthLens(400, 30);
  const { columns, rows } = lensTable(whole);
  expect(rows).toHaveLength(whole.depths.length * 17);
  for (const row of rows) expect(row).toHaveLength(columns.length);
  const cell = (row: number, column: string) => rows[row]![columns.indexOf(column)];
  expect(cell(17 * 3 + 2, 'surprise (bits)')).toBe(whole.surprise[17 * 3 + 2]);
  expect(cell(17 * 3 + 2, 'offset')).toBe(4 * (whole.firstChunk + 2));
  expect(cell(17 * 3, 'readout')).toBe('fitted');
  expect(cell(0, 'block')).toBeNull();
  const { rows: soon } = lensTable(depthLens(400, 30, false));
  const known = soon.filter((row) => row[columns.indexOf('surprise (bits)')] !== null);
  expect(known.map((row) => row[columns.indexOf('chunk')])).toEqual(whole.depths.map(() => 30));
});
