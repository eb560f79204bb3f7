/** @file A concept as a label for every evaluated chunk: what a regular expression matches, a context, or a selection. */
import type { Concept, ConceptPlace } from '../../protocol/voterAnalyses';
import { CHUNK_BYTES } from '../../text/chunks';
import { ConceptError } from './conceptError';
import { contextLabels } from './contexts';
import type { ByteRange } from './regexMatches';
import { regexMatcher } from './regexMatches';
import type { EvaluatedChunks, SourceText } from './voteMatrix';

/**
 * Labels each evaluated chunk: 1 where its predicted bytes are the concept's. With `overlaps`, any byte of the chunk lies in a
 * range; with `begins`, a range begins in it, so that the votes came before anything of the concept was seen.
 * @returns [N] 0 or 1, some of each
 * @throws ConceptError where the concept is not valid, or labels no chunk, or all of them
 */
export function conceptLabels(chunks: EvaluatedChunks, concept: Concept): Uint8Array {
  const labels = concept.kind === 'context' ? ofContext(chunks, concept) : ofRanges(chunks, concept);
  const labelled = labels.reduce((sum, label) => sum + label, 0);
  if (labelled === 0 || labelled === labels.length) {
    const which = labelled === 0 ? 'none' : 'every one';
    throw new ConceptError(
      `The concept is met in ${which} of the ${labels.length} chunks looked at, expected some with it and some without.`,
    );
  }
  return labels;
}

function ofContext(chunks: EvaluatedChunks, concept: Extract<Concept, { kind: 'context' }>): Uint8Array {
  const dimension = contextLabels(chunks).find((candidate) => candidate.dimension === concept.dimension);
  const wanted = dimension?.classes.indexOf(concept.name) ?? -1;
  if (dimension === undefined || wanted < 0) {
    throw new ConceptError(
      `"${concept.name}" is not a class of the context "${concept.dimension}", expected one of ${dimension?.classes.join(', ') ?? 'another context'}.`,
    );
  }
  return dimension.labels.map((label) => (label === wanted ? 1 : 0));
}

function ofRanges(chunks: EvaluatedChunks, concept: Exclude<Concept, { kind: 'context' }>): Uint8Array {
  const labels = new Uint8Array(chunks.count);
  const evaluated = new Set(chunks.runs.map((run) => run.text));
  const rangesIn = rangeFinder(concept);
  chunks.texts.forEach((source, text) => {
    if (!evaluated.has(text)) return;
    const { bytes } = source;
    const ranges = rangesIn(source);
    const inText = labelsOfRanges(Math.floor(bytes.length / CHUNK_BYTES), ranges, concept.place);
    for (const run of chunks.runs) {
      if (run.text === text) labels.set(inText.subarray(run.firstChunk, run.firstChunk + run.count), run.column);
    }
  });
  return labels;
}

function rangeFinder(concept: Exclude<Concept, { kind: 'context' }>): (text: SourceText) => readonly ByteRange[] {
  if (concept.kind === 'selection') return ({ name }) => concept.ranges.filter((range) => range.name === name);
  const matches = regexMatcher(concept.pattern, concept.flags);
  return ({ bytes }) => matches(bytes);
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
