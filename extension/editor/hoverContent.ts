/** @file What the hover says of a chunk: at most seven lines of Markdown. */
import { changesSentence } from '../../model/measures/changesText';
import { byteNames, decidingMemory, sawText, unreadText } from '../../model/measures/memoryText';
import {
  countMistakes,
  decidingVoters,
  failedVoters,
  NOBODY_DECIDED,
  otherMistakesText,
} from '../../model/measures/decidingVoters';
import { firstSigns, lastSigns } from '../../model/measures/visibleText';
import { voterName } from '../../model/measures/voterName';
import { hasExactLikelihood } from '../../model/network/bitDecoding';
import type { ChunkInspection, VoterChange } from '../../model/protocol/inspection';
import type { LesionState } from '../../model/protocol/lesions';
import type { MemoryOfChunk } from '../../model/protocol/panels/votes';
import type { ModelSummary } from '../../model/protocol/models';
import { chance, percent, plural, shortNumber, signed } from '../../model/measures/numberText';
import type { VoterNames } from '../../model/protocol/voterNotes';
import { bitsPictureUri, PICTURE_HEIGHT, PICTURE_WIDTH } from './bitsPicture';
import { codeSpan, escapeMarkdown } from './markdown';

/** Commands that the hover's links may run; the Markdown is trusted with these and no others. */
export const HOVER_COMMANDS: readonly string[] = ['smuggler.openVotes', 'smuggler.openHeatmap'];

/** Voters that are named of those that decided, of those that failed, and of memory's: the view has more. */
const NAMED_VOTERS = 2;

/** Characters of the text on each side, at most. */
const CONTEXT_CHARACTERS = 10;

/** What the first voters of a line are named by. */
const NOTATION = 'bit/voter';

/** `9/1`, and the voter's name where it has one. */
function nameLabel(names: VoterNames, bit: number, voter: number): string {
  const name = voterName(names, bit, voter);
  return `${bit}/${voter}${name === '' ? '' : ` ${escapeMarkdown(name)}`}`;
}

function chunkLine(inspection: ChunkInspection): string {
  const { offset, length } = inspection;
  const chunk = `**${codeSpan(inspection.text)}**`;
  const bytes = length === 1 ? `byte ${offset}` : `bytes ${offset}–${offset + length - 1}`;
  const before = lastSigns(inspection.before, CONTEXT_CHARACTERS);
  const after = firstSigns(inspection.after, CONTEXT_CHARACTERS);
  return `${codeSpan(before)} ${chunk} ${codeSpan(after)} · ${bytes}`.trim();
}

/** `, 16.1 with memory`: behind the number of the trained voters; '' where it is not known. */
function withMemory(memory: MemoryOfChunk | null, isChanged: boolean): string {
  if (memory?.chunk == null) return '';
  const { silenced, chunk } = memory;
  const { surprise, unchangedSurprise = surprise } = chunk;
  const before = isChanged || silenced.length > 0 ? `${shortNumber(unchangedSurprise)} → ` : '';
  const changes = silenced.length === 0 ? '' : ` (${changesSentence([], silenced)})`;
  return `, ${before}${shortNumber(surprise)} with memory${changes}`;
}

/** `order 5 +1.2, 7 times before, 6 × “a”, last on line 12`: a click on the line goes there. */
function memoryLine({ reading, chunk }: MemoryOfChunk, { bits, offset, length }: ChunkInspection): string {
  if (chunk === null) return escapeMarkdown(unreadText(reading, offset + length));
  const names = byteNames(bits, length);
  const voters = decidingMemory(chunk, NAMED_VOTERS).map(({ voter, effect, evidence, byte }) => {
    const saw = escapeMarkdown(sawText(voter, evidence, names[byte]!));
    const argument = encodeURIComponent(JSON.stringify([{ offset: evidence.last }]));
    const place =
      evidence.line === null ? '' : `, last on [line ${evidence.line + 1}](command:smuggler.openVotes?${argument})`;
    return `${voter} ${signed(effect)} (${saw}${place})`;
  });
  return `Memory’s voters, and bits of surprise without each: ${voters.join(' · ')}`;
}

/** What was expected, what this text took, and how much of it was wrong: the hover in one sentence, of all voters. */
function surpriseSentence(
  inspection: ChunkInspection,
  { config }: ModelSummary,
  changed: ChangedVoters | null,
  memory: MemoryOfChunk | null,
): string {
  const { alternatives, scored, surprise, text } = inspection;
  const bits = scored.reduce((sum, isScored) => sum + isScored, 0);
  const wrong = countMistakes(inspection);
  const [likeliest] = alternatives;
  const isFirst = likeliest?.text === text;
  const gave = `${isFirst ? 'expected this text,' : 'gave this text'} ${chance(2 ** -surprise)}`;
  const said = isFirst || likeliest === undefined ? gave : `expected ${alternative(likeliest)} and ${gave}`;
  // Memory's numbers are those under the changes, where there are some.
  const unchanged = memory?.chunk?.unchangedSurprise;
  const allWithMemory = unchanged === undefined ? '' : `, ${shortNumber(unchanged)} with memory`;
  const beside = changed === null ? withMemory(memory, false) : allWithMemory;
  const given = hasExactLikelihood(config.bit_decoding) ? ' given those before' : '';
  return [
    `The model ${said}${memory === null ? '' : ' without memory'}: **surprise ${shortNumber(surprise)} bits${beside}**`,
    wrong === 0 ? 'no bit wrong' : `${wrong} of ${bits} bits wrong${given}`,
  ].join(' · ');
}

