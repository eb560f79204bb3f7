/** @file Runs of experiment 4 on a real engine, its quickest arm: what is measured when, and when a domain counts as learned. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { FinishedRun, Row } from '../../../model/experiments/experiment';
import { FORGETTING } from '../../../model/experiments/forgetting';
import { isTrainingError } from '../../../model/training/errors';
import { contextOf, WORDS } from './tinyDomains';

const STEPS = 50;

function planned(key: string) {
  return FORGETTING.plan({ quick: true, seeds: 1 }).find((run) => run.key === key)!;
}

function ofKind(rows: readonly Row[], kind: string): Row[] {
  return rows.filter((row) => row['kind'] === kind);
}

let equal: readonly Row[];
beforeAll(async () => {
  equal = await FORGETTING.run(planned('seed 0: dense, equal'), contextOf(new Map()));
});

describe('equal steps', () => {
  it('measure every domain before the first and after each', () => {
    const places = ofKind(equal, 'matrix').map(({ after, of }) => [after, of]);
    expect(places).toEqual([0, 1, 2, 3, 4].flatMap((after) => [0, 1, 2, 3].map((of) => [after, of])));
    expect(ofKind(equal, 'learned').map(({ domain, steps }) => [domain, steps])).toEqual(
      ['0', '1', '2', '3'].map((domain) => [domain, STEPS]),
    );
    const course = ofKind(equal, 'course').map(({ steps }) => Number(steps));
    expect(course).toEqual([...course].sort((a, b) => a - b));
    expect(course.at(-1)).toBe(4 * STEPS);
    // Right after each switch, where a model falls before it recovers.
    for (const switched of [1, 2, 3]) {
      for (const step of [1, 2, 4, 8]) expect(course).toContain(switched * STEPS + step);
    }
  });

  it('learn the domain that they are given', () => {
    const at = (after: number, of: number) =>
      Number(ofKind(equal, 'matrix').find((row) => row['after'] === after && row['of'] === of)!['bitsPerByte']);
    for (const of of WORDS.keys()) expect(at(of + 1, of)).toBeLessThan(at(0, of) - 1);
  });
});

describe('matched learning', () => {
  it('ends each domain as soon as its validation text is as good as that of the worst arm', async () => {
    const finished = (arm: string, worse: number): [string, FinishedRun] => {
      const rows = ofKind(equal, 'learned').map((row) => ({ ...row, validation: Number(row['validation']) + worse }));
      const key = `seed 0: ${arm}, equal`;
      return [key, { key, arm, seed: 0, seconds: 1, rows }];
    };
    const worst = 0.5;
    const runs = new Map([finished('softmax', worst), finished('mean', 0), finished('dense', 0)]);
    const matched = await FORGETTING.run(planned('seed 0: dense, matched'), contextOf(runs));
    const learned = ofKind(matched, 'learned');
    expect(learned).toHaveLength(4);
    learned.forEach((row, i) => {
      const threshold = Number(ofKind(equal, 'learned')[i]!['validation']) + worst;
      const steps = Number(row['steps']);
      expect(steps === 2 * STEPS || Number(row['validation']) <= threshold).toBe(true);
      expect([1, 2, 3].includes(steps) || steps % 5 === 0).toBe(true);
    });
    expect(ofKind(matched, 'course')).toEqual([]);
    // The first domain is learned in fewer steps than it was given.
    expect(Number(learned[0]!['steps'])).toBeLessThan(STEPS);
  });

  it('has nothing to match where an arm diverged', async () => {
    const run = FORGETTING.run(planned('seed 0: dense, matched'), contextOf(new Map()));
    await expect(run).rejects.toSatisfy((error) => isTrainingError(error) && error.reason === 'diverged');
  });
});
