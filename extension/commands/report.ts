/** @file How commands tell the user that something failed: one sentence, and the log for the rest. */
import * as vscode from 'vscode';
import { errorSentence } from '../modelProcess/errors';
import { showError, showWarning } from '../notifications';

/** What a command answers to a caller that gave it arguments, in place of throwing at a user. */
export interface CommandFailure {
  readonly error: string;
}

/** Shows the sentence without waiting for the user, and returns it for the caller. */
export function reportFailure(error: unknown, log: vscode.LogOutputChannel): CommandFailure {
  const sentence = errorSentence(error);
  log.error(sentence);
  void showError(sentence, 'Show Log').then((choice) => {
    if (choice !== undefined) log.show();
  });
  return { error: sentence };
}

/**
 * Whether the workspace is trusted; where not, the user is told that `what` needs it.
 * @param what begins the sentence: 'Training reads files of the workspace'
 */
export function requireTrust(what: string): CommandFailure | null {
  if (vscode.workspace.isTrusted) return null;
  const sentence = `${what}, so it needs a trusted workspace; inspection with the starter model works without.`;
  const manage = 'Manage Workspace Trust';
  void showWarning(sentence, manage).then((choice) => {
    if (choice === manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
  return { error: sentence };
}
