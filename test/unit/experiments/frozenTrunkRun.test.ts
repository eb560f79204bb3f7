/** @file Heads on a real trunk, a small one with few voters: what their runs measure, and that only heads learn. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Row, RunContext } from '../../../model/experiments/experiment';
import { HEADS, learnHeads, tryHeadRates } from '../../../model/experiments/frozenTrunk';
import { voterConfig } from '../../../model/experiments/recipes';
import { initializeParameters } from '../../../model/network/initialize';
import { Inference } from '../../../model/runtime/inference';
import { Random } from '../../../model/text/random';
import { isTrainingError } from '../../../model/training/errors';
import { contextOf } from './tinyDomains';

const NAMES = HEADS.map(({ name }) => name);
const STEPS = 100;

const ALL = contextOf(new Map());
const CONTEXT: RunContext = { ...ALL, domains: ALL.domains.slice(0, 2) };

let trunk: Inference;
let tried: readonly Row[];
let rows: readonly Row[];
beforeAll(async () => {
  const config = voterConfig(CONTEXT, { voters_per_bit: 16 });
  const parameters = initializeParameters(config, new Float32Array(32).fill(0.5), Random.fromSeed(0));
  trunk = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  tried = await tryHeadRates(trunk, 1000, CONTEXT);
  rows = await learnHeads(trunk, 0, tried, CONTEXT);
}, 120_000);
afterAll(() => trunk.dispose());

function of(kind: string, head: string, regime: string): Row[] {
  return rows.filter((row) => row['kind'] === kind && row['head'] === head && row['regime'] === regime);
}

it('tries every head at every rate, and learns with the best', () => {
  expect(tried.map(({ head, learningRate }) => [head, learningRate])).toEqual(
    HEADS.flatMap(({ name, rates }) => rates.map((rate) => [name, rate])),
  );
  for (const { name } of HEADS) {
    const ofHead = tried.filter(({ head }) => head === name);
    const best = ofHead.reduce((one, other) => (other['bitsPerByte']! < one['bitsPerByte']! ? other : one));
    expect(of('matrix', name, 'equal')[0]!['learningRate']).toBe(best['learningRate']);
  }
});

it('hears the same of a trunk whose hidden vectors are twice as large', async () => {
  const doubled = new Map(
    [...trunk.parameters].map(([name, { shape, data }]) => [
      name,
      { shape, data: name.startsWith('output_norm.') ? data.map((value) => 2 * value) : data },
    ]),
  );
  const large = await Inference.create(trunk.config, doubled, trunk.options);
  try {
    expect(await tryHeadRates(large, 1000, CONTEXT)).toEqual(tried);
  } finally {
    await large.dispose();
  }
});

it('says so where a head diverged at all rates', async () => {
  const none = tried.map((row) => (row['head'] === 'MLP' ? { ...row, bitsPerByte: null } : row));
  await expect(learnHeads(trunk, 0, none, CONTEXT)).rejects.toSatisfy(
    (error) => isTrainingError(error) && error.reason === 'diverged' && error.message.startsWith('MLP diverged'),
  );
});

describe.each(NAMES)('%s', (name) => {
  it('learns each domain, all of which are measured before the first and after each', () => {
    const matrix = of('matrix', name, 'equal');
    expect(matrix.map(({ after, of: domain }) => [after, domain])).toEqual(
      [0, 1, 2].flatMap((after) => [0, 1].map((domain) => [after, domain])),
    );
    const at = (after: number, domain: number) => Number(matrix[2 * after + domain]!['bitsPerByte']);
    for (const domain of [0, 1]) expect(at(domain + 1, domain)).toBeLessThan(at(0, domain) - 2);
    expect(of('learned', name, 'equal').map(({ steps }) => steps)).toEqual([STEPS, STEPS]);
  });

  it('is matched to the worst of them on validation text', () => {
    const learned = of('learned', name, 'matched');
    expect(learned).toHaveLength(2);
    learned.forEach((row, i) => {
      const worst = Math.max(...NAMES.map((head) => Number(of('learned', head, 'equal')[i]!['validation'])));
      expect(row['steps'] === 2 * STEPS || Number(row['validation']) <= worst).toBe(true);
    });
  });
});

it('measures which voters win with the head whose voters differ in weight', () => {
  const overlaps = rows.filter(({ kind }) => kind === 'overlap');
  expect(overlaps.map(({ head, domain, other }) => [head, domain, other])).toEqual(
    ['0', '1'].flatMap((domain) => ['0', '1'].map((other) => ['softmax', domain, other])),
  );
  for (const { jaccard } of overlaps) {
    expect(jaccard).toBeGreaterThanOrEqual(0);
    expect(jaccard).toBeLessThanOrEqual(1);
  }
});
