/** @file Heads by themselves: their gradients by finite differences, what they learn, and how many parameters they have. */
import { describe, expect, it } from 'vitest';
import { GatedLinearHead, matchedLayers } from '../../../../model/experiments/heads/gatedLinearHead';
import type { Head } from '../../../../model/experiments/heads/head';
import { bitOf, natsOf, parametersOf } from '../../../../model/experiments/heads/head';
import { matchedUnits, MultilayerHead } from '../../../../model/experiments/heads/multilayerHead';
import { VotingHead } from '../../../../model/experiments/heads/votingHead';
import { aggregateBit } from '../../../../model/network/aggregation';
import { Random } from '../../../../model/text/random';

const D = 4;
const TAU = 3;
const CODE = 0xa5c31f00;

const make: Readonly<Record<string, () => Head>> = {
  softmax: () => new VotingHead('softmax', D, 6, TAU, Random.fromSeed(1)),
  mean: () => new VotingHead('mean', D, 6, TAU, Random.fromSeed(1)),
  dense: () => new VotingHead('dense', D, 6, TAU, Random.fromSeed(1)),
  MLP: () => new MultilayerHead(D, 7, Random.fromSeed(1)),
  'gated linear': () => new GatedLinearHead(D, [3, 2, 1], Random.fromSeed(1)),
};

function logitsOf(head: Head, h: Float64Array): Float64Array {
  const out = new Float64Array(32);
  head.logits(h, out);
  return out;
}

function lossOf(head: Head, h: Float64Array, code = CODE): number {
  return natsOf(logitsOf(head, h), code);
}

function vector(seed: number): Float64Array {
  const random = Random.fromSeed(seed);
  return Float64Array.from({ length: D }, () => random.normal());
}

describe.each(Object.entries(make))('%s', (_name, create) => {
  it('says of each bit two probabilities that sum to one', () => {
    const logits = logitsOf(create(), vector(2));
    for (let bit = 0; bit < 32; bit++) {
      const flipped = (CODE ^ (1 << (31 - bit))) >>> 0;
      // All other bits are the same, so the rest of both losses is.
      const [one, other] = [natsOf(logits, CODE), natsOf(logits, flipped)];
      const l = bitOf(CODE, bit) === 1 ? logits[bit]! : -logits[bit]!;
      expect(other - one).toBeCloseTo(l, 9);
      expect(1 / (1 + Math.exp(-l)) + 1 / (1 + Math.exp(l))).toBeCloseTo(1, 12);
    }
  });

  it('tells 16 chunks apart that stand in corners of the space', () => {
    const head = create();
    const random = Random.fromSeed(3);
    const corner = () => {
      const n = random.integer(16);
      const h = Float64Array.from({ length: D }, (_, d) => ((n >> d) & 1 ? 1 : -1));
      // Each bit is one of the coordinates.
      let code = 0;
      for (let bit = 0; bit < 32; bit++) code = (code << 1) | (h[bit % D]! > 0 ? 1 : 0);
      return { h, code: code >>> 0 };
    };
    for (let n = 0; n < 3000; n++) {
      const { h, code } = corner();
      head.learn(h, code, 0.03);
    }
    for (let n = 0; n < 32; n++) {
      const { h, code } = corner();
      // 32 bits at ½ would be 22 nats.
      expect(lossOf(head, h, code)).toBeLessThan(4);
    }
  });
});

