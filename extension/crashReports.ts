/** @file Crashes of the model process, told in one sentence, and not over and over. */
import type * as vscode from 'vscode';
import type { ProcessExit } from './modelProcess/modelProcess';
import { showWarning } from './notifications';

/** Milliseconds between two notifications; the log has every crash. */
const QUIET = 60_000;

export class CrashReports {
  #shownAt = -Infinity;

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** Of the process that answers; a training run tells of its own end. */
  report(exit: ProcessExit): void {
    if (exit.role !== 'answer' || performance.now() - this.#shownAt < QUIET) return;
    this.#shownAt = performance.now();
    const ended = `The SMUGGLER model process ended unexpectedly${exit.device === 'cpu' ? '' : ` on ${exit.device}`} (${exit.reason})`;
    const sentence =
      exit.device === 'cpu'
        ? `${ended} and is being started again; nothing is lost.`
        : `${ended}: the CPU is used until you choose a device again; nothing is lost.`;
    void showWarning(sentence, 'Show Log').then((choice) => {
      if (choice !== undefined) this.log.show();
    });
  }
}
