/** @file What a training would read, shown before its first step: files, bytes, languages, and what is skipped and why. */
import * as vscode from 'vscode';
import type { CorpusContents, SkippedFile } from '../../model/protocol/training';
import { byteSize, percent, plural } from '../../model/measures/numberText';
import { errorSentence } from '../modelProcess/errors';
import { fileName } from '../editor/documentName';

/** @throws ModelRequestError, ModelProcessExitError, where there is nothing to read too */
export type ReadContents = (text: readonly string[], token: vscode.CancellationToken) => Promise<CorpusContents>;

/** To train on this text, or to choose another. */
export type ContentsAnswer = 'train' | 'other';

export interface ContentsItem extends vscode.QuickPickItem {
  /** Null where it only informs. */
  readonly answer: ContentsAnswer | null;
}

/** Paths that are named per reason. */
const NAMED = 3;

const OTHER: ContentsItem = { label: '$(arrow-left) Choose Another Text…', answer: 'other' };

function separator(label: string): ContentsItem {
  return { label, kind: vscode.QuickPickItemKind.Separator, answer: null };
}

function skippedItems(skipped: readonly SkippedFile[]): ContentsItem[] {
  const byReason = new Map<SkippedFile['reason'], string[]>();
  for (const { path, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), path]);
  return [...byReason].map(([reason, paths]) => {
    const named = paths.slice(0, NAMED).map((path) => fileName(vscode.Uri.file(path)));
    const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : '';
    return { label: `$(circle-slash) ${reason}: ${paths.length}`, description: named.join(', ') + more, answer: null };
  });
}

/** The rows of the question. */
export function contentsItems({ files, bytes, languages, skipped }: CorpusContents): ContentsItem[] {
  return [
    {
      label: `$(check) Train on ${plural(files, 'File', 'Files')}`,
      description: byteSize(bytes),
      answer: 'train',
    },
    OTHER,
    separator('read'),
    ...languages.map((language) => ({
      label: `$(file-code) ${language.name}`,
      description: `${plural(language.files, 'file', 'files')}, ${byteSize(language.bytes)}, ${percent(language.bytes / bytes)}`,
      answer: null,
    })),
    ...(skipped.length === 0 ? [] : [separator('skipped'), ...skippedItems(skipped)]),
  ];
}

/** Reads the text to show what is in it. @returns undefined where the user cancels */
export async function askContents(
  title: string,
  text: readonly string[],
  read: ReadContents,
): Promise<ContentsAnswer | undefined> {
  const picker = vscode.window.createQuickPick<ContentsItem>();
  const ending = new vscode.CancellationTokenSource();
  picker.title = title;
  picker.placeholder = 'Reading…';
  picker.busy = true;
  picker.ignoreFocusOut = true;
  const chosen = new Promise<ContentsAnswer | undefined>((resolve) => {
    picker.onDidAccept(() => {
      const answer = picker.selectedItems[0]?.answer ?? null;
      if (answer === null) return;
      resolve(answer);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
    });
  });
  const fill = async () => {
    try {
      picker.items = contentsItems(await read(text, ending.token));
      picker.placeholder = 'This is what will be read; Esc cancels';
    } catch (error) {
      if (ending.token.isCancellationRequested) return;
      picker.items = [
        { label: '$(error) This text cannot be read', detail: errorSentence(error), answer: null },
        OTHER,
      ];
      picker.placeholder = 'There is nothing to train on';
    }
    picker.busy = false;
  };
  picker.show();
  void fill();
  try {
    return await chosen;
  } finally {
    ending.cancel();
    ending.dispose();
    picker.dispose();
  }
}
