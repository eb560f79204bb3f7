/** @file What the global set-up hands to the test files. */
import 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** The program that serves VS Code. */
    codeServer: string;
    /** The folder of the Node.js that runs it. */
    node: string;
    /** The browser's program. */
    chromium: string;
    /** Where the packaged extension and the test driver are installed. */
    extensions: string;
    /** Git-ignored folder for pictures and reports. */
    output: string;
  }
}
