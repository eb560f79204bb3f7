/** @file What the hover says, and that text from a document is shown and never obeyed. */
import { describe, expect, test } from 'vitest';
import { voterNames } from '../../../model/measures/voterName';
import { bitsPicture, bitsPictureUri } from '../../../extension/editor/bitsPicture';
import { HOVER_COMMANDS, hoverMarkdown } from '../../../extension/editor/hoverContent';
import { codeSpan, escapeMarkdown } from '../../../extension/editor/markdown';
import {
  countMistakes,
  decidingVoters,
  decidingVotersOfBit,
  failedVoters,
  isMistake,
  otherMistakesText,
} from '../../../model/measures/decidingVoters';
import { MEMORY_VOTERS } from '../../../model/measures/memoryVoters';
import type { ChunkInspection } from '../../../model/protocol/inspection';
import type { MemoryChunk, MemoryEvidence } from '../../../model/protocol/memory';
import type { ModelSummary } from '../../../model/protocol/models';
import type { MemoryOfChunk } from '../../../model/protocol/panels/votes';
import { inspection, model, VOTERS } from './inspection';

/** The 1s of bits 9 and 30 are guessed wrong, too. Voters 3 of bits 31 and 30 cost most, and are of one byte. */
const failed = (() => {
  const base = inspection();
  const probabilities = base.probabilities.slice();
  probabilities[9] = 0.4;
  const votes = base.votes.slice();
  const weights = base.weights.slice();
  votes.set([0.9, 0.4, 0.98, 0.9], 9 * VOTERS);
  weights.set([0.01, 0.28, 0.7, 0.01], 9 * VOTERS);
  votes[31 * VOTERS + 3] = 0;
  probabilities[30] = 1 - base.bits[30]!;
  const effects = base.effects.slice();
  effects.set([0.1, -0.4, 0.6, 0.02], 9 * VOTERS);
  effects[31 * VOTERS + 3] = -1.25;
  effects[30 * VOTERS + 3] = -0.9;
  effects[2 * VOTERS + 1] = 2.5;
  return inspection({ probabilities, votes, weights, effects });
})();

/** What stands in the hover below one another; a rule is no line. */
const linesOf = (markdown: string): string[] => markdown.split(/ {2}\n|\n\n---\n\n/);

describe('codeSpan', () => {
  test.each([
    ['plain', '`plain`'],
    ['', ''],
    ['a`b', '``a`b``'],
    ['``', '``` `` ```'],
    ['`x', '`` `x ``'],
    ['  ', '`␣␣`'],
    [' a ', '`␣a␣`'],
    ['a\nb', '`a↵b`'],
    ['a\r\nb', '`a↤↵b`'],
    ['a\u2028b', '`a\\u2028b`'],
    ['a\u202eb', '`a\\u202Eb`'],
    ['[x](command:evil)', '`[x](command:evil)`'],
  ])('%j becomes %j', (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });

  test('no run of backticks inside is as long as the fence', () => {
    for (const text of ['`', '``', '`` ` ```', 'a````b``', '```\n```']) {
      const span = codeSpan(text);
      const fence = /^`+/.exec(span)![0];
      const inside = span.slice(fence.length, -fence.length);
      expect(span.endsWith(fence)).toBe(true);
      for (const [run] of inside.matchAll(/`+/g)) expect(run.length).toBeLessThan(fence.length);
    }
  });
});

test('escapeMarkdown leaves no markup', () => {
  expect(escapeMarkdown('a_b')).toBe('a\\_b');
  expect(escapeMarkdown('[x](command:y)')).toBe('\\[x\\]\\(command\\:y\\)');
  expect(escapeMarkdown('<img src=x>\n# t')).toBe('\\<img src=x\\> \\# t');
});

