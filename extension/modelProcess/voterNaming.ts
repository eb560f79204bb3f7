/** @file What the voters of the loaded model are called: read once for each model, and kept for hover, views and panels. */
import * as vscode from 'vscode';
import { voterNames } from '../../model/measures/voterName';
import type { SetVoterNoteParams, VoterNames, VoterNote, VoterNotes } from '../../model/protocol/voterNotes';
import type { ModelClient } from './modelClient';
import type { ModelService } from './modelService';
import { modelKey } from './modelState';

export class VoterNaming implements vscode.Disposable {
  /** Key of the model that the names are of. */
  #model = '';
  #notes: readonly VoterNote[] = [];
  #names: VoterNames = {};
  readonly #didChange = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;

  constructor(
    private readonly client: ModelClient,
    models: ModelService,
  ) {
    this.#subscription = models.onDidChange((state) => {
      if (state.kind !== 'ready') return;
      const model = modelKey(state.model);
      if (model === this.#model) return;
      this.#model = model;
      this.#take({ notes: [], automatic: [] });
      // Why notes cannot be read is told in the Specialization Map, where they are written.
      this.refresh().catch(() => undefined);
    });
  }

  readonly onDidChange = this.#didChange.event;

  /** By `bit/voter`, as `voterName` reads them; none while they are being read. */
  get names(): VoterNames {
    return this.#names;
  }

  /** The same of the names that the user gave alone. */
  get ownNames(): VoterNames {
    return voterNames({ notes: this.#notes, automatic: [] });
  }

  /** What a user calls the voter and knows of it. */
  noteOf(bit: number, voter: number): Pick<VoterNote, 'name' | 'note'> {
    return this.#notes.find((note) => note.bit === bit && note.voter === voter) ?? { name: '', note: '' };
  }

  /** Reads them again: another program, or statistics that were gathered, can have changed them. @throws as `ModelClient.ask` */
  async refresh(): Promise<void> {
    this.#take(await this.client.ask('voters/notes', {}));
  }

  /** @throws as `ModelClient.ask` */
  async set(note: SetVoterNoteParams): Promise<void> {
    this.#take(await this.client.ask('voters/note', note));
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  #take(known: Pick<VoterNotes, 'notes' | 'automatic'>): void {
    this.#notes = known.notes;
    this.#names = voterNames(known);
    this.#didChange.fire();
  }
}