/** What else it held for probable; null where there is nothing. */
function alternativesLine({ alternatives, text }: ChunkInspection, memory: MemoryOfChunk | null): string | null {
  // The likeliest and this text are in the sentence.
  const others = alternatives.slice(1).filter((other) => other.text !== text);
  if (others.length === 0) return null;
  return `Next most probable${memory === null ? '' : ' without memory'}: ${others.map(alternative).join(' · ')}`;
}

function alternative({ text, probability, validUtf8 }: ChunkInspection['alternatives'][number]): string {
  return `${codeSpan(text)} ${percent(probability)}${validUtf8 ? '' : ' (not UTF-8)'}`;
}

function sparsityLine({ sparsity: { ones, zeros } }: ChunkInspection, { votersPerBit }: ModelSummary): string {
  const parts: string[] = [];
  if (ones !== null) parts.push(`${ones.effectiveVoters.toFixed(1)} for 1-bits`);
  if (zeros !== null) parts.push(`${zeros.effectiveVoters.toFixed(1)} for 0-bits`);
  return `Effective voters of ${votersPerBit}: ${parts.join(', ')}`;
}

function decidedLine(inspection: ChunkInspection, { votersPerBit }: ModelSummary, names: VoterNames): string | null {
  if (votersPerBit < 2) return null;
  const named = failedVoters(inspection, votersPerBit, NAMED_VOTERS);
  const failed = named.map(({ bit, voter, effect }) => `${nameLabel(names, bit, voter)} ${signed(effect)}`);
  const decided = decidingVoters(inspection, votersPerBit, NAMED_VOTERS).map(
    ({ bit, voter, vote, effect }) => `${nameLabel(names, bit, voter)} voted ${vote.toFixed(2)}, ${signed(effect)}`,
  );
  const parts = [
    decided.length === 0
      ? NOBODY_DECIDED
      : `Who decided (${NOTATION}), and bits of surprise without it: ${decided.join(' · ')}`,
    failed.length === 0 ? null : `who failed: ${failed.join(' · ')}`,
    otherMistakesText(inspection, votersPerBit, named),
  ];
  return parts.filter((part) => part !== null && part !== '').join(' · ');
}

/** Voters that are silenced or held, and what the model says of the chunk then. */
export interface ChangedVoters {
  readonly changes: readonly VoterChange[];
  readonly after: Pick<LesionState, 'surprise' | 'probabilities' | 'mostProbable'>;
}

/** What the changed voters make of the chunk; all other lines are of the model with all its voters. */
function changedLine(
  inspection: ChunkInspection,
  { changes, after }: ChangedVoters,
  memory: MemoryOfChunk | null,
): string {
  const { bits, scored, surprise } = inspection;
  const wrong = countMistakes({ bits, scored, probabilities: after.probabilities });
  const { text, probability } = after.mostProbable;
  return [
    `**With ${changesSentence(changes)}**: surprise ${shortNumber(surprise)} → ${shortNumber(after.surprise)} bits${withMemory(memory, true)}`,
    `${countMistakes(inspection)} → ${plural(wrong, 'bit', 'bits')} wrong`,
    `expects ${codeSpan(text)} ${percent(probability)}`,
    'below: all voters vote',
  ].join(' · ');
}

/**
 * The hover's Markdown, at most seven lines: the chunk with links, a sentence and the picture; below a rule, the figures behind them.
 * @param changed null where every trained voter votes by itself
 * @param memory null where memory is off; its numbers are those under the changes
 */
export function hoverMarkdown(
  inspection: ChunkInspection,
  model: ModelSummary,
  names: VoterNames,
  changed: ChangedVoters | null,
  memory: MemoryOfChunk | null,
): string {
  const argument = encodeURIComponent(JSON.stringify([{ offset: inspection.offset }]));
  const hasFailed = failedVoters(inspection, model.votersPerBit, 1).length > 0;
  // With changed voters the picture shows all of them, and memory's numbers are not of those.
  const beside = changed === null ? memory?.chunk?.probabilities : undefined;
  const said = [
    // In sight however much stands below: a hover of more than VS Code's height scrolls.
    [
      chunkLine(inspection),
      `[${hasFailed ? 'Show Who Failed' : 'Voter Votes'}](command:smuggler.openVotes?${argument})`,
      `[Sparsity Heatmap](command:smuggler.openHeatmap?${argument})`,
    ].join(' · '),
    changed === null ? null : changedLine(inspection, changed, memory),
    surpriseSentence(inspection, model, changed, memory),
    `![Probability of a 1 for each of the 32 bits${beside === undefined ? '' : ', with memory as diamonds'}, and the real bits](${bitsPictureUri(inspection, beside)}|width=${PICTURE_WIDTH},height=${PICTURE_HEIGHT})`,
  ];
  const figures = [
    alternativesLine(inspection, memory),
    decidedLine(inspection, model, names),
    changed === null && memory !== null ? memoryLine(memory, inspection) : null,
    `${sparsityLine(inspection, model)} · ${escapeMarkdown(model.name)} ${model.checkpoint}`,
  ];
  return [said, figures].map((lines) => lines.filter((line) => line !== null).join('  \n')).join('\n\n---\n\n');
}