describe('hoverMarkdown', () => {
  const markdown = hoverMarkdown(inspection(), model, {}, null, null);

  test('says in one sentence what was expected, what this text took and what was wrong, above the figures', () => {
    const other = { ...inspection().alternatives[0]!, text: 'al\n', probability: 0.32 };
    const [own] = inspection().alternatives;
    const third = { ...other, text: '\ufffd', probability: 0.1, validUtf8: false };
    const sentence = (...alternatives: ChunkInspection['alternatives']) =>
      hoverMarkdown(inspection({ alternatives }), model, {}, null, null).split('  \n')[1];
    const rest = '4.2 %: **surprise 4.57 bits** · 1 of 32 bits wrong';
    expect(sentence(own!)).toBe(`The model expected this text, ${rest}`);
    expect(sentence()).toBe(`The model gave this text ${rest}`);
    expect(sentence(other, own!)).toBe(`The model expected \`al↵\` 32 % and gave this text ${rest}`);
    // Bits that hear each other may be wrong in the chunk that is the likeliest.
    const chained: ModelSummary = { ...model, config: { ...model.config, bit_decoding: 'chained' } };
    expect(hoverMarkdown(inspection(), chained, {}, null, null)).toContain('bits wrong given those before');
    const { bits } = inspection();
    const right = hoverMarkdown(inspection({ probabilities: Float32Array.from(bits) }), model, {}, null, null);
    expect(right.split('  \n')[1]).toContain(' · no bit wrong');
    const [said, figures] = hoverMarkdown(
      inspection({ alternatives: [other, own!, third] }),
      model,
      {},
      null,
      null,
    ).split('\n\n---\n\n');
    expect(said).toContain('![Probability');
    expect(said).not.toContain('effective');
    // What the sentence names is not named again.
    expect(linesOf(figures!)[0]).toBe('Next most probable: `\ufffd` 10 % (not UTF-8)');
  });

  test('shows chunk, neighbours, effective voters and who decided', () => {
    expect(markdown).toContain('`fun` **`ctio`** `n ma` · bytes 4–7');
    const cut = inspection({ before: '\\xA4\\xF0\\x9F\\x8F', after: '\\xA0 \\u200D\\x2A' });
    expect(hoverMarkdown(cut, model, {}, null, null)).toContain('`\\x9F\\x8F` **`ctio`** `\\xA0␣` ·');
    expect(markdown).toContain('Effective voters of 4: 1.2 for 1-bits, 3.9 for 0-bits · starter');
    expect(hoverMarkdown(failed, model, {}, null, null)).toContain(
      'Who decided (bit/voter), and bits of surprise without it: 2/1 voted 0.25, +2.5 · 9/2 voted 0.98, +0.6',
    );
    expect(markdown).toContain('starter 0123456789ab');
  });

  test('names voters: the user’s name first, the automatic one marked, and no markup of either', () => {
    const names = voterNames({
      notes: [{ bit: 31, voter: 3, name: '[x](command:y)', note: '', updated: '2026-11-24T15:30:00Z' }],
      automatic: [
        { bit: 31, voter: 3, name: 'before a vowel' },
        { bit: 9, voter: 1, name: 'after “(”' },
      ],
    });
    expect(hoverMarkdown(failed, model, names, null, null)).toContain(
      ' · who failed: 31/3 \\[x\\]\\(command\\:y\\) −1.25 · 9/1 after “\\(” \\(automatic\\) −0.4',
    );
  });

  test('begins with a link to the voters that failed, where a bit is wrong', () => {
    expect(hoverMarkdown(failed, model, {}, null, null).split('\n')[0]).toMatch(
      / · \[Show Who Failed\]\(command:smuggler\.openVotes\?[^)]*\) · \[Sparsity Heatmap\]/,
    );
    expect(hoverMarkdown(failed, model, {}, null, null)).toContain(' · who failed: 31/3 −1.25 · 9/1 −0.4');
    expect(linesOf(hoverMarkdown(failed, model, {}, null, null))).toContainEqual(
      expect.stringMatching(/ · 9\/1 −0\.4 · 1 more wrong bit: another voter failed$/),
    );
    expect(linesOf(markdown)).toContainEqual(
      expect.stringMatching(/^No voter alone decided.* · 1 wrong bit: nobody voted for the 1$/),
    );
    // Of this one a bit is wrong, which no voter alone decided.
    expect(markdown).not.toContain('Show Who Failed');
    const { bits } = inspection();
    const right = inspection({ probabilities: Float32Array.from(bits) });
    expect(hoverMarkdown(right, model, {}, null, null)).not.toContain('Show Who Failed');
    expect(failedVoters(right, VOTERS, 3)).toEqual([]);
  });

  test('while voters are changed, says what they make of the chunk, and that the rest is of all voters', () => {
    const chunk = inspection();
    const changes = [{ bit: 31, voter: 0, vote: null }];
    const probabilities = Float32Array.from(chunk.bits);
    const mostProbable = { ...chunk.alternatives[0]!, probability: 0.5 };
    const changed = { changes, after: { surprise: 2.07, probabilities, mostProbable } };
    const lines = linesOf(hoverMarkdown(chunk, model, {}, changed, null));
    expect(lines.length).toBeLessThanOrEqual(7);
    expect(lines[1]).toBe(
      '**With 1 voter silenced**: surprise 4.57 → 2.07 bits · 1 → 0 bits wrong · expects `ctio` 50 % · below: all voters vote',
    );
  });

  describe('with memory', () => {
    const V = MEMORY_VOTERS.length;
    const chunk: MemoryChunk = {
      checkpoint: '0123456789ab',
      index: 1,
      offset: 4,
      length: 4,
      probabilities: new Float32Array(32).fill(0.75),
      trainedProbabilities: inspection().probabilities,
      votes: new Float32Array(32 * V).fill(0.5),
      weights: new Float32Array(32 * (V + 1)).fill(0.2),
      effects: new Float32Array(32 * (V + 1)),
      evidence: Array.from({ length: 4 * V }, () => ({ times: 0, same: 0, last: null, line: null, length: 1 })),
      surprise: 0.42,
      unchangedSurprise: 0.3,
      trainedSurprise: 4.5678,
      milliseconds: 1,
    };
    // Order 5 at the second byte, 't', and the match against it at the fourth.
    const [order5, match] = [MEMORY_VOTERS.indexOf('order 5'), MEMORY_VOTERS.indexOf('match')];
    chunk.effects[12 * (V + 1) + order5] = 1.25;
    chunk.effects[30 * (V + 1) + match] = -0.5;
    const evidence = chunk.evidence as MemoryEvidence[];
    evidence[V + order5] = { times: 7, same: 6, last: 90, line: 11, length: 5 };
    evidence[3 * V + match] = { times: 1, same: 0, last: 80, line: 10, length: 13 };
    const memory = (change: Partial<MemoryOfChunk> = {}): MemoryOfChunk => ({
      reading: { scope: 'document', progress: { bytes: 43, total: 100 } },
      silenced: [],
      chunk,
      ...change,
    });

    test('says both numbers, and what the memory voters that did most had seen', () => {
      const [likeliest] = failed.alternatives;
      const alternatives = [likeliest!, { ...likeliest!, text: 'cent' }];
      const full = linesOf(hoverMarkdown({ ...failed, alternatives }, model, {}, null, memory()));
      expect(full.map((line) => line.split(/[\s:]/)[0])).toEqual([
        '`fun`',
        'The',
        '![Probability',
        'Next',
        'Who',
        'Memory’s',
        'Effective',
      ]);
      const shown = hoverMarkdown(inspection(), model, {}, null, memory());
      expect(linesOf(shown).length).toBeLessThanOrEqual(7);
      expect(shown).toContain('without memory: **surprise 4.57 bits, 0.42 with memory** · 1 of 32 bits');
      const plain = shown.replaceAll(/\\(.)/g, '$1');
      expect(plain).toContain('order 5 +1.25 (7 times, 6 × “t”, last on [line 12](command:smuggler.openVotes?');
      expect(plain).toContain('match −0.5 (13 bytes alike, then not “o”, last on [line 11](');
      expect(shown).toContain(encodeURIComponent('[{"offset":90}]'));
      const picture = Buffer.from(/base64,([^|]+)/.exec(shown)![1]!, 'base64').toString();
      expect(picture.match(/#b565b0/g)).toHaveLength(32);
    });

    test('tells of silenced memory voters, and with changed voters both numbers are of those', () => {
      const silenced: MemoryOfChunk['silenced'] = ['word'];
      expect(hoverMarkdown(inspection(), model, {}, null, memory({ silenced }))).toContain(
        ', 0.3 → 0.42 with memory (1 memory voter silenced)**',
      );
      const probabilities = Float32Array.from(inspection().bits);
      const after = { surprise: 2.07, probabilities, mostProbable: inspection().alternatives[0]! };
      const changed = { changes: [{ bit: 31, voter: 0, vote: null }], after };
      const shown = hoverMarkdown(inspection(), model, {}, changed, memory());
      expect(linesOf(shown).length).toBeLessThanOrEqual(7);
      expect(shown).toContain('surprise 4.57 → 2.07 bits, 0.3 → 0.42 with memory · ');
      // The rest is of all voters.
      expect(shown).toContain('**surprise 4.57 bits, 0.3 with memory** · 1 of');
    });

    test('says how far the document is read where that is not this chunk', () => {
      const shown = (reading: MemoryOfChunk['reading']) =>
        hoverMarkdown(inspection(), model, {}, null, memory({ chunk: null, reading })).replaceAll(/\\(.)/g, '$1');
      expect(shown(memory().reading)).toContain('Memory reads the document: 43 %.');
      expect(shown({ scope: 'document', progress: null })).toContain('Memory has not read this document yet.');
      expect(shown({ scope: 'document', progress: { bytes: 5, total: 5 } })).toContain('the first megabyte');
    });
  });

  test('links run the two commands that are allowed, and name the chunk', () => {
    const links = [...hoverMarkdown(failed, model, {}, null, null).matchAll(/\(command:([\w.]+)\?([^)]*)\)/g)];
    expect(links.map(([, command]) => command)).toEqual(HOVER_COMMANDS);
    for (const [, , argument] of links) expect(JSON.parse(decodeURIComponent(argument!))).toEqual([{ offset: 4 }]);
  });

  test('text from the document makes no link, picture or line', () => {
    const evil = '`\n\n[x](command:evil)\n![y](http://example.com/z)';
    const shown = hoverMarkdown(
      inspection({ text: evil, before: evil, after: evil }),
      { ...model, name: evil },
      {},
      null,
      null,
    );
    expect(shown.split('\n').length).toBe(markdown.split('\n').length);
    const outside = shown.replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, '');
    expect(outside).not.toContain('command:evil');
    expect(outside).not.toMatch(/!\[y\]\(http/);
  });

  test('says nothing of what there is not: no alternatives, no 1-bits, a dense head', () => {
    const shown = hoverMarkdown(
      inspection({ alternatives: [], sparsity: { ...inspection().sparsity, ones: null } }),
      { ...model, votersPerBit: 1 },
      {},
      null,
      null,
    );
    expect(shown).not.toContain('expected');
    expect(shown).not.toContain('1-bits');
    expect(shown).not.toContain('Strongest');
  });

  test('an alternative that is no UTF-8 is marked', () => {
    const alternative = {
      bytes: Uint8Array.of(0xff),
      text: '\\xFF',
      validUtf8: false,
      probability: 0.0001,
      flippedBits: Uint8Array.of(0),
    };
    expect(hoverMarkdown(inspection({ alternatives: [alternative] }), model, {}, null, null)).toContain(
      'under 0.1 % (not UTF-8)',
    );
  });
});

