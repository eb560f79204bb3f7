/** @file The voters that are silenced or held in this session, trained and of the memory: one set for views, status bar and commands. */
import * as vscode from 'vscode';
import { MEMORY_VOTERS } from '../../model/measures/memoryVoters';
import type { VoterChange, VoterPlace } from '../../model/protocol/inspection';
import type { MemoryVoter } from '../../model/protocol/memory';
import { setContext } from '../configuration';
import type { ModelService } from '../modelProcess/modelService';

export class SilencedVoters implements vscode.Disposable {
  /** Bit-major number of the voter → its change. */
  readonly #changes = new Map<number, VoterChange>();
  #list: readonly VoterChange[] = [];
  #memory: readonly MemoryVoter[] = [];
  #revision = 0;
  /** Folder of the model whose voters they are. */
  #folder: string | null = null;
  readonly #didChange = new vscode.EventEmitter<readonly VoterChange[]>();
  readonly #subscription: vscode.Disposable;

  constructor(private readonly models: ModelService) {
    this.#subscription = models.onDidChange(() => {
      this.#followModel();
    });
  }

  /** Fires with all changes that are in force now. */
  readonly onDidChange = this.#didChange.event;

  /** What is in force, by bit and voter; the same array until it changes. */
  get changes(): readonly VoterChange[] {
    return this.#list;
  }

  /** Memory voters that are silenced, in their order; the same array until it changes. */
  get memory(): readonly MemoryVoter[] {
    return this.#memory;
  }

  /** Another number whenever `changes` or `memory` are others: for the keys of what was measured with them. */
  get revision(): number {
    return this.#revision;
  }

  /** Silences voters, or holds them; they must be voters of the loaded model. */
  change(changes: readonly VoterChange[]): void {
    const { state } = this.models;
    if (state.kind !== 'ready' || changes.length === 0) return;
    this.#folder = state.folder;
    for (const change of changes) this.#changes.set(key(change), change);
    this.#update();
  }

  /** Lets voters vote by themselves again. */
  restore(voters: readonly VoterPlace[]): void {
    // Every one is to be deleted, so that none is left out by the first that was there.
    const restored = voters.filter((voter) => this.#changes.delete(key(voter)));
    if (restored.length > 0) this.#update();
  }

  silenceMemory(voters: readonly MemoryVoter[]): void {
    this.#setMemory((voter) => this.#memory.includes(voter) || voters.includes(voter));
  }

  restoreMemory(voters: readonly MemoryVoter[]): void {
    this.#setMemory((voter) => this.#memory.includes(voter) && !voters.includes(voter));
  }

  /** Lets all voters vote by themselves again, those of the memory too. */
  clear(): void {
    this.#setMemory(() => false);
    this.#clearTrained();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#didChange.dispose();
  }

  /** Another model has other voters: what was changed of the one before means nothing in it. */
  #followModel(): void {
    const { state } = this.models;
    if (state.kind !== 'ready' || this.#changes.size === 0) return;
    if (state.folder !== this.#folder) {
      this.#clearTrained();
      return;
    }
    this.restore(this.#list.filter(({ voter }) => voter >= state.model.votersPerBit));
  }

  #clearTrained(): void {
    if (this.#changes.size === 0) return;
    this.#changes.clear();
    this.#update();
  }

  #setMemory(isSilenced: (voter: MemoryVoter) => boolean): void {
    const silenced = MEMORY_VOTERS.filter(isSilenced);
    if (silenced.join() === this.#memory.join()) return;
    this.#memory = silenced;
    this.#tell();
  }

  #update(): void {
    this.#list = [...this.#changes.values()].sort((a, b) => key(a) - key(b));
    this.#tell();
  }

  #tell(): void {
    this.#revision++;
    setContext('smuggler.votersSilenced', this.#list.length + this.#memory.length > 0);
    this.#didChange.fire(this.#list);
  }
}

/** More voters a bit than this has no model. */
const MOST_VOTERS = 2 ** 20;

function key({ bit, voter }: VoterPlace): number {
  return bit * MOST_VOTERS + voter;
}
