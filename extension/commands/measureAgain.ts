/** @file The button of a question whose answers show what was measured on this machine. */
import * as vscode from 'vscode';

export const MEASURE_AGAIN: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('refresh'),
  tooltip: 'Measure Again',
};
