/** @file Asks for voters by their numbers. */
import * as vscode from 'vscode';
import { parseVoters } from '../../model/measures/voterList';

/** What the user wrote, which can be read or is empty; undefined when they changed their mind. @param value what stands there at first */
export function askForVoters(title: string, votersPerBit: number, value: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title,
    prompt: `bit/voter, such as 3/17, 3/0-15 or */7; 3/17=1 holds the vote. Bits 0 to 31, voters 0 to ${votersPerBit - 1}.`,
    placeHolder: '3/17, 5/0-15, */7',
    value,
    validateInput: (text) => {
      const list = parseVoters(text, votersPerBit);
      return 'error' in list && text.trim() !== '' ? list.error : undefined;
    },
  });
}
