/** @file Voters silenced and held: the closed forms against recomputation, and what a request for them answers. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunkCode } from '../../../model/inspection/chunkSearch';
import { voterEffects } from '../../../model/inspection/effects';
import { Inspector } from '../../../model/inspection/inspector';
import { changedAggregate, ChangedHead, isVoterChangeError, NO_VOTERS } from '../../../model/inspection/lesions';
import { aggregateBit, sigmoid } from '../../../model/network/aggregation';
import type { Aggregation } from '../../../model/network/aggregations';
import type { VoterHead } from '../../../model/network/voterHead';
import { Random } from '../../../model/text/random';
import { GOLDEN_CASES } from '../../golden/golden';
import { largestDifference, loadGolden } from './goldenModel';
import { randomModel } from './randomModel';

const AGGREGATIONS = ['softmax', 'confidence', 'mean', 'max'] as const;
const CHUNKS = 100;

const text = (length: number) =>
  Uint8Array.from({ length }, (_, i) => 'const größe = [1, 2];\nlet on = true;\n'.repeat(100).charCodeAt(i) & 255);

/** ln p and ln(1 − p) of the voters that are left, each step as SPEC section 4 has it, without any shortcut. */
function bruteForce(head: VoterHead, z: ArrayLike<number>, bit: number, silenced: ReadonlySet<number>) {
  const left = Array.from(z).filter((_, voter) => !silenced.has(voter));
  return aggregateBit(left, 0, left.length, head.aggregation, head.temperatures[bit]!);
}

/** Compares every single-voter effect, and sets of voters of a random bit, with brute force at positions of random hidden vectors. */
function compare(model: { head: VoterHead; config: { embedding_dim: number } }, sets: number) {
  const { head } = model;
  const M = head.votersPerBit;
  const random = Random.fromSeed(7);
  let worst = 0;
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const hidden = Float32Array.from({ length: 4 * model.config.embedding_dim }, () => random.normal());
    const inputs = Uint8Array.from({ length: 16 }, () => random.integer(256));
    const scores = head.at({ hidden, inputs }, 3);
    const code = random.integer(2 ** 32);
    const effects = voterEffects(head, scores, code, 32);
    for (let bit = 0; bit < 32; bit++) {
      const z = Float64Array.from(head.bitScores(scores, bit, code));
      const key = ((code >>> (31 - bit)) & 1) === 1 ? 'logProbability' : 'logComplement';
      const whole = bruteForce(head, z, bit, new Set());
      for (let voter = 0; voter < M; voter++) {
        const without = M === 1 ? NO_VOTERS : bruteForce(head, z, bit, new Set([voter]));
        const expected = (whole[key] - without[key]) / Math.LN2;
        worst = Math.max(
          worst,
          Math.abs(effects.surprise[bit * M + voter]! - expected) / Math.max(1, Math.abs(expected)),
        );
        const change = without.probability - whole.probability;
        if (M > 1) worst = Math.max(worst, Math.abs(effects.probability[bit * M + voter]! - change));
      }
    }
    for (let set = 0; set < sets; set++) {
      const bit = random.integer(32);
      const share = random.uniform();
      const silenced = new Set(Array.from({ length: M }, (_, voter) => voter).filter(() => random.uniform() < share));
      if (silenced.size === M) continue;
      const z = Float64Array.from(head.bitScores(scores, bit, code));
      const changes = Array.from(silenced, (voter) => ({ voter, vote: null }));
      const found = changedAggregate(z, head.aggregation, head.temperatures[bit]!, changes);
      const expected = bruteForce(head, z, bit, silenced);
      for (const key of ['probability', 'logProbability', 'logComplement'] as const) {
        worst = Math.max(worst, Math.abs(found[key] - expected[key]) / Math.max(1, Math.abs(expected[key])));
      }
    }
  }
  return worst;
}

