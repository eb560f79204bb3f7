/** @file Commands that say what of the voters A and B of the comparison are: as they are, as they are changed now, by number, or kept by name. */
import * as vscode from 'vscode';
import { changesSentence } from '../../model/measures/changesText';
import type { ModelSummary } from '../../model/protocol/models';
import type { SideName } from '../../model/protocol/panels/comparison';
import type { Services } from '../editor/services';
import { parseVoters, voterForm } from '../../model/measures/voterList';
import { showInformation } from '../notifications';
import type { ComparedVoters, VoterSets } from '../panels/comparison/comparedVoters';
import { comparedVoters, UNCHANGED } from '../panels/comparison/comparedVoters';
import type { ComparisonSubjects } from '../panels/comparison/comparisonSubject';
import type { EditorPanel } from '../panels/frame/definePanel';
import { loadedModel } from './loadedModel';
import type { Choice } from './questions';
import { pick } from './questions';
import type { CommandFailure } from './report';
import { askForVoters } from './votersQuestion';

/** Voters of both as a user would write them; a side without any has all of them. */
export interface CompareVotersArguments {
  readonly a?: string;
  readonly b?: string;
}

/** One of these answers the question. */
export interface ChooseVotersArguments {
  /** As a user would write them. */
  readonly voters?: string;
  /** Those that are kept under this name. */
  readonly open?: string;
  /** Keeps the side's voters under this name. */
  readonly keep?: string;
}

export interface ComparedVotersOptions {
  readonly services: Services;
  readonly subjects: ComparisonSubjects;
  readonly sets: VoterSets;
  readonly panel: EditorPanel;
  readonly log: vscode.LogOutputChannel;
}

/** What voters are numbered in. */
type VotersModel = Pick<ModelSummary, 'votersPerBit' | 'folder'>;

type Answer = ComparedVoters | CommandFailure | undefined;

const SIDE_NAMES: Readonly<Record<SideName, string>> = { a: 'A', b: 'B' };

export class ComparedVotersCommands {
  constructor(private readonly options: ComparedVotersOptions) {}

  /** The loaded model with all its voters, and with those that are silenced and held now; or as given. */
  async compare(given?: CompareVotersArguments): Promise<CommandFailure | undefined> {
    const { services, subjects, panel, log } = this.options;
    const model = await loadedModel(services.models, log);
    if ('error' in model) return model;
    const a = given === undefined ? UNCHANGED : votersOf(given.a ?? '', model);
    const b = given === undefined ? this.#present() : votersOf(given.b ?? '', model);
    if ('error' in a) return a;
    if ('error' in b) return b;
    if (given === undefined && b.changes.length === 0) {
      const error =
        'No voter of the model is silenced or held: silence some first, in Voter Votes or with Silence Voters….';
      void showInformation(error);
      return { error };
    }
    await subjects.set({ folder: null, texts: null, voters: { a, b } });
    panel.open();
    return undefined;
  }

  /** The voters that are silenced and held now become those of A. */
  keepAsA(): Promise<CommandFailure | undefined> {
    return this.#keepAs('a');
  }

  keepAsB(): Promise<CommandFailure | undefined> {
    return this.#keepAs('b');
  }

  /** @param given skips the question */
  chooseOfA(given?: ChooseVotersArguments): Promise<CommandFailure | undefined> {
    return this.#choose('a', given);
  }

  /** @param given skips the question */
  chooseOfB(given?: ChooseVotersArguments): Promise<CommandFailure | undefined> {
    return this.#choose('b', given);
  }

