/** @file The first parameters: scores as wide as SPEC section 7 says, and every bit first guessed at its rate. */
import { describe, expect, it } from 'vitest';
import { aggregateBit } from '../../../model/network/aggregation';
import type { Aggregation } from '../../../model/network/aggregations';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG, parseConfig, temperature, votersPerBit } from '../../../model/network/config';
import { initializeParameters, scoreDeviation } from '../../../model/network/initialize';
import { parameterShapes } from '../../../model/network/parameters';
import { Random } from '../../../model/text/random';

const RATES = Float32Array.from({ length: 32 }, (_, b) => [0.5, 0, 0.3, 1, 0.9, 0.1, 0.02, 0.7][b % 8]!);

function config(changes: Partial<ModelConfig>): ModelConfig {
  return parseConfig({ ...DEFAULT_CONFIG, ...changes }, 'test');
}

/** Scores of all voters for a random hidden vector of unit root mean square. */
function scores(model: ModelConfig, parameters: ReturnType<typeof initializeParameters>, random: Random): Float64Array {
  const D = model.embedding_dim;
  const weight = parameters.get('output_projection.weight')!.data;
  const bias = parameters.get('output_projection.bias')!.data;
  const hidden = Float64Array.from({ length: D }, () => random.normal());
  const rms = Math.sqrt(hidden.reduce((sum, h) => sum + h * h, 0) / D);
  return Float64Array.from({ length: bias.length }, (_, row) => {
    let z = bias[row]!;
    for (let d = 0; d < D; d++) z += (weight[row * D + d]! * hidden[d]!) / rms;
    return z;
  });
}

describe('initializeParameters', () => {
  for (const voters_per_bit of [32, 128, 256]) {
    it(`spreads the scores of ${voters_per_bit} voters by √(0.48/τ)`, () => {
      const model = config({ voters_per_bit });
      const random = Random.fromSeed(1);
      const parameters = initializeParameters(model, RATES, random);
      const bias = parameters.get('output_projection.bias')!.data;
      let sum = 0;
      let count = 0;
      for (let n = 0; n < 8; n++) {
        scores(model, parameters, random).forEach((z, row) => {
          sum += (z - bias[row]!) ** 2;
          count++;
        });
      }
      const expected = Math.sqrt(0.48 / temperature(model));
      expect(Math.sqrt(sum / count)).toBeGreaterThan(0.9 * expected);
      expect(Math.sqrt(sum / count)).toBeLessThan(1.1 * expected);
    });
  }

  for (const aggregation of ['softmax', 'confidence', 'mean', 'max'] as Aggregation[]) {
    it(`first guesses every bit near its rate with ${aggregation}`, () => {
      const model = config({ aggregation });
      const random = Random.fromSeed(2);
      const parameters = initializeParameters(model, RATES, random);
      const M = votersPerBit(model);
      const guesses = new Float64Array(32);
      const trials = 20;
      for (let n = 0; n < trials; n++) {
        const z = scores(model, parameters, random);
        for (let b = 0; b < 32; b++) {
          guesses[b]! += aggregateBit(z, b * M, M, aggregation, temperature(model)).probability / trials;
        }
      }
      RATES.forEach((rate, b) => {
        expect(Math.abs(guesses[b]! - Math.min(0.98, Math.max(0.02, rate)))).toBeLessThan(0.045);
      });
    });
  }

  it('clips the rates to 0.02 … 0.98 and gives every voter of a bit the same bias', () => {
    const model = config({ voters_per_bit: 3 });
    const bias = initializeParameters(model, RATES, Random.fromSeed(3)).get('output_projection.bias')!.data;
    expect([...bias.subarray(3, 6)]).toEqual(new Array(3).fill(Math.fround(Math.log(0.02 / 0.98))));
    expect([...bias.subarray(9, 12)]).toEqual(new Array(3).fill(Math.fround(Math.log(0.98 / 0.02))));
    expect([...bias.subarray(0, 3)]).toEqual([0, 0, 0]);
  });

  for (const changes of [
    { bit_decoding: 'chained', temperature_learned: true },
    { bit_decoding: 'chained', byte_channels: 12 },
    { bottleneck: 'dendritic' },
    { aggregation: 'dense', stages: 0, bottleneck_layers: 0 },
  ] as Partial<ModelConfig>[]) {
    it(`gives every parameter its shape and finite values: ${JSON.stringify(changes)}`, () => {
      const model = config({ embedding_dim: 16, voters_per_bit: 8, ...changes });
      const parameters = initializeParameters(model, RATES, Random.fromSeed(4));
      const shapes = parameterShapes(model);
      expect([...parameters.keys()]).toEqual([...shapes.keys()]);
      for (const [name, { shape, data }] of parameters) {
        expect(shape).toEqual(shapes.get(name));
        expect(data.every(Number.isFinite)).toBe(true);
        if (/norm\d?\.weight$/.test(name)) expect(data.every((value) => value === 1)).toBe(true);
        if (/norm\d?\.bias$/.test(name)) expect(data.every((value) => value === 0)).toBe(true);
        // Every other weight but the chain is random, or its units would never separate.
        if (name.endsWith('.weight') && !name.includes('norm') && name !== 'bit_chain.weight') {
          expect(new Set(data).size).toBeGreaterThan(data.length * 0.9);
        }
      }
    });
  }

  it('gives every voter a say of its own on the bits before it, and starts a learned τ at the configured one', () => {
    const model = config({ bit_decoding: 'chained', temperature_learned: true, voters_per_bit: 4 });
    const parameters = initializeParameters(model, RATES, Random.fromSeed(5));
    const chain = parameters.get('bit_chain.weight')!.data;
    for (let row = 0; row < 32 * 4; row++) {
      const bit = Math.floor(row / 4);
      for (let c = 0; c < 32; c++) expect(chain[row * 32 + c] === 0, `row ${row}, bit ${c}`).toBe(c >= bit);
    }
    const drawn = chain.filter((value) => value !== 0);
    expect(Math.sqrt(drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length)).toBeCloseTo(0.4, 1);
    for (const value of parameters.get('log_temperature')!.data) expect(Math.exp(value)).toBeCloseTo(0.2, 6);
  });

  it('with a byte stage, of the bits before it in its own byte', () => {
    const model = config({ bit_decoding: 'chained', byte_channels: 6, voters_per_bit: 3 });
    const chain = initializeParameters(model, RATES, Random.fromSeed(5)).get('bit_chain.weight')!.data;
    expect(chain).toHaveLength(32 * 3 * 8);
    for (let row = 0; row < 32 * 3; row++) {
      const bit = Math.floor(row / 3) % 8;
      for (let c = 0; c < 8; c++) expect(chain[row * 8 + c] === 0, `row ${row}, bit ${c}`).toBe(c >= bit);
    }
  });

  it('draws the same from the same seed and something else from another', () => {
    const draw = (seed: number) =>
      initializeParameters(config({ embedding_dim: 8, voters_per_bit: 2 }), RATES, Random.fromSeed(seed)).get(
        'output_projection.weight',
      )!.data;
    expect(draw(6)).toEqual(draw(6));
    expect(draw(6)).not.toEqual(draw(7));
  });

  it('bounds the spread where τ is small or 0', () => {
    expect(scoreDeviation(config({ temperature: 0 }))).toBe(1.5);
    expect(scoreDeviation(config({ voters_per_bit: 1 }))).toBe(1.5);
  });
});
