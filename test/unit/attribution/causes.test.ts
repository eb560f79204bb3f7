/** @file Causes: occlusion equals the brute force, gradients are those of the text, integrated ones complete; a planted cause ranks first. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { causes } from '../../../model/attribution/causes';
import { occlude } from '../../../model/attribution/occlusion';
import { Inspector } from '../../../model/inspection/inspector';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import { initializeParameters } from '../../../model/network/initialize';
import { VoterHead } from '../../../model/network/voterHead';
import type { CauseMethod, Causes, CauseTarget } from '../../../model/protocol/causes';
import { Inference } from '../../../model/runtime/inference';
import { TrainingSession } from '../../../model/runtime/trainingSession';
import { Random } from '../../../model/text/random';
import { GOLDEN_OPTIMIZER } from '../../../model/training/batches';
import { BIT_MODELS, randomModel } from '../inspection/randomModel';

const TEXT = new TextEncoder().encode(
  'The harbour was quiet,    and the boats\nlay in two rows, und die Möwen schrien.',
);
const document = { uri: 'file:///a.txt', version: 1, bytes: TEXT };
const CHUNK: CauseTarget = { kind: 'chunk' };
const METHODS: readonly CauseMethod[] = ['occlusion', 'gradient', 'integrated'];

describe.each(BIT_MODELS)('with %j', (bits) => {
  let model: Awaited<ReturnType<typeof randomModel>>;
  beforeAll(async () => {
    model = await randomModel({ ...bits, context_chunks: 8 });
  });
  afterAll(() => model.inference.dispose());

  it.each(['chunk', 'word', 'byte', 'line'] as const)('occlusion of each %s equals the brute force', async (unit) => {
    const inspector = new Inspector(model);
    // Byte 50 is of chunk 12, the fifth that is predicted in its window, which begins with chunk 7.
    const found = await causes(model, document, { offset: 50, target: CHUNK, method: 'occlusion', unit });
    const { surprise } = await inspector.inspectChunk(document, 50, 0);
    expect(found).toMatchObject({ index: 12, offset: 48, length: 4, beginning: 0, completeness: null });
    expect(found.value).toBeCloseTo(surprise, 9);
    const earlier = found.causes.filter(({ offset, length }) => offset + length <= 48);
    expect(earlier.length).toBeGreaterThan(0);
    for (const [i, { offset, length, contribution }] of earlier.entries()) {
      expect(offset).toBe(i === 0 ? 28 : earlier[i - 1]!.offset + earlier[i - 1]!.length);
      const bytes = TEXT.slice();
      occlude(bytes, offset, offset + length);
      const without = await inspector.inspectChunk({ ...document, bytes }, 50, 0);
      expect(contribution).toBeCloseTo(surprise - without.surprise, 4);
      expect(contribution).not.toBe(0);
    }
  });

  it('occlusion hears voters that are silenced or held, and gradients say that they do not', async () => {
    const changes = [
      { bit: 6, voter: 1, vote: null },
      { bit: 9, voter: 0, vote: 1 },
    ];
    const asked = { offset: 50, target: CHUNK, unit: 'line' as const };
    const inspector = new Inspector(model);
    const found = await causes(model, document, { ...asked, method: 'occlusion', changes });
    const surprise = async (bytes: Uint8Array) =>
      (await inspector.inspectRange({ ...document, bytes }, 12, 1, { changes })).surprise[0]!;
    expect(found.value).toBeCloseTo(await surprise(TEXT), 3);
    const [{ offset, length, contribution }] = found.causes as [Causes['causes'][number]];
    const bytes = TEXT.slice();
    occlude(bytes, offset, offset + length);
    expect(contribution).toBeCloseTo((await surprise(TEXT)) - (await surprise(bytes)), 3);
    const gradient = await causes(model, document, { ...asked, method: 'gradient', changes });
    expect([found.changes, gradient.changes]).toEqual([changes, []]);
    expect(gradient.value).not.toBeCloseTo(found.value, 3);
  });

  it('the own earlier bytes are causes where voters hear them', async () => {
    const target: CauseTarget = { kind: 'byte', byte: 3 };
    const found = await causes(model, document, { offset: 50, target, method: 'occlusion', unit: 'byte' });
    const own = found.causes.filter(({ offset }) => offset >= 48);
    if (model.config.byte_channels === undefined) {
      expect(own).toEqual([]);
      return;
    }
    // The graph's p of the last byte, whose own bits stay as they are.
    const logs = async (bytes: Uint8Array) => {
      const p = await model.inference.probabilities(bytes, 1);
      return Array.from({ length: 8 }, (_, b) => {
        const one = (TEXT[51]! >> (7 - b)) & 1;
        const probability = p[4 * 32 + 24 + b]!;
        return -Math.log2(one === 1 ? probability : 1 - probability);
      }).reduce((sum, bit) => sum + bit, 0);
    };
    const window = TEXT.slice(28, 28 + 36);
    const whole = await logs(window);
    expect(own.map(({ offset }) => offset)).toEqual([48, 49, 50]);
    for (const { offset, contribution } of own) {
      const bytes = window.slice();
      occlude(bytes, offset - 28, offset - 27);
      expect(contribution).toBeCloseTo(whole - (await logs(bytes)), 3);
    }
  });

  it.each([
    CHUNK,
    { kind: 'byte', byte: 2 },
    { kind: 'bit', bit: 11 },
    { kind: 'voter', bit: 17, voter: 5 },
  ] as readonly CauseTarget[])('the three methods explain the same value of %j', async (target) => {
    const all = await Promise.all(
      METHODS.map((method) => causes(model, document, { offset: 50, target, method, unit: 'chunk' })),
    );
    for (const found of all) {
      expect(found.value).toBeCloseTo(all[0]!.value, 3);
      expect(found.causes.map(({ offset }) => offset)).toEqual(all[0]!.causes.map(({ offset }) => offset));
    }
    const { completeness, causes: parts } = all[2]!;
    expect(completeness!.error).toBeLessThan(0.01);
    // The sum is that of the pieces that are told, not of something beside them.
    const sum = parts.reduce((total, { contribution }) => total + contribution, 0);
    expect(sum).toBeCloseTo(completeness!.sum, 6);
  });

  it('gradient × input is the slope along the share of the text', async () => {
    const { inference } = model;
    const M = model.head.votersPerBit;
    const sum = {
      ofReal: new Float32Array(32).fill(-1, 3, 20),
      ofOpposite: new Float32Array(32).fill(0.5, 9, 12),
      ofScores: new Float32Array(32 * M).fill(0.01, M, 5 * M),
    };
    const h = 0.01;
    const window = TEXT.slice(28, 28 + 36);
    const { values, ...parts } = await inference.inputContributions(window, 5, sum, [1 - h, 1, 1 + h]);
    const middle = [parts.bits, ...(parts.bytes === undefined ? [] : [parts.bytes])].map((part) =>
      part.subarray(part.length / 3, (2 * part.length) / 3),
    );
    const { ngrams } = parts;
    if (ngrams !== undefined) {
      const row = ngrams.length / 12;
      for (let table = 0; table < 4; table++)
        middle.push(ngrams.subarray((3 * table + 1) * row, (3 * table + 2) * row));
    }
    const slope = middle.flatMap((part) => [...part]).reduce((total, part) => total + part, 0);
    expect(slope).toBeCloseTo((values[2]! - values[0]!) / (2 * h), 1);
  });
});

it('the zeros before a document are its beginning, and what stands behind the caret is no cause', async () => {
  const model = await randomModel({ byte_channels: 10, byte_ngram_rows: 64 });
  const found = await causes(model, document, { offset: 10, target: CHUNK, method: 'integrated', unit: 'byte' });
  expect(found.causes.map(({ offset }) => offset)).toEqual([...Array(11).keys()]);
  const sum = found.causes.reduce((total, { contribution }) => total + contribution, found.beginning);
  expect(found.beginning).not.toBe(0);
  expect(sum).toBeCloseTo(found.completeness!.sum, 6);
  await model.inference.dispose();
});

it('refuses what is not there, and ends when it is aborted', async () => {
  const model = await randomModel();
  const ask = (target: CauseTarget, bytes: Uint8Array, signal?: AbortSignal) =>
    causes(model, { ...document, bytes }, { offset: 99, target, method: 'occlusion', unit: 'chunk' }, { signal });
  await expect(ask(CHUNK, new Uint8Array())).rejects.toThrow('The document is empty');
  await expect(ask({ kind: 'voter', bit: 3, voter: 24 }, TEXT)).rejects.toThrow('Voter 24 does not exist');
  await expect(ask({ kind: 'bit', bit: 9 }, TEXT.subarray(0, 9))).rejects.toThrow('Byte 1 of the last chunk');
  await expect(ask(CHUNK, TEXT, AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  await model.inference.dispose();
});

/** What stands three chunks before, and what follows from it: copied names, closed brackets. */
const PLANTED = [
  ['anna', 'anna'],
  ['bert', 'bert'],
  ['carl', 'carl'],
  ['f(x ', ')   '],
  ['g[y ', ']   '],
  ['h{z ', '}   '],
] as const;