  async #keepAs(side: SideName): Promise<CommandFailure | undefined> {
    const { services, log } = this.options;
    const model = await loadedModel(services.models, log);
    if ('error' in model) return model;
    await this.#set(side, this.#present());
    return undefined;
  }

  async #choose(side: SideName, given?: ChooseVotersArguments): Promise<CommandFailure | undefined> {
    const { services, subjects, log } = this.options;
    const loaded = await loadedModel(services.models, log);
    if ('error' in loaded) return loaded;
    // Numbers of voters are those of the side's own model, once the panel has loaded it.
    const folder = (side === 'b' ? subjects.subject?.folder : null) ?? loaded.folder;
    const { votersPerBit } = subjects.modelB?.folder === folder ? subjects.modelB : loaded;
    const model = { votersPerBit, folder };
    const answer = await (given === undefined ? this.#ask(side, model) : this.#given(side, given, model));
    if (answer === undefined) return undefined;
    if ('error' in answer) return answer;
    await this.#set(side, answer);
    return undefined;
  }

  async #set(side: SideName, voters: ComparedVoters): Promise<void> {
    const { subjects, panel } = this.options;
    await subjects.setVoters(side, voters);
    const what = voters.changes.length === 0 ? 'all voters vote' : changesSentence(voters.changes);
    vscode.window.setStatusBarMessage(`SMUGGLER: ${SIDE_NAMES[side]} of the comparison: ${what}.`, 4_000);
    panel.open();
  }

  /** What is silenced and held now, of the loaded model. */
  #present(): ComparedVoters {
    const { models, voters } = this.options.services;
    return models.state.kind === 'ready' ? comparedVoters(voters.changes, models.state.model.folder) : UNCHANGED;
  }

  /** What a side's voters are now. */
  #now(side: SideName): ComparedVoters {
    return this.options.subjects.subject?.voters[side] ?? UNCHANGED;
  }

  async #given(side: SideName, { voters, open, keep }: ChooseVotersArguments, model: VotersModel): Promise<Answer> {
    if (keep !== undefined) return this.#keep(side, keep);
    if (open === undefined) return votersOf(voters ?? '', model);
    return this.options.sets.all.find(({ name }) => name === open) ?? { error: `No voters are kept as “${open}”.` };
  }

  async #ask(side: SideName, model: VotersModel): Promise<Answer> {
    const { all } = this.options.sets;
    const title = `Voters of ${SIDE_NAMES[side]}`;
    const present = this.#present();
    const now = this.#now(side);
    const items: Choice<() => Promise<Answer> | Answer>[] = [
      { label: 'All Voters Vote', description: 'none is silenced or held', value: () => UNCHANGED },
      {
        label: 'By Number…',
        description: voterForm(model.votersPerBit),
        value: async () => {
          const text = await askForVoters(title, model.votersPerBit, votersText(now));
          return text === undefined ? undefined : votersOf(text, model);
        },
      },
    ];
    if (present.changes.length > 0) {
      const description = `as in the editor: ${changesSentence(present.changes)}`;
      items.push({ label: 'Those Changed Now', description, value: () => present });
    }
    for (const set of all) {
      items.push({ label: set.name, description: `kept: ${changesSentence(set.changes)}`, value: () => set });
    }
    if (now.changes.length > 0) {
      const description = `${changesSentence(now.changes)}, for this workspace`;
      items.push({ label: 'Keep Under a Name…', description, value: () => this.#askForName(side, title) });
    }
    if (all.length > 0) {
      const description = 'that this workspace has under a name';
      items.push({ label: 'Forget Kept Voters…', description, value: () => this.#forget(title) });
    }
    const chosen = await pick(items, title, 'What is silenced or held on this side of the comparison');
    return chosen?.();
  }

  async #askForName(side: SideName, title: string): Promise<Answer> {
    const name = await vscode.window.showInputBox({
      title,
      prompt: 'A name for these voters; they can be chosen by it in this workspace',
      value: this.#now(side).name ?? '',
      validateInput: (text) => (text.trim() === '' ? 'A name is needed.' : undefined),
    });
    return name === undefined ? undefined : this.#keep(side, name);
  }

  async #forget(title: string): Promise<undefined> {
    const { sets } = this.options;
    const items = sets.all.map(({ name, changes }) => ({
      label: name,
      description: changesSentence(changes),
      value: name,
    }));
    const name = await pick(items, title, 'Which voters are forgotten');
    if (name !== undefined) await sets.remove(name);
  }

  /** The side's voters under a name of this workspace. */
  async #keep(side: SideName, text: string): Promise<Answer> {
    const { changes, folder } = this.#now(side);
    const name = text.trim();
    if (name === '') return { error: 'Voters are kept under a name, and none was given.' };
    if (folder === null)
      return { error: `${SIDE_NAMES[side]} has no voter that is silenced or held: there is nothing to keep.` };
    const set = { name, folder, changes };
    await this.options.sets.keep(set);
    return set;
  }
}

/** Voters as a user wrote them; all vote where nothing is written. */
function votersOf(text: string, { votersPerBit, folder }: VotersModel): ComparedVoters | CommandFailure {
  if (text.trim() === '') return UNCHANGED;
  const list = parseVoters(text, votersPerBit);
  return 'error' in list ? list : comparedVoters(list.changes, folder);
}

/** Few enough voters to be edited, as a user would write them. */
function votersText({ changes }: ComparedVoters): string {
  if (changes.length > 64) return '';
  return changes.map(({ bit, voter, vote }) => `${bit}/${voter}${vote === null ? '' : `=${vote}`}`).join(', ');
}
