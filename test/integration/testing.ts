/** @file What a suite of test/integration/suites/ exports, and how its tests are run inside the extension host. */

/** Tests by name. They run in this order, in the extension host of a real VS Code, with the `vscode` module. */
export type HostTests = Readonly<Record<string, () => Promise<void> | void>>;

/** One test's result; `error` is null where it passed. */
export interface HostResult {
  readonly name: string;
  readonly milliseconds: number;
  readonly error: string | null;
}

/** The prefix of the console lines that carry results out of the extension host. */
export const RESULT_PREFIX = 'smuggler-test-result ';

/** No test may take longer than this; one that hangs fails by itself and the next ones run. */
const TEST_TIMEOUT_MS = 120_000;

/** Runs tests one after another and prints a line with its {@link HostResult} after each. */
export async function runHostTests(suite: string, tests: HostTests): Promise<void> {
  for (const [name, test] of Object.entries(tests)) {
    const start = performance.now();
    let error: string | null = null;
    let timer: NodeJS.Timeout | undefined;
    try {
      const timeout = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          reject(new Error(`No end after ${TEST_TIMEOUT_MS / 1000} s.`));
        }, TEST_TIMEOUT_MS);
      });
      await Promise.race([test(), timeout]);
    } catch (thrown) {
      error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    } finally {
      clearTimeout(timer);
    }
    const result: HostResult = { name: `${suite}: ${name}`, milliseconds: performance.now() - start, error };
    console.log(RESULT_PREFIX + JSON.stringify(result));
  }
}
