/** @file A concept as a label for every evaluated chunk: what a regular expression matches, a context, or a selection. */
import { CHUNK_BYTES } from '../../measures/chunk';
import type { Concept, ConceptPlace } from '../../protocol/voterAnalyses';
import { ConceptError } from './conceptError';
import { contextLabels } from './contexts';
import { Turns } from '../turns';
import type { TurnOptions } from '../turns';
import type { ByteRange } from './regexMatches';
import { regexMatches } from './regexMatches';
import type { EvaluatedChunks } from './voteMatrix';
import { runsByText } from './voteMatrix';

/**
 * Labels each evaluated chunk: 1 where its predicted bytes are the concept's. With `overlaps`, any byte of the chunk lies in a
 * range; with `begins`, a range begins in it, so that the votes came before anything of the concept was seen.
 * @returns [N] 0 or 1, some of each
 * @throws ConceptError where the concept is not valid, or labels no chunk, or all of them, or takes too long to find
 * @throws the signal's reason when it is aborted
 */
export async function conceptLabels(
  chunks: EvaluatedChunks,
  concept: Concept,
  options: TurnOptions = {},
): Promise<Uint8Array> {
  const labels =
    concept.kind === 'context' ? await ofContext(chunks, concept, options) : await ofRanges(chunks, concept, options);
  const labelled = labels.reduce((sum, label) => sum + label, 0);
  if (labelled === 0 || labelled === labels.length) {
    const which = labelled === 0 ? 'none' : 'every one';
    throw new ConceptError(
      `The concept is met in ${which} of the ${labels.length} chunks looked at, expected some with it and some without.`,
    );
  }
  return labels;
}

async function ofContext(
  chunks: EvaluatedChunks,
  concept: Extract<Concept, { kind: 'context' }>,
  options: TurnOptions,
): Promise<Uint8Array> {
  const dimensions = await contextLabels(chunks, options);
  const dimension = dimensions.find((candidate) => candidate.dimension === concept.dimension);
  const wanted = dimension?.classes.indexOf(concept.name) ?? -1;
  if (dimension === undefined || wanted < 0) {
    throw new ConceptError(
      `"${concept.name}" is not a class of the context "${concept.dimension}", expected one of ${dimension?.classes.join(', ') ?? 'another context'}.`,
    );
  }
  return dimension.labels.map((label) => (label === wanted ? 1 : 0));
}

async function ofRanges(
  chunks: EvaluatedChunks,
  concept: Exclude<Concept, { kind: 'context' }>,
  options: TurnOptions,
): Promise<Uint8Array> {
  const labels = new Uint8Array(chunks.count);
  const runs = [...runsByText(chunks)];
  const texts = runs.map(([text]) => chunks.texts[text]!);
  const ranges: readonly (readonly ByteRange[])[] =
    concept.kind === 'selection'
      ? texts.map(({ name }) => concept.ranges.filter((range) => range.name === name))
      : await regexMatches(texts, concept.pattern, concept.flags, options);
  const turns = new Turns(options);
  for (const [at, [, runsOfText]] of runs.entries()) {
    if (turns.isDue) await turns.give();
    const inText = labelsOfRanges(Math.floor(texts[at]!.bytes.length / CHUNK_BYTES), ranges[at]!, concept.place);
    for (const { firstChunk, column, count } of runsOfText) {
      labels.set(inText.subarray(firstChunk, firstChunk + count), column);
    }
  }
  return labels;
}

/** Labels of all complete chunks of a text. */
function labelsOfRanges(count: number, ranges: readonly ByteRange[], place: ConceptPlace): Uint8Array {
  const labels = new Uint8Array(count);
  for (const { start, end } of ranges) {
    if (!(start >= 0 && end > start)) {
      throw new ConceptError(
        `The range ${start} to ${end} holds no byte, expected a start of 0 or more and an end after it.`,
      );
    }
    const first = Math.floor(start / CHUNK_BYTES);
    const last = place === 'begins' ? first : Math.floor((end - 1) / CHUNK_BYTES);
    labels.fill(1, Math.min(first, count), Math.min(last + 1, count));
  }
  return labels;
}
