/** @file The part of `smuggler explain` that `--depth` adds: what the voters would say of the chunk behind each block of the trunk. */
import { DepthLens } from '../depth/depthLens';
import type { DepthModel } from '../depth/depthLens';
import type { InspectedDocument } from '../inspection/inspector';
import { CHUNK_BITS } from '../measures/chunk';
import { depthName, depthSentences, fitText, readoutText } from '../measures/depthText';
import { shortNumber } from '../measures/numberText';
import type { DepthLens as DepthLensAnswer } from '../protocol/depth';
import type { Terminal } from './terminal';

/** The lens on one chunk. @param sample path of the text on which readouts are fitted */
export async function depthAt(
  model: DepthModel,
  document: InspectedDocument,
  offset: number,
  sample: string,
  signal: AbortSignal,
): Promise<DepthLensAnswer> {
  const lens = new DepthLens(model);
  try {
    const asked = { offset, before: 0, after: 0, fill: true, reading: 'fitted', changes: [], sample } as const;
    return await lens.inspect(document, asked, { signal });
  } finally {
    await lens.dispose();
  }
}

/** As plain lists, a depth each. */
export function plainDepth(lens: DepthLensAnswer) {
  const row = (values: Float32Array, r: number) => [...values.subarray(CHUNK_BITS * r, CHUNK_BITS * (r + 1))];
  return {
    sentences: depthSentences(lens),
    fit: lens.fit,
    depths: lens.depths.map((depth, r) => ({
      name: depthName(depth),
      ...depth,
      likeliest: lens.tops[r]!,
      surprise: lens.surprise[r]!,
      wrongBits: lens.wrongBits[r]!,
      effectiveVoters: lens.effectiveVoters[r]!,
      probabilities: row(lens.probabilities, r),
      bitVoters: row(lens.bitVoters, r),
    })),
  };
}

export function tellDepth(lens: DepthLensAnswer, terminal: Terminal): void {
  terminal.line('');
  for (const sentence of depthSentences(lens)) terminal.line(sentence);
  terminal.line('');
  const title = 'surprise';
  terminal.line(`${title}  depth, likeliest chunk`);
  lens.depths.forEach((depth, r) => {
    const { text, probability } = lens.tops[r]!;
    const surprise = lens.surprise[r]!.toFixed(2).padStart(title.length);
    terminal.line(`${surprise}  ${depthName(depth)} (${readoutText(depth)}): “${text}”, p ${shortNumber(probability)}`);
  });
  terminal.note(fitText(lens.fit));
}
