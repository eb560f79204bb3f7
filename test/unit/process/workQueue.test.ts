/** @file The order of work: one at a time, urgent work first, nothing that was cancelled before its turn. */
import { describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkQueue } from '../../../model/process/workQueue';

const never = new AbortController().signal;

describe('a work queue', () => {
  it('runs one at a time, urgent work first', async () => {
    const queue = new WorkQueue();
    const order: string[] = [];
    let running = 0;
    const work = (name: string) => async () => {
      expect(++running).toBe(1);
      await sleep(1);
      order.push(name);
      running--;
      return name;
    };
    const results = await Promise.all([
      queue.run('background', never, work('a')),
      queue.run('background', never, work('b')),
      queue.run('now', never, work('c')),
      queue.run('now', never, work('d')),
    ]);
    expect(results).toEqual(['a', 'b', 'c', 'd']);
    expect(order).toEqual(['c', 'd', 'a', 'b']);
    // An idle queue takes up work again.
    expect(await queue.run('now', never, work('e'))).toBe('e');
  });

  it('lets urgent work pass background work that gives way', async () => {
    const queue = new WorkQueue();
    const order: string[] = [];
    const long = queue.run('background', never, async () => {
      order.push('long begins');
      const urgent = queue.run('now', never, () => Promise.resolve(order.push('urgent')));
      const other = queue.run('background', never, () => Promise.resolve(order.push('other')));
      await queue.giveWay();
      order.push('long ends');
      return { urgent, other };
    });
    const { urgent, other } = await long;
    await Promise.all([urgent, other]);
    expect(order).toEqual(['long begins', 'urgent', 'long ends', 'other']);
  });

  it('lets long work rest after urgent work, and wakes for more', async () => {
    const queue = new WorkQueue();
    const order: string[] = [];
    const rests: number[] = [];
    await queue.run('now', never, () => Promise.resolve());
    await queue.run('long', never, async () => {
      const start = performance.now();
      setTimeout(() => void queue.run('background', never, () => Promise.resolve(order.push('background'))), 20);
      setTimeout(() => {
        order.push('timer');
        void queue.run('now', never, () => Promise.resolve(order.push('now')));
      }, 60);
      await queue.giveWay('long');
      rests.push(performance.now() - start);
      order.push('long goes on');
      const again = performance.now();
      await queue.giveWay('long');
      rests.push(performance.now() - again);
    });
    // Nothing waits for the end of the rest but the long work, and urgent work begins the rest anew.
    expect(order).toEqual(['background', 'timer', 'now', 'long goes on']);
    expect(rests[0]).toBeGreaterThan(60 + 240);
    expect(rests[1]).toBeLessThan(100);
  });

  it('never lets background work rest', async () => {
    const queue = new WorkQueue();
    await queue.run('now', never, () => Promise.resolve());
    const start = performance.now();
    await queue.run('background', never, () => queue.giveWay());
    expect(performance.now() - start).toBeLessThan(100);
  });

  it('never starts what was cancelled before its turn', async () => {
    const queue = new WorkQueue();
    const controller = new AbortController();
    const first = queue.run('now', never, async () => {
      await sleep(5);
      controller.abort();
    });
    let isStarted = false;
    const second = queue.run('now', controller.signal, () => {
      isStarted = true;
      return Promise.resolve();
    });
    await first;
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    expect(isStarted).toBe(false);
  });

  it('goes on after work that failed', async () => {
    const queue = new WorkQueue();
    const failing = queue.run('now', never, () => Promise.reject(new Error('broken')));
    const next = queue.run('now', never, () => Promise.resolve(1));
    await expect(failing).rejects.toThrow('broken');
    expect(await next).toBe(1);
  });
});
