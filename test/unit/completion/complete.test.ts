/** @file Completion: on models that know one text, and on models that know nothing and may say anything. */
import { describe, expect, it } from 'vitest';
import { complete } from '../../../model/completion/complete';
import { codeBytes, chunkCode } from '../../../model/inspection/chunkSearch';
import type { DecodingModel } from '../../../model/inspection/decode';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG, temperature } from '../../../model/network/config';
import { parameterShapes, elementCount } from '../../../model/network/parameters';
import type { Parameters } from '../../../model/network/parameters';
import { VoterHead } from '../../../model/network/voterHead';
import type { CompleteParams } from '../../../model/protocol/completion';
import { CaretWindows } from '../../../model/runtime/caretWindows';
import { GrowingWindow } from '../../../model/runtime/growingTrunk';
import { Inference } from '../../../model/runtime/inference';
import { Random } from '../../../model/text/random';
import { BIT_MODELS } from '../inspection/randomModel';

const encoder = new TextEncoder();

function params(prefix: string, rest: Partial<CompleteParams> = {}): CompleteParams {
  return {
    prefix: encoder.encode(prefix),
    suffix: new Uint8Array(0),
    maxBytes: 40,
    until: 'line',
    minConfidence: 0,
    end: 'sure',
    ...rest,
  };
}

/**
 * A model that knows one text by heart: after a chunk of it that ends at the cursor it is sure of the next one, bit by bit with
 * probability σ(score). Its hidden vector is one of 32 channels, the scores themselves.
 */
function parrot(text: string, score: (position: number) => number): DecodingModel & { runs: number } {
  const D = 32;
  const config: ModelConfig = { ...DEFAULT_CONFIG, embedding_dim: D, aggregation: 'dense', context_chunks: 16 };
  const identity = new Float32Array(32 * D);
  for (let b = 0; b < 32; b++) identity[b * D + b] = 1;
  const parameters: Parameters = new Map([
    ['output_projection.weight', { shape: [32, D, 1], data: identity }],
    ['output_projection.bias', { shape: [32], data: new Float32Array(32) }],
  ]);
  const known = encoder.encode(text);
  const run = (window: GrowingWindow): GrowingWindow => {
    model.runs++;
    for (let t = 0; t < window.chunks; t++) {
      const chunk = chunkCode(window.inputs, 4 * t);
      for (let at = 0; at + 4 <= known.length; at++) {
        if (chunkCode(known, at) !== chunk) continue;
        const next = new Uint8Array(4);
        next.set(known.subarray(at + 4, at + 8));
        for (let b = 0; b < 32; b++) {
          window.hidden[t * D + b] = ((next[b >> 3]! >> (7 - (b & 7))) & 1) === 1 ? score(at + 4) : -score(at + 4);
        }
      }
    }
    return window;
  };
  const model = {
    runs: 0,
    head: new VoterHead(config, parameters, new Float32Array(32).fill(NaN)),
    inference: {
      windows: new CaretWindows(
        {
          begin: (chunks) => {
            const inputs = new Uint8Array(4 * config.context_chunks);
            inputs.set(chunks);
            return Promise.resolve(
              run(new GrowingWindow(inputs, new Float32Array(16 * D), new Float32Array(0), chunks.length / 4)),
            );
          },
          append: (window, chunk) => {
            window.inputs.set(chunk, 4 * window.chunks++);
            run(window);
            return Promise.resolve();
          },
        },
        config.context_chunks,
      ),
    },
  };
  return model;
}

