/** @file What takes long says so while it does, and what another program holds is waited for. */
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Does something that takes long, and says every few seconds that it still does.
 * @template T
 * @param {string} what begins the lines
 * @param {() => Promise<T>} work
 * @param {{ say?: (line: string) => void, everySeconds?: number }} [options]
 */
export async function withProgress(what, work, { say = console.log, everySeconds = 10 } = {}) {
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1000);
  say(`${what} …`);
  const timer = setInterval(() => say(`${what} … ${seconds()} s`), 1000 * everySeconds);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** What apt says where another apt, dpkg or an update in the background is at work. */
const LOCKED = /Could not get lock|Unable to (?:acquire|lock)|Resource temporarily unavailable/;

/**
 * Runs apt, and again while another program holds its lock, which is said once.
 * @template T
 * @param {() => Promise<T>} work rejects with what apt wrote
 * @param {{ say?: (line: string) => void, pauseSeconds?: number, mostSeconds?: number }} [options]
 */
export async function untilUnlocked(work, { say = console.log, pauseSeconds = 3, mostSeconds = 600 } = {}) {
  const end = performance.now() + 1000 * mostSeconds;
  for (let told = false; ; told = true) {
    try {
      return await work();
    } catch (error) {
      if (!LOCKED.test(error.message) || performance.now() > end) throw error;
      if (!told)
        say(
          `Another program is installing packages (it holds apt's lock): waiting for it, up to ${Math.round(mostSeconds / 60)} minutes …`,
        );
      await sleep(1000 * pauseSeconds);
    }
  }
}
