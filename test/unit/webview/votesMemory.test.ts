/** @file Numbers of memory voters as rows, their scales, the words for what they saw, and their rows among the exported ones. */
import { describe, expect, it } from 'vitest';
import { plainText } from '../../../model/measures/causesText';
import { byteNames, decidingMemory, memorySentence, sawText } from '../../../model/measures/memoryText';
import { MEMORY_VOTERS } from '../../../model/measures/memoryVoters';
import {
  memoryCells,
  memoryChange,
  memoryPosition,
  sawTitle,
  surpriseWithMemory,
} from '../../../webview/votes/memoryData';
import { votesTable } from '../../../webview/votes/exportTable';
import { lesioned, remembered, votes } from '../../webview/page/votes';

const V = MEMORY_VOTERS.length;
const data = remembered(votes(3, 16), ['word']);
const { chunk } = data.memory!;
const cells = memoryCells(chunk!);

it('says of which byte of the chunk the column is that tells what was seen', () => {
  expect(sawTitle(['f', 'u', 'n', '␣'], 2)).toBe('Saw before byte 3 of 4, “n”');
  expect(sawTitle(['␣'], 0)).toBe('Saw before “␣”');
});

describe('rows', () => {
  it('have the numbers of one voter each, the trained ones together last', () => {
    expect([cells.votes, cells.weights, cells.effects].map(({ length }) => length)).toEqual([V + 1, V + 1, V + 1]);
    expect(cells.votes[4]![9]).toBe(chunk!.votes[9 * V + 4]);
    expect(cells.weights[V]![9]).toBe(chunk!.weights[9 * (V + 1) + V]);
    expect(cells.votes[V]).toEqual(chunk!.trainedProbabilities);
  });

  it('have a scale that ends with the largest, 0 in its middle', () => {
    expect(memoryPosition('vote', cells).position(0.3)).toBe(0.3);
    for (const color of ['weight', 'effect'] as const) {
      const { position } = memoryPosition(color, cells);
      const values = (color === 'weight' ? cells.weights : cells.effects).flatMap((row) => Array.from(row));
      const places = values.map((value) => position(value));
      expect(position(0)).toBe(0.5);
      expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...places)).toBeLessThanOrEqual(1);
      expect(Math.max(...places.map((place) => Math.abs(place - 0.5)))).toBeGreaterThan(0.19);
    }
  });
});

describe('words', () => {
  const seen = { times: 7, same: 6, last: 90, line: 11, length: 5 };
  it('say what a voter saw', () => {
    expect(sawText('order 5', seen, 'a')).toBe('7 times, 6 × “a”');
    expect(sawText('word', { ...seen, times: 1, same: 0 }, 'a')).toBe('once, 0 × “a”');
    expect(sawText('order 8', { ...seen, times: 0 }, 'a')).toBe('nothing in this document');
    expect(sawText('match', { ...seen, times: 1, same: 1, length: 13 }, 'a')).toBe('13 bytes alike, then “a”');
    expect(sawText('match', { ...seen, times: 1, same: 0, length: 1 }, 'a')).toBe('1 byte alike, then not “a”');
    expect(sawText('match', { ...seen, times: 1, last: null }, 'a')).toBe('follows a copy in another file');
    expect(byteNames(Uint8Array.of(0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0), 2)).toEqual(['a', '␣']);
  });

  it('are a sentence about the voter that did most, which leads to where it read', () => {
    const [most] = decidingMemory(chunk!, 1);
    const [, named] = memorySentence(chunk!, data.bits);
    expect(named).toEqual({ text: `${most!.voter} voter, which read line 2`, offset: 8 });
    const saw = sawText(most!.voter, most!.evidence, byteNames(data.bits, 4)[most!.byte]!);
    const sentence = plainText(memorySentence(chunk!, data.bits));
    expect(sentence).toMatch(
      /^With memory it took [\d.]+ bits; most was done by its .* without it [\d.]+ bits more\)\.$/,
    );
    expect(sentence).toContain(`(${saw}; `);
    const elsewhere = chunk!.evidence.map((evidence) => ({ ...evidence, last: null, line: null }));
    expect(memorySentence({ ...chunk!, evidence: elsewhere }, data.bits)[1]).toEqual({ text: `${most!.voter} voter` });
    const silent = { ...chunk!, effects: new Float32Array(chunk!.effects.length) };
    expect(plainText(memorySentence(silent, data.bits))).toMatch(/^With memory it took [\d.]+ bits\.$/);
  });

  it('say the surprise with memory, and what silencing changed', () => {
    expect(surpriseWithMemory({ memory: null, lesion: null })).toBeNull();
    expect(surpriseWithMemory(remembered(votes(3, 16), [], false))).toBe('…');
    const all = remembered(votes(3, 16));
    const before = all.memory!.chunk!.surprise.toFixed(2);
    expect(surpriseWithMemory(all)).toBe(`${before} bits`);
    expect(surpriseWithMemory(data)).toBe(`${before} → ${chunk!.surprise.toFixed(2)} bits`);
    // Trained voters that are changed count, too; a panel that was exported before cannot say what was.
    expect(
      surpriseWithMemory({ ...all, lesion: lesioned(votes(3, 16), [{ bit: 3, voter: 0, vote: null }]).lesion }),
    ).toBe(`${before} → ${before} bits`);
    const { unchangedSurprise, ...older } = chunk!;
    expect(unchangedSurprise).toBe(all.memory!.chunk!.surprise);
    expect(surpriseWithMemory({ ...data, memory: { ...data.memory!, chunk: older } })).toBe(
      `${chunk!.surprise.toFixed(2)} bits`,
    );
    expect(memoryChange(data, data)).toBeNull();
    expect(memoryChange(remembered(votes(3, 16)), data)).toContain('Memory, silenced: word. Surprise with memory ');
  });
});

it('are exported with the trained voters', () => {
  const { columns, rows } = votesTable(data);
  expect(columns.slice(-2)).toEqual(['p(1) with memory', 'saw']);
  expect(rows).toHaveLength(32 * 16 + 32 * (V + 1));
  for (const row of rows) expect(row).toHaveLength(columns.length);
  const word = rows.find((row) => row[0] === 9 && row[7] === 'memory: word')!;
  expect(word[12]).toBe('silenced');
  expect(word.at(-2)).toBe(chunk!.probabilities[9]);
  expect(word.at(-1)).toContain('; last on line 2');
});