/**
 * The beginnings of `count` documents: what is planted stands in the second of 8 chunks, and around it is noise; blank at times, as what
 * is replaced is, and at times in the place of the cause.
 */
function plantedWindows(random: Random, count: number): Uint8Array {
  const noise = () =>
    random.uniform() < 0.25
      ? '    '
      : String.fromCharCode(...Array.from({ length: 4 }, () => 0x20 + random.integer(0x5f)));
  const window = () => {
    const [cause, effect] = PLANTED[random.integer(PLANTED.length)]!;
    const heard = random.uniform() < 0.2 ? noise() : cause;
    return ['\0\0\0\0', noise(), heard, noise(), noise(), effect, noise(), noise(), noise()].join('');
  };
  return new TextEncoder().encode(Array.from({ length: count }, window).join(''));
}

describe.each([{}, { byte_channels: 24, byte_ngram_rows: 256, bit_decoding: 'chained' as const }])(
  'a model that has learned a cause, with %j',
  (change: Partial<ModelConfig>) => {
    let model: { inference: Inference; head: VoterHead; checkpoint: string };
    beforeAll(async () => {
      const config: ModelConfig = {
        ...DEFAULT_CONFIG,
        embedding_dim: 32,
        stages: 0,
        bottleneck_layers: 1,
        voters_per_bit: 8,
        temperature: 8,
        context_chunks: 8,
        ...change,
      };
      const random = Random.fromSeed(1);
      const first = initializeParameters(config, new Float32Array(32).fill(0.5), random);
      const options = { batch: 16, context: 8, optimizer: GOLDEN_OPTIMIZER, device: 'cpu' as const, threads: 1 };
      const session = await TrainingSession.create(config, first, options);
      for (let step = 0; step < 600; step++) {
        await session.step(plantedWindows(random, 16), 0.01);
      }
      const parameters = await session.readParameters();
      await session.dispose();
      const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
      model = { inference, head: new VoterHead(config, parameters, inference.temperatures), checkpoint: '' };
    });
    afterAll(() => model.inference.dispose());

    /** What each chunk before is found to do to the planted effect, for each that is planted. */
    function explained(method: CauseMethod, target: (effect: string) => CauseTarget): Promise<Causes[]> {
      return Promise.all(
        PLANTED.map(([cause, effect]) => {
          const bytes = new TextEncoder().encode(`one ${cause}hereand ${effect}`);
          const asked = { offset: bytes.length - 1, target: target(effect), method, unit: 'chunk' as const };
          return causes(model, { uri: '', version: 0, bytes }, asked);
        }),
      );
    }

    it.each(['occlusion', 'integrated'] as const)('%s ranks it first', async (method) => {
      for (const found of await explained(method, () => ({ kind: 'byte', byte: 0 }))) {
        const [strongest] = found.causes.toSorted((a, b) => a.contribution - b.contribution);
        expect(strongest).toMatchObject({ offset: 4, length: 4 });
        expect(strongest!.contribution).toBeLessThan(-1);
        if (method === 'integrated') expect(found.completeness!.error).toBeLessThan(0.01);
      }
    });

    it('gradient × input ranks it first on average', async () => {
      // What is all but certain is flat in its surprise, so its slope says little; that of a bit's log-odds is steeper. Bits 2 and 7 tell
      // the letters apart, and the brackets.
      const all = await explained('gradient', (effect) => ({ kind: 'bit', bit: /^[)\]]/.test(effect) ? 2 : 7 }));
      const total = (chunk: number) => all.reduce((sum, found) => sum + Math.abs(found.causes[chunk]!.contribution), 0);
      for (const other of [0, 2, 3]) expect(total(1)).toBeGreaterThan(total(other));
    });
  },
);