describe('a model that knows the text', () => {
  const text = 'const answer = compute(grün, ☃);\nnext line here\n\nnever shown';

  it('goes on to the end of the line', async () => {
    const completion = await complete(
      parrot(text, () => 20),
      params('x const answer ='),
    );
    expect(completion.text).toBe(' compute(grün, ☃);');
    expect(completion.confidence).toBeGreaterThan(0.99);
    expect(completion.milliseconds).toBeGreaterThan(0);
  });

  it('goes on to the end of the block where it may', async () => {
    const completion = await complete(
      parrot(text, () => 20),
      params('const answer', { until: 'paragraph', maxBytes: 200 }),
    );
    expect(completion.text).toBe(' = compute(grün, ☃);\nnext line here');
  });

  it('does not repeat what follows', async () => {
    const completion = await complete(
      parrot(text, () => 20),
      params('const answer =', { suffix: encoder.encode(');') }),
    );
    expect(completion.text).toBe(' compute(grün, ☃');
  });

  it.each([1, 2, 3, 4, 5, 13, 14, 15, 16, 17, 18, 19])(
    'offers at most %i bytes, in whole characters',
    async (maxBytes) => {
      const model = parrot(text, () => 20);
      const completion = await complete(model, params('const answer =', { maxBytes }));
      const whole = ' compute(grün, ☃);';
      expect(encoder.encode(completion.text).length).toBeLessThanOrEqual(maxBytes);
      expect(whole.startsWith(completion.text)).toBe(true);
      // Never more than one character short of the bound; a lone space is no offer.
      if (maxBytes > 1)
        expect(encoder.encode(completion.text).length).toBeGreaterThanOrEqual(Math.min(20, maxBytes) - 2);
      else expect(completion.text).toBe('');
      expect(model.runs).toBe(Math.min(6, Math.ceil(maxBytes / 4)));
    },
  );

  it('ends where it is no longer sure', async () => {
    // From the third chunk on a bit is 0.88, a byte 0.36.
    const unsure = (at: number) => (at < 20 ? 20 : 2);
    const completion = await complete(parrot(text, unsure), params('const answer =', { minConfidence: 0.4 }));
    expect(completion.text).toBe(' compute');
    expect(completion.confidence).toBeCloseTo(1, 2);
    const two = await complete(parrot(text, unsure), params('const answer =', { minConfidence: 0.3 }));
    expect(two.text).toBe(' compute(');
    expect(two.confidence).toBeCloseTo((1 / (1 + Math.exp(-2))) ** 8, 3);
    const none = await complete(
      parrot(text, () => 1),
      params('const answer =', { minConfidence: 0.5 }),
    );
    expect(none).toMatchObject({ text: '', confidence: 0 });
  });

  it('ends where it saves most, where that is asked for', async () => {
    // Of ' compute(' the first seven bytes are sure, the eighth is 0.36.
    const unsure = (at: number) => (at < 20 ? 20 : 2);
    const most = await complete(parrot(text, unsure), params('const answer =', { minConfidence: 0.1, end: 'saving' }));
    expect(most.text).toBe(' compute');
    expect(most.confidence).toBeCloseTo(1, 2);
    const whole = await complete(
      parrot(text, () => 20),
      params('const answer =', { end: 'saving' }),
    );
    expect(whole.text).toBe(' compute(grün, ☃);');
    const one = await complete(
      parrot('abcd;\n', () => 20),
      params('abcd', { end: 'saving' }),
    );
    expect(one).toMatchObject({ text: '', confidence: 0 });
  });

  it('says nothing where nothing may be said', async () => {
    expect(
      (
        await complete(
          parrot(text, () => 20),
          params('const answer =', { maxBytes: 0 }),
        )
      ).text,
    ).toBe('');
    expect(
      (
        await complete(
          parrot('abcd    \n\n', () => 20),
          params('abcd'),
        )
      ).text,
    ).toBe('');
    expect(
      (
        await complete(
          parrot(text, () => 20),
          params('(grün, ☃);'),
        )
      ).text,
    ).toBe('');
  });

  it('stops between chunks when it is cancelled', async () => {
    const model = parrot(text, () => 20);
    const controller = new AbortController();
    const completion = complete(model, params('const answer =', { maxBytes: 400 }), { signal: controller.signal });
    setImmediate(() => {
      controller.abort();
    });
    await expect(completion).rejects.toMatchObject({ name: 'AbortError' });
    expect(model.runs).toBe(1);
  });
});

describe('a model of random weights', () => {
  const alphabet = ['a', 'B', '0', ' ', '\n', '\t', '\0', '{', 'ü', 'ß', '€', '漢', '𝄞', '\u0301', '\u{10ffff}'];

  it.each(BIT_MODELS)('never says what is not text, with %j', async (bits) => {
    const random = Random.fromSeed(7);
    let said = 0;
    let longest = 0;
    for (let trial = 0; trial < 8; trial++) {
      const config: ModelConfig = {
        ...DEFAULT_CONFIG,
        embedding_dim: 8,
        stages: 1,
        bottleneck_layers: 1,
        attention_heads: 2,
        voters_per_bit: 3,
        context_chunks: 8,
        ...bits,
      };
      const parameters = new Map(
        [...parameterShapes(config)].map(([name, shape]) => {
          const scale = name.startsWith('output_projection') || name === 'bit_chain.weight' ? 3 : 0.5;
          const data = Float32Array.from({ length: elementCount(shape) }, () => scale * random.normal());
          return [name, { shape, data }];
        }),
      );
      const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
      const head = new VoterHead(config, parameters, new Float32Array(32).fill(temperature(config)));
      for (let n = 0; n < 30; n++) {
        const prefix = Array.from({ length: random.integer(30) }, () => alphabet[random.integer(alphabet.length)]!);
        const { text, confidence } = await complete(
          { inference, head },
          params(prefix.join(''), {
            until: (['line', 'statement', 'paragraph'] as const)[random.integer(3)]!,
            maxBytes: 1 + random.integer(60),
          }),
        );
        const bytes = encoder.encode(text);
        expect(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)).toBe(text);
        expect(text).not.toMatch(/[^\P{Cc}\t\n\r]/u);
        expect(confidence).toBeGreaterThanOrEqual(0);
        expect(confidence).toBeLessThanOrEqual(1);
        if (text !== '') said++;
        longest = Math.max(longest, bytes.length);
      }
      await inference.dispose();
    }
    // The test would hold of a model that says nothing.
    expect(said).toBeGreaterThan(100);
    expect(longest).toBeGreaterThan(30);
  });
});

it('a chunk and its code are the same', () => {
  for (const code of [0, 1, 0x80000000, 0xffffffff, 0x61626364]) expect(chunkCode(codeBytes(code))).toBe(code);
});
