/** @file Installations say that they go on, and wait for apt's lock. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';

type Say = (line: string) => void;
interface Waiting {
  readonly withProgress: <T>(
    what: string,
    work: () => Promise<T>,
    options: { say: Say; everySeconds: number },
  ) => Promise<T>;
  readonly untilUnlocked: <T>(
    work: () => Promise<T>,
    options: { say: Say; pauseSeconds: number; mostSeconds?: number },
  ) => Promise<T>;
}

// A script, which has no types.
const file: string = path.join(import.meta.dirname, '../../../scripts/lib/waiting.mjs');
const { withProgress, untilUnlocked } = (await import(file)) as Waiting;

it('says what it does, and again while it goes on', async () => {
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  expect(await withProgress('Installing x', () => sleep(200, 7), { say, everySeconds: 0.05 })).toBe(7);
  expect(lines[0]).toBe('Installing x …');
  expect(lines.length).toBeGreaterThan(1);
  expect(lines[1]).toMatch(/^Installing x … \d+ s$/);
  const said = lines.length;
  await sleep(150);
  expect(lines.length).toBe(said);
});

it.each([
  'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (apt-get)',
  'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 812 (unattended-upgr)',
  'E: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?',
])('waits while another program holds the lock, and says so once: %s', async (message) => {
  const lines: string[] = [];
  let tries = 0;
  const work = () => (++tries < 4 ? Promise.reject(new Error(message)) : Promise.resolve('done'));
  expect(await untilUnlocked(work, { say: (line) => void lines.push(line), pauseSeconds: 0.01 })).toBe('done');
  expect([tries, lines.length]).toEqual([4, 1]);
  expect(lines[0]).toMatch(/lock/);
});

it('does not wait for what will not change, nor for ever', async () => {
  const failing = (message: string, mostSeconds: number) =>
    untilUnlocked(() => Promise.reject(new Error(message)), { say: () => undefined, pauseSeconds: 0.01, mostSeconds });
  await expect(failing('E: Unable to locate package nowhere', 60)).rejects.toThrow('nowhere');
  await expect(failing('E: Could not get lock x', 0)).rejects.toThrow('lock x');
});
