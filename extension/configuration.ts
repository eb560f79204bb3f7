/** @file The settings, read typed. */
import * as vscode from 'vscode';

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
  readonly completionsEnabled: boolean;
  readonly completionsMinConfidence: number;
  readonly completionsMaxBytes: number;
  /** Milliseconds of quiet before a completion is asked for. */
  readonly completionsDelay: number;
  readonly completionsMultiline: boolean;
  /** Where trained models go: absolute, or relative to the workspace folder. */
  readonly trainingFolder: string;
  readonly trainingMaxFileKilobytes: number;
}

/** The section of every setting. */
export const SECTION = 'smuggler';

/** Reads the settings; their defaults stand in package.json alone. */
export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const section = vscode.workspace.getConfiguration(SECTION, scope ?? null);
  // Each is declared with a default in package.json, so none is undefined.
  return {
    model: section.get<string>('model')!,
    device: section.get<string>('device')!,
    threads: section.get<number>('threads')!,
    hoverEnabled: section.get<boolean>('hover.enabled')!,
    hoverAlternatives: section.get<number>('hover.alternatives')!,
    textColours: section.get<string>('textColours')!,
    completionsEnabled: section.get<boolean>('completions.enabled')!,
    completionsMinConfidence: section.get<number>('completions.minConfidence')!,
    completionsMaxBytes: section.get<number>('completions.maxBytes')!,
    completionsDelay: section.get<number>('completions.delay')!,
    completionsMultiline: section.get<boolean>('completions.multiline')!,
    trainingFolder: section.get<string>('training.folder')!,
    trainingMaxFileKilobytes: section.get<number>('training.maxFileSize')!,
  };
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
  | 'smuggler.locked'
  | 'smuggler.votersSilenced'
  | 'smuggler.chunkPinned'
  | 'smuggler.panelOpen';

export function setContext(key: ContextKey, value: boolean): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
