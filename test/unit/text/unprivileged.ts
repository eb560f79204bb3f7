/** @file Runs a piece of a test without root's rights, so that permissions hold wherever the tests run. */

const NOBODY = 65534;

/** Runs `body` as a user to whom permissions apply: as nobody where the test runs as root. */
export async function unprivileged<T>(body: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return body();
  process.seteuid!(NOBODY);
  try {
    return await body();
  } finally {
    process.seteuid!(0);
  }
}
