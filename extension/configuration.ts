/** @file The settings, read typed and within their bounds. */
import * as vscode from 'vscode';
import type { SettingName } from './settingValues';
import { fitted, SETTING_NAMES } from './settingValues';

export interface Settings {
  /** Folder of the model to load at start; '' means the one used last, or the starter model. */
  readonly model: string;
  readonly device: string;
  /** 0 lets the model process choose. */
  readonly threads: number;
  readonly hoverEnabled: boolean;
  readonly hoverAlternatives: number;
  /** What text is coloured by where the workspace has no choice of its own: the name of a measure, 'off', or 'offer' before any choice. */
  readonly textColours: string;
  /** What the memory reads: 'off', 'document' or 'workspace'. */
  readonly memory: string;
  readonly completionsEnabled: boolean;
  readonly completionsMinConfidence: number;
  readonly completionsMultiline: boolean;
  readonly completionsInCommentsAndStrings: boolean;
  /** Where trained models go: absolute, or relative to the workspace folder. */
  readonly trainingFolder: string;
  readonly trainingMaxFileKilobytes: number;
}

/** The section of every setting. */
export const SECTION = 'smuggler';

/** Reads the settings; their defaults, bounds and choices stand in package.json alone. */
export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const set = setValues(scope);
  const read = <Name extends SettingName>(name: Name) => fitted(name, set(name)).value;
  return {
    model: read('smuggler.model'),
    device: read('smuggler.device'),
    threads: read('smuggler.threads'),
    hoverEnabled: read('smuggler.hover.enabled'),
    hoverAlternatives: read('smuggler.hover.alternatives'),
    textColours: read('smuggler.textColours'),
    memory: read('smuggler.memory'),
    completionsEnabled: read('smuggler.completions.enabled'),
    completionsMinConfidence: read('smuggler.completions.minConfidence'),
    completionsMultiline: read('smuggler.completions.multiline'),
    completionsInCommentsAndStrings: read('smuggler.completions.commentsAndStrings'),
    trainingFolder: read('smuggler.training.folder'),
    trainingMaxFileKilobytes: read('smuggler.training.maxFileSize'),
  };
}

/** The settings that are set to what cannot be used, each with a sentence for the user. */
export function settingProblems(): { readonly name: SettingName; readonly problem: string }[] {
  const set = setValues();
  return SETTING_NAMES.flatMap((name) => {
    const { problem } = fitted(name, set(name));
    return problem === null ? [] : [{ name, problem }];
  });
}

/** Values as they are set, or their defaults. */
function setValues(scope?: vscode.ConfigurationScope): (name: SettingName) => unknown {
  const section = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  return (name) => section.get<unknown>(name.slice(SECTION.length + 1));
}

/** Patterns of `files.exclude` that are on. */
export function excludedPatterns(): string[] {
  const patterns = vscode.workspace.getConfiguration('files').get<Record<string, unknown>>('exclude', {});
  return Object.entries(patterns).flatMap(([pattern, on]) => (on === true ? [pattern] : []));
}

/** Context keys that `when` and `enablement` in package.json name. */
export type ContextKey =
  | 'smuggler.activated'
  | 'smuggler.engineMissing'
  | 'smuggler.modelLoaded'
  | 'smuggler.training'
  | 'smuggler.experimenting'
  | 'smuggler.locked'
  | 'smuggler.votersSilenced'
  | 'smuggler.chunkPinned'
  | 'smuggler.panelOpen';

export function setContext(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