test('failedVoters are those that cost most: of each wrong byte first one, one per wrong bit', () => {
  const ranked = failedVoters(failed, VOTERS, 3);
  expect(ranked.map(({ bit, voter }) => `${bit}/${voter}`)).toEqual(['31/3', '9/1', '30/3']);
  expect(ranked.map(({ effect }) => effect)).toEqual([-1.25, expect.closeTo(-0.4), expect.closeTo(-0.9)]);
  expect(ranked[1]!.vote).toBeCloseTo(0.4);
  expect(ranked[1]!.weight).toBeCloseTo(0.28);
  expect(failedVoters(failed, VOTERS, 1)).toEqual(ranked.slice(0, 1));
  // A hundredth of a bit is no failure of anybody.
  const little = { ...failed, effects: failed.effects.map((effect) => 0.01 * effect) };
  expect(failedVoters(little, VOTERS, 3).map(({ bit, voter }) => `${bit}/${voter}`)).toEqual([]);
});

describe('otherMistakesText says of wrong bits whose voters are not named', () => {
  const said = (chunk: ChunkInspection, limit: number): string =>
    otherMistakesText(chunk, VOTERS, failedVoters(chunk, VOTERS, limit));

  test('that the list is cut, and nothing where each has its voter', () => {
    expect(said(failed, 3)).toBe('');
    expect(said(failed, 2)).toBe('1 more wrong bit: another voter failed');
    expect(said(failed, 1)).toBe('2 more wrong bits: other voters failed');
  });

  test('that nobody voted for the 1, as long as no vote is above ½', () => {
    const effects = failed.effects.slice();
    effects.fill(0, 9 * VOTERS);
    const votes = failed.votes.slice();
    votes.fill(0.5, 9 * VOTERS);
    const unvoted = { ...failed, effects, votes };
    expect([9, 30, 31].map((bit) => failed.bits[bit])).toEqual([1, 1, 1]);
    expect(said(unvoted, 3)).toBe('3 wrong bits: nobody voted for the 1');
    votes[31 * VOTERS + 1] = 0.51;
    expect(said(unvoted, 3)).toBe('3 wrong bits: at 2 nobody voted for the 1, at 1 no voter alone cost 0.05 bits');
    effects[9 * VOTERS] = -1;
    expect(said(unvoted, 3)).toBe('2 more wrong bits: at 1 nobody voted for the 1, at 1 no voter alone cost 0.05 bits');
  });

  test('never that nobody voted where the bit is a 0', () => {
    const bits = failed.bits.map((bit) => 1 - bit);
    const probabilities = failed.probabilities.map((p, bit) => (bit === 9 ? 0.6 : 1 - p));
    const zeros = { ...failed, bits, probabilities, effects: new Float32Array(32 * VOTERS) };
    expect(said(zeros, 3)).toBe('3 wrong bits: no voter alone cost 0.05 bits');
  });

  test('nothing where no bit is wrong, or bits have one voter', () => {
    expect(said(inspection({ probabilities: Float32Array.from(failed.bits) }), 3)).toBe('');
    expect(otherMistakesText(failed, 1, [])).toBe('');
  });
});

