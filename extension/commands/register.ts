/** @file Registers the table's commands with VS Code. */
import * as vscode from 'vscode';
import { SECTION } from '../configuration';
import type { Command } from './argument';
import { isArgumentError } from './argument';
import { reportFailure } from './report';

export function registerCommands(
  table: Readonly<Record<string, Command>>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const registered = Object.entries(table).map(([name, run]) => {
    const id = `${SECTION}.${name}`;
    return vscode.commands.registerCommand(id, (given: unknown) => {
      try {
        return run(given);
      } catch (error) {
        if (!isArgumentError(error)) throw error;
        return reportFailure(new Error(`${id} ${error.message}`), log);
      }
    });
  });
  return vscode.Disposable.from(...registered);
}
