/** @file The order and colours of voters, and what is said of them. */
import { describe, expect, it } from 'vitest';
import { COLOR_STEPS, divergingColors, sequentialColors } from '../../../webview/shared/chart/colors';
import { countMistakes } from '../../../model/measures/decidingVoters';
import type { VotesReady } from '../../../model/protocol/panels/votes';
import {
  effectPosition,
  effectScale,
  effectTicks,
  fillVoterRow,
  WEIGHT_FACTOR,
  weightPosition,
} from '../../../webview/votes/cells';
import { columnsOf, matrixTitle } from '../../../webview/votes/layout';
import { orderVoters } from '../../../webview/votes/order';
import { chunkByteLabels, describeBit, strongestVoters, wrongBitsText } from '../../../webview/votes/votesData';

const BITS = 32;

/** Numbers in [0, 1] that look random and are the same in every run. */
function noise(count: number, seed: number): Float32Array {
  return Float32Array.from(
    { length: count },
    (_, index) => Math.abs(Math.sin(index * 12.9898 + seed) * 43758.5453) % 1,
  );
}

describe('orderVoters', () => {
  const voters = 61;
  const votes = noise(BITS * voters, 1);
  const weights = noise(BITS * voters, 2);
  const effects = noise(BITS * voters, 5).map((value) => value - 0.5);
  const values = {
    vote: (cell: number) => votes[cell]!,
    weight: (cell: number) => weights[cell]!,
    contribution: (cell: number) => Math.fround(votes[cell]! * weights[cell]!),
    effect: (cell: number) => effects[cell]!,
    effectSize: (cell: number) => Math.abs(effects[cell]!),
  };

  it.each(['vote', 'weight', 'contribution', 'effect', 'effectSize'] as const)(
    'puts the largest %s first, in every bit',
    (order) => {
      const places = orderVoters({ votes, weights, effects }, voters, order);
      for (let bit = 0; bit < BITS; bit++) {
        const row = Array.from(places.subarray(bit * voters, (bit + 1) * voters));
        const expected = Array.from({ length: voters }, (_, voter) => voter).sort(
          (a, b) => values[order](bit * voters + b) - values[order](bit * voters + a) || a - b,
        );
        expect(row).toEqual(expected);
      }
    },
  );

  it('keeps numbers in order, and among equals the lower number first', () => {
    const equal = new Float32Array(BITS * 5).fill(0.5);
    const numbers = Array.from({ length: BITS }, () => [0, 1, 2, 3, 4]).flat();
    expect(Array.from(orderVoters({ votes: equal, weights: equal, effects: equal }, 5, 'vote'))).toEqual(numbers);
    expect(Array.from(orderVoters({ votes: noise(BITS * 5, 3), weights: equal, effects: equal }, 5, 'index'))).toEqual(
      numbers,
    );
  });

  it('orders the extremes', () => {
    const extremes = new Float32Array(BITS * 4).map((_, cell) => [0, 1, 1e-38, 0.25][cell % 4]!);
    expect(
      Array.from(orderVoters({ votes: extremes, weights: extremes, effects: extremes }, 4, 'vote').subarray(0, 4)),
    ).toEqual([1, 3, 2, 0]);
  });
});

describe('colours', () => {
  it('has the equal share in the middle and ends at the factor', () => {
    expect(weightPosition(1 / 128, 128)).toBeCloseTo(0.5, 12);
    expect(weightPosition(WEIGHT_FACTOR / 128, 128)).toBeCloseTo(1, 12);
    expect(weightPosition(1 / (128 * WEIGHT_FACTOR), 128)).toBeCloseTo(0, 12);
    expect(weightPosition(0, 128)).toBeLessThan(0);
  });

  it('grows in lightness along the sequential scale, and away from the middle of the diverging ones', () => {
    const lightness = (pixel: number): number =>
      0.2126 * (pixel & 255) + 0.7152 * ((pixel >> 8) & 255) + 0.0722 * ((pixel >> 16) & 255);
    const sequential = Array.from(sequentialColors(), lightness);
    for (let step = 8; step < COLOR_STEPS; step++) expect(sequential[step]!).toBeGreaterThan(sequential[step - 8]!);
    for (const [isDark, sign] of [
      [true, 1],
      [false, -1],
    ] as const) {
      const diverging = Array.from(divergingColors(isDark), lightness);
      expect(sign * (diverging[0]! - diverging[128]!)).toBeGreaterThan(50);
      expect(sign * (diverging[255]! - diverging[128]!)).toBeGreaterThan(50);
    }
  });

  it('shows the largest of the voters that share a pixel', () => {
    const pixels = Uint32Array.from({ length: COLOR_STEPS }, (_, step) => step);
    const places = Uint16Array.from({ length: 6 }, (_, voter) => voter);
    const line = new Uint32Array(2);
    fillVoterRow(line, Float32Array.of(0, 1, 0, 0.2, 0, 0), places, 0, 6, (vote) => vote, pixels);
    expect(Array.from(line)).toEqual([255, 51]);
  });

  it('fills every pixel of a row where voters are wider than one', () => {
    const pixels = new Uint32Array(COLOR_STEPS).fill(7);
    for (const width of [7, 20, 30]) {
      const line = new Uint32Array(width);
      fillVoterRow(
        line,
        new Float32Array(7),
        Uint16Array.from({ length: 7 }, (_, voter) => voter),
        0,
        7,
        (vote) => vote,
        pixels,
      );
      expect(Array.from(line)).toEqual(Array<number>(width).fill(7));
    }
  });
});

