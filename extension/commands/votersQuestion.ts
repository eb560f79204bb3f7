/** @file Asks for voters by their numbers. */
import * as vscode from 'vscode';
import { parseVoters, voterExamples, voterForm } from '../../model/measures/voterList';

/** What the user wrote, which can be read or is empty; undefined when they changed their mind. @param value what stands there at first */
export function askForVoters(title: string, votersPerBit: number, value: string): Thenable<string | undefined> {
  const { one, some, each } = voterExamples(votersPerBit);
  return vscode.window.showInputBox({
    title,
    prompt: `${voterForm(votersPerBit)}; ${one}=1 holds the vote. Bits 0 to 31, voters 0 to ${votersPerBit - 1}.`,
    placeHolder: `${one}, ${some}, ${each}`,
    value,
    validateInput: (text) => {
      const list = parseVoters(text, votersPerBit);
      return 'error' in list && text.trim() !== '' ? list.error : undefined;
    },
  });
}
