/** @file The first minute: once per user, the open text is coloured by surprise, with one offer to keep the colours or to turn them off. */
import * as vscode from 'vscode';
import { SECTION } from '../configuration';
import type { ModelService } from '../modelProcess/modelService';
import { isInspectable, tooLargeSentence } from '../modelProcess/documentTexts';
import type { TextColours } from './textColours';
import { showInformation } from '../notifications';

/** Where it is remembered that the offer was made, for all workspaces. */
const OFFERED = 'smuggler.coloursOffered';

const KEEP = 'Keep Colours';
const OFF = 'Turn Off';

export interface FirstColoursOptions {
  readonly models: ModelService;
  readonly colours: TextColours;
  /** `globalState` */
  readonly memory: vscode.Memento;
}

export class FirstColours implements vscode.Disposable {
  readonly #subscriptions: vscode.Disposable[] = [];

  constructor(private readonly options: FirstColoursOptions) {
    const attempt = () => {
      this.#attempt();
    };
    this.#subscriptions.push(
      options.models.onDidChange(attempt),
      vscode.window.onDidChangeVisibleTextEditors(attempt),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.textColours`)) attempt();
      }),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose();
  }

  /** Whether a user who has decided nothing looks at a text that can be coloured, whatever has the focus. */
  get #isDue(): boolean {
    const { models, colours } = this.options;
    if (colours.isChosen || models.state.kind !== 'ready') return false;
    return vscode.window.visibleTextEditors.some(({ document }) => {
      const isEmpty = document.lineCount === 1 && document.lineAt(0).text === '';
      return isInspectable(document) && tooLargeSentence(document) === null && !isEmpty;
    });
  }

  #attempt(): void {
    const { colours, memory } = this.options;
    if (memory.get<boolean>(OFFERED) === true) this.dispose();
    else if (this.#isDue) {
      this.dispose();
      void memory.update(OFFERED, true);
      colours.show({ name: 'surprise' });
      void this.#offer();
    }
  }

  async #offer(): Promise<void> {
    const answer = await showInformation(
      'The text is coloured by how much it surprised the SMUGGLER model: the stronger the colour, the less it expected the text. Click a strongly coloured word to see who failed.',
      KEEP,
      OFF,
    );
    // Whoever closes it has decided nothing: the colours stay until the window closes.
    if (answer === undefined) return;
    const section = vscode.workspace.getConfiguration(SECTION);
    await section.update('textColours', answer === KEEP ? 'surprise' : 'off', vscode.ConfigurationTarget.Global);
  }
}
