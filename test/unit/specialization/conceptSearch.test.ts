/** @file Concept search finds a planted voter, and finds nothing where there is nothing to find. */
import { describe, expect, it } from 'vitest';
import { regexMatches } from '../../../model/inspection/specialization/regexMatches';
import { conceptLabels } from '../../../model/inspection/specialization/concept';
import { isConceptError } from '../../../model/inspection/specialization/conceptError';
import { FALSE_DISCOVERY_RATE, rankVoters } from '../../../model/inspection/specialization/conceptSearch';
import type { EvaluatedChunks } from '../../../model/inspection/specialization/voteMatrix';
import type { Concept } from '../../../model/protocol/voterAnalyses';
import { Random } from '../../../model/text/random';
import { independentVotes, matrixOf, runLabels } from './synthetic';

describe('ranking voters', () => {
  it('puts a planted voter first, by AUROC and by information, and little else is found', async () => {
    const random = Random.fromSeed(1);
    const labels = runLabels(3000, 0.1, 3, random);
    const noise = independentVotes(128, 3000, 0.8, random);
    const planted = 77;
    for (let i = 0; i < 3000; i++) {
      const vote = labels[i] === 1 ? 150 + random.integer(60) : 100 + random.integer(70);
      noise.histograms[planted * 256 + noise.codes[planted * 3000 + i]!]!--;
      noise.codes[planted * 3000 + i] = vote;
      noise.histograms[planted * 256 + vote]!++;
    }
    const ranked = await rankVoters(noise, labels, { random });
    expect([...ranked.higher]).toEqual([planted]);
    expect([...ranked.informed]).toEqual([planted]);
    expect(ranked.auroc[planted]).toBeGreaterThan(0.9);
    expect(ranked.q[planted]).toBeLessThan(1e-6);
    expect(ranked.informationQ[planted]).toBeLessThan(1e-6);
    expect(ranked.medianInside[planted]).toBeGreaterThan(ranked.medianOutside[planted]!);
    expect([ranked.lower.length, ranked.isSmallSample]).toEqual([0, false]);
  });

  it('leaves an effect that only many chunks make significant uncounted, and names a small sample', async () => {
    const random = Random.fromSeed(3);
    const labels = runLabels(20_000, 0.3, 1, random);
    // A twentieth of a vote more where it is labelled: an AUROC of about 0.55.
    const matrix = matrixOf(8, 20_000, (_, column) => 0.9 * random.uniform() + (labels[column] === 1 ? 0.05 : 0));
    const ranked = await rankVoters(matrix, labels, { random });
    expect(Math.max(...ranked.q)).toBeLessThan(FALSE_DISCOVERY_RATE);
    expect(Math.max(...ranked.auroc)).toBeLessThan(0.6);
    expect([ranked.higher.length, ranked.lower.length, ranked.isSmallSample]).toEqual([0, 0, false]);
    const few = Uint8Array.from({ length: 1500 }, (_, column) => (column % 100 === 7 ? 1 : 0));
    const small = await rankVoters(
      matrixOf(8, 1500, () => random.uniform()),
      few,
      { random },
    );
    expect(small.isSmallSample).toBe(true);
  });

  it('finds a voter that stays low, and leaves one that never changes at ½ with p = 1', async () => {
    const random = Random.fromSeed(2);
    const labels = runLabels(1500, 0.2, 2, random);
    const matrix = matrixOf(32, 1500, (voter, column) => {
      if (voter === 4) return labels[column] === 1 ? 0.01 : 0.3 + 0.5 * random.uniform();
      return voter === 5 ? 0.25 : random.uniform();
    });
    const ranked = await rankVoters(matrix, labels, { random });
    expect([...ranked.lower]).toEqual([4]);
    expect(ranked.auroc[4]).toBeCloseTo(0, 6);
    expect(ranked.higher).toHaveLength(0);
    expect([ranked.auroc[5], ranked.p[5], ranked.informationP[5]]).toEqual([0.5, 1, 1]);
  });

  it('gives medians with the AUROC: higher there, where a few high votes elsewhere make the mean lower there', async () => {
    const random = Random.fromSeed(7);
    const labels = runLabels(3000, 0.2, 1, random);
    const matrix = matrixOf(8, 3000, (voter, column) => {
      if (voter !== 3) return random.uniform();
      if (labels[column] === 1) return 0.01 + 0.02 * random.uniform();
      return random.uniform() < 0.05 ? 0.99 : 0.001 + 0.01 * random.uniform();
    });
    const ranked = await rankVoters(matrix, labels, { random });
    expect([...ranked.higher]).toEqual([3]);
    expect(ranked.medianInside[3]).toBeCloseTo(0.02, 2);
    expect(ranked.medianOutside[3]).toBeCloseTo(0.006, 2);
    expect(ranked.medianInside[3]).toBeGreaterThan(2 * ranked.medianOutside[3]!);
    // Those of any other voter are in the middle.
    expect(ranked.medianInside[4]).toBeCloseTo(0.5, 1);
  });

  it('leaves information below 1 % of what there is to know uncounted', async () => {
    const random = Random.fromSeed(6);
    const labels = runLabels(20_000, 0.3, 1, random);
    // So much higher votes where it is labelled.
    const SHIFTS: Readonly<Record<number, number>> = { 7: 0.02, 8: 0.1 };
    const matrix = matrixOf(
      32,
      20_000,
      (voter, column) => 0.9 * random.uniform() + (labels[column] === 1 ? (SHIFTS[voter] ?? 0) : 0),
    );
    const ranked = await rankVoters(matrix, labels, { random });
    expect(ranked.informationQ[7]).toBeLessThan(FALSE_DISCOVERY_RATE);
    expect([...ranked.informed]).toEqual([8]);
  });

  it('finds no voter that never votes above ½, however well its low votes tell the label', async () => {
    const random = Random.fromSeed(5);
    const labels = runLabels(1500, 0.2, 2, random);
    const matrix = matrixOf(32, 1500, (voter, column) => {
      const inside = labels[column] === 1;
      if (voter === 3) return inside ? 0.1 + 0.3 * random.uniform() : 0.01;
      if (voter === 9) return inside ? 0.1 + 0.5 * random.uniform() : 0.01;
      return random.uniform();
    });
    const ranked = await rankVoters(matrix, labels, { random });
    expect([ranked.auroc[3], ranked.auroc[9]]).toEqual([1, 1]);
    expect([...ranked.higher]).toEqual([9]);
    expect([...ranked.informed]).toEqual([9]);
    expect(ranked.voting).toBe(31);
  });

  it('finds in both directions of what is labelled: the complement gives 1 − AUROC', async () => {
    const random = Random.fromSeed(9);
    const matrix = independentVotes(32, 1000, 0.5, random);
    const labels = runLabels(1000, 0.3, 2, random);
    const one = await rankVoters(matrix, labels, { random: Random.fromSeed(1) });
    const other = await rankVoters(
      matrix,
      labels.map((label) => 1 - label),
      { random: Random.fromSeed(1) },
    );
    for (let voter = 0; voter < 32; voter++) expect(other.auroc[voter]).toBeCloseTo(1 - one.auroc[voter]!, 6);
    expect(other.medianInside).toEqual(one.medianOutside);
  });

  // Votes that know nothing and labels in runs, both as much alike from chunk to chunk as text is.
  it.each([
    { memory: 0, run: 1, share: 0.1 },
    { memory: 0.8, run: 3, share: 0.1 },
    { memory: 0.9, run: 10, share: 0.4 },
  ])('finds nothing on shuffled labels: $memory, runs of $run, share $share', async ({ memory, run, share }) => {
    const seeds = 30;
    const voters = 64;
    let withFalseFinds = 0;
    let withFalseInformation = 0;
    let passed = 0;
    let low = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const random = Random.fromSeed(100 + seed);
      const matrix = independentVotes(voters, 2000, memory, random);
      const ranked = await rankVoters(matrix, runLabels(2000, share, run, random), { random });
      const found = ranked.q.filter((q) => q <= FALSE_DISCOVERY_RATE).length;
      if (found > 0) withFalseFinds++;
      if (ranked.informed.length > 0) withFalseInformation++;
      passed += found;
      low += ranked.p.filter((p) => p < 0.05).length;
    }
    expect(passed / (seeds * voters)).toBeLessThanOrEqual(0.05);
    // With nothing to find, a false discovery rate of 5 % is the probability of any find. Binomial(30, 0.05): P(> 5) = 0.3 %.
    expect(withFalseFinds).toBeLessThanOrEqual(5);
    expect(withFalseInformation).toBeLessThanOrEqual(5);
    // The p values themselves are right: 5 % of them are below 0.05, neither many more nor none.
    expect(low / (seeds * voters)).toBeLessThan(0.08);
    expect(low / (seeds * voters)).toBeGreaterThan(0.02);
  });

  it('sees that neighbours are alike, which a test that takes every chunk for independent does not', async () => {
    let naive = 0;
    let blocked = 0;
    const seeds = 12;
    for (let seed = 0; seed < seeds; seed++) {
      const random = Random.fromSeed(200 + seed);
      const matrix = independentVotes(64, 2000, 0.95, random);
      const labels = runLabels(2000, 0.4, 15, random);
      const ranked = await rankVoters(matrix, labels, { random });
      const ones = labels.reduce((sum, label) => sum + label, 0);
      const deviation = Math.sqrt(2001 / (12 * ones * (2000 - ones)));
      naive += [...ranked.auroc].filter((value) => Math.abs(value - 0.5) > 1.96 * deviation).length / (64 * seeds);
      blocked += ranked.p.filter((p) => p < 0.05).length / (64 * seeds);
    }
    expect(naive).toBeGreaterThan(0.3);
    expect(blocked).toBeLessThan(0.1);
  });

  it('gives the same p for the same seed, and stops when it is aborted', async () => {
    const random = Random.fromSeed(6);
    const matrix = independentVotes(32, 500, 0.5, random);
    const labels = runLabels(500, 0.3, 2, random);
    const again = () => rankVoters(matrix, labels, { random: Random.fromSeed(11) });
    expect((await again()).p).toEqual((await again()).p);
    const controller = new AbortController();
    controller.abort();
    await expect(rankVoters(matrix, labels, { random, signal: controller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});

function chunksOf(...texts: string[]): EvaluatedChunks {
  const sources = texts.map((text, i) => ({ name: `file${i}.ts`, bytes: new TextEncoder().encode(text) }));
  let column = 0;
  const runs = sources.map(({ bytes }, text) => {
    const count = Math.floor(bytes.length / 4);
    column += count;
    return { text, firstChunk: 0, column: column - count, count };
  });
  return { texts: sources, runs, count: column, totalChunks: column };
}

const regex = (pattern: string, place: 'overlaps' | 'begins', flags = ''): Concept => ({
  kind: 'regex',
  pattern,
  flags,
  place,
});

describe('labels of a concept', () => {
  it('of a regular expression: every chunk that a match touches, or the one it begins in', async () => {
    const chunks = chunksOf('aaaafoobarzz....', 'xxfoobar');
    expect([...(await conceptLabels(chunks, regex('foobar', 'overlaps')))]).toEqual([0, 1, 1, 0, 1, 1]);
    expect([...(await conceptLabels(chunks, regex('foobar', 'begins')))]).toEqual([0, 1, 0, 0, 1, 0]);
    expect([...(await conceptLabels(chunks, regex('FOO', 'begins', 'i')))]).toEqual([0, 1, 0, 0, 1, 0]);
  });

  it('counts bytes, not UTF-16 units', async () => {
    // 3 bytes, 4 bytes and 2 bytes before the match, which stands at byte 9.
    const chunks = chunksOf('€😀éMATCH...');
    expect([...(await conceptLabels(chunks, regex('M', 'begins', 'u')))]).toEqual([0, 0, 1, 0]);
  });

  it('of a selection: only in its text', async () => {
    const chunks = chunksOf('0123456789ab', '0123456789ab');
    const concept: Concept = {
      kind: 'selection',
      ranges: [{ name: 'file1.ts', start: 3, end: 5 }],
      place: 'overlaps',
    };
    expect([...(await conceptLabels(chunks, concept))]).toEqual([0, 0, 0, 1, 1, 0]);
  });

  it('of a context', async () => {
    const chunks = chunksOf('abc 123 (x) ');
    expect([...(await conceptLabels(chunks, { kind: 'context', dimension: 'character', name: 'digit' }))]).toEqual([
      0, 1, 0,
    ]);
  });

  it.each([
    [regex('(', 'overlaps'), /^The regular expression is not valid: .+\.$/],
    [regex('a', 'overlaps', 'y'), /^The flags of the regular expression are "y", expected .+\.$/],
    [regex('q', 'overlaps'), /^The concept is met in none of the 3 chunks/],
    [regex('[^]', 'overlaps'), /^The concept is met in every one of the 3 chunks/],
    [{ kind: 'context', dimension: 'character', name: 'emoji' } satisfies Concept, /"emoji" is not a class/],
    [
      { kind: 'selection', ranges: [{ name: 'file0.ts', start: 4, end: 4 }], place: 'begins' } satisfies Concept,
      /holds no byte/,
    ],
  ])('are refused in one sentence: %o', async (concept, message) => {
    const chunks = chunksOf('abcd1234abcd');
    const caught: unknown = await conceptLabels(chunks, concept).catch((error: unknown) => error);
    if (!isConceptError(caught)) expect.fail(`expected a concept error, got ${String(caught)}`);
    expect(caught.message).toMatch(message);
    expect(caught.message).not.toContain('\n');
  });

  const slow = '(a+)+b';
  const many = Array.from({ length: 40 }, (_, i) => ({
    name: `${i}.ts`,
    bytes: new TextEncoder().encode('a'.repeat(60)),
  }));

  it('end with one limit over all texts, and say in which', async () => {
    const start = performance.now();
    const error: unknown = await regexMatches(many, slow, '', { limit: 300 }).catch((reason: unknown) => reason);
    if (!isConceptError(error)) expect.fail(`expected a concept error, got ${String(error)}`);
    expect(error.message).toMatch(/^The regular expression took over 0.3 seconds, and was ended in 0\.ts; write it so/);
    expect(performance.now() - start).toBeGreaterThan(290);
    expect(performance.now() - start).toBeLessThan(5000);
    // One that ends passes whatever limit each text had of its own: the time is that of all.
    expect((await regexMatches(many, 'a{60}', '')).map((ranges) => ranges.length)).toEqual(many.map(() => 1));
  });

  it('name the text in which there is no room left to backtrack, and say what to do', async () => {
    const texts = ['ac', 'a'.repeat(20_000_000), 'ac'].map((text, i) => ({
      name: `${i}.ts`,
      bytes: new TextEncoder().encode(text),
    }));
    const error: unknown = await regexMatches(texts, '(?:a|b)*c', '').catch((reason: unknown) => reason);
    if (!isConceptError(error)) expect.fail(`expected a concept error, got ${String(error)}`);
    expect(error.message).toMatch(/^The regular expression cannot be matched in 1\.ts \(.*call stack.*\); write it so/);
    expect(error.message.length).toBeLessThan(300);
  });

  it('end a pattern that backtracks for ever, where no limit is given', async () => {
    const start = performance.now();
    const labels = conceptLabels(chunksOf('a'.repeat(60)), regex(slow, 'overlaps'));
    await expect(labels).rejects.toThrow(/backtracks less/);
    expect(performance.now() - start).toBeLessThan(20_000);
  }, 30_000);

  it('give way while a pattern backtracks, and end at once when they are cancelled', async () => {
    const controller = new AbortController();
    let turns = 0;
    const giveWay = () => {
      if (++turns === 20) controller.abort();
      return Promise.resolve();
    };
    const start = performance.now();
    const matching = regexMatches(many, slow, '', { signal: controller.signal, giveWay });
    await expect(matching).rejects.toMatchObject({ name: 'AbortError' });
    expect(turns).toBe(20);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
