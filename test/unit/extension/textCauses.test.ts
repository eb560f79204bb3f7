/** @file Causes in the text: each chunk's colour, and what the legend says of it. */
import { expect, it } from 'vitest';
import { CAUSE_STYLES, causesLegend, causesMarkdown, causeSteps } from '../../../extension/editor/textCausesScale';
import type { Causes } from '../../../model/protocol/causes';

const contributions = [10, -10, 7, -3, 0.6, -0.2, 0];
const causes: Causes = {
  checkpoint: 'abc',
  target: { kind: 'chunk' },
  method: 'integrated',
  unit: 'chunk',
  changes: [],
  index: 9,
  offset: 36,
  length: 4,
  text: 'l*sh',
  value: 12,
  causes: contributions.map((contribution, i) => ({ offset: 8 + 4 * i, length: 4, text: `c${i}`, contribution })),
  beginning: 0,
  completeness: { difference: 4, sum: 4.02, error: 0.005, steps: 32 },
  milliseconds: 1,
};

it('the sign and the share of the largest contribution choose a step of each byte; next to nothing has none', () => {
  const each = (steps: readonly number[], length = 4) =>
    Int8Array.from(steps.flatMap((step) => Array<number>(length).fill(step)));
  expect(causeSteps(causes)).toEqual({ firstByte: 8, steps: each([2, 5, 2, 4, 0, -1, -1]) });
  const own = [...causes.causes, { offset: 36, length: 3, text: 'l*s', contribution: -9 }];
  expect(causeSteps({ causes: own }).steps).toEqual(Int8Array.of(...each([2, 5, 2, 4, 0, -1, -1]), 5, 5, 5));
  expect(causeSteps({ causes: [] }).steps).toEqual(new Int8Array());
  expect(causeSteps({ causes: causes.causes.map((cause) => ({ ...cause, contribution: 0 })) }).steps).toEqual(
    new Int8Array(28).fill(-1),
  );
});

it('signs differ in hue and in their line, strengths in opacity', () => {
  expect(CAUSE_STYLES.map(({ sign, line }) => `${sign} ${line}`)).toEqual([
    ...Array<string>(3).fill('more solid'),
    ...Array<string>(3).fill('less dotted'),
  ]);
  for (const theme of ['light', 'dark'] as const) {
    expect(new Set(CAUSE_STYLES.map((style) => style[theme])).size).toBe(CAUSE_STYLES.length);
    expect(new Set(CAUSE_STYLES.map((style) => style[theme].slice(7))).size).toBe(3);
  }
});

it('the legend says what is explained, in which unit, by what, and of how many', () => {
  expect(causesLegend(causes)).toBe('$(lightbulb) Causes of “l*sh”: orange more surprising · blue less');
  expect(causesLegend({ ...causes, target: { kind: 'bit', bit: 3 } })).toContain('bit 3 of “l*sh”: orange towards 1');
  const markdown = causesMarkdown(causes);
  expect(markdown).toContain('Each stronger from 0.5, 2.5, 6 bits of surprise on.');
  expect(markdown).toContain('integrated gradients · checkpoint abc · N = 7 chunks of the window');
  expect(markdown).toContain('complete within 0.5 %, 32 gradients');
});
