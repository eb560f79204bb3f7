/** @file The contexts that voters are compared over: for every evaluated chunk, one class of each dimension. */
import { CHUNK_BYTES } from '../../measures/chunk';
import type { ContextDimension } from '../../protocol/voterAnalyses';
import { Turns } from '../turns';
import type { TurnOptions } from '../turns';
import { byteClass, CHARACTER_CLASSES, START_OF_TEXT } from './characterClass';
import { languageOfName } from './languages';
import { SYNTACTIC_CLASSES, syntacticClasses } from './lexer';
import { INDENTATION_DEPTHS, LINE_POSITIONS, lineContext } from './lineContext';
import type { EvaluatedChunks, SourceText } from './voteMatrix';
import { runsByText } from './voteMatrix';

/** Every dimension looks at the first byte of the predicted chunk, or at the byte before it. */
const CONTEXT_DIMENSIONS: readonly ContextDimension[] = [
  'character',
  'characterBefore',
  'linePosition',
  'indentation',
  'syntax',
  'language',
];

export interface ContextLabels {
  readonly dimension: ContextDimension;
  /** Names of the classes; those of `language` are the languages that occur. */
  readonly classes: readonly string[];
  /** [N] class of each evaluated chunk. */
  readonly labels: Uint8Array;
  /** [classes] chunks of each class. */
  readonly counts: Uint32Array;
}

/** Languages told apart; all others beyond these are one class. */
const MOST_LANGUAGES = 32;

/** The language of a text, as VS Code's identifier. */
export function languageOf(text: SourceText): string {
  return text.languageId ?? languageOfName(text.name);
}

/**
 * The classes of every evaluated chunk, a dimension each.
 * @throws the signal's reason when it is aborted
 */
export async function contextLabels(chunks: EvaluatedChunks, options: TurnOptions = {}): Promise<ContextLabels[]> {
  const languages = languageClasses(chunks.texts);
  const labels = {
    character: new Uint8Array(chunks.count),
    characterBefore: new Uint8Array(chunks.count),
    linePosition: new Uint8Array(chunks.count),
    indentation: new Uint8Array(chunks.count),
    syntax: new Uint8Array(chunks.count),
    language: new Uint8Array(chunks.count),
  } satisfies Record<ContextDimension, Uint8Array>;
  const turns = new Turns(options);
  for (const [index, runs] of runsByText(chunks)) {
    if (turns.isDue) await turns.give();
    const text = chunks.texts[index]!;
    const { bytes } = text;
    const lines = lineContext(bytes, CHUNK_BYTES, Math.floor(bytes.length / CHUNK_BYTES));
    const syntax = syntacticClasses(bytes, languageOf(text));
    const language = languages.classOf(text);
    for (const { firstChunk, column, count } of runs) {
      for (let i = 0; i < count; i++) {
        const chunk = firstChunk + i;
        const at = chunk * CHUNK_BYTES;
        labels.character[column + i] = byteClass(bytes[at]!);
        labels.characterBefore[column + i] = at === 0 ? START_OF_TEXT : byteClass(bytes[at - 1]!);
        labels.linePosition[column + i] = lines.positions[chunk]!;
        labels.indentation[column + i] = lines.depths[chunk]!;
        labels.syntax[column + i] = syntax[at]!;
        labels.language[column + i] = language;
      }
    }
  }
  const classes: Readonly<Record<ContextDimension, readonly string[]>> = {
    character: CHARACTER_CLASSES,
    characterBefore: CHARACTER_CLASSES,
    linePosition: LINE_POSITIONS,
    indentation: INDENTATION_DEPTHS,
    syntax: SYNTACTIC_CLASSES,
    language: languages.names,
  };
  return CONTEXT_DIMENSIONS.map((dimension) => ({
    dimension,
    classes: classes[dimension],
    labels: labels[dimension],
    counts: countLabels(labels[dimension], classes[dimension].length),
  }));
}

function languageClasses(texts: readonly SourceText[]): {
  readonly names: readonly string[];
  classOf(text: SourceText): number;
} {
  const all = [...new Set(texts.map(languageOf))].sort();
  const names = all.length > MOST_LANGUAGES ? [...all.slice(0, MOST_LANGUAGES - 1), 'other'] : all;
  return { names, classOf: (text) => Math.min(names.length - 1, all.indexOf(languageOf(text))) };
}

function countLabels(labels: Uint8Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const label of labels) counts[label]!++;
  return counts;
}
