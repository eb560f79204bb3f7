/** @file A progress bar on stderr where that is a terminal, and nothing anywhere else. */
import { Presets, SingleBar } from 'cli-progress';

export interface Bar {
  /** @param values fill the format's own placeholders */
  update(value: number, total: number, values?: Readonly<Record<string, string>>): void;
  stop(): void;
}

/** Whether a bar would be drawn. */
export function hasBar(quiet: boolean): boolean {
  return !quiet && process.stderr.isTTY;
}

/**
 * @param quiet draws nothing
 * @param format cli-progress's: {bar}, {percentage}, {value}, {total}, and names given to `update`
 */
export function startBar(quiet: boolean, format: string): Bar {
  if (!hasBar(quiet)) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({ format, stream: process.stderr, hideCursor: true, barsize: 24 }, Presets.shades_classic);
  let isStarted = false;
  return {
    update(value, total, values = {}) {
      if (isStarted) {
        bar.setTotal(total);
        bar.update(value, values);
      } else {
        bar.start(total, value, values);
        isStarted = true;
      }
    },
    stop() {
      if (isStarted) bar.stop();
      isStarted = false;
    },
  };
}
