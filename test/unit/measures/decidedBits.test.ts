/** @file What counts as a mistake, everywhere alike: at p = ½ the model says 1, and a bit without voters says nothing. */
import { expect, test } from 'vitest';
import { COLOUR_MEASURES } from '../../../extension/editor/textColoursScale';
import { verdictOf, wrongBits } from '../../../model/measures/decidedBits';
import { countMistakes, mostWrongBit } from '../../../model/measures/decidingVoters';
import type { RangeInspection } from '../../../model/protocol/inspection';
import { describeCell } from '../../../webview/heatmap/describe';
import { MEASURES, mistakesOf } from '../../../webview/heatmap/measured/measures';
import { sliceTile, TileStore } from '../../../webview/heatmap/measured/tiles';

// Of a chunk's first bits: ½ for a 0 and for a 1, no voters for a 0 and for a 1, a clear mistake; all others are right.
const bits = Uint8Array.of(0, 1, 0, 1, 0);
const chunk = {
  bits: new Uint8Array(32),
  scored: new Uint8Array(32).fill(1),
  probabilities: new Float32Array(32).fill(0.1),
};
chunk.bits.set(bits);
chunk.probabilities.set([0.5, 0.5, NaN, NaN, 0.9]);
const range: RangeInspection = {
  checkpoint: '3f9c1ab27d40',
  firstChunk: 0,
  count: 1,
  chunkCount: 1,
  bytes: new Uint8Array(4),
  ...chunk,
  effectiveVoters: new Float32Array(32),
  density: new Float32Array(32),
  activeVoters: new Uint16Array(32),
  surprise: new Float32Array(1),
};

test('hover and votes view, heatmap and coloured text count the same bits', () => {
  expect(wrongBits(range, 0, 32)).toEqual([0, 4]);
  expect(countMistakes(chunk)).toBe(2);
  expect(mistakesOf(range, 0, 32)).toEqual([0, 4]);
  expect(COLOUR_MEASURES.mistakes.value(range, 0, 32)).toBe(2);
});

test('the heatmap’s tooltip says what the votes view says', () => {
  const store = new TileStore<RangeInspection>(sliceTile, 1);
  store.add(range);
  const described = { store, byteLength: 4, measure: MEASURES.surprise };
  const lines = Array.from(bits.keys(), (bit) => describeCell(described, null, { chunk: 0, bit, voter: null })[1]);
  const verdicts = Array.from(bits, (real, bit) => verdictOf(chunk.probabilities[bit]!, real));
  expect(verdicts).toEqual(['mistake', 'right', 'undecided', 'undecided', 'mistake']);
  lines.forEach((line, bit) => {
    expect(line).toContain(`, ${verdicts[bit]!}`);
    expect(line?.includes('p(1) no voters')).toBe(verdicts[bit] === 'undecided');
  });
});

test('the heatmap colours a bit without voters as the toss of a coin, which is what its surprise counts', () => {
  for (const cell of [2, 3]) {
    expect(MEASURES.surprise.value(range, cell)).toBe(1);
    expect(MEASURES.mistakes.value(range, cell)).toBe(0.5);
  }
});

test('the bit that is the most wrong is the one whose real value was expected least; what pads and what has no voters is not wrong', () => {
  const bits = new Uint8Array(32);
  const probabilities = new Float32Array(32).fill(0.125);
  bits[5] = 1;
  probabilities[9] = 0.75;
  probabilities[0] = NaN;
  const scored = new Uint8Array(32).fill(1);
  expect(mostWrongBit({ bits, scored, probabilities })).toEqual({ bit: 5, surprise: 3 });
  scored[5] = 0;
  expect(mostWrongBit({ bits, scored, probabilities })).toEqual({ bit: 9, surprise: 2 });
  probabilities[9] = 1;
  expect(mostWrongBit({ bits, scored, probabilities })).toEqual({ bit: 9, surprise: Infinity });
  expect(mostWrongBit({ bits, scored: scored.fill(0), probabilities })).toBeNull();
});
