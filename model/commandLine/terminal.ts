/** @file What a subcommand has to do with the terminal: results, notes, interruption, and errors of usage. */

/** Exit codes of the command line. */
export const ExitCode = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** A command line that does not fit together; exits with 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function isUsageError(error: unknown): error is UsageError {
  return error instanceof UsageError;
}

/** Results go to stdout, so that they can be piped; everything told by the way goes to stderr. */
export class Terminal {
  private readonly controller = new AbortController();
  private isPatient = false;

  /** Aborted by Ctrl-C or a request to end. */
  readonly signal: AbortSignal = this.controller.signal;

  constructor() {
    const interrupt = () => {
      if (!this.isPatient || this.signal.aborted) process.exit(ExitCode.interrupted);
      this.controller.abort();
    };
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    // A reader such as `head` that has seen enough is no failure.
    process.stdout.on('error', (error: Error) => {
      if ('code' in error && error.code === 'EPIPE') process.exit(ExitCode.done);
      throw error;
    });
  }

  /** From now on the first interruption only aborts `signal`, and the command ends in its own time; a second one ends at once. */
  finishWhenInterrupted(): void {
    this.isPatient = true;
  }

  /** One line of result. */
  line(text: string): void {
    process.stdout.write(`${text}\n`);
  }

  /** One object on a line of its own. */
  json(value: object): void {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  }

  /** One line by the way. */
  note(text: string): void {
    process.stderr.write(`${text}\n`);
  }
}
