/** @file `smuggler explain`: why a chunk of a file was as surprising as it was, in words, by its voters and by the text before. */
import { causes } from '../attribution/causes';
import { readModelFolder } from '../checkpoint/modelFolder';
import { Attention } from '../inspection/attention';
import { Inspector } from '../inspection/inspector';
import { attentionSentence, headRows, mostDecided } from '../measures/attentionText';
import {
  CAUSE_METHODS,
  CAUSE_UNITS,
  causesSentence,
  plainText,
  distanceText,
  strongestCauses,
  votesSentence,
} from '../measures/causesText';
import {
  DECIDING_VOTERS,
  decidingVoters,
  failedVoters,
  isMistake,
  NOBODY_DECIDED,
  otherMistakesText,
} from '../measures/decidingVoters';
import { shortNumber, signed } from '../measures/numberText';
import { votersPerBit } from '../network/config';
import { VoterHead } from '../network/voterHead';
import type { ChunkAttention } from '../protocol/attention';
import type { CauseMethod, CauseTarget, CauseUnit } from '../protocol/causes';
import { Inference } from '../runtime/inference';
import { chooseThreads } from '../training/plan';
import { depthAt, plainDepth, tellDepth } from './explainDepth';
import { memoryAt, tellMemory } from './explainMemory';
import type { RuntimeFlags } from './options';
import type { Terminal } from './terminal';
import { UsageError } from './terminal';
import { readTextFile } from './textFile';

export interface ExplainFlags extends RuntimeFlags {
  readonly model: string;
  readonly offset: number;
  readonly method: CauseMethod;
  readonly unit: CauseUnit;
  readonly byte?: number;
  readonly bit?: number;
  readonly voter?: number;
  /** Path of the text on which readouts of the depths are fitted, or the bundled one. */
  readonly depth?: string | true;
  readonly memory?: true;
  readonly json?: true;
}

/** Causes told in a terminal; all of them with --json. */
const MOST_CAUSES = 12;

/** @throws UsageError where the flags name no one thing */
function targetOf({ byte, bit, voter }: ExplainFlags): CauseTarget {
  if (byte !== undefined && bit !== undefined) throw new UsageError('--byte and --bit exclude each other.');
  if (voter !== undefined && bit === undefined) throw new UsageError('--voter needs --bit, whose voter it is.');
  if (byte !== undefined) return { kind: 'byte', byte };
  if (bit === undefined) return { kind: 'chunk' };
  return voter === undefined ? { kind: 'bit', bit } : { kind: 'voter', bit, voter };
}

/** Where each head reads, block by block, in plain lists; null for a model without attention. */
async function attentionAt(model: ConstructorParameters<typeof Attention>[0], ...asked: Parameters<Attention['at']>) {
  const attention = new Attention(model);
  try {
    const at = await attention.at(...asked);
    return at && plainAttention(at);
  } finally {
    await attention.dispose();
  }
}

function plainAttention(at: ChunkAttention) {
  const { bytesPerPlace, evenEntropy, evenDistance, places, repeated, unread, weights } = at;
  const n = places.length;
  const heads = headRows(at).map((row, i) => ({ ...row, weights: [...weights.subarray(i * n, (i + 1) * n)] }));
  const sentence = attentionSentence(at, mostDecided(at));
  return { sentence, bytesPerPlace, evenEntropy, evenDistance, places, unread, repeated, heads };
}

/** @param sample path of the bundled texts */
export async function explainFile(
  file: string,
  flags: ExplainFlags,
  terminal: Terminal,
  sample: string,
): Promise<void> {
  const target = targetOf(flags);
  const bytes = await readTextFile(file, terminal);
  const { config, parameters, checkpoint } = await readModelFolder(flags.model);
  const threads = chooseThreads(flags.threads);
  const inference = await Inference.create(config, parameters, { device: flags.device, threads });
  try {
    const head = new VoterHead(config, parameters, inference.temperatures);
    const model = { inference, head, checkpoint };
    const document = { uri: file, version: 0, bytes };
    const { offset, method, unit, depth: text } = flags;
    const inspector = new Inspector(model);
    const chunk = await inspector.inspectChunk(document, offset, 0);
    const found = await causes(model, document, { offset, target, method, unit }, { signal: terminal.signal });
    const depth =
      text === undefined
        ? null
        : await depthAt(model, document, offset, text === true ? sample : text, terminal.signal);
    const memory =
      flags.memory === true
        ? await memoryAt({ inspector, checkpoint }, document, offset, chunk.bits, terminal, flags.json === true)
        : undefined;
    const M = votersPerBit(config);
    const wrongBits = [...chunk.bits.keys()].filter((bit) => isMistake(chunk, bit));
    const failed = failedVoters(chunk, M, DECIDING_VOTERS);
    const voters = failed.length > 0 ? failed : decidingVoters(chunk, M, DECIDING_VOTERS);
    const sentences = [votesSentence(chunk, M), causesSentence(found)].map(plainText);
    if (flags.json === true) {
      const attention = await attentionAt(model, document, offset);
      terminal.json({
        sentences,
        ...found,
        chunk: { text: chunk.text, surprise: chunk.surprise, wrongBits, voters },
        attention,
        ...(depth === null ? {} : { depth: plainDepth(depth) }),
        ...(memory === undefined ? {} : { memory }),
      });
      return;
    }
    for (const sentence of sentences) terminal.line(sentence);
    terminal.line('');
    terminal.line(`wrong bits: ${wrongBits.length === 0 ? 'none' : wrongBits.join(', ')}`);
    if (voters.length === 0 && M > 1) terminal.line(`${NOBODY_DECIDED}.`);
    for (const { bit, voter, vote, effect } of voters) {
      terminal.line(
        `bit ${bit}, voter ${voter}: vote ${vote.toFixed(3)}, without it ${signed(effect)} bits of surprise`,
      );
    }
    const others = otherMistakesText(chunk, M, failed);
    if (others !== '') terminal.line(`${others}.`);
    terminal.line('');
    const shown = strongestCauses(found.causes).slice(0, MOST_CAUSES);
    const name = 'contribution';
    terminal.line(`${name}  offset  text`);
    for (const cause of shown) {
      const cells = [signed(cause.contribution).padStart(name.length), String(cause.offset).padStart(6)];
      terminal.line(`${cells.join('  ')}  “${cause.text}”, ${distanceText(found, cause)}`);
    }
    terminal.note(
      `${CAUSE_METHODS[method]}, ${shown.length} of ${found.causes.length} causes, ${CAUSE_UNITS[target.kind]}; above 0: this text made it more; checkpoint ${checkpoint}`,
    );
    if (found.completeness !== null) {
      const { sum, difference, error, steps } = found.completeness;
      terminal.note(
        `the sum ${shortNumber(sum)} is to be ${shortNumber(difference)}: off by ${shortNumber(100 * error)} %, with ${steps} gradients`,
      );
    }
    if (memory !== undefined) tellMemory(memory, terminal);
    if (depth !== null) tellDepth(depth, terminal);
  } finally {
    await inference.dispose();
  }
}
