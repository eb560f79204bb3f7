/** @file The extension as it is installed and running: its files, what is disposed with it, its log and its measurements of time. */
import * as vscode from 'vscode';
import { Timings } from './timings';

export interface Installation {
  readonly context: vscode.ExtensionContext;
  /** The path of a file that comes with the extension. */
  readonly own: (...path: string[]) => string;
  /** Disposed with the extension. */
  readonly keep: <T extends vscode.Disposable>(disposable: T) => T;
  readonly log: vscode.LogOutputChannel;
  readonly timings: Timings;
}

export function installationOf(context: vscode.ExtensionContext): Installation {
  const keep = <T extends vscode.Disposable>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  return {
    context,
    own: (...path) => vscode.Uri.joinPath(context.extensionUri, ...path).fsPath,
    keep,
    log: keep(vscode.window.createOutputChannel('SMUGGLER', { log: true })),
    timings: new Timings(),
  };
}
