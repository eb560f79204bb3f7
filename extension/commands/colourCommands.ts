/** @file The command Colour Text By…: asks for a measure, unless one is given. */
import * as vscode from 'vscode';
import type { TextColours } from '../editor/textColours';
import type { ColourMeasureName } from '../editor/textColoursScale';
import { COLOUR_MEASURE_NAMES, COLOUR_MEASURES, isColourMeasureName } from '../editor/textColoursScale';

interface Choice extends vscode.QuickPickItem {
  readonly measure: ColourMeasureName | null;
}

export class ColourCommands {
  constructor(private readonly colours: TextColours) {}

  /** @param given a measure's name or 'off'; asked for where it is neither */
  async colourTextBy(given?: unknown): Promise<void> {
    if (isColourMeasureName(given) || given === 'off') {
      await this.colours.colourBy(given === 'off' ? null : given);
      return;
    }
    const choice = await vscode.window.showQuickPick(this.#choices(), {
      title: 'Colour Text By',
      placeHolder: 'What the colour of the text is to show',
      matchOnDescription: true,
    });
    if (choice !== undefined) await this.colours.colourBy(choice.measure);
  }

  #choices(): Choice[] {
    const choices = [
      ...COLOUR_MEASURE_NAMES.map((measure) => {
        const { label, description } = COLOUR_MEASURES[measure];
        return { measure, label, detail: description };
      }),
      { measure: null, label: 'Off', detail: 'no colours' },
    ];
    return choices.map((choice) => ({
      ...choice,
      ...(choice.measure === this.colours.measure ? { description: 'now' } : {}),
    }));
  }
}
