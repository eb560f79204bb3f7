/** @file What keys mean in the two pictures. */
import { describe, expect, it } from 'vitest';
import { heatmapAction } from '../../../webview/heatmap/keys';
import { votesAction } from '../../../webview/votes/keys';

describe('votesAction', () => {
  const at = { bit: 3, place: 10 };

  it('moves within bits and voters', () => {
    const to = (key: string): unknown => votesAction(key, at, 128);
    expect(to('ArrowLeft')).toEqual({ kind: 'move', bit: 3, place: 9 });
    expect(to('ArrowRight')).toEqual({ kind: 'move', bit: 3, place: 11 });
    expect(to('ArrowUp')).toEqual({ kind: 'move', bit: 2, place: 10 });
    expect(to('ArrowDown')).toEqual({ kind: 'move', bit: 4, place: 10 });
    expect(to('Home')).toEqual({ kind: 'move', bit: 3, place: 0 });
    expect(to('End')).toEqual({ kind: 'move', bit: 3, place: 127 });
    expect(to('PageUp')).toEqual({ kind: 'move', bit: 3, place: 0 });
    expect(to('PageDown')).toEqual({ kind: 'move', bit: 3, place: 26 });
    expect(votesAction('ArrowUp', { bit: 0, place: 0 }, 128)).toEqual({ kind: 'move', bit: 0, place: 0 });
    expect(votesAction('ArrowDown', { bit: 31, place: 0 }, 1)).toEqual({ kind: 'move', bit: 31, place: 0 });
    expect(votesAction('PageDown', { bit: 31, place: 0 }, 1)).toEqual({ kind: 'move', bit: 31, place: 0 });
  });

  it('enters at the first voter', () => {
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowUp']) {
      expect(votesAction(key, null, 128)).toEqual({ kind: 'move', bit: 0, place: 0 });
    }
    expect(votesAction('ArrowRight', { bit: 5, place: null }, 128)).toEqual({ kind: 'move', bit: 5, place: 0 });
  });

  it('locks, and leaves other keys alone', () => {
    expect(votesAction('Enter', at, 128)).toEqual({ kind: 'lock' });
    expect(votesAction(' ', at, 128)).toEqual({ kind: 'toggleLock' });
    expect(votesAction('Tab', at, 128)).toBeNull();
    expect(votesAction('a', at, 128)).toBeNull();
  });
});

describe('heatmapAction', () => {
  const at = { chunk: 50, bit: 3, voter: null };
  const range = { page: 20, chunkCount: 100, rows: 'bits', bit: 3, votersPerBit: 128 } as const;
  const to = (key: string): unknown => heatmapAction(key, at, range);
  const cell = (chunk: number, bit: number, voter: number | null = null): unknown => ({
    kind: 'move',
    cell: { chunk, bit, voter },
  });

  it('moves within chunks and bits', () => {
    expect(to('ArrowLeft')).toEqual(cell(49, 3));
    expect(to('ArrowRight')).toEqual(cell(51, 3));
    expect(to('ArrowUp')).toEqual(cell(50, 2));
    expect(to('ArrowDown')).toEqual(cell(50, 4));
    expect(to('PageUp')).toEqual(cell(30, 3));
    expect(to('PageDown')).toEqual(cell(70, 3));
    expect(to('Home')).toEqual(cell(0, 3));
    expect(to('End')).toEqual(cell(99, 3));
    const corner = { chunk: 99, bit: 31, voter: null };
    expect(heatmapAction('ArrowRight', corner, range)).toEqual(cell(99, 31));
    expect(heatmapAction('ArrowDown', corner, range)).toEqual(cell(99, 31));
    expect(heatmapAction('ArrowDown', { chunk: 0, bit: null, voter: null }, range)).toEqual(cell(0, 0));
  });

  it('moves within voters, over the borders of bits', () => {
    const voters = { ...range, rows: 'voters' } as const;
    const from = (key: string, bit: number, voter: number | null): unknown =>
      heatmapAction(key, { chunk: 50, bit, voter }, voters);
    expect(from('ArrowDown', 3, 127)).toEqual(cell(50, 4, 0));
    expect(from('ArrowUp', 3, 0)).toEqual(cell(50, 2, 127));
    expect(from('ArrowUp', 0, 0)).toEqual(cell(50, 0, 0));
    expect(from('ArrowDown', 31, 127)).toEqual(cell(50, 31, 127));
    // The first key only enters the bit.
    expect(from('ArrowDown', 3, null)).toEqual(cell(50, 3, 0));
    expect(from('ArrowRight', 3, 9)).toEqual(cell(51, 3, 9));
    expect(from(']', 3, 9)).toBeNull();
  });

  it('stays within the voters of a bit, and goes to those of another one', () => {
    const ofBit = { ...range, rows: 'bit' } as const;
    const from = (key: string, voter: number): unknown => heatmapAction(key, { chunk: 50, bit: 3, voter }, ofBit);
    expect(from('ArrowDown', 127)).toEqual(cell(50, 3, 127));
    expect(from('ArrowUp', 0)).toEqual(cell(50, 3, 0));
    expect(from('ArrowDown', 8)).toEqual(cell(50, 3, 9));
    expect(from(']', 0)).toEqual({ kind: 'bit', bit: 4 });
    expect(heatmapAction('[', at, { ...ofBit, bit: 0 })).toEqual({ kind: 'bit', bit: 31 });
  });

  it('zooms and locks, and leaves other keys alone', () => {
    expect([to('+'), to('='), to('-')]).toEqual([
      { kind: 'zoom', direction: 1 },
      { kind: 'zoom', direction: 1 },
      { kind: 'zoom', direction: -1 },
    ]);
    expect(to('Enter')).toEqual({ kind: 'lock' });
    expect(to(' ')).toEqual({ kind: 'toggleLock' });
    expect(to('Tab')).toBeNull();
  });
});