describe('the scale of effects', () => {
  // As a trained model has them: few voters decide, of 128 nearly all do no more than leave.
  const effects = new Float32Array(BITS * 128).fill(-0.0031);
  effects.set([2.87, -3.12, 0.42, -0.0113, 0.011]);
  const scale = effectScale(effects, 128);

  it('ends with the largest effect that there is, and is symmetric', () => {
    expect(scale.limit).toBeCloseTo(3.12, 6);
    expect(effectPosition(-3.12, scale)).toBeCloseTo(0, 6);
    expect(effectPosition(3.12, scale)).toBeCloseTo(1, 6);
    expect(effectPosition(2.87, scale)).toBeGreaterThan(0.97);
    expect(effectPosition(0.42, scale) + effectPosition(-0.42, scale)).toBeCloseTo(1, 12);
    expect(effectPosition(Infinity, scale)).toBe(1);
  });

  it('has no colour for what any voter of weight 1/M does by being there', () => {
    // p of a bit without one of 128 equal voters that votes 0 is p · 128/127.
    expect(scale.background).toBeCloseTo(Math.log2(128 / 127), 12);
    for (const effect of [0, -0.0031, 0.011, -0.0113]) expect(effectPosition(effect, scale)).toBe(0.5);
    expect(effectPosition(0.012, scale)).toBeGreaterThan(0.5);
    expect(effectPosition(-0.012, scale)).toBeLessThan(0.5);
  });

  it('is logarithmic: each power of ten is as long', () => {
    const step = effectPosition(1, scale) - effectPosition(0.1, scale);
    expect(step).toBeCloseTo(effectPosition(0.5, scale) - effectPosition(0.05, scale), 12);
    expect(effectTicks(scale)).toEqual([-1, -0.1, 0, 0.1, 1]);
  });

  it('shows the same effect in the same colour whatever few voters do most, and none where all are background', () => {
    const quiet = effectScale(new Float32Array(BITS * 128).fill(0.004), 128);
    expect(quiet.limit).toBe(quiet.background);
    expect(effectPosition(0.004, quiet)).toBe(0.5);
    // A single voter is all there is.
    const single = effectScale(new Float32Array(BITS).fill(0.5), 1);
    expect(effectPosition(0.5, single)).toBe(0.5);
    expect(effectTicks(single)).toEqual([0]);
  });
});

describe('what is said of a chunk', () => {
  const data = {
    provenance: { votersPerBit: 3 },
    bits: Uint8Array.from({ length: BITS }, (_, bit) => Number([1, 2, 7].includes(bit))),
    scored: Uint8Array.from({ length: BITS }, (_, bit) => Number(bit < 8)),
    probabilities: new Float32Array(BITS).fill(0.5),
    weights: Float32Array.from({ length: 3 * BITS }, (_, cell) => [0.2, 0.5, 0.3][cell % 3]!),
    length: 1,
  } as unknown as VotesReady;

  it('counts as mistakes what is scored and on the wrong side of ½', () => {
    // p = ½ decides for 1: wrong for the five 0-bits.
    expect(countMistakes(data)).toBe(5);
    expect(wrongBitsText({ ...data, provenance: { bitDecoding: 'chained' } } as VotesReady)).toMatch(/^5 of 8,/);
    expect(describeBit(data, 0)).toBe('real bit 0 · p(1) 0.500 · mistake');
    expect(describeBit(data, 1)).toContain('right');
    expect(describeBit(data, 9)).toContain('padding');
  });

  it('tells a mistake of the p that it stands beside: before and after, where voters are changed', () => {
    const changedTo = (p: number, before = 0.556): VotesReady =>
      ({
        ...data,
        probabilities: new Float32Array(BITS).fill(before),
        lesion: { result: { after: { probabilities: new Float32Array(BITS).fill(p) } } },
      }) as unknown as VotesReady;
    // The real bit is a 1: right at 0.556, a mistake at 0.232.
    expect(describeBit(changedTo(0.232), 1)).toBe('real bit 1 · p(1) 0.556 → 0.232 · right → mistake');
    expect(describeBit(changedTo(0.556, 0.232), 1)).toBe('real bit 1 · p(1) 0.232 → 0.556 · mistake → right');
    expect(describeBit(changedTo(0.9), 1)).toBe('real bit 1 · p(1) 0.556 → 0.900 · right');
    expect(describeBit(changedTo(NaN), 1)).toBe('real bit 1 · p(1) 0.556 → no voters · right → undecided');
  });

  it('labels what is text and leaves padding without a label', () => {
    expect(chunkByteLabels(data)).toEqual(['a', '–', '–', '–']);
  });

  it('names the voters with the largest weights', () => {
    expect(strongestVoters(data, 4, 2)).toEqual([1, 2]);
  });
});

describe('the first title of the picture', () => {
  const titleAt = (width: number, voters = 128): string => matrixTitle(voters, 'vote', 'vote', columnsOf(width, 7));

  it('says less where there is less room', () => {
    expect(titleAt(1200)).toBe('Vote v of 128 voters per bit, by vote, largest first');
    expect(titleAt(570)).toBe('Vote v of 128 voters per bit, by vote');
    expect(titleAt(300)).toBe('v by vote');
    expect(titleAt(1200, 1024)).toBe(
      'Vote v of 1024 voters per bit, by vote, largest first, each pixel the largest of 2',
    );
    expect(titleAt(720, 1024)).toBe('Vote v of 1024 voters per bit, by vote, each pixel the largest of 3');
    expect(titleAt(570, 1024)).toBe('Vote v, by vote, each pixel the largest of 5');
  });
});
