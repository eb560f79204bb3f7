/** @file What the hover says of a chunk: at most eight lines of Markdown. */
import { sparsityText } from '../../model/measures/sparsityText';
import { changesSentence } from '../../model/measures/changesText';
import { byteNames, decidingMemory, sawText, unreadText } from '../../model/measures/memoryText';
import {
  countMistakes,
  DECIDING_VOTERS,
  decidingVoters,
  failedVoters,
  NOBODY_DECIDED,
} from '../../model/measures/decidingVoters';
import { voterName } from '../../model/measures/voterName';
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

/** Memory voters that are named. */
const NAMED_MEMORY = 2;

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
  return `${codeSpan(inspection.before)} ${chunk} ${codeSpan(inspection.after)} · ${bytes}`.trim();
}

/** What stands in brackets behind the number of the trained voters; '' where there is nothing. */
function inBrackets(...said: readonly string[]): string {
  return said.length === 0 ? '' : ` (${said.join(', ')})`;
}

/** The surprise with memory, under what is silenced or held and without that; nothing where it is not known. */
function withMemory(memory: MemoryOfChunk | null, isChanged: boolean): string[] {
  if (memory?.chunk == null) return [];
  const { silenced, chunk } = memory;
  const { surprise, unchangedSurprise = surprise } = chunk;
  const before = isChanged || silenced.length > 0 ? `${shortNumber(unchangedSurprise)} → ` : '';
  const said = [`${before}${shortNumber(surprise)} with memory`];
  if (silenced.length > 0) said.push(changesSentence([], silenced));
  return said;
}

/** `order 5 +1.2, 7 times before, 6 × “a”, last on line 12`: a click on the line goes there. */
function memoryLine({ reading, chunk }: MemoryOfChunk, { bits, offset, length }: ChunkInspection): string {
  if (chunk === null) return escapeMarkdown(unreadText(reading, offset + length));
  const names = byteNames(bits, length);
  const voters = decidingMemory(chunk, NAMED_MEMORY).map(({ voter, effect, evidence, byte }) => {
    const saw = escapeMarkdown(sawText(voter, evidence, names[byte]!));
    const argument = encodeURIComponent(JSON.stringify([{ offset: evidence.last }]));
    const place =
      evidence.line === null ? '' : `, last on [line ${evidence.line + 1}](command:smuggler.openVotes?${argument})`;
    return `${voter} ${signed(effect)} (${saw}${place})`;
  });
  return `Memory’s voters, and bits of surprise without each: ${voters.join(' · ')}`;
}

/** What was expected, what this text took, and how much of it was wrong: the hover in one sentence. */
function surpriseSentence(inspection: ChunkInspection, memory: MemoryOfChunk | null): string {
  const { alternatives, scored, surprise, text } = inspection;
  const bits = scored.reduce((sum, isScored) => sum + isScored, 0);
  const wrong = countMistakes(inspection);
  const who = memory === null ? 'The model' : 'Without memory the model';
  const likeliest = alternatives[0];
  const expected = likeliest === undefined || likeliest.text === text ? '' : `expected ${alternative(likeliest)} and `;
  return [
    `${who} ${expected}gave this text ${chance(2 ** -surprise)}: **surprise ${shortNumber(surprise)} bits**${inBrackets(...withMemory(memory, false))}`,
    wrong === 0 ? 'no bit guessed wrong' : `${wrong} of ${bits} bits guessed wrong`,
  ].join(', ');
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

function sparsityLine(inspection: ChunkInspection, model: ModelSummary): string {
  const { ones, zeros } = inspection.sparsity;
  const parts: string[] = [];
  if (ones !== null) parts.push(`1-bits ${sparsityText(ones)}`);
  if (zeros !== null) parts.push(`0-bits ${sparsityText(zeros)}`);
  return `Of ${model.votersPerBit} voters per bit: ${parts.join(' · ')}`;
}

function decidedLine(inspection: ChunkInspection, { votersPerBit }: ModelSummary, names: VoterNames): string | null {
  if (votersPerBit < 2) return null;
  const failed = failedVoters(inspection, votersPerBit, DECIDING_VOTERS).map(({ bit, voter }) =>
    nameLabel(names, bit, voter),
  );
  const decided = decidingVoters(inspection, votersPerBit, DECIDING_VOTERS).map(
    ({ bit, voter, vote, effect }) => `${nameLabel(names, bit, voter)} voted ${vote.toFixed(2)}, ${signed(effect)}`,
  );
  const parts = [
    decided.length === 0
      ? NOBODY_DECIDED
      : `Who decided (${NOTATION}), and bits of surprise without it: ${decided.join(' · ')}`,
    failed.length === 0 ? null : `Who failed: ${failed.join(', ')}`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
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
  const change = after.surprise - surprise;
  return [
    `**With ${changesSentence(changes)}**: surprise ${shortNumber(after.surprise)} bits${inBrackets(signed(change), ...withMemory(memory, true))}`,
    `${plural(wrong, 'bit', 'bits')} wrong`,
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
  const hasFailed = failedVoters(inspection, model.votersPerBit, DECIDING_VOTERS).length > 0;
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
    surpriseSentence(inspection, changed === null ? memory : null),
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