describe.each([
  ['softmax', make['softmax']!, 6],
  ['mean', make['mean']!, 6],
  ['dense', make['dense']!, 1],
  ['MLP', make['MLP']!, 1],
  // A neuron's loss is its own: only that of a single one is the head's.
  ['one gated neuron', () => new GatedLinearHead(D, [1], Random.fromSeed(1)), 1],
] as const)('a step of %s', (_name, create, timesRate) => {
  it('goes along the gradient of the loss, in all of its numbers', () => {
    const h = vector(5);
    const head = create();
    const before = head.weights.map((array) => array.slice());
    const gradient = head.weights.map((array) =>
      array.map((value, i) => {
        const epsilon = 1e-5;
        array[i] = value + epsilon;
        const above = lossOf(head, h);
        array[i] = value - epsilon;
        const below = lossOf(head, h);
        array[i] = value;
        return (above - below) / (2 * epsilon);
      }),
    );
    expect(gradient.some((array) => array.some((value) => Math.abs(value) > 0.01))).toBe(true);
    const rate = 1e-7;
    head.learn(h, CODE, rate);
    head.weights.forEach((array, a) => {
      array.forEach((value, i) => {
        expect((before[a]![i]! - value) / (rate * timesRate)).toBeCloseTo(gradient[a]![i]!, 5);
      });
    });
  });
});

describe('voters', () => {
  it.each(['softmax', 'mean', 'dense'] as const)('say with %s what the aggregation of the network says', (name) => {
    const head = new VotingHead(name, D, 6, TAU, Random.fromSeed(1));
    const h = vector(6);
    const logits = logitsOf(head, h);
    for (let bit = 0; bit < 32; bit++) {
      const z = head.scores(h, bit);
      const { logProbability, logComplement } = aggregateBit(z, 0, z.length, name, TAU);
      expect(logits[bit]).toBeCloseTo(logProbability - logComplement, 9);
    }
  });

  it('have as many parameters and multiplications as the MLP, and about as many as the gated linear networks', () => {
    for (const width of [16, 32, 64]) {
      const voters = parametersOf(new VotingHead('softmax', width, 128, 6.4, Random.fromSeed(0)));
      const mlp = new MultilayerHead(width, matchedUnits(width, 128), Random.fromSeed(0));
      const gated = new GatedLinearHead(width, matchedLayers(width, 128), Random.fromSeed(0));
      expect(mlp.weights[0]!.length).toBe(matchedUnits(width, 128) * (width + 1));
      expect(parametersOf(mlp) / voters).toBeCloseTo(1, 1);
      expect(parametersOf(gated) / voters).toBeGreaterThan(0.9);
      expect(parametersOf(gated) / voters).toBeLessThan(1.1);
    }
  });
});

describe('gated linear networks', () => {
  it('learn from each neuron’s own loss: a step lowers that of every neuron, and touches the weights of its region alone', () => {
    const head = new GatedLinearHead(D, [3, 2, 1], Random.fromSeed(1));
    const h = vector(7);
    const before = head.weights.map((array) => array.slice());
    const loss = lossOf(head, h);
    head.learn(h, CODE, 1e-3);
    expect(lossOf(head, h)).toBeLessThan(loss);
    const inputs = [D + 1, 4, 3];
    head.weights.forEach((array, l) => {
      const changed = array.reduce((count, value, i) => count + (value === before[l]![i] ? 0 : 1), 0);
      // Of 16 regions one, of every neuron of every bit.
      expect(changed).toBe(array.length / 16);
      expect(changed).toBe(32 * [3, 2, 1][l]! * inputs[l]!);
    });
  });

  it('keep what they learned where other regions learn', () => {
    const head = new GatedLinearHead(D, [1], Random.fromSeed(1));
    const h = vector(8);
    const logits = logitsOf(head, h);
    const far = h.map((value) => -10 * value);
    head.learn(far, CODE, 1e-2);
    expect(logitsOf(head, h)).toEqual(logits);
    head.learn(h, CODE, 1e-2);
    expect(logitsOf(head, h)).not.toEqual(logits);
  });

  it('clip weights and logits', () => {
    const head = new GatedLinearHead(D, [1], Random.fromSeed(1));
    const h = new Float64Array(D).fill(3);
    for (let n = 0; n < 50; n++) head.learn(h, 0xffffffff, 10);
    for (const weight of head.weights[0]!) expect(Math.abs(weight)).toBeLessThanOrEqual(5);
    for (const logit of logitsOf(head, h)) expect(logit).toBe(10);
  });
});
