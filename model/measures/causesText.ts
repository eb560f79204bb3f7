/** @file Why the model said what it said of a chunk, in one sentence about its voters and one about the text before. Pure. */
import type { Cause, Causes, CauseUnit } from '../protocol/causes';
import type { VoterPlace } from '../protocol/inspection';
import { changesSentence } from './changesText';
import { CHUNK_BITS, CHUNK_BYTES } from './chunk';
import type { DecidedChunk } from './decidingVoters';
import {
  countMistakes,
  decidingVoters,
  failedVoters,
  isUnvoted,
  MORE_BITS,
  mostWrongBit,
  NOBODY_VOTED,
} from './decidingVoters';
import { plural, shortNumber, signed } from './numberText';

/** The methods as they are called. */
export const CAUSE_METHODS = {
  occlusion: 'occlusion',
  gradient: 'gradient × input',
  integrated: 'integrated gradients',
} as const;

/** The pieces of text that may be causes. */
export const CAUSE_PIECES: Readonly<Record<CauseUnit, { readonly one: string; readonly many: string }>> = {
  chunk: { one: 'chunk', many: 'chunks' },
  word: { one: 'word', many: 'words' },
  line: { one: 'line', many: 'lines' },
  byte: { one: 'byte', many: 'bytes' },
};

/** What is explained, with its unit. */
export const CAUSE_UNITS = {
  chunk: 'bits of surprise',
  byte: 'bits of surprise',
  bit: 'of ln(p/(1 − p))',
  voter: 'of the score z',
} as const;

/** So many causes are named in a sentence. */
const NAMED = 2;

/** A chunk's votes, as far as they are put into words. */
export interface ExplainedChunk extends DecidedChunk {
  readonly text: string;
  readonly surprise: number;
}

/** The causes whose contributions are largest, whichever way. */
export function strongestCauses(causes: readonly Cause[]): readonly Cause[] {
  return causes.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/** 'in this chunk', '1 chunk back', '5 chunks back'. */
export function distanceText({ index }: Pick<Causes, 'index'>, { offset }: Pick<Cause, 'offset'>): string {
  const back = index - Math.floor(offset / CHUNK_BYTES);
  return back === 0 ? 'in this chunk' : `${plural(back, 'chunk', 'chunks')} back`;
}

/** A part of a sentence; one that names a voter or a place in the text leads there. */
export interface SentencePart {
  readonly text: string;
  readonly voter?: VoterPlace;
  /** Byte offset. */
  readonly offset?: number;
}

/** A sentence without its links. */
export function plainText(parts: readonly SentencePart[]): string {
  return parts.map(({ text }) => text).join('');
}

/** How surprising the text was, how many bits were wrong and which most, and the voter that did most. */
export function votesSentence(chunk: ExplainedChunk, votersPerBit: number): readonly SentencePart[] {
  const scored = chunk.scored.reduce((sum, isScored) => sum + isScored, 0);
  const mistakes = countMistakes(chunk);
  const right = mistakes === 0 ? 'all' : `${scored - mistakes}`;
  const begin = `“${chunk.text}” took ${shortNumber(chunk.surprise)} bits of surprise, with ${right} of its ${scored} bits right`;
  const worst = mistakes === 0 ? null : mostWrongBit(chunk);
  if (worst === null) {
    const [decided] = decidingVoters(chunk, votersPerBit, 1);
    if (decided === undefined) return [{ text: `${begin}.` }];
    const done = `voted ${shortNumber(decided.vote)} (without it ${shortNumber(decided.effect)} bits more)`;
    return [
      { text: `${begin}; most was done at bit ${decided.bit}, where ` },
      voterPart(decided),
      { text: ` ${done}.` },
    ];
  }
  const failed = failedVoters(chunk, votersPerBit, CHUNK_BITS);
  const bits = Number.isFinite(worst.surprise) ? shortNumber(worst.surprise) : MORE_BITS;
  const wrong = `${begin}; it was wrong mainly at bit ${worst.bit} (${bits} bits)`;
  const nobody = isUnvoted(chunk, votersPerBit, worst.bit) ? NOBODY_VOTED : 'no voter alone did much';
  const blamed = failed.find(({ bit }) => bit === worst.bit) ?? failed[0];
  if (blamed === undefined) return [{ text: `${wrong}, where ${nobody}.` }];
  const isThere = blamed.bit === worst.bit;
  const cost = `voted ${shortNumber(blamed.vote)} (without it ${shortNumber(-blamed.effect)} bits less)`;
  return [
    { text: isThere ? `${wrong}, where ` : `${wrong}, where ${nobody}; at bit ${blamed.bit} ` },
    voterPart(blamed),
    { text: ` ${cost}.` },
  ];
}

function voterPart({ bit, voter }: VoterPlace): SentencePart {
  return { text: `voter ${voter}`, voter: { bit, voter } };
}

/** Which text before did most, with its number and how far back it is. */
export function causesSentence(causes: Causes): readonly SentencePart[] {
  const named = strongestCauses(causes.causes)
    .filter(({ contribution }) => contribution !== 0)
    .slice(0, NAMED);
  if (named.length === 0) return [{ text: `Pieces of text before that contributed: 0 of ${causes.causes.length}.` }];
  const { kind } = causes.target;
  const unit = CAUSE_UNITS[kind].replace(/^of /, '');
  return [
    { text: `By ${CAUSE_METHODS[causes.method]}, ` },
    ...named.flatMap((cause, i): SentencePart[] => [
      ...(i === 0 ? [] : [{ text: ' and ' }]),
      { text: `“${cause.text}”, ${distanceText(causes, cause)}`, offset: cause.offset },
      { text: ` (${signed(cause.contribution)})` },
    ]),
    { text: ` contributed most, in ${unit}.` },
  ];
}

/** What is explained, as it is called. */
export function targetName({ target, text }: Pick<Causes, 'target' | 'text'>): string {
  if (target.kind === 'bit') return `bit ${target.bit} of “${text}”`;
  return target.kind === 'voter' ? `voter ${target.voter} of bit ${target.bit} of “${text}”` : `“${text}”`;
}

/** What causes were found in and how complete they are, and what they leave out. */
export function causesProvenance({
  causes,
  unit,
  changes,
  completeness,
}: Pick<Causes, 'causes' | 'unit' | 'changes' | 'completeness'>): string {
  const complete =
    completeness === null
      ? ''
      : ` · complete within ${shortNumber(100 * completeness.error)} %, ${completeness.steps} gradients`;
  const { one, many } = CAUSE_PIECES[unit];
  const voters = changes.length === 0 ? 'every voter votes by itself' : `with ${changesSentence(changes)}`;
  return `N = ${plural(causes.length, one, many)} of the window${complete} · ${voters} · without memory`;
}
