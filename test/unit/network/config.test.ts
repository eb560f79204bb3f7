/** @file The configuration's byte stage: absent where there is none, and never wider or narrower than it can be. */
import { describe, expect, it } from 'vitest';
import { hiddenSize, isConfigError, parseConfig } from '../../../model/network/config';
import { parameterShapes } from '../../../model/network/parameters';

describe('byte_channels', () => {
  it.each([{}, { byte_channels: 0 }])('none: the key is not written (%j)', (given) => {
    const config = parseConfig(given, 'config.json');
    expect(JSON.stringify(config)).not.toContain('byte_channels');
    expect(hiddenSize(config)).toEqual([64]);
    expect([...parameterShapes(config).keys()].some((name) => name.startsWith('byte_stage'))).toBe(false);
  });

  it('n-grams of bytes have their tables in one, and none where their key is 0', () => {
    const config = parseConfig({ byte_channels: 24, byte_ngram_rows: 128 }, 'config.json');
    expect(JSON.parse(JSON.stringify(config))).toMatchObject({ byte_ngram_rows: 128 });
    expect(parameterShapes(config).get('byte_stage.ngrams.weight')).toEqual([4 * 128, 24]);
    const none = parseConfig({ byte_channels: 24, byte_ngram_rows: 0 }, 'config.json');
    expect(JSON.stringify(none)).not.toContain('byte_ngram_rows');
    expect(parameterShapes(none).has('byte_stage.ngrams.weight')).toBe(false);
  });

  it('is kept, and sets the shapes of the stage and of what reads it', () => {
    const config = parseConfig({ byte_channels: 24, bit_decoding: 'chained', voters_per_bit: 2 }, 'config.json');
    const shapes = parameterShapes(config);
    expect(JSON.parse(JSON.stringify(config))).toMatchObject({ byte_channels: 24 });
    expect(hiddenSize(config)).toEqual([4, 24]);
    expect(shapes.get('byte_stage.upsample.weight')).toEqual([64, 24, 4]);
    expect(shapes.get('byte_stage.embedding.weight')).toEqual([256, 24]);
    expect(shapes.get('byte_stage.blocks.0.residual.weight')).toEqual([24, 48, 1]);
    expect(shapes.get('output_norm.weight')).toEqual([24]);
    expect(shapes.get('output_projection.weight')).toEqual([64, 24, 1]);
    expect(shapes.get('bit_chain.weight')).toEqual([64, 8]);
  });

  it.each([
    [{ byte_channels: -1 }, '"byte_channels" is -1, expected an integer of at least 0'],
    [{ byte_channels: null }, '"byte_channels" is null'],
    [{ byte_channels: 2 }, '"kernel_sizes" is [3,5,7], expected at most byte_channels, 2, kernels'],
    [
      { byte_channels: 8, byte_ngram_rows: 48 },
      '"byte_ngram_rows" is 48, expected 0 or a power of two from 16 to 32768',
    ],
    [{ byte_channels: 8, byte_ngram_rows: 1 << 16 }, '"byte_ngram_rows" is 65536, expected 0 or a power of two'],
    [{ byte_ngram_rows: 64 }, '"byte_ngram_rows" is 64, expected 0 where there is no byte stage'],
  ])('refuses %j', (given, message) => {
    let error: unknown;
    try {
      parseConfig(given, 'config.json');
    } catch (thrown) {
      error = thrown;
    }
    expect(isConfigError(error) && error.message).toContain(message);
  });
});
