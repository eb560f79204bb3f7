/** @file Comparisons that were exported before sides had voters of their own: shown as ones in which every voter votes. */
import { expect, it } from 'vitest';
import type { ComparisonReady } from '../../../model/protocol/panels/comparison';
import { todaysForm } from '../../../webview/comparison/olderExport';

const [onlyA, onlyB, bothWrong] = [Uint32Array.of(1), Uint32Array.of(0), Uint32Array.of(3)];
const older = {
  kind: 'ready',
  notes: [],
  generation: 1,
  result: {
    surpriseA: Float32Array.of(4, 1, 7, 2),
    surpriseB: Float32Array.of(3, 6, 2, 2),
    places: [onlyA, onlyB, bothWrong],
  },
} as unknown as ComparisonReady;

it('has no changed voters, and what got better and worse is found again', () => {
  const { voters, present, continued, result } = todaysForm(older);
  expect([voters.a.changes, voters.b.changes, present, continued]).toEqual([[], [], 0, null]);
  expect(result!.changed).toEqual([2, 1]);
  expect(result!.places).toEqual([onlyA, onlyB, bothWrong, Uint32Array.of(2, 0), Uint32Array.of(1)]);
  expect(result!.differenceInterval).toBeNull();
});

it('leaves one of today as it is, and one without a result without it', () => {
  const today = todaysForm(older);
  expect(todaysForm(today)).toBe(today);
  expect(todaysForm({ ...older, result: null }).result).toBeNull();
});
