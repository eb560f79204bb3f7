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
  const at = { chunk: 50, bit: 3 };
  const to = (key: string): unknown => heatmapAction(key, at, 20, 100);

  it('moves within chunks and bits', () => {
    expect(to('ArrowLeft')).toEqual({ kind: 'move', cell: { chunk: 49, bit: 3 } });
    expect(to('ArrowRight')).toEqual({ kind: 'move', cell: { chunk: 51, bit: 3 } });
    expect(to('ArrowUp')).toEqual({ kind: 'move', cell: { chunk: 50, bit: 2 } });
    expect(to('ArrowDown')).toEqual({ kind: 'move', cell: { chunk: 50, bit: 4 } });
    expect(to('PageUp')).toEqual({ kind: 'move', cell: { chunk: 30, bit: 3 } });
    expect(to('PageDown')).toEqual({ kind: 'move', cell: { chunk: 70, bit: 3 } });
    expect(to('Home')).toEqual({ kind: 'move', cell: { chunk: 0, bit: 3 } });
    expect(to('End')).toEqual({ kind: 'move', cell: { chunk: 99, bit: 3 } });
    expect(heatmapAction('ArrowRight', { chunk: 99, bit: 31 }, 20, 100)).toEqual({
      kind: 'move',
      cell: { chunk: 99, bit: 31 },
    });
    expect(heatmapAction('ArrowDown', { chunk: 0, bit: null }, 20, 100)).toEqual({
      kind: 'move',
      cell: { chunk: 0, bit: 0 },
    });
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