test('decidingVoters are those without whom it gets worse: nobody that failed, or did next to nothing, or in padding', () => {
  const named = (voters: readonly { readonly bit: number; readonly voter: number }[]): string[] =>
    voters.map(({ bit, voter }) => `${bit}/${voter}`);
  expect(named(decidingVoters(failed, VOTERS, 4))).toEqual(['2/1', '9/2']);
  expect(named(decidingVotersOfBit(failed, VOTERS, 9, 3))).toEqual(['9/2', '9/1', '9/0']);
  const scored = new Uint8Array(32).fill(1, 3);
  expect(named(decidingVoters({ ...failed, scored }, VOTERS, 1))).toEqual(['9/2']);
  const little = { ...failed, effects: failed.effects.map((effect) => 0.01 * effect) };
  expect(decidingVoters(little, VOTERS, 4)).toEqual([]);
  expect(hoverMarkdown({ ...inspection(), effects: little.effects }, model, {}, null, null)).toContain(
    'No voter alone decided: without any one of them less than 0.05 bits more surprise',
  );
  expect(decidingVotersOfBit({ ...failed, scored }, VOTERS, 2, 3)).toEqual([]);
});

describe('bitsPicture', () => {
  test('counts the bits whose more probable value is wrong, and only real text', () => {
    const data = inspection();
    expect(countMistakes(data)).toBe(1);
    expect(isMistake(data, 31)).toBe(true);
    expect(isMistake(data, 30)).toBe(false);
    const scored = new Uint8Array(32).fill(1);
    scored[31] = 0;
    expect(countMistakes(inspection({ scored }))).toBe(0);
    // Without voters nothing is decided, as in the votes view.
    expect(countMistakes(inspection({ probabilities: new Float32Array(32).fill(NaN) }))).toBe(0);
  });

  test('draws a bar per bit of text, as high as its probability, and rings the mistakes', () => {
    const picture = bitsPicture(inspection());
    expect(picture.match(/<rect /g)).toHaveLength(32);
    expect(picture.match(/stroke="#d9730d"/g)).toHaveLength(1);
    const heights = [...picture.matchAll(/<rect [^>]*height="([\d.]+)"/g)].map(([, height]) => Number(height));
    // 'c' is 01100011.
    expect(heights[1]! / heights[0]!).toBeCloseTo(9, 0);
    const half = new Uint8Array(32).fill(1).fill(0, 16);
    expect(bitsPicture(inspection({ scored: half })).match(/<rect /g)).toHaveLength(16);
  });

  test('is an address that holds the picture itself', () => {
    const uri = bitsPictureUri(inspection());
    expect(uri).toMatch(/^data:image\/svg\+xml;base64,[A-Za-z0-9+/]+=*$/);
    expect(Buffer.from(uri.split(',')[1]!, 'base64').toString()).toBe(bitsPicture(inspection()));
  });
});
