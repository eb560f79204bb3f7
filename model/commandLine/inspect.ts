/** @file `smuggler inspect`: a row per chunk of what the model made of a file, and how few voters decided in all of it. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { readModelFolder } from '../checkpoint/modelFolder';
import { Inspector } from '../inspection/inspector';
import { meanOverBits } from '../measures/decidedBits';
import { Memory } from '../memory/memory';
import { scoreRange } from '../memory/scoreRange';
import { visibleLabel } from '../measures/visibleText';
import { temperature, votersPerBit } from '../network/config';
import { VoterHead } from '../network/voterHead';
import type { RangeInspection, Sparsity, SparsityOfBits } from '../protocol/inspection';
import { Inference } from '../runtime/inference';
import { chooseThreads } from '../training/plan';
import { formatNumber } from './format';
import type { RuntimeFlags } from './options';
import { hasBar, startBar } from './progressBar';
import type { Terminal } from './terminal';
import { readTextFile } from './textFile';

export interface InspectFlags extends RuntimeFlags {
  readonly model: string;
  readonly memory?: true;
  readonly json?: true;
}

const CHUNKS_AT_A_TIME = 1024;

interface Row {
  /** Byte offset of the chunk. */
  readonly offset: number;
  readonly text: string;
  /** −log2 of the probability of its real bits. */
  readonly surprise: number;
  /** The same with memory, where that was asked for. */
  readonly surpriseWithMemory?: number;
  readonly effectiveVotersOnes: number | null;
  readonly effectiveVotersZeros: number | null;
  /** [scored bits] voters with w > 1/M. */
  readonly activeVoters: readonly number[];
  /** [scored bits] p of a 1. */
  readonly probabilities: readonly number[];
  readonly bits: readonly number[];
}

/** One chunk; `length` bytes of it are text, and only their bits are told. */
function rowOf(range: RangeInspection, withMemory: Float32Array | null, n: number, length: number): Row {
  const from = n * CHUNK_BITS;
  const to = from + 8 * length;
  const bits = range.bits.subarray(from, to);
  const effective = range.effectiveVoters.subarray(from, to);
  return {
    offset: (range.firstChunk + n) * CHUNK_BYTES,
    text: visibleLabel(range.bytes.subarray(n * CHUNK_BYTES, n * CHUNK_BYTES + length)),
    surprise: range.surprise[n]!,
    ...(withMemory === null ? {} : { surpriseWithMemory: withMemory[n]! }),
    effectiveVotersOnes: meanOverBits(effective, bits, 1),
    effectiveVotersZeros: meanOverBits(effective, bits, 0),
    activeVoters: [...range.activeVoters.subarray(from, to)],
    probabilities: [...range.probabilities.subarray(from, to)],
    bits: [...bits],
  };
}

const HEADER = ['offset', 'text', 'surprise', 'memory', 'N of 1s', 'N of 0s', 'active', 'p of 1s', 'p of 0s', 'bits'];
const WIDTHS = [9, 5, 8, 8, 8, 8, 7, 7, 7, 0] as const;
/** The column that is there with memory only. */
const MEMORY_COLUMN = 3;

function tableLine(cells: readonly string[], hasMemory: boolean): string {
  return cells
    .map((cell, i) => (i === 1 || WIDTHS[i] === 0 ? cell.padEnd(WIDTHS[i]!) : cell.padStart(WIDTHS[i]!)))
    .filter((_, i) => hasMemory || i !== MEMORY_COLUMN)
    .join(' ')
    .trimEnd();
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function cells(row: Row): string[] {
  const number = (value: number | null, digits: number) => (value === null ? '–' : value.toFixed(digits));
  return [
    String(row.offset),
    row.text,
    row.surprise.toFixed(2),
    number(row.surpriseWithMemory ?? null, 2),
    number(row.effectiveVotersOnes, 1),
    number(row.effectiveVotersZeros, 1),
    number(mean(row.activeVoters), 1),
    number(mean(row.probabilities.filter((_, b) => row.bits[b] === 1)), 3),
    number(mean(row.probabilities.filter((_, b) => row.bits[b] === 0)), 3),
    row.bits.join('').replace(/.{8}(?=.)/g, '$& '),
  ];
}

function sparsityLine(
  name: string,
  { bits, votesAboveHalf, effectiveVoters, operationalVoters }: SparsityOfBits,
): string {
  return `${name} (${bits}): ${votesAboveHalf.toFixed(1)} votes above ½, N ${effectiveVoters.toFixed(1)}, k ${operationalVoters}`;
}

/** What the whole file shows of how few voters decide. */
function tellSparsity(sparsity: Sparsity, isJson: boolean, terminal: Terminal): void {
  if (isJson) {
    terminal.json({ sparsity });
    return;
  }
  const { ones, zeros, operationalVoters } = sparsity;
  for (const [bit, of] of [ones, zeros].entries()) {
    if (of !== null) terminal.note(sparsityLine(`${1 - bit}-bits`, of));
  }
  terminal.note(
    `all bits together: k ${operationalVoters}; k: so many voters of the largest weights lose at most 1 % more`,
  );
}

export async function inspectFile(file: string, flags: InspectFlags, terminal: Terminal): Promise<void> {
  const isJson = flags.json === true;
  const bytes = await readTextFile(file, terminal);
  const { config, parameters, checkpoint } = await readModelFolder(flags.model);
  const inference = await Inference.create(config, parameters, {
    device: flags.device,
    threads: chooseThreads(flags.threads),
  });
  const bar = startBar(isJson, 'how few voters decide: {bar} {percentage}% of {total} chunks');
  try {
    const head = new VoterHead(config, parameters, inference.temperatures);
    const inspector = new Inspector({ inference, head, checkpoint });
    const document = { uri: file, version: 0, bytes };
    const chunkCount = Math.ceil(bytes.length / CHUNK_BYTES);
    const M = votersPerBit(config);
    terminal.note(
      `${chunkCount} chunks, ${M} voters per bit, τ ${formatNumber(temperature(config))}${config.temperature_learned ? ' at the start (learned)' : ''}, N = 1/Σw², active: w > 1/${M}, checkpoint ${checkpoint}`,
    );
    const memory = flags.memory === true ? new Memory() : null;
    if (!isJson && chunkCount > 0) terminal.line(tableLine(HEADER, memory !== null));
    for (let first = 0; first < chunkCount; first += CHUNKS_AT_A_TIME) {
      const range = await inspector.inspectRange(document, first, CHUNKS_AT_A_TIME);
      const withMemory = memory === null ? null : scoreRange(memory, range, bytes.length);
      for (let n = 0; n < range.count; n++) {
        const row = rowOf(range, withMemory, n, Math.min(CHUNK_BYTES, bytes.length - (first + n) * CHUNK_BYTES));
        if (isJson) terminal.json(row);
        else terminal.line(tableLine(cells(row), memory !== null));
      }
    }
    if (chunkCount > 0) {
      if (!isJson && !hasBar(isJson)) terminal.note('Counting how few voters decide.');
      const sparsity = await inspector.sparsity(document, {
        onProgress: (chunks, total) => {
          bar.update(chunks, total);
        },
      });
      bar.stop();
      tellSparsity(sparsity, isJson, terminal);
    }
  } finally {
    bar.stop();
    await inference.dispose();
  }
}
