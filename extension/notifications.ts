/** @file What the user is told in notifications: as it is, although VS Code reads `[label](command:…)` in them as a link that runs a command. */
import * as vscode from 'vscode';

/** Text that VS Code reads no link in: for notifications, their progress, and what input boxes say. Names of files and values of settings are anyone's. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', '] (');
}

type Button = string | undefined;

/** @returns the chosen button, undefined where the notification was closed */
export function showInformation(sentence: string, ...buttons: readonly string[]): Thenable<Button> {
  return vscode.window.showInformationMessage(withoutLinks(sentence), ...buttons);
}

/** As {@link showInformation}. */
export function showWarning(sentence: string, ...buttons: readonly string[]): Thenable<Button> {
  return vscode.window.showWarningMessage(withoutLinks(sentence), ...buttons);
}

/** As {@link showInformation}. */
export function showError(sentence: string, ...buttons: readonly string[]): Thenable<Button> {
  return vscode.window.showErrorMessage(withoutLinks(sentence), ...buttons);
}
