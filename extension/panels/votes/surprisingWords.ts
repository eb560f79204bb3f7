/** @file Where text is coloured by surprise, a click on a strongly coloured word shows the votes behind it. */
import * as vscode from 'vscode';
import type { TextColours } from '../../editor/textColours';
import { STEPS } from '../../editor/textColoursScale';
import type { View } from '../frame/definePanel';
import { showVotes } from './votesView';

/** From this step on a word is strongly coloured: the last three, 12 bits per chunk and more. */
const STRONG = STEPS - 3;

/** Takes no focus, and ends with the user's leaving the view, until that is opened by command again. */
export function watchSurprisingWords(colours: TextColours, view: View): vscode.Disposable {
  return vscode.window.onDidChangeTextEditorSelection(({ kind, selections, textEditor }) => {
    const [caret] = selections;
    const isClick = kind === vscode.TextEditorSelectionChangeKind.Mouse && selections.length === 1;
    if (!isClick || caret?.isEmpty !== true || colours.choice?.name !== 'surprise') return;
    if (view.visible || view.wasLeft || colours.stepAt(textEditor, caret.active) < STRONG) return;
    void showVotes(true).then(() => {
      // The view takes room from the text, and the word is what it is about.
      textEditor.revealRange(
        new vscode.Range(caret.active, caret.active),
        vscode.TextEditorRevealType.InCenterIfOutsideViewport,
      );
    });
  });
}