describe.each(AGGREGATIONS)('a random model with %s', (aggregation) => {
  it.each([
    [{ bit_decoding: 'independent' }, 60, 3],
    [{ bit_decoding: 'chained' }, 6, 0.4],
    [{ bit_decoding: 'chained', byte_channels: 10 }, 6, 0.4],
  ] as const)(
    'with %j: every effect and 100 random sets on 100 chunks are those of brute force',
    async (bits, temperature, headScale) => {
      const model = await randomModel({ aggregation, ...bits, temperature, headScale, voters_per_bit: 16 });
      expect(compare(model, 100)).toBeLessThan(1e-6);
      await model.inference.dispose();
    },
    60_000,
  );
});

describe('a model of the default size', () => {
  it('has the 4,096 effects of brute force', async () => {
    const model = await randomModel({
      embedding_dim: 64,
      voters_per_bit: 128,
      temperature: null,
      bit_decoding: 'chained',
    });
    const scores = model.head.at({ hidden: new Float32Array(64).fill(0.3), inputs: new Uint8Array(4) }, 0);
    const code = 0x66756e63;
    const effects = voterEffects(model.head, scores, code, 32);
    let worst = 0;
    for (let bit = 0; bit < 32; bit++) {
      const z = Float64Array.from(model.head.bitScores(scores, bit, code));
      const key = ((code >>> (31 - bit)) & 1) === 1 ? 'logProbability' : 'logComplement';
      const whole = bruteForce(model.head, z, bit, new Set());
      for (let voter = 0; voter < 128; voter++) {
        const change = (whole[key] - bruteForce(model.head, z, bit, new Set([voter]))[key]) / Math.LN2;
        worst = Math.max(worst, Math.abs(effects.surprise[bit * 128 + voter]! - change));
      }
    }
    expect(worst).toBeLessThan(1e-6);
    await model.inference.dispose();
  });
});

describe.each(GOLDEN_CASES)('the golden model %s', (name) => {
  it('has the effects of brute force', async () => {
    const model = await loadGolden(name);
    expect(compare(model, 20)).toBeLessThan(1e-6);
    await model.inference.dispose();
  });
});

describe('scores at the extremes', () => {
  it.each(AGGREGATIONS)('stay exact with %s', (aggregation: Aggregation) => {
    for (const tau of [0, 6.4, 1000]) {
      for (const z of [
        [700, 650, 640],
        [-700, -650, 2],
        [40, 40, 40],
        [-2000, 2000, 0],
        [30, 30.0001, -30],
      ]) {
        for (const silenced of [[0], [1], [2], [0, 1], [1, 2]]) {
          const left = z.filter((_, voter) => !silenced.includes(voter));
          const expected = aggregateBit(left, 0, left.length, aggregation, tau);
          const changes = silenced.map((voter) => ({ voter, vote: null }));
          const found = changedAggregate(Float64Array.from(z), aggregation, tau, changes);
          for (const key of ['logProbability', 'logComplement'] as const) {
            const scale = Math.max(1, Math.abs(expected[key]));
            expect(Math.abs(found[key] - expected[key]) / scale, [tau, z, silenced, key].join(' ')).toBeLessThan(1e-8);
          }
        }
      }
    }
  });
});

describe('a vote that is held', () => {
  it.each(AGGREGATIONS)('is what the others are weighed with, with %s', (aggregation) => {
    const z = Float64Array.of(-1, 0.5, 2, 3);
    const tau = 4;
    const found = changedAggregate(z, aggregation, tau, [
      { voter: 1, vote: 0.9 },
      { voter: 3, vote: null },
    ]);
    const votes = [sigmoid(-1), 0.9, sigmoid(2)];
    const strength = { softmax: (v: number) => v, confidence: (v: number) => Math.max(v, 1 - v), mean: () => 0 };
    const w =
      aggregation === 'max'
        ? votes.map((v) => (v === Math.max(...votes) ? 1 : 0))
        : votes.map((v) => Math.exp(tau * strength[aggregation](v)));
    const p = votes.reduce((sum, v, i) => sum + w[i]! * v, 0) / w.reduce((sum, value) => sum + value, 0);
    expect(found.probability).toBeCloseTo(p, 12);
    expect(found.logProbability).toBeCloseTo(Math.log(p), 12);
    expect(found.logComplement).toBeCloseTo(Math.log(1 - p), 11);
  });

  it('of exactly 0 or 1 makes the opposite impossible where it is alone', () => {
    const z = Float64Array.of(1, 2);
    const zero = { voter: 0, vote: 0 };
    const alone = changedAggregate(z, 'softmax', 6.4, [zero, { voter: 1, vote: null }]);
    expect(alone).toEqual({ probability: 0, logProbability: -Infinity, logComplement: 0 });
    const one = changedAggregate(z, 'max', 6.4, [{ voter: 1, vote: 1 }]);
    expect(one).toEqual({ probability: 1, logProbability: 0, logComplement: -Infinity });
    const together = changedAggregate(z, 'mean', 6.4, [zero]);
    expect(together.probability).toBeCloseTo(sigmoid(2) / 2, 12);
  });
});

