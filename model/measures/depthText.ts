/** @file What the depth lens shows, in words and numbers: the same in the panel and in a terminal. Pure. */
import type { Depth, DepthFit, DepthLens, DepthReading, DepthTop } from '../protocol/depth';
import { blockName } from './blockName';
import { percent, plural, shortNumber, signed, withMinus } from './numberText';

/** How blocks are read, as it is called. */
export const DEPTH_READINGS = {
  fitted: 'fitted maps',
  direct: 'as they are, where they fit',
} as const satisfies Record<DepthReading, string>;

/** Where there is no block before the voters. */
const NO_TRUNK = 'No trunk';

export function depthName({ block }: Depth): string {
  return block === null ? NO_TRUNK : blockName(block);
}

/** How a depth is read, in a few words. */
export function readoutText({ readout, explained }: Depth): string {
  switch (readout) {
    case 'mean':
      return 'mean only';
    case 'direct':
      return 'read as it is';
    case 'model':
      return 'the model itself';
    case 'fitted':
      return `fitted, R² ${withMinus(explained!.toFixed(2))}`;
  }
}

/** The same in a sentence. */
export function readoutSentence({ readout, explained }: Depth): string {
  switch (readout) {
    case 'mean':
      return 'The voters are given the mean of what the trunk gives: they know nothing of the text but what they hear themselves.';
    case 'direct':
      return 'The model’s last layer and its voters read this block as it is, without any fit (logit lens).';
    case 'model':
      return 'This is the trunk’s last block: here the voters say what the model says. What follows the trunk is applied at every depth.';
    case 'fitted':
      return `A fitted map makes of this block what the last block gives, with ${percent(Math.max(0, explained!))} of the variance in text it was not fitted on.`;
  }
}

/** What maps were fitted on. */
export function fitText({ files, chunks, heldOut }: DepthFit): string {
  return `Maps fitted on ${chunks.toLocaleString('en-US')} chunks of ${plural(files, 'sample text', 'sample texts')}, R² on ${heldOut.toLocaleString('en-US')} others`;
}

/** The column of the chunk that is looked at. */
export function ownColumn({ index, firstChunk }: Pick<DepthLens, 'index' | 'firstChunk'>): number {
  return index - firstChunk;
}

/** A measurement of the chunk that is looked at, [R]. */
function ofOwn<T>(lens: DepthLens, values: ArrayLike<T>): T[] {
  const n = lens.texts.length;
  return lens.depths.map((_, r) => values[r * n + ownColumn(lens)]!);
}

const quoted = ({ text, probability }: DepthTop) => `“${text}” (p ${shortNumber(probability)})`;

/** Where the real text became the likeliest. */
function likeliestSentence(lens: DepthLens): string {
  const tops = ofOwn(lens, lens.tops).map((top) => top!);
  const last = tops.at(-1)!;
  const text = `“${lens.text}”`;
  const wrong = tops.findLastIndex(({ isReal }) => !isReal);
  if (wrong < 0) {
    return `${text} is the likeliest chunk at all depths: p ${shortNumber(tops[0]!.probability)} without the trunk, ${shortNumber(last.probability)} at the end.`;
  }
  if (wrong < tops.length - 1) {
    const from = tops[wrong + 1]!;
    return `${text} becomes the likeliest chunk at ${depthName(lens.depths[wrong + 1]!)} (p ${shortNumber(from.probability)}); before, ${quoted(tops[wrong]!)} is.`;
  }
  const once = tops.findLastIndex(({ isReal }) => isReal);
  const was =
    once < 0
      ? ''
      : `, which was the likeliest at ${depthName(lens.depths[once]!)} (p ${shortNumber(tops[once]!.probability)})`;
  return `At the end “${last.text}” is the likeliest chunk (p ${shortNumber(last.probability)}), not ${text}${was}.`;
}

/** How surprise goes from the first depth to the last, and which block did most of it. */
function surpriseSentence(lens: DepthLens): string {
  const surprise = ofOwn(lens, lens.surprise);
  const [first, last] = [surprise[0]!, surprise.at(-1)!];
  const way = last < first ? -1 : 1;
  const steps = surprise.slice(1).map((value, r) => value - surprise[r]!);
  const most = steps.reduce((best, step, r) => (way * step > way * steps[best]! ? r : best), 0);
  const verb = last === first ? 'stays' : way < 0 ? 'falls' : 'rises';
  return `Surprise ${verb} from ${shortNumber(first)} bits without the trunk to ${shortNumber(last)}, most at ${depthName(lens.depths[most + 1]!)} (${signed(steps[most]!)}).`;
}

/** How many bits are wrong, and how many voters decide, at both ends. */
function votersSentence(lens: DepthLens): string {
  const wrong = ofOwn(lens, lens.wrongBits);
  const voters = ofOwn(lens, lens.effectiveVoters);
  return `Wrong bits: ${wrong[0]} without the trunk, ${wrong.at(-1)} at the end; effective voters per bit: ${shortNumber(voters[0]!)} and ${shortNumber(voters.at(-1)!)}.`;
}

/** The depth lens of the chunk that is looked at, in sentences. */
export function depthSentences(lens: DepthLens): readonly [string, string, string] {
  return [likeliestSentence(lens), surpriseSentence(lens), votersSentence(lens)];
}
