/** @file Why the model said what it said, in words: each number stands in its sentence. */
import { expect, it } from 'vitest';
import {
  causesProvenance,
  causesSentence,
  distanceText,
  plainText,
  votesSentence,
} from '../../../model/measures/causesText';
import { signed } from '../../../model/measures/numberText';
import type { Cause, Causes } from '../../../model/protocol/causes';

const cause = (offset: number, text: string, contribution: number): Cause => ({
  offset,
  length: 4,
  text,
  contribution,
});

const CAUSES: Causes = {
  checkpoint: '',
  target: { kind: 'chunk' },
  method: 'occlusion',
  unit: 'chunk',
  changes: [],
  index: 5,
  offset: 20,
  length: 4,
  text: 'lish',
  value: 3.2,
  causes: [cause(4, 'one␣', 0), cause(12, 'gu␣a', 1.284), cause(16, 'y␣en', -2.5), cause(20, 'li', 0.25)],
  beginning: 0,
  completeness: null,
  milliseconds: 1,
};

/** A chunk of which bit 6 is wrong where `p` is below ½; two voters per bit. */
function chunk(p: number) {
  const bits = new Uint8Array(32);
  bits[6] = 1;
  const probabilities = new Float32Array(32).fill(0.1);
  probabilities[6] = p;
  const effects = new Float32Array(64);
  effects[13] = p < 0.5 ? -1.3 : 0.7;
  return {
    text: 'lish',
    surprise: 3.2,
    bits,
    scored: Uint8Array.from({ length: 32 }, (_, bit) => Number(bit < 24)),
    probabilities,
    votes: new Float32Array(64).fill(0.6),
    weights: new Float32Array(64).fill(0.5),
    effects,
  };
}

it('the voters: surprise, bits and the voter that did most, with its vote and what is without it', () => {
  expect(plainText(votesSentence(chunk(0.2), 2))).toBe(
    '“lish” took 3.2 bits of surprise, with 23 of its 24 bits right; it was wrong mainly at bit 6 (2.32 bits), where voter 1 voted 0.6 (without it 1.3 bits less).',
  );
  // What one voter did most in need not be what was most wrong.
  const other = chunk(0.2);
  other.bits[9] = 1;
  other.probabilities[9] = 0.05;
  expect(plainText(votesSentence(other, 2))).toBe(
    '“lish” took 3.2 bits of surprise, with 22 of its 24 bits right; it was wrong mainly at bit 9 (4.32 bits), where no voter alone did much; at bit 6 voter 1 voted 0.6 (without it 1.3 bits less).',
  );
  other.effects.fill(0);
  expect(plainText(votesSentence(other, 2))).toContain(' at bit 9 (4.32 bits), where no voter alone did much.');
  const unvoted = { ...other, votes: new Float32Array(64).fill(0.4) };
  expect(plainText(votesSentence(unvoted, 2))).toContain(' at bit 9 (4.32 bits), where nobody voted for the 1.');
  other.probabilities[9] = 0;
  expect(plainText(votesSentence(other, 2))).toContain(' at bit 9 (more than 24 bits), ');
  expect(plainText(votesSentence(chunk(0.9), 2))).toBe(
    '“lish” took 3.2 bits of surprise, with all of its 24 bits right; most was done at bit 6, where voter 1 voted 0.6 (without it 0.7 bits more).',
  );
});

it('the causes: the two that contributed most, with sign, unit and distance', () => {
  expect(plainText(causesSentence(CAUSES))).toBe(
    'By occlusion, “y␣en”, 1 chunk back (−2.5) and “gu␣a”, 2 chunks back (+1.28) contributed most, in bits of surprise.',
  );
  expect(plainText(causesSentence({ ...CAUSES, target: { kind: 'bit', bit: 3 }, method: 'gradient' }))).toContain(
    'By gradient × input, “y␣en”, 1 chunk back (−2.5)',
  );
  expect(plainText(causesSentence({ ...CAUSES, causes: CAUSES.causes.slice(0, 1) }))).toBe(
    'Pieces of text before that contributed: 0 of 1.',
  );
});

it('how far back a cause is, and its sign', () => {
  expect(CAUSES.causes.map((one) => distanceText(CAUSES, one))).toEqual([
    '4 chunks back',
    '2 chunks back',
    '1 chunk back',
    'in this chunk',
  ]);
  expect([signed(0.1234), signed(-3), signed(0)]).toEqual(['+0.123', '−3', '±0']);
});

it('a clause leads to the voter or to the text that it names', () => {
  expect(votesSentence(chunk(0.2), 2).filter(({ voter }) => voter !== undefined)).toEqual([
    { text: 'voter 1', voter: { bit: 6, voter: 1 } },
  ]);
  expect(causesSentence(CAUSES).filter(({ offset }) => offset !== undefined)).toEqual([
    { text: '“y␣en”, 1 chunk back', offset: 16 },
    { text: '“gu␣a”, 2 chunks back', offset: 12 },
  ]);
});

it('the provenance says of what pieces, and which voters are changed', () => {
  expect(causesProvenance(CAUSES)).toBe('N = 4 chunks of the window · every voter votes by itself · without memory');
  expect(causesProvenance({ ...CAUSES, unit: 'word', changes: [{ bit: 1, voter: 2, vote: null }] })).toBe(
    'N = 4 words of the window · with 1 voter silenced · without memory',
  );
});