describe('a head with changes', () => {
  let model: Awaited<ReturnType<typeof randomModel>>;
  beforeAll(async () => {
    model = await randomModel({ bit_decoding: 'chained', headScale: 0.3 });
  });
  afterAll(() => model.inference.dispose());

  it('refuses what is no bit, no voter and no vote in one sentence', () => {
    for (const change of [
      { bit: 32, voter: 0, vote: null },
      { bit: 0, voter: 24, vote: null },
      { bit: 0, voter: -1, vote: 0.5 },
      { bit: 0, voter: 0, vote: 1.5 },
      { bit: 0, voter: 0, vote: NaN },
    ]) {
      let error: unknown;
      try {
        new ChangedHead(model.head, [change]);
      } catch (caught) {
        error = caught;
      }
      if (!isVoterChangeError(error)) expect.fail('expected a VoterChangeError');
      expect(error.message).toMatch(/^[^\n]+\.$/);
    }
  });

  it('answers for a chunk before and after, and decodes on with the changes in force', async () => {
    const document = { uri: 'a', version: 2, bytes: text(202) };
    const inspector = new Inspector(model);
    const chunk = await inspector.inspectChunk(document, 101, 1);
    const code = chunkCode(document.bytes, 100);
    const none = await inspector.lesion(document, { offset: 101, changes: [], continuation: 24 });
    expect(none).toMatchObject({ index: 25, offset: 100, length: 4, bitsWithoutVoters: [] });
    expect(none.after).toEqual(none.before);
    expect(largestDifference(none.before.probabilities, chunk.probabilities)).toBeLessThan(1e-6);
    expect(none.before.surprise).toBeCloseTo(chunk.surprise, 9);
    expect(none.before.mostProbable).toEqual(chunk.alternatives[0]);
    expect(none.before.continuation.length).toBeGreaterThan(5);

    // One voter: its effect is the one that the inspection lists.
    for (const [bit, voter] of [
      [3, 5],
      [17, 23],
      [31, 0],
    ] as const) {
      const changes = [{ bit, voter, vote: null }];
      const { before, after } = await inspector.lesion(document, { offset: 101, changes, continuation: 0 });
      expect(after.surprise - before.surprise).toBeCloseTo(chunk.effects[bit * 24 + voter]!, 5);
      expect(after.continuation).toBe('');
      before.probabilities.forEach((p, b) => {
        if (b === bit) expect(after.probabilities[b]).not.toBe(p);
        else expect(after.probabilities[b]).toBe(p);
      });
    }

    // All voters of a bit held at its opposite in every chunk: no continuation has that bit any more.
    const bit = 26;
    const hold = (vote: number) => Array.from({ length: 24 }, (_, voter) => ({ bit, voter, vote }));
    const real = (code >>> (31 - bit)) & 1;
    const against = await inspector.lesion(document, { offset: 100, changes: hold(1 - real), continuation: 40 });
    expect(against.after.surprise).toBe(Infinity);
    expect((chunkCode(against.after.mostProbable.bytes) >>> (31 - bit)) & 1).toBe(1 - real);
    const zero = await inspector.lesion(document, { offset: 100, changes: hold(0), continuation: 40 });
    const bytes = Buffer.from(zero.after.continuation);
    expect(bytes.length).toBeGreaterThan(20);
    for (let at = 3; at < bytes.length; at += 4) expect((bytes[at]! >> 5) & 1).toBe(0);
    expect(zero.after.continuation).not.toBe(zero.before.continuation);
  });

  it.each([{}, { byte_channels: 10 }])('%j: measures a range as it measures each chunk', async (stage) => {
    const staged = await randomModel({ bit_decoding: 'chained', headScale: 0.3, ...stage });
    const document = { uri: 'a', version: 2, bytes: text(4 * 40 + 1) };
    const inspector = new Inspector(staged);
    const changes = [
      ...Array.from({ length: 24 }, (_, voter) => ({ bit: 9, voter, vote: null })),
      { bit: 3, voter: 5, vote: null },
      { bit: 3, voter: 7, vote: 0.9 },
      { bit: 31, voter: 0, vote: 1 },
    ];
    const before = await inspector.inspectRange(document, 4, 37);
    const range = await inspector.inspectRange(document, 4, 37, { changes });
    for (let local = 0; local < range.count; local++) {
      const row = (values: Float32Array) => values.subarray(32 * local, 32 * (local + 1));
      const { after } = await inspector.lesion(document, { offset: 4 * (4 + local), changes, continuation: 0 });
      for (let bit = 0; bit < 32; bit++) {
        if (bit === 9) expect(row(range.probabilities)[bit]).toBeNaN();
        else expect(row(range.probabilities)[bit]).toBeCloseTo(after.probabilities[bit]!, 5);
      }
      expect(range.surprise[local]).toBeCloseTo(after.surprise, 3);
      for (const key of ['effectiveVoters', 'density', 'activeVoters'] as const) {
        const [was, is] = [before[key], range[key]].map((values) => values.subarray(32 * local, 32 * (local + 1)));
        is!.forEach((value, bit) => {
          if (![3, 9, 31].includes(bit)) expect(value).toBe(was![bit]);
        });
      }
      expect(row(range.effectiveVoters)[9]).toBe(0);
      expect(row(range.density)[9]).toBe(0);
      expect(range.activeVoters[32 * local + 9]).toBe(0);
    }
    // With one voter left the weight is 1.
    const alone = Array.from({ length: 23 }, (_, voter) => ({ bit: 0, voter, vote: null }));
    const one = await inspector.inspectRange(document, 0, 5, { changes: alone });
    for (let local = 0; local < 5; local++) {
      expect(one.effectiveVoters[32 * local]).toBe(1);
      expect(one.activeVoters[32 * local]).toBe(0);
      expect([0, 1]).toContain(one.density[32 * local]);
    }
    // What is kept of the model as it is stays as it is.
    expect(await inspector.inspectRange(document, 4, 37)).toEqual(before);
    await staged.inference.dispose();
  });

  it('counts one bit of surprise for a bit without voters, and says which it is', async () => {
    const document = { uri: 'a', version: 2, bytes: text(202) };
    const inspector = new Inspector(model);
    const changes = Array.from({ length: 24 }, (_, voter) => ({ bit: 9, voter, vote: null }));
    const { before, after, bitsWithoutVoters } = await inspector.lesion(document, {
      offset: 50,
      changes,
      continuation: 8,
    });
    expect(bitsWithoutVoters).toEqual([9]);
    expect(after.probabilities[9]).toBeNaN();
    const isOne = ((document.bytes[49]! >> 6) & 1) === 1;
    const p = isOne ? before.probabilities[9]! : 1 - before.probabilities[9]!;
    expect(after.surprise - before.surprise).toBeCloseTo(1 + Math.log2(p), 4);
    expect(after.mostProbable.probability).toBeGreaterThan(0);
  });

  it('has no effect at padding', async () => {
    const chunk = await new Inspector(model).inspectChunk({ uri: 'a', version: 2, bytes: text(202) }, 201, 0);
    expect(chunk.length).toBe(2);
    expect(chunk.effects.subarray(0, 16 * 24).some((effect) => effect !== 0)).toBe(true);
    expect(chunk.effects.subarray(16 * 24).every((effect) => effect === 0)).toBe(true);
  });
});
