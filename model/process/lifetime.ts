/** @file How the model process ends: with its parent, on a signal, or by a defect, never by itself and never left behind. */

/** Milliseconds that running work gets to save before the process ends regardless. */
const GRACE = 3_000;

/**
 * Ties the process to its parent.
 * @param stop stops what is running; resolves when it has saved
 */
export function endWithParent(stop: () => Promise<void>): void {
  let isEnding = false;
  const end = (code: number) => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(code), GRACE);
    void stop().finally(() => process.exit(code));
  };
  // The channel closes when the parent disconnects, exits or is killed.
  process.on('disconnect', () => {
    end(0);
  });
  process.on('SIGTERM', () => {
    end(143);
  });
  process.on('SIGINT', () => {
    end(130);
  });
  process.on('SIGHUP', () => {
    end(129);
  });
  process.on('uncaughtException', (error) => {
    const where = error.stack?.split('\n')[1]?.trim() ?? 'no stack';
    process.stderr.write(`The model process met a defect of its own and ended: ${error.message} (${where})\n`);
    process.exit(1);
  });
}
