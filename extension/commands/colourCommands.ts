/** @file The command Colour Text By…, which asks for a measure, or a voter, unless one is given; and Colour Text By This Voter. */
import * as vscode from 'vscode';
import type { TextColours } from '../editor/textColours';
import type { ColourChoice, ColourMeasureName } from '../editor/textColoursScale';
import {
  COLOUR_MEASURE_NAMES,
  COLOUR_MEASURES,
  isOfMemory,
  parseVoter,
  readColourChoice,
  scaleOf,
} from '../editor/textColoursScale';
import type { Services } from '../editor/services';
import { showInformation } from '../notifications';
import { loadedModel } from './loadedModel';
import type { CommandFailure } from './report';
import type { VoterArguments } from './selectedVoter';
import { voterFor } from './selectedVoter';

interface Choice extends vscode.QuickPickItem {
  readonly choice: ColourChoice | 'voter' | null;
}

const TURN_ON = 'Turn On Memory';

export class ColourCommands {
  constructor(
    private readonly colours: TextColours,
    private readonly services: Services,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** @param given skips the question */
  async colourTextBy(given?: 'off' | ColourMeasureName | ColourChoice): Promise<void> {
    if (given === 'off') return this.colours.colourBy(null);
    if (given !== undefined) return this.#colourBy(typeof given === 'string' ? { name: given } : given);
    const picked = await vscode.window.showQuickPick(this.#choices(), {
      title: 'Colour Text By',
      placeHolder: 'What the colour of the text is to show',
    });
    if (picked === undefined) return undefined;
    const wanted = picked.choice === 'voter' ? await this.#askVoter() : picked.choice;
    return wanted === undefined ? undefined : this.#colourBy(wanted);
  }

  /** Offers to turn memory on where the colours need it: without it there are none. */
  async #colourBy(choice: ColourChoice | null): Promise<void> {
    await this.colours.colourBy(choice);
    if (this.services.documentMemory.chosen !== null || !isOfMemory(choice)) return;
    void showInformation('These colours show what memory says, and memory is off.', TURN_ON).then((button) => {
      if (button === TURN_ON) void vscode.commands.executeCommand('smuggler.toggleMemory');
    });
  }

  /** Colours by the vote of the voter that is pointed at or selected. */
  async colourTextByVoter(given?: VoterArguments): Promise<CommandFailure | undefined> {
    const place = await voterFor(given, this.services, this.log);
    if ('error' in place) return place;
    await this.colours.colourBy({ name: 'vote', bit: place.bit, voter: place.voter });
    return undefined;
  }

  #choices(): Choice[] {
    const now = this.colours.choice;
    const isMemoryOff = this.services.documentMemory.chosen === null;
    const described = (name: ColourMeasureName | 'vote' | null) => {
      const isNeeded = isMemoryOff && name !== null && name !== 'vote' && isOfMemory({ name });
      const notes = [(now?.name ?? null) === name ? 'now' : '', isNeeded ? 'memory is off' : ''];
      const description = notes.filter((note) => note !== '').join(', ');
      return description === '' ? {} : { description };
    };
    return [
      ...COLOUR_MEASURE_NAMES.map((name) => {
        const { label, description } = COLOUR_MEASURES[name];
        return { choice: { name }, label, detail: description, ...described(name) };
      }),
      {
        choice: 'voter',
        label: 'A Voter’s Vote…',
        detail: now?.name === 'vote' ? scaleOf(now).label : 'the vote of one voter at each chunk',
        ...described('vote'),
      },
      { choice: null, label: 'Off', detail: 'no colours', ...described(null) },
    ];
  }

  /** Bit and voter, at first those that are selected; undefined where the user thinks better of it. */
  async #askVoter(): Promise<ColourChoice | undefined> {
    const model = await loadedModel(this.services.models, this.log);
    if ('error' in model) return undefined;
    const { selection } = this.services.selection;
    const expected = `A bit from 0 to 31 and a voter from 0 to ${model.votersPerBit - 1}, such as 9 ${Math.min(17, model.votersPerBit - 1)}`;
    const read = (text: string): ColourChoice | null => {
      const voter = parseVoter(text);
      const choice = voter === null ? null : readColourChoice({ name: 'vote', ...voter });
      return choice?.name === 'vote' && choice.voter < model.votersPerBit ? choice : null;
    };
    const text = await vscode.window.showInputBox({
      title: 'Colour Text By a Voter’s Vote',
      prompt: expected,
      value: selection?.bit == null || selection.voter === null ? '' : `${selection.bit} ${selection.voter}`,
      validateInput: (value) => (read(value) === null ? expected : null),
    });
    return text === undefined ? undefined : (read(text) ?? undefined);
  }
}
